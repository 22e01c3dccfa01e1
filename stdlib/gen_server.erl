%% A server: a process that keeps a state and answers requests, as its callback module says.
-module(gen_server).
-export([start/3, start/4, start_link/3, start_link/4, start_monitor/3, start_monitor/4,
         stop/1, stop/3, call/2, call/3, cast/2, reply/2, abcast/2, abcast/3,
         multi_call/2, multi_call/3, multi_call/4,
         send_request/2, send_request/4, wait_response/2, receive_response/2, check_response/2,
         wait_response/3, receive_response/3, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1,
         enter_loop/3, enter_loop/4, enter_loop/5]).
-export([init_it/6, woken/4, system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2, format_status/2, format_log/1, format_log/2,
         print_event/3]).
-export_type([from/0, reply_tag/0, request_id/0, request_id_collection/0, server_name/0,
              server_ref/0, start_opt/0, start_ret/0, format_status/0]).

-type reply_tag() :: gen:reply_tag().
-type from() :: {pid(), reply_tag()}.
-type request_id() :: gen:request_id().
-type request_id_collection() :: gen:request_id_collection().
-type server_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type server_ref() :: pid() | atom() | {atom(), node()} | {global, term()}
                    | {via, module(), term()}.
-type start_opt() :: {timeout, timeout()} | {spawn_opt, [proc_lib:spawn_option()]}
                   | {debug, sys:debug_options()} | {hibernate_after, timeout()}.
-type start_ret() :: {ok, pid()} | ignore | {error, term()}.
-type format_status() :: #{state => term(), message => term(), reason => term(),
                           log => [sys:system_event()]}.
-type action() :: timeout() | hibernate | {continue, term()}.

-callback init(term()) ->
    {ok, term()} | {ok, term(), action()} | {stop, term()} | {error, term()} | ignore.
-callback handle_call(term(), from(), term()) ->
    {reply, term(), term()} | {reply, term(), term(), action()} | {noreply, term()}
    | {noreply, term(), action()} | {stop, term(), term(), term()} | {stop, term(), term()}.
-callback handle_cast(term(), term()) ->
    {noreply, term()} | {noreply, term(), action()} | {stop, term(), term()}.
-callback handle_info(timeout | term(), term()) ->
    {noreply, term()} | {noreply, term(), action()} | {stop, term(), term()}.
-callback handle_continue(term(), term()) ->
    {noreply, term()} | {noreply, term(), action()} | {stop, term(), term()}.
-callback terminate(term(), term()) -> term().
-callback code_change(term(), term(), term()) -> {ok, term()} | {error, term()}.
-callback format_status(normal | terminate, list()) -> term().
-callback format_status(format_status()) -> format_status().
-optional_callbacks([handle_info/2, handle_continue/2, terminate/2, code_change/3,
                     format_status/1, format_status/2]).

%% What stands behind a state: what follows is waited for so long, or done. Others are bad returns.
-define(IS_ACTION(A),
        A =:= infinity orelse A =:= hibernate orelse is_integer(A) andalso A >= 0
        orelse tuple_size(A) =:= 2 andalso element(1, A) =:= continue).

%% What stays the same from one message to the next.
-record(s, {parent :: pid(), name :: term(), mod :: module(), hibernate_after :: timeout()}).

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
-spec start_monitor(module(), term(), [start_opt()]) ->
          {ok, {pid(), reference()}} | ignore | {error, term()}.
start_monitor(Mod, Args, Options) -> gen:start(?MODULE, monitor, Mod, Args, Options).

-spec start_monitor(server_name(), module(), term(), [start_opt()]) ->
          {ok, {pid(), reference()}} | ignore | {error, term()}.
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

%% ---- requests ----

%% Sends a request and waits for the reply: five seconds, unless said otherwise.
-spec call(server_ref(), term()) -> term().
call(Server, Request) ->
    try gen:call(Server, '$gen_call', Request) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Server, Request]}});
        error:Reason:Stack -> exit({{Reason, Stack}, {?MODULE, call, [Server, Request]}}) % of a module in {via, …}
    end.

-spec call(server_ref(), term(), timeout()) -> term().
call(Server, Request, Timeout) ->
    try gen:call(Server, '$gen_call', Request, Timeout) of
        {ok, Reply} -> Reply
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Server, Request, Timeout]}});
        error:Reason:Stack -> exit({{Reason, Stack}, {?MODULE, call, [Server, Request, Timeout]}})
    end.

%% Sends a request whose reply is asked for later.
-spec send_request(server_ref(), term()) -> request_id().
send_request(Server, Request) -> gen:send_request(Server, '$gen_call', Request).

