%% Conway's life for N generations: cells are keys of a map.
-module(life).
-export([run/1, default/0]).

default() -> 2500.

run(N) ->
    %% An r-pentomino and some gliders.
    Start = [{1, 0}, {2, 0}, {0, 1}, {1, 1}, {1, 2}]
            ++ [{X + 20 * K, Y + 15 * K} || K <- [1, 2, 3, 4], {X, Y} <- [{0, 1}, {1, 2}, {2, 0}, {2, 1}, {2, 2}]],
    Cells = generations(N, maps:from_list([{C, true} || C <- Start])),
    maps:fold(fun({X, Y}, true, S) -> S + X * 3 + Y end, map_size(Cells), Cells).

generations(0, Cells) -> Cells;
generations(N, Cells) -> generations(N - 1, step(Cells)).

step(Cells) ->
    Counts = maps:fold(fun(Cell, true, M) -> add(neighbours(Cell), M) end, #{}, Cells),
    maps:fold(fun(Cell, 3, M) -> M#{Cell => true};
                 (Cell, 2, M) when is_map_key(Cell, Cells) -> M#{Cell => true};
                 (_, _, M) -> M
              end, #{}, Counts).

add([], M) -> M;
add([C | Rest], M) ->
    case M of
        #{C := N} -> add(Rest, M#{C := N + 1});
        #{} -> add(Rest, M#{C => 1})
    end.

neighbours({X, Y}) ->
    [{X - 1, Y - 1}, {X, Y - 1}, {X + 1, Y - 1}, {X - 1, Y}, {X + 1, Y}, {X - 1, Y + 1}, {X, Y + 1}, {X + 1, Y + 1}].
