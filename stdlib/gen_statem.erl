%% A state machine: a process that answers events with actions and the next state, as its callback
%% module says; with time-outs, postponed events and calls on entering a state.
%%
%% Events wait in `queue` (inserted ones first), then zero time-outs, then the mailbox. A transition
%% changes them in the order that the manual gives: postponed events come back before what was
%% queued, inserted events before those.
-module(gen_statem).
-export([start/3, start/4, start_link/3, start_link/4, start_monitor/3, start_monitor/4,
         stop/1, stop/3, cast/2, call/2, call/3, reply/1, reply/2,
         send_request/2, send_request/4, wait_response/1, wait_response/2, wait_response/3,
         receive_response/1, receive_response/2, receive_response/3,
         check_response/2, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1,
         enter_loop/4, enter_loop/5, enter_loop/6]).
-export([init_it/6, system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2, format_status/2, format_log/1, format_log/2,
         wakeup_from_hibernate/1]).
-export_type([event_type/0, from/0, reply_tag/0, callback_mode_result/0, init_result/1,
              init_result/2, state_enter_result/1, state_enter_result/2, event_handler_result/1,
              event_handler_result/2, reply_action/0, enter_action/0, action/0,
              event_content/0, state/0, data/0, callback_mode/0, state_enter/0,
              server_name/0, server_ref/0, start_opt/0, start_ret/0, enter_loop_opt/0,
              request_id/0, request_id_collection/0, format_status/0, timeout_event_type/0]).

-type from() :: {pid(), reply_tag()}.
-type reply_tag() :: gen:reply_tag().
-type state() :: term().
-type data() :: term().
-type event_content() :: term().
-type timeout_event_type() :: timeout | {timeout, term()} | state_timeout.
-type event_type() :: {call, from()} | cast | info | timeout_event_type() | internal.
-type callback_mode() :: state_functions | handle_event_function.
-type state_enter() :: state_enter.
-type callback_mode_result() :: callback_mode() | [callback_mode() | state_enter()].
-type reply_action() :: {reply, from(), term()}.
-type enter_action() :: hibernate | {hibernate, boolean()} | timeout() | tuple() | reply_action().
-type action() :: postpone | {postpone, boolean()} | {next_event, event_type(), term()}
                | {change_callback_module, module()} | {push_callback_module, module()}
                | pop_callback_module | enter_action().
-type init_result(S) :: init_result(S, term()).
-type init_result(S, D) :: {ok, S, D} | {ok, S, D, [action()] | action()} | ignore
                         | {stop, term()} | {error, term()}.
-type state_enter_result(S) :: state_enter_result(S, term()).
-type state_enter_result(S, D) :: {next_state, S, D} | {next_state, S, D, [enter_action()]}
                                | event_handler_result(S, D).
-type event_handler_result(S) :: event_handler_result(S, term()).
-type event_handler_result(S, D) :: {next_state, S, D} | {next_state, S, D, [action()] | action()}
                                  | {keep_state, D} | {keep_state, D, [action()] | action()}
                                  | keep_state_and_data | tuple() | stop.
-type server_name() :: gen_server:server_name().
-type server_ref() :: gen_server:server_ref().
-type start_opt() :: gen_server:start_opt().
-type start_ret() :: gen_server:start_ret().
-type enter_loop_opt() :: {debug, list()} | {hibernate_after, timeout()}.
-type request_id() :: gen:request_id().
-type request_id_collection() :: gen:request_id_collection().
-type format_status() :: map().

-callback init(term()) -> init_result(state()).
-callback callback_mode() -> callback_mode_result().
-callback handle_event(event_type() | enter, term(), state(), data()) -> term().
-callback terminate(term(), state(), data()) -> term().
-callback code_change(term(), state(), data(), term()) -> {ok, state(), data()} | term().
-callback format_status(normal | terminate, list()) -> term().
-callback format_status(format_status()) -> format_status().
-optional_callbacks([handle_event/4, terminate/3, code_change/4, format_status/1,
                     format_status/2]).

