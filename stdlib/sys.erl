%% Messages that every process of a supervision tree understands: suspend, look at and replace the
%% state, change code, end; and debugging of what it does.
-module(sys).
-export([suspend/1, suspend/2, resume/1, resume/2, get_status/1, get_status/2,
         get_state/1, get_state/2, replace_state/2, replace_state/3,
         change_code/4, change_code/5, terminate/2, terminate/3,
         log/2, log/3, log_to_file/2, log_to_file/3, trace/2, trace/3,
         statistics/2, statistics/3, install/2, install/3, remove/2, remove/3, no_debug/1, no_debug/2,
         handle_system_msg/6, handle_system_msg/7, handle_debug/4, debug_options/1,
         print_log/1, get_log/1, get_debug/3, woken/6]).
-export_type([dbg_opt/0, system_event/0, debug_options/0]).

-type name() :: pid() | atom() | {atom(), node()} | {global, term()} | {via, module(), term()}.
-type system_event() :: {in, term()} | {in, term(), term()} | {out, term(), term()}
                      | {out, term(), term(), term()} | {noreply, term()} | {continue, term()}
                      | term().
-type dbg_opt() :: {trace, true} | {log, {pos_integer(), {non_neg_integer(), list(), list()}}} | {log_to_file, term()}
                 | {statistics, term()} | {term(), {fun(), term()}}.
-type debug_options() :: [trace | log | {log, pos_integer()} | statistics
                          | {log_to_file, file:name()} | {install, term()}].

-callback system_continue(pid(), [dbg_opt()], term()) -> no_return().
-callback system_terminate(term(), pid(), [dbg_opt()], term()) -> no_return().
-callback system_code_change(term(), module(), term(), term()) -> {ok, term()} | term().
-callback system_get_state(term()) -> {ok, term()}.
-callback system_replace_state(fun((term()) -> term()), term()) -> {ok, term(), term()}.
-optional_callbacks([system_get_state/1, system_replace_state/2, system_code_change/4]).

%% ---- asking ----

%% Stops a process from all but system messages.
-spec suspend(name()) -> ok.
suspend(Name) -> ask(Name, suspend).
-spec suspend(name(), timeout()) -> ok.
suspend(Name, Timeout) -> ask(Name, suspend, Timeout).

%% Lets a suspended process go on.
-spec resume(name()) -> ok.
resume(Name) -> ask(Name, resume).
-spec resume(name(), timeout()) -> ok.
resume(Name, Timeout) -> ask(Name, resume, Timeout).

%% Module, state and more of a process.
-spec get_status(name()) -> term().
get_status(Name) -> ask(Name, get_status).
-spec get_status(name(), timeout()) -> term().
get_status(Name, Timeout) -> ask(Name, get_status, Timeout).

%% The state of a process.
-spec get_state(name()) -> term().
get_state(Name) -> state_of(ask(Name, get_state)).
-spec get_state(name(), timeout()) -> term().
get_state(Name, Timeout) -> state_of(ask(Name, get_state, Timeout)).

state_of({error, Why}) -> error(Why);
state_of({ok, State}) -> State.

%% Puts what the fun makes of it in the state's place.
-spec replace_state(name(), fun((term()) -> term())) -> term().
replace_state(Name, Fun) -> state_of(ask(Name, {replace_state, Fun})).
-spec replace_state(name(), fun((term()) -> term()), timeout()) -> term().
replace_state(Name, Fun, Timeout) -> state_of(ask(Name, {replace_state, Fun}, Timeout)).

%% Tells a suspended process that its code has changed.
-spec change_code(name(), module(), term(), term()) -> ok | {error, term()}.
change_code(Name, Module, Vsn, Extra) -> ask(Name, {change_code, Module, Vsn, Extra}).
-spec change_code(name(), module(), term(), term(), timeout()) -> ok | {error, term()}.
change_code(Name, Module, Vsn, Extra, Timeout) ->
    ask(Name, {change_code, Module, Vsn, Extra}, Timeout).

