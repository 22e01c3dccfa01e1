# tests/harness.sh: what the runners share; they source it.
#
# What runs is a file in the folder $RUNNING; every $PACE seconds its names go to standard error, so that a
# log shows where a long run is, and where one hangs. Sanitizers report into files beside a test's
# output: a program may write over, or close, its standard error.

PACE=${PACE:-20}
# erl's file names and the tools' characters depend on the locale; a bare machine has set none.
export LC_ALL=C.UTF-8

# watch_running: starts the watcher, unless a runner above has one. Call stop_watching at the end.
watch_running() {
    [ -z "$RUNNING" ] || return 0
    RUNNING=$1
    export RUNNING
    mkdir -p "$RUNNING"
    (
        trap 'kill "$nap" 2>/dev/null; exit 0' TERM
        seconds=0
        while :; do
            sleep "$PACE" >/dev/null 2>&1 &
            nap=$!
            wait "$nap"
            seconds=$((seconds + PACE))
            echo "... $seconds s: $(cd "$RUNNING" && ls | tr '\n' ' ')" >&2
        done
    ) </dev/null &
    watcher=$!
}
stop_watching() {
    [ -z "$watcher" ] || kill "$watcher" 2>/dev/null
}

# bounded SECONDS NAME COMMAND…: runs it, named while it runs. Status 124: it took longer (then it is
# killed, if it must be).
bounded() {
    bounded_limit=$1
    bounded_name=$(echo "$2" | tr '/ ' '+_')
    shift 2
    : >"$RUNNING/$bounded_name"
    timeout -k 5 "$bounded_limit" "$@"
    bounded_status=$?
    rm -f "$RUNNING/$bounded_name"
    [ $bounded_status -ne 137 ] || bounded_status=124
    return $bounded_status
}

# reports_to BASE: sanitizers of programs started from here on write BASE.PID.
reports_to() {
    ASAN_OPTIONS="$ASAN_GIVEN:log_path=$1"
    UBSAN_OPTIONS="print_stacktrace=1:$UBSAN_GIVEN:log_path=$1"
    TSAN_OPTIONS="$TSAN_GIVEN:log_path=$1"
    LSAN_OPTIONS="$LSAN_GIVEN:log_path=$1"
    export ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS LSAN_OPTIONS
}
[ -n "$SANITIZERS_GIVEN" ] || {
    SANITIZERS_GIVEN=yes
    ASAN_GIVEN=$ASAN_OPTIONS
    UBSAN_GIVEN=$UBSAN_OPTIONS
    TSAN_GIVEN=$TSAN_OPTIONS
    LSAN_GIVEN=$LSAN_OPTIONS
    export SANITIZERS_GIVEN ASAN_GIVEN UBSAN_GIVEN TSAN_GIVEN LSAN_GIVEN
}
# show_reports BASE: prints the beginning of what they wrote, and removes it. Status 1: nothing.
show_reports() {
    shown=1
    for report in "$1".*; do
        [ -s "$report" ] || continue
        shown=0
        grep -a -v -e '^=*$' "$report" | head -n "${REPORT_LINES:-30}"
        rm -f "$report"
    done
    return $shown
}
