#!/bin/sh
# tests/otp/run.sh [WORD]: the library beside OTP's. What matches WORD of
#   NAME_tests.erl    tests for eunit: erl and muster both pass them
#   print/NAME.erl    programs whose output, once pids and the like are made equal, is the same
# Without erl the tests run on muster alone, and the programs are skipped.
#
#   MUSTER  the binary: ../../muster     TIMEOUT  seconds for each: 120

here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../muster}
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
TIMEOUT=${TIMEOUT:-120}
WORK=$(mktemp -d) || exit 2
trap 'rm -rf "$WORK"' EXIT
trap 'exit 130' INT TERM
export MUSTER WORK
mkdir -p "$WORK/ebin"
HAS_ERL=$(command -v erl >/dev/null 2>&1 && echo yes)

# What differs from run to run and says nothing.
normal() {
    grep -a -v 'in call from eunit_\|muster_main\|init:start_\|init:do_boot' "$1" | sed -E '
        s/<0\.[0-9]+\.[0-9]+>/<PID>/g
        s/#Ref<[0-9.]+>/#Ref/g; s/\[alias\|\s*#Ref\]/[alias|#Ref]/g
        s/#Fun<[^>]*>/#Fun/g
        s/fun-[0-9]+-/fun-N-/g
        s/[0-9]+\.[0-9]{3} s\b/TIME s/g
        s/\[TIME s\] ok/ok/
        s/ \(([a-z_]+\.erl), line [0-9]+\)/ (\1)/
        s/\{line,[0-9]+\}/{line,N}/g
        s/(=== |==== )?[0-9]+-[A-Z][a-z]{2}-[0-9]{4}::[0-9:.]+/DATE/g
        s/[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+[+Z-][0-9:]*/DATE/g
        s/(heap_size|stack_size|reductions|Heap Size|message_queue_len): [0-9]+/\1: N/g'
}

failed=0
passed=0
skipped=0
assertions=0
tests() {
    name=$1
    timeout "$TIMEOUT" "$MUSTER" run -pa "$here" -pa "$here/../lib" -I "$here" "$here/run_one.erl" "$name" \
        >"$WORK/$name.muster" 2>&1
    status=$?
    ours=$(sed -n 's/ assertions$//p' "$WORK/$name.muster" | tail -n 1)
    if [ $status -ne 0 ] || [ -z "$ours" ]; then
        echo "failed $name on muster (exit status $status)"
        head -c 3000 "$WORK/$name.muster"
        failed=$((failed + 1))
        return
    fi
    if [ -n "$HAS_ERL" ]; then
        (cd "$here" && erlc -o "$WORK/ebin" +nowarn_shadow_vars "$name.erl" >"$WORK/$name.erlc" 2>&1)
        timeout 120 erl -noinput -pa "$WORK/ebin" -eval "otp_check:run(['$name'])" \
            >"$WORK/$name.erl" 2>&1
        status=$?
        theirs=$(sed -n 's/ assertions$//p' "$WORK/$name.erl" | tail -n 1)
        if [ $status -ne 0 ] || [ -z "$theirs" ]; then
            echo "failed $name on erl (exit status $status)"
            head -c 3000 "$WORK/$name.erlc" "$WORK/$name.erl"
            failed=$((failed + 1))
            return
        fi
    fi
    assertions=$((assertions + ours))
    passed=$((passed + 1))
}

prints() {
    name=$(basename "$1" .erl)
    if [ -z "$HAS_ERL" ]; then
        skipped=$((skipped + 1))
        return
    fi
    (cd "$here/print" && erlc -o "$WORK/ebin" "$name.erl" >"$WORK/$name.erlc" 2>&1)
    (cd "$here/print" && timeout 120 erl -noinput -pa "$WORK/ebin" -s "$name" main -s erlang halt \
        >"$WORK/$name.out" 2>&1)
    (cd "$here/print" && timeout "$TIMEOUT" "$MUSTER" run -pa "$here/../lib" "$name.erl" >"$WORK/$name.muster" 2>&1)
    normal "$WORK/$name.out" >"$WORK/$name.theirs"
    normal "$WORK/$name.muster" >"$WORK/$name.ours"
    if cmp -s "$WORK/$name.theirs" "$WORK/$name.ours" && [ -s "$WORK/$name.theirs" ]; then
        passed=$((passed + 1))
    else
        echo "failed print/$name (-: erl, +: muster)"
        diff -a -u "$WORK/$name.theirs" "$WORK/$name.ours" | tail -n +3 | head -n 60
        failed=$((failed + 1))
    fi
}

if [ -n "$HAS_ERL" ]; then
    (cd "$here" && erlc -o "$WORK/ebin" otp_check.erl ../lib/settled.erl) || exit 2
fi
# Much here waits for other processes, some milliseconds: what fails on a busy machine gets a second try.
twice() {
    failed_before=$failed
    "$1" "$2" >"$WORK/first"
    if [ "$failed" -gt "$failed_before" ]; then
        failed=$failed_before
        sleep 2
        "$1" "$2"
    fi
}
for file in "$here"/*_tests.erl; do
    case $(basename "$file") in *"$1"*) twice tests "$(basename "$file" .erl)" ;; esac
done
for file in "$here"/print/*.erl; do
    case $(basename "$file") in *"$1"*) twice prints "$file" ;; esac
done
echo "tests/otp: $assertions assertions hold"
echo "tests/otp: $passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ] && [ $((passed + skipped)) -gt 0 ]
