#!/usr/bin/env bash
# Compile the connectors of this folder against the installed Flink into one jar, and print its path.
#
#   bench/flink/build.sh       needs scripts/engines/flink.sh install, and javac (openjdk-17-jdk-headless)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
home="${WEIR_ENGINES_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/weir-engines}/flink"
dist="$home/dist-${WEIR_FLINK_VERSION:-2.3.0}"
jar="$home/weir-bench.jar"
if [ ! -e "$jar" ] || [ -n "$(find "$here" -newer "$jar" -name '*.*')" ]; then
    classes=$(mktemp -d)
    trap 'rm -rf "$classes"' EXIT
    javac --release 17 -nowarn -cp "$(printf '%s:' "$dist"/lib/*.jar)" -d "$classes" "$here"/*.java
    mkdir -p "$classes/META-INF/services"
    printf '%s\n' weir.bench.CountSinkFactory weir.bench.NexmarkSourceFactory >"$classes/META-INF/services/org.apache.flink.table.factories.Factory"
    python3 - "$classes" "$jar.part" <<'PY'
import os
import sys
import zipfile

with zipfile.ZipFile(sys.argv[2], "w") as jar:
    for folder, _, files in os.walk(sys.argv[1]):
        for file in files:
            path = os.path.join(folder, file)
            jar.write(path, os.path.relpath(path, sys.argv[1]))
PY
    mv "$jar.part" "$jar"
fi
echo "$jar"
