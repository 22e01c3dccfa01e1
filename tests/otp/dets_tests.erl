%% dets: tables of tuples in files.
-module(dets_tests).
-include("check.hrl").

open(Name, Options) ->
    File = filename:join(otp_check:dir("dets"), "table"),
    {ok, Name} = dets:open_file(Name, [{file, File} | Options]),
    File.

again(Name, File, Options) -> dets:open_file(Name, [{file, File} | Options]).

all_objects(T) -> lists:sort(dets:match_object(T, '_')).

sets_have_one_object_for_a_key_test() ->
    File = open(s, []),
    ?eq(ok, dets:insert(s, [{N, N * N} || N <- lists:seq(1, 200)])),
    ?eq([{7, 49}], dets:lookup(s, 7)),
    ?eq(ok, dets:insert(s, {7, new})),
    ?eq([{7, new}], dets:lookup(s, 7)),
    ?eq([], dets:lookup(s, 7.0)),
    ?eq(ok, dets:insert(s, {7.0, float})),
    ?eq({[{7, new}], [{7.0, float}]}, {dets:lookup(s, 7), dets:lookup(s, 7.0)}),
    ?eq({true, false}, {dets:member(s, 200), dets:member(s, 201)}),
    ?eq(201, dets:info(s, size)),
    ?eq(ok, dets:delete(s, 7.0)),
    ?eq(ok, dets:delete(s, nothing)),
    ?eq(ok, dets:delete_object(s, {7, other})),
    ?eq(ok, dets:delete_object(s, {200, 40000})),
    ?eq({set, 1, 199, File}, {dets:info(s, type), dets:info(s, keypos), dets:info(s, size), dets:info(s, filename)}),
    ?eq({false, true}, {dets:insert_new(s, [{1, a}, {1000, b}]), dets:insert_new(s, {1000, c})}),
    ?eq(ok, dets:close(s)),
    ?eq({ok, s}, again(s, File, [])),
    ?eq({[{7, new}], [{1000, c}], []}, {dets:lookup(s, 7), dets:lookup(s, 1000), dets:lookup(s, 200)}),
    ?eq(200, length(all_objects(s))),
    ?eq(ok, dets:delete_all_objects(s)),
    ?eq({0, []}, {dets:info(s, size), all_objects(s)}),
    ?eq(ok, dets:close(s)).

bags_have_many_test() ->
    open(b, [{type, bag}, {keypos, 2}]),
    ?eq(ok, dets:insert(b, [{a, 1}, {b, 1}, {c, 2}, {a, 1}])),
    ?eq([{a, 1}, {b, 1}], lists:sort(dets:lookup(b, 1))),
    ?eq({3, 2}, {dets:info(b, no_objects), dets:info(b, no_keys)}),
    ?eq(ok, dets:delete_object(b, {a, 1})),
    ?eq([{b, 1}], dets:lookup(b, 1)),
    ?raises(error, badarg, dets:update_counter(b, 1, 1)),
    ?raises(error, badarg, dets:insert(b, {a})),
    ?eq(ok, dets:close(b)),
    open(d, [{type, duplicate_bag}]),
    ?eq(ok, dets:insert(d, [{1, a}, {1, a}, {1, b}])),
    ?eq([{1, a}, {1, a}, {1, b}], lists:sort(dets:lookup(d, 1))),
    ?eq(ok, dets:delete_object(d, {1, a})),
    ?eq([{1, b}], dets:lookup(d, 1)),
    ?eq(ok, dets:close(d)).

