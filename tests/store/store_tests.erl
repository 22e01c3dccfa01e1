%% The table in a file: entries, order, ranges, transactions, watchers, what fails.
-module(store_tests).
-include_lib("eunit/include/eunit.hrl").

%% ---- fixtures ----

with_store(Fun) ->
    Dir = filename:join("/tmp", "store_tests_" ++ os:getpid() ++ "_"
                        ++ integer_to_list(erlang:unique_integer([positive]))),
    ok = file:make_dir(Dir),
    File = filename:join(Dir, "a.store"),
    try
        {ok, Store} = store:open(File, #{sync => off}),
        try Fun(Store, File)
        after
            catch store:close(Store)
        end
    after
        {ok, Names} = file:list_dir(Dir),
        [file:delete(filename:join(Dir, Name)) || Name <- Names],
        file:del_dir(Dir)
    end.

reopened(Store, File, Fun) ->
    ok = store:close(Store),
    {ok, Again} = store:open(File),
    try Fun(Again) after store:close(Again) end.

%% Much that waits for the file, on a slow machine.
patient(Test) -> {timeout, 60, Test}.

%% ---- entries ----

entries_test() ->
    with_store(fun(S, File) ->
        ?assertEqual(error, store:get(S, a)),
        ?assertEqual(7, store:get(S, a, 7)),
        ?assertEqual(ok, store:put(S, a, 1)),
        ?assertEqual({ok, 1}, store:get(S, a)),
        ?assertEqual(ok, store:put(S, a, {2, [x], #{y => <<"z">>}})),
        ?assertEqual({ok, {2, [x], #{y => <<"z">>}}}, store:get(S, a)),
        ?assert(store:is_key(S, a)),
        ?assertEqual(1, store:size(S)),
        ?assertEqual(ok, store:delete(S, a)),
        ?assertEqual(ok, store:delete(S, a)),
        ?assertNot(store:is_key(S, a)),
        [ok = store:put(S, N, N * N) || N <- lists:seq(1, 100)],
        reopened(S, File, fun(T) ->
            ?assertEqual([{N, N * N} || N <- lists:seq(1, 100)], store:range(T, #{})),
            ?assertEqual(ok, store:clear(T)),
            ?assertEqual(0, store:size(T)),
            ?assertEqual([], store:range(T, #{}))
        end)
    end).

large_values_test_() -> patient(fun large_values/0).
large_values() ->
    with_store(fun(S, File) ->
        Value = binary:copy(<<"0123456789">>, 100000),
        Key = lists:duplicate(10000, {deep, [a, "text"]}),
        ok = store:put(S, Key, Value),
        ok = store:put(S, big, lists:seq(1, 100000)),
        reopened(S, File, fun(T) ->
            ?assertEqual({ok, Value}, store:get(T, Key)),
            ?assertEqual({ok, lists:seq(1, 100000)}, store:get(T, big))
        end)
    end).

%% ---- the order of keys ----

keys() ->
    Numbers = [0, 1, -1, 2, 255, 256, 257, -256, 65535, 1 bsl 40, -(1 bsl 40), 1 bsl 61, 1 bsl 62,
               1 bsl 63, 1 bsl 64, (1 bsl 64) + 1, -(1 bsl 64), 1 bsl 200, (1 bsl 200) + 1,
               -(1 bsl 200), 1 bsl 2000, 0.0, 0.5, -0.5, 1.0, 1.5, 2.0, 1.0e10, 1.0e-10, 1.0e300,
               -1.0e300, 1.0e-300, 5.0e-324, 1.7976931348623157e308, 65535.0, 256.0, 255.5,
               18446744073709551616.0, 1.152921504606847e18, 3.141592653589793],
    Atoms = ['', a, aa, b, 'A', true, 'ä', 'a\000b', 'a\000', 'a\001'],
    Bits = [<<>>, <<0>>, <<0, 0>>, <<0, 1>>, <<1>>, <<255>>, <<1:1>>, <<1:2>>, <<128>>, <<128, 0>>,
            <<0:1>>, <<0:7>>, <<0:9>>, <<"abc">>, <<"abd">>, <<"ab">>, <<255, 255:7>>],
    Simple = Numbers ++ Atoms ++ Bits ++ [[]],
    Lists = [[X] || X <- Simple] ++ [[1, 2], [1, 2.0], [1, 3], [1 | 2], [1 | a], [[]], [[], []],
                                     "abc", "abd", "ab", [[1], [2]], [a | <<"b">>]],
    Tuples = [{}, {1}, {1.0}, {a}, {1, 2}, {1, 2, 3}, {{}}, {{1}, []}, {[], {1}}]
        ++ [{X, Y} || X <- [0, -1, a, []], Y <- [1, 1.0, <<>>, "x"]],
    Maps = [#{}, #{a => 1}, #{a => 1.0}, #{1 => a}, #{1.0 => a}, #{1.5 => a}, #{2 => a},
            #{{1.5} => a}, #{{2} => a}, #{a => 1, b => 2}, #{a => 2, b => 1}, #{1 => a, 1.0 => b},
            #{#{1 => x} => 1}, #{#{1.0 => x} => 1}, #{[] => #{}},
            maps:from_list([{N, N} || N <- lists:seq(1, 40)]),
            maps:from_list([{N, N + 1} || N <- lists:seq(1, 40)])],
    Simple ++ Lists ++ Tuples ++ Maps.

order_of_all_pairs_test_() -> patient(fun order_of_all_pairs/0).
order_of_all_pairs() ->
    Keys = [{muster_store:key(K), K} || K <- keys()],
    [case {A =:= B, A < B, A > B} of
         {true, _, _} -> ?assertEqual({A, Ea}, {B, Eb});
         {_, true, _} -> ?assertMatch({true, _, _}, {Ea < Eb, A, B});
         {_, _, true} -> ?assertMatch({true, _, _}, {Ea > Eb, A, B});
         _ -> ?assertMatch({true, _, _}, {Ea =/= Eb, A, B})
     end || {Ea, A} <- Keys, {Eb, B} <- Keys],
    ok.

%% Of keys that compare equal the one with the integer is first.
order_of_equals_test() ->
    with_store(fun(S, _) ->
        [ok = store:put(S, K, x) || K <- [1.0, 1, {2.0}, {2}, -3.0, -3, 0.0, 0]],
        ?assertEqual([-3, -3.0, 0, 0.0, 1, 1.0, {2}, {2.0}],
                     [K || {K, _} <- store:range(S, #{})])
    end).

random_term(Depth) ->
    case rand:uniform(case Depth of 0 -> 8; _ -> 12 end) of
        1 -> rand:uniform(10) - 5;
        2 -> rand:uniform(1 bsl 70) - (1 bsl 69);
        3 -> (rand:uniform() - 0.5) * math:pow(10, rand:uniform(40) - 20);
        4 -> float(rand:uniform(10) - 5);
        5 -> lists:nth(rand:uniform(4), [a, b, ab, '']);
        6 -> rand:bytes(rand:uniform(4) - 1);
        7 -> <<(rand:uniform(256) - 1):(rand:uniform(10) - 1)>>;
        8 -> [];
        9 -> list_to_tuple(random_terms(Depth));
        10 -> random_terms(Depth);
        11 -> random_terms(Depth) ++ random_term(Depth - 1);
        12 -> maps:from_list([{random_term(Depth - 1), random_term(Depth - 1)}
                              || _ <- lists:seq(1, rand:uniform(4) - 1)])
    end.

random_terms(Depth) -> [random_term(Depth - 1) || _ <- lists:seq(1, rand:uniform(4) - 1)].

order_of_random_terms_test_() -> patient(fun order_of_random_terms/0).
order_of_random_terms() ->
    rand:seed(exsss, 4),
    [begin
         A = random_term(3),
         B = random_term(3),
         {Ea, Eb} = {muster_store:key(A), muster_store:key(B)},
         if
             A =:= B -> ?assertEqual({Ea, A}, {Eb, B});
             A < B -> ?assertMatch({true, _, _}, {Ea < Eb, A, B});
             A > B -> ?assertMatch({true, _, _}, {Ea > Eb, A, B});
             true -> ?assertMatch({true, _, _}, {Ea =/= Eb, A, B})
         end
     end || _ <- lists:seq(1, 20000)],
    ok.

deep_keys_test() ->
    Deep = lists:foldl(fun(_, T) -> [T] end, [], lists:seq(1, 1000000)),
    ?assert(is_binary(muster_store:key(Deep))),
    ?assert(is_binary(muster_store:key(lists:foldl(fun(_, T) -> {1, T, 2} end, a,
                                                   lists:seq(1, 100000))))).

bad_keys_test() ->
    with_store(fun(S, _) ->
        [begin
             ?assertError(badarg, store:put(S, K, 1)),
             ?assertError(badarg, store:get(S, K)),
             ?assertError(badarg, store:range(S, #{from => K}))
         end || K <- [self(), make_ref(), fun() -> ok end, fun lists:map/2, {a, [self()]},
                      #{a => make_ref()}]],
        ?assertEqual(0, store:size(S)),
        %% As values they may stand.
        ok = store:put(S, a, self()),
        ?assertEqual({ok, self()}, store:get(S, a))
    end).

%% ---- ranges ----

ranges_test_() -> patient(fun ranges/0).
ranges() ->
    with_store(fun(S, _) ->
        {ok, _} = store:transaction(S, fun() -> [store:put(S, N, x) || N <- lists:seq(1, 2000)] end),
        Keys = fun(Range) -> [K || {K, _} <- store:range(S, Range)] end,
        ?assertEqual(lists:seq(1, 2000), Keys(#{})),
        ?assertEqual(lists:seq(2000, 1, -1), Keys(#{reverse => true})),
        ?assertEqual([5, 6, 7], Keys(#{from => 5, to => 7})),
        ?assertEqual([6], Keys(#{above => 5, below => 7})),
        ?assertEqual([7, 6], Keys(#{above => 5, to => 7, reverse => true})),
        ?assertEqual([1, 2, 3], Keys(#{limit => 3})),
        ?assertEqual([2000, 1999], Keys(#{limit => 2, reverse => true})),
        ?assertEqual([], Keys(#{limit => 0})),
        ?assertEqual([], Keys(#{from => 9, to => 8})),
        ?assertEqual([], Keys(#{from => a})),
        ?assertEqual([1999, 2000], Keys(#{from => 1998.5})),
        ?assertEqual(lists:seq(1, 1500), Keys(#{limit => 1500})),
        ?assertEqual([{5, x}, {6, x}], store:range(S, 5, 6)),
        ?assertEqual({ok, {1, x}}, store:first(S)),
        ?assertEqual({ok, {2000, x}}, store:last(S)),
        ?assertEqual(2001000, store:fold(S, fun(K, x, Sum) -> Sum + K end, 0)),
        ?assertEqual(3, store:fold(S, fun(_, _, N) -> N + 1 end, 0, #{from => 1998})),
        ?assertError({badarg, {from, above}}, store:range(S, #{from => 1, above => 1}))
    end).

a_fold_sees_what_was_there_when_it_began_test_() -> patient(fun a_fold_sees_what_was_there_when_it_began/0).
a_fold_sees_what_was_there_when_it_began() ->
    with_store(fun(S, _) ->
        {ok, _} = store:transaction(S, fun() -> [store:put(S, N, 0) || N <- lists:seq(1, 1500)] end),
        Seen = store:fold(S, fun(K, V, Sum) ->
                                     store:put(S, K, 1),
                                     store:put(S, K + 0.5, 1),
                                     Sum + V
                             end, 0, #{limit => 1200}),
        ?assertEqual(0, Seen),
        ?assertEqual(2700, store:size(S))
    end).

%% ---- transactions ----

transactions_test() ->
    with_store(fun(S, _) ->
        ok = store:put(S, a, 1),
        ok = store:put(S, b, 2),
        ok = store:put(S, c, 3),
        Result = store:transaction(S, fun() ->
            ok = store:put(S, a, 10),
            {ok, 10} = store:get(S, a),
            {ok, 2} = store:get(S, b),
            ok = store:delete(S, b),
            error = store:get(S, b),
            ok = store:put(S, aa, 5),
            [{a, 10}, {aa, 5}, {c, 3}] = store:range(S, #{}),
            [{c, 3}, {aa, 5}] = store:range(S, #{reverse => true, limit => 2}),
            [{a, 10}] = store:range(S, #{below => aa}),
            [{c, 3}] = store:range(S, #{above => aa}),
            3 = store:size(S),
            %% Others do not see it.
            Self = self(),
            spawn_link(fun() -> Self ! {seen, store:range(S, #{})} end),
            receive {seen, Seen} -> [{a, 1}, {b, 2}, {c, 3}] = Seen end,
            done
        end),
        ?assertEqual({ok, done}, Result),
        ?assertEqual([{a, 10}, {aa, 5}, {c, 3}], store:range(S, #{})),
        ?assertEqual({aborted, no}, store:transaction(S, fun() ->
                                                                 store:put(S, a, 0),
                                                                 store:clear(S),
                                                                 store:abort(no)
                                                         end)),
        ?assertError(oops, store:transaction(S, fun() -> store:put(S, a, 0), error(oops) end)),
        ?assertThrow(up, store:transaction(S, fun() -> store:put(S, a, 0), throw(up) end)),
        ?assertEqual({ok, 10}, store:get(S, a)),
        %% One within another is a part of it.
        ?assertEqual({aborted, outer},
                     store:transaction(S, fun() ->
                         {ok, ok} = store:transaction(S, fun() -> store:put(S, z, 1) end),
                         {ok, 1} = store:get(S, z),
                         store:abort(outer)
                     end)),
        ?assertEqual(error, store:get(S, z)),
        ?assertEqual({ok, cleared}, store:transaction(S, fun() ->
                                                                 store:clear(S),
                                                                 [] = store:range(S, #{}),
                                                                 error = store:get(S, a),
                                                                 store:put(S, new, 1),
                                                                 [{new, 1}] = store:range(S, #{}),
                                                                 cleared
                                                         end)),
        ?assertEqual([{new, 1}], store:range(S, #{}))
    end).

transactions_run_one_after_the_other_test_() -> patient(fun transactions_run_one_after_the_other/0).
transactions_run_one_after_the_other() ->
    with_store(fun(S, _) ->
        ok = store:put(S, n, 0),
        Add = fun() -> [store:update(S, n, fun(N) -> N + 1 end) || _ <- lists:seq(1, 50)] end,
        Ends = [spawn_monitor(Add) || _ <- lists:seq(1, 8)],
        [receive {'DOWN', Ref, _, _, normal} -> ok end || {_, Ref} <- Ends],
        ?assertEqual({ok, 400}, store:get(S, n)),
        ?assertEqual(5, store:update(S, m, fun(N) -> N + 1 end, 5)),
        ?assertEqual(6, store:update(S, m, fun(N) -> N + 1 end, 5)),
        ?assertError({badkey, k}, store:update(S, k, fun(N) -> N end))
    end).

a_killed_process_leaves_no_lock_test() ->
    with_store(fun(S, _) ->
        Self = self(),
        {Pid, Ref} = spawn_monitor(fun() ->
            store:transaction(S, fun() ->
                                         store:put(S, a, 1),
                                         Self ! inside,
                                         timer:sleep(infinity)
                                 end)
        end),
        receive inside -> ok end,
        spawn_link(fun() -> Self ! {put, store:put(S, b, 2)} end),
        ?assertEqual(waits, receive {put, _} -> done after 50 -> waits end),
        exit(Pid, kill),
        receive {'DOWN', Ref, _, _, killed} -> ok end,
        ?assertEqual(ok, receive {put, Answer} -> Answer after 5000 -> never end),
        ?assertEqual([{b, 2}], store:range(S, #{}))
    end).

many_writers_share_commits_test_() -> patient(fun many_writers_share_commits/0).
many_writers_share_commits() ->
    with_store(fun(S, _) ->
        Write = fun(P) -> [ok = store:put(S, {P, N}, N) || N <- lists:seq(1, 50)] end,
        Ends = [spawn_monitor(fun() -> Write(P) end) || P <- lists:seq(1, 20)],
        [receive {'DOWN', Ref, _, _, normal} -> ok end || {_, Ref} <- Ends],
        ?assertEqual(1000, store:size(S)),
        ?assert(maps:get(commits, store:info(S)) < 1000)
    end).

%% ---- watching ----

watch_test() ->
    with_store(fun(S, _) ->
        All = store:watch(S, all),
        Key = store:watch(S, {key, b}),
        Range = store:watch(S, {range, #{from => {a, 1}, below => {a, 3}}}),
        ok = store:put(S, b, 1),
        {ok, _} = store:transaction(S, fun() ->
            store:put(S, {a, 1}, x), store:put(S, {a, 3}, x), store:delete(S, b)
        end),
        {aborted, no} = store:transaction(S, fun() -> store:put(S, b, 7), store:abort(no) end),
        Got = fun(Ref) -> receive {store, Ref, Changes} -> Changes after 1000 -> none end end,
        ?assertEqual([{put, b, 1}], Got(All)),
        ?assertEqual([{put, {a, 1}, x}, {put, {a, 3}, x}, {delete, b}], Got(All)),
        ?assertEqual([{put, b, 1}], Got(Key)),
        ?assertEqual([{delete, b}], Got(Key)),
        ?assertEqual([{put, {a, 1}, x}], Got(Range)),
        ?assertEqual(ok, store:unwatch(S, Key)),
        ok = store:put(S, b, 3),
        ?assertEqual([{put, b, 3}], Got(All)),
        ?assertEqual(none, receive {store, Key, _} -> some after 20 -> none end),
        ?assertEqual(2, maps:get(watchers, store:info(S)))
    end).

%% ---- names, copies, errors ----

names_test() ->
    with_store(fun(S, File) ->
        ok = store:close(S),
        {ok, Pid} = store:start_link(File, #{name => store_tests_named, sync => normal}),
        ok = store:put(store_tests_named, a, 1),
        ?assertEqual({ok, 1}, store:get(Pid, a)),
        ?assertMatch({error, {already_started, Pid}},
                     store:start_link(File, #{name => store_tests_named})),
        ?assertMatch(#{sync := normal, file := File}, store:info(store_tests_named)),
        ok = store:close(store_tests_named),
        ?assertExit({noproc, _}, store:get(store_tests_named, a)),
        ?assertMatch(#{id := x, start := {store, start_link, [File, _]}},
                     store:child_spec(File, #{name => x}))
    end).

backup_test() ->
    with_store(fun(S, File) ->
        [ok = store:put(S, N, N) || N <- lists:seq(1, 10)],
        ok = store:backup(S, File ++ ".copy"),
        ok = store:put(S, 1, changed),
        {ok, Copy} = store:open(File ++ ".copy"),
        ?assertEqual([{N, N} || N <- lists:seq(1, 10)], store:range(Copy, #{})),
        ok = store:close(Copy)
    end).

closed_test() ->
    with_store(fun(S, _) ->
        ok = store:put(S, a, 1),
        ok = store:close(S),
        ?assertError({store, {closed, _}}, store:get(S, a)),
        ?assertExit(_, store:put(S, a, 1))
    end).

wrong_files_test_() -> {spawn, fun wrong_files/0}.

wrong_files() ->
    process_flag(trap_exit, true),
    logger:set_primary_config(level, none),
    with_store(fun(S, File) ->
        ?assertError(badarg, store:watch(S, some_key)),
        ok = store:close(S),
        Text = File ++ ".txt",
        ok = file:write_file(Text, binary:copy(<<"no database ">>, 1000)),
        ?assertMatch({error, {no_store, _}}, store:open(Text)),
        ?assertEqual({ok, binary:copy(<<"no database ">>, 1000)}, file:read_file(Text)),
        ?assertMatch({error, {cannot_open, _}}, store:open("/no/such/dir/x.store")),
        {error, {cannot_open, Why}} = store:open("/no/such/dir/x.store"),
        ?assertMatch([_, _], binary:split(Why, <<"No such file or directory">>)),
        %% An answer, not a failure: nothing ends badly for it.
        receive {'EXIT', _, Reason} -> ?assertEqual(normal, Reason) after 0 -> ok end,
        ?assertError({badarg, {sync, maybe_}}, store:open(File, #{sync => maybe_})),
        ?assertError({badarg, {foo, 1}}, store:open(File, #{foo => 1}))
    end).
