#!/usr/bin/env bash
# Three database machines, etcd and HAProxy on this one, to be broken on purpose. See --help.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=../../scripts/machine.sh
. scripts/machine.sh
. scripts/tools.sh
. scripts/cluster.sh

help() {
    cat <<'HELP'
Usage: deploy/cluster/try.sh up FOLDER            three members, each with PostgreSQL, Patroni and etcd; HAProxy for the nodes. GUILDHALL_CLUSTER_TTL: instead of 20 s
       deploy/cluster/try.sh web FOLDER PORT PORT HAProxy before two nodes that listen on these ports of 127.0.0.1
       deploy/cluster/try.sh inside FOLDER COMMAND...   runs a command where the nodes are
       deploy/cluster/try.sh state FOLDER         what Patroni says
       deploy/cluster/try.sh kill|start FOLDER MEMBER   SIGKILL of everything on that machine; started again
       deploy/cluster/try.sh freeze|thaw FOLDER MEMBER  SIGSTOP and SIGCONT of its PostgreSQL and Patroni
       deploy/cluster/try.sh slow FOLDER MEMBER         both run a quarter of the time, for 15 s
       deploy/cluster/try.sh cut|join FOLDER MEMBER     its line to etcd and to the other members; clients still reach it
       deploy/cluster/try.sh down FOLDER          ends what up has started and removes the folder

As root each machine is a network namespace with two lines, one to the other members and one to the clients. Where these are refused each is an address
127.0.N.x: then no line can be cut. Linux only. Data, passwords, certificates and logs are in FOLDER.
HELP
}

MEMBERS='pg1 pg2 pg3'
FOLDER='' NET=''