%% timers: what runs, by kind: {Ref, Content}, Ref `zero` for those in `zero`.
-record(s, {parent, name, hibernate_after = infinity, hibernates = false, debug = [],
            modules = [] :: [module()], mode :: callback_mode() | undefined, enters = false,
            state, data,
            queue = [] :: [{event_type(), term()}],
            zero = [] :: [timeout_event_type()],
            postponed = [] :: [{event_type(), term()}],
            timers = #{} :: #{timeout_event_type() => {reference() | zero, term()}}}).
%% What the actions of one transition ask for; next and timeouts: last first; never: there is no event.
-record(a, {postpone = false :: boolean() | never, hibernate = false, next = [], timeouts = []}).

%% ---- starting and stopping ----

%% Starts a server.
-spec start(module(), term(), [start_opt()]) -> start_ret().
start(Mod, Args, Options) -> gen:start(?MODULE, nolink, Mod, Args, Options).
-spec start(server_name(), module(), term(), [start_opt()]) -> start_ret().
start(Name, Mod, Args, Options) ->
    check_name(Name, [Name, Mod, Args, Options]),
    gen:start(?MODULE, nolink, Name, Mod, Args, Options).

%% Starts a server that is linked to who starts it, as a supervisor wants.
-spec start_link(module(), term(), [start_opt()]) -> start_ret().
start_link(Mod, Args, Options) -> gen:start(?MODULE, link, Mod, Args, Options).
-spec start_link(server_name(), module(), term(), [start_opt()]) -> start_ret().
start_link(Name, Mod, Args, Options) ->
    check_name(Name, [Name, Mod, Args, Options]),
    gen:start(?MODULE, link, Name, Mod, Args, Options).

%% Starts a server and monitors it.
-spec start_monitor(module(), term(), [start_opt()]) -> term().
start_monitor(Mod, Args, Options) -> gen:start(?MODULE, monitor, Mod, Args, Options).
-spec start_monitor(server_name(), module(), term(), [start_opt()]) -> term().
start_monitor(Name, Mod, Args, Options) ->
    check_name(Name, [Name, Mod, Args, Options]),
    gen:start(?MODULE, monitor, Name, Mod, Args, Options).

check_name({local, Name}, _) when is_atom(Name) -> ok;
check_name({global, _}, _) -> ok;
check_name({via, Module, _}, _) when is_atom(Module) -> ok;
check_name(_, Args) -> error(badarg, Args).

%% Ends a server, whose terminate is called, and waits for its end.
-spec stop(server_ref()) -> ok.
stop(Server) -> gen:stop(Server).
-spec stop(server_ref(), term(), timeout()) -> ok.
stop(Server, Reason, Timeout) -> gen:stop(Server, Reason, Timeout).

%% ---- asking ----

%% Sends a request that is not answered.
-spec cast(server_ref(), term()) -> ok.
cast(Server, Message) when is_pid(Server); is_atom(Server); is_tuple(Server) ->
    gen:cast(Server, {'$gen_cast', Message}).

%% Sends a request and waits for the reply: five seconds, unless said otherwise.
-spec call(server_ref(), term()) -> term().
call(Server, Request) -> call(Server, Request, infinity).

-spec call(server_ref(), term(), timeout() | {clean_timeout | dirty_timeout, timeout()}) ->
          term().
call(Server, Request, Timeout) ->
    Time = case Timeout of
               {clean_timeout, T} -> T;
               {dirty_timeout, T} -> T;
               _ -> Timeout
           end,
    try gen:call(Server, '$gen_call', Request, Time) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Server, Request, Timeout]}})
    end.

%% Answers a request from anywhere.
-spec reply([reply_action()] | reply_action()) -> ok.
reply({reply, From, Reply}) -> reply(From, Reply);
reply(Replies) when is_list(Replies) -> lists:foreach(fun reply/1, Replies).

-spec reply(from(), term()) -> ok.
reply(From, Reply) -> gen:reply(From, Reply).

%% Sends a request whose reply is asked for later.
-spec send_request(server_ref(), term()) -> request_id().
send_request(Server, Request) -> gen:send_request(Server, '$gen_call', Request).
-spec send_request(server_ref(), term(), term(), request_id_collection()) ->
          request_id_collection().
send_request(Server, Request, Label, Collection) ->
    gen:send_request(Server, '$gen_call', Request, Label, Collection).

%% Waits for the reply to a request, which may still come after a timeout.
-spec wait_response(request_id()) -> term().
wait_response(Id) -> gen:wait_response(Id, infinity).
-spec wait_response(request_id(), timeout()) -> term().
wait_response(Id, Timeout) -> gen:wait_response(Id, Timeout).
-spec wait_response(request_id_collection(), timeout(), boolean()) -> term().
wait_response(Collection, Timeout, Delete) -> gen:wait_response(Collection, Timeout, Delete).
%% Waits for the reply to a request; a late one is dropped.
-spec receive_response(request_id()) -> term().
receive_response(Id) -> gen:receive_response(Id, infinity).
-spec receive_response(request_id(), timeout()) -> term().
receive_response(Id, Timeout) -> gen:receive_response(Id, Timeout).
-spec receive_response(request_id_collection(), timeout(), boolean()) -> term().
receive_response(Collection, Timeout, Delete) ->
    gen:receive_response(Collection, Timeout, Delete).
%% What a message is to a request: a reply, an error or no_reply.
-spec check_response(term(), request_id()) -> term().
check_response(Message, Id) -> gen:check_response(Message, Id).
-spec check_response(term(), request_id_collection(), boolean()) -> term().
check_response(Message, Collection, Delete) -> gen:check_response(Message, Collection, Delete).

%% An empty collection of requests.
-spec reqids_new() -> request_id_collection().
reqids_new() -> gen:reqids_new().
%% How many requests a collection has.
-spec reqids_size(request_id_collection()) -> non_neg_integer().
reqids_size(Collection) -> gen:reqids_size(Collection).
%% A request under a label in a collection.
-spec reqids_add(request_id(), term(), request_id_collection()) -> request_id_collection().
reqids_add(Id, Label, Collection) -> gen:reqids_add(Id, Label, Collection).
%% The requests of a collection with their labels.
-spec reqids_to_list(request_id_collection()) -> [{request_id(), term()}].
reqids_to_list(Collection) -> gen:reqids_to_list(Collection).

