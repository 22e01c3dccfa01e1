%% Big integers: N factorial, its digits, and division back down.
-module(factorial).
-export([run/1, default/0]).

default() -> 16000.

run(N) ->
    F = fact(N, 1),
    Digits = integer_to_list(F),
    {length(Digits), lists:sum(Digits), down(N, F)}.

fact(0, Acc) -> Acc;
fact(N, Acc) -> fact(N - 1, Acc * N).

down(0, F) -> F;
down(N, F) -> down(N - 1, F div N).
