# The program fails as escript would: exit status 1, the exception on standard error.
# status: 1
# stdout: before
# stderr: no match of right hand side value x
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> io:format("before~n"), ok = list_to_atom("x").
END
exec "$MUSTER" run main.erl
