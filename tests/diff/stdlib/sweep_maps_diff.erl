%% maps, orddict, dict and proplists: every function with typical, boundary and wrong arguments.
-module(sweep_maps_diff).
-include("sweep.hrl").

samples_of(lists_of_keys) -> [[], [a], [a, b, z], [1, "k", {x, 1}], [K || K <- lists:seq(1, 30)]];
samples_of(iterator) -> [maps:iterator(M) || M <- [#{}, #{a => 1}, #{a => 1, b => 2}]] ++ [none];
samples_of(dict) -> [dict:from_list(L) || L <- [[], [{a, 1}], [{a, [1]}, {b, []}], [{K, K} || K <- lists:seq(1, 50)], [{1, x}, {1.0, y}]]];
samples_of(orddict) -> [[], [{a, 1}], [{a, [1]}, {b, []}, {c, [x]}], [{1, x}, {2, z}], [{K, K} || K <- lists:seq(1, 20)]];
samples_of(props) -> [[], [a], [a, {b, 1}, {a, 2}, b], [{a, true}, {b, false}], [{a, 1, 2}, {a}, a], [{no_a, true}, no_b, {c, x}], [{a, [1]}, {a, [2, 3]}, {a, 4}], [x, {x, y}, "s", 1, {"k", v}]];
samples_of(aliases) -> [[], [{b, a}], [{a, b}, {b, c}], [{x, x}], [{a, {b, c}}]];
samples_of(expansions) -> [[], [{a, [b, {c, 1}]}], [{{a, true}, [x]}], [{{b, 1}, []}, {a, [a]}], [{x, y}]];
samples_of(stages) -> [[], [{aliases, [{b, a}]}], [{negations, [{no_a, a}]}], [{expand, [{a, [b, c]}]}], [{aliases, [{b, a}]}, {expand, [{a, [z]}]}], [x]];
samples_of(value_list) -> [[], [1], [x, y], "ab"].

run() ->
    sweep(maps, [
        {filter, [map_pred, map]}, {filter, [map_pred, iterator]}, {filtermap, [filtermap2, map]}, {filtermap, [filtermap2, iterator]},
        {find, [key, map]}, {fold, [fold3, term, map]}, {fold, [fold3, list, iterator]}, {foreach, [map_fun, map]}, {foreach, [map_fun, iterator]},
        {from_keys, [lists_of_keys, term]}, {from_list, [pairs]}, {get, [key, map]}, {get, [key, map, term]}, {groups_from_list, [fun1, list]},
        {groups_from_list, [fun1, fun1, list]}, {intersect, [map, map]}, {intersect_with, [combine, map, map]}, {is_key, [key, map]},
        {iterator, [map]}, {keys, [map]}, {map, [map_fun, map]}, {map, [map_fun, iterator]}, {merge, [map, map]}, {merge_with, [combine, map, map]},
        {put, [key, term, map]}, {remove, [key, map]}, {size, [map]}, {take, [key, map]}, {to_list, [map]}, {update, [key, term, map]},
        {update_with, [key, fun1, map]}, {update_with, [key, fun1, term, map]}, {values, [map]}, {with, [lists_of_keys, map]}, {without, [lists_of_keys, map]}
    ]),
    [value({next, M}, fun() -> next(maps:iterator(M)) end) || M <- samples(map)],
    Dict = fun(Type) -> [
        {append, [key, term, Type]}, {append_list, [key, value_list, Type]}, {erase, [key, Type]}, {fetch, [key, Type]}, {fetch_keys, [Type]},
        {filter, [{fixed, map_pred}, Type]}, {find, [key, Type]}, {fold, [{fixed, fold3}, list, Type]}, {from_list, [pairs]}, {is_empty, [Type]}, {is_key, [key, Type]},
        {map, [{fixed, map_fun}, Type]}, {merge, [{fixed, combine}, {fixed, Type}, {fixed, Type}]}, {new, []}, {size, [Type]}, {store, [key, term, Type]}, {take, [key, Type]},
        {to_list, [Type]}, {update, [key, {fixed, fun1}, Type]}, {update, [key, {fixed, fun1}, term, Type]}, {update_counter, [key, number, Type]}] end,
    sweep(orddict, Dict(orddict)),
    sweep(dict, Dict(dict)),
    sweep(proplists, [
        {append_values, [key, props]}, {compact, [props]}, {delete, [key, props]}, {expand, [expansions, props]}, {from_map, [map]}, {get_all_values, [key, props]},
        {get_bool, [key, props]}, {get_keys, [props]}, {get_value, [key, props]}, {get_value, [key, props, term]}, {is_defined, [key, props]}, {lookup, [key, props]},
        {lookup_all, [key, props]}, {normalize, [props, stages]}, {property, [{one, [a, {a, true}, {a, 1}, {b, true, 1}, "x"]}]}, {property, [key, term]},
        {split, [props, lists_of_keys]}, {substitute_aliases, [aliases, props]}, {substitute_negations, [aliases, props]}, {to_map, [props]},
        {to_map, [props, stages]}, {unfold, [props]}]).

next(I) ->
    case maps:next(I) of
        {K, V, I1} -> [{K, V} | next(I1)];
        none -> []
    end.
