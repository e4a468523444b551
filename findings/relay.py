"""A relay between a client and a server, for the findings on what a client does when a connection is lost."""

import socket
import threading


class LosesOneReply:
    """A relay to a server that closes the connection in place of the next reply to a request with `word` in it. So the
    server has run the request, and the client does not know."""

    def __init__(self, port):
        self.port, self.word = int(port), None
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.own_port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.relay, args=(client,), daemon=True).start()

    def relay(self, client):
        with client, socket.create_connection(("127.0.0.1", self.port)) as server:
            while request := client.recv(65536):
                server.sendall(request)
                reply = server.recv(65536)
                if self.word and self.word in request:
                    self.word = None
                    return
                client.sendall(reply)
