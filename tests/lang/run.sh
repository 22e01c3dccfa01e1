#!/bin/sh
# tests/lang/run.sh [MUSTER [PATTERN]]: runs every language program on MUSTER (./muster), once on all
# schedulers and once with --no-smp, and compares standard output with NAME.out.
#
#   LANG_MODES="--no-smp:--schedulers 2"   other sets of options, separated by colons
#   LANG_HEAVY=no                          leave out heavy.list: much data or many steps, which a build
#                                          that collects at every allocation cannot do in time
#   LANG_TIMEOUT=60, LANG_LINES=6          seconds a program, lines shown of what differs
here=$(cd "$(dirname "$0")" && pwd)
muster=${1:-$here/../../muster}
case $muster in /*) ;; *) muster=$PWD/$muster ;; esac
pattern=${2:-}
modes=${LANG_MODES-:--no-smp}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
ran=0
failed=0
cd "$here" || exit 2
for answer in *"$pattern"*.out */*"$pattern"*.out; do
    [ -f "$answer" ] || continue
    source=${answer%.out}.erl
    if [ "${LANG_HEAVY:-yes}" = no ] && grep -qx "$(basename "$source" .erl)" heavy.list; then continue; fi
    rest=$modes:
    while [ -n "$rest" ]; do
        mode=${rest%%:*}
        rest=${rest#*:}
        ran=$((ran + 1))
        # shellcheck disable=SC2086
        (cd "$(dirname "$source")" && timeout "${LANG_TIMEOUT:-60}" "$muster" run $mode -pa . "$(basename "$source")" \
            >"$work/out" 2>"$work/err" </dev/null)
        status=$?
        if [ $status -ne 0 ] || ! cmp -s "$work/out" "$answer"; then
            failed=$((failed + 1))
            echo "FAILED ${source%.erl} ${mode:-(smp)}: exit status $status"
            diff "$answer" "$work/out" | head -"${LANG_LINES:-6}"
            head -"${LANG_LINES:-6}" "$work/err"
        fi
    done
done
echo "tests/lang: $ran runs, $failed failed"
[ $failed -eq 0 ]
