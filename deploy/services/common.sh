# Shared by start and stop: where things live, how a step is told, how an unprivileged command is run.
# Everything that these scripts write lies in $DATA_DIR/services (default var/services), which git ignores.

set -euo pipefail

HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
PROJECT="$(cd "$HERE/../.." && pwd)"
ES_VERSION="${ES_VERSION:-8.19.21}"
SERVICE_USER="belges-services"

say() { printf 'services: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

is_root() { [ "$(id -u)" -eq 0 ]; }

# Both servers refuse to run as root, so root runs them as a system user of their own; anybody else runs them as himself.
as_service() {
    if is_root; then
        (cd "$SERVICES_DIR" && exec setpriv --reuid="$SERVICE_USER" --regid="$SERVICE_USER" --clear-groups env HOME="$SERVICES_DIR" "$@")
    else
        "$@"
    fi
}

ensure_service_user() {
    is_root || return 0
    id "$SERVICE_USER" >/dev/null 2>&1 && return 0
    say "adding the system user $SERVICE_USER (neither server runs as root)"
    useradd --system --user-group --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin "$SERVICE_USER"
}

# A checkout below a private folder (mode 0700) can't be entered by that user; then the servers live in the temporary folder instead.
locate_services_dir() {
    local data_dir="${DATA_DIR:-var}"
    case "$data_dir" in /*) ;; *) data_dir="$PROJECT/$data_dir" ;; esac
    SERVICES_HOME="$data_dir/services"
    SERVICES_DIR="$SERVICES_HOME"
    if is_root && id "$SERVICE_USER" >/dev/null 2>&1; then
        mkdir -p "$SERVICES_HOME"
        if ! setpriv --reuid="$SERVICE_USER" --regid="$SERVICE_USER" --clear-groups test -x "$SERVICES_HOME"; then
            SERVICES_DIR="${TMPDIR:-/tmp}/$SERVICE_USER-$(printf '%s' "$SERVICES_HOME" | cksum | cut -d' ' -f1)"
        fi
    fi
    ENV_FILE="$SERVICES_HOME/env"
    PG_DIR="$SERVICES_DIR/postgresql"
    ES_DIR="$SERVICES_DIR/elasticsearch"
}

make_services_dir() {
    mkdir -p "$SERVICES_HOME" "$SERVICES_DIR"
    [ "$SERVICES_DIR" = "$SERVICES_HOME" ] || say "$SERVICES_HOME can't be entered by $SERVICE_USER; the servers live in $SERVICES_DIR"
    if is_root; then chown "$SERVICE_USER:$SERVICE_USER" "$SERVICES_DIR"; fi
}

# install_packages PURPOSE PACKAGE… : with apt, when root; otherwise says what a person has to install.
install_packages() {
    local purpose="$1"
    shift
    if ! is_root || ! command -v apt-get >/dev/null; then
        fail "$purpose needs these packages (Debian's names), please install them: $*"
    fi
    say "installing $* ($purpose)"
    apt-get update -qq >&2
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

port_is_free() { ! (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# free_port WANTED : the first free loopback port from WANTED on.
free_port() {
    local port="$1"
    until port_is_free "$port"; do
        port=$((port + 1))
        [ "$port" -lt $(($1 + 200)) ] || fail "no free port from $1 on"
    done
    printf '%s' "$port"
}

# wait_until SECONDS COMMAND… : polls twice a second.
wait_until() {
    local tries=$(($1 * 2))
    shift
    while ! "$@" >/dev/null 2>&1; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || return 1
        sleep 0.5
    done
}

pid_of() { [ -s "$1" ] && head -n 1 "$1"; }

alive() {
    local pid
    pid="$(pid_of "$1")" && kill -0 "$pid" 2>/dev/null
}
