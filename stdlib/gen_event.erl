%% An event manager: a process that gives each event to all its handlers, each with a state of its
%% own, as their callback modules say.
-module(gen_event).
-export([start/0, start/1, start/2, start_link/0, start_link/1, start_link/2,
         start_monitor/0, start_monitor/1, start_monitor/2, stop/1, stop/3,
         notify/2, sync_notify/2, add_handler/3, add_sup_handler/3, delete_handler/3,
         swap_handler/3, swap_sup_handler/3, which_handlers/1, call/3, call/4,
         send_request/3, send_request/5, wait_response/2, receive_response/2, check_response/2,
         wait_response/3, receive_response/3, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1]).
-export([init_it/6, system_continue/3, system_terminate/4, system_code_change/4,
         system_get_state/1, system_replace_state/2, format_status/2, wake_hib/5,
         format_log/1, format_log/2]).
-export_type([handler/0, handler_args/0, add_handler_ret/0, del_handler_ret/0, emgr_name/0,
              emgr_ref/0, request_id/0, request_id_collection/0, format_status/0]).

-type handler() :: atom() | {atom(), term()}.
-type handler_args() :: term().
-type add_handler_ret() :: ok | term() | {'EXIT', term()}.
-type del_handler_ret() :: ok | term() | {'EXIT', term()}.
-type emgr_name() :: {local, atom()} | {global, term()} | {via, module(), term()}.
-type emgr_ref() :: pid() | atom() | {atom(), node()} | {global, term()}
                  | {via, module(), term()}.
-type request_id() :: gen:request_id().
-type request_id_collection() :: gen:request_id_collection().
-type format_status() :: #{state => term(), message => term(), reason => term(),
                           log => [sys:system_event()]}.

-callback init(term()) -> {ok, term()} | {ok, term(), hibernate} | {error, term()}.
-callback handle_event(term(), term()) ->
    {ok, term()} | {ok, term(), hibernate} | {swap_handler, term(), term(), handler(), term()}
    | remove_handler.
-callback handle_call(term(), term()) ->
    {ok, term(), term()} | {ok, term(), term(), hibernate}
    | {swap_handler, term(), term(), term(), handler(), term()} | {remove_handler, term()}.
-callback handle_info(term(), term()) ->
    {ok, term()} | {ok, term(), hibernate} | {swap_handler, term(), term(), handler(), term()}
    | remove_handler.
-callback terminate(term(), term()) -> term().
-callback code_change(term(), term(), term()) -> {ok, term()}.
-callback format_status(normal | terminate, list()) -> term().
-callback format_status(format_status()) -> format_status().
-optional_callbacks([handle_info/2, terminate/2, code_change/3, format_status/1,
                     format_status/2]).

%% supervised: false, or who hears when the handler goes.
-record(h, {module, id = false, state, supervised = false :: false | pid()}).
-record(s, {parent, name, hibernate_after, debug = []}).

-define(NO_CALLBACK, 'no callback module').

%% ---- starting and stopping ----

%% Starts an event manager.
-spec start() -> term().
start() -> gen:start(?MODULE, nolink, ?NO_CALLBACK, [], []).
-spec start(emgr_name() | list()) -> term().
start(Name) when is_tuple(Name) -> gen:start(?MODULE, nolink, Name, ?NO_CALLBACK, [], []);
start(Options) when is_list(Options) ->
    gen:start(?MODULE, nolink, ?NO_CALLBACK, [], Options);
start(Arg) -> error(badarg, [Arg]).
-spec start(emgr_name(), list()) -> term().
start(Name, Options) when is_tuple(Name), is_list(Options) ->
    gen:start(?MODULE, nolink, Name, ?NO_CALLBACK, [], Options);
start(Name, Options) -> error(badarg, [Name, Options]).

%% Starts an event manager that is linked to who starts it.
-spec start_link() -> term().
start_link() -> gen:start(?MODULE, link, ?NO_CALLBACK, [], []).
-spec start_link(emgr_name() | list()) -> term().
start_link(Name) when is_tuple(Name) -> gen:start(?MODULE, link, Name, ?NO_CALLBACK, [], []);
start_link(Options) when is_list(Options) ->
    gen:start(?MODULE, link, ?NO_CALLBACK, [], Options);
