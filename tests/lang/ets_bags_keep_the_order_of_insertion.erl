%% Objects of one key in a bag: in whichever way they are asked for, those inserted first come first; one that is
%% deleted and inserted again is the last.
-module(ets_bags_keep_the_order_of_insertion).
-export([main/1]).

main(_) -> [bag(Type) || Type <- [bag, duplicate_bag, set, ordered_set]].

bag(Type) ->
    T = ets:new(a, [Type]),
    [ets:insert(T, {K, V}) || V <- [3, 1, 2, 4], K <- [k, l]],
    OfK = [{{k, '$1'}, [], ['$1']}],
    {Two, _} = ets:select(T, OfK, 2),
    io:format("~p: ~w~n", [Type, [ets:lookup(T, k), ets:lookup_element(T, k, 2), ets:match(T, {k, '$1'}), ets:match_object(T, {k, '_'}),
                                  ets:select(T, OfK), ets:select_reverse(T, OfK), Two]]),
    io:format("~w~n", [[ets:select(T, [{{k, '$1'}, [], [{{k, '$1'}}]}, {{l, '$1'}, [], [{{l, '$1'}}]}]),
                        ets:select(T, [{{l, '$1'}, [], [{{l, '$1'}}]}, {{k, '$1'}, [], [{{k, '$1'}}]}])]]),
    ets:delete(T, l),
    All = [{'$1', [], ['$1']}],
    io:format("~w~n", [[ets:tab2list(T), ets:match_object(T, '_'), ets:select(T, All), ets:select_reverse(T, All),
                        element(1, ets:select(T, All, 100)), element(1, ets:select(T, All, 3)), element(1, ets:match(T, {k, '$1'}, 2)),
                        ets:foldl(fun(X, A) -> [X | A] end, [], T), ets:foldr(fun(X, A) -> [X | A] end, [], T)]]),
    ets:delete_object(T, {k, 1}),
    ets:insert(T, {k, 1}),
    ets:insert(T, {k, 3}),
    io:format("~w~n", [ets:lookup(T, k)]),
    true = ets:safe_fixtable(T, true),
    [begin
         ets:delete_object(T, {k, V}),
         ets:insert(T, {k, V}),
         ets:insert(T, {k, 1}),
         io:format("~w ~w~n", [V, ets:lookup(T, k)])
     end || V <- [3, 3, 1, 4, 2]],
    ets:safe_fixtable(T, false),
    io:format("~w~n", [[ets:lookup(T, k), ets:info(T, size), ets:take(T, k), ets:info(T, size)]]).
