%% A whole program: shortest paths with a pairing heap and maps.
-module(program_dijkstra_on_a_grid).
-export([main/0]).

main() ->
    Grid = ["..........", ".########.", ".#......#.", ".#.####.#.", ".#.#..#.#.", ".#.##.#.#.", ".#....#.#.", ".####.###.", "..........", "#########."],
    Map = maps:from_list([{{X, Y}, C} || {Y, Row} <- lists:zip(lists:seq(0, 9), Grid), {X, C} <- lists:zip(lists:seq(0, 9), Row)]),
    Dist = search(insert({0, {0, 0}}, nil), Map, #{}),
    io:format("~w~n", [[maps:get(P, Dist, unreachable) || P <- [{0, 0}, {9, 9}, {4, 4}, {5, 4}, {2, 2}, {1, 1}]]]),
    io:format("~w~n", [map_size(Dist)]),
    io:format("~w~n", [lists:max(maps:values(Dist))]).

search(nil, _, Dist) -> Dist;
search(Heap, Map, Dist) ->
    {{D, {X, Y} = P}, Rest} = pop(Heap),
    case Dist of
        #{P := _} -> search(Rest, Map, Dist);
        _ ->
            Next = [{D + 1, Q} || Q <- [{X + 1, Y}, {X - 1, Y}, {X, Y + 1}, {X, Y - 1}], maps:get(Q, Map, $#) =:= $., not is_map_key(Q, Dist)],
            search(lists:foldl(fun insert/2, Rest, Next), Map, Dist#{P => D})
    end.

insert(X, H) -> merge({X, []}, H).

merge(nil, H) -> H;
merge(H, nil) -> H;
merge({X, Xs}, {Y, _} = H) when X =< Y -> {X, [H | Xs]};
merge(H, {Y, Ys}) -> {Y, [H | Ys]}.

pop({X, Hs}) -> {X, pairs(Hs)}.

pairs([]) -> nil;
pairs([H]) -> H;
pairs([A, B | Rest]) -> merge(merge(A, B), pairs(Rest)).
