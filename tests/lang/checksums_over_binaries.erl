%% CRC, Adler and a rolling hash computed byte by byte equal the built-ins.
-module(checksums_over_binaries).
-export([main/0]).

main() ->
    B = << <<(X * X)>> || X <- lists:seq(1, 1000) >>,
    T = list_to_tuple([table(I, 8) || I <- lists:seq(0, 255)]),
    io:format("~w ~w~n", [crc(B, T, 16#FFFFFFFF) bxor 16#FFFFFFFF, crc(<<"123456789">>, T, 16#FFFFFFFF) bxor 16#FFFFFFFF]),
    io:format("~w~n", [crc(B, T, 16#FFFFFFFF) bxor 16#FFFFFFFF =:= erlang:crc32(B)]),
    io:format("~w ~w~n", [adler(B, 1, 0), adler(B, 1, 0) =:= erlang:adler32(B)]),
    io:format("~w~n", [fnv(B, 14695981039346656037)]),
    io:format("~w~n", [lists:foldl(fun(X, A) -> (A * 31 + X) band 16#FFFFFFFFFFFFFFFF end, 7, binary_to_list(B))]).

table(C, 0) -> C;
table(C, N) when C band 1 =:= 1 -> table((C bsr 1) bxor 16#EDB88320, N - 1);
table(C, N) -> table(C bsr 1, N - 1).

crc(<<X, R/binary>>, T, C) -> crc(R, T, element((C bxor X) band 255 + 1, T) bxor (C bsr 8));
crc(<<>>, _, C) -> C.

adler(<<X, R/binary>>, A, B) -> A2 = (A + X) rem 65521, adler(R, A2, (B + A2) rem 65521);
adler(<<>>, A, B) -> (B bsl 16) bor A.

fnv(<<X, R/binary>>, H) -> fnv(R, ((H bxor X) * 1099511628211) band 16#FFFFFFFFFFFFFFFF);
fnv(<<>>, H) -> H.
