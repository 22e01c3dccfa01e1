%% Named funs call themselves, with several clauses and captured variables.
-module(funs_named_recursive).
-export([main/0]).

main() ->
    Fact = fun F(0) -> 1; F(N) -> N * F(N - 1) end,
    io:format("~w~n", [Fact(20)]),
    Step = 3,
    Count = fun Loop(N, Acc) when N > 20 -> lists:reverse(Acc); Loop(N, Acc) -> Loop(N + Step, [N | Acc]) end,
    io:format("~w~n", [Count(1, [])]),
    Self = fun Me(x) -> is_function(Me, 1) end,
    io:format("~w~n", [Self(x)]),
    Fib = fun Fib(N) when N < 2 -> N; Fib(N) -> Fib(N - 1) + Fib(N - 2) end,
    io:format("~w~n", [[Fib(N) || N <- lists:seq(0, 15)]]).