-spec send_request(server_ref(), term(), term(), request_id_collection()) ->
          request_id_collection().
send_request(Server, Request, Label, Collection) ->
    gen:send_request(Server, '$gen_call', Request, Label, Collection).

%% Waits for the reply to a request, which may still come after a timeout.
-spec wait_response(request_id(), timeout()) -> term().
wait_response(Id, Timeout) -> gen:wait_response(Id, Timeout).
-spec wait_response(request_id_collection(), timeout(), boolean()) -> term().
wait_response(Collection, Timeout, Delete) -> gen:wait_response(Collection, Timeout, Delete).
%% Waits for the reply to a request; a late one is dropped.
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

%% Sends a request that is not answered.
-spec cast(server_ref(), term()) -> ok.
cast(Server, Request) when is_pid(Server); is_atom(Server); is_tuple(Server) ->
    gen:cast(Server, {'$gen_cast', Request}).

%% Answers a request from anywhere.
-spec reply(from(), term()) -> ok.
reply(From, Reply) -> gen:reply(From, Reply).

%% Casts to the servers of this name at nodes.
-spec abcast(atom(), term()) -> abcast.
abcast(Name, Request) when is_atom(Name) -> abcast([node() | nodes()], Name, Request).

-spec abcast([node()], atom(), term()) -> abcast.
abcast(Nodes, Name, Request) when is_list(Nodes), is_atom(Name) ->
    lists:foreach(fun(Node) -> gen:cast({Name, Node}, {'$gen_cast', Request}) end, Nodes),
    abcast.

%% Calls the servers of this name at nodes.
-spec multi_call(atom(), term()) -> {[{node(), term()}], [node()]}.
multi_call(Name, Request) when is_atom(Name) -> multi_call([node() | nodes()], Name, Request).

-spec multi_call([node()], atom(), term()) -> {[{node(), term()}], [node()]}.
multi_call(Nodes, Name, Request) when is_list(Nodes), is_atom(Name) ->
    multi_call(Nodes, Name, Request, infinity).

-spec multi_call([node()], atom(), term(), timeout()) -> {[{node(), term()}], [node()]}.
multi_call(Nodes, Name, Request, Timeout) when is_list(Nodes), is_atom(Name) ->
    Deadline = case Timeout of
                   infinity -> infinity;
                   _ -> {abs, erlang:monotonic_time(millisecond) + Timeout}
               end,
    Ids = [{Node, try_request({Name, Node}, Request)} || Node <- Nodes],
    Answers = [{Node, answer(Id, Deadline)} || {Node, Id} <- Ids],
    {[{Node, Reply} || {Node, {reply, Reply}} <- Answers],
     [Node || {Node, Answer} <- Answers, not is_reply(Answer)]}.

try_request(Server, Request) ->
    try gen:send_request(Server, '$gen_call', Request) catch _:_ -> none end.

answer(none, _) -> none;
answer(Id, Deadline) -> gen:receive_response(Id, Deadline).

is_reply({reply, _}) -> true;
is_reply(_) -> false.

%% ---- the beginning ----

%% Makes a process that runs already a server.
-spec enter_loop(module(), [start_opt()], term()) -> no_return().
enter_loop(Mod, Options, State) -> enter_loop(Mod, Options, State, self(), infinity).

-spec enter_loop(module(), [start_opt()], term(), server_name() | pid() | action()) ->
          no_return().
enter_loop(Mod, Options, State, {Kind, _} = Name) when Kind =:= local; Kind =:= global ->
    enter_loop(Mod, Options, State, Name, infinity);
enter_loop(Mod, Options, State, {via, _, _} = Name) ->
    enter_loop(Mod, Options, State, Name, infinity);
enter_loop(Mod, Options, State, Action) ->
    enter_loop(Mod, Options, State, self(), Action).

-spec enter_loop(module(), [start_opt()], term(), server_name() | pid(), action()) ->
          no_return().
enter_loop(Mod, Options, State, ServerName, Action) when is_atom(Mod), is_list(Options) ->
    Name = gen:get_proc_name(ServerName),
    S = #s{parent = gen:get_parent(), name = Name, mod = Mod,
           hibernate_after = gen:hibernate_after(Options)},
    next(Action, State, S, gen:debug_options(Name, Options)).

-spec init_it(pid(), pid() | self, term(), module(), term(), [start_opt()]) -> no_return().
init_it(Starter, self, Name, Mod, Args, Options) ->
    init_it(Starter, self(), Name, Mod, Args, Options);