%% Tells a process to end.
-spec terminate(name(), term()) -> ok.
terminate(Name, Reason) -> ask(Name, {terminate, Reason}).
-spec terminate(name(), term(), timeout()) -> ok.
terminate(Name, Reason, Timeout) -> ask(Name, {terminate, Reason}, Timeout).

%% Keeps, shows or forgets the last events of a process.
-spec log(name(), term()) -> ok | {ok, [system_event()]}.
log(Name, Flag) -> ask(Name, {debug, {log, Flag}}).
-spec log(name(), term(), timeout()) -> ok | {ok, [system_event()]}.
log(Name, Flag, Timeout) -> ask(Name, {debug, {log, Flag}}, Timeout).

%% Prints the events of a process.
-spec trace(name(), boolean()) -> ok.
trace(Name, Flag) -> ask(Name, {debug, {trace, Flag}}).
-spec trace(name(), boolean(), timeout()) -> ok.
trace(Name, Flag, Timeout) -> ask(Name, {debug, {trace, Flag}}, Timeout).

%% Writes the events of a process to a file.
-spec log_to_file(name(), file:name() | false) -> ok | {error, open_file}.
log_to_file(Name, File) -> ask(Name, {debug, {log_to_file, File}}).
-spec log_to_file(name(), file:name() | false, timeout()) -> ok | {error, open_file}.
log_to_file(Name, File, Timeout) -> ask(Name, {debug, {log_to_file, File}}, Timeout).

%% Counts events of a process, or shows the counts.
-spec statistics(name(), boolean() | get) -> ok | {ok, term()}.
statistics(Name, Flag) -> ask(Name, {debug, {statistics, Flag}}).
-spec statistics(name(), boolean() | get, timeout()) -> ok | {ok, term()}.
statistics(Name, Flag, Timeout) -> ask(Name, {debug, {statistics, Flag}}, Timeout).

%% No debugging any more.
-spec no_debug(name()) -> ok.
no_debug(Name) -> ask(Name, {debug, no_debug}).
-spec no_debug(name(), timeout()) -> ok.
no_debug(Name, Timeout) -> ask(Name, {debug, no_debug}, Timeout).

%% Installs a function that sees all events of a process.
-spec install(name(), tuple()) -> ok.
install(Name, Spec) -> ask(Name, {debug, {install, Spec}}).
-spec install(name(), tuple(), timeout()) -> ok.
install(Name, Spec, Timeout) -> ask(Name, {debug, {install, Spec}}, Timeout).

%% Removes a function that install/2 installed.
-spec remove(name(), fun() | term()) -> ok.
remove(Name, Which) -> ask(Name, {debug, {remove, Which}}).
-spec remove(name(), fun() | term(), timeout()) -> ok.
remove(Name, Which, Timeout) -> ask(Name, {debug, {remove, Which}}, Timeout).

ask(Name, Request) ->
    try gen:call(Name, system, Request) of
        {ok, Answer} -> Answer
    catch
        exit:Reason -> exit({Reason, caller(Name, Request, [])})
    end.

ask(Name, Request, Timeout) ->
    try gen:call(Name, system, Request, Timeout) of
        {ok, Answer} -> Answer
    catch
        exit:Reason -> exit({Reason, caller(Name, Request, [Timeout])})
    end.

%% The function of this module that was called.
caller(Name, {debug, {Function, Arg}}, More) -> {?MODULE, Function, [Name, Arg | More]};
caller(Name, {debug, no_debug}, More) -> {?MODULE, no_debug, [Name | More]};
caller(Name, {change_code, M, V, E}, More) -> {?MODULE, change_code, [Name, M, V, E | More]};
caller(Name, {Function, Arg}, More) -> {?MODULE, Function, [Name, Arg | More]};
caller(Name, Function, More) -> {?MODULE, Function, [Name | More]}.

%% ---- answering ----

%% What a process does with a system message.
-spec handle_system_msg(term(), {pid(), term()}, pid(), module(), [dbg_opt()], term()) ->
          no_return().
handle_system_msg(Message, From, Parent, Module, Debug, Misc) ->
    handle(running, Message, From, Parent, Module, Debug, Misc, false).

-spec handle_system_msg(term(), {pid(), term()}, pid(), module(), [dbg_opt()], term(),
                        boolean()) -> no_return().
