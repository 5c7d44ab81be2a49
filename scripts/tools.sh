# Finds the .NET SDK, PostgreSQL and Chromium, and installs what the system's package manager may install. Sourced.
# shellcheck shell=bash disable=SC2034,SC2012,SC2015

POSTGRES_MINIMUM=15
DOTNET='' PG_BIN='' PG_MAJOR='' CHROMIUM=''

privileged() { if is_root; then "$@"; else sudo -n "$@"; fi; }
may_install() { has apt-get && { is_root || { has sudo && sudo -n true 2>/dev/null; }; }; }

# apt_install <word for the log> <package>...: quiet, never asks, keeps the machine's own configuration files.
apt_install() {
    local what=$1 log=$LOGS/install.log
    shift
    say "Installing $what with apt-get (log: .guildhall/logs/install.log)"
    { privileged apt-get update -q && privileged env DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1 \
        apt-get install -y -q --no-install-recommends -o Dpkg::Options::=--force-confold "$@"; } >>"$log" 2>&1 </dev/null && return 0
    tail -n 5 "$log" >&2
    return 1
}

dotnet_candidates() {
    printf '%s\n' "${DOTNET_ROOT:-}" "$(dirname "$(command -v dotnet 2>/dev/null || echo /nowhere/dotnet)")" "$HOME/.dotnet" \
        /usr/share/dotnet /usr/local/share/dotnet /usr/lib/dotnet /opt/homebrew/opt/dotnet/libexec /usr/local/opt/dotnet/libexec
}

need_dotnet() {
    local folder
    while IFS= read -r folder; do
        [ -n "$folder" ] && [ -x "$folder/dotnet" ] || continue
        if "$folder/dotnet" --list-sdks 2>/dev/null | grep -q '^10\.'; then
            DOTNET=$folder/dotnet
            return 0
        fi
    done <<CANDIDATES
$(dotnet_candidates)
CANDIDATES
    fail "the .NET 10 SDK was not found. Install it with: curl -fsSL https://dot.net/v1/dotnet-install.sh | bash -s -- --channel 10.0"
}

postgres_candidates() {
    local found
    for found in initdb postgres; do
        found=$(command -v "$found" 2>/dev/null) && dirname "$found"
    done
    if has pg_config; then pg_config --bindir 2>/dev/null || true; fi
    # Highest version first: a two-digit glob sorts by name.
    ls -d /usr/lib/postgresql/[0-9][0-9]/bin /usr/pgsql-[0-9][0-9]/bin /opt/homebrew/opt/postgresql@[0-9][0-9]/bin \
        /usr/local/opt/postgresql@[0-9][0-9]/bin 2>/dev/null | sort -r || true
    printf '%s\n' /opt/homebrew/bin /usr/local/bin /usr/local/pgsql/bin
}

# find_postgres [major]: sets PG_BIN to a folder that holds the whole set, of that major version when one is asked for.
find_postgres() {
    local folder program major complete
    while IFS= read -r folder; do
        complete=yes
        for program in initdb pg_ctl postgres psql pg_dump; do
            [ -x "$folder/$program" ] || complete=no
        done
        [ "$complete" = yes ] || continue
        major=$("$folder/postgres" --version 2>/dev/null | sed -n 's/^postgres (PostgreSQL) \([0-9]*\).*/\1/p')
        [ -n "$major" ] && [ "$major" -ge "$POSTGRES_MINIMUM" ] || continue
        [ -z "${1:-}" ] || [ "$major" = "$1" ] || continue
        PG_BIN=$folder PG_MAJOR=$major
        return 0
    done <<CANDIDATES
$(postgres_candidates)
CANDIDATES
    return 1
}

postgres_command() {
    if has apt-get; then
        say "sudo apt-get update && sudo apt-get install -y --no-install-recommends postgresql"
    elif has dnf; then
        say "sudo dnf install -y postgresql-server"
    elif has pacman; then
        say "sudo pacman -S postgresql"
    elif has brew; then
        say "brew install postgresql@17"
    else
        say "the package manager of your system, or see https://www.postgresql.org/download/"
    fi
}

# Debian's package would create and start a cluster of its own: the setting that forbids it exists only during the install.
install_postgres() {
    local folder=/etc/postgresql-common/createcluster.d result=0
    local setting=$folder/guildhall-install.conf
    privileged mkdir -p "$folder"
    printf 'create_main_cluster = false\n' | privileged tee "$setting" >/dev/null
    apt_install PostgreSQL postgresql || result=1
    privileged rm -f "$setting"
    return $result
}

need_postgres() {
    find_postgres "${1:-}" && return 0
    if [ -n "${1:-}" ]; then
        fail "the data in .guildhall was made by PostgreSQL $1, which was not found: install PostgreSQL $1, or empty the data with ./run --reset"
    fi
    if may_install; then
        install_postgres || fail "PostgreSQL could not be installed; install it with: $(postgres_command)"
        find_postgres && return 0
        fail "the package manager's PostgreSQL is older than $POSTGRES_MINIMUM: install a newer one, see https://www.postgresql.org/download/"
    fi
    fail "PostgreSQL $POSTGRES_MINIMUM or newer was not found. Install it with: $(postgres_command)"
}

# What draws PDF files: Python with Pango and cairo. The product starts without it; invoices are numbered and their files wait.
want_pdf() {
    has ldconfig && [ -x /usr/bin/python3 ] && ldconfig -p | grep -q libpangocairo-1.0 && return 0
    if may_install; then apt_install "the PDF renderer" python3 libpangocairo-1.0-0 && return 0; fi
    say "PDF files of invoices will wait: the renderer needs $(pdf_command)"
}

