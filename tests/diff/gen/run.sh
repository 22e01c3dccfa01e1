#!/bin/sh
# tests/diff/gen/run.sh SEED COUNT: COUNT random cases (200 a module, rounded up) on erl, and on muster in each
# of several modes.
#
# Seed S makes modules gen_S, gen_S+1 …; the same seed makes the same modules everywhere. Each case that
# differs is printed with both answers and its source; the last line says "N cases, N different".
#
#   MUSTER=./muster   the binary to test
#   MODES=            sets of options for `muster run`, separated by colons, VARIABLE=VALUE among them.
#                     MUSTER_OPTIONS: a single one
#   KEEP=DIR          keep the modules there    SHOW=20     print at most so many differences
#   REDUCE=0          so many differences are made small (reduce.sh does that by hand: SEED is the number in
#                     the module's name)
#   BATCH=25          modules in one start of a machine
#   ORACLE=erl        what is right; "interpreter": what muster says with --no-jit, which takes far less time; the
#                     modules are others then, for they may have what that erl does not know
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
seed=${1:-1}
count=${2:-10000}
if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
    echo "tests/diff/gen: no erl here, nothing compared"; exit 0
fi
if [ ! -x "$MUSTER" ]; then echo "tests/diff/gen: no $MUSTER"; exit 2; fi
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac
# Interpreted; native at the first call in one tier and in the other; entered midway, whenever it is compiled;
# optimised with what was seen; native code that leaves all the time, that collects at every chance.
all_modes="--no-jit:--jit=quick --jit-threshold 1:--jit=optimised --jit-threshold 1:--jit-threshold 7"
all_modes="$all_modes:MUSTER_DEBUG=short_slices,check_code --jit-threshold 1"
all_modes="$all_modes:MUSTER_DEBUG=exit_stress,check_code --jit=quick --jit-threshold 1"
all_modes="$all_modes:MUSTER_DEBUG=exit_stress,check_code --jit=optimised --jit-threshold 1"
all_modes="$all_modes:MUSTER_DEBUG=gc_stress --jit=optimised --jit-threshold 1"
MODES=${MODES-${MUSTER_OPTIONS-$all_modes}}
BATCH=${BATCH:-25}
ORACLE=${ORACLE:-erl}
level=25
[ "$ORACLE" = erl ] || level=27
SHOW=${SHOW:-20}
REDUCE=${REDUCE:-0}

work=${KEEP:-$(mktemp -d)}
mkdir -p "$work" && work=$(cd "$work" && pwd) || exit 2
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
modules=$(((count + 199) / 200))
cases=0
different=0
exceptions=0
mkdir -p "$work/generator" "$work/erl"
erlc -o "$work/generator" "$here"/gen_*.erl "$here/drive.erl" "$here/evaluate.erl" || exit 2

# names FIRST COUNT: of modules.
names() { awk -v s="$1" -v n="$2" 'BEGIN { for (i = s; i < s + n; i++) printf "gen_%d ", i }'; }
# strings WORD…: as an Erlang list.
strings() { printf '['; first=1; for word; do [ $first ] || printf ', '; first=; printf '"%s"' "$word"; done; printf ']'; }

