%% What the library has natives for: large and small, in order and not, plain and not.
-module(library_natives).
-export([main/1]).

main(_) ->
    [show(sort, [Kind, N], sorts(values(Kind, N))) || Kind <- [ints, floats, terms, up, down, same, waves],
                                                      N <- [0, 1, 2, 3, 11, 12, 13, 100, 6000, 30000]],
    [show(keysort, [N, P], [lists:keysort(P, pairs(N)), lists:ukeysort(P, pairs(N))]) || N <- [0, 1, 2, 50, 7000], P <- [1, 2]],
    [show(bad, [F, A], catch_error(fun() -> apply(lists, F, A) end)) || {F, A} <- bad_calls()],
    [show(trees, [Kind, N], trees(values(Kind, N))) || Kind <- [ints, floats, terms, up, down], N <- [1, 2, 10, 1000, 5000]],
    [show(sets, [N], sets(N)) || N <- [1, 10, 500]],
    show(no_trees, [], [catch_error(fun() -> apply(M, F, A) end) || {M, F, A} <- no_trees()]),
    [show(text, [T], text(T)) || T <- texts()],
    ok.

show(What, Args, Result) -> io:format("~w ~w ~w~n", [What, Args, erlang:phash2(Result)]).

catch_error(F) -> try F() catch error:R -> {error, R} end.

sorts(L) -> [lists:sort(L), lists:usort(L), lists:sort(fun(A, B) -> A >= B end, L)].

numbers(0, _) -> [];
numbers(N, X) ->
    Y = (X * 1103515245 + 12345) band 16#7FFFFFFF,
    [Y bsr 8 | numbers(N - 1, Y)].

values(ints, N) -> [X rem 5000 - 2500 || X <- numbers(N, 1)];
values(floats, N) -> [X / 128 || X <- numbers(N, 2)];
values(terms, N) -> [term(X) || X <- numbers(N, 3)];
values(up, N) -> lists:seq(1, N);
values(down, N) -> lists:seq(N, 1, -1);
values(same, N) -> lists:duplicate(N, x);
values(waves, N) -> [I rem 40 * (1 - I div 40 rem 2 * 2) || I <- lists:seq(1, N)].

term(X) ->
    case X rem 7 of
        0 -> X;
        1 -> X + 0.5;
        2 -> integer_to_list(X);
        3 -> {X, a};
        4 -> <<X:32>>;
        5 -> [X bsl 64 | X];
        6 -> #{X rem 10 => a}
    end.

pairs(N) -> [{X rem 100, I, x} || {X, I} <- lists:zip(numbers(N, 4), lists:seq(1, N))].

bad_calls() ->
    [{sort, [a]}, {sort, [[a, b | c]]}, {sort, [[b, a | c]]}, {usort, [a]}, {keysort, [1, a]}, {keysort, [0, []]},
     {keysort, [2, [{a, 1}, {b}]]}, {keysort, [1, [{a}, b]]}, {keysort, [3, [b]]}, {ukeysort, [x, []]},
     {ukeysort, [1 bsl 70, [{a}, {b}]]}].

trees(Keys) ->
    T = lists:foldl(fun(K, A) -> gb_trees:enter(K, {K}, A) end, gb_trees:empty(), Keys),
    {Half, _} = lists:split(length(Keys) div 2, Keys),
    Less = lists:foldl(fun gb_trees:delete_any/2, T, Half),
    [K | _] = Keys,
    [T, Less, gb_trees:balance(Less), gb_trees:smallest(T), gb_trees:largest(T), gb_trees:take_smallest(T), gb_trees:take_largest(T),
     gb_trees:take_any(K, T), gb_trees:take_any(nothing, T), beside(K, T), gb_trees:lookup(K, Less),
     gb_trees:keys(T), gb_trees:values(Less), gb_trees:map(fun(X, _) -> X end, T), catch_error(fun() -> gb_trees:insert(K, 1, T) end),
     catch_error(fun() -> gb_trees:update(nothing, 1, T) end), visited(gb_trees:next(gb_trees:iterator_from(K, T)))].

%% smaller/2 and larger/2 came with OTP 27.
beside(K, T) ->
    Last = fun([]) -> none; (L) -> {lists:last(L), {lists:last(L)}} end,
    First = fun([]) -> none; ([X | _]) -> {X, {X}} end,
    {smaller(K, T, Last([X || X <- gb_trees:keys(T), X < K])), larger(K, T, First([X || X <- gb_trees:keys(T), X > K]))}.

smaller(K, T, Expected) ->
    not erlang:function_exported(gb_trees, smaller, 2) orelse gb_trees:smaller(K, T) =:= Expected.

larger(K, T, Expected) ->
    not erlang:function_exported(gb_trees, larger, 2) orelse gb_trees:larger(K, T) =:= Expected.

visited(none) -> [];
visited({K, V, I}) -> [{K, V} | visited(gb_trees:next(I))].

sets(N) ->
    S = lists:foldl(fun gb_sets:add/2, gb_sets:new(), values(ints, N)),
    [gb_sets:to_list(S), gb_sets:is_element(-3, S), gb_sets:smallest(S), gb_sets:largest(S), gb_sets:take_smallest(S),
     gb_sets:to_list(gb_sets:delete_any(0, S)), gb_sets:to_list(gb_sets:union(S, gb_sets:from_list([1, 2, 3]))),
     ordsets:union([1, 3, 5], [2, 3, 4]), ordsets:union([1, 2.0], [0, 2]), ordsets:union([0, 2], [1, 2.0]),
     ordsets:intersection([1, 2.0, 4], [0, 2, 4.0]), ordsets:subtract([1, 2, 3], [2.0])].

%% Terms that are no trees, or deeper than any tree.
no_trees() ->
    Deep = lists:foldl(fun(I, T) -> {-I, v, T, nil} end, nil, lists:seq(1, 1000)),
    [{gb_trees, get, [x, {1, nil}]}, {gb_trees, delete, [x, {1, {y, 1, nil, nil}}]}, {gb_trees, get, [x, {1, {y, 1, a, b}}]},
     {gb_trees, smallest, [{0, nil}]}, {gb_trees, get, [-1, {1000, Deep}]}, {gb_sets, smallest, [gb_sets:new()]},
     {gb_sets, delete, [x, gb_sets:new()]}].

texts() -> ["", "abc", "aXbXXc", "XX", "the X quick\r\nX fox", "w" ++ [228, 223] ++ "X" ++ [8364, $X, 769, $X], <<"ABX", 195, 164>>, <<"abXcX">>].

text(T) ->
    [[string:split(T, P, W) || P <- ["X", "XX", "Xb", "\r\n", [769]], W <- [leading, trailing, all]],
     [string:find(T, P, W) || P <- ["X", "XX", "c", "\n"], W <- [leading, trailing]],
     [string:replace(T, "X", "", all), string:uppercase(T), string:lowercase(T), string:casefold(T)],
     [string:equal(T, U) || U <- texts()]].
