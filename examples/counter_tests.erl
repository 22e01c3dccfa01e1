%% Tests of counter.erl: each has a counter of its own.
-module(counter_tests).
-include_lib("eunit/include/eunit.hrl").

with_counter(Test) ->
    {setup,
     fun() -> logger:set_primary_config(level, none), {ok, S} = counter:start_link(), unlink(S), S end,
     fun(S) ->
             Ref = monitor(process, S),
             exit(S, shutdown),
             receive {'DOWN', Ref, _, _, _} -> logger:set_primary_config(level, notice) end
     end,
     Test}.

counts_test_() ->
    with_counter(?_test(begin
                            counter:add(3),
                            counter:add(4),
                            ?assertEqual(7, counter:value())
                        end)).

survives_test_() ->
    with_counter(?_test(begin
                            counter:add(5),
                            Before = whereis(counter),
                            counter:crash(),
                            ?assertNotEqual(Before, whereis(counter)),
                            ?assertEqual(5, counter:value()),
                            [counter:crash() || _ <- lists:seq(1, 5)],
                            counter:add(1),
                            ?assertEqual(6, counter:value())
                        end)).