# on_muster MODE DIR MODULE…: runs them in one machine; what it does not end with (it died, or hung) is
# left out and the rest goes on.
on_muster() {
    mode=$1; dir=$2
    shift 2
    variables=; options=
    for word in $mode; do
        case $word in *=*) case $word in -*) options="$options $word" ;; *) variables="$variables $word" ;; esac ;;
        *) options="$options $word" ;; esac
    done
    while [ $# -gt 0 ]; do
        # shellcheck disable=SC2086
        (cd "$work" && env $variables timeout 900 "$MUSTER" run $options -pa "$work" "$here/drive.erl" "$dir" "$@" >"$dir/run.err" 2>&1 </dev/null)
        status=$?
        while [ $# -gt 0 ] && [ -e "$dir/$1.done" ]; do shift; done
        if [ $# -gt 0 ]; then
            echo "---- $1 [$mode]: it does not end (exit status $status)"
            grep -v Warning: "$dir/run.err" | head -5
            shift
        fi
    done
}

# on_erl MODULE…: the same on erl, which random programs kill now and then, too.
on_erl() {
    while [ $# -gt 0 ]; do
        (cd "$work" && timeout 900 erl -enable-feature maybe_expr -noshell -pa "$work/generator" -eval "drive:main($(strings erl "$@")), halt(0)." >"$work/erl/run.err" 2>&1 </dev/null)
        while [ $# -gt 0 ] && [ -e "$work/erl/$1.done" ]; do shift; done
        if [ $# -gt 0 ]; then
            echo "---- $1: erl does not end"
            [ -e "$work/erl/$1.out" ] || : >"$work/erl/$1.out"
            shift
        fi
    done
}

# compare MODULE MODE DIR: what differs, and a last line "TOTAL cases different exceptions".
compare() {
    # Cases that differ and that erl evaluates to what muster says are erl's own fault.
    [ -e "$3/$1.out" ] || : >"$3/$1.out"
    : >"$work/evaluated"
    for case in $(diff "$work/erl/$1.out" "$3/$1.out" | sed -n 's/^> \([0-9]*\): .*/\1/p' | head -n 20); do
        timeout 60 erl -enable-feature maybe_expr -noshell -pa "$work/generator" -eval "evaluate:main([\"$work/$1.erl\", \"$case\"]), halt(0)." </dev/null 2>/dev/null |
            grep "^$case: " >>"$work/evaluated"
    done
    awk -v name="$1" -v mode="$2" -v shown="$different" -v limit="$SHOW" -v source="$work/$1.erl" '
        function show(i,   line, on) {
            print "---- " name " case " i " [" mode "]"
            print "erl:    " substr(expected[i], 1, 400)
            print "muster: " (i in got ? substr(got[i], 1, 400) : "(nothing)")
            on = 0
            while ((getline line < source) > 0) {
                if (line == "%% case " i) on = 1
                else if (line ~ /^%% case /) on = 0
                if (on) print "    " line
            }
            close(source)
        }
        { i = $1; sub(":", "", i); text = $0; sub(/^[0-9]+: /, "", text) }
        FILENAME == evaluated { alone[i] = text; next }
        FILENAME == first { expected[i] = text; order[++n] = i; if (text !~ /^\{value,/) failing++; next }
        { got[i] = text }
        END {
            for (k = 1; k <= n; k++) {
                i = order[k]
                if (!(i in got) || (got[i] != expected[i] && got[i] != alone[i])) { bad++; if (shown + bad <= limit) show(i); print "DIFFERS " i }
            }
            print "TOTAL", n + 0, bad + 0, failing + 0
        }' evaluated="$work/evaluated" first="$work/erl/$1.out" "$work/evaluated" "$work/erl/$1.out" "$3/$1.out"
}

module=$seed
end=$((seed + modules))
while [ "$module" -lt "$end" ]; do
    size=$((end - module < BATCH ? end - module : BATCH))
    batch=$(names "$module" "$size")
    # shellcheck disable=SC2086
    erl +pc unicode -noshell -pa "$work/generator" -eval "
        lists:foreach(fun(Name) ->
            {ok, File} = file:open(\"$work/\" ++ Name ++ \".erl\", [write, {encoding, utf8}]),
            group_leader(File, self()),
            gen_expr:main([lists:nthtail(4, Name), \"200\", \"$level\"]),
            file:close(File)
        end, $(strings $batch)), halt(0)." || exit 2
    # shellcheck disable=SC2086
    if [ "$ORACLE" = erl ] && ! (cd "$work" && erlc -W0 $(printf '%s.erl ' $batch) >/dev/null 2>&1); then
        # erlc 25 has its bugs: rather without a pass of its optimiser, or without the module.
        all=$batch
        batch=
        for name in $all; do
            if (cd "$work" && { erlc -W0 "$name.erl" || erlc -W0 +no_bsm_opt "$name.erl"; } >"$work/erlc.err" 2>&1); then
                batch="$batch $name"
            else
                echo "---- $name does not compile with erlc:"; head -3 "$work/erlc.err"
            fi
        done
    fi
    # shellcheck disable=SC2086
    [ "$ORACLE" != erl ] || on_erl $batch
    # shellcheck disable=SC2086
    (cd "$work" && "$MUSTER" compile $(printf '%s.erl ' $batch) >"$work/compile.err" 2>&1) ||
        { echo "tests/diff/gen: a generated module does not compile with muster"; grep -v Warning "$work/compile.err" | head -5; }
    # shellcheck disable=SC2086
    [ "$ORACLE" = erl ] || on_muster --no-jit "$work/erl" $batch
    rest=$MODES:
    number=0
    while [ -n "$rest" ]; do
        mode=${rest%%:*}
        rest=${rest#*:}
        number=$((number + 1))
        dir=$work/mode$number
        mkdir -p "$dir"
        # shellcheck disable=SC2086
        on_muster "$mode" "$dir" $batch
        for name in $batch; do
            result=$(compare "$name" "$mode" "$dir")
            printf "%s\n" "$result" | grep -v -e '^TOTAL' -e '^DIFFERS'
            # shellcheck disable=SC2046
            set -- $(printf "%s\n" "$result" | sed -n 's/^TOTAL //p')
            different=$((different + $2))
            if [ $number -eq 1 ]; then
                cases=$((cases + $1)); exceptions=$((exceptions + $3))
                if [ "$1" -ne 200 ]; then echo "---- $name: $ORACLE ran $1 of 200 cases"; fi
            fi
            for case in $(printf "%s\n" "$result" | sed -n 's/^DIFFERS //p'); do
                [ "$REDUCE" -gt 0 ] || break
                REDUCE=$((REDUCE - 1))
                echo "---- $name case $case [$mode], reduced:"
                MUSTER=$MUSTER MUSTER_OPTIONS=$mode ORACLE=$ORACLE timeout 900 sh "$here/reduce.sh" "${name#gen_}" "$case"
            done
        done
    done
    [ -n "${KEEP:-}" ] || (cd "$work" && rm -f gen_*.* erl/gen_*.* mode*/gen_*.*)
    module=$((module + size))
done
echo "$((100 * exceptions / (cases > 0 ? cases : 1))) % of the cases end in an exception"
echo "$cases cases, $different different"
[ "$different" -eq 0 ]
