%% Ackermann, Hofstadter's pair, hanoi and permutations.
-module(recursion_mutual_and_double).
-export([main/0]).

main() ->
    io:format("~w~n", [[ack(M, N) || M <- [0, 1, 2], N <- [0, 3, 5]] ++ [ack(3, 4)]]),
    io:format("~w~n", [[{f(N), m(N)} || N <- lists:seq(0, 12)]]),
    io:format("~w ~w~n", [length(hanoi(10, a, b, c)), hanoi(3, a, b, c)]),
    io:format("~w ~w~n", [length(perms("abcdef")), lists:sublist([list_to_atom(P) || P <- perms("abc")], 6)]),
    io:format("~w~n", [[gcd(A, B) || {A, B} <- [{12, 18}, {17, 5}, {1 bsl 70, 1 bsl 60}]]]).

ack(0, N) -> N + 1;
ack(M, 0) -> ack(M - 1, 1);
ack(M, N) -> ack(M - 1, ack(M, N - 1)).

f(0) -> 1; f(N) -> N - m(f(N - 1)).
m(0) -> 0; m(N) -> N - f(m(N - 1)).

hanoi(0, _, _, _) -> [];
hanoi(N, A, B, C) -> hanoi(N - 1, A, C, B) ++ [{A, B}] ++ hanoi(N - 1, C, B, A).

perms([]) -> [[]];
perms(L) -> [[H | T] || H <- L, T <- perms(L -- [H])].

gcd(A, 0) -> A;
gcd(A, B) -> gcd(B, A rem B).
