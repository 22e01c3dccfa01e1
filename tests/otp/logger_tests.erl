%% logger, as its manual says: levels, filters, handlers, metadata; logger_std_h with files.
-module(logger_tests).
-include("check.hrl").
-include_lib("kernel/include/logger.hrl").
-export([log/2, adding_handler/1, removing_handler/1, changing_config/3]).

%% A handler that tells the test's process.
log(#{msg := {string, "crash"}}, _) -> error(crashed);
log(Event, #{config := #{pid := Pid}}) -> Pid ! {logged, Event}, ok.
adding_handler(#{config := #{refuse := Why}}) -> {error, Why};
adding_handler(Config) -> {ok, Config}.
removing_handler(#{config := #{pid := Pid}}) -> Pid ! removed, ok;
removing_handler(_) -> ok.
changing_config(_, _, #{config := #{refuse := Why}}) -> {error, Why};
changing_config(_, _, New) -> {ok, New}.

%% Runs Test with a handler h, the level debug and nothing else that logs; restores all.
with(Config, Test) ->
    Primary = logger:get_primary_config(),
    Default = logger:get_handler_config(default),
    _ = logger:remove_handler(default),
    ok = logger:set_primary_config(level, debug),
    ok = logger:add_handler(h, ?MODULE, Config#{config => #{pid => self()}}),
    try Test()
    after
        _ = logger:remove_handler(h),
        ok = logger:set_primary_config(Primary),
        logger:unset_module_level(),
        logger:unset_process_metadata(),
        _ = [ok = logger:add_handler(default, M, maps:without([id, module], D)) || {ok, #{module := M} = D} <- [Default]],
        otp_check:flush()
    end.

%% What logger itself has to say is for others.
next() ->
    receive
        {logged, #{msg := {report, [{logger, _} | _]}}} -> next();
        {logged, Event} -> Event
    after 5000 -> nothing
    end.
none() -> receive {logged, Event} -> Event after 20 -> nothing end.
message() -> case next() of #{msg := M} -> M; Other -> Other end.
meta() -> #{meta := Meta} = next(), Meta.

levels() -> [emergency, alert, critical, error, warning, notice, info, debug].

every_level_has_its_functions_test() ->
    with(#{}, fun() ->
        [begin
             logger:L("text"),
             ?like(#{level := L, msg := {string, "text"}}, next()),
             logger:L("f ~p", [a]),
             ?like(#{level := L, msg := {"f ~p", [a]}}, next()),
             logger:L(#{report => 1}),
             ?like(#{level := L, msg := {report, #{report := 1}}}, next()),
             logger:L([{k, v}], #{extra => x}),
             ?like(#{level := L, msg := {report, [{k, v}]}, meta := #{extra := x}}, next()),
             logger:L("f ~p", [a], #{extra => x}),
             ?like(#{msg := {"f ~p", [a]}, meta := #{extra := x}}, next()),
             logger:log(L, <<"bytes">>),
             ?eq({string, <<"bytes">>}, message())
         end || L <- levels()]
    end).

levels_hold_back_test() ->
    with(#{}, fun() ->
        [begin
             ok = logger:set_primary_config(level, Least),
             [begin
                  logger:log(L, "x"),
                  Passes = logger:compare_levels(L, Least) =/= lt,
                  ?eq({L, Least, Passes}, {L, Least, (if Passes -> next(); true -> none() end) =/= nothing}),
                  ?eq(Passes, logger:allow(L, some_module))
              end || L <- [emergency, error, notice, debug]]
         end || Least <- [error, notice, debug]],
        ok = logger:set_primary_config(level, none),
        logger:emergency("x"),
        ?eq(nothing, none()),
        ok = logger:set_primary_config(level, all),
        ok = logger:set_handler_config(h, level, error),
        logger:warning("x"),
        ?eq(nothing, none()),
        logger:error("x"),
        ?eq({string, "x"}, message())
    end).

module_levels_test() ->
    with(#{}, fun() ->
        ok = logger:set_primary_config(level, error),
        ok = logger:set_module_level(?MODULE, debug),
        ?eq([{?MODULE, debug}], logger:get_module_level()),
        ?eq([{?MODULE, debug}], logger:get_module_level([?MODULE, other])),
        ?LOG_DEBUG("macro"),
        ?eq({string, "macro"}, message()),
        logger:debug("not of the module"),
        ?eq(nothing, none()),
        ?ok(logger:allow(debug, ?MODULE)),
        ?ok(not logger:allow(debug, other)),
        ok = logger:set_module_level([a, b], none),
        ?eq([{a, none}], logger:get_module_level(a)),
        ok = logger:unset_module_level(a),
        ?eq([], logger:get_module_level(a)),
        ok = logger:unset_module_level(),
        ?eq([], logger:get_module_level()),
        ?like({error, {invalid_level, bad}}, logger:set_module_level(a, bad)),
        ?eq({error, {not_a_list_of_modules, 5}}, logger:set_module_level(5, debug)),
        ?eq({error, {not_a_list_of_modules, {a}}}, logger:unset_module_level({a}))
    end).

macros_tell_where_test() ->
    with(#{}, fun() ->
        ?LOG_NOTICE("here"),
        Line = ?LINE - 1,
        #{mfa := {M, F, A}, file := File, line := L, pid := P, gl := G, time := T} = meta(),
        ?eq({?MODULE, Line, self(), group_leader()}, {M, L, P, G}),
        ?ok(is_atom(F) andalso is_integer(A) andalso is_integer(T)),
        ?eq("logger_tests.erl", filename:basename(File)),
        ?LOG(error, "f ~w", [1], #{own => 2}),
        ?like(#{own := 2, line := _}, meta()),
        ?LOG_ERROR(#{k => v}),
        ?eq({report, #{k => v}}, message())
    end).

funs_are_called_only_when_needed_test() ->
    with(#{}, fun() ->
        Me = self(),
        Fun = fun(X) -> Me ! called, {"late ~p", [X]} end,
        ok = logger:set_primary_config(level, error),
        logger:debug(Fun, arg),
        ?eq([], otp_check:flush()),
        logger:error(Fun, arg),
        ?eq({"late ~p", [arg]}, message()),
        receive called -> ok after 0 -> error(not_called) end,
        logger:error(fun(_) -> #{report => x} end, arg),
        ?eq({report, #{report => x}}, message()),
        logger:error(fun(_) -> "text" end, arg),
        ?eq({string, "text"}, message()),
        logger:error(fun(_) -> exit(bad) end, arg),
        ?like({"LAZY_FUN CRASH: ~tp; Reason: ~tp", [{_, arg}, {exit, bad}]}, message()),
        logger:error(fun(_) -> {what} end, arg),
        ?like({"LAZY_FUN ERROR: ~tp; Returned: ~tp", [{_, arg}, {what}]}, message()),
        logger:error(fun(_) -> {{"~p", [x]}, #{my => own}} end, arg, #{my => given, other => 1}),
        ?like(#{msg := {"~p", [x]}, meta := #{my := own, other := 1}}, next()),
        logger:error(fun(_) -> {"text", #{my => own}} end, arg, #{}),
        ?like(#{msg := {string, "text"}, meta := #{my := own}}, next()),
        [logger:error(fun(_) -> Nothing end, arg) || Nothing <- [ignore, {ignore, #{}}]],
        ?eq([], otp_check:flush())
    end).

metadata_of_processes_test() ->
    with(#{}, fun() ->
        ?eq(undefined, logger:get_process_metadata()),
        ok = logger:set_process_metadata(#{a => 1, b => 1}),
        ok = logger:update_process_metadata(#{b => 2, c => 2}),
        ?eq(#{a => 1, b => 2, c => 2}, logger:get_process_metadata()),
        ok = logger:set_primary_config(metadata, #{a => primary, p => primary}),
        logger:notice("x", #{c => 3}),
        ?like(#{a := 1, b := 2, c := 3, p := primary}, meta()),
        ok = logger:unset_process_metadata(),
        ?eq(undefined, logger:get_process_metadata()),
        ?raises(error, badarg, logger:set_process_metadata(x)),
        ?raises(error, badarg, logger:update_process_metadata([]))
    end).

primary_filters_test() ->
    with(#{}, fun() ->
        ok = logger:add_primary_filter(f, {fun(#{msg := {string, "stop"}}, _) -> stop;
                                              (#{msg := {string, "change"}} = E, To) -> E#{msg := {string, To}};
                                              (_, _) -> ignore
                                           end, "changed"}),
        ?eq({error, {already_exist, f}}, logger:add_primary_filter(f, {fun(_, _) -> stop end, x})),
        logger:notice("stop"),
        ?eq(nothing, none()),
        logger:notice("change"),
        ?eq({string, "changed"}, message()),
        logger:notice("other"),
        ?eq({string, "other"}, message()),
        ok = logger:set_primary_config(filter_default, stop),
        logger:notice("other"),
        ?eq(nothing, none()),
        logger:notice("change"),
        ?eq({string, "changed"}, message()),
        ok = logger:remove_primary_filter(f),
        ?eq({error, {not_found, f}}, logger:remove_primary_filter(f)),
        ?eq({error, {invalid_filter, {g, bad}}}, logger:add_primary_filter(g, bad))
    end).

handler_filters_test() ->
    with(#{filter_default => stop, filters => [{d, {fun logger_filters:domain/2, {log, sub, [a]}}}]}, fun() ->
        logger:notice("x", #{domain => [a, b]}),
        ?eq({string, "x"}, message()),
        logger:notice("x", #{domain => [b]}),
        ?eq(nothing, none()),
        logger:notice("x"),
        ?eq(nothing, none()),
        ok = logger:add_handler_filter(h, l, {fun logger_filters:level/2, {log, gteq, error}}),
        logger:error("x"),
        ?eq({string, "x"}, message()),
        logger:warning("x"),
        ?eq(nothing, none()),
        ok = logger:remove_handler_filter(h, l),
        ?eq({error, {not_found, l}}, logger:remove_handler_filter(h, l)),
        ?eq({error, {not_found, nobody}}, logger:add_handler_filter(nobody, l, {fun(_, _) -> stop end, x})),
        ?like({ok, #{filters := [{d, _}], filter_default := stop}}, logger:get_handler_config(h))
    end).

filters_of_all_domains_test() ->
    Event = fun(D) -> #{level => error, msg => {string, ""}, meta => case D of none -> #{}; _ -> #{domain => D} end} end,
    [?eq({Compare, Domain, Expected},
         {Compare, Domain, case logger_filters:domain(Event(Domain), {log, Compare, [a, b]}) of
                               ignore -> false;
                               E when is_map(E) -> true
                           end})
     || {Compare, Which} <- [{super, [[a], [a, b], []]}, {sub, [[a, b], [a, b, c]]}, {equal, [[a, b]]},
                             {not_equal, [none, [], [a], [a, b, c], [b]]}, {undefined, [none]}],
        Domain <- [none, [], [a], [a, b], [a, b, c], [b]],
        Expected <- [lists:member(Domain, Which)]],
    ?raises(error, badarg, logger_filters:domain(Event(none), {log, bad, [a]})),
    ?raises(error, badarg, logger_filters:level(Event(none), {log, eq, bad})),
    ?raises(error, badarg, logger_filters:progress(Event(none), bad)),
    ?eq(ignore, logger_filters:progress(Event(none), stop)),
    ?eq(stop, logger_filters:progress((Event(none))#{msg := {report, #{label => {x, progress}}}}, stop)).

what_fails_is_removed_test() ->
    with(#{}, fun() ->
        ok = logger:add_primary_filter(f, {fun(_, _) -> error(bad) end, x}),
        logger:notice("x"),
        ?eq({string, "x"}, message()),
        ?like(#{filters := []}, logger:get_primary_config()),
        otp_check:flush(),
        logger:notice("crash"),
        otp_check:wait_for(fun() -> not lists:member(h, logger:get_handler_ids()) end),
        receive removed -> ?ok(true) after 1000 -> error(not_told) end
    end).

handlers_are_added_and_changed_test() ->
    with(#{}, fun() ->
        ?eq({error, {already_exist, h}}, logger:add_handler(h, ?MODULE, #{})),
        ?eq({error, {invalid_id, 1}}, logger:add_handler(1, ?MODULE, #{})),
        ?like({error, {invalid_module, "m"}}, logger:add_handler(x, "m", #{})),
        ?eq({error, {invalid_config, bad}}, logger:add_handler(x, ?MODULE, bad)),
        ?like({error, {invalid_handler, _}}, logger:add_handler(x, no_such_module_at_all, #{})),
        ?eq({error, {handler_not_added, why}}, logger:add_handler(x, ?MODULE, #{config => #{refuse => why}})),
        ?eq({error, {invalid_level, bad}}, logger:add_handler(x, ?MODULE, #{level => bad})),
        ?eq({error, {invalid_filters, bad}}, logger:add_handler(x, ?MODULE, #{filters => bad})),
        ?eq({error, {invalid_filter_default, bad}}, logger:add_handler(x, ?MODULE, #{filter_default => bad})),
        ?eq({error, {invalid_formatter, bad}}, logger:add_handler(x, ?MODULE, #{formatter => bad})),
        ?eq({error, {invalid_formatter_config, logger_formatter, {depth, bad}}},
            logger:add_handler(x, ?MODULE, #{formatter => {logger_formatter, #{depth => bad}}})),
        ?eq(ok, logger:update_handler_config(h, #{level => error, own => 1})),
        ?like({ok, #{level := error, own := 1, id := h, module := ?MODULE, filter_default := log}},
              logger:get_handler_config(h)),
        ?eq(ok, logger:set_handler_config(h, #{config => #{pid => self()}})),
        {ok, Now} = logger:get_handler_config(h),
        ?eq({all, false}, {maps:get(level, Now), is_map_key(own, Now)}),
        ?like({error, why}, logger:update_handler_config(h, config, #{refuse => why, pid => self()})),
        ?like({error, {illegal_config_change, #{id := h}, #{id := i}}}, logger:set_handler_config(h, id, i)),
        ?eq(ok, logger:update_formatter_config(h, #{single_line => false})),
        ?eq(ok, logger:update_formatter_config(h, depth, 20)),
        ?like({ok, #{formatter := {logger_formatter, #{single_line := false, depth := 20}}}},
              logger:get_handler_config(h)),
        ?eq({error, {not_found, nobody}}, logger:get_handler_config(nobody)),
        ?eq({error, {not_found, nobody}}, logger:remove_handler(nobody)),
        ?eq([h], logger:get_handler_ids())
    end).

comparing_levels_test() ->
    L = levels(),
    [?eq(if I =:= J -> eq; I < J -> gt; true -> lt end,
         logger:compare_levels(lists:nth(I, L), lists:nth(J, L)))
     || I <- lists:seq(1, 8), J <- lists:seq(1, 8)],
    ?eq([lt, gt, eq], [logger:compare_levels(all, debug), logger:compare_levels(none, emergency),
                       logger:compare_levels(all, all)]),
    ?raises(error, badarg, logger:compare_levels(bad, error)).

%% ---- logger_std_h ----

file_with(Config, Test) ->
    File = filename:join(otp_check:dir("logger"), "log"),
    with(#{}, fun() ->
        ok = logger:add_handler(f, logger_std_h,
                                #{config => Config#{file => File},
                                  formatter => {logger_formatter, #{template => [level, " ", msg, "\n"]}}}),
        try Test(File) after logger:remove_handler(f) end
    end).
lines(File) ->
    ok = logger_std_h:filesync(f),
    {ok, Text} = file:read_file(File),
    string:lexemes(binary_to_list(Text), "\n").

events_go_to_files_test() ->
    file_with(#{}, fun(File) ->
        logger:notice("one"),
        logger:error("t~wo", [2]),
        ?eq(["notice one", "error t2o"], lines(File)),
        {ok, #{config := #{type := file, file := File, sync_mode_qlen := 10, drop_mode_qlen := 200, flush_qlen := 1000}}}
            = logger:get_handler_config(f),
        ?eq({error, {not_found, g}}, logger:remove_handler(g)),
        ?like({error, {illegal_config_change, logger_std_h, #{file := File}, #{file := _}}},
              logger:set_handler_config(f, config, #{file => File ++ "x"})),
        ?eq(ok, logger:update_handler_config(f, config, #{drop_mode_qlen => 300})),
        ?like({error, {handler_not_added, {invalid_config, logger_std_h, #{what := 1}}}},
              logger:add_handler(g, logger_std_h, #{config => #{what => 1}})),
        ?like({error, {handler_not_added, {invalid_olp_levels, #{drop_mode_qlen := 1}}}},
              logger:add_handler(g, logger_std_h, #{config => #{drop_mode_qlen => 1}})),
        ok = logger_std_h:filesync(f),
        ?like({error, {handler_not_added, {open_failed, _, _}}},
              logger:add_handler(g, logger_std_h, #{config => #{file => File ++ "/below"}})),
        ?like({error, {handler_not_added, {invalid_config, logger_std_h, #{max_no_bytes := 0}}}},
              logger:add_handler(g, logger_std_h, #{config => #{file => File, max_no_bytes => 0}}))
    end).

files_rotate_test() ->
    file_with(#{max_no_bytes => 100, max_no_files => 2}, fun(File) ->
        [logger:notice(lists:duplicate(50, $a + N)) || N <- lists:seq(0, 9)],
        ok = logger_std_h:filesync(f),
        ?eq(["log", "log.0", "log.1"], lists:sort(filelib:wildcard("log*", filename:dirname(File)))),
        ?ok(filelib:file_size(File ++ ".0") > 100)
    end).

rotated_files_are_compressed_test() ->
    file_with(#{max_no_bytes => 100, max_no_files => 3, compress_on_rotate => true}, fun(File) ->
        [logger:notice(lists:duplicate(60, $a)) || _ <- lists:seq(1, 3)],
        ok = logger_std_h:filesync(f),
        otp_check:wait_for(fun() -> filelib:is_file(File ++ ".0.gz") end),
        {ok, Gz} = file:read_file(File ++ ".0.gz"),
        ?eq(2, length(string:lexemes(binary_to_list(zlib:gunzip(Gz)), "\n")))
    end).

limits_hold_for_what_is_there_test() ->
    file_with(#{}, fun(File) ->
        Kept = fun() -> lists:sort(filelib:wildcard("log*", filename:dirname(File))) end,
        [logger:notice(lists:duplicate(60, $a)) || _ <- lists:seq(1, 3)],
        ok = logger_std_h:filesync(f),
        ?eq(["log"], Kept()),
        ok = logger:update_handler_config(f, config, #{max_no_bytes => 100, max_no_files => 3}),
        ok = logger_std_h:filesync(f),
        ?eq(["log", "log.0"], Kept()),
        ?eq({0, true}, {filelib:file_size(File), filelib:file_size(File ++ ".0") > 180}),
        [logger:notice(lists:duplicate(120, $a)) || _ <- lists:seq(1, 5)],
        ok = logger_std_h:filesync(f),
        ?eq(["log", "log.0", "log.1", "log.2"], Kept()),
        [begin
             ok = logger:update_handler_config(f, config, #{compress_on_rotate => Compresses}),
             ok = logger_std_h:filesync(f),
             ?eq(["log" | [File0 ++ Ending || File0 <- ["log.0", "log.1", "log.2"]]], Kept())
         end || {Compresses, Ending} <- [{true, ".gz"}, {false, ""}]],
        ok = logger:update_handler_config(f, config, #{max_no_files => 1}),
        ok = logger_std_h:filesync(f),
        ?eq(["log", "log.0"], Kept()),
        ok = logger:update_handler_config(f, config, #{max_no_bytes => infinity}),
        ok = logger_std_h:filesync(f),
        ?eq(["log"], Kept())
    end).

reports_of_empty_lists_test() ->
    ?eq({"~tp", [[]]}, logger:format_report([[], []])),
    ?eq({"    ~tp\n    ~tp", [a, []]}, logger:format_report([a, []])).

a_file_that_is_gone_is_made_anew_test() ->
    file_with(#{}, fun(File) ->
        logger:notice("one"),
        ?eq(["notice one"], lines(File)),
        ok = file:rename(File, File ++ ".away"),
        logger:notice("two"),
        ?eq(["notice two"], lines(File))
    end).

%% None is lost while nobody is faster than the handler; order is that of each sender.
many_senders_test_() ->
    {timeout, 60, fun() ->
        file_with(#{sync_mode_qlen => 0, drop_mode_qlen => 100000, flush_qlen => 100000, burst_limit_enable => false},
                  fun(File) ->
            Senders = [spawn_monitor(fun() -> [logger:notice("~w ~w", [S, N]) || N <- lists:seq(1, 100)] end)
                       || S <- lists:seq(1, 20)],
            [receive {'DOWN', R, process, P, normal} -> ok end || {P, R} <- Senders],
            Lines = [{list_to_integer(S), list_to_integer(N)}
                     || L <- lines(File), [_, S, N] <- [string:lexemes(L, " ")]],
            ?eq(2000, length(Lines)),
            [?eq(lists:seq(1, 100), [N || {S1, N} <- Lines, S1 =:= S]) || S <- lists:seq(1, 20)]
        end)
    end}.

bursts_are_limited_test() ->
    file_with(#{burst_limit_enable => true, burst_limit_max_count => 50, burst_limit_window_time => 60000,
                drop_mode_qlen => 100000, flush_qlen => 100000}, fun(File) ->
        [logger:notice("~w", [N]) || N <- lists:seq(1, 1000)],
        ?eq(50, length(lines(File)))
    end).

%% Who floods is held back; what is dropped or flushed is told, and the handler goes on.
floods_test_() ->
    {timeout, 60, fun() ->
        file_with(#{sync_mode_qlen => 2, drop_mode_qlen => 5, flush_qlen => 10, burst_limit_enable => false},
                  fun(File) ->
            Senders = [spawn_monitor(fun() -> [logger:notice("x") || _ <- lists:seq(1, 500)] end)
                       || _ <- lists:seq(1, 40)],
            [receive {'DOWN', R, process, P, normal} -> ok end || {P, R} <- Senders],
            otp_check:wait_for(fun() -> logger:notice("after"), lists:member("notice after", lines(File)) end),
            ?ok(length(lines(File)) < 20000 + 100)
        end)
    end}.

%% Who ends under its load and is not to start again is no handler any more.
overloaded_for_good_test_() ->
    {timeout, 60, fun() ->
        file_with(#{sync_mode_qlen => 100000, drop_mode_qlen => 100000, flush_qlen => 100000, burst_limit_enable => false,
                    overload_kill_enable => true, overload_kill_qlen => 2, overload_kill_restart_after => infinity},
                  fun(_) ->
            Flood = fun() ->
                Senders = [spawn_monitor(fun() -> [logger:notice("x") || _ <- lists:seq(1, 500)] end) || _ <- lists:seq(1, 20)],
                [receive {'DOWN', R, process, P, _} -> ok end || {P, R} <- Senders],
                logger:get_handler_config(f) =:= {error, {not_found, f}}
            end,
            otp_check:wait_for(Flood),
            ?eq({error, {not_found, f}}, logger:get_handler_config(f)),
            ?eq(ok, logger:add_handler(f, logger_std_h, #{}))
        end)
    end}.

old_log_files_keep_their_names_test() ->
    File = filename:join(otp_check:dir("logger"), "old"),
    {ok, Before} = file:get_cwd(),
    ok = file:set_cwd(filename:dirname(File)),
    Opened = error_logger:logfile({open, "old"}),
    Name = error_logger:logfile(filename),
    Closed = error_logger:logfile(close),
    ok = file:set_cwd(Before),
    ?eq({ok, "old", ok}, {Opened, Name, Closed}),
    ?ok(filelib:is_regular(File)),
    ?eq({error, no_log_file}, error_logger:logfile(filename)).