init_it(Starter, Parent, FullName, Mod, Args, Options) ->
    Name = gen:name(FullName),
    S = #s{parent = Parent, name = Name, mod = Mod,
           hibernate_after = gen:hibernate_after(Options)},
    Debug = gen:debug_options(Name, Options),
    try Mod:init(Args) of
        Answer -> begun(Answer, Starter, FullName, S, Debug)
    catch
        throw:Answer -> begun(Answer, Starter, FullName, S, Debug);
        Class:Reason:Stack ->
            gen:unregister_name(FullName),
            erlang:raise(Class, Reason, Stack)
    end.

begun({ok, State}, Starter, _, S, Debug) ->
    proc_lib:init_ack(Starter, {ok, self()}),
    next(infinity, State, S, Debug);
begun({ok, State, Action}, Starter, _, S, Debug) when ?IS_ACTION(Action) ->
    proc_lib:init_ack(Starter, {ok, self()}),
    next(Action, State, S, Debug);
begun(ignore, Starter, FullName, _, _) -> gen:not_started(Starter, FullName, ignore);
begun({error, _} = Error, Starter, FullName, _, _) -> gen:not_started(Starter, FullName, Error);
begun({stop, Reason}, _, FullName, _, _) ->
    gen:unregister_name(FullName),
    exit(Reason);
begun(Answer, _, FullName, _, _) ->
    gen:unregister_name(FullName),
    exit({bad_return_value, Answer}).

exit_reason(error, Reason, Stack) -> {Reason, Stack};
exit_reason(exit, Reason, _) -> Reason.

%% ---- the loop ----

