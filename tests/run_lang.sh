#!/bin/sh
# tests/run_lang.sh [WORD]: runs the language programs (tests/lang) whose names contain WORD, each on all
# schedulers, with --no-smp, and with every function native at its first call, in both tiers, and
# compares their standard output with NAME.out beside NAME.erl. A program in a folder of its own may use the other
# modules there; those in tests/lib are for all.
#
#   MUSTER   the binary: ./muster           JOBS       programs at once: the number of cores
#   MODES    sets of options, separated by colons; an empty one is a set, too: ":--no-smp"
#   SKIP     files with names of programs that are not run
#   TIMEOUT  seconds for each run: 60       DIFF_LINES lines shown of each difference: 8

here=$(cd "$(dirname "$0")" && pwd)
self=$here/$(basename "$0")
. "$here/harness.sh"

# Run by xargs below: one program in all modes. Each run leaves one line in a file of its own.
if [ "$1" = --one ]; then
    source=${2%.out}.erl
    name=${source#"$here"/lang/}
    name=${name%.erl}
    tag=$(echo "$name" | tr '/' '+')
    cd "$(dirname "$source")" || exit 1
    rest=$MODES:
    number=0
    while [ -n "$rest" ]; do
        mode=${rest%%:*}
        rest=${rest#*:}
        number=$((number + 1))
        base=$WORK/$tag.$number
        if [ ! -f "$source" ]; then
            echo "skipped $name: there is no $source" >"$base.result"
            continue
        fi
        # shellcheck disable=SC2086 # several files
        if [ -n "$SKIP" ] && grep -q -x -e "${name%%/*}" $SKIP; then
            echo "skipped $name: too heavy for this build" >"$base.result"
            continue
        fi
        reports_to "$base.report"
        # shellcheck disable=SC2086 # several options in one mode
        bounded "$TIMEOUT" "$name$mode" "$MUSTER" run $mode -pa . -pa "$here/lib" "$(basename "$source")" \
            </dev/null >"$base.stdout" 2>"$base.stderr"
        status=$?
        if [ $status -eq 0 ] && cmp -s "$base.stdout" "$2" &&
            ! show_reports "$base.report" >"$base.reports"; then
            echo "passed $name" >"$base.result"
        else
            {
                if [ $status -eq 124 ]; then echo "failed $name [${mode:-smp}]: timed out after $TIMEOUT s"
                else echo "failed $name [${mode:-smp}]: exit status $status"; fi
                diff -a "$2" "$base.stdout" | head -n "$DIFF_LINES" | cut -c 1-200
                head -n "$DIFF_LINES" "$base.stderr" | cut -c 1-200
                cat "$base.reports" 2>/dev/null
                show_reports "$base.report"
            } >"$base.result"
        fi
        rm -f "$base.stdout" "$base.stderr" "$base.reports"
    done
    exit 0
fi

MUSTER=${MUSTER:-$here/../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
MODES=${MODES-:--no-smp:--jit-threshold 1:--jit=optimised --jit-threshold 1}
TIMEOUT=${TIMEOUT:-60}
DIFF_LINES=${DIFF_LINES:-8}
JOBS=${JOBS:-$(nproc 2>/dev/null || echo 2)}
SKIP=$(for list in $SKIP; do case $list in /*) echo "$list" ;; *) echo "$PWD/$list" ;; esac; done)
WORK=$(mktemp -d) || exit 2
trap 'stop_watching; rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
export MUSTER MODES TIMEOUT DIFF_LINES SKIP WORK
if [ ! -x "$MUSTER" ]; then
    echo "run_lang.sh: there is no $MUSTER; build it, or set MUSTER" >&2
    exit 2
fi

watch_running "$WORK/running"
find "$here/lang" -name "*.out" | sort | while read -r answer; do
    case ${answer#"$here"/lang/} in *"$1"*) printf '%s\0' "$answer" ;; esac
done | xargs -0 -r -n 1 -P "$JOBS" sh "$self" --one

cat "$WORK"/*.result 2>/dev/null | grep -a -v -e '^passed ' -e '^skipped .*: too heavy'
count() { cat "$WORK"/*.result 2>/dev/null | grep -a -c "^$1 "; }
failed=$(count failed)
passed=$(count passed)
echo "tests/lang: $passed passed, $failed failed, $(count skipped) skipped"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
