# The private database of this checkout, its secrets and the lock that keeps two starts apart. Sourced after cluster.sh.
# shellcheck shell=bash

PRIVATE=$STATE/pgdata
LOCK=$STATE/lock
HOLDS_LOCK=no
STARTED_DATABASE=no

# A database given by the caller replaces the private one; decided once, before the private one's strings are exported.
GIVEN_DATABASE=${GUILDHALL_DATABASE:-}${GUILDHALL_DATABASE_OWNER:-}
has_own_database() { [ -n "$GIVEN_DATABASE" ]; }
check_given_database() {
    if [ -z "${GUILDHALL_DATABASE:-}" ] || [ -z "${GUILDHALL_DATABASE_OWNER:-}" ]; then
        fail "with a database of your own, set both GUILDHALL_DATABASE (the app's role) and GUILDHALL_DATABASE_OWNER (the owner)."
    fi
}

# flock is not on macOS: a folder is made by one process only, and a dead holder gives it up.
lock_holder() {
    local pid=''
    pid=$(cat "$LOCK/pid" 2>/dev/null || true)
    if runs "$pid" "$(cat "$LOCK/command" 2>/dev/null || true)"; then printf '%s\n' "$pid"; fi
}

take_lock() {
    local waited=no holder
    until mkdir "$LOCK" 2>/dev/null; do
        holder=$(lock_holder)
        if [ -n "$holder" ]; then
            fail "Guildhall already runs from this folder (process $holder, ./run or ./db): stop that one first, with Ctrl-C or: kill $holder"
        fi
        if [ ! -f "$LOCK/command" ] && [ "$waited" = no ]; then
            waited=yes
            sleep 1
            continue
        fi
        mv "$LOCK" "$LOCK.stale.$$" 2>/dev/null && rm -rf "$LOCK.stale.$$"
    done
    HOLDS_LOCK=yes
    { printf '%s\n' $$ >"$LOCK/pid" && process_command $$ >"$LOCK/command"; } 2>/dev/null ||
        fail "nothing can be written to $STATE: is the disk full?"
}

release_lock() {
    if [ "$HOLDS_LOCK" = yes ]; then rm -rf "$LOCK"; fi
    HOLDS_LOCK=no
}

# Secrets are made once; the rest of the file tells a curious reader how to reach the same database.
load_env() {
    if [ ! -f "$STATE/env" ]; then
        PG_SUPERUSER_PASSWORD=$(random_hex 24) PG_OWNER_PASSWORD=$(random_hex 24) PG_APP_PASSWORD=$(random_hex 24)
        PG_PORT='' PRIVATE_MASTER_KEY=$(random_base64 32)
        save_env
    fi
    # shellcheck source=/dev/null
    . "$STATE/env"
}

save_env() {
    (
        umask 077
        {
            say "# Made by ./run. Secrets of the demo on this machine; ./run --reset makes new ones."
            say "PG_PORT='$PG_PORT'"
            say "PG_SUPERUSER_PASSWORD='$PG_SUPERUSER_PASSWORD'"
            say "PG_OWNER_PASSWORD='$PG_OWNER_PASSWORD'"
            say "PG_APP_PASSWORD='$PG_APP_PASSWORD'"
            say "PRIVATE_MASTER_KEY='$PRIVATE_MASTER_KEY'"
        } >"$STATE/env.new"
        mv "$STATE/env.new" "$STATE/env"
    )
}

private_home() {
    if [ -L "$PRIVATE" ]; then (cd "$PRIVATE" 2>/dev/null && pwd -P) || true; elif [ -d "$PRIVATE" ]; then printf '%s\n' "$PRIVATE"; fi
}

make_private_home() {
    local home hash
    home=$(private_home)
    [ -z "$home" ] || [ ! -f "$home/$MARKER" ] || return 0
    if ! is_root; then
        make_home "$PRIVATE"
        return 0
    fi
    hash=$(printf '%s' "$ROOT" | cksum | cut -d' ' -f1)
    home=$(root_cluster_base)/guildhall-$hash
    # Left over from a deleted clone at this very path: its passwords and keys are gone with that clone.
    if [ -d "$home" ]; then
        stop_cluster "$home" immediate
        remove_home "$home"
    fi
    make_home "$home"
    ln -sfn "$home" "$PRIVATE"
    ln -sfn "$home/postgres.log" "$LOGS/postgres.log"
}