%% Goes on as the last callback said.
next(infinity, State, S, Debug) -> loop(State, S, Debug);
next(hibernate, State, S, Debug) -> asleep(hibernate, State, S, Debug);
next({continue, Continue} = Message, State, S, []) -> event(handle_continue, Continue, Message, State, S, []);
next({continue, Continue} = Message, State, #s{mod = Mod} = S, Debug) ->
    %% Told of afterwards.
    Outcome = try {ok, Mod:handle_continue(Continue, State)}
              catch
                  throw:Thrown -> {ok, Thrown};
                  C:R:St -> {C, R, St}
              end,
    NDebug = debug(Message, S, Debug),
    case Outcome of
        {ok, Answer} -> result(Answer, undefined, Message, State, S, NDebug);
        {Class, Reason, Stack} -> terminate(Class, Reason, Stack, undefined, Message, State, S, NDebug)
    end;
next(Timeout, State, S, Debug) ->
    receive
        Message -> message(Message, Timeout, State, S, Debug)
    after Timeout -> message(timeout, Timeout, State, S, Debug)
    end.

loop(State, #s{hibernate_after = infinity} = S, Debug) ->
    receive
        Message -> message(Message, infinity, State, S, Debug)
    end;
loop(State, #s{hibernate_after = After} = S, Debug) ->
    receive
        Message -> message(Message, infinity, State, S, Debug)
    after After -> asleep(infinity, State, S, Debug)
    end.

%% Action: what the server had been told to do, for a system message leaves it at that.
asleep(Action, State, S, Debug) -> proc_lib:hibernate(?MODULE, woken, [Action, State, S, Debug]).

-spec woken(hibernate | infinity, term(), #s{}, list()) -> no_return().
woken(Action, State, S, Debug) ->
    receive
        Message -> message(Message, Action, State, S, Debug)
    end.

message({'$gen_call', From, Request}, _, State, S, []) -> request(Request, From, State, S, []);
message({'$gen_cast', Request} = Message, _, State, S, []) -> event(handle_cast, Request, Message, State, S, []);
message({system, From, Request}, Action, State, #s{parent = Parent} = S, Debug) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, [S, State, Action], Action =:= hibernate);
message({'EXIT', Parent, Reason} = Message, _, State, #s{parent = Parent} = S, Debug) ->
    terminate(exit, Reason, [], undefined, Message, State, S, Debug);
message(Message, _, State, S, Debug) ->
    NDebug = debug({in, Message}, S, Debug),
    case Message of
        {'$gen_call', From, Request} -> request(Request, From, State, S, NDebug);
        {'$gen_cast', Request} -> event(handle_cast, Request, Message, State, S, NDebug);
        _ -> event(handle_info, Message, Message, State, S, NDebug)
    end.

request(Request, From, State, #s{mod = Mod} = S, Debug) ->
    try Mod:handle_call(Request, From, State) of
        Answer -> result(Answer, From, Request, State, S, Debug)
    catch
        throw:Answer -> result(Answer, From, Request, State, S, Debug);
        Class:Reason:Stack -> terminate(Class, Reason, Stack, From, Request, State, S, Debug)
    end.

event(Function, Argument, Message, State, #s{mod = Mod} = S, Debug) ->
    try Mod:Function(Argument, State) of
        Answer -> result(Answer, undefined, Message, State, S, Debug)
    catch
        throw:Answer -> result(Answer, undefined, Message, State, S, Debug);
        Class:Reason:Stack ->
            case Function =:= handle_info andalso Reason =:= undef andalso
                not erlang:function_exported(Mod, handle_info, 2) of
                true ->
                    muster_log_text:log_unhandled(?MODULE, Mod, Message),
                    loop(State, S, debug({noreply, State}, S, Debug));
                false -> terminate(Class, Reason, Stack, undefined, Message, State, S, Debug)
            end
    end.

%% What a callback answered. From: who called, or undefined.
result({noreply, NState}, _, _, _, S, Debug) ->
    loop(NState, S, debug({noreply, NState}, S, Debug));
result({noreply, NState, Action}, _, _, _, S, Debug) when ?IS_ACTION(Action) ->
    next(Action, NState, S, debug({noreply, NState}, S, Debug));
result({reply, Reply, NState}, From, _, _, S, Debug) when From =/= undefined ->
    loop(NState, S, answer(From, Reply, NState, S, Debug));
result({reply, Reply, NState, Action}, From, _, _, S, Debug) when From =/= undefined, ?IS_ACTION(Action) ->
    next(Action, NState, S, answer(From, Reply, NState, S, Debug));
result({stop, Reason, NState}, From, Message, _, S, Debug) ->
    terminate(exit, Reason, [], From, Message, NState, S, Debug);
result({stop, Reason, Reply, NState}, From, Message, _, S, Debug) when From =/= undefined ->
    try terminate(exit, Reason, [], From, Message, NState, S, Debug)
    after answer(From, Reply, NState, S, Debug)
    end;
result(Bad, From, Message, State, S, Debug) ->
    terminate(exit, {bad_return_value, Bad}, [], From, Message, State, S, Debug).

answer(From, Reply, _, _, []) ->
    gen:reply(From, Reply),
    [];
answer(From, Reply, NState, S, Debug) ->
    gen:reply(From, Reply),
    debug({out, Reply, From, NState}, S, Debug).

debug(_, _, []) -> [];
debug(Event, #s{name = Name}, Debug) ->
    sys:handle_debug(Debug, fun ?MODULE:print_event/3, Name, Event).

%% ---- system messages ----

-spec system_continue(pid(), [sys:dbg_opt()], term()) -> no_return().
system_continue(Parent, Debug, [S, State, Timeout]) ->
    next(Timeout, State, S#s{parent = Parent}, Debug).

-spec system_terminate(term(), pid(), [sys:dbg_opt()], term()) -> no_return().
system_terminate(Reason, Parent, Debug, [S, State, _]) ->
    terminate(exit, Reason, [], undefined, [], State, S#s{parent = Parent}, Debug).

-spec system_code_change(term(), module(), term(), term()) -> {ok, term()} | term().
system_code_change([#s{mod = Mod} = S, State, Timeout], _, OldVsn, Extra) ->
    case catch Mod:code_change(OldVsn, State, Extra) of
        {ok, NState} -> {ok, [S, NState, Timeout]};
        Else -> Else
    end.

-spec system_get_state(term()) -> {ok, term()}.
system_get_state([_, State, _]) -> {ok, State}.

-spec system_replace_state(fun((term()) -> term()), term()) -> {ok, term(), term()}.
system_replace_state(Fun, [S, State, Timeout]) ->
    NState = Fun(State),
    {ok, NState, [S, NState, Timeout]}.

%% How state and messages are shown by sys and in reports.
-spec format_status(normal, list()) -> list().
format_status(normal, [PDict, SysState, Parent, Debug, [S, State, _]]) ->
    #s{name = Name, mod = Mod} = S,
    Header = gen:format_status_header("Status for generic server", Name),
    Status = gen:format_status(Mod, normal, #{state => State, log => sys:get_log(Debug)},
                               [PDict, State]),
    Shown = case Status of
                #{'$status' := Special} when is_list(Special), Special =/= [] ->
                    case io_lib:printable_unicode_list(Special) of
                        true -> [{data, [{"State", Special}]}];
                        false -> Special
                    end;
                #{'$status' := Special} -> [Special];
                #{state := NState} -> [{data, [{"State", NState}]}]
            end,
    [{header, Header},
     {data, [{"Status", SysState}, {"Parent", Parent}, {"Logged events", maps:get(log, Status)}]}
     | Shown].

%% ---- the end ----

-spec terminate(exit | error, term(), list(), from() | undefined, term(), term(), #s{}, list()) ->
          no_return().
terminate(Class, Reason, Stack, From, Message, State, #s{mod = Mod} = S, Debug) ->
    %% terminate/2 has the last word: when it fails, that is why the server ends.
    try erlang:function_exported(Mod, terminate, 2) andalso Mod:terminate(exit_reason(Class, Reason, Stack), State) of
        _ -> ended(Class, Reason, Stack, From, Message, State, S, Debug)
    catch
        throw:_ -> ended(Class, Reason, Stack, From, Message, State, S, Debug);
        NClass:NReason:NStack ->
            report(NReason, NStack, From, Message, State, S, Debug),
            erlang:raise(NClass, NReason, NStack)
    end.

-spec ended(exit | error, term(), list(), from() | undefined, term(), term(), #s{}, list()) -> no_return().
ended(Class, Reason, Stack, From, Message, State, S, Debug) ->
    Class =:= exit andalso gen:is_expected(Reason) orelse report(Reason, Stack, From, Message, State, S, Debug),
    case Stack of
        [] -> exit(Reason);
        _ -> erlang:raise(Class, Reason, Stack)
    end.

report(_, _, _, _, _, #s{name = application_controller}, _) -> ok;
report(Reason, Stack, From, Message, State, #s{name = Name, mod = Mod}, Debug) ->
    Log = sys:get_log(Debug),
    Status = gen:format_status(Mod, terminate,
                               #{reason => Reason, state => State, message => Message, log => Log},
                               [get(), State]),
    #{reason := Reason1, state := State1, message := ShownMessage, log := ShownLog} = Status,
    ShownReason = case Stack of
                      [] -> Reason1;
                      _ -> {Reason1, Stack}
                  end,
    ShownState = maps:get('$status', Status, State1),
    muster_log_text:log(error, error, ?MODULE,
                        #{label => {?MODULE, terminate}, name => Name, last_message => ShownMessage,
                          state => ShownState, log => ShownLog, reason => ShownReason,
                          client_info => muster_log_text:client(From)}).

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

on_line(#{label := {?MODULE, terminate}, name := Name, last_message := Message, state := State,
          log := Log, reason := Reason, client_info := Client}, P) ->
    ["Generic server ", P(Name), " terminating. Reason: ", P(muster_log_text:explain(Reason)),
     ". Last message: ", P(Message), ". State: ", P(State), $.,
     [[" Log: ", muster_log_text:list(Log, true)] || Log =/= []],
     muster_log_text:client_parts(Client, true)];
on_line(Report, _) -> muster_log_text:unhandled(Report, true).

on_lines(#{label := {?MODULE, terminate}, name := Name, last_message := Message, state := State,
           log := Log, reason := Reason, client_info := Client}, P) ->
    ["** Generic server ", P(Name), " terminating \n",
     "** Last message in was ", P(Message), newline,
     "** When Server state == ", P(State), newline,
     "** Reason for termination ==", newline, "** ", P(muster_log_text:explain(Reason)), newline,
     [["** Log ==", newline, "** ", muster_log_text:list(Log, false), newline] || Log =/= []],
     muster_log_text:client_parts(Client, false)];
on_lines(Report, _) -> muster_log_text:unhandled(Report, false).

-spec print_event(io:device(), sys:system_event(), term()) -> ok.
print_event(Device, {in, Message}, Name) ->
    case Message of
        {'$gen_call', {From, _}, Call} ->
            io:format(Device, "*DBG* ~tp got call ~tp from ~tw~n", [Name, Call, From]);
        {'$gen_cast', Cast} -> io:format(Device, "*DBG* ~tp got cast ~tp~n", [Name, Cast]);
        _ -> io:format(Device, "*DBG* ~tp got ~tp~n", [Name, Message])
    end;
print_event(Device, {out, Message, {To, _}, State}, Name) ->
    io:format(Device, "*DBG* ~tp sent ~tp to ~tw, new state ~tp~n", [Name, Message, To, State]);
print_event(Device, {noreply, State}, Name) ->
    io:format(Device, "*DBG* ~tp new state ~tp~n", [Name, State]);
print_event(Device, Event, Name) ->
    io:format(Device, "*DBG* ~tp dbg  ~tp~n", [Name, Event]).
