# Elasticsearch for tests and benchmarks: a real server (the distribution that its makers publish for integration
# tests) with our stand-in for the language analysis module, see deploy/elasticsearch-test/README.md.

java_major() { "$1/bin/java" -version 2>&1 | sed -nE '1s/.*version "([0-9]+).*/\1/p'; }

# find_java LEAST : the oldest JDK on this machine that is new enough (the server is tested least on the newest).
find_java() {
    local least="$1" home major best=""
    JAVA_DIR=""
    for home in ${JAVA_HOME:-} /usr/lib/jvm/*; do
        [ -x "$home/bin/javac" ] || continue
        major="$(java_major "$home")"
        [ -n "$major" ] && [ "$major" -ge "$least" ] || continue
        if [ -z "$best" ] || [ "$major" -lt "$best" ]; then
            best="$major"
            JAVA_DIR="$home"
        fi
    done
    JAVA_MAJOR="$best"
    [ -n "$JAVA_DIR" ]
}

need_java() {
    local least=17
    [ "${ES_VERSION%%.*}" -ge 9 ] && least=21
    find_java "$least" && return 0
    [ "$least" -gt 17 ] && { say "Elasticsearch $ES_VERSION needs a JDK >= $least and this machine has none"; exit 3; }
    install_packages "Elasticsearch" openjdk-17-jdk-headless
    find_java "$least" || fail "no JDK >= $least found after the installation"
}

es_get() { curl -sf --max-time 5 --noproxy '*' "http://127.0.0.1:$1$2"; }

es_ready() { es_get "$1" "/_cluster/health?wait_for_status=yellow&timeout=1s" | grep -q '"timed_out":false'; }

download_server() {
    local zip="$ES_DIR/elasticsearch-$ES_VERSION.zip"
    [ -f "$ES_DIR/$ES_VERSION/.complete" ] && return 0
    command -v mvn >/dev/null || install_packages "download of Elasticsearch" maven
    say "fetching the Elasticsearch $ES_VERSION server with maven (107 MB, once)"
    local fetched="$SERVICES_HOME/download"
    mkdir -p "$fetched"
    mvn -B -q dependency:copy -Dartifact="org.elasticsearch.distribution.integ-test-zip:elasticsearch:$ES_VERSION:zip" \
        -DoutputDirectory="$fetched" -Dtransitive=false > "$SERVICES_HOME/maven.log" 2>&1 \
        || fail "maven could not fetch Elasticsearch $ES_VERSION, see $SERVICES_HOME/maven.log"
    rm -rf "$ES_DIR/$ES_VERSION" "$ES_DIR/elasticsearch-$ES_VERSION"
    (cd "$ES_DIR" && "$JAVA_DIR/bin/jar" xf "$fetched/elasticsearch-$ES_VERSION.zip" && mv "elasticsearch-$ES_VERSION" "$ES_VERSION")
    rm -rf "$fetched" "$zip"
    chmod 755 "$ES_DIR/$ES_VERSION"/bin/*
    touch "$ES_DIR/$ES_VERSION/.complete"
}

# Rebuilt when our source, the server or the JDK changed: the stamp names all three.
install_plugin() {
    local source="$PROJECT/deploy/elasticsearch-test" server="$ES_DIR/$ES_VERSION" stamp
    stamp="$ES_VERSION java-$JAVA_MAJOR $(cat "$source"/src/*.java "$source"/plugin-descriptor.properties | cksum)"
    [ "$(cat "$server/.plugin" 2>/dev/null)" = "$stamp" ] && return 0
    say "compiling the analysis plugin against Elasticsearch $ES_VERSION with Java $JAVA_MAJOR"
    local target="$server/plugins/analysis-common-test" classes
    classes="$(mktemp -d)"
    rm -rf "$target"
    mkdir -p "$target"
    "$JAVA_DIR/bin/javac" -nowarn -proc:none -d "$classes" -cp "$server/lib/*" "$source"/src/*.java >&2 || fail "the plugin does not compile"
    "$JAVA_DIR/bin/jar" cf "$target/analysis-common-test.jar" -C "$classes" .
    sed -e "s/@ES_VERSION@/$ES_VERSION/" -e "s/@JAVA_VERSION@/$JAVA_MAJOR/" "$source/plugin-descriptor.properties" \
        > "$target/plugin-descriptor.properties"
    rm -rf "$classes"
    printf '%s' "$stamp" > "$server/.plugin"
    PLUGIN_CHANGED=1
}

write_config() {
    local conf="$ES_DIR/$ES_VERSION/config"
    cat > "$conf/elasticsearch.yml" <<CONF
cluster.name: belges-test
node.name: belges-test-1
discovery.type: single-node
network.host: 127.0.0.1
http.port: $ES_PORT
transport.port: $ES_TRANSPORT_PORT
path.data: $ES_DIR/$ES_VERSION/data
path.logs: $ES_DIR/$ES_VERSION/logs
xpack.security.enabled: false
cluster.routing.allocation.disk.threshold_enabled: false
CONF
    if is_root; then chown -R "$SERVICE_USER:$SERVICE_USER" "$ES_DIR/$ES_VERSION"; fi
}

launch_server() {
    ES_PORT="$(free_port "${SERVICES_ES_PORT:-59200}")"
    ES_TRANSPORT_PORT="$(free_port $((ES_PORT + 100)))"
    write_config
    say "starting Elasticsearch $ES_VERSION on port $ES_PORT"
    (as_service env -u JAVA_HOME ES_JAVA_HOME="$JAVA_DIR" ES_JAVA_OPTS="-Xms512m -Xmx512m" ES_PATH_CONF="$ES_DIR/$ES_VERSION/config" \
        bash "$ES_DIR/$ES_VERSION/bin/elasticsearch" -d -p "$ES_DIR/pid" > "$ES_DIR/start.log" 2>&1 < /dev/null) \
        || fail "Elasticsearch did not start, see $ES_DIR/start.log"
    wait_until 120 es_ready "$ES_PORT" || fail "Elasticsearch does not answer, see $ES_DIR/$ES_VERSION/logs"
    printf '%s %s\n' "$ES_PORT" "$ES_VERSION" > "$ES_DIR/running"
}

start_elasticsearch() {
    command -v curl >/dev/null || install_packages "asking Elasticsearch whether it is ready" curl
    need_java
    mkdir -p "$ES_DIR"
    if is_root; then chown "$SERVICE_USER:$SERVICE_USER" "$ES_DIR"; fi
    download_server
    PLUGIN_CHANGED=0
    install_plugin
    local running_version=""
    if alive "$ES_DIR/pid" && [ -s "$ES_DIR/running" ]; then read -r ES_PORT running_version < "$ES_DIR/running"; fi
    if [ "$running_version" = "$ES_VERSION" ] && [ "$PLUGIN_CHANGED" = 0 ] && es_ready "$ES_PORT"; then
        say "Elasticsearch $ES_VERSION already runs on port $ES_PORT"
    else
        alive "$ES_DIR/pid" && stop_elasticsearch
        launch_server
    fi
    ELASTICSEARCH_URL="http://127.0.0.1:$ES_PORT"
}

stop_elasticsearch() {
    if ! alive "$ES_DIR/pid"; then
        say "Elasticsearch does not run"
        return 0
    fi
    local pid
    pid="$(pid_of "$ES_DIR/pid")"
    say "stopping Elasticsearch"
    kill "$pid"
    wait_until 60 sh -c "! kill -0 $pid" || { say "Elasticsearch did not stop in a minute, ending it"; kill -9 "$pid"; }
    rm -f "$ES_DIR/pid" "$ES_DIR/running"
}
