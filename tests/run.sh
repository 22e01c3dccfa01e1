#!/bin/sh
# tests/run.sh WORD C_TEST…: everything `make check` runs, with one closing line that counts it all.
# WORD picks: a part (c, lang, errors, otp, store, gen, stdlib, apps) or what the parts' own runners match;
# empty: all.
#
#   PARTS        which parts there are: "c lang errors otp store stdlib gen apps"
#   UNIT_LIMIT   seconds for each unit test program: 60       PACE   see harness.sh
here=$(cd "$(dirname "$0")" && pwd)
. "$here/harness.sh"
word=$1
shift
PARTS=${PARTS:-c lang errors otp store stdlib gen apps}
UNIT_LIMIT=${UNIT_LIMIT:-60}
passed=0
failed=0
skipped=0
work=$(mktemp -d) || exit 2
log=$work/log
trap 'stop_watching; rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
watch_running "$work/running"

# count: takes the closing line `N passed, N failed[, N skipped]` of what ran last.
count() {
    line=$(grep -a -E '^([a-z/]+: )?[0-9]+ passed, [0-9]+ failed' "$log" | tail -n 1)
    if [ -z "$line" ]; then
        tail -n 15 "$log"
        echo "$1: ended without a result"
        failed=$((failed + 1))
        return
    fi
    grep -a -v -x -F -e "$line" "$log"
    line=${line#*: }
    echo "$1: $line"
    # shellcheck disable=SC2086
    set -- $(echo "$line" | tr -c '0-9\n' ' ')
    passed=$((passed + $1))
    failed=$((failed + $2))
    skipped=$((skipped + ${3:-0}))
}
# A report of a sanitizer is a failure, whatever the programs said. reports_to comes before.
count_reports() {
    ! show_reports "$work/report" || failed=$((failed + 1))
}
# wanted PART: it is there, and the word names it, or no part (then it picks inside the part).
is_part() { case $word in c | lang | errors | otp | store | gen | stdlib | apps) true ;; *) false ;; esac; }
wanted() {
    case " $PARTS " in *" $1 "*) ;; *) return 1 ;; esac
    [ "$word" = "$1" ] || ! is_part
}
filter() { is_part || echo "$word"; }

# summary WORD: how many it says were so, at its end.
summary() {
    number=$(sed -n "s/^\[ *$1 *\] \([0-9]*\) test.*/\1/p" "$log" | tail -n 1)
    echo "${number:-0}"
}

# One program of unit tests. A report of a sanitizer fails it whatever the program says.
unit() {
    reports_to "$work/report"
    bounded "$UNIT_LIMIT" "$(basename "$1")" "$1" >"$log" 2>&1 </dev/null
    status=$?
    good=$(grep -a -c '\[       OK \]' "$log")
    passed=$((passed + good))
    skipped=$((skipped + $(summary SKIPPED)))
    if [ $status -eq 0 ] && ! show_reports "$work/report"; then
        return
    fi
    if [ $status -eq 124 ]; then
        echo "timed out: $(basename "$1") (after $UNIT_LIMIT s)"
    else
        echo "failed: $1 (exit status $status)"
    fi
    tail -n 15 "$log"
    show_reports "$work/report"
    bad=$(summary FAILED)
    failed=$((failed + (bad > 0 ? bad : 1)))
}

# The rooms alone.
if wanted c; then
    for test in "$@"; do
        unit "$test"
    done
    echo "units: $passed passed, $failed failed, $skipped skipped"
fi
if wanted lang; then
    sh "$here/run_lang.sh" "$(filter)" >"$log"
    count lang
fi
if wanted errors; then
    sh "$here/run_errors.sh" "$(filter)" >"$log"
    count errors
fi
if wanted otp; then
    reports_to "$work/report"
    sh "$here/otp/run.sh" "$(filter)" >"$log" 2>&1
    count otp
    if [ -z "$(filter)" ]; then
        bounded 120 examples "$MUSTER" test "$here/../examples" >"$log" 2>&1
        count examples
    fi
    count_reports
fi
if wanted store && case store in *"$(filter)"*) true ;; *) false ;; esac; then
    reports_to "$work/report"
    bounded 300 store_tests "$MUSTER" test "$here/store" >"$log" 2>&1
    count store
    bounded 300 store_soak sh "$here/store/soak.sh" 40 >"$log" 2>&1
    count "store, killed"
    count_reports
fi
if wanted apps && [ -z "$(filter)" ]; then
    reports_to "$work/report"
    sh "$here/diff/otp/run.sh" >"$log" 2>&1
    count apps
    count_reports
fi
if wanted stdlib; then
    reports_to "$work/report"
    sh "$here/diff/stdlib/run.sh" "$(filter)" >"$log" 2>&1
    count stdlib
    count_reports
fi
# Random programs have no names that a word could match.
# $1: first seed, $2: options for muster.
random_programs() {
    reports_to "$work/report"
    MUSTER_OPTIONS=$2 bounded "${GEN_LIMIT:-600}" gen \
        sh "$here/diff/gen/run.sh" "$1" "${GEN_CASES:-1000}" >"$log" 2>&1
    tail -n 40 "$log"
    line=$(grep -a -E '^[0-9]+ cases, [0-9]+ different' "$log" | tail -n 1)
    cases=$(echo "$line" | sed 's/ cases.*//')
    different=$(echo "$line" | sed 's/.*, \([0-9]*\) different.*/\1/')
    if [ -n "$line" ] && ! show_reports "$work/report"; then
        passed=$((passed + cases - different))
        failed=$((failed + different))
    else
        failed=$((failed + 1))
    fi
}
if wanted gen && [ -z "$(filter)" ]; then
    if command -v erl >/dev/null 2>&1; then
        random_programs "${GEN_SEED:-1}" --no-jit
        random_programs $((${GEN_SEED:-1} + 1000000)) "--jit-threshold 1"
    else
        echo 'random programs: skipped, there is no erl to compare with'
        skipped=$((skipped + 1))
    fi
fi
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
