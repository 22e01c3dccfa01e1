%% Selecting from an ordered_set by the first part of its keys gives what a walk over all gives.
-module(ets_select_by_parts_of_keys).
-export([main/0]).

main() ->
    Keys = keys(),
    Patterns = [{1, '_'}, {1, '$1'}, {'_', 1}, {'$1', '$1'}, {2, {a, '_'}}, {2, {'_', b}}, {2.0, '_'},
                [1 | '_'], [1, 2 | '_'], [1, '_', 3], "ab" ++ '_', [[1 | '_'] | '_'], '_', '$1', #{a => '_'},
                {1, #{}}, {{}, '_'}, {[], '_'}, <<"a">>, {<<"a">>, '_'}, {1, 2, '_'}, 1, 1.0, [], {}, {1, [x | '_']}],
    Set = ets:new(set, [set]),
    Tree = ets:new(tree, [ordered_set]),
    [[ets:insert(T, {K, N}) || {K, N} <- lists:zip(Keys, lists:seq(1, length(Keys)))] || T <- [Set, Tree]],
    [io:format("~w ~w~n", [P, [ask(Set, Tree, Spec) || Spec <- specs(P)]]) || P <- Patterns],
    [io:format("~w ~w: ~w~n", [P, Q, ask(Set, Tree, clause(P) ++ clause(Q))])
     || P <- Patterns, Q <- [{1, '_'}, [1 | '_'], {2, {a, '_'}}]],
    [io:format("~w ~w~n", [P, in_portions(ets:select(Tree, clause(P), 3))]) || P <- Patterns],
    [io:format("~w ~w~n", [P, in_portions(ets:select_reverse(Tree, clause(P), 3))]) || P <- Patterns],
    [io:format("~w ~w ~w~n", [P, ets:select_count(Tree, [{{P, '_'}, [], [true]}]), lists:sort(ets:match(Tree, {P, '$9'}))])
     || P <- Patterns],
    [io:format("~w ~w ~w~n", [P, ets:match_delete(Tree, {P, '_'}), ets:info(Tree, size)]) || P <- lists:reverse(Patterns)],
    big().

keys() ->
    [{A, B} || A <- [0, 1, 2, 3.5, a, {}, [], <<"a">>], B <- [1, 2, {a, b}, {b, b}, #{}, [x, y], [x], []]] ++
        [[A | B] || A <- [0, 1, 2, [1], [1, 2]], B <- [[], [2], [2, 3], [3, 3], x]] ++
        ["abc", "ab", "aac", #{a => 1}, #{b => 1}, {1, 2, 3}, {}, [], <<"a">>, <<"ab">>, 1, atom, 2.5].

clause(P) -> [{{P, '$9'}, [], ['$9']}].

specs(P) -> [clause(P), [{{P, '$9'}, [{'>', '$9', 20}], [{{'$9'}}]}]].

ask(Set, Tree, Spec) ->
    Found = ets:select(Tree, Spec),
    Found = lists:reverse(ets:select_reverse(Tree, Spec)),
    {length(Found), lists:sort(Found) =:= lists:sort(ets:select(Set, Spec)), Found}.

in_portions('$end_of_table') -> [];
in_portions({L, '$end_of_table'}) -> [L];
in_portions({L, More}) -> [L | in_portions(ets:select(More))].

%% More than one step of a walk, with the table changed on the way.
big() ->
    T = ets:new(big, [ordered_set]),
    [ets:insert(T, {{I rem 7, I}, I}) || I <- lists:seq(1, 30000)],
    io:format("~w ~w~n", [length(ets:select(T, clause({3, '_'}))), length(ets:select(T, clause({7, '_'})))]),
    io:format("~w~n", [ets:select_delete(T, [{{{4, '_'}, '_'}, [], [true]}])]),
    io:format("~w ~w~n", [length(ets:select(T, clause({4, '_'}))), ets:info(T, size)]),
    io:format("~w~n", [ets:select_replace(T, [{{{5, '$1'}, '_'}, [], [{{{{5, '$1'}}, x}}]}])]),
    io:format("~w~n", [length(ets:match_object(T, {{5, '_'}, x}))]),
    Tried = [begin
                 L = ets:new(lists, [ordered_set]),
                 [ets:insert(L, {K, 1}) || K <- [[1, 2], [1 | 2], [1], [1, 2, 3], {[1, 2], 1}, {1, {[2]}}]],
                 {try ets:select_replace(L, [{{P, '_'}, [], [{{B, 2}}]}]) catch error:badarg -> badarg end, ets:tab2list(L)}
             end
             || {P, B} <- [{['$1', '$2'], ['$1', '$2']}, {['$1' | '$2'], ['$1' | '$2']}, {[1 | '$2'], [1 | '$2']},
                           {[1, '$2' | '$3'], [1, '$2' | '$3']}, {['$1', 2], ['$1', 3]}, {['$1', '$2'], ['$2', '$1']},
                           {{'$1', '$2'}, {{'$1', '$2'}}}, {{['$1', 2], '$2'}, {{['$1', 2], '$2'}}},
                           {{1, {['$1']}}, {{1, {{['$1']}}}}}, {{1, {['$1']}}, {{1, {['$1']}}}}, {['$1'], '$1'},
                           {[1, 2], [1, 2]}, {[1, 2], {const, [1, 2]}}, {['_', '$2'], [1, '$2']}]],
    io:format("~p~n", [Tried]).
