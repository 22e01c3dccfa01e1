#!/bin/sh
# tests/store/soak.sh [RUNS]: kills a writer with SIGKILL at random moments, RUNS times (1000), and looks
# each time whether all that was acknowledged is there and nothing is half there. See writer.erl.
#
#   MUSTER  the binary: ../../muster     SEED  of the moments     TMPDIR  where the file lies
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../muster}
runs=${1:-1000}
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
awk -v runs="$runs" -v seed="${SEED:-1}" \
    'BEGIN { srand(seed); for (i = 0; i < runs; i++) printf "%.4f\n", 0.004 + rand() * rand() * 0.12 }' \
    >"$work/moments"
run=0
failed=0
"$MUSTER" compile -o "$work" "$here/writer.erl" || exit 2
while read -r moment; do
    run=$((run + 1))
    timeout -s KILL "$moment" "$MUSTER" run "$work/writer.mbc" "$work" >"$work/out" 2>&1
    status=$?
    if [ $status -ne 137 ]; then
        echo "run $run: exit status $status"
        head -c 2000 "$work/out"
        failed=$((failed + 1))
        [ $failed -lt 5 ] || break
    fi
done <"$work/moments"
"$MUSTER" run "$work/writer.mbc" "$work" check || failed=$((failed + 1))
transactions=$(tail -n 1 "$work/ack.0" 2>/dev/null)
writes=$(cat "$work"/ack.[1-9] 2>/dev/null | wc -l)
echo "store: $run runs killed, ${transactions:-0} transactions and $writes writes acknowledged"
[ "${transactions:-0}" -gt 0 ] || failed=$((failed + 1))
echo "tests/store: $((run - failed)) passed, $failed failed"
[ "$failed" = 0 ]
