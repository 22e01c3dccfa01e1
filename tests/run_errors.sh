#!/bin/sh
# tests/run_errors.sh [WORD]: what Muster says to bad input. Each tests/errors/NAME.sh whose name contains
# WORD runs in an empty folder, with $MUSTER (the binary) and $HERE (tests/errors) set. Its comments
# say what is expected:
#
#   # status: 1 2            one of these exit statuses; 77: skipped, standard output says why
#   # stderr: text           standard error contains it (any number of such lines)
#   # stdout: text           standard output contains it
#   # timeout: 60            seconds
#
# In any case nothing may look like a crash: no signal, no internal error, no sanitizer's report.
# SLOWNESS=5 gives each five times its time, for slow builds.

here=$(cd "$(dirname "$0")" && pwd)
. "$here/harness.sh"
HERE=$here/errors
MUSTER=${MUSTER:-$here/../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
export MUSTER HERE
if [ ! -x "$MUSTER" ]; then
    echo "run_errors.sh: there is no $MUSTER; build it, or set MUSTER" >&2
    exit 2
fi
work=$(mktemp -d) || exit 2
trap 'stop_watching; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

fail() { [ -n "$why" ] || why=$1; }

# expected KIND FILE: each `# KIND: text` of the case is in the file.
expected() {
    sed -n "s/^# $1: //p" "$case" >"$work/wanted"
    while read -r text; do
        grep -a -q -F -e "$text" "$2" || { fail "$1 lacks \`$text\`"; return; }
    done <"$work/wanted"
}

passed=0
failed=0
skipped=0
watch_running "$work/running"
for case in "$HERE"/*"$1"*.sh; do
    [ -f "$case" ] || continue
    name=$(basename "$case" .sh)
    limit=$(sed -n 's/^# timeout: //p' "$case")
    statuses=$(sed -n 's/^# status: //p' "$case")
    why=
    mkdir "$work/run"
    limit=$((${limit:-30} * ${SLOWNESS:-1}))
    reports_to "$work/report"
    (cd "$work/run" && bounded "$limit" "$name" sh "$case" </dev/null >"$work/out" 2>"$work/err")
    status=$?
    case " $statuses " in
    *" $status "*) ;;
    *) if [ $status -eq 124 ]; then fail "timed out after $limit s"
       else fail "exit status $status, not $statuses"; fi ;;
    esac
    expected stderr "$work/err"
    expected stdout "$work/out"
    if grep -a -q -e 'internal error' -e 'Sanitizer' -e 'Segmentation fault' "$work/err"; then
        fail "a crash"
    fi
    show_reports "$work/report" >"$work/reports" && fail "a sanitizer's report"
    if [ -z "$why" ] && [ $status -eq 77 ]; then
        skipped=$((skipped + 1))
        echo "skipped $name: $(head -n 1 "$work/out")"
    elif [ -z "$why" ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "failed $name: $why"
        head -c 1000 "$work/out" | head -n 5
        head -c 1000 "$work/err" | head -n 5
        cat "$work/reports"
    fi
    chmod -R u+w "$work/run"
    rm -rf "$work/run"
done
echo "tests/errors: $passed passed, $failed failed, $skipped skipped"
[ $failed -eq 0 ] && [ $((passed + skipped)) -gt 0 ]
