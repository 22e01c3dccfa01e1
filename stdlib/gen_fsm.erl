%% A finite state machine of the old kind: each state is a function of the callback module. New programs use
%% gen_statem; this is for those that exist.
-module(gen_fsm).
-export([start/3, start/4, start_link/3, start_link/4, stop/1, stop/3,
         send_event/2, sync_send_event/2, sync_send_event/3,
         send_all_state_event/2, sync_send_all_state_event/2, sync_send_all_state_event/3,
         reply/2, start_timer/2, send_event_after/2, cancel_timer/1,
         enter_loop/4, enter_loop/5, enter_loop/6, wake_hib/6]).
-export([init_it/6, system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2, format_status/2, format_log/1, format_log/2,
         print_event/3]).

-type fsm_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type fsm_ref() :: pid() | atom() | {atom(), node()} | {global, term()} | {via, module(), term()}.
-type from() :: {pid(), term()}.
-type option() :: {debug, [term()]} | {timeout, timeout()} | {spawn_opt, [term()]}.
-type start_ret() :: {ok, pid()} | ignore | {error, term()}.
-type next() :: {next_state, atom(), term()} | {next_state, atom(), term(), timeout() | hibernate}
              | {stop, term(), term()}.
-type answer() :: {reply, term(), atom(), term()} | {reply, term(), atom(), term(), timeout() | hibernate}
                | {stop, term(), term(), term()} | next().

-callback init(term()) ->
    {ok, atom(), term()} | {ok, atom(), term(), timeout() | hibernate} | {stop, term()} | ignore.
-callback handle_event(term(), atom(), term()) -> next().
-callback handle_sync_event(term(), from(), atom(), term()) -> answer().
-callback handle_info(term(), atom(), term()) -> next().
-callback terminate(term(), atom(), term()) -> term().
-callback code_change(term(), atom(), term(), term()) -> {ok, atom(), term()}.
-callback format_status(normal | terminate, list()) -> term().
-optional_callbacks([handle_info/3, terminate/3, code_change/4, format_status/2]).

%% What stays the same from one event to the next.
-record(s, {parent :: pid(), name :: term(), mod :: module()}).

%% ---- starting and stopping ----

-spec start(module(), term(), [option()]) -> start_ret().
start(Mod, Args, Options) -> gen:start(?MODULE, nolink, Mod, Args, Options).

-spec start(fsm_name(), module(), term(), [option()]) -> start_ret().
start(Name, Mod, Args, Options) -> gen:start(?MODULE, nolink, Name, Mod, Args, Options).

-spec start_link(module(), term(), [option()]) -> start_ret().
start_link(Mod, Args, Options) -> gen:start(?MODULE, link, Mod, Args, Options).

-spec start_link(fsm_name(), module(), term(), [option()]) -> start_ret().
start_link(Name, Mod, Args, Options) -> gen:start(?MODULE, link, Name, Mod, Args, Options).

-spec stop(fsm_ref()) -> ok.
stop(Fsm) -> gen:stop(Fsm).

-spec stop(fsm_ref(), term(), timeout()) -> ok.
stop(Fsm, Reason, Timeout) -> gen:stop(Fsm, Reason, Timeout).

%% ---- events ----

-spec send_event(fsm_ref(), term()) -> ok.
send_event(Fsm, Event) -> gen:cast(Fsm, {'$gen_event', Event}).

-spec send_all_state_event(fsm_ref(), term()) -> ok.
send_all_state_event(Fsm, Event) -> gen:cast(Fsm, {'$gen_all_state_event', Event}).

-spec sync_send_event(fsm_ref(), term()) -> term().
sync_send_event(Fsm, Event) -> ask(Fsm, '$gen_sync_event', Event, 5000, sync_send_event, [Fsm, Event]).

-spec sync_send_event(fsm_ref(), term(), timeout()) -> term().
sync_send_event(Fsm, Event, Timeout) ->
    ask(Fsm, '$gen_sync_event', Event, Timeout, sync_send_event, [Fsm, Event, Timeout]).

-spec sync_send_all_state_event(fsm_ref(), term()) -> term().
sync_send_all_state_event(Fsm, Event) ->
    ask(Fsm, '$gen_sync_all_state_event', Event, 5000, sync_send_all_state_event, [Fsm, Event]).

