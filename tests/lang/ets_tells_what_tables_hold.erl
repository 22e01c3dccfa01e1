%% ets:info of binaries, fixations and how full the buckets are; erlang:memory(ets).
-module(ets_tells_what_tables_hold).
-export([main/0]).

main() ->
    T = ets:new(t, [public]),
    Before = erlang:memory(ets),
    ets:insert(T, [{I, binary:copy(<<"x">>, 40)} || I <- lists:seq(1, 10000)]),
    io:format("memory of what is inserted: ~p~n", [erlang:memory(ets) - Before > 10000 * 80]),
    {Buckets, Average, Deviation, Expected, Least, Most, Kept, Locks} = ets:info(T, stats),
    io:format("stats: ~p~n", [{is_integer(Buckets), Average * Buckets > 9999, Deviation < Expected * 1.2, Least =< Average,
                               Most >= Average, Kept, Locks}]),
    ets:delete_all_objects(T),
    io:format("memory back: ~p~n", [erlang:memory(ets) - Before < 100000]),

    io:format("~p~n", [ets:info(T, safe_fixed)]),
    From = erlang:monotonic_time(),
    true = ets:safe_fixtable(T, true),
    true = ets:safe_fixtable(T, true),
    {{Mega, Seconds, Micro}, By} = ets:info(T, safe_fixed),
    {Since, By} = ets:info(T, safe_fixed_monotonic_time),
    Wall = (Mega * 1000000 + Seconds) * 1000000 + Micro,
    io:format("fixed: ~p~n", [{By =:= [{self(), 2}], Since >= From, Since =< erlang:monotonic_time(),
                               abs(Wall - erlang:system_time(microsecond)) < 60000000}]),
    {Pid, Monitor} = spawn_monitor(fun() -> ets:safe_fixtable(T, true), receive stop -> ok end end),
    wait(T, 2),
    {Since, Both} = ets:info(T, safe_fixed_monotonic_time), % as long as anyone has it fixed
    io:format("~p~n", [lists:sort(Both) =:= lists:sort([{self(), 2}, {Pid, 1}])]),
    Pid ! stop,
    receive {'DOWN', Monitor, _, _, _} -> ok end,
    wait(T, 1),
    ets:safe_fixtable(T, false),
    ets:safe_fixtable(T, false),
    io:format("~p ~p~n", [ets:info(T, safe_fixed_monotonic_time), ets:info(T, fixed)]),

    O = ets:new(o, [ordered_set]),
    io:format("~p ~p~n", [ets:info(T, binary), ets:info(O, binary)]),
    ets:insert(O, [{1, binary:copy(<<"a">>, 200), binary:copy(<<"b">>, 300)}, {2, <<"small">>}]),
    io:format("~p~n", [lists:sort([{Size, is_integer(Address), is_integer(References)} ||
                                   {Address, Size, References} <- ets:info(O, binary)])]),
    io:format("~p~n", [[catch_reason(fun() -> ets:info(Id, Item) end) ||
                           Id <- [T, none_such, make_ref(), 1], Item <- [size, nonsense, 1]]]).

wait(T, N) ->
    case ets:info(T, safe_fixed) of
        {_, By} when length(By) =:= N -> ok;
        _ -> erlang:yield(), wait(T, N)
    end.

catch_reason(Fun) ->
    try Fun() catch error:Reason -> Reason end.