start_link(Arg) -> error(badarg, [Arg]).
-spec start_link(emgr_name(), list()) -> term().
start_link(Name, Options) when is_tuple(Name), is_list(Options) ->
    gen:start(?MODULE, link, Name, ?NO_CALLBACK, [], Options);
start_link(Name, Options) -> error(badarg, [Name, Options]).

%% Starts an event manager and monitors it.
-spec start_monitor() -> term().
start_monitor() -> gen:start(?MODULE, monitor, ?NO_CALLBACK, [], []).
-spec start_monitor(emgr_name() | list()) -> term().
start_monitor(Name) when is_tuple(Name) ->
    gen:start(?MODULE, monitor, Name, ?NO_CALLBACK, [], []);
start_monitor(Options) when is_list(Options) ->
    gen:start(?MODULE, monitor, ?NO_CALLBACK, [], Options);
start_monitor(Arg) -> error(badarg, [Arg]).
-spec start_monitor(emgr_name(), list()) -> term().
start_monitor(Name, Options) when is_tuple(Name), is_list(Options) ->
    gen:start(?MODULE, monitor, Name, ?NO_CALLBACK, [], Options);
start_monitor(Name, Options) -> error(badarg, [Name, Options]).

%% Ends an event manager and waits for its end.
-spec stop(emgr_ref()) -> ok.
stop(Manager) -> gen:stop(Manager).
-spec stop(emgr_ref(), term(), timeout()) -> ok.
stop(Manager, Reason, Timeout) -> gen:stop(Manager, Reason, Timeout).

-spec init_it(pid(), pid() | self, term(), term(), term(), list()) -> no_return().
init_it(Starter, self, Name, Mod, Args, Options) ->
    init_it(Starter, self(), Name, Mod, Args, Options);
init_it(Starter, Parent, FullName, _, _, Options) ->
    process_flag(trap_exit, true),
    Name = gen:name(FullName),
    proc_lib:init_ack(Starter, {ok, self()}),
    loop([], #s{parent = Parent, name = Name, hibernate_after = gen:hibernate_after(Options),
                debug = gen:debug_options(Name, Options)}).

%% ---- asking ----

%% Tells all handlers of an event.
-spec notify(emgr_ref(), term()) -> ok.
notify({global, Name}, Event) ->
    try global:send(Name, {notify, Event}) of _ -> ok
    catch _:_ -> ok
    end;
notify({via, Module, Name}, Event) ->
    try Module:send(Name, {notify, Event}) of _ -> ok
    catch _:_ -> ok
    end;
notify(Manager, Event) ->
    Manager ! {notify, Event},
    ok.

%% Tells all handlers of an event and waits until they have heard.
-spec sync_notify(emgr_ref(), term()) -> ok.
sync_notify(Manager, Event) -> ask(Manager, {sync_notify, Event}).

%% Adds a handler.
-spec add_handler(emgr_ref(), handler(), term()) -> term().
add_handler(Manager, Handler, Args) -> ask(Manager, {add_handler, Handler, Args}).

%% Adds a handler that goes with the process which adds it, and tells that of its end.
-spec add_sup_handler(emgr_ref(), handler(), term()) -> term().
add_sup_handler(Manager, Handler, Args) ->
    ask(Manager, {add_sup_handler, Handler, Args, self()}).

%% Takes a handler out: what its terminate answers.
-spec delete_handler(emgr_ref(), handler(), term()) -> term().
delete_handler(Manager, Handler, Args) -> ask(Manager, {delete_handler, Handler, Args}).

%% Replaces a handler by another, which gets what the terminate of the old one answers.
-spec swap_handler(emgr_ref(), {handler(), term()}, {handler(), term()}) ->
          ok | {error, term()}.
swap_handler(Manager, {H1, A1}, {H2, A2}) -> ask(Manager, {swap_handler, H1, A1, H2, A2}).

%% The same, and the new one goes with the process that swaps.
-spec swap_sup_handler(emgr_ref(), {handler(), term()}, {handler(), term()}) ->
          ok | {error, term()}.
