%% Takes N frames of a binary protocol apart: tags, lengths, bit fields, checksums.
-module(binary_parse).
-export([run/1, default/0]).

default() -> 3000.

run(N) ->
    Stream = list_to_binary([frame(I) || I <- lists:seq(1, 4000)]),
    loop(N, Stream, 0).

loop(0, _, Sum) -> Sum;
loop(N, Stream, Sum) -> loop(N - 1, Stream, parse(Stream, Sum)).

frame(I) ->
    Payload = list_to_binary(lists:duplicate(I rem 20, I band 255)),
    case I rem 3 of
        0 -> <<1:4, 0:3, 1:1, (byte_size(Payload)):16, Payload/binary, 16#BEEF:16>>;
        1 -> <<2:4, 5:4, I:32/little, (I * 2):16, 16#BEEF:16>>;
        2 -> <<3:4, 0:4, (I / 2):64/float, I:24/signed, 16#BEEF:16>>
    end.

parse(<<1:4, _:3, Flag:1, Len:16, Payload:Len/binary, 16#BEEF:16, Rest/binary>>, Sum) ->
    parse(Rest, bytes(Payload, Sum + Flag));
parse(<<2:4, Kind:4, A:32/little, B:16, 16#BEEF:16, Rest/binary>>, Sum) ->
    parse(Rest, (Sum + Kind + A + B) band 16#FFFFFFF);
parse(<<3:4, _:4, F:64/float, C:24/signed, 16#BEEF:16, Rest/binary>>, Sum) ->
    parse(Rest, (Sum + trunc(F) + C) band 16#FFFFFFF);
parse(<<>>, Sum) -> Sum.

bytes(<<B, Rest/binary>>, Sum) -> bytes(Rest, (Sum * 31 + B) band 16#FFFFFFF);
bytes(<<>>, Sum) -> Sum.
