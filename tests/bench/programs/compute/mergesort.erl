%% Merge sort of N pseudo-random integers, written out.
-module(mergesort).
-export([run/1, default/0]).

default() -> 900000.

run(N) ->
    S = sort(random(N, 7, [])),
    true = ordered(S),
    {hd(S), lists:nth(N div 2, S)}.

sort([]) -> [];
sort([_] = L) -> L;
sort(L) ->
    {A, B} = split(length(L) div 2, L, []),
    merge(sort(A), sort(B)).

split(0, Rest, A) -> {A, Rest};
split(N, [X | Rest], A) -> split(N - 1, Rest, [X | A]).

merge([], B) -> B;
merge(A, []) -> A;
merge([X | A], [Y | _] = B) when X =< Y -> [X | merge(A, B)];
merge(A, [Y | B]) -> [Y | merge(A, B)].

ordered([A | [B | _] = T]) when A =< B -> ordered(T);
ordered([_]) -> true.

random(0, _, L) -> L;
random(N, Seed, L) -> random(N - 1, (Seed * 1103515245 + 12345) band 16#7FFFFFFF, [Seed | L]).