handle_system_msg(Message, From, Parent, Module, Debug, Misc, Hibernates) ->
    handle(running, Message, From, Parent, Module, Debug, Misc, Hibernates).

handle(SysState, Message, From, Parent, Module, Debug, Misc, Hibernates) ->
    case do(SysState, Message, Parent, Module, Debug, Misc) of
        {suspended, Reply, NDebug, NMisc} ->
            gen:reply(From, Reply),
            suspended(suspended, Parent, Module, NDebug, NMisc, Hibernates);
        {running, Reply, NDebug, NMisc} ->
            gen:reply(From, Reply),
            Module:system_continue(Parent, NDebug, NMisc);
        {{terminating, Reason}, Reply, NDebug, NMisc} ->
            gen:reply(From, Reply),
            Module:system_terminate(Reason, Parent, NDebug, NMisc)
    end.

suspended(SysState, Parent, Module, Debug, Misc, true) ->
    proc_lib:hibernate(?MODULE, woken, [SysState, Parent, Module, Debug, Misc, true]);
suspended(SysState, Parent, Module, Debug, Misc, Hibernates) ->
    receive
        {system, From, Message} ->
            handle(SysState, Message, From, Parent, Module, Debug, Misc, Hibernates);
        {'EXIT', Parent, Reason} ->
            Module:system_terminate(Reason, Parent, Debug, Misc)
    end.

-spec woken(suspended, pid(), module(), [dbg_opt()], term(), boolean()) ->
          no_return().
woken(SysState, Parent, Module, Debug, Misc, Hibernates) ->
    receive
        {system, From, Message} ->
            handle(SysState, Message, From, Parent, Module, Debug, Misc, Hibernates);
        {'EXIT', Parent, Reason} ->
            Module:system_terminate(Reason, Parent, Debug, Misc)
    after 0 ->
            suspended(SysState, Parent, Module, Debug, Misc, Hibernates)
    end.

do(_, suspend, _, _, Debug, Misc) -> {suspended, ok, Debug, Misc};
do(_, resume, _, _, Debug, Misc) -> {running, ok, Debug, Misc};
do(SysState, get_state, _, Module, Debug, Misc) ->
    {SysState, read_state(Module, Misc), Debug, Misc};
do(SysState, {replace_state, Fun}, _, Module, Debug, Misc) ->
    {Reply, NMisc} = write_state(Module, Fun, Misc),
    {SysState, Reply, Debug, NMisc};
do(SysState, get_status, Parent, Module, Debug, Misc) ->
    Status = {status, self(), {module, Module},
              [get(), SysState, Parent, Debug, status_of(SysState, Parent, Module, Debug, Misc)]},
    {SysState, Status, Debug, Misc};
do(SysState, {debug, What}, _, _, Debug, Misc) ->
    {Reply, NDebug} = change_debug(What, Debug),
    {SysState, Reply, NDebug, Misc};
do(suspended, {change_code, M, Vsn, Extra}, _, Module, Debug, Misc) ->
    case catch Module:system_code_change(Misc, M, Vsn, Extra) of
        {ok, NMisc} -> {suspended, ok, Debug, NMisc};
        Other -> {suspended, {error, Other}, Debug, Misc}
    end;
do(SysState, {terminate, Reason}, _, _, Debug, Misc) ->
    _ = SysState,
    {{terminating, Reason}, ok, Debug, Misc};
do(SysState, Other, _, _, Debug, Misc) ->
    {SysState, {error, {unknown_system_msg, Other}}, Debug, Misc}.

status_of(SysState, Parent, Module, Debug, Misc) ->
    case erlang:function_exported(Module, format_status, 2) of
        true ->
            Module:format_status(normal, [get(), SysState, Parent, Debug, Misc]);
        false -> Misc
    end.

read_state(Module, Misc) ->
    case erlang:function_exported(Module, system_get_state, 1) of
        true ->
            try Module:system_get_state(Misc) of
                {ok, State} -> {ok, State}
            catch
                Class:Reason ->
                    {error, {callback_failed, {Module, system_get_state}, {Class, Reason}}}
            end;
        false -> {ok, Misc}
    end.