is_split() { [ "$(cat "$FOLDER/mode")" = namespaces ]; }
space() { printf 'guildhall-%s-%s' "$NET" "$1"; }
number() { printf '%s' $((10 + ${1#pg})); }
inner() { if is_split; then printf '10.98.1.%s' "$(number "$1")"; else printf '127.0.%s.%s' "$NET" "$(number "$1")"; fi; }  # for members
outer() { if is_split; then printf '10.98.2.%s' "$(number "$1")"; else inner "$1"; fi; } # for clients

# run_in <machine> <command>...: becomes the command, as the user who may run PostgreSQL.
run_in() {
    local machine=$1
    local -a how=()
    shift
    if is_split; then how+=(ip netns exec "$(space "$machine")"); fi
    if is_root && [ "$machine" != app ]; then how+=(setpriv --reuid=postgres --regid=postgres --clear-groups --); fi
    if [ "$machine" != app ]; then
        cd "$FOLDER"
        export HOME=$FOLDER LC_ALL=C
    fi
    exec "${how[@]}" "$@"
}

# begin <machine> <name> <command>...: in the background, in a session of its own; its id is kept.
begin() {
    local machine=$1 name=$2
    shift 2
    (run_in "$machine" setsid "$@") >>"$FOLDER/logs/$name.log" 2>&1 </dev/null &
    printf '%s\n' $! >"$FOLDER/pids/$name"
    disown
}

# Runs a quarter of the time, for 15 s.
slow() {
    local pids _
    pids=$(processes "$1" patroni)
    for _ in $(seq 75); do
        # shellcheck disable=SC2086
        kill -STOP $pids 2>/dev/null || true
        sleep 0.15
        # shellcheck disable=SC2086
        kill -CONT $pids 2>/dev/null || true
        sleep 0.05
    done
}

# Everything that runs on a member: what was begun, and PostgreSQL by the folder it works in.
processes() {
    local pid name
    for name in ${2:-etcd patroni}; do
        pid=$(cat "$FOLDER/pids/$1-$name" 2>/dev/null || true)
        if runs "$pid" "$name"; then printf '%s\n' "$pid"; fi
    done
    for pid in /proc/[0-9]*; do
        if [ "$(readlink "$pid/cwd" 2>/dev/null)" = "$FOLDER/$1/data" ]; then printf '%s\n' "${pid#/proc/}"; fi
    done
}

signal() {
    local pid sent=$1 which=${3:-etcd patroni}
    for pid in $(processes "$2" "$which"); do kill "-$sent" "$pid" 2>/dev/null || true; done
}

make_networks() {
    local member
    if is_root && has ip && ip netns add "$(space app)" 2>/dev/null; then
        printf 'namespaces\n' >"$FOLDER/mode"
    else
        printf 'loopback\n' >"$FOLDER/mode"
        say "Network namespaces are refused here: the machines are addresses 127.0.$NET.x, and no line between them can be cut."
        return 0
    fi
    ip -n "$(space app)" link set lo up
    for net in 1 2; do
        ip -n "$(space app)" link add "net$net" type bridge
        ip -n "$(space app)" link set "net$net" up
    done
    ip -n "$(space app)" address add 10.98.2.1/24 dev net2
    for member in $MEMBERS; do
        ip netns add "$(space "$member")"
        ip -n "$(space "$member")" link set lo up
        for net in 1 2; do
            ip -n "$(space app)" link add "$member-$net" type veth peer name "eth$net" netns "$(space "$member")"
            ip -n "$(space app)" link set "$member-$net" master "net$net" up
            ip -n "$(space "$member")" address add "10.98.$net.$(number "$member")/24" dev "eth$net"
            ip -n "$(space "$member")" link set "eth$net" up
        done
    done
}

# One authority, one certificate for all: the name that nodes use, and the members' addresses.
make_certificates() {
    local names=IP:127.0.0.1,DNS:localhost member
    for member in $MEMBERS; do names=$names,IP:$(inner "$member"),IP:$(outer "$member"); done
    if ! is_split; then names=$names,IP:127.0.$NET.1; fi
    (
        cd "$FOLDER"
        openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=guildhall-trial -keyout ca.key -out ca.crt
        openssl req -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=guildhall-db -keyout server.key -out server.csr
        printf 'subjectAltName=%s\n' "$names" >server.ext
        openssl x509 -req -in server.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 2 -extfile server.ext -out server.crt
        chmod 600 ca.key server.key
    ) >>"$FOLDER/logs/openssl.log" 2>&1
}

# The settings of one member: the names of member.env.example, with values of this trial.
member_env() {
    local member=$1 in out all='' peers='' one listen=0.0.0.0
    in=$(inner "$member") out=$(outer "$member")
    for one in $MEMBERS; do all="$all,'$(inner "$one"):2379'" peers="$peers,$one=http://$(inner "$one"):2380"; done
    if ! is_split; then listen=$in; fi
    cat <<ENV
PATRONI_NAME=$member
PATRONI_RESTAPI_LISTEN=$listen:8008
PATRONI_RESTAPI_CONNECT_ADDRESS=$in:8008
PATRONI_RESTAPI_USERNAME=patroni
PATRONI_RESTAPI_PASSWORD=$(cat "$FOLDER/password")
PATRONI_ETCD_HOSTS=${all#,}
PATRONI_POSTGRESQL_LISTEN=$listen:5432
PATRONI_POSTGRESQL_CONNECT_ADDRESS=$in:5432
PATRONI_POSTGRESQL_DATA_DIR=$FOLDER/$member/data
PATRONI_POSTGRESQL_BIN_DIR=$PG_BIN
PATRONI_POSTGRESQL_PGPASS=$FOLDER/$member/pgpass
ETCD_NAME=$member
ETCD_DATA_DIR=$FOLDER/$member/etcd
ETCD_LISTEN_CLIENT_URLS=http://$in:2379
ETCD_ADVERTISE_CLIENT_URLS=http://$in:2379
ETCD_LISTEN_PEER_URLS=http://$in:2380
ETCD_INITIAL_ADVERTISE_PEER_URLS=http://$in:2380
ETCD_INITIAL_CLUSTER=${peers#,}
ETCD_INITIAL_CLUSTER_TOKEN=guildhall
ETCD_INITIAL_CLUSTER_STATE=new
ETCD_ENABLE_V2=true
ETCD_HEARTBEAT_INTERVAL=100
ETCD_ELECTION_TIMEOUT=1000
ETCD_AUTO_COMPACTION_MODE=periodic
ETCD_AUTO_COMPACTION_RETENTION=1h
ENV
    for one in SUPERUSER=postgres REPLICATION=replicator REWIND=rewinder; do
        printf 'PATRONI_%s_USERNAME=%s\nPATRONI_%s_PASSWORD=%s\nPATRONI_%s_SSLMODE=verify-ca\nPATRONI_%s_SSLROOTCERT=%s\n' \
            "${one%=*}" "${one#*=}" "${one%=*}" "$(cat "$FOLDER/password")" "${one%=*}" "${one%=*}" "$FOLDER/$member/ca.crt"
    done
}

start_member() {
    local member=$1
    local -a settings
    mapfile -t settings <"$FOLDER/$member/env"
    begin "$member" "$member-etcd" env "${settings[@]}" etcd --log-level=warn
    begin "$member" "$member-patroni" env "${settings[@]}" patroni "$FOLDER/$member/patroni.yml"
}

make_member() {
    local member=$1 file
    mkdir -p "$FOLDER/$member"
    chmod 700 "$FOLDER/$member"
    member_env "$member" >"$FOLDER/$member/env"
    sed "s|/etc/guildhall-cluster|$FOLDER/$member|" deploy/cluster/patroni.yml >"$FOLDER/$member/patroni.yml"
    if [ -n "${GUILDHALL_CLUSTER_TTL:-}" ]; then
        sed -i -e "s/ttl: .*/ttl: $GUILDHALL_CLUSTER_TTL/" -e "s/loop_wait: .*/loop_wait: 2/" -e "s/retry_timeout: .*/retry_timeout: 3/" "$FOLDER/$member/patroni.yml"
    fi
    for file in server.crt server.key ca.crt; do install -m 600 "$FOLDER/$file" "$FOLDER/$member/$file"; done
    if is_root; then chown -R postgres "$FOLDER/$member"; fi
}

proxy() {
    local name=$1
    shift
    begin app "$name" env "$@" haproxy -db -f "$ROOT/deploy/cluster/$name.cfg"
}

state() {
    local member=${1:-pg1}
    local -a settings
    mapfile -t settings <"$FOLDER/$member/env"
    (run_in "$member" env "${settings[@]}" patronictl -c "$FOLDER/$member/patroni.yml" list)
}

# Asked of the REST interface by bash itself; prints the body.
rest() {
    (run_in app bash -c "exec 3<>/dev/tcp/$(outer "$1")/8008 && printf 'GET $2 HTTP/1.0\r\n\r\n' >&3 && timeout 3 cat <&3") 2>/dev/null || true
}

wait_until_whole() {
    local tries=0 body=''
    until body=$(rest pg1 /cluster) && [ "$(grep -o '"state": "\(running\|streaming\)"' <<<"$body" | wc -l)" = 3 ] && grep -q sync_standby <<<"$body"; do
        tries=$((tries + 1))
        [ $tries -lt 300 ] || { grep -hE "FATAL|ERROR|Error" "$FOLDER"/logs/*-patroni.log | tail -n 5 >&2; fail "the cluster did not come up within a minute"; }
        sleep 0.2
    done
}

up() {
    local member
    mkdir -p "$FOLDER/logs" "$FOLDER/pids"
    printf '%s\n' "$ROOT" >"$FOLDER/$MARKER"
    NET=$((RANDOM % 200 + 20))
    while ip netns list 2>/dev/null | grep -q "^guildhall-$NET-"; do NET=$((RANDOM % 200 + 20)); done
    printf '%s\n' "$NET" >"$FOLDER/net"
    random_hex 16 >"$FOLDER/password"
    chmod 755 "$FOLDER"
    make_networks
    make_certificates
    chmod 600 "$FOLDER/password"
    for member in $MEMBERS; do
        make_member "$member"
        start_member "$member"
    done
    local bind=127.0.0.1
    if ! is_split; then bind=127.0.$NET.1; fi
    printf 'Host=%s;Port=5000;Username=postgres;Password=%s;Ssl Mode=VerifyFull;Root Certificate=%s\n' "$bind" "$(cat "$FOLDER/password")" "$FOLDER/ca.crt" >"$FOLDER/connection"
    for member in $MEMBERS; do printf '%s=%s\n' "$member" "$(outer "$member")"; done >"$FOLDER/members"
    proxy haproxy-postgres PG_BIND="$bind:5000" PG1="$(outer pg1)" PG2="$(outer pg2)" PG3="$(outer pg3)"
    wait_until_whole
}

web() {
    local port=8080
    if ! is_split; then port=$(free_port); fi
    proxy haproxy-web WEB_BIND="127.0.0.1:$port" NODE1="127.0.0.1:$1" NODE2="127.0.0.1:$2"
    printf 'http://127.0.0.1:%s\n' "$port" >"$FOLDER/address"
}

line() {
    is_split || fail "no line can be cut without network namespaces"
    if [ "$2" = cut ]; then ip -n "$(space app)" link set "$1-1" nomaster; else ip -n "$(space app)" link set "$1-1" master net1; fi
}

down() {
    local member name pid
    for member in $MEMBERS; do signal CONT "$member" && signal KILL "$member"; done
    for name in haproxy-postgres haproxy-web; do
        pid=$(cat "$FOLDER/pids/$name" 2>/dev/null || true)
        if runs "$pid" haproxy; then kill -KILL "$pid"; fi
    done
    if [ -f "$FOLDER/mode" ] && is_split; then
        for member in app $MEMBERS; do
            for pid in $(ip netns pids "$(space "$member")" 2>/dev/null); do kill -KILL "$pid" 2>/dev/null || true; done
            ip netns delete "$(space "$member")" 2>/dev/null || true
        done
    fi
    remove_home "$FOLDER"
}

main() {
    local verb=${1:-}
    case $verb in
        up | web | inside | state | kill | start | freeze | thaw | slow | cut | join | down) FOLDER=${2:?a folder} && shift 2 ;;
        -h | --help) help && exit 0 ;;
        *) help >&2 && exit 2 ;;
    esac
    if [ "$verb" != up ]; then
        [ -f "$FOLDER/$MARKER" ] || fail "the folder $FOLDER holds no file $MARKER"
        NET=$(cat "$FOLDER/net" 2>/dev/null || true)
    fi
    case $verb in
        up) prepare_state && need_postgres 15 && need_patroni && up ;;
        web) web "$@" ;;
        inside) run_in app "$@" ;;
        state) state "$@" ;;
        kill) signal KILL "$1" ;;
        start) start_member "$1" ;;
        freeze) signal STOP "$1" patroni ;;
        thaw) signal CONT "$1" patroni ;;
        slow) slow "$1" ;;
        cut | join) line "$1" "$verb" ;;
        down) down ;;
    esac
}

main "$@"
