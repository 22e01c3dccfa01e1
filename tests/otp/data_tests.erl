%% Data structures of the library, exhaustively on small data: every pair of subsets of five elements, every
%% list of up to four out of three, against plain definitions.
-module(data_tests).
-include("check.hrl").

subsets([]) -> [[]];
subsets([H | T]) -> [[H | S] || S <- subsets(T)] ++ subsets(T).

lists(_, 0) -> [[]];
lists(Of, N) -> lists(Of, N - 1) ++ [L || L <- all(Of, N)].
all(_, 0) -> [[]];
all(Of, N) -> [[X | L] || X <- Of, L <- all(Of, N - 1)].

%% ---- sets ----

sets_test_() -> [{timeout, 60, fun() -> check_sets(M, New) end}
                 || {M, New} <- [{sets, []}, {sets, [{version, 2}]}, {ordsets, none}, {gb_sets, none}]].

from(M, none, L) -> M:from_list(L);
from(M, Options, L) -> M:from_list(L, Options).

check_sets(M, Options) ->
    All = subsets([1, a, {b}, "c"]),
    List = fun(S) -> lists:sort(M:to_list(S)) end,
    [begin
         {SA, SB} = {from(M, Options, A), from(M, Options, B)},
         ?eq(lists:usort(A ++ B), List(M:union(SA, SB))),
         ?eq(lists:sort([X || X <- A, lists:member(X, B)]), List(M:intersection(SA, SB))),
         ?eq(lists:sort(A -- B), List(M:subtract(SA, SB))),
         ?eq([] =:= A -- B, M:is_subset(SA, SB)),
         ?eq([] =:= [X || X <- A, lists:member(X, B)], M:is_disjoint(SA, SB))
     end || A <- All, B <- All],
    [begin
         S = from(M, Options, A),
         ?eq(length(A), M:size(S)),
         ?eq(A =:= [], M:is_empty(S)),
         ?eq(lists:member(X, A), M:is_element(X, S)),
         ?eq(lists:usort([X | A]), List(M:add_element(X, S))),
         ?eq(lists:sort(A -- [X]), List(M:del_element(X, S))),
         ?eq(length(A), M:fold(fun(_, N) -> N + 1 end, 0, S)),
         ?eq(lists:sort([Y || Y <- A, Y =/= X]), List(M:filter(fun(Y) -> Y =/= X end, S)))
     end || A <- All, X <- [1, a, {b}, "c", other]],
    ok.

%% ---- lists ----

insert(X, []) -> [X];
insert(X, [Y | T]) when X > Y -> [Y | insert(X, T)];
insert(X, L) -> [X | L].
sorted(L) -> lists:foldr(fun insert/2, [], L).
unique([]) -> [];
unique([X, X | T]) -> unique([X | T]);
unique([X | T]) -> [X | unique(T)].

lists_test_() -> {timeout, 60, fun check_lists/0}.

check_lists() ->
    All = lists([2, a, "c"], 4),
    [begin
         ?eq(sorted(L), lists:sort(L)),
         ?eq(unique(sorted(L)), lists:usort(L)),
         ?eq(lists:reverse(sorted(L)), lists:sort(fun erlang:'>='/2, L)),
         ?eq(L, lists:reverse(lists:reverse(L))),
         ?eq(length(L), lists:foldl(fun(_, N) -> N + 1 end, 0, L)),
         ?eq({[X || X <- L, is_atom(X)], [X || X <- L, not is_atom(X)]}, lists:partition(fun is_atom/1, L)),
         ?eq(lists:any(fun is_atom/1, L), [X || X <- L, is_atom(X)] =/= []),
         ?eq(L, lists:append([[X] || X <- L])),
         ?eq(L, element(1, lists:unzip([{X, X} || X <- L]))),
         ?eq(L, [X || {_, X} <- lists:keysort(1, lists:zip(lists:seq(1, length(L)), L))])
     end || L <- All],
    ok.

%% ---- maps and dictionaries ----

dictionaries_test_() -> {timeout, 60, fun check_dictionaries/0}.

%% The same steps in all of them.
check_dictionaries() ->
    Steps = [Step || K <- [1, "k", a], Step <- [{put, K}, {remove, K}]],
    [begin
         Map = lists:foldl(fun({put, K}, M) -> maps:put(K, K, M); ({remove, K}, M) -> maps:remove(K, M) end, #{}, L),
         Dict = lists:foldl(fun({put, K}, D) -> dict:store(K, K, D); ({remove, K}, D) -> dict:erase(K, D) end, dict:new(), L),
         ?eq(lists:sort(maps:to_list(Map)), lists:sort(dict:to_list(Dict))),
         ?eq(map_size(Map), dict:size(Dict)),
         Tree = lists:foldl(fun({put, K}, T) -> gb_trees:enter({x, K}, K, T); ({remove, K}, T) -> gb_trees:delete_any({x, K}, T) end,
                            gb_trees:empty(), [S || {_, K} = S <- L, K =/= "k"]),
         ?eq(lists:sort([{{x, K}, K} || K <- maps:keys(Map), K =/= "k"]), gb_trees:to_list(Tree))
     end || L <- lists(Steps, 3)],
    ok.

%% ---- binaries in abstract form, as syntax tools ask for them ----

binaries_of_elements_test() ->
    Eval = fun({integer, _, N}, Bs) -> {value, N, Bs};
              ({float, _, F}, Bs) -> {value, F, Bs};
              ({var, _, V}, Bs) -> {value, proplists:get_value(V, Bs), [{seen, V} | Bs]}
           end,
    Of = fun(Elements) -> eval_bits:expr_grp([{bin_element, 1, E, S, T} || {E, S, T} <- Elements], [{'X', 300}], Eval) end,
    ?eq({value, <<>>, [{'X', 300}]}, Of([])),
    ?eq({value, <<1, "abc">>, [{'X', 300}]}, Of([{{integer, 1, 1}, default, default}, {{string, 1, "abc"}, default, default}])),
    ?eq({value, <<300:16/little, 1.5/float, 5:3>>, [{seen, 'X'}, {'X', 300}]},
        Of([{{var, 1, 'X'}, {integer, 1, 16}, [little]}, {{float, 1, 1.5}, default, [float]}, {{integer, 1, 5}, {integer, 1, 3}, default}])),
    ?raises(error, badarg, Of([{{float, 1, 1.5}, default, default}])).