# What makes pictures without place and thumbnails. The product starts without it; pictures wait.
want_pictures() {
    has vipsthumbnail && return 0
    if may_install; then apt_install "the maker of thumbnails" libvips-tools && return 0; fi
    say "Pictures that people put in will wait: thumbnails need libvips (sudo apt-get install -y libvips-tools)"
}

need_pictures() {
    want_pictures
    has vipsthumbnail && has vips || fail "the tests need vips and vipsthumbnail. Install them with: sudo apt-get install -y libvips-tools"
}

# The tests read those files with tools of their own.
need_pdf() {
    want_pdf
    has pdftotext && return 0
    if may_install; then apt_install "a reader of PDF files" poppler-utils || true; fi
    has pdftotext || fail "the tests need pdftotext. Install it with: $(pdf_command)"
}

# The tests ask programs of other people that run on it (tests/peers).
need_node() {
    has node && has npm && return 0
    if may_install; then apt_install "Node.js" nodejs npm || true; fi
    has node && has npm || fail "the tests need Node.js 20 or newer with npm. Install it with the package manager of your system: nodejs npm"
}

# A security module in software, which the tests let wrap signing keys.
need_softhsm() {
    local library
    for library in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do [ -f "$library" ] && return 0; done
    if may_install; then apt_install "a software security module" softhsm2 || true; fi
    for library in /usr/lib/softhsm/libsofthsm2.so /usr/lib/*/softhsm/libsofthsm2.so; do [ -f "$library" ] && return 0; done
    fail "the tests need SoftHSM. Install it with: sudo apt-get install -y softhsm2"
}

# The tests let it read the figures and try the alert rules.
need_prometheus() {
    has prometheus && has promtool && return 0
    if may_install; then install_quietly Prometheus prometheus || true; fi
    has prometheus && has promtool || fail "the tests need Prometheus with promtool. Install it with: sudo apt-get install -y --no-install-recommends prometheus"
}

# Debian's packages would start servers of their own: nothing may start while they are installed.
# install_quietly <word for the log> <package>...
install_quietly() {
    local policy=/usr/sbin/policy-rc.d made=no result=0
    if [ ! -e $policy ]; then
        printf '#!/bin/sh\nexit 101\n' | privileged tee $policy >/dev/null && privileged chmod 755 $policy && made=yes
    fi
    apt_install "$@" || result=1
    if [ $made = yes ]; then privileged rm -f $policy; fi
    return $result
}

# The drill of the cluster.
need_patroni() {
    local program missing=''
    for program in patroni etcd haproxy ip openssl setpriv; do has "$program" || missing="$missing $program"; done
    [ -n "$missing" ] || return 0
    if may_install; then install_quietly "Patroni, etcd and HAProxy" patroni python3-etcd etcd-server haproxy iproute2 openssl util-linux || true; fi
    for program in patroni etcd haproxy ip openssl setpriv; do
        has "$program" || fail "$program was not found. Install it with: sudo apt-get install -y --no-install-recommends patroni python3-etcd etcd-server haproxy iproute2 openssl"
    done
}

# The drill of the restore, and whoever follows docs/backup.md.
need_pgbackrest() {
    has pgbackrest && return 0
    if may_install; then apt_install pgBackRest pgbackrest || true; fi
    has pgbackrest || fail "pgBackRest was not found. Install it with: sudo apt-get install -y pgbackrest"
}

# ./bench loads with wrk and compares with a program of Node.js.
need_bench() {
    has wrk || { may_install && apt_install "a load generator" wrk; } || true
    has wrk || fail "./bench needs wrk. Install it with: sudo apt-get install -y wrk"
    has node && has npm || { may_install && apt_install "Node.js" nodejs npm; } || true
    has node && has npm || fail "./bench needs Node.js 20 and npm. Install them with the package manager of your system."
}

pdf_command() {
    if has apt-get; then
        say "sudo apt-get install -y python3 libpangocairo-1.0-0 poppler-utils"
    else
        say "Python 3, Pango with cairo, and poppler from the package manager of your system"
    fi
}

find_chromium() {
    local program
    for program in "${GUILDHALL_TEST_CHROMIUM:-}" chromium google-chrome google-chrome-stable chromium-browser \
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" /Applications/Chromium.app/Contents/MacOS/Chromium; do
        [ -n "$program" ] || continue
        CHROMIUM=$(command -v "$program" 2>/dev/null) && return 0
    done
    return 1
}

# Screenshots hold Arabic text; without a font of its script they would show boxes.
need_chromium() {
    local missing=''
    find_chromium || missing=chromium
    if has dpkg && ! dpkg -s fonts-noto-core >/dev/null 2>&1; then missing="$missing fonts-noto-core"; fi
    [ -n "$missing" ] || return 0
    # shellcheck disable=SC2086
    if may_install; then apt_install "$missing" $missing || true; fi
    find_chromium || fail "the browser tests need Chromium. Install it with: $(chromium_command)"
}

chromium_command() {
    if has apt-get; then
        say "sudo apt-get install -y chromium fonts-noto-core"
    elif has brew; then
        say "brew install --cask google-chrome"
    else
        say "the package manager of your system, then set GUILDHALL_TEST_CHROMIUM to its path"
    fi
}
