%% Exceptions in the of part, in handlers and in after leave the try.
-module(try_clause_and_of_exceptions_are_not_caught).
-export([main/0]).

main() ->
    io:format("~w~n", [t(fun() -> try id(v) of v -> throw(from_of) catch throw:_ -> caught_here end end)]),
    io:format("~w~n", [t(fun() -> try throw(a) catch throw:a -> throw(from_handler) end end)]),
    io:format("~w~n", [t(fun() -> try ok after throw(from_after) end end)]),
    io:format("~w~n", [t(fun() -> try throw(first) after throw(second) end end)]),
    io:format("~w~n", [t(fun() -> try throw(first) catch first -> error(handler) after throw(after_wins) end end)]),
    io:format("~w~n", [t(fun() -> try id(nomatch) of a -> b catch _:_ -> caught end end)]),
    io:format("~w~n", [t(fun() -> try id(nomatch) of a -> b after io:format("after ran ") end end)]),
    io:format("~w~n", [t(fun() -> try try error(x) after id(ok) end catch error:x -> rethrow end end)]),
    io:format("~w~n", [t(fun() -> try exit(deep) catch exit:R -> try throw({again, R}) catch throw:V -> V end end end)]).

id(X) -> X.

t(F) -> try {value, F()} catch C:R -> {C, R} end.
