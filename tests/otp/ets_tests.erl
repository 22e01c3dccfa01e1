%% Tables in files (ets:tab2file/3 and its kin) and corners of tables, as erl has them. A file lies in a directory of the
%% test's own.
-module(ets_tests).
-include("check.hrl").

at(Name) -> filename:join(get(dir), Name).
dir() -> put(dir, otp_check:dir("ets")).

table(Options, Objects) ->
    T = ets:new(t, Options),
    ets:insert(T, Objects),
    T.

%% The terms of a log.
terms(File) ->
    {ok, L} = disk_log:open([{name, make_ref()}, {file, File}, {mode, read_only}]),
    Terms = terms(L, disk_log:chunk(L, start)),
    ok = disk_log:close(L),
    Terms.
terms(_, eof) -> [];
terms(L, {Next, Terms}) -> Terms ++ terms(L, disk_log:chunk(L, Next)).

log(File, Terms) ->
    _ = file:delete(File),
    {ok, L} = disk_log:open([{name, make_ref()}, {file, File}]),
    ok = disk_log:log_terms(L, Terms),
    ok = disk_log:close(L).

written_and_read_test() ->
    dir(),
    [begin
         T = table([Type, public, {keypos, 2}], [{N rem 7, N} || N <- lists:seq(1, 3000)]),
         ?eq(ok, ets:tab2file(T, at("t"), Options)),
         {ok, Again} = ets:file2tab(at("t"), [{verify, true}]),
         ?eq(lists:sort(ets:tab2list(T)), lists:sort(ets:tab2list(Again))),
         ?eq({Type, public, 2, 3000}, list_to_tuple([ets:info(Again, I) || I <- [type, protection, keypos, size]])),
         ?like({ok, [{name, t}, {type, Type}, {protection, public}, {named_table, false}, {keypos, 2}, {size, 3000},
                     {extended_info, _}, {version, {1, 0}}]}, ets:tabfile_info(at("t")))
     end || Type <- [set, ordered_set, bag, duplicate_bag],
            Options <- [[], [{sync, true}], [{extended_info, [object_count]}], [{extended_info, [md5sum, object_count]}]]].

%% What others read and write: a tuple of what is known, the objects, and what was asked for.
files_are_logs_test() ->
    dir(),
    T = table([ordered_set], [{1, "a"}, {2, "b"}]),
    ok = ets:tab2file(T, at("t")),
    [Header | Objects] = terms(at("t")),
    ?eq([{1, "a"}, {2, "b"}], Objects),
    ?eq([t, ordered_set, protected, false, 1, 2, []],
        [proplists:get_value(K, tuple_to_list(Header)) || K <- [name, type, protection, named_table, keypos, size, extended_info]]),
    ok = ets:tab2file(T, at("t"), [{extended_info, [md5sum, object_count]}]),
    All = terms(at("t")),
    Sum = erlang:md5([term_to_binary(X) || X <- lists:droplast(All)]),
    ?eq(['$end_of_table', [{count, 2}, {md5, Sum}]], lists:last(All)).

damage_is_seen_test() ->
    dir(),
    T = table([], [{N, N} || N <- lists:seq(1, 10)]),
    Damaged = fun(Options, Damage) ->
        ok = ets:tab2file(T, at("t"), Options),
        log(at("d"), Damage(terms(at("t")))),
        {case ets:file2tab(at("d")) of
             {ok, Read} -> ets:info(Read, size);
             Error -> Error
         end,
         case ets:file2tab(at("d"), [{verify, true}]) of
             {ok, _} -> ok;
             Error1 -> Error1
         end}
    end,
    Without8 = fun(Terms) -> lists:keydelete(8, 1, Terms) end,
    Other8 = fun(Terms) -> lists:keyreplace(8, 1, Terms, {8, x}) end,
    ?eq({9, {error, invalid_object_count}}, Damaged([], Without8)),
    ?eq({9, {error, invalid_object_count}}, Damaged([{extended_info, [object_count]}], Without8)),
    ?eq({10, ok}, Damaged([{extended_info, [object_count]}], Other8)),
    ?eq({10, {error, checksum_error}}, Damaged([{extended_info, [md5sum]}], Other8)),
    ?eq({{error, badfile}, {error, badfile}}, Damaged([], fun([_ | Objects]) -> [{{type, set}} | Objects] end)),
    ok = file:write_file(at("n"), "no log"),
    ?like({error, {read_error, {not_a_log_file, _}}}, ets:file2tab(at("n"))),
    ?like({error, {read_error, {not_a_log_file, _}}}, ets:tabfile_info(at("n"))),
    ?like({error, {read_error, {file_error, _, enoent}}}, ets:file2tab(at("no"))).

