%% band, bor, bxor, bnot, bsl and bsr with negative and big operands.
-module(bitwise_operators_on_all_sizes).
-export([main/0]).

main() ->
    Vs = [0, 1, -1, 5, -5, 16#FFFF_FFFF, 1 bsl 59, -(1 bsl 59), 1 bsl 64, -(1 bsl 64), (1 bsl 100) - 1,
          -(1 bsl 100) + 7, 1 bsl 61, -(1 bsl 61), (1 bsl 64) - 1, (1 bsl 128) - 1,
          1 - (1 bsl 128), 5 bsl 130],
    [io:format("~w ~w: ~w ~w ~w~n", [A, B, A band B, A bor B, A bxor B]) || A <- Vs, B <- Vs],
    [io:format("~w: ~w ~w ~w ~w ~w~n", [A, bnot A, A bsl 3, A bsr 3, A bsr 64, A bsl -2]) || A <- Vs],
    io:format("~w~n", [[1 bsl 70 bsr 69, -1 bsr 100, -8 bsr 1, 0 bsl 1000, 7 bsr 1000, -7 bsr 1000]]).
