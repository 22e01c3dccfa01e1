%% Sums, products, quotients and roots made of each other: where one of them is too large, or of what is no
%% number, the exception is that of the first.
-module(floats_that_overflow_on_the_way).
-export([main/0]).

main() ->
    Numbers = [0.0, 1.0, -2.5, 1.0e300, -1.0e308, 1.7e308, 5.0e-324, 3, -7, 1 bsl 70, 0],
    warm(20000, 1.5),
    io:format("~w~n", [[try chain(X, Y) catch C:R -> {C, R} end || X <- Numbers, Y <- Numbers]]),
    io:format("~w~n", [[try hidden(X, Y) catch C:R -> {C, R} end || X <- Numbers, Y <- Numbers]]),
    io:format("~w~n", [[try roots(X) catch C:R -> {C, R} end || X <- Numbers ++ [none, <<>>, -0.0, 1 bsl 2000]]]),
    io:format("~w~n", [[try first(X, Y) catch C:R:S -> {C, R, hd([L || {?MODULE, first, 2, P} <- S, {line, L} <- P])} end
                        || X <- [1.0, 1.0e200, a, 1.0e308], Y <- [2.0, 1.0e200, b, 1.0e-308]]]),
    io:format("~w~n", [[sizes(B) || B <- [<<>>, <<1:1>>, <<"abc">>]]]),
    io:format("~w~n", [sums([1.0e308, 1.0e307, -1.0e308, 5, 2.0e307], 0.0)]),
    io:format("~w~n", [try sums([1.0e308, 1.0e308, -1.0e308], 0.0) catch C:R -> {C, R} end]).

warm(0, X) -> X;
warm(N, X) ->
    chain(X, 2.0), hidden(2.0, X), roots(X), first(X, 3.0),
    warm(N - 1, X + 0.25).

chain(X, Y) -> ((X + Y) * (X - Y) + X * X) / (Y * Y + 1.0).
%% The divisor is too large, which the quotient would not show.
hidden(X, Y) -> 1.0 / (X * Y * 1.0e10 + 2.0) + X.
roots(X) -> math:sqrt(X) * 2.0 + math:sqrt(math:sqrt(X) + 1.0).

first(X, Y) ->
    A = X * Y,
    B = A * X,
    C = B - A / (Y + 1.0),
    [A, B, C].

sizes(B) -> 0.0 - bit_size(B).

sums([], Sum) -> Sum;
sums([X | Rest], Sum) -> sums(Rest, (Sum + X) * 1.0).