check_private_home() {
    local home major=''
    home=$(private_home)
    if [ -n "$home" ] && [ -d "$home" ]; then
        if ! is_root && [ ! -O "$home" ]; then
            fail "the data folder $home belongs to $(owner_of "$home"), and you are $(id -un): run this as root, or empty the data as root with ./run --reset"
        fi
        major=$(cat "$home/data/PG_VERSION" 2>/dev/null || true)
    fi
    need_postgres "$major"
}

# A demo's settings; fsync stays on, because the data is kept.
start_private_database() {
    local home tries=0
    check_private_home
    make_private_home
    home=$(private_home)
    if [ -f "$home/ready" ] && [ -z "${PG_PORT:-}" ]; then
        fail "the passwords of the data in $home are missing from .guildhall/env: restore that file, or empty the data with ./run --reset"
    fi
    init_cluster "$home" "$PG_SUPERUSER_PASSWORD"
    stop_cluster "$home"
    until { [ -n "$PG_PORT" ] && ! port_taken "$PG_PORT" && start_cluster "$home" "$PG_PORT" max_connections=200 shared_buffers=128MB \
        max_wal_size=1GB random_page_cost=1.1 jit=off wal_compression=on idle_in_transaction_session_timeout=60s \
        log_parameter_max_length_on_error=0; }; do
        tries=$((tries + 1))
        if [ "$tries" -gt 5 ]; then
            tail -n 5 "$home/postgres.log" >&2 2>/dev/null || true
            fail "the private PostgreSQL did not start (log: .guildhall/logs/postgres.log)"
        fi
        PG_PORT=$(free_port)
        save_env
    done
    STARTED_DATABASE=yes
    if [ ! -f "$home/ready" ]; then make_private_database "$home"; fi
}

# Roles and database in two steps that a crash between them does not spoil.
make_private_database() {
    local found
    found=$(ask "$PG_PORT" "$PG_SUPERUSER_PASSWORD" postgres <<<"select count(*) from pg_catalog.pg_roles where rolname = 'guildhall_app'")
    if [ "$found" = 0 ]; then create_roles "$PG_PORT" "$PG_SUPERUSER_PASSWORD" "$PG_OWNER_PASSWORD" "$PG_APP_PASSWORD"; fi
    found=$(ask "$PG_PORT" "$PG_SUPERUSER_PASSWORD" postgres <<<"select count(*) from pg_catalog.pg_database where datname = 'guildhall'")
    if [ "$found" = 0 ]; then
        ask "$PG_PORT" "$PG_SUPERUSER_PASSWORD" postgres <<<"create database guildhall owner guildhall_owner"
    fi
    : >"$1/ready"
}

stop_private_database() {
    [ "$STARTED_DATABASE" = yes ] || return 0
    stop_cluster "$(private_home)"
    STARTED_DATABASE=no
}

