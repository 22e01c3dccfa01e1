#!/bin/sh
# tests/run.sh WORD C_TEST…: everything `make check` runs, with one closing line that counts it all.
# WORD picks: a part (c, lang, errors, gen, stdlib) or what the parts' own runners match; empty: all.
here=$(cd "$(dirname "$0")" && pwd)
word=$1
shift
passed=0
failed=0
skipped=0
log=$(mktemp) || exit 2
trap 'rm -f "$log"' EXIT
trap 'exit 130' INT TERM

# count: takes the closing line `N passed, N failed[, N skipped]` of what ran last.
count() {
    line=$(grep -E '^([a-z/]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ -z "$line" ]; then
        echo "$1: ended without a result"
        failed=$((failed + 1))
        return
    fi
    grep -v -x -F -e "$line" "$log"
    line=${line#*: }
    echo "$1: $line"
    # shellcheck disable=SC2086
    set -- $(echo "$line" | tr -c '0-9\n' ' ')
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + ${3:-0}))
}
wanted() { [ -z "$word" ] || [ "$word" = "$1" ]; }
part() { case $word in c | lang | errors | gen | stdlib) return 1 ;; *) return 0 ;; esac; }

# The rooms alone.
if wanted c || part; then
    for test in "$@"; do
        if timeout 600 "$test" >"$log" 2>&1; then
            passed=$((passed + $(grep -c '\[       OK \]' "$log")))
        else
            echo "failed: $test"
            tail -n 15 "$log"
            good=$(grep -c '\[       OK \]' "$log")
            bad=$(grep -c '^\[  FAILED  \].*[a-z]$' "$log")
            passed=$((passed + good))
            failed=$((failed + (bad > 0 ? bad : 1)))
        fi
    done
    echo "units: $passed passed, $failed failed"
fi
if wanted lang || part; then
    filter=$word; [ "$word" = lang ] && filter=
    sh "$here/run_lang.sh" "$filter" >"$log" 2>&1
    count lang
fi
if wanted errors || part; then
    filter=$word; [ "$word" = errors ] && filter=
    sh "$here/run_errors.sh" "$filter" >"$log" 2>&1
    count errors
fi
if [ "$word" = stdlib ]; then
    sh "$here/diff/stdlib/run.sh" >"$log" 2>&1
    count stdlib
fi
if wanted gen; then
    if command -v erl >/dev/null 2>&1; then
        sh "$here/diff/gen/run.sh" "${GEN_SEED:-1}" "${GEN_CASES:-1000}" >"$log" 2>&1
        cat "$log" | tail -n 40
        line=$(grep -E '^[0-9]+ cases, [0-9]+ different' "$log" | tail -n 1)
        cases=$(echo "$line" | sed 's/ cases.*//')
        different=$(echo "$line" | sed 's/.*, \([0-9]*\) different.*/\1/')
        if [ -n "$line" ]; then
            passed=$((passed + cases - different))
            failed=$((failed + different))
        else
            failed=$((failed + 1))
        fi
    else
        echo 'random programs: skipped, there is no erl to compare with'
        skipped=$((skipped + 1))
    fi
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
