%% Closures keep the values of variables at creation.
-module(funs_capture_their_environment).
-export([main/0]).

main() ->
    Adders = [fun(X) -> X + N end || N <- [1, 10, 100]],
    io:format("~w~n", [[F(5) || F <- Adders]]),
    Compose = fun(F, G) -> fun(X) -> F(G(X)) end end,
    Inc = fun(X) -> X + 1 end,
    Dbl = fun(X) -> X * 2 end,
    io:format("~w ~w~n", [(Compose(Inc, Dbl))(5), (Compose(Dbl, Inc))(5)]),
    X = 1,
    Shadow = fun(X) -> X end,
    io:format("~w ~w~n", [Shadow(2), X]),
    Big = lists:seq(1, 5),
    A = 1, B = 2, C = 3, D = 4, E = 5, G = 6, H = 7, I = 8,
    Many = fun() -> {A, B, C, D, E, G, H, I, Big} end,
    io:format("~w~n", [Many()]),
    Clauses = fun(0) -> zero; (N) when N > 0 -> plus; (_) -> minus end,
    io:format("~w~n", [[Clauses(V) || V <- [0, 3, -3]]]),
    Nested = fun(P) -> fun(Q) -> fun(R) -> {P, Q, R, X} end end end,
    io:format("~w~n", [((Nested(1))(2))(3)]),
    io:format("~w~n", [(fun(_, _) -> ignored end)(1, 2)]).