%% ---- the beginning ----

%% Makes a process that runs already a server.
-spec enter_loop(module(), [enter_loop_opt()], state(), data()) -> no_return().
enter_loop(Mod, Options, State, Data) -> enter_loop(Mod, Options, State, Data, self(), []).

-spec enter_loop(module(), [enter_loop_opt()], state(), data(),
                 server_name() | pid() | [action()]) -> no_return().
enter_loop(Mod, Options, State, Data, Server)
  when is_pid(Server); element(1, Server) =:= local; element(1, Server) =:= global;
       element(1, Server) =:= via ->
    enter_loop(Mod, Options, State, Data, Server, []);
enter_loop(Mod, Options, State, Data, Actions) ->
    enter_loop(Mod, Options, State, Data, self(), Actions).

-spec enter_loop(module(), [enter_loop_opt()], state(), data(), server_name() | pid(),
                 [action()] | action()) -> no_return().
enter_loop(Mod, Options, State, Data, Server, Actions) when is_atom(Mod), is_list(Options) ->
    Name = gen:get_proc_name(Server),
    S = #s{parent = gen:get_parent(), name = Name, modules = [Mod],
           hibernate_after = gen:hibernate_after(Options),
           debug = gen:debug_options(Name, Options)},
    enter(State, Data, Actions, S).

-spec init_it(pid(), pid() | self, term(), module(), term(), [start_opt()]) -> no_return().
init_it(Starter, self, Name, Mod, Args, Options) ->
    init_it(Starter, self(), Name, Mod, Args, Options);
