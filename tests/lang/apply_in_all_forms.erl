%% apply/2,3, M:F(...), fun values and spawn with module, function, arguments.
-module(apply_in_all_forms).
-export([main/0]).

-export([f/0, f/1, f/2]).

f() -> zero.
f(A) -> {one, A}.
f(A, B) -> {two, A, B}.

main() ->
    M = ?MODULE, F = f, N = 1,
    io:format("~w~n", [[apply(M, F, []), apply(M, f, [1]), apply(?MODULE, f, [1, 2]), M:f(), M:F(3), ?MODULE:F(4, 5), apply(fun M:F/N, [6])]]),
    Args = id([7, 8]),
    io:format("~w~n", [[apply(M, F, Args), apply(fun f/2, Args), apply(M, F, [id(9)])]]),
    io:format("~w~n", [[apply(erlang, '+', [1, 2]), apply(erlang, length, ["abc"]), erlang:apply(lists, sum, [[1, 2]])]]),
    io:format("~w~n", [(id(erlang)):(id('*'))(6, 7)]),
    io:format("~w~n", [[G() || G <- [fun f/0, fun() -> f() end, fun ?MODULE:f/0]]]),
    Self = self(),
    spawn(erlang, send, [Self, via_mfa]),
    io:format("~w~n", [receive X -> X end]),
    io:format("~w~n", [try apply(M, F, [1, 2, 3]) catch error:undef -> undef end]).

id(X) -> X.
