%% qlc: queries over lists, tables and queries.
-module(qlc_tests).
-include("check.hrl").
-include_lib("stdlib/include/qlc.hrl").
-record(person, {name, age, city}).

people() -> [#person{name = N, age = A, city = C} || {N, A, C} <- [{ann, 30, x}, {bob, 25, y}, {cid, 30, y}, {dan, 41, z}]].

lists_test() ->
    ?eq([4, 6], qlc:e(qlc:q([X * 2 || X <- [1, 2, 3], X > 1]))),
    ?eq([{X, Y} || X <- [1, 2], Y <- [a, b]], qlc:eval(qlc:q([{X, Y} || X <- [1, 2], Y <- [a, b]]))),
    ?eq([1, 3], qlc:e(qlc:q([A || {A, _} <- [{1, 2}, other, {3, 4}, {5, 6, 7}]]))),
    ?eq([ann, cid], qlc:e(qlc:q([N || #person{name = N, age = 30} <- people()]))),
    ?eq([1, 2, 3], qlc:e(qlc:q([X || X <- [1, 2, 1, 3, 2]], unique))),
    ?eq([1, 2, 3], qlc:e(qlc:q([X || X <- [1, 2, 1, 3, 2]], [{unique, true}, {cache, ets}]))),
    ?eq([1, 2, 3], qlc:e([1, 2, 3])),
    ?eq([], qlc:e(qlc:q([X || X <- [1, 2], element(1, X) =:= a]))),
    ?raises(error, _, qlc:e(qlc:q([X || X <- [1, 2], (fun(_) -> neither end)(X)]))),
    ?raises(error, badarg, qlc:e(apa)).

variables_are_those_of_comprehensions_test() ->
    X = 5, Y = 1,
    ?eq([{1, 1}, {2, 1}], qlc:e(qlc:q([{X, Y} || X <- [1, 2]]))),
    ?eq([{1, [a]}, {2, [a, b]}], qlc:e(qlc:q([{N, qlc:e(qlc:q([L || {L, M} <- [{a, 1}, {b, 2}], M =< N]))} || N <- [1, 2]]))),
    ?eq([5], [X || _ <- [1]]).

queries_over_queries_test() ->
    Q1 = qlc:q([X + 1 || X <- [1, 2, 3, 4]]),
    Q2 = qlc:q([Y || Y <- Q1, Y rem 2 =:= 0]),
    ?eq([2, 4], qlc:e(Q2)),
    ?eq([2, 4, a, b], qlc:e(qlc:append(Q2, [a, b]))),
    ?eq([a, 2, 4, b], qlc:e(qlc:append([[a], Q2, [b]]))),
    ?eq(14, qlc:fold(fun(X, Sum) -> X + Sum end, 0, Q1)),
    ?eq([5, 4, 3, 2], qlc:e(qlc:sort(Q1, [{order, descending}]))),
    ?eq([1, 2, 3], qlc:e(qlc:sort([3, 1, 2, 3, 1], {unique, true}))),
    ?eq([3, 2, 1], qlc:e(qlc:sort([3, 1, 2], [{order, fun(A, B) -> A >= B end}]))),
    ?eq([{b, 1}, {c, 2}, {a, 3}], qlc:e(qlc:keysort(2, [{a, 3}, {b, 1}, {c, 2}]))),
    ?eq([{b, 1}, {a, 2}, {a, 3}], qlc:e(qlc:keysort([2, 1], [{a, 3}, {b, 1}, {a, 2}], [{unique, true}]))).

joins_test() ->
    Cities = [{x, "Xanten"}, {y, "Ypern"}],
    ?eq([{ann, "Xanten"}, {bob, "Ypern"}, {cid, "Ypern"}],
        lists:sort(qlc:e(qlc:q([{N, Name} || #person{name = N, city = C} <- people(), {C2, Name} <- Cities, C2 =:= C])))),
    ?eq([{ann, "Xanten"}, {bob, "Ypern"}, {cid, "Ypern"}],
        lists:sort(qlc:e(qlc:q([{N, Name} || #person{name = N, city = C} <- people(), {C2, Name} <- Cities, C == C2],
                               {join, nested_loop})))),
    ?eq([{1, x}, {1, z}, {2.0, y}],
        lists:sort(qlc:e(qlc:q([{K, B} || {_, K} <- [{a, 1}, {b, 2.0}], {L, B} <- [{1, x}, {2, y}, {1.0, z}], L == K])))),
    ?eq([{1, x}], qlc:e(qlc:q([{K, B} || {_, K} <- [{a, 1}, {b, 2.0}], {L, B} <- [{1, x}, {2, y}, {1.0, z}], L =:= K]))),
    N = 3000,
    Pairs = [{I, I} || I <- lists:seq(1, N)],
    ?eq(N, length(qlc:e(qlc:q([{A, B} || {A, K} <- Pairs, {L, B} <- Pairs, K =:= L])))).

tables_of_ets_test() ->
    [begin
         T = ets:new(t, [Type, {keypos, 2}]),
         ets:insert(T, [{a, 1}, {b, 2}, {c, 3}]),
         ?eq([a, b, c], lists:sort(qlc:e(qlc:q([X || {X, _} <- ets:table(T)])))),
         ?eq([b], qlc:e(qlc:q([X || {X, K} <- ets:table(T), K =:= 2]))),
         ?eq([b], qlc:e(qlc:q([X || {X, 2} <- ets:table(T, {traverse, first_next})]))),
         ?eq([{3, c}, {1, a}], qlc:e(qlc:q([{K, X} || K <- [3, 9, 1], {X, L} <- ets:table(T), L =:= K]))),
         ?eq([b], qlc:e(qlc:q([X || {X, K} <- ets:table(T), K == 2.0]))),
         ?eq([a, b], lists:sort(qlc:e(qlc:q([X || {X} <- ets:table(T, [{traverse, {select, [{{'$1', '$2'}, [{'<', '$2', 3}],
                                                                                         [{{'$1'}}]}]}}])])))),
         ?eq(false, ets:info(T, safe_fixed)),
         ets:delete(T)
     end || Type <- [set, ordered_set, bag]].

tables_of_dets_test() ->
    File = filename:join(otp_check:dir("qlc"), "table"),
    {ok, d} = dets:open_file(d, [{file, File}]),
    ok = dets:insert(d, [{N, N rem 2} || N <- lists:seq(1, 300)]),
    ?eq(150, length(qlc:e(qlc:q([N || {N, 1} <- dets:table(d)])))),
    ?eq([{7, 1}], qlc:e(qlc:q([T || {N, _} = T <- dets:table(d), N =:= 7]))),
    ok = dets:close(d).

tables_of_ones_own_test() ->
    Self = self(),
    Plain = fun() -> [{1, a}, {2, b} | fun() -> [{3, c}] end] end,
    Table = qlc:table(Plain, [{pre_fun, fun(_) -> Self ! begun end}, {post_fun, fun() -> Self ! ended end},
                              {info_fun, fun(keypos) -> 1; (_) -> undefined end},
                              {lookup_fun, fun(1, Keys) -> Self ! {asked, Keys}, [{K, looked_up} || K <- Keys] end},
                              {format_fun, fun(_) -> {my, table, [args]} end}]),
    ?eq([{1, a}, {2, b}, {3, c}], qlc:e(Table)),
    ?eq([begun, ended], otp_check:flush()),
    ?eq([looked_up], qlc:e(qlc:q([X || {K, X} <- Table, K =:= 2]))),
    ?eq([begun, {asked, [2]}, ended], otp_check:flush()),
    ?eq("my:table(args)", lists:flatten(qlc:info(Table))),
    ?eq({error, why}, qlc:e(qlc:q([X || X <- qlc:table(fun() -> {error, why} end, [])]))),
    ?raises(error, badarg, qlc:table(not_a_fun, [])).

cursors_test() ->
    C = qlc:cursor(qlc:q([X || X <- lists:seq(1, 25)])),
    ?eq([1, 2, 3], qlc:next_answers(C, 3)),
    ?eq(lists:seq(4, 13), qlc:next_answers(C)),
    ?eq(lists:seq(14, 25), qlc:next_answers(C, all_remaining)),
    ?eq([], qlc:next_answers(C)),
    ?eq(ok, qlc:delete_cursor(C)),
    Self = self(),
    E = qlc:cursor([1]),
    spawn(fun() -> Self ! (catch qlc:next_answers(E)) end),
    ?like({'EXIT', {not_cursor_owner, _}}, receive Answer -> Answer end),
    ?eq(ok, qlc:delete_cursor(E)).

strings_test() ->
    Bindings = erl_eval:add_binding('L', [1, 2, 3], erl_eval:new_bindings()),
    ?eq([2, 3], qlc:e(qlc:string_to_handle("[X || X <- L, X > 1].", [], Bindings))),
    ?like({error, _, _}, qlc:string_to_handle("[X || X <- ", [])),
    ?like({error, _, _}, qlc:string_to_handle("foo.", [])).
