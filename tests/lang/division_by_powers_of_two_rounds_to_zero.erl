%% div and rem by constants that are powers of two: to zero, for negative numbers, too, up to the ends of
%% small integers and beyond.
-module(division_by_powers_of_two_rounds_to_zero).
-export([main/0]).

main() ->
    Near = [-9, -8, -7, -5, -4, -3, -2, -1, 0, 1, 2, 3, 4, 5, 7, 8, 9],
    Far = [Sign * ((1 bsl Bits) + Plus) || Bits <- [58, 59, 60, 61, 64], Plus <- [-1, 0, 1], Sign <- [-1, 1]],
    io:format("~w~n", [[halves(X) || X <- Near ++ Far]]),
    io:format("~w~n", [[eighths(X) || X <- Near ++ Far]]),
    io:format("~w~n", [sums(Near, 0)]),
    io:format("~w~n", [[up(1000), up(-1000), down(1000)]]).

halves(X) -> {X div 1, X div 2, X rem 2, X rem 1}.

eighths(X) -> {X div 4, X div 8, X rem 8, (X + 1) div 1024, X div -2, X rem -2}.

%% Where the dividend is used again, and where its place is the quotient's.
sums([], Sum) -> Sum;
sums([X | Rest], Sum) -> sums(Rest, Sum div 2 + X div 2 * 3 + X).

up(N) when is_integer(N) -> up(N, 0).

up(0, Sum) -> Sum;
up(N, Sum) -> Half = N div 2, up(Half, Sum + Half + N).

down(N) -> down(-N, 0).

down(0, Sum) -> Sum;
down(N, Sum) -> down(N div 2, Sum + N).