write_state(Module, Fun, Misc) ->
    case erlang:function_exported(Module, system_replace_state, 2) of
        true ->
            try Module:system_replace_state(Fun, Misc) of
                {ok, State, NMisc} -> {{ok, State}, NMisc}
            catch
                Class:Reason ->
                    {{error, {callback_failed, {Module, system_replace_state}, {Class, Reason}}},
                     Misc}
            end;
        false ->
            try Fun(Misc) of
                NMisc -> {{ok, NMisc}, NMisc}
            catch
                Class:Reason ->
                    {{error, {callback_failed, Fun, {Class, Reason}}}, Misc}
            end
    end.

%% ---- debugging ----
%% A list of {trace, true}, {log, {Most, {Count, Newer, Older}}}, {log_to_file, Device},
%% {statistics, {Start, StartReductions, In, Out}} and {Id, {Fun, FunState}}. A log's events lie newest first, Count of
%% them in Newer; when these are Most, they become Older, so that an event costs no copying.

-define(LOG_LENGTH, 10).

%% Debug information of options, for who handles system messages.
-spec debug_options(debug_options()) -> [dbg_opt()].
debug_options(Options) -> lists:foldl(fun option/2, [], Options).

option(trace, Debug) -> put_debug(trace, true, Debug);
option(log, Debug) -> put_debug(log, {?LOG_LENGTH, {0, [], []}}, Debug);
option({log, N}, Debug) when is_integer(N), N > 0 -> put_debug(log, {N, {0, [], []}}, Debug);
option(statistics, Debug) -> put_debug(statistics, fresh_statistics(), Debug);
option({log_to_file, File}, Debug) ->
    case open_log(File) of
        {ok, Device} -> put_debug(log_to_file, Device, Debug);
        _ -> Debug
    end;
option({install, {Id, Fun, State}}, Debug) -> put_debug({install, Id}, {Fun, State}, Debug);
option({install, {Fun, State}}, Debug) -> put_debug({install, Fun}, {Fun, State}, Debug);
option(_, Debug) -> Debug.

put_debug(Key, Value, Debug) -> lists:keystore(Key, 1, Debug, {Key, Value}).

fresh_statistics() ->
    {reductions, Reductions} = process_info(self(), reductions),
    {calendar:local_time(), Reductions, 0, 0}.

open_log(File) -> file:open(File, [write, {encoding, utf8}]).

change_debug({trace, true}, Debug) -> {ok, put_debug(trace, true, Debug)};
change_debug({trace, false}, Debug) -> {ok, lists:keydelete(trace, 1, Debug)};
change_debug({log, true}, Debug) -> change_debug({log, {true, ?LOG_LENGTH}}, Debug);
change_debug({log, {true, N}}, Debug) ->
    Old = lists:sublist(newest_first(Debug), N),
    {ok, put_debug(log, {N, {0, [], Old}}, Debug)};
change_debug({log, false}, Debug) -> {ok, lists:keydelete(log, 1, Debug)};
change_debug({log, print}, Debug) ->
    print_log(Debug),
    {ok, Debug};
change_debug({log, get}, Debug) ->
    {{ok, [event_text_args(E) || E <- logged(Debug)]}, Debug};
change_debug({log_to_file, false}, Debug) ->
    close_log(Debug),
    {ok, lists:keydelete(log_to_file, 1, Debug)};
change_debug({log_to_file, File}, Debug) ->
    close_log(Debug),
    case open_log(File) of
        {ok, Device} -> {ok, put_debug(log_to_file, Device, Debug)};
        _ -> {{error, open_file}, lists:keydelete(log_to_file, 1, Debug)}
    end;
change_debug({statistics, true}, Debug) ->
    {ok, put_debug(statistics, fresh_statistics(), Debug)};
change_debug({statistics, false}, Debug) -> {ok, lists:keydelete(statistics, 1, Debug)};
change_debug({statistics, get}, Debug) ->
    case lists:keyfind(statistics, 1, Debug) of
        {_, {Start, Before, In, Out}} ->
            {reductions, Now} = process_info(self(), reductions),
            {{ok, [{start_time, Start}, {current_time, calendar:local_time()},
                   {reductions, Now - Before}, {messages_in, In}, {messages_out, Out}]}, Debug};
        false -> {{ok, no_statistics}, Debug}
    end;
