# What is misspelt is told with what may be meant; values may stand behind an option or in it.
# status: 0
# stderr: rnu is no command; did you mean run?
# stderr: main.erl is no command; did you mean muster run main.erl?
# stderr: --schdulers is no option; did you mean --schedulers?
# stderr: --junit is no option of run
# stderr: --seed needs a value: --seed N
# stderr: --schedulers 0: a number from 1 to 1024 is needed
# stderr: --jit-threshold -1: a number from 1 to 2147483647 is needed
# stderr: --max-heap 99999999999999G: a size is needed
# stderr: --jit quik: both, quick or optimised is needed
# stdout: --verbose
# stdout: usage: muster test [OPTIONS] PATH...
# stdout: [["--seed","-x"]]
# stdout: [["--","a"]]
cat >main.erl <<'END'
-module(main).
-export([main/1]).
main(Args) -> io:format("~p~n", [[Args]]).
END
wrong() {
    "$MUSTER" "$@"
    [ $? -eq 2 ] || { echo "status of $*" >&2; exit 1; }
}
wrong rnu main.erl
wrong main.erl
wrong run --schdulers 2 main.erl
wrong run --junit report main.erl
wrong run --seed
wrong run --schedulers 0 main.erl
wrong run --jit-threshold -1 main.erl
wrong run --max-heap 99999999999999G main.erl
wrong run --jit=quik main.erl
wrong help nothing
"$MUSTER" help test || exit 1
"$MUSTER" test --help >other || exit 1
"$MUSTER" help test | cmp - other || exit 1
"$MUSTER" run --seed=7 --schedulers=2 main.erl --seed -x || exit 1
exec "$MUSTER" run -- main.erl -- a
