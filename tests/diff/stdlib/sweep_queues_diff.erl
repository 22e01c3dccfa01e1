%% queue and array: every function with typical, boundary and wrong arguments.
-module(sweep_queues_diff).
-include("sweep.hrl").

samples_of(queue) ->
    [queue:from_list(L) || L <- [[], [a], [a, b], [1, 2, 3], lists:seq(1, 12), "abc"]] ++
    [lists:foldl(fun queue:in/2, queue:new(), lists:seq(1, N)) || N <- [1, 2, 3, 7]] ++
    [lists:foldl(fun queue:in_r/2, queue:new(), lists:seq(1, N)) || N <- [2, 5]] ++
    [begin {_, Q} = queue:out(queue:from_list([a, b, c, d])), Q end];
samples_of(array) ->
    [array:new(), array:new(5), array:from_list([a, b, c]), array:from_list(lists:seq(1, 30), x), array:set(100, z, array:new()), array:new([{size, 10}, {default, 0}]),
     array:set(3, q, array:new([{size, 5}, {fixed, true}])), array:fix(array:from_list([1, 2])), array:reset(1, array:from_list([1, 2, 3]))];
samples_of(index) -> [0, 1, 2, 5, 10, 99, 101, 1000];
samples_of(options) -> [[], 5, {size, 3}, [{size, 3}], fixed, [fixed], {fixed, true}, {fixed, false}, [{size, 2}, {fixed, false}, {default, d}], {default, x}, [{size, -1}], [x], {size, a}];
samples_of(orddict) -> [[], [{0, a}], [{0, a}, {3, b}, {20, c}], [{5, x}], [{a, 1}], [{3, b}, {0, a}], [{-1, x}]].

run() ->
    sweep(queue, [
        {all, [pred, queue]}, {any, [pred, queue]}, {cons, [term, queue]}, {daeh, [queue]}, {delete, [key, queue]}, {delete_r, [key, queue]},
        {delete_with, [pred, queue]}, {delete_with_r, [pred, queue]}, {drop, [queue]}, {drop_r, [queue]}, {filter, [pred, queue]},
        {filter, [{one, [fun(X) -> [X, X] end, fun(_) -> [] end]}, queue]}, {filtermap, [filtermap1, queue]}, {fold, [fold2, list, queue]}, {from_list, [list]},
        {get, [queue]}, {get_r, [queue]}, {head, [queue]}, {in, [term, queue]}, {in_r, [term, queue]}, {init, [queue]}, {is_empty, [queue]}, {is_queue, [queue]},
        {join, [queue, queue]}, {lait, [queue]}, {last, [queue]}, {len, [queue]}, {liat, [queue]}, {member, [key, queue]}, {new, []}, {out, [queue]}, {out_r, [queue]},
        {peek, [queue]}, {peek_r, [queue]}, {reverse, [queue]}, {snoc, [queue, term]}, {split, [count, queue]}, {tail, [queue]}, {to_list, [queue]}]),
    sweep(array, [
        {default, [array]}, {fix, [array]}, {foldl, [fold3, list, array]}, {foldr, [fold3, list, array]}, {from_list, [list]}, {from_list, [list, term]},
        {from_orddict, [orddict]}, {from_orddict, [orddict, term]}, {get, [index, array]}, {is_array, [array]}, {is_fix, [array]}, {map, [map_fun, array]}, {new, []},
        {new, [options]}, {new, [{one, [0, 3, -1]}, options]}, {relax, [array]}, {reset, [index, array]}, {resize, [array]}, {resize, [index, array]},
        {set, [index, term, array]}, {size, [array]}, {sparse_foldl, [fold3, list, array]}, {sparse_foldr, [fold3, list, array]}, {sparse_map, [map_fun, array]},
        {sparse_size, [array]}, {sparse_to_list, [array]}, {sparse_to_orddict, [array]}, {to_list, [array]}, {to_orddict, [array]}]),
    worked().

%% Queues that were worked on: what is left, and how it lies.
worked() ->
    times(100, fun() ->
        Steps = some(pick(25), fun() -> pick({in, in_r, out, out_r, reverse, in, in, drop, split, join, filter}) end),
        value(Steps, fun() -> lists:foldl(fun step/2, {queue:new(), 0}, Steps) end)
    end).

step(in, {Q, N}) -> {queue:in(N, Q), N + 1};
step(in_r, {Q, N}) -> {queue:in_r(N, Q), N + 1};
step(out, {Q, N}) -> {element(2, queue:out(Q)), N};
step(out_r, {Q, N}) -> {element(2, queue:out_r(Q)), N};
step(reverse, {Q, N}) -> {queue:reverse(Q), N};
step(drop, {Q, N}) -> {case queue:is_empty(Q) of true -> Q; false -> queue:drop(Q) end, N};
step(split, {Q, N}) -> {element(2, queue:split(queue:len(Q) div 2, Q)), N};
step(join, {Q, N}) -> {queue:join(Q, queue:from_list([x, y])), N};
step(filter, {Q, N}) -> {queue:filter(fun(X) -> X =/= 3 end, Q), N}.
