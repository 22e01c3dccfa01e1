%% erlang:raise/3 re-raises any class, with the given trace.
-module(raise_with_erlang_raise).
-export([main/0]).

main() ->
    [io:format("~w~n", [try erlang:raise(C, reason, []) catch C1:R1 -> {C1, R1} end]) || C <- [throw, error, exit]],
    io:format("~w~n", [try again() catch C2:R2:S -> {C2, R2, mfa(S)} end]),
    io:format("~w~n", [try erlang:raise(error, r, [{my_mod, my_fun, 3, []}]) catch _:_:S3 -> mfa(S3) end]),
    io:format("~w~n", [erlang:raise(bad_class, x, [])]),
    io:format("~w~n", [try wrap(fun() -> error(inner) end) catch error:{wrapped, E} -> E end]).

again() ->
    try fail(1)
    catch C:R:S -> erlang:raise(C, {again, R}, S)
    end.

fail(X) -> {ok, _} = id({no, X}), ok.

wrap(F) -> try F() catch error:E:S -> erlang:raise(error, {wrapped, E}, S) end.

mfa([{M, F, A, _} | _]) -> {M, F, A};
mfa([]) -> none.

id(X) -> X.