# What `guildhall` reads, for the given public port and sandbox port.
product_environment() {
    if has_own_database; then
        check_given_database
    else
        GUILDHALL_DATABASE=$(connection "$PG_PORT" guildhall guildhall_app "$PG_APP_PASSWORD")
        GUILDHALL_DATABASE_OWNER=$(connection "$PG_PORT" guildhall guildhall_owner "$PG_OWNER_PASSWORD")
    fi
    export GUILDHALL_DATABASE GUILDHALL_DATABASE_OWNER
    export GUILDHALL_MODE=sandbox GUILDHALL_NODE=${GUILDHALL_NODE:-local} GUILDHALL_MASTER_KEY=${GUILDHALL_MASTER_KEY:-$PRIVATE_MASTER_KEY}
    export GUILDHALL_URL=http://localhost:$1 GUILDHALL_LISTEN=http://localhost:$1
    export GUILDHALL_STRIPE_API=http://127.0.0.1:$2 GUILDHALL_STRIPE_KEY=sk_test_guildhall
    export GUILDHALL_STRIPE_WEBHOOK_SECRET=whsec_guildhall_sandbox
    export GUILDHALL_PAYPAL_API=http://127.0.0.1:$2 GUILDHALL_PAYPAL_CLIENT_ID=guildhall_sandbox_paypal
    export GUILDHALL_PAYPAL_SECRET=guildhall_sandbox_paypal_secret GUILDHALL_PAYPAL_WEBHOOK_ID=WHGUILDHALLSANDBOX GUILDHALL_PAYPAL_PAYOUTS=true
    export GUILDHALL_SMTP=smtp://127.0.0.1:$(($2 + 1)) GUILDHALL_MAIL_FROM=${GUILDHALL_MAIL_FROM:-guildhall@example.test}
    # Set up and not used, so that the mail server goes on: GUILDHALL_MAIL_SENDERS=sendgrid,smtp ./run
    export GUILDHALL_SENDGRID_API=http://127.0.0.1:$2 GUILDHALL_SENDGRID_KEY=SG.guildhall_sandbox GUILDHALL_MAIL_SENDERS=${GUILDHALL_MAIL_SENDERS:-smtp}
    export GUILDHALL_SENDGRID_WEBHOOK_KEY=MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE4clmowimPTLzjrjZvLTgCI3wtrWH3tuu4KW2veRt8AIdiS/Wt0Tv1s/9efhX/kh3TnDZehc0Tl7FcTHFInFCyQ==
    export GUILDHALL_TWILIO_API=http://127.0.0.1:$2 GUILDHALL_TWILIO_SID=AC00000000000000000000000000000000
    export GUILDHALL_TWILIO_TOKEN=guildhall_sandbox_twilio_token GUILDHALL_SMS_FROM=+15005550006
    # Set up and not used, until the setting messaging.whatsapp_texts names a text.
    export GUILDHALL_WHATSAPP_FROM=+14155238886
    GUILDHALL_WHATSAPP_CONTENTS=$(n=0; for text in phone_code sign_in_code second_step_code phone_taken_off phone_put_on; do for language in en ar; do n=$((n + 1)); printf '%s.%s=HX%032d,' "$text" "$language" "$n"; done; done)
    export GUILDHALL_WHATSAPP_CONTENTS
    export GUILDHALL_KNET_API=http://127.0.0.1:$2 GUILDHALL_KNET_TRANPORTAL_ID=901001 GUILDHALL_KNET_TRANPORTAL_PASSWORD=knetsandbox
    export GUILDHALL_KNET_RESOURCE_KEY=KnetSandboxKey16 GUILDHALL_KNET_REFUNDS=on
    export GUILDHALL_MYFATOORAH_API=http://127.0.0.1:$2 GUILDHALL_MYFATOORAH_TOKEN=guildhall_sandbox_myfatoorah_token
    export GUILDHALL_MYFATOORAH_WEBHOOK_SECRET=guildhall_sandbox_myfatoorah_secret GUILDHALL_MYFATOORAH_CURRENCY=KWD
    export GUILDHALL_SANDBOX_URL=http://127.0.0.1:$2 GUILDHALL_FILES=${GUILDHALL_FILES:-$STATE/files}
    export GUILDHALL_MPESA_API=http://127.0.0.1:$2 GUILDHALL_MPESA_KEY=guildhall_sandbox_mpesa_key GUILDHALL_MPESA_SECRET=guildhall_sandbox_mpesa_secret
    export GUILDHALL_MPESA_SHORT_CODE=174379 GUILDHALL_MPESA_PASSKEY=bfb279f9aa9bdbcf158e97dd71a467cd2e0c893059b10f78e6b72ada1ed2c919
    # The sandbox makes its certificate at its first start; until the next one nothing can be reversed or paid out.
    if [ -f "$STATE/sandbox/mpesa-certificate.pem" ]; then
        export GUILDHALL_MPESA_INITIATOR=testapi GUILDHALL_MPESA_INITIATOR_PASSWORD=guildhall_sandbox_initiator
        export GUILDHALL_MPESA_CERTIFICATE=$STATE/sandbox/mpesa-certificate.pem GUILDHALL_MPESA_PAYOUT_SHORT_CODE=600996 GUILDHALL_MPESA_NOT_FOUND=R000002
    fi
    # Likewise the key file of the service account for push messages.
    if [ -f "$STATE/sandbox/firebase-account.json" ]; then
        export GUILDHALL_FIREBASE_API=http://127.0.0.1:$2 GUILDHALL_FIREBASE_ACCOUNT_FILE=$STATE/sandbox/firebase-account.json
    fi
    export GUILDHALL_GOOGLE_ROUTES_API=http://127.0.0.1:$2 GUILDHALL_GOOGLE_ROUTES_KEY=guildhall_sandbox_google_key GUILDHALL_OSRM_API=http://127.0.0.1:$2
    export GUILDHALL_OPENWEATHER_API=http://127.0.0.1:$2 GUILDHALL_OPENWEATHER_KEY=guildhall_sandbox_openweather_key
    export GUILDHALL_ELEVENLABS_API=http://127.0.0.1:$2 GUILDHALL_ELEVENLABS_KEY=guildhall_sandbox_elevenlabs_key GUILDHALL_ELEVENLABS_VOICE=sandboxVoiceEn GUILDHALL_ELEVENLABS_VOICE_AR=sandboxVoiceAr
    export GUILDHALL_PAYTM_API=http://127.0.0.1:$2 GUILDHALL_PAYTM_MID=GUILDH00000000000001 GUILDHALL_PAYTM_KEY=guildhallSandbox GUILDHALL_PAYTM_WEBSITE=WEBSTAGING
    if ! has_own_database; then export GUILDHALL_LEDGER_CHECKPOINTS=${GUILDHALL_LEDGER_CHECKPOINTS:-$STATE/ledger-checkpoints}; fi
}

