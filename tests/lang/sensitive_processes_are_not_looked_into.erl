%% process_flag(sensitive, true): nothing is told of such a process, and its messages and dictionary are not shown.
-module(sensitive_processes_are_not_looked_into).
-export([main/1, traced/1]).

main(_) ->
    Self = self(),
    Tracer = spawn(fun() -> collect([]) end),
    seq_trace:set_system_tracer(Tracer),
    1 = erlang:trace_pattern({?MODULE, traced, 1}, true, [local]),
    1 = erlang:trace_pattern({?MODULE, meta, 1}, [{'_', [], [{return_trace}]}], [{meta, Tracer}]),
    Pid = spawn(fun() -> put(secret, key), loop(Self) end),
    1 = erlang:trace(Pid, true, [call, send, 'receive', procs, return_to, {tracer, Tracer}]),
    [begin
         Pid ! {sensitive, On},
         receive {was, Was} -> io:format("was ~p~n", [Was]) end,
         told(Tracer),
         Pid ! work,
         receive done -> ok end,
         seq_trace:set_token(send, true),
         seq_trace:set_token('receive', true),
         seq_trace:set_token(label, On),
         Pid ! work,
         receive done -> ok end,
         seq_trace:set_token([]),
         io:format("told: ~p~n", [told(Tracer)]),
         Pid ! stay,
         receive staying -> ok end,
         Pid ! unread,
         info(Pid),
         Pid ! go_on
     end || On <- [true, false, true]],
    exit(Pid, kill),
    process_flag(sensitive, true),
    put(of_mine, 1),
    self() ! to_me,
    io:format("~p~n", [[process_info(self(), I) || I <- [messages, dictionary, message_queue_len]]]),
    io:format("~p ~p~n", [get(of_mine), process_flag(sensitive, false)]),
    io:format("~p~n", [[try process_flag(sensitive, V) catch error:E -> E end || V <- [yes, 1]]]).

info(Pid) ->
    {backtrace, Trace} = process_info(Pid, backtrace),
    io:format("~p~n", [[process_info(Pid, I) || I <- [messages, message_queue_len, dictionary]]]),
    io:format("~p ~p~n", [binary:match(Trace, <<"loop">>) =/= nomatch, process_info(Pid, current_stacktrace) =/= {current_stacktrace, []}]).

loop(To) ->
    receive
        {sensitive, On} ->
            Was = process_flag(sensitive, On),
            To ! {was, Was},
            loop(To);
        work ->
            traced(1),
            meta(2),
            register(worker, self()),
            unregister(worker),
            To ! done,
            loop(To);
        stay ->
            To ! staying,
            receive go_on -> ok end,
            receive unread -> ok end,
            loop(To)
    end.

traced(X) -> X.
meta(X) -> X.

collect(Events) ->
    receive
        {told, From} -> From ! {told, lists:usort(Events)}, collect([]);
        Event -> collect([kind(Event) | Events])
    end.

kind({seq_trace, Label, Info}) -> {seq, Label, element(1, Info)};
kind(Event) -> {element(1, Event), element(3, Event)}.

told(Tracer) ->
    timer:sleep(20),
    Tracer ! {told, self()},
    receive {told, Events} -> Events end.
