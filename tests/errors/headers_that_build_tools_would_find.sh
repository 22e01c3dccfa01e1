# status: 0
# stdout: 7 and file_info
# stdout: 8 of a test
# stderr: can't find include file "inner.hrl"
mkdir -p app/src app/include app/test other
printf -- '-define(SEVEN, 7).\n' >app/include/inner.hrl
cat >app/src/inner.erl <<'END'
-module(inner).
-export([f/0]).
-include("inner.hrl").
-include("file.hrl").
f() -> {?SEVEN, element(1, #file_info{})}.
END
cat >app/test/inner_tests.erl <<'END'
-module(inner_tests).
-export([f/0]).
-include("inner.hrl").
f() -> ?SEVEN + 1.
END
printf -- '-module(stray).\n-include("inner.hrl").\n' >other/stray.erl
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    {Seven, Record} = inner:f(),
    io:format("~p and ~p~n~p of a test~n", [Seven, Record, inner_tests:f()]),
    code:ensure_loaded(stray).
END
exec "$MUSTER" run -pa app/src -pa app/test -pa other main.erl
