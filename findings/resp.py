"""A client for the findings: it shows replies as text in the form of the protocol, so that nothing is read into them.

`+` is a status, `-` an error, `:` an integer, `,` a double, `#` a boolean, quotes a bulk string, `null` any null, `[ ]`
an array, `{ }` a map, `~[ ]` a set, `>[ ]` a push, and `EOF` the end of the connection.
"""

import socket
import sys
import time


class Connection:
    """A connection that speaks RESP3, or RESP2 with `protocol=2`. A call sends a command and returns its reply."""

    def __init__(self, port, protocol=3, timeout=10):
        self.socket = socket.create_connection(("127.0.0.1", int(port)), timeout)
        self.bytes = self.socket.makefile("rb")
        if protocol == 3:
            self("HELLO", "3")

    def __call__(self, *words):
        self.send(*words)
        return self.read()

    def send(self, *words):
        self.send_all(words)

    def send_all(self, *commands):
        """Sends commands in one write. Their replies are to be read."""
        parts = []
        for words in commands:
            words = [str(word).encode() for word in words]
            parts += [b"*%d\r\n" % len(words)] + [b"$%d\r\n%s\r\n" % (len(word), word) for word in words]
        self.socket.sendall(b"".join(parts))

    def transaction(self, *commands):
        """Queues the commands between MULTI and EXEC; returns what was replied to each, and to EXEC at the end."""
        return [self(*command) for command in [("MULTI",), *commands, ("EXEC",)]]

    def silent(self, seconds=0.3):
        """Whether nothing arrives for a time."""
        self.socket.settimeout(seconds)
        try:
            self.socket.recv(1, socket.MSG_PEEK)
            return False
        except TimeoutError:
            return True
        finally:
            self.socket.settimeout(10)

    def line(self):
        line = b""
        while not line.endswith(b"\r\n"):
            part = self.bytes.readline()
            if not part:
                return ""
            line += part
        return line[:-2].decode()

    def read(self):
        """One reply as text."""
        line = self.line()
        sign, rest = line[:1], line[1:]
        if not sign:
            return "EOF"
        if sign in "+-:,#(":
            return line
        if sign == "_" or rest == "-1":
            return "null"
        if sign in "$=":
            return '"' + self.bytes.read(int(rest) + 2)[:-2].decode() + '"'
        if sign == "%":
            return "{" + ", ".join(f"{self.read()}: {self.read()}" for _ in range(int(rest))) + "}"
        if sign in "*~>":
            inside = "[" + ", ".join(self.read() for _ in range(int(rest))) + "]"
            return inside if sign == "*" else sign + inside
        raise ValueError(f"no reply begins with {line!r}")


failed = False


def expect(what, seen, expected):
    """Prints what was seen; the script fails at its end if it is not what was expected."""
    global failed
    print(f"{what}: {seen}")
    if seen != expected:
        print(f"    CHANGED: expected {expected}")
        failed = True


def done():
    sys.exit(1 if failed else 0)


def until(condition, seconds=30):
    """Waits until a condition holds."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit("CHANGED: what was waited for did not happen")
        time.sleep(0.02)


def answers(port):
    try:
        return Connection(port, protocol=2)("PING") == "+PONG"
    except OSError:
        return False


def cluster(*ports):
    """Joins nodes to a cluster: each owns an equal share of the slots. Returns their IDs."""
    nodes = [Connection(port) for port in ports]
    share = 16384 // len(ports)
    for at, node in enumerate(nodes):
        last = 16383 if at == len(ports) - 1 else (at + 1) * share - 1
        node("CLUSTER", "ADDSLOTS", *range(at * share, last + 1))
        node("CLUSTER", "MEET", "127.0.0.1", ports[0])
    for node in nodes:
        until(lambda: "cluster_state:ok" in node("CLUSTER", "INFO"))
        until(lambda: node("CLUSTER", "NODES").count(" connected ") == len(ports))
    return [node("CLUSTER", "MYID").strip('"') for node in nodes]


if __name__ == "__main__":
    until(lambda: answers(sys.argv[1]))