# What `guildhall-sandbox` reads.
sandbox_environment() {
    export SANDBOX_LISTEN=http://127.0.0.1:$2 SANDBOX_SMTP=127.0.0.1:$(($2 + 1)) SANDBOX_DATA=$STATE/sandbox
    export SANDBOX_STRIPE_KEY=sk_test_guildhall SANDBOX_STRIPE_WEBHOOK_URL=http://localhost:$1/api/v1/webhooks/stripe
    export SANDBOX_STRIPE_WEBHOOK_SECRET=whsec_guildhall_sandbox SANDBOX_PAYPAL_WEBHOOK_URL=http://localhost:$1/api/v1/webhooks/paypal
    export SANDBOX_SES_WEBHOOK_URL=http://localhost:$1/api/v1/webhooks/ses
    export SANDBOX_SENDGRID_WEBHOOK_URL=http://localhost:$1/api/v1/webhooks/sendgrid
}

# product <command>...: one command of the built program, in its own folder, so that it finds its static files.
product() { (cd "$ROOT/src/Guildhall.Web" && exec "$DOTNET" "$WEB_DLL" "$@"); }

# What the last success did with this build and this database is not done again.
migrate_and_seed() {
    local built
    built=$(cat "$STATE/built" 2>/dev/null || true)
    if ! has_own_database && [ -n "$built" ] && [ "$(cat "$STATE/seeded" 2>/dev/null || true)" = "$built" ]; then return 0; fi
    say "Migrating the database"
    product migrate >>"$LOGS/migrate.log" || fail "the database was not migrated, for the reason above.$(has_own_database || printf ' To start with an empty one: ./run --reset')"
    say "Seeding the demo marketplace"
    product seed >>"$LOGS/seed.log" || fail "the demo marketplace was not seeded, for the reason above (log: .guildhall/logs/seed.log)."
    if ! has_own_database; then printf '%s\n' "$built" >"$STATE/seeded"; fi
}

# Empties everything this checkout keeps, except builds and logs. The caller holds the lock.
reset_state() {
    local home
    [ -f "$STATE/$MARKER" ] || fail "the folder $STATE holds no file $MARKER, so it is not Guildhall's to empty: nothing was deleted."
    home=$(private_home)
    if [ -n "$home" ]; then
        if ! is_root && [ ! -O "$home" ]; then fail "the data folder $home belongs to $(owner_of "$home"): run ./run --reset as root."; fi
        [ -f "$home/$MARKER" ] || fail "the folder $home holds no file $MARKER, so it is not Guildhall's to delete: nothing was deleted."
        if [ -n "$(postmaster "$home")" ]; then
            find_postgres "$(cat "$home/data/PG_VERSION")" || fail "the private PostgreSQL still runs and its programs were not found: nothing was deleted."
            stop_cluster "$home" immediate
        fi
        remove_home "$home"
    fi
    if [ -L "$PRIVATE" ]; then rm -f "$PRIVATE"; fi
    rm -rf "$STATE/sandbox" "$STATE/files"
    rm -f "$STATE/env" "$STATE/seeded" "$STATE/ledger-checkpoints" "$LOGS/postgres.log"
}
