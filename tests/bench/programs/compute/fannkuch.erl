%% Pancake flips over all permutations of N: short lists taken apart and rebuilt.
-module(fannkuch).
-export([run/1, default/0]).

default() -> 10.

run(N) -> permutations(lists:seq(1, N), [], 0, 0).

%% Depth first over all permutations; the maximum of flips and a checksum.
permutations([], Perm, Max, Sum) ->
    F = flips(Perm, 0),
    {max(F, Max), Sum + F};
permutations(Left, Perm, Max, Sum) -> pick(Left, [], Perm, Max, Sum).

pick([], _, _, Max, Sum) -> {Max, Sum};
pick([X | Rest], Before, Perm, Max, Sum) ->
    {Max2, Sum2} = permutations(lists:reverse(Before, Rest), [X | Perm], Max, Sum),
    pick(Rest, [X | Before], Perm, Max2, Sum2).

flips([1 | _], N) -> N;
flips([First | _] = Perm, N) -> flips(flip(First, Perm, []), N + 1).

flip(0, Rest, Done) -> Done ++ Rest;
flip(N, [X | Rest], Done) -> flip(N - 1, Rest, [X | Done]).
