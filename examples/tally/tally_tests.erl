%% The service as a whole: started and stopped as `muster run --app` does.
-module(tally_tests).
-include_lib("eunit/include/eunit.hrl").

service_test_() ->
    {foreach, fun start/0, fun stop/1,
     [fun counts/1, fun survives_a_crash/1, fun survives_a_restart/1]}.

start() ->
    %% Not the file of the test before: its store may still be closing.
    File = "/tmp/tally_tests_" ++ os:getpid() ++ integer_to_list(erlang:unique_integer([positive])) ++ ".store",
    ok = application:load(tally),
    ok = application:set_env(tally, file, File),
    ok = application:set_env(tally, report_every_ms, 60000),
    #{level := Level} = logger:get_primary_config(),
    ok = logger:set_primary_config(level, none), % much would be told of crashes that are meant
    ok = application:start(tally),
    {File, Level}.

stop({File, Level}) ->
    _ = application:stop(tally),
    ok = application:unload(tally),
    ok = logger:set_primary_config(level, Level),
    [file:delete(File ++ Ending) || Ending <- ["", "-wal", "-shm"]].

counts(_) ->
    ?_test(begin
               ?assertEqual(2, tally_counter:add(apples, 2)),
               ?assertEqual(5, tally_counter:add(apples, 3)),
               ?assertEqual([{apples, 5}], tally_counter:total())
           end).

survives_a_crash(_) ->
    ?_test(begin
               7 = tally_counter:add(pears, 7),
               Old = whereis(tally_counter),
               exit(Old, kill),
               wait_for(fun() -> is_pid(whereis(tally_reporter)) andalso is_pid(whereis(tally_counter))
                                     andalso whereis(tally_counter) =/= Old
                        end),
               ?assertEqual([{pears, 7}], tally_counter:total())
           end).

survives_a_restart(_) ->
    ?_test(begin
               1 = tally_counter:add(plums, 1),
               ok = application:stop(tally),
               ?assertEqual(undefined, whereis(tally_counter)),
               ok = application:start(tally),
               ?assertEqual([{plums, 1}], tally_counter:total())
           end).

wait_for(Fun) ->
    case Fun() of
        true -> ok;
        false ->
            timer:sleep(5),
            wait_for(Fun)
    end.
