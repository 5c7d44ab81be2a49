# A PostgreSQL cluster in a folder of its own: made, started, asked and stopped. Sourced after machine.sh and tools.sh.
# A cluster home holds the marker, data/, postgres.log and, once the roles exist, the file ready.
# PostgreSQL refuses root, so as root every command runs as the user postgres, who must be able to enter the home.
# shellcheck shell=bash

as_postgres() {
    (
        cd /
        # A cluster's own locale is in its configuration; on macOS an unset one stops the server from starting.
        export LC_ALL=C
        if ! is_root; then
            exec "$@"
        elif has runuser; then
            exec runuser -u postgres -- "$@"
        else
            exec sudo -u postgres -- "$@"
        fi
    )
}

# Where a cluster may live when root runs it: that user cannot enter a private clone.
root_cluster_base() {
    id postgres >/dev/null 2>&1 || fail "PostgreSQL refuses to run as root, and there is no user postgres to run it as: run this as a normal user."
    if [ -d /var/lib/postgresql ]; then
        printf '/var/lib/postgresql\n'
    else
        mkdir -p /var/lib/guildhall
        chmod 755 /var/lib/guildhall
        printf '/var/lib/guildhall\n'
    fi
}

# make_home <folder>: an empty cluster home, readable by nobody else.
make_home() {
    mkdir -p "$1"
    printf '%s\n' "$ROOT" >"$1/$MARKER"
    chmod 700 "$1"
    if is_root; then chown -R postgres "$1"; fi
}

# remove_home <folder>: deletes only a folder that carries the marker.
remove_home() {
    [ -f "$1/$MARKER" ] || fail "the folder $1 holds no file $MARKER, so it is not Guildhall's to delete: nothing was deleted."
    rm -rf "$1"
}

# init_cluster <home> <superuser password>: a crash in the middle leaves data.new, which the next attempt replaces.
init_cluster() {
    local home=$1 log=$LOGS/initdb.log
    [ -f "$home/data/PG_VERSION" ] && return 0
    rm -rf "$home/data.new" "$home/data"
    (umask 077 && printf '%s' "$2" >"$home/password")
    if is_root; then chown postgres "$home/password"; fi
    as_postgres "$PG_BIN/initdb" -D "$home/data.new" -U postgres --pwfile="$home/password" --auth=scram-sha-256 --data-checksums \
        --encoding=UTF8 --lc-collate=C --lc-ctype="$(utf8_ctype)" --lc-messages=C --lc-monetary=C --lc-numeric=C --lc-time=C \
        --no-instructions >"$log" 2>&1 </dev/null || {
        tail -n 5 "$log" >&2
        fail "the private PostgreSQL could not be created (log: $log)"
    }
    rm -f "$home/password"
    mv "$home/data.new" "$home/data"
}

utf8_ctype() {
    local name
    for name in C.UTF-8 C.utf8 en_US.UTF-8; do
        if locale -a 2>/dev/null | grep -qx "$name"; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    printf 'C\n'
}

# The postmaster of this home, or nothing. A postmaster.pid left by a crash may carry the id of a stranger's process.
postmaster() {
    local pid=''
    if [ -f "$1/data/postmaster.pid" ]; then pid=$(head -n 1 "$1/data/postmaster.pid" 2>/dev/null || true); fi
    if runs "$pid" "$1/data"; then printf '%s\n' "$pid"; fi
}

# start_cluster <home> <port> [name=value]...: fails when the port was taken meanwhile; the caller tries another.
start_cluster() {
    local home=$1 port=$2 settings='' word
    shift 2
    for word in "$@"; do settings="$settings -c $word"; done
    if [ -f "$home/data/postmaster.pid" ] && [ -z "$(postmaster "$home")" ]; then rm -f "$home/data/postmaster.pid"; fi
    as_postgres "$PG_BIN/pg_ctl" start -s -w -t 60 -D "$home/data" -l "$home/postgres.log" \
        -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c timezone=UTC -c log_timezone=UTC$settings" \
        </dev/null >/dev/null 2>&1
}

# stop_cluster <home> [fast|immediate]
stop_cluster() {
    [ -n "$(postmaster "$1")" ] || return 0
    as_postgres "$PG_BIN/pg_ctl" stop -s -w -t 60 -m "${2:-fast}" -D "$1/data" </dev/null >/dev/null 2>&1 || true
}

# ask <port> <superuser password> <database>: runs the SQL on standard input.
ask() {
    PGPASSWORD=$2 PGOPTIONS='' "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$1" -U postgres -d "$3"
}

# The two roles of the product: the owner makes the schema, the app's role may only use it.
create_roles() {
    ask "$1" "$2" postgres <<SQL
create role guildhall_owner login password '$3';
create role guildhall_app login password '$4';
SQL
}

connection() {
    printf 'Host=127.0.0.1;Port=%s;Database=%s;Username=%s;Password=%s\n' "$1" "$2" "$3" "$4"
}