swap_sup_handler(Manager, {H1, A1}, {H2, A2}) ->
    ask(Manager, {swap_sup_handler, H1, A1, H2, A2, self()}).

%% The handlers there are.
-spec which_handlers(emgr_ref()) -> [handler()].
which_handlers(Manager) -> ask(Manager, which_handlers).

ask(Manager, Request) ->
    {ok, Answer} = gen:call(Manager, self(), Request, infinity),
    Answer.

%% Sends a request to a handler and waits for the reply.
-spec call(emgr_ref(), handler(), term()) -> term() | {error, term()}.
call(Manager, Handler, Query) ->
    try gen:call(Manager, self(), {call, Handler, Query}) of
        {ok, Answer} -> Answer
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Manager, Handler, Query]}})
    end.

-spec call(emgr_ref(), handler(), term(), timeout()) -> term() | {error, term()}.
call(Manager, Handler, Query, Timeout) ->
    try gen:call(Manager, self(), {call, Handler, Query}, Timeout) of
        {ok, Answer} -> Answer
    catch
        exit:Reason -> exit({Reason, {?MODULE, call, [Manager, Handler, Query, Timeout]}})
    end.

%% Sends a request whose reply is asked for later.
-spec send_request(emgr_ref(), handler(), term()) -> request_id().
send_request(Manager, Handler, Query) ->
    gen:send_request(Manager, self(), {call, Handler, Query}).
-spec send_request(emgr_ref(), handler(), term(), term(), request_id_collection()) ->
          request_id_collection().
send_request(Manager, Handler, Query, Label, Collection) ->
    gen:send_request(Manager, self(), {call, Handler, Query}, Label, Collection).

%% Waits for the reply to a request, which may still come after a timeout.
-spec wait_response(request_id(), timeout()) -> term().
wait_response(Id, Timeout) -> answered(gen:wait_response(Id, Timeout)).
-spec wait_response(request_id_collection(), timeout(), boolean()) -> term().
wait_response(Collection, Timeout, Delete) ->
    collected(gen:wait_response(Collection, Timeout, Delete)).
%% Waits for the reply to a request; a late one is dropped.
-spec receive_response(request_id(), timeout()) -> term().
receive_response(Id, Timeout) -> answered(gen:receive_response(Id, Timeout)).
-spec receive_response(request_id_collection(), timeout(), boolean()) -> term().
receive_response(Collection, Timeout, Delete) ->
    collected(gen:receive_response(Collection, Timeout, Delete)).
%% What a message is to a request: a reply, an error or no_reply.
-spec check_response(term(), request_id()) -> term().
check_response(Message, Id) -> answered(gen:check_response(Message, Id)).
-spec check_response(term(), request_id_collection(), boolean()) -> term().
check_response(Message, Collection, Delete) ->
    collected(gen:check_response(Message, Collection, Delete)).

answered({reply, {error, _} = Error}) -> Error;
answered(Answer) -> Answer.

collected({Answer, Label, Collection}) -> {answered(Answer), Label, Collection};
collected(Other) -> Other.

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

%% ---- the loop ----