init_it(Starter, Parent, FullName, Mod, Args, Options) ->
    Name = gen:name(FullName),
    S = #s{parent = Parent, name = Name, modules = [Mod],
           hibernate_after = gen:hibernate_after(Options),
           debug = gen:debug_options(Name, Options)},
    try Mod:init(Args) of
        Result -> started(Result, Starter, FullName, S)
    catch
        throw:Result -> started(Result, Starter, FullName, S);
        Class:Reason:Stack ->
            report(Class, Reason, Stack, none, S#s{mode = state_functions}),
            gen:unregister_name(FullName),
            proc_lib:init_fail(Starter, {error, Reason}, {Class, Reason, Stack})
    end.

started({ok, State, Data}, Starter, FullName, S) ->
    started({ok, State, Data, []}, Starter, FullName, S);
started({ok, State, Data, Actions}, Starter, _, S) ->
    proc_lib:init_ack(Starter, {ok, self()}),
    enter(State, Data, Actions, S);
started({stop, Reason}, _, FullName, _) ->
    gen:unregister_name(FullName),
    exit(Reason);
started({error, _} = Error, Starter, FullName, _) -> gen:not_started(Starter, FullName, Error);
started(ignore, Starter, FullName, _) -> gen:not_started(Starter, FullName, ignore);
started(Other, _, FullName, S) ->
    gen:unregister_name(FullName),
    Reason = {bad_return_from_init, Other},
    report(error, Reason, here(), none, S#s{mode = state_functions}),
    exit(Reason).

%% Reads the callback mode of the module that is in charge.
with_mode(#s{modules = [Module | _]} = S) ->
    Result = try Module:callback_mode() catch throw:Value -> Value end,
    Modes = case is_list(Result) of true -> Result; false -> [Result] end,
    case [Mode || Mode <- Modes, Mode =:= state_functions orelse Mode =:= handle_event_function] of
        [Mode | _] ->
            case [Other || Other <- Modes, Other =/= state_enter, Other =/= state_functions,
                           Other =/= handle_event_function] of
                [] -> S#s{mode = Mode, enters = lists:member(state_enter, Modes)};
                _ -> throw({bad_mode, {bad_return_from_callback_mode, Result}})
            end;
        [] -> throw({bad_mode, {bad_return_from_callback_mode, Result}})
    end.

%% The first state.
enter(State, Data, Actions, S0) ->
    Event = {internal, init_state},
    S1 = S0#s{state = State, data = Data, mode = state_functions},
    S = try with_mode(debug({enter, hd(S1#s.modules), State}, S1))
        catch
            throw:{bad_mode, Reason} -> terminate(error, Reason, here(), Event, S1)
        end,
    transition(State, Data, Actions, true, #a{postpone = never}, Event, S).

%% ---- the loop ----

loop(#s{queue = [{Type, Content} | Queue]} = S) ->
    handle(Type, Content, S#s{queue = Queue});
loop(#s{zero = [Kind | Zero], timers = Timers} = S) ->
    {{zero, Content}, Left} = maps:take(Kind, Timers),
    event(Kind, Content, S#s{zero = Zero, timers = Left});
loop(#s{hibernate_after = After} = S) ->
    receive
        Message -> decode(Message, S)
    after After -> hibernate(S)
    end.

hibernate(S) -> proc_lib:hibernate(?MODULE, wakeup_from_hibernate, [S]).

-spec wakeup_from_hibernate(#s{}) -> no_return().
wakeup_from_hibernate(#s{parent = Parent, debug = Debug} = S) ->
    receive
        {system, From, Request} ->
            sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, S#s{hibernates = true}, true);
        Message -> decode(Message, S)
    end.

decode({'$gen_call', From, Request}, S) -> event({call, From}, Request, S);
decode({'$gen_cast', Message}, S) -> event(cast, Message, S);
decode({timeout, Ref, Kind} = Message, #s{timers = Timers} = S) ->
    case Timers of
        #{Kind := {Ref, Content}} -> event(Kind, Content, S#s{timers = maps:remove(Kind, Timers)});
        _ -> event(info, Message, S)
    end;
decode({system, From, Request}, #s{parent = Parent, debug = Debug} = S) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, S);
decode({'EXIT', Parent, Reason}, #s{parent = Parent} = S) ->
    terminate(exit, Reason, here(), none, S);
decode(Message, S) -> event(info, Message, S).

%% An event from outside, or of a time-out. Those in the queue have been told of.
event(Type, Content, S) -> handle(Type, Content, debug({in, {Type, Content}, S#s.state}, S)).

handle(Type, Content, S) ->
    case callback(Type, Content, S) of
        {ok, Result} -> result(Result, {Type, Content}, S);
        {'EXIT', Class, Reason, Stack} -> terminate(Class, Reason, Stack, {Type, Content}, S)
    end.

callback(Type, Content, #s{modules = [Module | _], mode = Mode, state = State, data = Data}) ->
    try
        case Mode of
            state_functions -> {ok, Module:State(Type, Content, Data)};
            handle_event_function -> {ok, Module:handle_event(Type, Content, State, Data)}
        end
    catch
        throw:Value -> {ok, Value};
        Class:Reason:Stack -> {'EXIT', Class, Reason, Stack}
    end.

debug(_, #s{debug = []} = S) -> S;
debug(Event, #s{debug = Debug, name = Name} = S) ->
    S#s{debug = sys:handle_debug(Debug, fun print_event/3, Name, Event)}.

print_event(Device, {in, Event, State}, Name) ->
    io:format(Device, "*DBG* ~tp receive ~ts in state ~tp~n", [Name, event_text(Event), State]);
print_event(Device, {out, Reply, {To, _}}, Name) ->
    io:format(Device, "*DBG* ~tp send ~tp to ~tw~n", [Name, Reply, To]);
print_event(Device, {Tag, Event, State, State}, Name) ->
    io:format(Device, "*DBG* ~tp ~tw ~ts in state ~tp~n", [Name, Tag, event_text(Event), State]);
print_event(Device, {Tag, Event, State, Next}, Name) ->
    io:format(Device, "*DBG* ~tp ~tw ~ts in state ~tp => ~tp~n",
              [Name, Tag, event_text(Event), State, Next]);
print_event(Device, {Tag, What, State}, Name) ->
    io:format(Device, "*DBG* ~tp ~tw ~tp in state ~tp~n", [Name, Tag, What, State]).

event_text({{call, {Pid, _}}, Content}) -> io_lib:format("call ~tp from ~tw", [Content, Pid]);
event_text({Type, Content}) -> io_lib:format("~tw ~tp", [Type, Content]).

%% What a state callback answered.
result({next_state, Next, Data}, Event, S) -> result({next_state, Next, Data, []}, Event, S);
result({next_state, Next, Data, Actions}, Event, #s{state = State} = S) ->
    transition(Next, Data, Actions, Next =/= State, Event, S);
result({keep_state, Data}, Event, #s{state = State} = S) ->
    transition(State, Data, [], false, Event, S);
result({keep_state, Data, Actions}, Event, #s{state = State} = S) ->
    transition(State, Data, Actions, false, Event, S);
result(keep_state_and_data, Event, #s{state = State, data = Data} = S) ->
    transition(State, Data, [], false, Event, S);
result({keep_state_and_data, Actions}, Event, #s{state = State, data = Data} = S) ->
    transition(State, Data, Actions, false, Event, S);
result({repeat_state, Data}, Event, #s{state = State} = S) ->
    transition(State, Data, [], true, Event, S);
result({repeat_state, Data, Actions}, Event, #s{state = State} = S) ->
    transition(State, Data, Actions, true, Event, S);
result(repeat_state_and_data, Event, #s{state = State, data = Data} = S) ->
    transition(State, Data, [], true, Event, S);
result({repeat_state_and_data, Actions}, Event, #s{state = State, data = Data} = S) ->
    transition(State, Data, Actions, true, Event, S);
result(Other, Event, S) -> stopped(Other, Event, S).

stopped(stop, Event, S) -> terminate(exit, normal, here(), Event, S);
stopped({stop, Reason}, Event, S) -> terminate(exit, Reason, here(), Event, S);
stopped({stop, Reason, Data}, Event, S) ->
    terminate(exit, Reason, here(), Event, S#s{data = Data});
stopped({stop_and_reply, Reason, Replies}, Event, S) ->
    terminate(exit, Reason, here(), Event, send_replies(Replies, Event, S));
stopped({stop_and_reply, Reason, Replies, Data}, Event, S) ->
    terminate(exit, Reason, here(), Event, send_replies(Replies, Event, S#s{data = Data}));
stopped(Other, Event, S) ->
    terminate(error, {bad_return_from_state_function, Other}, here(), Event, S).

send_replies({reply, From, Reply}, _, S) -> answer(From, Reply, S);
send_replies([Action | Actions], Event, S) ->
    send_replies(Actions, Event, send_replies(Action, Event, S));
send_replies([], _, S) -> S;
send_replies(Bad, Event, S) ->
    terminate(error, {bad_reply_action_from_state_function, Bad}, here(), Event, S).

answer(From, Reply, S) ->
    gen:reply(From, Reply),
    debug({out, Reply, From}, S).

%% ---- a transition ----

%% Enters: the state's enter call is to be made, if the machine has them.
transition(Next, Data, Actions, Enters, Event, S) ->
    transition(Next, Data, Actions, Enters, #a{}, Event, S).

transition(Next, Data, Actions, Enters, A0, Event, #s{state = From, data = Before} = S0) ->
    Old = {From, Before},
    {A, S} = act(Actions, event, A0, Event, S0#s{state = Next, data = Data}),
    case Enters andalso S#s.enters of
        true -> enter_call(From, A, Event, Old, S);
        false -> finish(A, Event, Old, S)
    end.

%% From: what the enter call is told; Old: state and data before the transition.
enter_call(From, A, Event, Old, #s{state = State} = S) ->
    case callback(enter, From, S) of
        {ok, Result} ->
            case Result of
                {next_state, State, Data} -> entered([], false, Data, A, Event, From, Old, S);
                {next_state, State, Data, Actions} ->
                    entered(Actions, false, Data, A, Event, From, Old, S);
                {keep_state, Data} -> entered([], false, Data, A, Event, From, Old, S);
                {keep_state, Data, Actions} -> entered(Actions, false, Data, A, Event, From, Old, S);
                keep_state_and_data -> entered([], false, S#s.data, A, Event, From, Old, S);
                {keep_state_and_data, Actions} ->
                    entered(Actions, false, S#s.data, A, Event, From, Old, S);
                {repeat_state, Data} -> entered([], true, Data, A, Event, From, Old, S);
                {repeat_state, Data, Actions} -> entered(Actions, true, Data, A, Event, From, Old, S);
                repeat_state_and_data -> entered([], true, S#s.data, A, Event, From, Old, S);
                {repeat_state_and_data, Actions} ->
                    entered(Actions, true, S#s.data, A, Event, From, Old, S);
                {next_state, _, _} -> bad_enter(Result, Event, S);
                {next_state, _, _, _} -> bad_enter(Result, Event, S);
                _ -> stopped(Result, Event, S)
            end;
        %% The state was not entered.
        {'EXIT', Class, Reason, Stack} ->
            {OldState, OldData} = Old,
            terminate(Class, Reason, Stack, Event, S#s{state = OldState, data = OldData})
    end.

bad_enter(Result, Event, S) ->
    terminate(error, {bad_state_enter_return_from_state_function, Result}, here(), Event, S).

entered(Actions, Repeats, Data, A, Event, From, Old, S0) ->
    {A1, S} = act(Actions, enter, A, Event, S0#s{data = Data}),
    case Repeats of
        true -> enter_call(From, A1, Event, Old, S);
        false -> finish(A1, Event, Old, S)
    end.

finish(#a{postpone = Postpones, hibernate = Hibernates, next = Next, timeouts = Timeouts},
       Event, {Old, _}, #s{state = State, queue = Queue, postponed = Postponed} = S0) ->
    {Fate, Kept} = case Postpones of
                       true -> {postpone, [Event | Postponed]};
                       _ -> {consume, Postponed}
                   end,
    S1 = debug({Fate, Event, Old, State}, S0),
    S2 = cancel(timeout, S1), %% any event ends it
    S3 = case State =:= Old of
             true -> S2#s{queue = lists:reverse(Next, Queue), postponed = Kept};
             false ->
                 Back = lists:reverse(Kept, Queue),
                 cancel(state_timeout, S2#s{queue = lists:reverse(Next, Back), postponed = []})
         end,
    S = start_timeouts(Timeouts, S3),
    case S of
        #s{queue = [], zero = []} when Hibernates -> hibernate(S);
        _ -> loop(S)
    end.

%% Given last first: of several of one kind the last counts. So they are started, but zero ones come in order,
%% behind those that are there: hence these are told of first, and entered by who unwinds.
start_timeouts([], S) -> S;
start_timeouts([Timeout | Timeouts], S0) ->
    Kind = element(1, Timeout),
    Others = [Other || Other <- Timeouts, element(1, Other) =/= Kind],
    S1 = debug_timeout(Timeout, S0),
    start_timeout(Timeout, start_timeouts(Others, S1)).

debug_timeout({_, Time, _, _} = Timeout, S) when is_integer(Time) ->
    debug({start_timer, Timeout, S#s.state}, S);
debug_timeout(_, S) -> S.

%% ---- actions ----

act([], _, A, _, S) -> {A, S};
act([Action | Actions], Where, A, Event, S) ->
    {A1, S1} = one(Action, Where, A, Event, S),
    act(Actions, Where, A1, Event, S1);
act(Action, Where, A, Event, S) -> one(Action, Where, A, Event, S).

one({reply, {Pid, _} = From, Reply}, _, A, _, S) when is_pid(Pid) ->
    {A, answer(From, Reply, S)};
one(hibernate, _, A, _, S) -> {A#a{hibernate = true}, S};
one({hibernate, Flag}, _, A, _, S) when is_boolean(Flag) -> {A#a{hibernate = Flag}, S};
one(postpone, event, #a{postpone = never} = A, _, S) -> {A, S};
one({postpone, Flag}, event, #a{postpone = never} = A, _, S) when is_boolean(Flag) -> {A, S};
one(postpone, event, A, _, S) -> {A#a{postpone = true}, S};
one({postpone, Flag}, event, A, _, S) when is_boolean(Flag) -> {A#a{postpone = Flag}, S};
one({next_event, Type, Content} = Action, event, #a{next = Next} = A, Event, S) ->
    case is_event_type(Type) of
        true ->
            {A#a{next = [{Type, Content} | Next]}, debug({in, {Type, Content}, S#s.state}, S)};
        false -> bad_action(Action, event, Event, S)
    end;
one({change_callback_module, Module}, event, A, Event, #s{modules = [_ | Modules]} = S)
  when is_atom(Module) ->
    {A, new_module([Module | Modules], Event, S)};
one({push_callback_module, Module}, event, A, Event, #s{modules = Modules} = S)
  when is_atom(Module) ->
    {A, new_module([Module | Modules], Event, S)};
one(pop_callback_module, event, A, Event, #s{modules = [_ | [_ | _] = Modules]} = S) ->
    {A, new_module(Modules, Event, S)};
one({Kind, What} = Action, Where, A, Event, S) ->
    case is_timeout_kind(Kind) of
        true when What =:= cancel -> {add({Kind, cancel}, A), S};
        _ -> bad_action(Action, Where, Event, S)
    end;
one({Kind, update, Content} = Action, Where, A, Event, S) ->
    case is_timeout_kind(Kind) of
        true -> {add({Kind, update, Content}, A), S};
        false -> bad_action(Action, Where, Event, S)
    end;
one({reply, _, _} = Action, Where, _, Event, S) -> bad_action(Action, Where, Event, S);
one({Kind, Time, Content} = Action, Where, A, Event, S) ->
    timed(Action, Kind, Time, Content, [], Where, A, Event, S);
one({Kind, Time, Content, Options} = Action, Where, A, Event, S) ->
    timed(Action, Kind, Time, Content, Options, Where, A, Event, S);
one(infinity, _, A, _, S) -> {add({timeout, cancel}, A), S};
one(Time, _, A, _, S) when is_integer(Time), Time >= 0 ->
    {add({timeout, Time, Time, []}, A), S};
one(Action, Where, _, Event, S) -> bad_action(Action, Where, Event, S).

timed(Action, Kind, Time, Content, Options, Where, A, Event, S) ->
    Absolute = case Options of
                   {abs, Flag} -> Flag;
                   [{abs, Flag}] -> Flag;
                   [] -> false;
                   _ -> bad
               end,
    case is_timeout_kind(Kind) andalso is_boolean(Absolute) of
        true when Time =:= infinity -> {add({Kind, cancel}, A), S};
        true when is_integer(Time), Absolute ->
            {add({Kind, Time, Content, [{abs, true}]}, A), S};
        true when is_integer(Time), Time >= 0 -> {add({Kind, Time, Content, []}, A), S};
        _ -> bad_action(Action, Where, Event, S)
    end.

add(Timeout, #a{timeouts = Timeouts} = A) -> A#a{timeouts = [Timeout | Timeouts]}.

-spec bad_action(term(), event | enter, term(), #s{}) -> no_return().
bad_action(Action, Where, Event, S) ->
    Reason = case Where =:= enter andalso is_of_events(Action) of
                 true -> bad_state_enter_action_from_state_function;
                 false -> bad_action_from_state_function
             end,
    terminate(error, {Reason, Action}, here(), Event, S).

%% Actions that are none of a state enter call's.
is_of_events(postpone) -> true;
is_of_events({next_event, _, _}) -> true;
is_of_events({change_callback_module, _}) -> true;
is_of_events({push_callback_module, _}) -> true;
is_of_events(_) -> false.

new_module([Module | _] = Modules, Event, S) ->
    try with_mode(debug({module, Module, S#s.state}, S#s{modules = Modules}))
    catch
        throw:{bad_mode, Reason} -> terminate(error, Reason, here(), Event, S)
    end.

is_event_type({call, {Pid, _}}) -> is_pid(Pid);
is_event_type(cast) -> true;
is_event_type(info) -> true;
is_event_type(internal) -> true;
is_event_type(Kind) -> is_timeout_kind(Kind).

is_timeout_kind(timeout) -> true;
is_timeout_kind(state_timeout) -> true;
is_timeout_kind({timeout, _}) -> true;
is_timeout_kind(_) -> false.

%% ---- time-outs ----

start_timeout({Kind, cancel}, S) -> cancel(Kind, S);
start_timeout({Kind, update, Content}, #s{timers = Timers} = S) ->
    case Timers of
        #{Kind := {Ref, _}} -> S#s{timers = Timers#{Kind := {Ref, Content}}};
        _ -> start_timeout({Kind, 0, Content, []}, S)
    end;
start_timeout({Kind, Time, Content, Options}, S0) ->
    #s{timers = Timers, zero = Zero} = S = cancel(Kind, S0),
    case Time =:= 0 andalso Options =:= [] of
        true -> S#s{zero = Zero ++ [Kind], timers = Timers#{Kind => {zero, Content}}};
        false ->
            Ref = erlang:start_timer(Time, self(), Kind, Options),
            S#s{timers = Timers#{Kind => {Ref, Content}}}
    end.

cancel(Kind, #s{timers = Timers, zero = Zero} = S) ->
    case Timers of
        #{Kind := {zero, _}} ->
            S#s{zero = lists:delete(Kind, Zero), timers = maps:remove(Kind, Timers)};
        #{Kind := {Ref, _}} ->
            case erlang:cancel_timer(Ref) of
                false -> receive {timeout, Ref, _} -> ok after 0 -> ok end;
                _ -> ok
            end,
            S#s{timers = maps:remove(Kind, Timers)};
        _ -> S
    end.

%% ---- the end ----

here() ->
    {current_stacktrace, [_ | Stack]} = process_info(self(), current_stacktrace),
    Stack.

-spec terminate(error | exit, term(), list(), {event_type(), term()} | none, #s{}) -> no_return().
terminate(Class, Reason, Stack, Event, #s{modules = [Module | _]} = S) ->
    case erlang:function_exported(Module, terminate, 3) of
        true ->
            try Module:terminate(Reason, S#s.state, S#s.data) of
                _ -> ok
            catch
                throw:_ -> ok;
                C:R:St ->
                    report(C, R, St, Event, S),
                    erlang:raise(C, R, St)
            end;
        false -> ok
    end,
    case Class =:= exit andalso is_quiet(Reason) of
        true -> debug({terminate, Reason, S#s.state}, S);
        false -> report(Class, Reason, Stack, Event, S)
    end,
    case Stack of
        [] -> exit(Reason);
        _ -> erlang:raise(Class, Reason, Stack)
    end.

is_quiet(normal) -> true;
is_quiet(shutdown) -> true;
is_quiet({shutdown, _}) -> true;
is_quiet(_) -> false.

report(Class, Reason, Stack, Event, #s{modules = [Module | _] = Modules} = S) ->
    #s{name = Name, state = State, data = Data, queue = Queue, postponed = Postponed,
       mode = Mode, enters = Enters, timers = Timers, debug = Debug} = S,
    Status = gen:format_status(Module, terminate,
                               #{state => State, data => Data, reason => Reason,
                                 queue => [Event || Event =/= none] ++ Queue, postponed => Postponed,
                                 timeouts => running(Timers), log => sys:get_log(Debug)},
                               [get(), State, Data]),
    #{state := State1, data := Data1, reason := Reason1, queue := Queue1,
      postponed := Postponed1, timeouts := Timeouts1, log := Log1} = Status,
    Shown = maps:get('$status', Status, {State1, Data1}),
    muster_log_text:log(error, error, ?MODULE,
                        #{label => {?MODULE, terminate}, name => Name, queue => Queue1,
                          postponed => Postponed1, modules => Modules,
                          callback_mode => Mode, state_enter => Enters, state => Shown,
                          timeouts => {length(Timeouts1), Timeouts1}, log => Log1,
                          reason => {Class, Reason1, Stack}, client_info => muster_log_text:client(caller(Event))}).

running(Timers) ->
    [{Kind, Content} || {Kind, {_, Content}} <- lists:reverse(lists:sort(maps:to_list(Timers)))].

caller({{call, From}, _}) -> From;
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

whole(Report) -> maps:merge(#{log => [], client_info => undefined, timeouts => {0, []}}, Report).

on_line(#{label := {?MODULE, terminate}, name := Name, queue := Events, state := State, log := Log,
          reason := {Class, Reason, Stack}, client_info := Client}, P) ->
    {Reason1, Stack1} = explain(Class, Reason, Stack),
    ["State machine ", P(Name), " terminating. Reason: ", P(Reason1), $.,
     [[" Stack: ", P(Stack1), $.] || Stack1 =/= []],
     [[" Last event: ", P(Event), $.] || Event <- lists:sublist(Events, 1)],
     " State: ", P(State), $.,
     [[" Log: ", P(Log), $.] || Log =/= []],
     muster_log_text:client_parts(Client, true)].

on_lines(#{label := {?MODULE, terminate}, name := Name, queue := Events,
           postponed := Postponed, modules := Modules, callback_mode := Mode,
           state_enter := Enters, state := State, timeouts := {Count, Timeouts}, log := Log,
           reason := {Class, Reason, Stack}, client_info := Client}, P) ->
    ShownMode = case Enters of true -> [Mode, state_enter]; false -> Mode end,
    {Reason1, Stack1} = explain(Class, Reason, Stack),
    ["** State machine ", P(Name), " terminating", newline,
     [["** Last event = ", P(Event), newline] || Event <- lists:sublist(Events, 1)],
     "** When server state  = ", P(State), newline,
     "** Reason for termination = ", P(Class), $:, P(Reason1), newline,
     "** Callback modules = ", P(Modules), newline,
     "** Callback mode = ", P(ShownMode), newline,
     [["** Queued = ", P(Queue), newline] || [_ | Queue] <- [Events], Queue =/= []],
     [["** Postponed = ", P(Postponed), newline] || Postponed =/= []],
     [["** Stacktrace =", newline, "**  ", P(Stack1), newline] || Stack1 =/= []],
     [["** Time-outs: ", P({Count, Timeouts}), newline] || Count > 0],
     [["** Log =", newline, "**  ", P(Log), newline] || Log =/= []],
     muster_log_text:client_parts(Client, false)].

%% A function that is not there: which part of it.
explain(error, undef, [{M, F, A, _} | Rest] = Stack) ->
    Arity = case A of _ when is_list(A) -> length(A); _ -> A end,
    case code:is_loaded(M) of
        false -> {{'module could not be loaded', M}, Rest};
        _ ->
            case erlang:function_exported(M, F, Arity) of
                true -> {undef, Stack};
                false -> {{'function not exported', {M, F, Arity}}, Rest}
            end
    end;
explain(_, Reason, Stack) -> {Reason, Stack}.

%% ---- system messages ----

-spec system_continue(pid(), list(), #s{}) -> no_return().
system_continue(Parent, Debug, #s{hibernates = true} = S) ->
    hibernate(S#s{parent = Parent, debug = Debug, hibernates = false});
system_continue(Parent, Debug, S) -> loop(S#s{parent = Parent, debug = Debug}).

-spec system_terminate(term(), pid(), list(), #s{}) -> no_return().
system_terminate(Reason, Parent, Debug, S) ->
    terminate(exit, Reason, here(), none, S#s{parent = Parent, debug = Debug}).

-spec system_code_change(#s{}, module(), term(), term()) -> {ok, #s{}} | term().
system_code_change(#s{modules = [Module | _], state = State, data = Data} = S, _, Vsn, Extra) ->
    Result = try Module:code_change(Vsn, State, Data, Extra) catch throw:Value -> Value end,
    case Result of
        {ok, NState, NData} -> {ok, with_mode(S#s{state = NState, data = NData})};
        Error -> Error
    end.

-spec system_get_state(#s{}) -> {ok, {state(), data()}}.
system_get_state(#s{state = State, data = Data}) -> {ok, {State, Data}}.

-spec system_replace_state(fun((term()) -> term()), #s{}) -> {ok, term(), #s{}}.
system_replace_state(Fun, #s{state = State, data = Data} = S) ->
    {NState, NData} = Fun({State, Data}),
    {ok, {NState, NData}, S#s{state = NState, data = NData}}.

%% How state and messages are shown by sys and in reports.
-spec format_status(normal, list()) -> list().
format_status(normal, [PDict, SysState, Parent, Debug, S]) ->
    #s{name = Name, modules = [Module | _] = Modules, state = State, data = Data,
       postponed = Postponed, timers = Timers} = S,
    Status = gen:format_status(Module, normal,
                               #{state => State, data => Data, postponed => Postponed,
                                 timeouts => running(Timers), queue => S#s.queue,
                                 log => sys:get_log(Debug)},
                               [PDict, State, Data]),
    #{state := State1, data := Data1, postponed := Postponed1, timeouts := Timeouts1,
      log := Log1} = Status,
    Shown = case Status of
                #{'$status' := Special} when is_list(Special) -> Special;
                #{'$status' := Special} -> [Special];
                _ -> [{data, [{"State", {State1, Data1}}]}]
            end,
    [{header, gen:format_status_header("Status for state machine", Name)},
     {data, [{"Status", SysState}, {"Parent", Parent}, {"Modules", Modules},
             {"Time-outs", {length(Timeouts1), Timeouts1}}, {"Logged Events", Log1},
             {"Postponed", Postponed1}]}
     | Shown].
