%% Workers compute what they know the result of, over and over, while others kill, suspend, trace, look at
%% and collect them, load their code anew, and send them what they did not ask for. Nothing of it may
%% change what they compute. main([Seconds, Workers, Seed]) goes on for longer (`make interference`).
-module(processes_under_interference).
-export([main/0, main/1, on/2]).

-define(TABLE, interference).

main() -> main([]).

main([]) -> main(["1", "20", "1"]);
main(Args) ->
    [Seconds, Workers, Seed] = [list_to_integer(A) || A <- Args],
    process_flag(trap_exit, true),
    ?TABLE = ets:new(?TABLE, [public, named_table, {write_concurrency, true}]),
    ets:insert(?TABLE, {rounds, 0}),
    {ok, Work, Code} = compiled(),
    {module, Work} = code:load_binary(Work, "interference_work.erl", Code),
    Keeper = spawn_link(fun() -> process_flag(trap_exit, true), keep(Workers, [], Seed) end),
    Meddlers = [spawn_link(fun() -> meddle(Keeper, {Work, Code}, Seed * 100 + I) end) || I <- lists:seq(1, 4)],
    receive {'EXIT', Who, Why} -> io:format("~p ended: ~p~n", [Who, Why]) after Seconds * 1000 -> ok end,
    [begin unlink(P), exit(P, kill) end || P <- [Keeper | Meddlers]],
    [{_, Rounds}] = ets:lookup(?TABLE, rounds),
    [io:format(standard_error, "~p~n", [ets:tab2list(?TABLE)]) || Seconds > 1],
    io:format("some work was done: ~p~n", [Rounds > 0]),
    halt(0).

compiled() ->
    Here = proplists:get_value(source, ?MODULE:module_info(compile), "."),
    Source = filename:join(filename:dirname(Here), "interference_work.erl"),
    compile:file(Source, [binary, return_errors]).

%% ---- the workers ----

keep(Count, Pids, Seed) when length(Pids) < Count ->
    Worker = spawn_opt(?MODULE, on, [Seed, none], [link | options(Seed rem 7)]),
    keep(Count, [Worker | Pids], Seed + 1);
keep(Count, Pids, Seed) ->
    receive
        {'EXIT', Pid, Reason} when Reason =:= killed; Reason =:= interference; Reason =:= noproc ->
            keep(Count, lists:delete(Pid, Pids), Seed);
        {'EXIT', Pid, Reason} -> exit({Pid, Reason});
        {who, From} ->
            From ! {workers, list_to_tuple(Pids)},
            keep(Count, Pids, Seed);
        _ -> keep(Count, Pids, Seed)
    end.

options(0) -> [{message_queue_data, off_heap}];
options(1) -> [{min_heap_size, 10000}];
options(2) -> [{fullsweep_after, 0}];
options(3) -> [{min_bin_vheap_size, 1000}];
options(4) -> [{priority, low}];
options(5) -> [{max_heap_size, #{size => 10000000, kill => true, error_logger => false}}];
options(_) -> [].

%% Between any two pieces of work: what has come is kept for a while, or dropped.
on(Round, Kept) ->
    receive
        {data, Key, List, Bytes, Fun} when is_function(Fun, 0), is_map(Kept), map_size(Kept) < 50 ->
            interference_work:round(Round, Kept#{Key => {List, Bytes, Fun}});
        {data, _, _, _, _} -> interference_work:round(Round, #{})
    after 0 ->
        ets:update_counter(?TABLE, rounds, 1),
        Round rem 97 =/= 0 orelse proc_lib:hibernate(interference_work, woken, [Round, Kept]),
        interference_work:round(Round, Kept)
    end.

%% ---- those who meddle ----

meddle(Keeper, Code, Seed) ->
    process_flag(trap_exit, true),
    rand:seed(exsss, Seed),
    meddle(Keeper, Code, {}, 0).

meddle(Keeper, Code, _, 0) ->
    Keeper ! {who, self()},
    receive {workers, Workers} -> meddle(Keeper, Code, Workers, 50) end;
meddle(Keeper, Code, Workers, Left) ->
    act(rand:uniform(20), element(rand:uniform(tuple_size(Workers)), Workers), Code),
    forget(),
    meddle(Keeper, Code, Workers, Left - 1).

act(1, P, _) -> exit(P, kill);
act(2, P, _) -> exit(P, interference);
act(3, P, _) -> catch suspended(P, []);
act(4, P, _) -> catch suspended(P, [asynchronous]);
act(5, P, _) -> erlang:garbage_collect(P);
act(6, P, _) -> erlang:garbage_collect(P, [{type, minor}]);
act(7, P, _) ->
    process_info(P, [current_stacktrace, messages, links, monitors, dictionary, heap_size, memory, binary, status,
                     message_queue_len, total_heap_size, garbage_collection, current_function, reductions]);
act(8, P, _) -> process_info(P, messages);
act(9, P, _) -> P ! data();
act(10, _, {Module, Code}) ->
    case rand:uniform(10) of
        1 ->
            code:purge(Module),
            code:load_binary(Module, "interference_work.erl", Code); % another may have come between
        _ -> code:soft_purge(Module)
    end;
act(11, P, _) ->
    What = element(rand:uniform(5), {call, send, 'receive', running, garbage_collection}),
    catch erlang:trace(P, true, [What, timestamp]);
act(12, P, _) -> catch erlang:trace(P, false, [all]);
act(13, _, {Module, _}) -> erlang:trace_pattern({Module, '_', '_'}, rand:uniform(2) =:= 1, [local]);
act(14, P, _) ->
    Monitor = monitor(process, P),
    link(P),
    unlink(P),
    demonitor(Monitor, [flush]);
act(15, P, {Module, _}) -> check_process_code(P, Module);
act(16, P, _) ->
    Alias = alias([reply]),
    erlang:send_after(rand:uniform(3) - 1, P, data()),
    unalias(Alias);
act(17, P, _) -> persistent_term:put(?TABLE, {P, lists:seq(1, 10)});
act(18, P, _) -> catch group_leader(group_leader(), P);
act(19, P, _) -> spawn(fun() -> catch link(P), exit(interference) end);
act(20, _, _) -> erlang:yield().

suspended(P, How) ->
    true = erlang:suspend_process(P, How),
    How =:= [] orelse erlang:garbage_collect(P),
    receive after rand:uniform(3) - 1 -> ok end,
    erlang:resume_process(P).

data() ->
    Self = self(),
    {data, rand:uniform(1000), lists:seq(1, rand:uniform(100)), <<0:(rand:uniform(2000) * 8)>>, fun() -> Self end}.

forget() ->
    receive
        {'EXIT', _, _} -> forget();
        Trace when element(1, Trace) =:= trace_ts -> forget();
        {garbage_collect, _, _} -> forget()
    after 0 -> ok
    end.
