%% erts_debug:size/1 counts what is shared once, flat_size/1 each time.
-module(sizes_of_terms).
-export([main/0]).

main() ->
    L = lists:seq(1, 10),
    Deep = lists:foldl(fun(_, T) -> {T, T} end, [], lists:seq(1, 20)),
    Same = lists:duplicate(1000, L),
    [io:format("~p~n", [{erts_debug:size(T), erts_debug:flat_size(T)}])
     || T <- [a, 1, [], L, {L, L, [L]}, Same, Deep, {a, b}]],
    io:format("~p~n", [[erts_debug:size_shared(T) || T <- [true, {L, L, [L]}]]]).
