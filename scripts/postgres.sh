#!/usr/bin/env bash
# A throw-away PostgreSQL on a free loopback port, for tests, drills and benchmarks. Run it, or source it after cluster.sh.
# shellcheck disable=SC2015

SCRATCH_ROOM_KB=$((8 * 1024 * 1024))
SCRATCH='' SCRATCH_PORT='' SCRATCH_PASSWORD='' SCRATCH_CONNECTION=''

scratch_help() {
    cat <<'HELP'
Usage: scripts/postgres.sh run [--durable] -- command...   runs the command with GUILDHALL_TEST_POSTGRES set, then removes the cluster
       scripts/postgres.sh start [--durable]               leaves it running; prints GUILDHALL_TEST_POSTGRES=... and SCRATCH=...
       scripts/postgres.sh stop FOLDER                     stops and removes it

Without --durable nothing is flushed to disk (fsync off), which only tests may do. --durable is for measurements:
fsync on, shared_buffers 1GB, max_wal_size 4GB. Both allow 300 connections. GUILDHALL_TEST_POSTGRES is the superuser's
connection string; the roles guildhall_owner and guildhall_app are not made here.
HELP
}

# In memory, where there is room and nothing has to be flushed. Else as root beside the other clusters, or in the temporary folder; on the clone's own
# disk when durability is measured.
scratch_base() {
    if [ "$1" = fast ] && [ "$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1)" -ge "$SCRATCH_ROOM_KB" ] 2>/dev/null; then
        printf '/dev/shm\n'
    elif is_root; then
        root_cluster_base
    elif [ "$1" = durable ]; then
        mkdir -p "$STATE/scratch" && printf '%s\n' "$STATE/scratch"
    else
        printf '%s\n' "${TMPDIR:-/tmp}"
    fi
}

# scratch_start [durable|fast] [owner pid]: sets SCRATCH and GUILDHALL_TEST_POSTGRES.
scratch_start() {
    local kind=${1:-fast} owner=${2:-$$} base tries=0
    base=$(scratch_base "$kind")
    sweep_scratch "$base"
    SCRATCH=$(mktemp -d "${base%/}/guildhall-scratch.XXXXXX")
    make_home "$SCRATCH"
    if [ "$owner" != none ]; then
        printf '%s\n' "$owner" >"$SCRATCH/owner"
        process_command "$owner" >"$SCRATCH/owner-command"
    fi
    SCRATCH_PASSWORD=$(random_hex 16)
    init_cluster "$SCRATCH" "$SCRATCH_PASSWORD"
    SCRATCH_PORT=$(free_port)
    until start_scratch "$kind"; do
        tries=$((tries + 1))
        if [ "$tries" -gt 5 ]; then
            tail -n 5 "$SCRATCH/postgres.log" >&2 2>/dev/null || true
            scratch_stop
            fail "the throw-away PostgreSQL did not start (see the lines above)"
        fi
        SCRATCH_PORT=$(free_port)
    done
    SCRATCH_CONNECTION=$(connection "$SCRATCH_PORT" postgres postgres "$SCRATCH_PASSWORD")
    export GUILDHALL_TEST_POSTGRES=$SCRATCH_CONNECTION
}

start_scratch() {
    local settings='max_connections=300 jit=off random_page_cost=1.1'
    if [ "$1" = durable ]; then
        settings="$settings shared_buffers=1GB max_wal_size=4GB"
    else
        settings="$settings shared_buffers=256MB max_wal_size=2GB fsync=off synchronous_commit=off full_page_writes=off"
    fi
    # shellcheck disable=SC2086
    start_cluster "$SCRATCH" "$SCRATCH_PORT" $settings
}

scratch_stop() {
    [ -n "$SCRATCH" ] || return 0
    stop_cluster "$SCRATCH" immediate
    remove_home "$SCRATCH"
    SCRATCH=''
}

# Clusters whose owner was killed before it could remove them.
sweep_scratch() {
    local home
    for home in "${1%/}"/guildhall-scratch.*; do
        [ -f "$home/$MARKER" ] && [ -f "$home/owner" ] && { is_root || [ -O "$home" ]; } || continue
        runs "$(cat "$home/owner")" "$(cat "$home/owner-command" 2>/dev/null || echo unknown)" && continue
        stop_cluster "$home" immediate
        remove_home "$home"
    done
}

scratch_main() {
    local verb=${1:-} kind=fast
    case $verb in
        run | start | stop) shift ;;
        -h | --help) scratch_help && exit 0 ;;
        *) scratch_help >&2 && exit 2 ;;
    esac
    if [ "${1:-}" = --durable ]; then kind=durable && shift; fi
    prepare_state
    need_postgres ''
    case $verb in
        start)
            scratch_start "$kind" none
            say "GUILDHALL_TEST_POSTGRES='$SCRATCH_CONNECTION'"
            say "SCRATCH='$SCRATCH'"
            ;;
        stop)
            SCRATCH=${1:?the folder that start printed}
            [ -f "$SCRATCH/$MARKER" ] || fail "the folder $SCRATCH holds no file $MARKER: nothing was deleted."
            scratch_stop
            ;;
        run)
            if [ "${1:-}" = -- ]; then shift; fi
            on_exit scratch_stop
            scratch_start "$kind"
            "$@"
            ;;
    esac
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
    set -euo pipefail
    here=$(dirname "${BASH_SOURCE[0]}")
    # shellcheck source=scripts/machine.sh
    . "$here/machine.sh"
    # shellcheck source=scripts/tools.sh
    . "$here/tools.sh"
    # shellcheck source=scripts/cluster.sh
    . "$here/cluster.sh"
    scratch_main "$@"
fi

# What two versions of pg_dump would write differently says nothing about the schema.
normalised() {
    sed -E -e '/^\\(un)?restrict /d' -e '/^--$/d' -e '/^-- (Dumped|PostgreSQL database dump|Name: |TOC )/d' \
        -e '/^SET [a-z_]+ = /d' -e '/^SELECT pg_catalog\.set_config/d' | cat -s | sed -e '1{/^$/d;}' -e '${/^$/d;}'
}
