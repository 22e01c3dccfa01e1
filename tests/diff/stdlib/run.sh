#!/bin/sh
# tests/diff/stdlib/run.sh [WORD]: runs each X_diff.erl whose name contains WORD on erl and on muster and
# compares what they print. A module passes when not one line differs.
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
    echo '0 passed, 0 failed, 1 skipped'
    exit 0
fi
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
passed=0
failed=0
cd "$here" || exit 2
for file in *"$1"*_diff.erl; do
    module=${file%.erl}
    erlc -W0 -o "$work" "$file" || exit 2
    timeout 300 erl -noshell -pa "$work" -eval "$module:main([]), halt(0)." >"$work/erl" 2>&1
    timeout 300 "$MUSTER" run -pa . "$file" >"$work/muster" 2>&1
    if cmp -s "$work/erl" "$work/muster"; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "$module: $(diff -a "$work/erl" "$work/muster" | grep -c '^>') of $(wc -l <"$work/erl") lines differ"
        diff -a "$work/erl" "$work/muster" | head -n 6 | cut -c 1-160
    fi
done
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
