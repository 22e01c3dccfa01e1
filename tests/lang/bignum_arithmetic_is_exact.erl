%% Multiplication, division and remainder of integers of many words.
-module(bignum_arithmetic_is_exact).
-export([main/0]).

main() ->
    F = fact(60),
    io:format("~w~n", [F]),
    io:format("~w~n", [F div fact(55)]),
    io:format("~w~n", [F rem (fact(20) + 1)]),
    io:format("~w~n", [-F rem 1000007]),
    io:format("~w~n", [-F div 1000007]),
    io:format("~w~n", [F * F]),
    io:format("~w~n", [(F * F + 12345) rem F]),
    io:format("~w~n", [(F + 1) * (F - 1) - F * F]),
    io:format("~w~n", [abs(-F) =:= F]),
    io:format("~w~n", [pow(3, 200) - pow(3, 199)]).

fact(0) -> 1;
fact(N) -> N * fact(N - 1).

pow(_, 0) -> 1;
pow(B, N) -> B * pow(B, N - 1).
