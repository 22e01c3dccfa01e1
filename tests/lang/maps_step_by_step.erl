%% Walks of maps in steps, merges of small maps into large ones, sets that stop at the first answer.
-module(maps_step_by_step).
-export([main/0]).

main() ->
    Sizes = [0, 1, 31, 32, 33, 63, 64, 65, 100, 1000, 20000],
    [io:format("~w: ~w~n", [N, walks(N)]) || N <- Sizes],
    [io:format("~w and ~w: ~w~n", [A, B, merges(A, B)]) || A <- [0, 5, 33, 400, 20000], B <- [0, 5, 33, 400, 20000]],
    io:format("~w~n", [[sets(Version) || Version <- [1, 2]]]),
    io:format("~w~n", [[catch_of(fun() -> maps:next(I) end) || I <- [a, [a | #{}], [0 | a], []]]]),
    io:format("~w~n", [lists:nth(3, string:lexemes("one two  three four", " "))]),
    io:format("~s ~s ~w~n", [string:nth_lexeme("one two  three", 3, " "), string:nth_lexeme(<<"one,two">>, 2, ","),
                             string:nth_lexeme("one", 2, ",")]).

map(N) -> maps:from_list([{key(I), I} || I <- lists:seq(1, N)]).

key(I) when I rem 3 =:= 0 -> I;
key(I) when I rem 3 =:= 1 -> {I, "k"};
key(I) -> integer_to_binary(I).

%% The same associations however they are walked; and what is behind an iterator that stands in the
%% middle is what is not before it.
walks(N) ->
    Map = map(N),
    Pairs = lists:sort(maps:to_list(Map)),
    {Before, Half} = take(N div 2, maps:iterator(Map), []),
    Behind = step(maps:next(Half)),
    [length(Pairs), lists:sort(step(maps:next(maps:iterator(Map)))) =:= Pairs,
     lists:sort(maps:fold(fun(K, V, Acc) -> [{K, V} | Acc] end, [], Map)) =:= Pairs,
     lists:sort(maps:keys(Map)) =:= [K || {K, _} <- Pairs],
     lists:sort(maps:values(Map)) =:= lists:sort([V || {_, V} <- Pairs]),
     lists:sort(Before ++ Behind) =:= Pairs,
     maps:fold(fun(_, V, Sum) -> V + Sum end, 0, Half) =:= lists:sum([V || {_, V} <- Behind]),
     maps:map(fun(_, V) -> -V end, Half) =:= maps:from_list([{K, -V} || {K, V} <- Behind]),
     maps:filter(fun(_, V) -> V rem 2 =:= 0 end, Map) =:= maps:from_list([P || {_, V} = P <- Pairs, V rem 2 =:= 0])].

step({K, V, Next}) -> [{K, V} | step(maps:next(Next))];
step(none) -> [].

take(0, Iterator, Taken) -> {Taken, Iterator};
take(N, Iterator, Taken) ->
    {K, V, Next} = maps:next(Iterator),
    take(N - 1, Next, [{K, V} | Taken]).

%% Maps that share a third of the smaller one's keys, and maps that share what they were made of.
merges(A, B) ->
    MapA = map(A),
    Shift = A - min(A, B) div 3,
    MapB = maps:from_list([{key(I + Shift), b} || I <- lists:seq(1, B)]),
    Merged = maps:merge(MapA, MapB),
    Grown = maps:merge(MapA, MapA#{new => 1, key(1) => 2}),
    Shrunk = maps:merge(MapA#{new => 1, key(1) => 2}, maps:without([key(2)], MapA)),
    [map_size(Merged), length(maps:to_list(Merged)), Merged =:= maps:from_list(maps:to_list(MapA) ++ maps:to_list(MapB)),
     map_size(Grown), length(maps:keys(Grown)), map_size(Shrunk), length(maps:keys(Shrunk))].

sets(Version) ->
    Set = fun(From, To) -> sets:from_list(lists:seq(From, To), [{version, Version}]) end,
    [sets:is_disjoint(Set(1, 1000), Set(1001, 1500)), sets:is_disjoint(Set(1, 1000), Set(1000, 1500)),
     sets:is_subset(Set(1, 100), Set(1, 1000)), sets:is_subset(Set(1, 1001), Set(1, 1000)),
     [sets:size(lists:foldl(fun sets:del_element/2, Set(1, 6000), lists:seq(1, N))) || N <- [1, 3000, 5990, 6000]],
     lists:sum(sets:to_list(lists:foldl(fun sets:del_element/2, Set(1, 6000), lists:seq(1, 5000)))),
     lists:foldl(fun sets:del_element/2, Set(1, 2000), lists:seq(11, 2000)) =:=
         lists:foldl(fun sets:del_element/2, Set(1, 5000), lists:seq(5000, 11, -1))].

catch_of(F) -> try F() catch Class:Reason -> {Class, Reason} end.
