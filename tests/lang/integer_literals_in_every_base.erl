%% Integers with bases, underscores and characters.
-module(integer_literals_in_every_base).
-export([main/0]).

main() ->
    io:format("~w~n", [[2#1011, 8#777, 16#FF, 16#ff, 36#Zz, 10#42, 3#210]]),
    io:format("~w~n", [[1_000_000, 16#FFFF_FFFF, 2#1010_1010, 1_2_3]]),
    io:format("~w~n", [[$a, $\n, $\s, $\\, $\x41, $\x{1F600}, $\101, $ , $']]),
    io:format("~w~n", [-16#8000_0000_0000_0000]),
    io:format("~w~n", [[+5, -5, - -5, -(-5)]]).
