%% The bit syntax where it is hot: fields of all sizes, signs and byte orders, where bytes begin and anywhere
%% else; characters, floats, literals, sizes that the data gives; loops over all of that, whose rest goes on,
%% is kept, is looked at behind the loop, or is no binary at all.
-module(optimised_code_takes_binaries_apart).
-export([main/0]).

main() ->
    Bytes = list_to_binary([(N * N * 7 + 13 * N + 5) rem 256 || N <- lists:seq(1, 120)]),
    Shapes = [Bytes | [begin <<_:S, P/bits>> = Bytes, P end || S <- [3, 8, 801]]],
    [io:format("~w ~w~n", [Name, erlang:phash2([each(F, S) || S <- Shapes ++ [<<>>, <<1>>, <<1:1>>, <<7:61>>, atom, 12]])])
     || {Name, F} <- [{bytes, fun bytes/1}, {big, fun big/1}, {little, fun little/1}, {signed, fun signed/1}, {odd, fun odd/1},
                      {few, fun(B) -> few(B, []) end}, {six, fun(B) -> six(B, 0) end}, {words, fun(B) -> words(B, []) end},
                      {swords, fun(B) -> swords(B, []) end}, {ones, fun(B) -> ones(B, 0) end},
                      {floats, fun(B) -> floats(B, []) end}, {tlv, fun(B) -> tlv(B, []) end}, {sized, fun(B) -> sized(B, 3, []) end},
                      {utf, fun(B) -> utf(B, []) end}, {utf16, fun(B) -> utf16(B, []) end}, {units, fun(B) -> units(B, 0) end},
                      {rest, fun(B) -> rest(B, 0) end}, {kept, fun(B) -> kept(B, []) end}, {until, fun(B) -> until(B, 200) end},
                      {deep, fun deep/1}, {pairs, fun(B) -> pairs(B, B, 0) end}, {swapped, fun(B) -> swapped(B, <<1, 2, 3>>, 0) end},
                      {guarded, fun(B) -> guarded(B, 0) end}, {caught, fun(B) -> caught(B, []) end},
                      {comprehension, fun(B) -> [X + Y || <<X:5, Y:11/little>> <= B] end},
                      {inner, fun(B) -> inner(B, 0) end}, {fixed, fun(B) -> fixed(B, []) end}, {skips, fun(B) -> skips(B, 0) end}]],
    io:format("~w~n", [text(unicode:characters_to_binary(lists:seq(16#20, 16#3000, 7) ++ [16#FFFF, 16#10000, 16#10FFFF]), 0)]),
    io:format("~w~n", [[each(fun(U) -> utf(U, []) end, B) || B <- [<<16#C0, 16#80>>, <<16#ED, 16#A0, 16#80>>, <<16#E0, 16#80, 16#80>>,
        <<16#F4, 16#90, 0, 0>>, <<$a, 16#C3>>, <<$a, 16#E2, 16#82>>, <<16#C3, $a>>, <<16#F0, 16#9F, 16#98, 16#80>>, <<16#C3, 16#A9:6>>]]]),
    io:format("~w~n", [[each(fun(S) -> by_size(Bytes, S) end, N) || N <- [0, 1, 7, 64, 65, 960, 961, -1, 1 bsl 60, 1 bsl 70, x, 2.0]]]),
    io:format("~w~n", [[tag(B) || B <- [<<"GET /">>, <<"POST /">>, <<"PO">>, <<"PUT">>, <<"HTTP/1.1 200 OK and more">>, <<1:3, "GET ">>, <<>>]]]),
    io:format("~w~n", [[each(fun(_) -> {first(B), second(B), third(B), fourth(B, 7), fifth(B), rests(B)} end, B) || B <- [<<1, 2, 3, 4>>, <<200, 65, 0>>]]]),
    io:format("~w~n", [[X + Y || <<X>> <= <<1, 2, 3, 4>>, <<Y>> <= <<1, 2>>]]),
    io:format("~w~n", [[ambiguous(B, 0) || B <- [<<1, 2, 3, 4>>, <<0, 1, 2, 9, 9>>, <<0, 0, 0>>, <<1:4>>]]]).

%% Often enough to be worth compiling.
each(F, B) -> each(F, B, 24).
each(F, B, 1) -> try F(B) catch C:E -> {C, E} end;
each(F, B, N) -> _ = try F(B) catch _:_ -> no end, each(F, B, N - 1).

bytes(<<A, B, C, R/binary>>) -> [A + B * C | bytes(R)];
bytes(<<A, R/binary>>) -> [A | bytes(R)];
bytes(<<>>) -> [].

big(<<A:16, B:24, C:32, D:40, E:48, F:56, R/binary>>) -> [A, B, C, D, E, F | big(R)];
big(R) -> R.

little(<<A:16/little, B:24/little, C:32/little, D:40/little, E:48/native, F:56/little, R/bits>>) -> [A, B, C, D, E, F | little(R)];
little(R) -> bit_size(R).

signed(<<A:8/signed, B:16/signed, C:24/signed, D:32/signed-little, E:16/signed-little, F:7/signed, G:9/signed, R/bits>>) ->
    [A, B, C, D, E, F, G | signed(R)];
signed(R) -> bit_size(R).

odd(<<A:1, B:2, C:3, D:11, E:19, F:29, G:37, H:53/signed, I:57, J:13/little, R/bits>>) -> [A, B, C, D, E, F, G, H, I, J | odd(R)];
odd(<<_:1, R/bits>>) -> odd(R);
odd(R) -> R.

few(<<A:3, B:5, C:4/signed, R/bits>>, L) -> few(R, [A, B, C | L]);
few(R, L) -> {R, L}.

six(<<A:6, R/bits>>, S) -> six(R, (S * 31 + A) band 16#FFFFFFF);
six(R, S) -> {S, R}.

words(<<A:64, B:64/little, R/bits>>, L) -> words(R, [A, B | L]);
words(<<A:63, R/bits>>, L) -> {A, R, L};
words(_, L) -> L.

swords(<<A:64/signed, B:64/little-signed, C:70/signed, R/bits>>, L) -> swords(R, [A, B, C | L]);
swords(_, L) -> L.

ones(<<1:1, R/bits>>, N) -> ones(R, N + 1);
ones(<<0:1, R/bits>>, N) -> ones(R, N);
ones(<<>>, N) -> N.

floats(<<A/float, B:32/float, R/bits>>, L) -> floats(R, [A, B | L]);
floats(<<A/float-little, R/bits>>, L) -> floats(R, [A | L]);
floats(<<_, R/bits>>, L) -> floats(R, L);
floats(R, L) -> {R, L}.

tlv(<<T, N:4, _:4, V:N/binary, R/binary>>, L) -> tlv(R, [{T, V} | L]);
tlv(R, L) -> {R, L}.

sized(Bin, N, L) ->
    case Bin of
        <<A:N, B:N/unit:3, R/bits>> -> sized(R, (A + 3) band 31, [A, B | L]);
        <<_:N/bits, R:5/bits, _/bits>> -> {Bin, R, N, L};
        R -> {bit_size(R), N, L}
    end.

utf(<<C/utf8, R/binary>>, L) -> utf(R, [C | L]);
utf(<<X, R/bits>>, L) -> utf(R, [-X | L]);
utf(R, L) -> {R, L}.

utf16(<<C/utf16, D/utf16-little, R/bits>>, L) -> utf16(R, [C, D | L]);
utf16(<<C/utf32, R/bits>>, L) -> utf16(R, [C | L]);
utf16(<<X, R/bits>>, L) -> utf16(R, [-X | L]);
utf16(R, L) -> {R, L}.

units(<<X, R/binary-unit:24>>, N) -> units(R, N + X);
units(<<_:5, R/binary-unit:7>>, N) -> units(R, N + 1);
units(<<X, R/binary-unit:16>>, N) -> units(R, N - X);
units(<<_:1, R/bits>>, N) -> units(R, N);
units(R, N) -> {R, N}.

%% The rest of a loop is looked at behind it, and by an exit in it.
rest(<<0, R/binary>>, N) -> {R, N};
rest(<<X, R/binary>>, N) when N < 100000 -> rest(R, N + X);
rest(R, N) -> {rest, R, N}.

kept(<<X, R/binary>>, L) when X rem 5 =:= 0 -> kept(R, [R | L]);
kept(<<_, R/binary>>, L) -> kept(R, L);
kept(R, L) -> [R | L].

until(<<X, _/binary>> = B, X) -> B;
until(<<_, R/binary>>, X) -> until(R, X).

deep(<<X, R/binary>>) -> S = deep(R), S bxor (X + byte_size(R));
deep(<<>>) -> 17.

pairs(<<X, R/binary>>, <<Y:16, S/binary>>, N) -> pairs(R, S, N + X * Y);
pairs(A, B, N) -> {A, B, N}.

swapped(<<X, R/binary>>, B, N) when N < 5000000 -> swapped(B, R, N + X + byte_size(B));
swapped(A, B, N) -> {A, B, N}.

guarded(<<X, R/binary>>, N) when byte_size(R) > 10, X < 250 -> guarded(R, N + X);
guarded(R, N) -> {is_binary(R), N}.

caught(<<X, R/binary>>, L) ->
    Y = try 1000 div (X rem 3) catch error:badarith -> {X, R} end,
    caught(R, [Y | L]);
caught(R, L) -> {R, erlang:phash2(L)}.

inner(<<N:3, R/bits>>, A) -> {B, S} = take(N, R, 0), inner(S, A + B);
inner(R, A) -> {R, A}.

take(0, B, A) -> {A, B};
take(N, Bin, A) ->
    case Bin of
        <<X:N, B/bits>> -> take(N - 1, B, A * 3 + X);
        B -> {A, B}
    end.

fixed(<<45:8, Flags:16, N:32/little, _:16, "x", R/binary>>, L) -> fixed(R, [{Flags, N} | L]);
fixed(<<K:16, 0:1, A:15, 1:1, B:7, C:24, R/binary>>, L) -> fixed(R, [{K, A, B, C} | L]);
fixed(<<_:8, R/binary>>, L) -> fixed(R, L);
fixed(R, L) -> {R, L}.

skips(<<_:7, N:2, _:N/unit:9, R/bits>>, S) -> skips(R, S + N);
skips(<<_:3/binary, X, _/bits>>, S) -> S + X;
skips(R, S) -> {R, S}.

text(<<C/utf8, R/binary>>, N) -> text(R, (N * 33 + C) rem 16#FFFFFFF);
text(<<>>, N) -> N.

by_size(B, N) -> case B of <<X:N, R/bits>> -> {X, bit_size(R)}; <<_:8, R/bits>> -> {no, bit_size(R)} end.

tag(<<"GET ", R/binary>>) -> {get, R};
tag(<<"POST ", R/binary>>) -> {post, R};
tag(<<"PUT", R/bits>>) -> {put, R};
tag(<<"HTTP/1.1 200 OK and more", R/binary>>) -> {http, R};
tag(<<X:3, "GET ", R/bits>>) -> {X, R};
tag(R) -> {none, R}.

%% What is taken goes right where an argument of a call is wanted.
first(B) -> <<X, _/bits>> = B, triple(1, 2, X).
second(B) -> <<X:16, _/bits>> = B, triple(1, 2, X).
third(<<X/utf8, _/bits>>) -> triple(1, 2, X);
third(<<_:3, X:7/bits, _/bits>>) -> triple(1, 2, X).
fourth(<<X, _/bits>>, A) -> triple(A, 1, X).
fifth(<<_:3, X:7/bits, _/bits>>) -> triple(1, 2, X).
rests(<<_, R/bits>>) -> triple(1, 2, R).
triple(A, B, C) -> {A, B, C}.

%% Clauses that begin alike: back to the start after a part was taken.
ambiguous(<<0, 1, X, R/binary>>, N) -> ambiguous(R, N + X);
ambiguous(<<0, 0, X, R/binary>>, N) -> ambiguous(R, N - X);
ambiguous(<<0, X, R/binary>>, N) -> ambiguous(R, N * X);
ambiguous(<<X, R/binary>>, N) -> ambiguous(R, N + 10 * X);
ambiguous(R, N) -> {R, N}.