change_debug(no_debug, Debug) ->
    close_log(Debug),
    {ok, []};
change_debug({install, {Id, Fun, State}}, Debug) ->
    {ok, put_debug({install, Id}, {Fun, State}, Debug)};
change_debug({install, {Fun, State}}, Debug) ->
    {ok, put_debug({install, Fun}, {Fun, State}, Debug)};
change_debug({remove, Id}, Debug) -> {ok, lists:keydelete({install, Id}, 1, Debug)};
change_debug(_, Debug) -> {unknown_debug, Debug}.

close_log(Debug) ->
    case lists:keyfind(log_to_file, 1, Debug) of
        {_, Device} -> file:close(Device);
        false -> ok
    end.

%% The process saw or did something: Form(Device, Event, Extra) writes it.
-spec handle_debug([dbg_opt()], fun((io:device(), system_event(), term()) -> term()), term(),
                   system_event()) -> [dbg_opt()].
handle_debug([], _, _, _) -> [];
handle_debug([{trace, true} = Item | Debug], Form, Extra, Event) ->
    Form(standard_io, Event, Extra),
    [Item | handle_debug(Debug, Form, Extra, Event)];
handle_debug([{log, {Most, {Count, Newer, Older}}} | Debug], Form, Extra, Event) ->
    Events = case [{Event, Extra, Form} | Newer] of
                 Full when Count + 1 >= Most -> {0, [], Full};
                 More -> {Count + 1, More, Older}
             end,
    [{log, {Most, Events}} | handle_debug(Debug, Form, Extra, Event)];
handle_debug([{log_to_file, Device} = Item | Debug], Form, Extra, Event) ->
    Form(Device, Event, Extra),
    [Item | handle_debug(Debug, Form, Extra, Event)];
handle_debug([{statistics, Counts} | Debug], Form, Extra, Event) ->
    [{statistics, count(Event, Counts)} | handle_debug(Debug, Form, Extra, Event)];
handle_debug([{{install, Id}, {Fun, State}} | Debug], Form, Extra, Event) ->
    Rest = handle_debug(Debug, Form, Extra, Event),
    try Fun(State, Event, Extra) of
        done -> Rest;
        NState -> [{{install, Id}, {Fun, NState}} | Rest]
    catch
        _:_ -> Rest
    end;
handle_debug([Item | Debug], Form, Extra, Event) ->
    [Item | handle_debug(Debug, Form, Extra, Event)].

count({in, _}, {S, R, In, Out}) -> {S, R, In + 1, Out};
count({in, _, _}, {S, R, In, Out}) -> {S, R, In + 1, Out};
count({out, _, _}, {S, R, In, Out}) -> {S, R, In, Out + 1};
count({out, _, _, _}, {S, R, In, Out}) -> {S, R, In, Out + 1};
count(_, Counts) -> Counts.

logged(Debug) -> lists:reverse(newest_first(Debug)).

newest_first(Debug) ->
    case lists:keyfind(log, 1, Debug) of
        {log, {Most, {Count, Newer, Older}}} -> Newer ++ lists:sublist(Older, Most - Count);
        false -> []
    end.

event_text_args({Event, _, _}) -> Event.

%% The events that are logged.
-spec get_log([dbg_opt()]) -> [system_event()].
get_log(Debug) -> [Event || {Event, _, _} <- logged(Debug)].

%% Prints the events that are logged.
-spec print_log([dbg_opt()]) -> ok.
print_log(Debug) ->
    lists:foreach(fun({Event, Extra, Form}) -> Form(standard_io, Event, Extra) end, logged(Debug)).

%% What a function of handle_debug has stored.
-spec get_debug(term(), [dbg_opt()], term()) -> term().
get_debug(Item, Debug, Default) ->
    case lists:keyfind(Item, 1, Debug) of
        {_, Value} -> Value;
        false -> Default
    end.
