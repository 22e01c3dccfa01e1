%% A big integer becomes a float from its 64-bit digits, rounded at each, as erl does it.
-module(big_integers_become_floats_digit_by_digit).
-export([main/0]).

main() ->
    io:format("~w~n", [[float(id(X)) || X <- [258396894381157970300140442738857668, -170893132414833518700970731992428236, 1 bsl 64, (1 bsl 64) + 1, (1 bsl 64) - 1]]]),
    io:format("~w~n", [[id(X) * 1.0 || X <- [9007199254740993, (1 bsl 62) + 257, (1 bsl 63) + 1025, (1 bsl 117) + (1 bsl 64) + 1, (1 bsl 200) - 1]]]),
    Rs = random(200, 12345, []),
    [io:format("~w ~w ~w~n", [X, float(X), X / 3]) || X <- Rs],
    Top = (1 bsl 1024) - 1,
    [io:format("~w~n", [try float(id(X)) catch C:R -> {C, R} end])
     || X <- [Top, Top - (1 bsl 970), Top - (1 bsl 971), (1 bsl 1023) + (1 bsl 960), -(1 bsl 1024), (1 bsl 1024) - (1 bsl 960), -(1 bsl 1023), 1 bsl 5000]],
    io:format("~w~n", [[X == float(X) || X <- lists:sublist(Rs, 10)]]).

random(0, _, Acc) -> Acc;
random(N, S, Acc) ->
    S2 = (S * 6364136223846793005 + 1442695040888963407) band 16#FFFFFFFFFFFFFFFF,
    S3 = (S2 * 6364136223846793005 + 1442695040888963407) band 16#FFFFFFFFFFFFFFFF,
    X = ((S2 bsl 64) bor S3) * ((S3 bsl (N band 63)) bor 1) bsr (N rem 190),
    random(N - 1, S3, [case N rem 3 of 0 -> -X; _ -> X end | Acc]).

id(X) -> X.
