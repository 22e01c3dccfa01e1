%% disk_log: what is logged is there, in halt logs and in rings of files; users, blocking, repair.
-module(disk_log_tests).
-include("check.hrl").

-define(TERMS, [a, {b, 2}, "text", <<"bytes">>, #{k => 1.5}]).

open(Name, Dir, Options) -> disk_log:open([{name, Name}, {file, filename:join(Dir, "log")} | Options]).

all_terms(Log) -> all_terms(Log, start).
all_terms(Log, At) ->
    case disk_log:chunk(Log, At) of
        {Next, Terms} -> Terms ++ all_terms(Log, Next);
        eof -> []
    end.

told() -> receive {disk_log, _, _, What} -> [What | told()] after 0 -> [] end.

halt_log_keeps_what_is_logged_test() ->
    Dir = otp_check:dir("halt"),
    ?eq({ok, l}, open(l, Dir, [])),
    [?eq(ok, disk_log:log(l, Term)) || Term <- ?TERMS],
    ?eq(ok, disk_log:alog_terms(l, ?TERMS)),
    ?eq(ok, disk_log:blog(l, term_to_binary(last))),
    ?eq(?TERMS ++ ?TERMS ++ [last], all_terms(l)),
    ?eq(ok, disk_log:sync(l)),
    {Next, Two} = disk_log:chunk(l, start, 2),
    ?eq(lists:sublist(?TERMS, 2), Two),
    ?eq({lists:nth(3, ?TERMS)}, begin {_, [Third]} = disk_log:chunk(l, Next, 1), {Third} end),
    {_, [Bytes]} = disk_log:bchunk(l, start, 1),
    ?eq(a, binary_to_term(Bytes)),
    ?eq([{node, node()}], disk_log:chunk_info(Next)),
    ?eq({error, {badarg, continuation}}, disk_log:chunk(l, nothing)),
    ?eq({error, {not_internal_wrap, l}}, disk_log:chunk_step(l, start, 1)),
    ?eq({error, {halt_log, l}}, disk_log:inc_wrap_file(l)),
    ?ok(lists:member(l, disk_log:all())),
    ?eq(ok, disk_log:close(l)),
    ?eq({error, no_such_log}, disk_log:log(l, a)),
    ?eq({error, no_such_log}, disk_log:info(l)),
    ?eq({ok, l}, open(l, Dir, [])),
    ?eq(ok, disk_log:log(l, more)),
    ?eq(?TERMS ++ ?TERMS ++ [last, more], all_terms(l)),
    ?eq(ok, disk_log:truncate(l)),
    ?eq([], all_terms(l)),
    ?eq(ok, disk_log:close(l)).

large_items_have_sums_test() ->
    Dir = otp_check:dir("large"),
    ?eq({ok, l}, open(l, Dir, [])),
    Items = [binary:copy(<<N>>, 65500 + N) || N <- lists:seq(20, 40)],
    ?eq(ok, disk_log:log_terms(l, Items)),
    ?eq(Items, all_terms(l)),
    ?eq(ok, disk_log:close(l)).

halt_log_has_a_size_test() ->
    Dir = otp_check:dir("size"),
    ?eq({ok, l}, open(l, Dir, [{size, 60}, {notify, true}])),
    ?eq(ok, disk_log:log(l, abc)),
    ?eq({error, {full, l}}, disk_log:log_terms(l, [abc, def, ghi])),
    ?eq([abc, abc, def], all_terms(l)),
    ?eq(full, proplists:get_value(full, disk_log:info(l), none) andalso full),
    ?eq({error, {new_size_too_small, l, 53}}, disk_log:change_size(l, 20)),
    ?eq({error, {badarg, size}}, disk_log:change_size(l, {1, 2})),
    ?eq(ok, disk_log:change_size(l, 200)),
    ?eq(ok, disk_log:log(l, a)),
    ?eq([full, {error_status, {error, {full, l}}}, {error_status, ok}], told()),
    ?eq(ok, disk_log:close(l)).

external_log_is_bytes_test() ->
    Dir = otp_check:dir("external"),
    ?eq({ok, x}, open(x, Dir, [{format, external}, {head, ["head", $:]}])),
    ?eq(ok, disk_log:blog(x, ["one", <<"two">>])),
    ?eq(ok, disk_log:balog_terms(x, ["3", "4"])),
    ?eq({error, {format_external, x}}, disk_log:log(x, a)),
    ?eq({error, {format_external, x}}, disk_log:chunk(x, start)),
    ?eq(ok, disk_log:sync(x)),
    ?eq({ok, <<"head:onetwo34">>}, file:read_file(filename:join(Dir, "log"))),
    ?eq(ok, disk_log:btruncate(x, "again ")),
    ?eq(ok, disk_log:blog(x, "x")),
    ?eq(ok, disk_log:close(x)),
    ?eq({ok, <<"again x">>}, file:read_file(filename:join(Dir, "log"))),
    ?eq({error, {badarg, head}}, open(x, Dir, [{format, external}, {head, atom}, {repair, truncate}])).

wrap_log_is_a_ring_of_files_test() ->
    Dir = otp_check:dir("wrap"),
    Options = [{type, wrap}, {size, {100, 3}}, {head, hello}, {notify, true}],
    ?eq({ok, w}, open(w, Dir, Options)),
    [?eq(ok, disk_log:log(w, {N, "hello"})) || N <- lists:seq(1, 11)],
    ?eq([hello, {4, "hello"}, {5, "hello"}, {6, "hello"}], lists:sublist(all_terms(w), 4)),
    ?eq([{wrap, 0}, {wrap, 0}, {wrap, 4}], told()),
    Info = disk_log:info(w),
    ?eq({1, {100, 3}, {3, 3}}, {proplists:get_value(current_file, Info), proplists:get_value(size, Info),
                                proplists:get_value(no_overflows, Info)}),
    {ok, Second} = disk_log:chunk_step(w, start, 1),
    ?like({_, [hello, {7, _} | _]}, disk_log:chunk(w, Second)),
    ?eq(ok, disk_log:inc_wrap_file(w)),
    ?eq([{wrap, 4}], told()),
    ?eq([hello, {7, "hello"}], lists:sublist(all_terms(w), 2)),
    ?eq(ok, disk_log:close(w)),
    ?like({error, {size_mismatch, {100, 3}, {200, 3}}},
          open(w, Dir, [{type, wrap}, {size, {200, 3}}, {mode, read_only}])),
    ?eq({ok, w}, open(w, Dir, [{type, wrap}])),
    ?eq([hello, {7, "hello"}], lists:sublist(all_terms(w), 2)),
    ?eq(ok, disk_log:change_size(w, {100, 2})),
    [?eq(ok, disk_log:log(w, {N, "hello"})) || N <- lists:seq(12, 20)],
    ?eq(ok, disk_log:close(w)),
    ?eq(false, filelib:is_file(filename:join(Dir, "log.3"))),
    ?eq({error, {badarg, size}}, disk_log:open([{name, w}, {file, filename:join(Dir, "other")}, {type, wrap}])).

reopen_moves_the_old_log_away_test() ->
    Dir = otp_check:dir("reopen"),
    ?eq({ok, l}, open(l, Dir, [{notify, true}])),
    ?eq(ok, disk_log:log(l, old)),
    ?eq({error, {same_file_name, l}}, disk_log:reopen(l, filename:join(Dir, "log"))),
    ?eq(ok, disk_log:reopen(l, filename:join(Dir, "moved"), head)),
    ?eq(ok, disk_log:log(l, new)),
    ?eq([head, new], all_terms(l)),
    ?eq([{truncated, 1}], told()),
    ?eq({ok, m}, disk_log:open([{name, m}, {file, filename:join(Dir, "moved")}, {mode, read_only}])),
    ?eq([old], all_terms(m)),
    ?eq({error, {read_only_mode, m}}, disk_log:log(m, a)),
    ?eq({error, {open_read_only, m}}, disk_log:open([{name, m}, {mode, read_write}])),
    ?eq(ok, disk_log:close(m)),
    ?eq(ok, disk_log:close(l)).

what_was_not_closed_is_repaired_test() ->
    Dir = otp_check:dir("repair"),
    File = filename:join(Dir, "log"),
    ?eq({ok, l}, open(l, Dir, [])),
    ?eq(ok, disk_log:log_terms(l, [one, two])),
    ?eq(ok, disk_log:close(l)),
    {ok, <<Start:4/binary, _:4/binary, Items/binary>>} = file:read_file(File),
    Open = <<Start/binary, 6, 7, 8, 9>>,
    Half = binary:part(Items, 0, 10),
    ok = file:write_file(File, [Open, Items, Half]),
    ?eq({error, {need_repair, File}}, open(l, Dir, [{repair, false}])),
    ?eq({repaired, l, {recovered, 2}, {badbytes, 10}}, otp_check:quiet(fun() -> open(l, Dir, []) end)),
    ?eq(ok, disk_log:log(l, three)),
    ?eq([one, two, three], all_terms(l)),
    ?eq(ok, disk_log:close(l)),
    ok = file:write_file(File, [Open, Items, "what", Items]),
    ?eq({repaired, l, {recovered, 4}, {badbytes, 4}}, otp_check:quiet(fun() -> open(l, Dir, [{quiet, true}]) end)),
    ?eq([one, two, one, two], all_terms(l)),
    ?eq(ok, disk_log:close(l)),
    ok = file:write_file(File, [Start, 99, 88, 77, 11, "what", Items]),
    ?eq({ok, l}, open(l, Dir, [])),
    ?eq({error, {corrupt_log_file, File}}, disk_log:chunk(l, start)),
    ?eq(ok, disk_log:close(l)),
    ok = file:write_file(File, "no log at all"),
    ?eq({error, {not_a_log_file, File}}, open(l, Dir, [])).

who_blocks_a_log_has_it_alone_test() ->
    Dir = otp_check:dir("block"),
    ?eq({ok, l}, open(l, Dir, [])),
    Self = self(),
    ?eq({error, {not_blocked, l}}, disk_log:unblock(l)),
    ?eq(ok, disk_log:block(l)),
    ?eq({error, {blocked_log, l}}, disk_log:block(l)),
    ?eq({error, {blocked_log, l}}, disk_log:log(l, a)),
    ?eq(eof, disk_log:chunk(l, start)),
    _ = spawn_link(fun() -> Self ! {unblocked, disk_log:unblock(l)}, Self ! {logged, disk_log:log(l, waits)} end),
    ?eq({unblocked, {error, {not_blocked_by_pid, l}}}, receive {unblocked, _} = A -> A end),
    ?eq(nothing, receive {logged, _} = B -> B after 50 -> nothing end),
    ?eq(ok, disk_log:unblock(l)),
    ?eq({logged, ok}, receive {logged, _} = C -> C end),
    ?eq(ok, disk_log:block(l, false)),
    _ = spawn_link(fun() -> Self ! {refused, disk_log:log(l, never)} end),
    ?eq({refused, {error, {blocked_log, l}}}, receive {refused, _} = D -> D end),
    ?eq(ok, disk_log:unblock(l)),
    {Pid, Ref} = spawn_monitor(fun() -> disk_log:block(l), Self ! blocked end),
    receive blocked -> ok end,
    receive {'DOWN', Ref, process, Pid, _} -> ok end,
    ?eq(ok, disk_log:log(l, afterwards)),
    ?eq([waits, afterwards], all_terms(l)),
    ?eq(ok, disk_log:close(l)).

log_is_closed_with_its_last_user_test() ->
    Dir = otp_check:dir("users"),
    Self = self(),
    Owner = spawn(fun() -> Self ! open(l, Dir, []), receive stop -> ok end end),
    ?eq({ok, l}, receive Opened -> Opened end),
    ?eq({ok, l}, open(l, Dir, [{linkto, none}])),
    ?eq({ok, l}, open(l, Dir, [])),
    ?eq({error, {name_already_open, l}}, disk_log:open([{name, l}, {file, "other"}])),
    ?eq({error, {arg_mismatch, format, internal, external}}, open(l, Dir, [{format, external}])),
    ?eq({error, {open_read_write, l}}, open(l, Dir, [{mode, read_only}])),
    ?eq(lists:sort([{Owner, false}, {Self, false}]), lists:sort(proplists:get_value(owners, disk_log:info(l)))),
    ?eq(1, proplists:get_value(users, disk_log:info(l))),
    ?eq(ok, disk_log:close(l)),
    ?eq(ok, disk_log:close(l)),
    ?eq({error, {not_owner, Self}}, disk_log:change_notify(l, Self, true)),
    Owner ! stop,
    otp_check:wait_for(fun() -> disk_log:info(l) =:= {error, no_such_log} end).

arguments_are_looked_at_test() ->
    Dir = otp_check:dir("arguments"),
    ?eq({error, {badarg, name}}, disk_log:open([{file, "f"}])),
    ?eq({error, {badarg, [{type, foo}]}}, disk_log:open([{name, q}, {type, foo}])),
    ?eq({error, {badarg, foo}}, disk_log:open(foo)),
    ?eq({error, {badarg, repair_read_only}}, open(q, Dir, [{mode, read_only}, {repair, truncate}])),
    ?eq({error, {file_error, filename:join(Dir, "log"), enoent}}, open(q, Dir, [{mode, read_only}])),
    ?eq(undefined, disk_log:pid2name(self())),
    ?like("There is no disk log" ++ _, lists:flatten(disk_log:format_error({error, no_such_log}))).

handler_of_logger_writes_to_a_ring_test() ->
    Dir = otp_check:dir("handler"),
    File = filename:join(Dir, "events"),
    ?eq(ok, logger:add_handler(h, logger_disk_log_h,
                               #{config => #{file => File, max_no_bytes => 100, max_no_files => 2}, level => error,
                                 formatter => {logger_formatter, #{template => [msg, "\n"], single_line => true}}})),
    #{level := Level} = logger:get_primary_config(),
    logger:set_primary_config(level, notice),
    logger:update_handler_config(default, filters, [{none, {fun(_, _) -> stop end, none}}]),
    [logger:error("event ~2..0w, thirty characters long", [N]) || N <- lists:seq(1, 11)],
    logger:set_primary_config(level, Level),
    ?eq(ok, logger_disk_log_h:filesync(h)),
    {ok, First} = file:read_file(File ++ ".1"),
    {ok, Second} = file:read_file(File ++ ".2"),
    Texts = binary:split(<<First/binary, Second/binary>>, <<"\n">>, [global, trim_all]),
    ?eq([iolist_to_binary(io_lib:format("event ~2..0w, thirty characters long", [N])) || N <- lists:seq(7, 11)], Texts),
    ?like({error, {illegal_config_change, logger_disk_log_h, #{type := wrap}, #{type := halt}}},
          logger:set_handler_config(h, config, #{type => halt, file => File})),
    ?eq({error, {handler_not_added, {invalid_config, logger_disk_log_h, #{max_no_files => 0}}}},
        logger:add_handler(g, logger_disk_log_h, #{config => #{max_no_files => 0}})),
    ?eq(ok, logger:remove_handler(h)),
    ?eq(false, lists:member(h, disk_log:all())).

rings_are_read_beside_the_log_test() ->
    Dir = otp_check:dir("reader"),
    File = filename:join(Dir, "log"),
    ?eq({ok, w}, open(w, Dir, [{type, wrap}, {size, {60, 3}}])),
    [ok = disk_log:log(w, {N, "hello"}) || N <- lists:seq(1, 7)],
    ok = disk_log:sync(w),
    ?eq([{N, "hello"} || N <- lists:seq(3, 7)], read_on(element(2, wrap_log_reader:open(File)))),
    {ok, One} = wrap_log_reader:open(File, 2),
    {Two, [First]} = wrap_log_reader:chunk(One, 1),
    {Three, [Second]} = wrap_log_reader:chunk(Two),
    ?eq({{3, "hello"}, {4, "hello"}}, {First, Second}),
    ?like({_, eof}, wrap_log_reader:chunk(Three)),
    ?eq(ok, wrap_log_reader:close(Three)),
    ?eq({error, {index_file_not_found, File ++ "x"}}, wrap_log_reader:open(File ++ "x")),
    ?eq(ok, disk_log:close(w)).

read_on(Reader) ->
    case wrap_log_reader:chunk(Reader) of
        {Next, eof} ->
            ok = wrap_log_reader:close(Next),
            [];
        {Next, Terms} -> Terms ++ read_on(Next)
    end.

events_are_written_to_a_ring_test() ->
    Dir = otp_check:dir("log_mf_h"),
    {ok, Pid} = gen_event:start_link(),
    ?eq(ok, gen_event:add_handler(Pid, log_mf_h, log_mf_h:init(Dir, 200, 2, fun(E) -> element(1, E) =:= keep end))),
    [gen_event:notify(Pid, {Kind, self(), lists:duplicate(20, N)}) || N <- lists:seq(1, 5), Kind <- [keep, drop]],
    ?eq(ok, gen_event:sync_notify(Pid, {keep, self(), last})),
    {ok, <<Current>>} = file:read_file(filename:join(Dir, "index")),
    {ok, <<Size:16, Bytes:Size/binary, _/binary>>} = file:read_file(filename:join(Dir, integer_to_list(Current))),
    ?like({{{_, _, _}, {_, _, _}}, {keep, _, _}}, binary_to_term(Bytes)),
    {ok, Names} = file:list_dir(Dir),
    ?eq(["1", "2", "index"], lists:sort(Names)),
    ?eq(ok, gen_event:stop(Pid)).
