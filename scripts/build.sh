# Builds the product, and only when a source changed. Sourced after machine.sh and tools.sh.
# shellcheck shell=bash disable=SC2010

# Names, sizes and checksums of every source, and of what was built from them: neither git nor clocks are asked.
source_stamp() {
    (
        cd "$ROOT" || exit 1
        find src database global.json Directory.Build.props Directory.Packages.props .editorconfig scripts/product.slnf \
            \( -name bin -o -name obj \) -prune -o -type f -print 2>/dev/null | LC_ALL=C sort | tr '\n' '\0' | xargs -0 cksum | cksum
    )
}

output_stamp() {
    (
        cd "$ROOT" || exit 1
        ls src/Guildhall.*/bin/"$CONFIGURATION"/net10.0/*.dll 2>/dev/null | grep -i '/guildhall[^/]*$' | tr '\n' '\0' | xargs -0 cksum | cksum
    )
}

build_stamp() { printf '%s / %s\n' "$(source_stamp)" "$(output_stamp)"; }

is_built() {
    [ -f "$WEB_DLL" ] && [ -f "$SANDBOX_DLL" ] && [ -f "$STATE/built" ] && [ "$(cat "$STATE/built")" = "$(build_stamp)" ]
}

# compile <project or solution> <log>: a line per project with the seconds since the start. The projects share one compiler.
compile() {
    local start=$SECONDS line
    (cd "$ROOT" && exec "$DOTNET" build "$1" -c "$CONFIGURATION" -nologo -v minimal -tl:off -p:UseSharedCompilation=true </dev/null 2>&1) | tee "$2" |
        while IFS= read -r line; do
            case $line in
                *'Determining projects to restore'*) printf '  %3ds  restoring packages\n' "$((SECONDS - start))" ;;
                *' -> '*.dll) line=${line%% ->*} && printf '  %3ds  %s\n' "$((SECONDS - start))" "${line##* }" ;;
            esac
        done
}

# build <project or solution>: in a process group of its own, so that a signal need not wait for the compiler; on failure its errors.
build() {
    local log=$LOGS/build.log code=0
    say "Building ($CONFIGURATION; the first build takes a minute or two)"
    set -m
    compile "$1" "$log" &
    BUILD_PID=$!
    set +m
    wait "$BUILD_PID" || code=$?
    kill -- "-$BUILD_PID" 2>/dev/null || true # the compiler that the projects shared: none outlives its build
    BUILD_PID=''
    if [ "$code" != 0 ]; then
        grep -E '(: |^)(error|fatal)( |:)|MSBUILD : error' "$log" | sed 's/ \[[^]]*\]$//; s/^ *//' | sort -u | head -n 30 >&2
        fail "the build failed (log: $log)"
    fi
    if [ -f "$WEB_DLL" ] && [ -f "$SANDBOX_DLL" ]; then build_stamp >"$STATE/built"; fi
}

build_product() {
    is_built && return 0
    need_dotnet
    build scripts/product.slnf
}
