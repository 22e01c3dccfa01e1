%% Funs with several clauses, patterns and guards, in data and as arguments.
-module(fun_heads_with_guards_and_patterns).
-export([main/0]).

main() ->
    Ops = #{add => fun(A, B) -> A + B end, 'div' => fun(_, 0) -> infinity; (A, B) -> A div B end, size => fun byte_size/1},
    io:format("~w ~w ~w~n", [(maps:get(add, Ops))(1, 2), (maps:get('div', Ops))(1, 0), (maps:get('div', Ops))(7, 2)]),
    #{size := Size} = Ops,
    io:format("~w~n", [Size(<<"abc">>)]),
    Pipeline = [fun(X) -> X + 1 end, fun(X) when X > 5 -> {big, X}; (X) -> {small, X} end, fun({_, V} = T) -> {T, V} end],
    io:format("~w ~w~n", [lists:foldl(fun(F, A) -> F(A) end, 1, Pipeline), lists:foldl(fun(F, A) -> F(A) end, 10, Pipeline)]),
    {F, [G | _]} = {fun(#{k := V}) -> V end, [fun([H | _]) -> H end]},
    io:format("~w ~w~n", [F(#{k => found}), G([first, second])]),
    Curry = fun(Fn) -> fun(A) -> fun(B) -> Fn(A, B) end end end,
    io:format("~w~n", [((Curry(fun(A, B) -> {A, B} end))(1))(2)]),
    Y = fun(M) -> (fun(X) -> X(X) end)(fun(X) -> M(fun(A) -> (X(X))(A) end) end) end,
    Fac = Y(fun(Self) -> fun(0) -> 1; (N) -> N * Self(N - 1) end end),
    io:format("~w~n", [Fac(10)]),
    K = 5,
    B = fun(K2) when K2 =:= K -> same; (_) -> different end,
    io:format("~w ~w~n", [B(5), B(6)]).
