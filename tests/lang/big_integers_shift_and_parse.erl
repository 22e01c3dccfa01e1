%% Numbers of thousands of bits: shifts, text, comparison.
-module(big_integers_shift_and_parse).
-export([main/0]).

main() ->
    B = 1 bsl 5000,
    S = integer_to_list(B),
    io:format("~w ~w~n", [length(S), lists:sublist(S, 20)]),
    io:format("~w~n", [list_to_integer(S) =:= B]),
    io:format("~w~n", [B bsr 4990]),
    io:format("~w~n", [(B - 1) band 16#FFFF]),
    io:format("~w~n", [(-B) bsr 4999]),
    io:format("~w~n", [[B < B + 1, B > B - 1, -B < B, B == B + 0, B =:= (B bsl 1) div 2]]),
    io:format("~w~n", [bits(B - 1, 0)]),
    io:format("~w~n", [gcd(B, 3 * (1 bsl 4000) * 7)  =:= 1 bsl 4000]),
    io:format("~w~n", [powmod(3, 1 bsl 200, 1000000007)]).

bits(0, N) -> N;
bits(X, N) -> bits(X bsr 1, N + (X band 1)).

gcd(A, 0) -> A;
gcd(A, B) -> gcd(B, A rem B).

powmod(_, 0, _) -> 1;
powmod(B, E, M) when E band 1 =:= 0 -> powmod(B * B rem M, E bsr 1, M);
powmod(B, E, M) -> B * powmod(B, E - 1, M) rem M.
