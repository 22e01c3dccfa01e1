#!/bin/sh
# tests/diff/stdlib/run.sh [WORD]: runs each X_diff.erl whose name contains WORD on erl and on muster and
# compares what they print, line by line: a line is a call and its outcome. A module passes when not one
# differs. Where erl ends a line with ` @hidden` (an exception from inside the library), what follows the
# last ` @` is not compared. TIMEOUT: seconds for each, 120.
here=$(cd "$(dirname "$0")" && pwd)
if [ "$1" = --one ]; then
    # One module, in the folder $work: prints what differs, leaves the number of lines in $module.good or .bad.
    cd "$here" || exit 2
    module=$2
    timeout 120 erl -noshell -pa "$work" -eval "$module:main([]), halt(0)." </dev/null >"$work/$module.erl.out" 2>&1
    timeout "$TIMEOUT" "$MUSTER" run -pa . "$module.erl" </dev/null >"$work/$module.muster.out" 2>&1
    LC_ALL=C awk -v module="$module" -v good="$work/$module.good" -v bad="$work/$module.bad" '
        NR == FNR { erl[FNR] = $0; lines = FNR; next }
        {
            x = erl[FNR]; y = $0
            if (x == y) next
            if (x ~ / @hidden$/) { sub(/ @.*$/, "", x); sub(/ @.*$/, "", y) }
            if (x == y) next
            if (++differ <= 3) shown = shown "< " substr(x, 1, 300) "\n> " substr(y, 1, 300) "\n"
        }
        END {
            if (FNR != lines) differ += lines > FNR ? lines - FNR : FNR - lines
            if (lines == 0) differ++
            print lines > (differ ? bad : good)
            if (differ) printf "%s: %d of %d lines differ\n%s", module, differ, lines, shown
        }' "$work/$module.erl.out" "$work/$module.muster.out"
    exit 0
fi
MUSTER=${MUSTER:-$here/../../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
    echo 'the library compared with erl: skipped, there is no erl'
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
TIMEOUT=${TIMEOUT:-120}
export work MUSTER TIMEOUT
cd "$here" || exit 2
if ! ls *"$1"*_diff.erl >/dev/null 2>&1; then
    echo '0 passed, 0 failed'
    exit 0
fi
# shellcheck disable=SC2086
erlc -W0 -o "$work" *"$1"*_diff.erl || exit 2
ls *"$1"*_diff.erl | sed 's/\.erl$//' | xargs -P "${JOBS:-$(nproc)}" -I{} sh "$here/run.sh" --one {}
passed=$(ls "$work" | grep -c '\.good$')
failed=$(ls "$work" | grep -c '\.bad$')
echo "$(cat "$work"/*.good "$work"/*.bad 2>/dev/null | awk '{n += $1} END {print n + 0}') calls compared with erl"
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
