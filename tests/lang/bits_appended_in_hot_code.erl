%% Bitstrings that grow in hot code: by whole bytes, by a few bits, to any size, from the empty one on; whose
%% beginnings are kept and appended to twice; values that do not fit, and such as are none.
-module(bits_appended_in_hot_code).
-export([main/0]).

main() ->
    [io:format("~w ~w~n", [Name, erlang:phash2([each(F, N) || N <- [0, 1, 2, 9, 63, 64, 65, 200, 1500]])])
     || {Name, F} <- [{bytes, fun(N) -> bytes(N, <<>>) end}, {six, fun(N) -> << <<X:6>> || X <- lists:seq(1, N) >> end},
                      {one, fun(N) -> << <<(X band 1):1>> || X <- lists:seq(1, N) >> end},
                      {odd, fun(N) -> odd(N, <<5:3>>) end}, {wide, fun(N) -> wide(N, <<>>) end}, {mixed, fun(N) -> mixed(N, <<>>) end},
                      {twice, fun(N) -> twice(N, <<>>, <<>>) end}, {kept, fun(N) -> kept(N, <<>>, []) end}, {fresh, fun(N) -> fresh(N, []) end},
                      {utf, fun(N) -> utf(N, <<>>) end}, {recode, fun(N) -> recode(bytes(N, <<>>)) end}, {parts, fun(N) -> parts(N, <<1>>, <<2:4>>) end},
                      {bigs, fun(N) -> bigs(N, 1, <<>>) end}, {floats, fun(N) -> floats(N, <<>>) end}, {between, fun(N) -> between(N, <<>>) end}]],
    io:format("~p~n", [[try F(V) catch C:E -> {C, E} end || F <- [fun last/1, fun first/1, fun loose/1], V <- [1, -1, 1 bsl 70, 1.5, a, <<1:3>>, <<1>>]]]),
    io:format("~w~n", [[{guarded(V, S)} || V <- [1, x, 300], S <- [8, 3, -1, y]]]).

each(F, N) -> each(F, N, 6).
each(F, N, 1) -> F(N);
each(F, N, K) -> _ = F(N), each(F, N, K - 1).

bytes(0, B) -> B;
bytes(N, B) -> bytes(N - 1, <<B/binary, N, (N * 7):16, 255>>).

odd(0, B) -> B;
odd(N, B) -> odd(N - 1, <<B/bits, N:3, 1:1, (N * 5):13, "ab", (-N):5>>).

wide(0, B) -> B;
wide(N, B) -> wide(N - 1, <<B/bits, N:37, (N bsl 20):40/little>>).

mixed(0, B) -> B;
mixed(N, B) when N rem 3 =:= 0 -> mixed(N - 1, <<B/bits, N:9>>);
mixed(N, B) when N rem 3 =:= 1 -> mixed(N - 1, <<B/bits, N:7>>);
mixed(N, B) when bit_size(B) rem 8 =:= 0 -> mixed(N - 1, <<B/binary, N:16/little>>);
mixed(N, B) -> mixed(N - 1, <<B/bits, N:1>>).

twice(0, A, B) -> {A, B, A =:= B};
twice(N, A, _) -> C = <<A/bits, N:5>>, D = <<A/bits, N:11>>, E = <<A/bits, N:5>>, E = C, twice(N - 1, C, D).

kept(0, B, L) -> {B, erlang:phash2(L)};
kept(N, B, L) when N rem 7 =:= 0 -> kept(N - 1, <<B/bits, N:7>>, [B, <<B/bits, 1:2>> | L]);
kept(N, B, L) -> kept(N - 1, <<B/bits, N:7>>, L).

fresh(0, L) -> erlang:phash2(L);
fresh(N, L) -> fresh(N - 1, [<<N:16, 3:4, (N * 3):12, N:32/little, "xyz", (N band 1):1, 0:7>>, <<N:64, (-N):64/signed>>, <<N:3>> | L]).

utf(0, B) -> B;
utf(N, B) -> utf(N - 1, <<B/binary, (N * 36)/utf8, (N + 16#10000)/utf16>>).

recode(B) -> << <<(X bxor 7):8, (X band 15):4, 1:4>> || <<X:5, _:3>> <= B >>.

parts(0, A, B) -> {A, B};
parts(N, A, B) when bit_size(A) > 3000; bit_size(B) > 3000 -> {N, A, B};
parts(N, A, B) -> parts(N - 1, <<A/bits, N, B/bits, (N * 3):4>>, <<B/bits, N:4, A/bits>>).

bigs(0, _, B) -> B;
bigs(N, X, B) -> bigs(N - 1, X * 3, <<B/bits, X:23>>).

floats(0, B) -> B;
floats(N, B) -> floats(N - 1, <<B/binary, (N / 3)/float, (N * 1.5):64/float-little, N/float, N:16, (N * 1.0e300)/float>>).

%% Many values at once, more than there are registers for.
between(0, B) -> B;
between(N, B) ->
    {C, D, E, F, G, H} = {N + 1, N * 2, N * 3, N bxor 5, N band 77, N + 9},
    R = <<B/binary, C, D, E:16, F, G:24, H, (C + D), (E + F), (G + H):16>>,
    between(N - 1 + 0 * (C + D + E + F + G + H), R).

last(V) -> X = <<1, 2, 3, V>>, <<X/binary, V:16, 7>>.
first(V) -> <<V/binary, 1>>.
loose(V) -> <<(six(65))/bits, V:3>>.
six(N) -> << <<X:6>> || X <- lists:seq(1, N) >>.

guarded(V, S) when <<V:S, 1:1>> =:= <<3:2, 0:0>>; <<V:S>> =:= <<1>> -> yes;
guarded(V, S) when is_binary(<<V:S>>) -> binary;
guarded(_, _) -> no.
