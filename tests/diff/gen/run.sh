#!/bin/sh
# tests/diff/gen/run.sh SEED COUNT: COUNT random cases (200 a module, rounded up) on erl and on muster.
#
# Seed S makes modules gen_S, gen_S+1 …; the same seed makes the same modules everywhere. Each case that
# differs is printed with both answers and its source; the last line says "N cases, N different".
#
# reduce.sh SEED CASE makes a small module of one that differs (SEED is the number in the module name).
#
#   MUSTER=./muster   the binary to test        MUSTER_OPTIONS=   for `muster run`, such as --no-smp
#   KEEP=DIR          keep the modules there    SHOW=20           print at most so many differences
here=$(cd "$(dirname "$0")" && pwd)
MUSTER=${MUSTER:-$here/../../../muster}
seed=${1:-1}
count=${2:-10000}
if ! command -v erl >/dev/null || ! command -v erlc >/dev/null; then
    echo "tests/diff/gen: no erl here, nothing compared"; exit 0
fi
if [ ! -x "$MUSTER" ]; then echo "tests/diff/gen: no $MUSTER"; exit 2; fi
case $MUSTER in /*) ;; *) MUSTER=$PWD/$MUSTER ;; esac

work=${KEEP:-$(mktemp -d)}
mkdir -p "$work"
[ -n "${KEEP:-}" ] || trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
modules=$(((count + 199) / 200))
cases=0
different=0
exceptions=0
erlc -o "$work" "$here/gen_expr.erl" || exit 2

# All modules in one start of erl, then all compiled in one.
erl -noshell -pa "$work" -eval "
    lists:foreach(fun(S) ->
        Name = integer_to_list(S),
        {ok, File} = file:open(\"$work/gen_\" ++ Name ++ \".erl\", [write, {encoding, utf8}]),
        group_leader(File, self()),
        gen_expr:main([Name, \"200\"]),
        file:close(File)
    end, lists:seq($seed, $seed + $modules - 1)), halt(0)." || exit 2
(cd "$work" && erlc -W0 $(awk -v s="$seed" -v n="$modules" 'BEGIN { for (i = s; i < s + n; i++) printf "gen_%d.erl ", i }')) ||
    { echo "tests/diff/gen: a generated module does not compile with erlc"; exit 2; }

module=$seed
while [ "$module" -lt $((seed + modules)) ]; do
    name=gen_$module
    (cd "$work" && timeout 120 erl -noshell -eval "$name:main(), halt(0)." >"$name.erl.out" 2>"$name.erl.err" </dev/null)
    # shellcheck disable=SC2086
    (cd "$work" && timeout 120 "$MUSTER" run $MUSTER_OPTIONS "$name.erl" >"$name.muster.out" 2>"$name.muster.err" </dev/null)
    status=$?
    result=$(awk -v name="$name" -v status=$status -v shown="$different" -v limit="${SHOW:-20}" -v source="$work/$name.erl" '
        function show(i,   line, on) {
            print "---- " name " case " i
            print "erl:    " substr(expected[i], 1, 400)
            print "muster: " (i in got ? substr(got[i], 1, 400) : "(nothing; exit status " status ")")
            on = 0
            while ((getline line < source) > 0) {
                if (line == "%% case " i) on = 1
                else if (line ~ /^%% case /) on = 0
                if (on) print "    " line
            }
            close(source)
        }
        { i = $1; sub(":", "", i); text = $0; sub(/^[0-9]+: /, "", text) }
        FNR == NR { expected[i] = text; order[++n] = i; if (text !~ /^\{value,/) failing++; next }
        { got[i] = text }
        END {
            for (k = 1; k <= n; k++) {
                i = order[k]
                if (!(i in got) || got[i] != expected[i]) { bad++; if (shown + bad <= limit) show(i) }
            }
            print "TOTAL", n + 0, bad + 0, failing + 0
        }' "$work/$name.erl.out" "$work/$name.muster.out")
    printf "%s\n" "$result" | grep -v '^TOTAL'
    # shellcheck disable=SC2046
    set -- $(printf "%s\n" "$result" | sed -n 's/^TOTAL //p')
    cases=$((cases + $1)); different=$((different + $2)); exceptions=$((exceptions + $3))
    if [ "$1" -ne 200 ]; then echo "---- $name: erl ran $1 of 200 cases"; head -3 "$work/$name.erl.err"; fi
    if [ "$2" -gt 0 ] && [ -s "$work/$name.muster.err" ]; then head -5 "$work/$name.muster.err"; fi
    module=$((module + 1))
done
echo "$((100 * exceptions / (cases > 0 ? cases : 1))) % of the cases end in an exception"
echo "$cases cases, $different different"
[ "$different" -eq 0 ]
