%% lists: every function with typical, boundary and wrong arguments.
-module(sweep_lists_diff).
-include("sweep.hrl").

samples_of(_) -> erlang:error(no_such_type).

run() ->
    sweep(lists, [
        {all, [pred, list]}, {any, [pred, list]}, {append, [list_of_lists]}, {append, [list, list]},
        {concat, [{one, [[], [a, 1, "b", 2.5], [a, b], [[x]], ["ab", c]]}]}, {delete, [key, list]}, {droplast, [list]}, {dropwhile, [pred, list]},
        {duplicate, [count, term]}, {enumerate, [list]}, {enumerate, [int, list]}, {filter, [pred, list]}, {filtermap, [filtermap1, list]},
        {flatlength, [deep]}, {flatmap, [fun1, list]}, {flatten, [deep]}, {flatten, [deep, list]}, {foldl, [fold2, term, list]},
        {foldr, [fold2, term, list]}, {foreach, [fun1, list]}, {join, [term, list]}, {keydelete, [key, place, tuples]},
        {keyfind, [key, place, tuples]}, {keymap, [fun1, place, tuples]}, {keymember, [key, place, tuples]},
        {keymerge, [{one, [1]}, sorted_tuples, sorted_tuples]}, {keyreplace, [key, place, tuples, tuple]}, {keysearch, [key, place, tuples]},
        {keysort, [place, tuples]}, {keystore, [key, place, tuples, tuple]}, {keytake, [key, place, tuples]}, {last, [list]}, {map, [fun1, list]},
        {mapfoldl, [mapfold, list, list]}, {mapfoldr, [mapfold, list, list]}, {max, [list]}, {member, [key, list]}, {merge, [sorted_lists]},
        {merge, [sorted, sorted]}, {merge, [ascending, sorted, sorted]}, {merge3, [sorted, sorted, sorted]}, {min, [list]}, {nth, [place, list]},
        {nthtail, [count, list]}, {partition, [pred, list]}, {prefix, [list, list]}, {reverse, [list]}, {reverse, [list, term]},
        {search, [pred, list]}, {seq, [count, count]}, {seq, [count, count, {one, [1, 2, -1, 3, 0, -2]}]}, {sort, [list]}, {sort, [order, list]},
        {split, [count, list]}, {splitwith, [pred, list]}, {sublist, [list, count]}, {sublist, [list, place, count]}, {subtract, [list, list]},
        {suffix, [list, list]}, {sum, [ints]}, {takewhile, [pred, list]}, {ukeymerge, [{one, [1]}, distinct_tuples, distinct_tuples]},
        {ukeysort, [place, tuples]}, {umerge, [sorted_lists]}, {umerge, [distinct, distinct]}, {umerge, [ascending, distinct, distinct]},
        {umerge3, [distinct, distinct, distinct]}, {uniq, [list]}, {uniq, [fun1, list]}, {unzip, [pairs]}, {unzip3, [triples]}, {usort, [list]},
        {usort, [order, list]}, {zf, [filtermap1, list]}, {zip, [list, list]}, {zip3, [list, list, list]}, {zipwith, [combine2, list, list]},
        {zipwith3, [combine3, list, list, list]}
    ]).
