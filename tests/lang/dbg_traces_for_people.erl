%% dbg: who is told, which processes, which calls, saved specifications, what is printed.
-module(dbg_traces_for_people).
-export([main/0, f/1, loop/0]).
-include_lib("stdlib/include/ms_transform.hrl").

main() ->
    printing(),
    errors_without_a_tracer(),
    show(tracer, dbg:tracer(process, {fun told/2, {self(), 0}})),
    show(again, dbg:tracer()),
    Pid = spawn(?MODULE, loop, []),
    processes_and_flags(Pid),
    calls(Pid),
    specifications(),
    show(c, dbg:c(?MODULE, f, [5])),
    show(stop, dbg:stop()),
    show(flags, erlang:trace_info(Pid, flags)),
    show(traced, erlang:trace_info({?MODULE, f, 1}, traced)).

show(What, {ok, Pid}) when is_pid(Pid) -> show(What, {ok, pid});
show(What, Result) -> io:format("~p: ~p~n", [What, Result]).

told(Event, {Main, N}) ->
    Main ! {told, N, Event},
    {Main, N + 1}.

printing() ->
    P = list_to_pid("<0.1.0>"),
    T = {1, 2, 3},
    [dbg:dhandler(Event, standard_io)
     || Event <- [{trace, P, send, msg, foo}, {trace, P, send_to_non_existing_process, msg, foo}, {trace, P, 'receive', "hello"},
                  {trace, P, call, {m, f, [a, "b"]}}, {trace, P, call, {m, 'F', 2}, more}, {trace, P, return_from, {m, f, 1}, x},
                  {trace, P, return_to, undefined}, {trace, P, return_to, {m, f, 1}}, {trace, P, spawn, P, {m, f, [1]}},
                  {trace, P, link, P}, {trace, P, exception_from, {m, f, 1}, {error, x}}, {trace, P, open, P, name, drv},
                  {drop, 5}, {seq_trace, 3, {send, {0, 1}, P, P, msg}}, {seq_trace, lab, {'receive', {0, 1}, P, P, msg}, T},
                  {seq_trace, 3, {print, {0, 1}, P, P, msg}}, {trace_ts, P, call, {m, f, [1]}, T},
                  {trace_ts, P, call, {m, f, [1]}, more, T}, {trace_ts, P, exit, foo, T}, other, {other, 2}, end_of_trace]].

errors_without_a_tracer() ->
    show(get_tracer, dbg:get_tracer()),
    show(tp, dbg:tp(lists, seq, 2, x)),
    show(ctp, dbg:ctp()),
    show(i, dbg:i()),
    show(c, dbg:c(lists, seq, [1, 2])),
    show(p, dbg:p(all, clear)),
    show(p, dbg:p(self(), c)).

processes_and_flags(Pid) ->
    [begin
         Result = dbg:p(Pid, Flags),
         {flags, Now} = erlang:trace_info(Pid, flags),
         io:format("~p: ~p ~p~n", [Flags, Result, lists:sort(Now)])
     end || Flags <- [c, m, [p], sos, [sofl, sol], clear, [s, r], clear, [call, clear], [c, foo, bar], []]],
    Dead = list_to_pid("<0.9999.0>"),
    [io:format("~p: ~p~n", [Item, dbg:p(Item, [p])])
     || Item <- [new, foo, {0, 9999, 0}, 9999, "<0.9999.0>", {a, b}, Dead, new_ports, new_processes, 3.4]],
    "<0." ++ Digits = pid_to_list(Pid),
    {Number, _} = string:to_integer(Digits),
    [show(same, dbg:p(Item, clear)) || Item <- [pid_to_list(Pid), Number, {0, Number, 0}]],
    dbg:p(new, clear).

calls(Pid) ->
    dbg:p(Pid, [c]),
    show(tp, dbg:tp(?MODULE, f, 1, [])),
    show(tp, dbg:tp({?MODULE, f, 1}, x)),
    show(tp, dbg:tp(?MODULE, f, cx)),
    call(Pid, 1),
    call(Pid, bad),
    show(tpl, dbg:tpl(?MODULE, g, exception_trace)),
    show(tpl, dbg:tpl(?MODULE, f, dbg:fun2ms(fun([X]) when X > 1 -> return_trace() end))),
    call(Pid, 1),
    call(Pid, 2),
    show(ctpl, dbg:ctpl(?MODULE, g)),
    show(ctp, dbg:ctp({?MODULE, f, 1})),
    show(ctpg, dbg:ctpg(?MODULE, f, '_')),
    show(tpe, dbg:tpe(send, x)),
    show(ctpe, dbg:ctpe(send)),
    call(Pid, 3),
    [show(tp, dbg:tp(?MODULE, f, 1, Pattern)) || Pattern <- [[{'_', [], [{foo}]}], 3, 77, nothing]],
    show(tp, dbg:tp(?MODULE, none, 1, [])),
    show(tp, dbg:tp(no_such_module, x)).

call(Pid, X) ->
    Pid ! {call, self(), X},
    receive done -> ok end,
    Ref = erlang:trace_delivered(Pid),
    {ok, Tracer} = dbg:get_tracer(),
    receive {trace_delivered, Pid, Ref} -> Tracer ! {trace, self(), last, event} end,
    events().

events() ->
    receive
        {told, _, {trace, _, last, event}} -> ok;
        {told, N, {trace, _, What, About}} -> io:format("  ~p ~p ~p~n", [N, What, About]), events();
        {told, N, {trace, _, What, About, More}} -> io:format("  ~p ~p ~p ~p~n", [N, What, About, More]), events()
    end.

specifications() ->
    show(tp, dbg:tp(?MODULE, f, 1, [{[7], [], []}])),
    show(tp, dbg:tp(?MODULE, f, 1, [{[8], [], []}])),
    show(tp, dbg:tp(?MODULE, f, 1, [{[7], [], []}])),
    show(tp, dbg:tp(?MODULE, f, 1, 2)),
    dbg:ltp(),
    show(dtp, dbg:dtp(1)),
    show(dtp, dbg:dtp(99)),
    dbg:ltp(),
    File = filename:join(os:getenv("TMPDIR", "/tmp"), ?MODULE_STRING ++ os:getpid()),
    show(wtp, dbg:wtp(File)),
    show(dtp, dbg:dtp()),
    dbg:ltp(),
    show(rtp, dbg:rtp(File)),
    dbg:ltp(),
    file:delete(File),
    show(rtp, dbg:rtp(File)),
    dbg:ln(),
    show(n, dbg:n(node())),
    show(cn, dbg:cn(node())).

loop() ->
    receive
        {call, From, X} ->
            catch ?MODULE:f(X),
            From ! done,
            ?MODULE:loop()
    end.

f(X) -> [g(X)].

g(X) -> X + 1.
