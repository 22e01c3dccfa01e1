%% Arithmetic on literals is allowed in patterns.
-module(patterns_with_constant_expressions).
-export([main/0]).

main() ->
    io:format("~w~n", [[f(X) || X <- [3, 6, -1, 8, 255, 1.5, 0]]]).

f(1 + 2) -> sum;
f(2 * 3) -> product;
f(-1) -> minus;
f(1 bsl 3) -> shift;
f(16#F0 bor 16#0F) -> bits;
f(3 / 2) -> quotient;
f(_) -> none.
