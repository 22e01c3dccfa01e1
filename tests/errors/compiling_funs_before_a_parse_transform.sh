# Of two modules compiled together the first has funs of functions that the second's parse transform calls.
# status: 0
# stdout: {a,1}
# stdout: [3,2,1]
cat >funs.erl <<'END'
-module(funs).
-export([f/0]).
f() -> {fun lists:keyfind/3, fun helper:twice/1}.
END
cat >helper.erl <<'END'
-module(helper).
-export([twice/1]).
twice(Forms) -> lists:reverse(lists:reverse(Forms)).
END
cat >transform.erl <<'END'
-module(transform).
-export([parse_transform/2]).
parse_transform(Forms, _) ->
    Twice = fun helper:twice/1,
    io:format("~p~n", [lists:keyfind(a, 1, [{a, 1}])]),
    Twice(Forms).
END
cat >transformed.erl <<'END'
-module(transformed).
-compile({parse_transform, transform}).
-export([main/0]).
main() -> io:format("~p~n", [lists:reverse([1, 2, 3])]).
END
"$MUSTER" compile funs.erl transformed.erl || exit 3
exec "$MUSTER" run transformed.mbc