names_are_taken_once_test() ->
    dir(),
    n = ets:new(n, [named_table]),
    ok = ets:tab2file(n, at("t")),
    ?eq({error, cannot_create_table}, ets:file2tab(at("t"))),
    ets:delete(n),
    ?eq({ok, n}, ets:file2tab(at("t"))).

options_test() ->
    dir(),
    T = table([], [{1}]),
    ?eq({error, {unknown_option, sync}}, ets:tab2file(T, at("t"), [sync])),
    ?eq({error, {unknown_option, {sync, yes}}}, ets:tab2file(T, at("t"), [{sync, yes}])),
    ?eq({error, {unknown_option, [{extended_info, [no]}]}}, ets:tab2file(T, at("t"), [{extended_info, [no]}])),
    ?eq({error, {unknown_option, no}}, ets:file2tab(at("t"), [no])),
    ?eq({error, {malformed_option, no}}, ets:file2tab(at("t"), no)),
    ?eq({error, badtab}, ets:tab2file(none, at("t"))),
    ?like({error, _}, ets:tab2file(T, at("no/t"))),
    ?eq(false, filelib:is_regular(at("t"))).

%% A list of many objects, into tables of stripes among others.
key(N) -> N * 7919 rem 1000003.
many_at_once_test_() -> {timeout, 30, fun() ->
    [begin
         T = table([Type, public, {write_concurrency, true}], [{key(N), N} || N <- lists:seq(1, 100000)]),
         ?eq(100000, length(ets:tab2list(T))),
         ?ok(lists:all(fun(N) -> ets:lookup(T, key(N)) =:= [{key(N), N}] end, lists:seq(1, 100000, 97)))
     end || Type <- [bag, duplicate_bag, ordered_set]]
end}.

ends_of_tables_are_no_keys_test() ->
    [begin
         T = table([Type], [{a}, {"z"}]),
         ?raises(error, badarg, ets:next(T, '$end_of_table')),
         ?raises(error, badarg, ets:prev(T, '$end_of_table'))
     end || Type <- [set, ordered_set]].

folding_asks_for_the_fun_when_there_is_an_object_test() ->
    [begin
         ?eq([], ets:Fold(fun(_) -> x end, [], table([], []))),
         ?raises(error, function_clause, ets:Fold(fun(_) -> x end, [], table([], [{1}])))
     end || Fold <- [foldl, foldr]].

heirs_stay_heirs_test() ->
    Self = self(),
    {_, Gone} = spawn_monitor(fun() -> ets:new(inherited, [named_table, {heir, Self, data}]) end),
    receive {'ETS-TRANSFER', inherited, _, data} -> ok end,
    receive {'DOWN', Gone, _, _, _} -> ok end,
    ?eq({Self, Self}, {ets:info(inherited, owner), ets:info(inherited, heir)}),
    {Taker, Ended} = spawn_monitor(fun() -> receive {'ETS-TRANSFER', T, _, _} -> ets:insert(T, {a}) end end),
    ets:give_away(inherited, Taker, given),
    receive {'ETS-TRANSFER', inherited, Taker, data} -> ok end, % back again
    receive {'DOWN', Ended, _, _, _} -> ok end,
    ?eq([{a}], ets:tab2list(inherited)),
    ets:delete(inherited).

protection_is_set_later_test() ->
    T = ets:new(t, [private]),
    Other = fun() ->
        {_, R} = spawn_monitor(fun() -> exit({catch ets:lookup(T, a) =:= [], catch ets:insert(T, {b})}) end),
        receive {'DOWN', R, _, _, {Read, Written}} -> {Read =:= true, Written =:= true} end
    end,
    ?eq({false, false}, Other()),
    [begin
         ?eq(true, ets:setopts(T, Options)),
         ?eq(Protection, ets:info(T, protection)),
         ?eq(Allowed, Other())
     end || {Options, Protection, Allowed} <- [{{protection, public}, public, {true, true}}, {[{protection, protected}], protected, {true, false}},
                                               {[{heir, none}, {protection, private}], private, {false, false}}]],
    [?raises(error, badarg, ets:setopts(T, Bad))
     || Bad <- [{protection}, {protection, false}, {protection, private, false}, protection, [{protection, public}, no]]],
    ?eq(private, ets:info(T, protection)).