%% Handlers: the newest first.
loop(Handlers, #s{hibernate_after = infinity} = S) ->
    receive Message -> handle(Message, Handlers, S) end;
loop(Handlers, #s{hibernate_after = After} = S) ->
    receive Message -> handle(Message, Handlers, S)
    after After -> hibernate(Handlers, S)
    end.

hibernate(Handlers, S) ->
    proc_lib:hibernate(?MODULE, wake_hib, [S, Handlers, none, none, none]).

-spec wake_hib(#s{}, [#h{}], none, none, none) -> no_return().
wake_hib(S, Handlers, _, _, _) ->
    receive
        {system, From, Request} -> system(Request, From, Handlers, true, S);
        Message -> handle(Message, Handlers, S)
    end.

next({Handlers, false}, S) -> loop(Handlers, S);
next({Handlers, true}, S) -> hibernate(Handlers, S).

handle({system, From, Request}, Handlers, S) -> system(Request, From, Handlers, false, S);
handle({'EXIT', Parent, Reason}, Handlers, #s{parent = Parent} = S) ->
    terminate(Reason, Handlers, S);
handle(Message, Handlers, S0) ->
    S = debug({in, Message}, S0),
    case Message of
        {notify, Event} -> next(each(handle_event, Event, Handlers, S), S);
        {_, From, {sync_notify, Event}} ->
            Next = each(handle_event, Event, Handlers, S),
            reply(From, ok),
            next(Next, S);
        {'EXIT', From, Reason} ->
            Left = supervisor_gone(From, Reason, Handlers, S),
            next(each(handle_info, Message, Left, S), S);
        {_, From, {call, Handler, Query}} when is_tuple(From) ->
            answer(From, call_one(Handler, Query, Handlers, S), S);
        {_, From, {add_handler, Handler, Args}} when is_tuple(From) ->
            answer(From, add(Handler, Args, false, Handlers), S);
        {_, From, {add_sup_handler, Handler, Args, Pid}} when is_tuple(From) ->
            answer(From, add_supervised(Handler, Args, Pid, Handlers), S);
        {_, From, {delete_handler, Handler, Args}} when is_tuple(From) ->
            answer(From, delete(Handler, Args, Handlers, S), S);
        {_, From, {swap_handler, H1, A1, H2, A2}} when is_tuple(From) ->
            answer(From, swap(H1, A1, H2, A2, keep, Handlers, S), S);
        {_, From, {swap_sup_handler, H1, A1, H2, A2, Pid}} when is_tuple(From) ->
            answer(From, swap(H1, A1, H2, A2, Pid, Handlers, S), S);
        {_, From, which_handlers} when is_tuple(From) ->
            reply(From, [shown_key(H) || H <- Handlers]),
            loop(Handlers, S);
        {_, From, get_modules} when is_tuple(From) ->
            reply(From, lists:usort([M || #h{module = M} <- Handlers])),
            loop(Handlers, S);
        Info -> next(each(handle_info, Info, Handlers, S), S)
    end.

answer(From, {Answer, Handlers, Hibernates}, S) ->
    reply(From, Answer),
    next({Handlers, Hibernates}, S).

reply(From, Answer) -> gen:reply(From, Answer).

debug(_, #s{debug = []} = S) -> S;
debug(Event, #s{debug = Debug, name = Name} = S) ->
    S#s{debug = sys:handle_debug(Debug, fun print_event/3, Name, Event)}.

print_event(Device, {in, Message}, Name) ->
    case Message of
        {notify, Event} -> io:format(Device, "*DBG* ~tp got event ~tp~n", [Name, Event]);
        {_, _, {call, Handler, Query}} ->
            io:format(Device, "*DBG* ~tp(~tp) got call ~tp ~n", [Name, Handler, Query]);
        _ -> io:format(Device, "*DBG* ~tp got ~tp~n", [Name, Message])
    end;
print_event(Device, Event, Name) -> io:format(Device, "*DBG* ~tp dbg  ~tp~n", [Name, Event]).

shown(#h{module = Module, id = false}) -> Module;
shown(#h{module = Module, id = Id}) -> {Module, Id}.

%% {Handlers, whether one wants to hibernate}.
each(Function, Event, Handlers, S) -> each(Function, Event, Handlers, S, [], false).

each(_, _, [], _, Kept, Hibernates) -> {lists:reverse(Kept), Hibernates};
each(Function, Event, [Handler | Handlers], S, Kept, Hibernates) ->
    case update(Handler, Function, Event, S) of
        {ok, New} -> each(Function, Event, Handlers, S, [New | Kept], Hibernates);
        {hibernate, New} -> each(Function, Event, Handlers, S, [New | Kept], true);
        gone -> each(Function, Event, Handlers, S, Kept, Hibernates)
    end.

update(#h{module = Module, state = State} = Handler, Function, Event, S) ->
    case invoke(Module, Function, Event, State) of
        {ok, NState} -> {ok, Handler#h{state = NState}};
        {ok, NState, hibernate} -> {hibernate, Handler#h{state = NState}};
        {swap_handler, Args1, NState, Handler2, Args2} ->
            replace(Handler#h{state = NState}, Args1, Handler2, Args2, S);
        remove_handler ->
            _ = finish(Handler, remove_handler, remove, normal, Event, S),
            gone;
        {'EXIT', {undef, [{Module, handle_info, [_, _], _} | _]} = Reason} ->
            case erlang:function_exported(Module, handle_info, 2) of
                false ->
                    muster_log_text:log_unhandled(?MODULE, Module, Event),
                    {ok, Handler};
                true -> failed(Handler, {'EXIT', Reason}, Event, S)
            end;
        Other -> failed(Handler, Other, Event, S)
    end.

failed(Handler, What, Message, S) ->
    _ = finish(Handler, {error, What}, What, What, Message, S),
    gone.

invoke(Module, Function, Event, State) ->
    try Module:Function(Event, State)
    catch
        throw:Value -> Value;
        error:Reason:Stack -> {'EXIT', {Reason, Stack}};
        exit:Reason -> {'EXIT', Reason}
    end.

%% ---- one handler ----

call_one(Handler, Query, Handlers, S) ->
    case take(Handler, Handlers) of
        {#h{module = Module, state = State} = H, Before, After} ->
            Put = fun(New) -> Before ++ [New | After] end,
            Without = Before ++ After,
            case invoke(Module, handle_call, Query, State) of
                {ok, Answer, NState} -> {Answer, Put(H#h{state = NState}), false};
                {ok, Answer, NState, hibernate} -> {Answer, Put(H#h{state = NState}), true};
                {swap_handler, Answer, Args1, NState, Handler2, Args2} ->
                    case replace(H#h{state = NState}, Args1, Handler2, Args2, S) of
                        {ok, New} -> {Answer, Put(New), false};
                        {hibernate, New} -> {Answer, Put(New), true};
                        gone -> {Answer, Without, false}
                    end;
                {remove_handler, Answer} ->
                    _ = finish(H, remove_handler, remove, normal, Query, S),
                    {Answer, Without, false};
                Other ->
                    _ = finish(H, {error, Other}, Other, Other, Query, S),
                    {{error, Other}, Without, false}
            end;
        none -> {{error, bad_module}, Handlers, false}
    end.

take(Handler, Handlers) ->
    {Module, Id} = key(Handler),
    Is = fun(#h{module = M, id = I}) -> M =:= Module andalso I =:= Id end,
    case lists:splitwith(fun(H) -> not Is(H) end, Handlers) of
        {Before, [Found | After]} -> {Found, Before, After};
        {_, []} -> none
    end.

key({Module, Id}) -> {Module, {id, Id}};
key(Module) -> {Module, false}.

new(Handler, Supervised) ->
    case Handler of
        {Module, Id} -> #h{module = Module, id = {id, Id}, supervised = Supervised};
        Module -> #h{module = Module, supervised = Supervised}
    end.

%% The same handler may be added more than once.
add(Handler, Args, Supervised, Handlers) ->
    #h{module = Module} = New = new(Handler, Supervised),
    case initialise(Module, Args) of
        {ok, State} -> {ok, [New#h{state = State} | Handlers], false};
        {ok, State, hibernate} -> {ok, [New#h{state = State} | Handlers], true};
        Other -> {Other, Handlers, false}
    end.

initialise(Module, Args) ->
    try Module:init(Args)
    catch
        throw:Value -> Value;
        error:Reason:Stack -> {'EXIT', {Reason, Stack}};
        exit:Reason -> {'EXIT', Reason}
    end.

add_supervised(Handler, Args, Pid, Handlers) ->
    link(Pid), %% it stays where this fails: they may have been linked before
    add(Handler, Args, Pid, Handlers).

delete(Handler, Args, Handlers, S) ->
    case take(Handler, Handlers) of
        {H, Before, After} ->
            Answer = finish(H, Args, delete, normal, delete, S),
            {Answer, Before ++ After, false};
        none -> {{error, module_not_found}, Handlers, false}
    end.

%% Supervised: keep (as the old one was) or the pid of the new one's supervisor.
swap(H1, A1, H2, A2, Supervised, Handlers, S) ->
    case take(H1, Handlers) of
        {Old, Before, After} ->
            By = case Supervised of keep -> Old#h.supervised; Pid -> Pid end,
            _ = [link(By) || is_pid(By)],
            case exchange(Old, A1, H2, A2, By, S) of
                {ok, New, Hibernates} -> {ok, [New | Before ++ After], Hibernates};
                {error, _, Why} -> {{error, Why}, Before ++ After, false}
            end;
        none ->
            By = case Supervised of keep -> false; Pid -> Pid end,
            _ = [link(By) || is_pid(By)],
            case add(H2, {A2, error}, By, Handlers) of
                {ok, _, _} = Added -> Added;
                {Error, Same, Hibernates} -> {{error, Error}, Same, Hibernates}
            end
    end.

%% Ends Old and starts New with what it left: {ok, New, Hibernates} | {error, New, Why}.
exchange(Old, Args1, Handler2, Args2, Supervised, S) ->
    Left = finish(Old, Args1, swapped, {swapped, Handler2, Supervised}, swapped, S),
    #h{module = Module} = New = new(Handler2, Supervised),
    case initialise(Module, {Args2, Left}) of
        {ok, State} -> {ok, New#h{state = State}, false};
        {ok, State, hibernate} -> {ok, New#h{state = State}, true};
        Other -> {error, New, Other}
    end.

%% A handler wants to be replaced; nobody waits for what comes of it.
replace(Old, Args1, Handler2, Args2, S) ->
    case exchange(Old, Args1, Handler2, Args2, Old#h.supervised, S) of
        {error, New, Why} ->
            report(New, Why, swapped, undefined, S),
            tell_supervisor(New, Why),
            gone;
        {ok, New, false} -> {ok, New};
        {ok, New, true} -> {hibernate, New}
    end.

%% Calls terminate/2; tells the supervisor, and the log when it is a failure.
finish(#h{module = Module, state = State} = Handler, Arg, How, Told, Message, S) ->
    Result = case erlang:function_exported(Module, terminate, 2) of
                 true ->
                     try Module:terminate(Arg, State)
                     catch
                         throw:Value -> Value;
                         error:Reason:Stack -> {'EXIT', {Reason, Stack}};
                         exit:Reason -> {'EXIT', Reason}
                     end;
                 false -> ok
             end,
    _ = case How of
            delete -> ok;
            remove -> ok;
            swapped -> ok;
            stop -> ok;
            shutdown -> ok;
            {stop, _} -> ok;
            Failure -> report(Handler, Failure, Message, State, S)
        end,
    case How of
        swapped -> tell_supervisor(Handler, Told);
        _ -> tell_supervisor(Handler, case Told of {'EXIT', R} -> {'EXIT', R}; _ -> Told end)
    end,
    Result.

tell_supervisor(#h{supervised = false}, _) -> ok;
tell_supervisor(#h{supervised = Pid} = Handler, Reason) ->
    Pid ! {gen_event_EXIT, shown_key(Handler), Reason},
    ok.

shown_key(Handler) -> unwrap(shown(Handler)).

unwrap({Module, {id, Id}}) -> {Module, Id};
unwrap(Module) -> Module.

supervisor_gone(Pid, Reason, Handlers, S) ->
    Gone = fun(#h{supervised = P}) -> P =:= Pid end,
    {Ended, Left} = lists:partition(Gone, Handlers),
    lists:foreach(fun(Handler) ->
                          finish(Handler#h{supervised = false}, {stop, Reason}, {stop, Reason},
                                 normal, {'EXIT', Pid, Reason}, S)
                  end, Ended),
    Left.

%% ---- the end ----

terminate(Reason, Handlers, S) ->
    lists:foreach(fun(Handler) -> finish(Handler, stop, stop, shutdown, stop, S) end, Handlers),
    exit(Reason).

report(Handler, Failure, Message, State, #s{name = Name, debug = Debug}) ->
    Status = gen:format_status(Handler#h.module, terminate,
                               #{state => State, message => Message, reason => Failure,
                                 log => sys:get_log(Debug)},
                               [get(), State]),
    #{message := Shown, reason := Reason, state := State1, log := Log} = Status,
    muster_log_text:log(error, error, ?MODULE,
                        #{label => {?MODULE, terminate}, handler => shown_key(Handler), name => Name,
                          last_message => Shown, state => maps:get('$status', Status, State1),
                          log => Log, reason => Reason}).

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

whole(Report) -> maps:merge(#{log => []}, Report).

on_line(#{label := {?MODULE, terminate}, handler := Handler, name := Name,
          last_message := Message, state := State, log := Log, reason := Reason}, P) ->
    ["Generic event handler ", P(Handler), " crashed. Installed: ", P(Name), ". Last event: ",
     P(Message), ". State: ", P(State), ". Reason: ", P(reason(Reason)), $.,
     [[" Log: ", P(Log), $.] || Log =/= []]];
on_line(Report, _) -> muster_log_text:unhandled(Report, true).

on_lines(#{label := {?MODULE, terminate}, handler := Handler, name := Name,
           last_message := Message, state := State, log := Log, reason := Reason}, P) ->
    ["** gen_event handler ", P(Handler), " crashed.\n",
     "** Was installed in ", P(Name), $\n,
     "** Last event was: ", P(Message), $\n,
     "** When handler state == ", P(State), $\n,
     "** Reason == ", P(reason(Reason)), $\n,
     [["** Log ==\n   ", P(Log), $\n] || Log =/= []]];
on_lines(#{label := {?MODULE, no_handle_info}, module := Module, message := Message}, P) ->
    ["** Undefined handle_info in ", muster_log_text:name(Module), "\n** Unhandled message: ", P(Message), $\n].

reason({'EXIT', Reason}) -> muster_log_text:explain(Reason);
reason(Reason) -> muster_log_text:explain(Reason).

%% ---- system messages ----

system(Request, From, Handlers, Hibernates, #s{parent = Parent, debug = Debug} = S) ->
    sys:handle_system_msg(Request, From, Parent, ?MODULE, Debug, [S, Handlers, Hibernates], Hibernates).

-spec system_continue(pid(), list(), term()) -> no_return().
system_continue(Parent, Debug, [S, Handlers, Hibernates]) ->
    next({Handlers, Hibernates}, S#s{parent = Parent, debug = Debug}).

-spec system_terminate(term(), pid(), list(), term()) -> no_return().
system_terminate(Reason, Parent, Debug, [S, Handlers, _]) ->
    terminate(Reason, Handlers, S#s{parent = Parent, debug = Debug}).

-spec system_code_change(term(), module(), term(), term()) -> {ok, term()}.
system_code_change([S, Handlers, Hibernates], Module, OldVsn, Extra) ->
    Changed = [case H of
                   #h{module = Module, state = State} ->
                       {ok, NState} = Module:code_change(OldVsn, State, Extra),
                       H#h{state = NState};
                   _ -> H
               end || H <- Handlers],
    {ok, [S, Changed, Hibernates]}.

-spec system_get_state(term()) -> {ok, list()}.
system_get_state([_, Handlers, _]) -> {ok, [entry(H) || H <- Handlers]}.

entry(#h{module = Module, id = Id, state = State}) -> {Module, plain(Id), State}.

plain({id, Id}) -> Id;
plain(false) -> false.

-spec system_replace_state(fun((term()) -> term()), term()) -> {ok, list(), term()}.
system_replace_state(Fun, [S, Handlers, Hibernates]) ->
    Replaced = [try Fun(entry(H)) of
                    {_, _, NState} -> H#h{state = NState};
                    _ -> H
                catch
                    _:_ -> H
                end || H <- Handlers],
    {ok, [entry(H) || H <- Replaced], [S, Replaced, Hibernates]}.

%% How states are shown by sys and in reports.
-spec format_status(normal, list()) -> list().
format_status(normal, [PDict, SysState, Parent, Debug, [#s{name = Name}, Handlers, _]]) ->
    Header = gen:format_status_header("Status for event handler", Name),
    Shown = [begin
                 Status = gen:format_status(Module, normal,
                                            #{state => State, log => sys:get_log(Debug)},
                                            [PDict, State]),
                 {handler, Module, plain(Id),
                  maps:get('$status', Status, maps:get(state, Status)), Supervised}
             end || #h{module = Module, id = Id, state = State, supervised = Supervised} <- Handlers],
    [{header, Header},
     {data, [{"Status", SysState}, {"Logged Events", sys:get_log(Debug)}, {"Parent", Parent}]},
     {items, {"Installed handlers", Shown}}].
