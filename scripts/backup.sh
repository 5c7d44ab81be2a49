# Backup of the database to a file, and restore into a new database that stays held. Sourced by ./db after private.sh.
# shellcheck shell=bash

# Every table of the product with its number of rows, one a line.
COUNT_ROWS="select format('select %L || '' '' || count(*) from %I.%I', schemaname || '.' || tablename, schemaname, tablename) from pg_catalog.pg_tables
where schemaname !~ '^(pg_|information_schema|public)' order by schemaname, tablename"

# The dump and the counts are of one moment: both read the same exported snapshot.
backup() {
    local target=${1:-}
    [ -n "$target" ] || usage_error "say where to: ./db backup FILE, or a folder"
    if [ -d "$target" ]; then target=${target%/}/guildhall-$(date -u +%Y%m%dT%H%M%SZ).dump; fi
    if [ -e "$target" ]; then fail "$target is there already: a backup replaces nothing."; fi
    on_exit finish
    prepare_state
    if has_own_database; then need_postgres ''; fi
    open_database
    owner_environment "$GUILDHALL_DATABASE_OWNER"
    umask 077
    export DUMP_TO=$target.part DUMP_BY=$PG_BIN/pg_dump
    "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 >"$target.counts.part" <<SQL || fail "the database could not be read: nothing was kept."
begin isolation level repeatable read read only;
select pg_export_snapshot() as snapshot \\gset
\\setenv DUMP_OF :snapshot
\\! "\$DUMP_BY" --format=custom --snapshot="\$DUMP_OF" --file="\$DUMP_TO" && touch "\$DUMP_TO.whole"
$COUNT_ROWS \\gexec
commit;
SQL
    if [ ! -f "$target.part.whole" ] || ! "$PG_BIN/pg_restore" --list "$target.part" >/dev/null; then
        rm -f "$target.part" "$target.part.whole" "$target.counts.part"
        fail "the dump was not written whole: nothing was kept."
    fi
    rm -f "$target.part.whole"
    (cd "$(dirname "$target")" && sha256_of "$(basename "$target").part") >"$target.sha256"
    mv "$target.counts.part" "$target.counts"
    mv "$target.part" "$target"
    say "Wrote $target ($(du -h "$target" | cut -f1), $(awk '{ n += $2 } END { print n }' "$target.counts") rows), .counts and .sha256 beside it"
    say "The master key is not in it: keep that elsewhere, or nothing that is sealed can be opened again."
}

sha256_of() { { sha256sum "$1" 2>/dev/null || shasum -a 256 "$1"; } | cut -d' ' -f1; }

# Never over a database that is there with anything in it. What is restored is held until somebody says ./db release.
restore() {
    local file='' name='' build=yes held
    while [ $# -gt 0 ]; do
        case $1 in
            --no-build) build=no ;;
            -*) usage_error "unknown option: $1" ;;
            *) if [ -z "$file" ]; then file=$1; else name=$1; fi ;;
        esac
        shift
    done
    [ -f "$file" ] && [ -f "$file.sha256" ] && [ -f "$file.counts" ] || usage_error "say which: ./db restore FILE [DATABASE], with FILE.sha256 and FILE.counts beside it"
    [ "$(sha256_of "$file")" = "$(cat "$file.sha256")" ] || fail "$file is not what was written: its checksum differs. Nothing was restored."
    name=${name:-guildhall_restored_$(date -u +%Y%m%d%H%M%S)}
    case $name in *[!a-z0-9_]* | [0-9]*) usage_error "a database's name has small letters, digits and _: $name" ;; esac
    on_exit finish
    prepare_state
    need_dotnet
    if [ "$build" = yes ]; then build_product; fi
    if has_own_database; then need_postgres ''; fi
    open_database
    make_database_for_copy "$name"
    point_at "$name"
    owner_environment "$GUILDHALL_DATABASE_OWNER"
    "$PG_BIN/pg_restore" --no-owner --exit-on-error --dbname="$name" "$file" || fail "the copy is not whole; drop the database $name."
    "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 <<<"$COUNT_ROWS \\gexec" | diff -u "$file.counts" - || fail "the copy has other numbers of rows than the original had (see above): do not use it."
    say "Restored into the database $name, with every row that was counted"
    product migrate || fail "the copy was not migrated, for the reason above."
    held="restored from $(basename "$file")"
    product hold "$held" || fail "the copy is not held, for the reason above: start nothing on it."
    product begin-epoch "$held" || fail "the ledger did not begin an epoch, for the reason above."
    product verify || fail "the books of the copy do not hold (see above)."
    say "The copy is proven and held: nothing is sent from it. When it shall take the place of the original: ./db release $name \"why\""
}

release() {
    local name=${1:-} why=${2:-}
    [ -n "$name" ] && [ -n "$why" ] || usage_error "say which and why: ./db release DATABASE \"the original is lost\""
    on_exit finish
    prepare_state
    need_dotnet
    [ -f "$WEB_DLL" ] || build_product
    open_database
    point_at "$name"
    product release "$why"
}

# The server's own role for that makes it, or yours when it may; an empty one that is there is taken.
make_database_for_copy() {
    local here
    if ! has_own_database; then
        ask "$PG_PORT" "$PG_SUPERUSER_PASSWORD" postgres <<<"create database $1 owner guildhall_owner" || fail "the database $1 could not be made."
        return 0
    fi
    owner_environment "$GUILDHALL_DATABASE_OWNER"
    here=$("$PG_BIN/psql" -X -q -A -t <<<"select count(*) from pg_catalog.pg_database where datname = '$1'")
    if [ "$here" = 0 ]; then
        "$PG_BIN/psql" -X -q -v ON_ERROR_STOP=1 <<<"create database $1" || fail "the owner may not make databases: make $1 yourself, empty and owned by that role, and call this again."
    elif [ "$(PGDATABASE=$1 "$PG_BIN/psql" -X -q -A -t <<<"select count(*) from pg_catalog.pg_tables where schemaname !~ '^(pg_|information_schema)'")" != 0 ]; then
        fail "the database $1 is not empty: nothing was touched."
    fi
}

# Both connection strings with another database.
point_at() {
    GUILDHALL_DATABASE=$(with_database "$1" "$GUILDHALL_DATABASE")
    GUILDHALL_DATABASE_OWNER=$(with_database "$1" "$GUILDHALL_DATABASE_OWNER")
    export GUILDHALL_DATABASE GUILDHALL_DATABASE_OWNER
}

with_database() { printf '%s\n' "$2" | sed -E "s/(^|;)[ ]*([Dd]atabase|[Dd][Bb])[ ]*=[^;]*/\1Database=$1/"; }
