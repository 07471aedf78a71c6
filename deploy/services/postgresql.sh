# PostgreSQL for tests and benchmarks: its own cluster, own port, loopback only, never the machine's cluster.

find_postgres() {
    local candidate
    PG_BIN=""
    for candidate in $(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -rV); do
        [ -x "$candidate/initdb" ] && PG_BIN="$candidate" && return 0
    done
    candidate="$(command -v initdb || true)"
    [ -n "$candidate" ] && PG_BIN="$(dirname "$candidate")"
    [ -n "$PG_BIN" ]
}

postgres_ready() { "$PG_BIN/pg_isready" -q -h 127.0.0.1 -p "$1"; }

create_cluster() {
    say "making a PostgreSQL cluster in $PG_DIR"
    as_service mkdir -p "$PG_DIR"
    as_service chmod 700 "$PG_DIR"
    local password
    password="$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')"
    as_service sh -c "umask 077; printf '%s\n' '$password' > '$PG_DIR/password'"
    as_service "$PG_BIN/initdb" --pgdata="$PG_DIR/data" --username=belges --pwfile="$PG_DIR/password" \
        --auth=scram-sha-256 --encoding=UTF8 --locale=C.UTF-8 --no-sync > "$SERVICES_HOME/initdb.log" 2>&1 || fail "initdb failed, see $SERVICES_HOME/initdb.log"
    # Test data may be lost with the power: no fsync, so that the suite is not bound by the disk.
    as_service sh -c "cat >> '$PG_DIR/data/postgresql.conf'" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 120
shared_buffers = 256MB
timezone = 'UTC'
log_timezone = 'UTC'
CONF
}

make_database() {
    local exists
    exists="$(PGPASSWORD="$PG_PASSWORD" "$PG_BIN/psql" -h 127.0.0.1 -p "$PG_PORT" -U belges -d postgres -Atc \
        "SELECT 1 FROM pg_database WHERE datname = 'belges'")"
    [ "$exists" = "1" ] && return 0
    say "making the database belges"
    PGPASSWORD="$PG_PASSWORD" "$PG_BIN/createdb" -h 127.0.0.1 -p "$PG_PORT" -U belges belges
}

start_postgres() {
    find_postgres || { install_packages "PostgreSQL" postgresql; find_postgres || fail "initdb not found after the installation"; }
    [ -f "$PG_DIR/data/PG_VERSION" ] || create_cluster
    if alive "$PG_DIR/data/postmaster.pid" && PG_PORT="$(cat "$PG_DIR/port")" && postgres_ready "$PG_PORT"; then
        say "PostgreSQL already runs on port $PG_PORT"
    else
        PG_PORT="$(free_port "${SERVICES_PG_PORT:-55432}")"
        say "starting PostgreSQL on port $PG_PORT"
        as_service sh -c "printf '%s' '$PG_PORT' > '$PG_DIR/port'"
        as_service "$PG_BIN/pg_ctl" --pgdata="$PG_DIR/data" --log="$PG_DIR/log" --options="-p $PG_PORT" --wait --timeout=60 --silent start >&2 \
            || fail "PostgreSQL did not start, see $PG_DIR/log"
        wait_until 30 postgres_ready "$PG_PORT" || fail "PostgreSQL does not answer, see $PG_DIR/log"
    fi
    PG_PASSWORD="$(cat "$PG_DIR/password")"
    make_database
    DATABASE_URL="postgres://belges:$PG_PASSWORD@127.0.0.1:$PG_PORT/belges"
}

stop_postgres() {
    if ! alive "$PG_DIR/data/postmaster.pid"; then
        say "PostgreSQL does not run"
        return 0
    fi
    find_postgres || fail "pg_ctl not found"
    say "stopping PostgreSQL"
    as_service "$PG_BIN/pg_ctl" --pgdata="$PG_DIR/data" --mode=fast --wait --silent stop >&2
}
