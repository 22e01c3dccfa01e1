%% Arithmetic around the borders of machine words gives exact results.
-module(small_integers_become_big_at_the_border).
-export([main/0]).

main() ->
    Borders = [1 bsl N || N <- [27, 28, 31, 32, 47, 48, 52, 53, 58, 59, 60, 61, 62, 63, 64, 65, 127, 128]],
    lists:foreach(
        fun(B) ->
            io:format("~w ~w ~w ~w~n", [B - 1, B, B + 1, -B]),
            true = (B - 1) + 1 =:= B,
            true = (B + 1) - 1 =:= B,
            true = -B - 1 < -B,
            true = (-B) + B =:= 0,
            true = B * B div B =:= B,
            true = (B * -1) =:= -B,
            true = is_integer(B)
        end, Borders).
