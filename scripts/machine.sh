# Words, paths, processes and ports that every script at the root shares. Sourced, never run. Works in bash 3.2.
# shellcheck shell=bash disable=SC2034,SC2012

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
STATE=$ROOT/.guildhall
LOGS=$STATE/logs
CONFIGURATION=Release
WEB_DLL=$ROOT/src/Guildhall.Web/bin/$CONFIGURATION/net10.0/guildhall.dll
SANDBOX_DLL=$ROOT/src/Guildhall.Sandbox/bin/$CONFIGURATION/net10.0/guildhall-sandbox.dll
MARKER=made-by-guildhall

export HOME=${HOME:-$STATE/home}
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_GENERATE_ASPNET_CERTIFICATE=false
export DOTNET_CLI_WORKLOAD_UPDATE_NOTIFY_DISABLE=true DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
# No build node outlives the script that started it.
export MSBUILDDISABLENODEREUSE=1

BOLD='' DIM='' RED='' PLAIN=''
if [ -t 1 ] && [ -z "${NO_COLOR:-}" ] && [ -z "${CI:-}" ]; then
    BOLD=$'\033[1m' DIM=$'\033[2m' RED=$'\033[31m' PLAIN=$'\033[0m'
fi

say() { printf '%s\n' "$*"; }
fail() { printf '%s\n' "${RED}guildhall: $*${PLAIN}" >&2; exit 1; }
usage_error() { printf '%s\n' "guildhall: $1" "Try: ./${0##*/} --help" >&2; exit 2; }

# on_exit <function>: whatever ends the script, it stops its build and then calls the function, once, with the exit code.
BUILD_PID=''
on_exit() {
    # shellcheck disable=SC2064
    trap "leave $1" EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    trap 'exit 129' HUP
}

leave() {
    local code=$?
    set +e
    trap '' INT TERM HUP
    trap - EXIT
    # A closed terminal must not end the clean-up at its first message.
    if [ "$code" = 129 ]; then exec >/dev/null 2>&1; fi
    if [ -n "$BUILD_PID" ]; then kill -TERM -- "-$BUILD_PID" 2>/dev/null; fi
    "$1" "$code"
    exit "$code"
}

is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# What a process runs, or nothing when it is gone (a zombie counts as gone). A slim container has /proc but no ps.
process_command() {
    if [ -d /proc/self ]; then
        { tr '\0' ' ' <"/proc/$1/cmdline"; } 2>/dev/null || true
    else
        ps -p "$1" -o command= 2>/dev/null || true
    fi
}

# True while the process $1 lives and its command line contains $2: a process id alone may have been given to a stranger.
runs() {
    local command
    [ -n "$1" ] || return 1
    command=$(process_command "$1")
    [ -n "$command" ] || return 1
    case $command in *"$2"*) return 0 ;; *) return 1 ;; esac
}

# Asks the process to end, waits up to $3 seconds (10), then insists. Only a process that still runs $2 is touched.
end_process() {
    local pid=$1 command=$2 left=$((${3:-10} * 10))
    runs "$pid" "$command" || return 0
    kill -TERM "$pid" 2>/dev/null || return 0
    while runs "$pid" "$command"; do
        if [ "$left" -le 0 ]; then
            kill -KILL "$pid" 2>/dev/null || true
            return 0
        fi
        left=$((left - 1))
        sleep 0.1
    done
}

port_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null || (exec 3<>"/dev/tcp/::1/$1") 2>/dev/null
}

# A port nobody listens on, below the range the system hands out by itself.
free_port() {
    local port tries=0
    while [ "$tries" -lt 200 ]; do
        port=$((15000 + RANDOM % 17000))
        if ! port_taken "$port"; then
            printf '%s\n' "$port"
            return 0
        fi
        tries=$((tries + 1))
    done
    fail "no free port was found between 15000 and 32000"
}

# The HTTP status of GET http://127.0.0.1:$1$2, or 000. Plain bash, so that no machine needs curl for it.
http_status() {
    local line=''
    line=$( (
        exec 3<>"/dev/tcp/127.0.0.1/$1"
        printf 'GET %s HTTP/1.1\r\nHost: localhost:%s\r\nConnection: close\r\n\r\n' "$2" "$1" >&3
        IFS= read -r -t 5 line <&3 && printf '%s' "$line"
    ) 2>/dev/null) || true
    case $line in
        HTTP/1.?\ [1-5][0-9][0-9]*) line=${line#* } && printf '%s\n' "${line%%[!0-9]*}" ;;
        *) printf '000\n' ;;
    esac
}

random_hex() { od -An -v -tx1 -N"$1" /dev/urandom | tr -d ' \n'; }
random_base64() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
owner_of() { ls -ld "$1/." | awk '{print $3}'; }

# .guildhall/: everything this checkout makes. The marker is what a later --reset looks for before it deletes anything.
prepare_state() {
    local probe
    if [ -d "$STATE" ] && [ ! -O "$STATE" ]; then
        fail "the folder $STATE belongs to $(owner_of "$STATE"), and you are $(id -un): run this as $(owner_of "$STATE"), or in a clone of your own."
    fi
    if [ -d "$STATE" ] && [ ! -f "$STATE/$MARKER" ] && [ -n "$(ls -A "$STATE")" ]; then
        fail "the folder $STATE was not made by Guildhall (it holds no file $MARKER): move it away first."
    fi
    mkdir -p "$STATE" 2>/dev/null || fail "the folder $ROOT cannot be written by $(id -un): use a clone of your own."
    chmod 700 "$STATE"
    probe=$(ls -ld "$STATE")
    case $probe in
        drwx------*) ;;
        *) fail "the folder $ROOT is on a disk without Unix permissions, which PostgreSQL refuses: move the clone to a Linux folder such as ~/guildhall." ;;
    esac
    printf '%s\n' "$ROOT" >"$STATE/$MARKER"
    mkdir -p "$LOGS" "$STATE/pids"
}