all_keys_are_keys_test() ->
    open(k, []),
    Keys = [a, "text", <<1, 2>>, {x, #{y => 1.5}}, self(), make_ref(), -1, 1 bsl 100, [], #{}],
    ?eq(ok, dets:insert(k, [{K, N} || {N, K} <- lists:zip(lists:seq(1, length(Keys)), Keys)])),
    ?eq(lists:seq(1, length(Keys)), [N || K <- Keys, {_, N} <- dets:lookup(k, K)]),
    Walk = fun Walk('$end_of_table') -> []; Walk(K) -> [K | Walk(dets:next(k, K))] end,
    ?eq(lists:sort(Keys), lists:sort(Walk(dets:first(k)))),
    Slots = fun Slots(N) -> case dets:slot(k, N) of '$end_of_table' -> []; Objects -> Objects ++ Slots(N + 1) end end,
    ?eq(lists:sort(Keys), lists:sort([K || {K, _} <- Slots(0)])),
    ?eq(ok, dets:close(k)).

counters_test() ->
    open(c, []),
    ?eq(ok, dets:insert(c, [{a, 1, 10}, {b, x}])),
    ?eq({6, 9}, {dets:update_counter(c, a, 5), dets:update_counter(c, a, {3, -1})}),
    ?eq([{a, 6, 9}], dets:lookup(c, a)),
    [?raises(error, badarg, dets:update_counter(c, K, 1)) || K <- [b, nothing]],
    ?eq(ok, dets:close(c)).

matching_test() ->
    open(m, []),
    ?eq(ok, dets:insert(m, [{N, N rem 3, x} || N <- lists:seq(1, 300)])),
    ?eq([[N] || N <- lists:seq(3, 300, 3)], lists:sort(dets:match(m, {'$1', 0, '_'}))),
    ?eq([{4, 1, x}], dets:match_object(m, {4, '_', '_'})),
    ?eq([6, 9], lists:sort(dets:select(m, [{{'$1', 0, x}, [{'>', '$1', 3}, {'<', '$1', 12}], ['$1']}]))),
    In = fun In('$end_of_table') -> []; In({Some, More}) -> Some ++ In(dets:match(More)) end,
    ?eq([[N] || N <- lists:seq(1, 300)], lists:sort(In(dets:match(m, {'$1', '_', '_'}, 7)))),
    {Five, _} = dets:select(m, [{'_', [], ['$_']}], 5),
    ?eq(5, length(Five)),
    ?eq(100, dets:select_delete(m, [{{'_', 1, '_'}, [], [true]}])),
    ?eq(ok, dets:match_delete(m, {'_', 2, '_'})),
    ?eq(100, dets:info(m, size)),
    ?raises(error, badarg, dets:select(m, [{a, b}])),
    ?eq(ok, dets:close(m)).

walking_test() ->
    open(w, []),
    Objects = [{N, N} || N <- lists:seq(1, 1200)],
    ?eq(ok, dets:insert(w, Objects)),
    ?eq(ok, dets:safe_fixtable(w, true)),
    ?like({_, [{_, 1}]}, dets:info(w, safe_fixed)),
    ?eq(ok, dets:safe_fixtable(w, false)),
    ?eq(false, dets:info(w, safe_fixed)),
    ?eq(Objects, lists:sort(dets:foldl(fun(O, Acc) -> [O | Acc] end, [], w))),
    ?eq(Objects, lists:sort(dets:foldr(fun(O, Acc) -> [O | Acc] end, [], w))),
    ?eq([{2, 2}], dets:traverse(w, fun({2, _} = O) -> {continue, O}; (_) -> continue end)),
    Ets = ets:new(e, []),
    ?eq(Ets, dets:to_ets(w, Ets)),
    ?eq(1200, ets:info(Ets, size)),
    ets:delete(Ets, 5),
    ?eq(ok, dets:from_ets(w, Ets)),
    ?eq({1199, []}, {dets:info(w, size), dets:lookup(w, 5)}),
    Rest = fun(read) -> end_of_input; (close) -> ok end,
    ?eq(ok, dets:init_table(w, fun(read) -> {[{1, a}, {2, b}], Rest}; (close) -> ok end)),
    ?eq([{1, a}, {2, b}], all_objects(w)),
    ?like([_], dets:traverse(w, fun(O) -> {done, O} end)),
    ?eq(other, dets:traverse(w, fun(_) -> other end)),
    ?eq(ok, dets:close(w)).

what_is_open_test() ->
    File = open(o, [{keypos, 2}]),
    ?ok(lists:member(o, dets:all())),
    ?eq({ok, o}, dets:pid2name(dets:info(o, pid))),
    ?eq({ok, o}, again(o, File, [{keypos, 2}])),
    ?eq({error, incompatible_arguments}, again(o, File, [{keypos, 1}])),
    ?eq(ok, dets:insert(o, {1, key})),
    ?eq({ok, ok, {error, not_owner}}, {dets:close(o), dets:close(o), dets:close(o)}),
    ?eq(undefined, dets:info(o)),
    ?raises(error, badarg, dets:lookup(o, key)),
    ?eq({error, {keypos_mismatch, File}}, again(o, File, [{keypos, 1}])),
    ?eq({error, {type_mismatch, File}}, again(o, File, [{type, bag}, {keypos, 2}])),
    {ok, Ref} = dets:open_file(File),
    ?eq([{1, key}], dets:lookup(Ref, key)),
    ?eq(ok, dets:close(Ref)),
    ?eq({ok, o}, again(o, File, [{access, read}, {keypos, 2}])),
    ?eq({error, {access_mode, File}}, dets:insert(o, {2, key})),
    ?eq([{1, key}], dets:lookup(o, key)),
    ?eq(ok, dets:close(o)),
    ?eq(true, dets:is_dets_file(File)),
    Junk = File ++ ".junk",
    ok = file:write_file(Junk, "no table at all, but a text that is long enough"),
    ?eq({false, {error, {not_a_dets_file, Junk}}}, {dets:is_dets_file(Junk), again(j, Junk, [])}),
    ?eq({ok, <<"no table">>}, begin {ok, <<Text:8/binary, _/binary>>} = file:read_file(Junk), {ok, Text} end),
    ?eq({error, {file_error, File ++ "x", enoent}}, dets:open_file(File ++ "x")),
    ?raises(error, badarg, dets:open_file(x, [{unknown, option}])).

table_is_closed_with_its_last_user_test() ->
    File = filename:join(otp_check:dir("dets"), "table"),
    Self = self(),
    {Pid, Monitor} = spawn_monitor(fun() -> Self ! dets:open_file(u, [{file, File}]), ok = dets:insert(u, {a, 1}) end),
    ?eq({ok, u}, receive {ok, _} = Opened -> Opened end),
    receive {'DOWN', Monitor, process, Pid, _} -> ok end,
    otp_check:wait_for(fun() -> dets:info(u) =:= undefined end),
    ?eq({ok, u}, again(u, File, [])),
    ?eq([{a, 1}], dets:lookup(u, a)),
    ?eq(ok, dets:sync(u)),
    ?eq(ok, dets:close(u)).

%% What was called is told, not what it asked.
bad_arguments_are_those_of_the_call_test() ->
    {ok, t} = dets:open_file(t, [{file, filename:join(otp_check:dir("dets"), "t")}, {keypos, 2}]),
    [begin
         {'EXIT', {badarg, [{M, F, As, _} | _]}} = (catch apply(dets, Function, Args)),
         ?eq({dets, Function, Args}, {M, F, As})
     end || {Function, Args} <- [{insert, [none, {1, 2}]}, {insert, [t, {1}]}, {insert, [t, [{1, 2}, x]]}, {insert_new, [none, {1, 2}]},
                                 {lookup, [none, k]}, {member, [none, k]}, {delete, [none, k]}, {delete_object, [none, {1, 2}]},
                                 {delete_all_objects, [none]}, {update_counter, [none, k, 1]}, {first, [none]}, {next, [none, k]},
                                 {slot, [none, 1]}, {match, [none, '_']}, {match_object, [none, '_', 5]}, {match_delete, [none, '_']},
                                 {select, [none, [{'_', [], ['$_']}]]}, {select, [t, [x]]}, {select_delete, [none, [{'_', [], [true]}]]},
                                 {safe_fixtable, [none, true]}, {sync, [none]}, {traverse, [none, fun(_) -> continue end]}]],
    ok = dets:close(t).
