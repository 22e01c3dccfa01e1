%% Matching, building and comparing bitstrings that do not start on a byte.
-module(bitstrings_at_odd_offsets).
-export([main/0]).

main() ->
    B = <<16#123456789ABCDEF0:64>>,
    Parts = [begin <<_:O, P:S/bits, _/bits>> = B, {O, S, P} end || O <- [0, 1, 3, 7, 8, 13], S <- [0, 1, 5, 8, 15, 32]],
    [io:format("~w ~w ~w~n", [O, S, P]) || {O, S, P} <- Parts],
    [begin <<_:O, V:S, _/bits>> = B, <<V2:S>> = P, true = V =:= V2 end || {O, S, P} <- Parts],
    <<A:5/bits, R/bits>> = B,
    io:format("~w~n", [<<A/bits, R/bits>> =:= B]),
    <<_:3, X:16/bits, _/bits>> = B,
    <<Y:16>> = X,
    io:format("~w ~w ~w~n", [X =:= <<Y:16>>, X < B, bit_size(R)]),
    <<_:3, Bytes:3/binary, _/bits>> = B,
    io:format("~w ~w~n", [Bytes, binary_to_list(Bytes)]),
    io:format("~w~n", [[N || <<N:3>> <= R]]),
    <<_:5, F:64/float, _/bits>> = <<7:5, 3.25/float, 1:3>>,
    io:format("~w~n", [F]),
    <<_:1, U/utf8, _/bits>> = <<0:1, "€"/utf8, 5:4>>,
    io:format("~w~n", [U]),
    <<_:7, L:24/little-signed, _/bits>> = <<1:7, (-3):24/little, 0:1>>,
    io:format("~w~n", [L]).
