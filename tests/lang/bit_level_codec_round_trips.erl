%% A variable-length integer and a bit-packed record written and read back.
-module(bit_level_codec_round_trips).
-export([main/0]).

main() ->
    Ns = [0, 1, 127, 128, 300, 16383, 16384, 1 bsl 31, 1 bsl 62, 1 bsl 63, 1 bsl 64, (1 bsl 90) + 7],
    [begin B = enc(N), {N, <<>>} = dec(B, 0, 0) end || N <- Ns],
    io:format("~w~n", [[enc(N) || N <- [0, 127, 128, 300]]]),
    All = << <<(enc(N))/binary>> || N <- Ns >>,
    io:format("~w~n", [decode_all(All) =:= Ns]),
    io:format("~w~n", [[zigzag(N) || N <- [0, -1, 1, -2, 2, -(1 bsl 40)]]]),
    Recs = [{A, B, C, D} || A <- [0, 1], B <- [0, 5, 7], C <- [-8, -1, 7], D <- [<<>>, <<"xyz">>]],
    Packed = << <<(pack(R))/bits>> || R <- Recs >>,
    io:format("~w ~w~n", [bit_size(Packed), unpack(Packed) =:= Recs]),
    io:format("~w~n", [runs(<<0:5, 7:3, 0:9, 1:1>>)]).

enc(N) when N < 128 -> <<0:1, N:7>>;
enc(N) -> <<1:1, N:7, (enc(N bsr 7))/binary>>.

dec(<<1:1, X:7, R/binary>>, S, A) -> dec(R, S + 7, A bor (X bsl S));
dec(<<0:1, X:7, R/binary>>, S, A) -> {A bor (X bsl S), R}.

decode_all(<<>>) -> [];
decode_all(B) -> {N, R} = dec(B, 0, 0), [N | decode_all(R)].

zigzag(N) when N >= 0 -> N bsl 1;
zigzag(N) -> ((-N) bsl 1) - 1.

pack({A, B, C, D}) -> <<A:1, B:3, C:4/signed, (byte_size(D)):5, D/binary>>.

unpack(<<A:1, B:3, C:4/signed, L:5, D:L/binary, R/bits>>) -> [{A, B, C, D} | unpack(R)];
unpack(<<>>) -> [].

runs(B) -> runs(B, none, 0).
runs(<<X:1, R/bits>>, X, N) -> runs(R, X, N + 1);
runs(<<X:1, R/bits>>, none, 0) -> runs(R, X, 1);
runs(<<X:1, R/bits>>, Y, N) -> [{Y, N} | runs(R, X, 1)];
runs(<<>>, X, N) -> [{X, N}].
