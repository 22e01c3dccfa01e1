%% Quicksort of N pseudo-random integers with comprehensions, five times over.
-module(quicksort).
-export([run/1, default/0]).

default() -> 220000.

run(N) ->
    L = random(N, 42, []),
    sorted(5, L).

sorted(1, L) -> S = sort(L), {hd(S), lists:nth(length(S) div 2, S), lists:last(S)};
sorted(K, L) -> _ = sort(L), sorted(K - 1, L).

sort([]) -> [];
sort([P | Rest]) -> sort([X || X <- Rest, X < P]) ++ [P | sort([X || X <- Rest, X >= P])].

random(0, _, L) -> L;
random(N, Seed, L) -> random(N - 1, (Seed * 1103515245 + 12345) band 16#7FFFFFFF, [Seed | L]).