-spec sync_send_all_state_event(fsm_ref(), term(), timeout()) -> term().
sync_send_all_state_event(Fsm, Event, Timeout) ->
    ask(Fsm, '$gen_sync_all_state_event', Event, Timeout, sync_send_all_state_event, [Fsm, Event, Timeout]).

ask(Fsm, Label, Event, Timeout, Function, Args) ->
    try gen:call(Fsm, Label, Event, Timeout) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, Function, Args}})
    end.

-spec reply(from(), term()) -> ok.
reply(From, Reply) -> gen:reply(From, Reply).

%% The event {timeout, Ref, Message}, later.
-spec start_timer(non_neg_integer(), term()) -> reference().
start_timer(Ms, Message) -> erlang:start_timer(Ms, self(), {'$gen_timer', Message}).

-spec send_event_after(non_neg_integer(), term()) -> reference().
send_event_after(Ms, Event) -> erlang:start_timer(Ms, self(), {'$gen_event', Event}).

%% The milliseconds left; 0: its message was there and is taken back; false: there is none.
-spec cancel_timer(reference()) -> non_neg_integer() | false.
cancel_timer(Ref) ->
    case erlang:cancel_timer(Ref) of
        false -> receive {timeout, Ref, _} -> 0 after 0 -> false end;
        Left -> Left
    end.

%% ---- the beginning ----

-spec enter_loop(module(), [option()], atom(), term()) -> no_return().
enter_loop(Mod, Options, StateName, Data) ->
    enter_loop(Mod, Options, StateName, Data, self(), infinity).

-spec enter_loop(module(), [option()], atom(), term(), fsm_name() | timeout()) -> no_return().
enter_loop(Mod, Options, StateName, Data, Name) when is_tuple(Name) ->
    enter_loop(Mod, Options, StateName, Data, Name, infinity);
enter_loop(Mod, Options, StateName, Data, Timeout) ->
    enter_loop(Mod, Options, StateName, Data, self(), Timeout).

-spec enter_loop(module(), [option()], atom(), term(), fsm_name() | pid(), timeout()) -> no_return().
enter_loop(Mod, Options, StateName, Data, FullName, Timeout) ->
    Name = gen:get_proc_name(FullName),
    loop(StateName, Data, Timeout, #s{parent = gen:get_parent(), name = Name, mod = Mod},
         gen:debug_options(Name, Options)).

-spec init_it(pid(), pid() | self, term(), module(), term(), [option()]) -> no_return().
init_it(Starter, self, FullName, Mod, Args, Options) ->
    init_it(Starter, self(), FullName, Mod, Args, Options);
init_it(Starter, Parent, FullName, Mod, Args, Options) ->
    Name = gen:name(FullName),
    S = #s{parent = Parent, name = Name, mod = Mod},
    Debug = gen:debug_options(Name, Options),
    case catch Mod:init(Args) of
        {ok, StateName, Data} -> started(Starter, StateName, Data, infinity, S, Debug);
        {ok, StateName, Data, Timeout} -> started(Starter, StateName, Data, Timeout, S, Debug);
        ignore -> gen:not_started(Starter, FullName, ignore);
        Failed ->
            gen:unregister_name(FullName),
            case Failed of
                {stop, Why} -> exit(Why);
                {'EXIT', Why} -> exit(Why);
                _ -> exit({bad_return_value, Failed})
            end
    end.

started(Starter, StateName, Data, Timeout, S, Debug) ->
    proc_lib:init_ack(Starter, {ok, self()}),
    loop(StateName, Data, Timeout, S, Debug).

%% ---- the loop ----

loop(StateName, Data, hibernate, S, Debug) ->
    proc_lib:hibernate(?MODULE, wake_hib, [S, StateName, Data, Debug, hibernate, none]);
loop(StateName, Data, Timeout, S, Debug) ->
    receive
        Message -> message(Message, StateName, Data, Timeout, S, Debug, false)
    after Timeout ->
            message({'$gen_event', timeout}, StateName, Data, Timeout, S, Debug, false)
    end.

-spec wake_hib(term(), atom(), term(), list(), hibernate, none) -> no_return().
wake_hib(S, StateName, Data, Debug, Timeout, _) ->
    receive
        Message -> message(Message, StateName, Data, Timeout, S, Debug, true)
    end.

