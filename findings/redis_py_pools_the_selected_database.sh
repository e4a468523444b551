#!/usr/bin/env bash
# SELECT in a pipeline of redis-py leaves the connection in that database for whichever call takes it from the pool
# next.
#
# One would guess: SELECT in a transaction ends with it, or the pool gives a connection back in the database that it
#   was opened for.
# What happens: the server keeps the selected database after EXEC, and the pool does not look at it: the client's next
#   command, a plain SET without a pipeline, writes to the other database.
# Seen on: redis-py 8.1.0 and valkey-py 6.2.0, against Redis 8.2.3 and Valkey 9.1.2.
. "$(dirname "$0")/lib.sh"

python_packages redis==8.1.0 valkey==6.2.0
for pair in "redis redis-8.2.3" "valkey valkey-9.1.2"; do
    set -- $pair
    start "$2"
    "$python" - "$1" "$2" "$port" <<'EOF'
import importlib, sys
from resp import Connection, done, expect

package, server, port = sys.argv[1:]
library = importlib.import_module(package)
client = getattr(library, package.capitalize())(port=int(port))
raw = Connection(port)
pipe = client.pipeline()
pipe.execute_command("SELECT", 3)
pipe.set("in-the-pipeline", 1)
expect(f"{package} {library.__version__}: the pipeline", pipe.execute(), [True, True])
client.set("after-the-pipeline", 1)
expect(f"{server}: the later key in database 0", raw("EXISTS", "after-the-pipeline"), ":0")
raw("SELECT", "3")
expect(f"{server}: the later key in database 3", raw("EXISTS", "after-the-pipeline"), ":1")
done()
EOF
done