message({system, From, Request}, StateName, Data, Timeout, #s{parent = Parent} = S, Debug, Hibernates) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, [S, StateName, Data, Timeout],
                          Hibernates);
message({'EXIT', Parent, Reason} = Message, StateName, Data, _, #s{parent = Parent} = S, Debug, _) ->
    terminate(Reason, Message, StateName, Data, S, Debug);
message(Message, StateName, Data, _, S, [], _) ->
    event(Message, StateName, Data, S, []);
message(Message, StateName, Data, _, #s{name = Name} = S, Debug, _) ->
    event(Message, StateName, Data, S,
          sys:handle_debug(Debug, fun ?MODULE:print_event/3, {Name, StateName}, {in, Message})).

event(Message, StateName, Data, S, Debug) ->
    From = case Message of
               {'$gen_sync_event', Caller, _} -> Caller;
               {'$gen_sync_all_state_event', Caller, _} -> Caller;
               _ -> none
           end,
    Result = try dispatch(Message, S#s.mod, StateName, Data)
             catch
                 throw:Value -> Value;
                 error:Reason:Stack -> {'EXIT', {Reason, Stack}};
                 exit:Reason -> {'EXIT', Reason}
             end,
    result(Result, From, Message, StateName, Data, S, Debug).

dispatch({'$gen_event', Event}, Mod, StateName, Data) -> Mod:StateName(Event, Data);
dispatch({'$gen_all_state_event', Event}, Mod, StateName, Data) ->
    Mod:handle_event(Event, StateName, Data);
dispatch({'$gen_sync_event', From, Event}, Mod, StateName, Data) -> Mod:StateName(Event, From, Data);
dispatch({'$gen_sync_all_state_event', From, Event}, Mod, StateName, Data) ->
    Mod:handle_sync_event(Event, From, StateName, Data);
dispatch({timeout, Ref, {'$gen_timer', Message}}, Mod, StateName, Data) ->
    Mod:StateName({timeout, Ref, Message}, Data);
dispatch({timeout, _, {'$gen_event', Event}}, Mod, StateName, Data) -> Mod:StateName(Event, Data);
dispatch(Info, Mod, StateName, Data) ->
    case erlang:function_exported(Mod, handle_info, 3) of
        true -> Mod:handle_info(Info, StateName, Data);
        false ->
            muster_log_text:log_unhandled(?MODULE, Mod, Info),
            {next_state, StateName, Data}
    end.

result({next_state, Next, Data}, _, _, _, _, S, Debug) ->
    loop(Next, Data, infinity, S, switched(Next, S, Debug));
result({next_state, Next, Data, Timeout}, _, _, _, _, S, Debug) ->
    loop(Next, Data, Timeout, S, switched(Next, S, Debug));
result({reply, Reply, Next, Data}, From, _, _, _, S, Debug) when From =/= none ->
    loop(Next, Data, infinity, S, answer(From, Reply, Next, S, Debug));
result({reply, Reply, Next, Data, Timeout}, From, _, _, _, S, Debug) when From =/= none ->
    loop(Next, Data, Timeout, S, answer(From, Reply, Next, S, Debug));
result({stop, Reason, Data}, _, Message, StateName, _, S, Debug) ->
    terminate(Reason, Message, StateName, Data, S, Debug);
result({stop, Reason, Reply, Data}, From, Message, StateName, _, S, Debug) when From =/= none ->
    try terminate(Reason, Message, StateName, Data, S, Debug)
    after answer(From, Reply, StateName, S, Debug)
    end;
result({'EXIT', Reason}, _, Message, StateName, Data, S, Debug) ->
    terminate(Reason, Message, StateName, Data, S, Debug);
result(Bad, _, Message, StateName, Data, S, Debug) ->
    terminate({bad_return_value, Bad}, Message, StateName, Data, S, Debug).

answer(From, Reply, _, _, []) ->
    gen:reply(From, Reply),
    [];
answer({To, _} = From, Reply, Next, #s{name = Name}, Debug) ->
    gen:reply(From, Reply),
    sys:handle_debug(Debug, fun ?MODULE:print_event/3, Name, {out, Reply, To, Next}).

switched(_, _, []) -> [];
switched(Next, #s{name = Name}, Debug) ->
    sys:handle_debug(Debug, fun ?MODULE:print_event/3, {Name, Next}, return).

%% ---- system messages ----

-spec system_continue(pid(), [sys:dbg_opt()], term()) -> no_return().
system_continue(Parent, Debug, [S, StateName, Data, Timeout]) ->
    loop(StateName, Data, Timeout, S#s{parent = Parent}, Debug).

-spec system_terminate(term(), pid(), [sys:dbg_opt()], term()) -> no_return().
system_terminate(Reason, Parent, Debug, [S, StateName, Data, _]) ->
    terminate(Reason, [], StateName, Data, S#s{parent = Parent}, Debug).

-spec system_code_change(term(), module(), term(), term()) -> {ok, term()} | term().
system_code_change([#s{mod = Mod} = S, StateName, Data, Timeout], _, OldVsn, Extra) ->
    case catch Mod:code_change(OldVsn, StateName, Data, Extra) of
        {ok, Next, NData} -> {ok, [S, Next, NData, Timeout]};
        Else -> Else
    end.

-spec system_get_state(term()) -> {ok, term()}.
system_get_state([_, StateName, Data, _]) -> {ok, {StateName, Data}}.

-spec system_replace_state(fun((term()) -> term()), term()) -> {ok, term(), term()}.
system_replace_state(Fun, [S, StateName, Data, Timeout]) ->
    {Next, NData} = New = Fun({StateName, Data}),
    {ok, New, [S, Next, NData, Timeout]}.

-spec format_status(normal, list()) -> list().
format_status(normal, [PDict, SysState, Parent, Debug, [#s{name = Name, mod = Mod}, StateName, Data, _]]) ->
    Shown = case data_of(Mod, normal, PDict, Data) of
                {shown, List} when is_list(List) -> List;
                {shown, Other} -> [Other];
                _ -> [{data, [{"StateData", Data}]}]
            end,
    [{header, gen:format_status_header("Status for state machine", Name)},
     {data, [{"Status", SysState}, {"Parent", Parent}, {"Logged events", sys:get_log(Debug)},
             {"StateName", StateName}]}
     | Shown].

%% The data as the callback module shows it, or as it is.
data_of(Mod, Option, PDict, Data) ->
    case erlang:function_exported(Mod, format_status, 2) of
        true ->
            try {shown, Mod:format_status(Option, [PDict, Data])}
            catch _:_ -> {data, Data}
            end;
        false -> {data, Data}
    end.

%% ---- the end ----

-spec terminate(term(), term(), atom(), term(), #s{}, list()) -> no_return().
terminate(Reason, Message, StateName, Data, #s{mod = Mod} = S, Debug) ->
    Ended = case erlang:function_exported(Mod, terminate, 3) of
                true -> catch Mod:terminate(Reason, StateName, Data);
                false -> ok
            end,
    case Ended of
        {'EXIT', Why} ->
            report(Why, Message, StateName, Data, S, Debug),
            exit(Why);
        _ ->
            gen:is_expected(Reason) orelse report(Reason, Message, StateName, Data, S, Debug),
            exit(Reason)
    end.

report(Reason, Message, StateName, Data, #s{name = Name, mod = Mod}, Debug) ->
    {_, Shown} = data_of(Mod, terminate, get(), Data),
    muster_log_text:log(error, error, ?MODULE,
                        #{label => {?MODULE, terminate}, name => Name, last_message => Message,
                          state_name => StateName, state_data => Shown, log => sys:get_log(Debug),
                          reason => Reason, client_info => muster_log_text:client(caller(Message))}).

caller({'$gen_sync_event', From, _}) -> From;
caller({'$gen_sync_all_state_event', From, _}) -> From;
caller(_) -> undefined.

-spec format_log(map()) -> {io:format(), [term()]}.
format_log(Report) -> muster_log_text:format(on_lines(whole(Report), fun muster_log_text:term/1)).

-spec format_log(map(), map()) -> unicode:chardata().
format_log(Report, Extra) ->
    P = fun muster_log_text:term/1,
    Parts = case muster_log_text:is_single(Extra) of
                true -> on_line(whole(Report), P);
                false -> on_lines(whole(Report), P)
            end,
    muster_log_text:text(Parts, Extra).

whole(Report) -> maps:merge(#{log => [], client_info => undefined}, Report).

on_line(#{label := {?MODULE, terminate}, name := Name, last_message := Message, state_name := StateName,
          state_data := Data, log := Log, reason := Reason, client_info := Client}, P) ->
    ["State machine ", P(Name), " terminating. Reason: ", P(muster_log_text:explain(Reason)), ". ",
     last_event(Message, P, fun(Kind, Event) -> ["Last ", Kind, ": ", P(Event)] end),
     ". State: ", P(StateName), ". Data: ", P(Data), $.,
     [[" Log: ", muster_log_text:list(Log, true)] || Log =/= []],
     muster_log_text:client_parts(Client, true)];
on_line(Report, _) -> muster_log_text:unhandled(Report, true).

on_lines(#{label := {?MODULE, terminate}, name := Name, last_message := Message, state_name := StateName,
           state_data := Data, log := Log, reason := Reason, client_info := Client}, P) ->
    ["** State machine ", P(Name), " terminating \n",
     last_event(Message, P, fun(Kind, Event) -> ["** Last ", Kind, " in was ", P(Event)] end), newline,
     "** When State == ", P(StateName), newline,
     "**      Data  == ", P(Data), newline,
     "** Reason for termination ==", newline, "** ", P(muster_log_text:explain(Reason)), newline,
     [["** Log ==", newline, "** ", muster_log_text:list(Log, false), newline] || Log =/= []],
     muster_log_text:client_parts(Client, false)];
on_lines(Report, _) -> muster_log_text:unhandled(Report, false).

last_event({'$gen_sync_event', {Pid, _}, Event}, P, Show) ->
    [Show("sync event", Event), " from ", P(Pid)];
last_event({'$gen_sync_all_state_event', {Pid, _}, Event}, P, Show) ->
    [Show("sync event", Event), " (for all states) from ", P(Pid)];
last_event({'$gen_event', Event}, _, Show) -> Show("event", Event);
last_event({'$gen_all_state_event', Event}, _, Show) -> [Show("event", Event), " (for all states)"];
last_event({timeout, Ref, {'$gen_timer', Message}}, _, Show) -> Show("timer event", {timeout, Ref, Message});
last_event({timeout, _, {'$gen_event', Event}}, _, Show) -> Show("timer event", Event);
last_event(Message, _, Show) -> Show("message", Message).

-spec print_event(io:device(), term(), term()) -> ok.
print_event(Device, {in, Message}, {Name, StateName}) ->
    case Message of
        {'$gen_event', Event} ->
            io:format(Device, "*DBG* ~tp got event ~tp in state ~tw~n", [Name, Event, StateName]);
        {'$gen_all_state_event', Event} ->
            io:format(Device, "*DBG* ~tp got all_state_event ~tp in state ~tw~n", [Name, Event, StateName]);
        {'$gen_sync_event', {From, _}, Event} ->
            io:format(Device, "*DBG* ~tp got sync_event ~tp from ~tw in state ~tw~n",
                      [Name, Event, From, StateName]);
        {'$gen_sync_all_state_event', {From, _}, Event} ->
            io:format(Device, "*DBG* ~tp got sync_all_state_event ~tp from ~tw in state ~tw~n",
                      [Name, Event, From, StateName]);
        {timeout, Ref, {'$gen_timer', Timer}} ->
            io:format(Device, "*DBG* ~tp got timer ~tp in state ~tw~n",
                      [Name, {timeout, Ref, Timer}, StateName]);
        {timeout, _, {'$gen_event', Event}} ->
            io:format(Device, "*DBG* ~tp got timer ~tp in state ~tw~n", [Name, Event, StateName]);
        _ -> io:format(Device, "*DBG* ~tp got ~tp in state ~tw~n", [Name, Message, StateName])
    end;
print_event(Device, {out, Reply, To, StateName}, Name) ->
    io:format(Device, "*DBG* ~tp sent ~tp to ~tw~n      and switched to state ~tw~n",
              [Name, Reply, To, StateName]);
print_event(Device, return, {Name, StateName}) ->
    io:format(Device, "*DBG* ~tp switched to state ~tw~n", [Name, StateName]);
print_event(Device, Event, {Name, _}) -> io:format(Device, "*DBG* ~tp dbg  ~tp~n", [Name, Event]).
