%% Names that a whole network knows. This node is its own network: one process keeps the names and
%% the locks, and forgets those of processes that end.
-module(global).
-behaviour(gen_server).
-export([register_name/2, register_name/3, re_register_name/2, re_register_name/3,
         unregister_name/1, whereis_name/1, registered_names/0, send/2,
         set_lock/1, set_lock/2, set_lock/3, del_lock/1, del_lock/2,
         trans/2, trans/3, trans/4, sync/0, disconnect/0,
         random_exit_name/3, random_notify_name/3, notify_all_name/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).
-export_type([id/0, method/0]).

-type id() :: {term(), term()}.
-type method() :: fun((term(), pid(), pid()) -> pid() | none).

-record(state, {names = #{} :: #{term() => {pid(), reference()}},
                locks = #{} :: #{term() => {term(), [{pid(), reference()}]}}}).

-spec register_name(term(), pid()) -> yes | no.
register_name(Name, Pid) -> register_name(Name, Pid, fun random_exit_name/3).

-spec register_name(term(), pid(), method()) -> yes | no.
register_name(Name, Pid, _Method) when is_pid(Pid) -> call({register, Name, Pid}).

-spec re_register_name(term(), pid()) -> yes.
re_register_name(Name, Pid) -> re_register_name(Name, Pid, fun random_exit_name/3).

-spec re_register_name(term(), pid(), method()) -> yes.
re_register_name(Name, Pid, _Method) when is_pid(Pid) -> call({re_register, Name, Pid}).

-spec unregister_name(term()) -> term().
unregister_name(Name) -> call({unregister, Name}).

-spec whereis_name(term()) -> pid() | undefined.
whereis_name(Name) -> call({whereis, Name}).

-spec registered_names() -> [term()].
registered_names() -> call(names).

-spec send(term(), term()) -> pid().
send(Name, Message) ->
    case whereis_name(Name) of
        undefined -> exit({badarg, {Name, Message}});
        Pid ->
            Pid ! Message,
            Pid
    end.

%% ---- locks ----

-spec set_lock(id()) -> boolean().
set_lock(Id) -> set_lock(Id, [node()], infinity).

-spec set_lock(id(), [node()]) -> boolean().
set_lock(Id, Nodes) -> set_lock(Id, Nodes, infinity).

-spec set_lock(id(), [node()], non_neg_integer() | infinity) -> boolean().
set_lock({_, _} = Id, Nodes, Retries) -> try_lock(Id, Nodes, Retries, 1).

try_lock(Id, Nodes, Retries, Times) ->
    case call({lock, Id, self()}) of
        true -> true;
        false when Retries =:= 0 -> false;
        false ->
            timer:sleep(min(1 bsl Times, 1000)),
            Left = case Retries of infinity -> infinity; _ -> Retries - 1 end,
            try_lock(Id, Nodes, Left, Times + 1)
    end.

-spec del_lock(id()) -> true.
del_lock(Id) -> del_lock(Id, [node()]).

-spec del_lock(id(), [node()]) -> true.
del_lock({_, _} = Id, _) -> call({unlock, Id, self()}).

-spec trans(id(), fun(() -> term())) -> term() | aborted.
trans(Id, Fun) -> trans(Id, Fun, [node()], infinity).

-spec trans(id(), fun(() -> term()), [node()]) -> term() | aborted.
trans(Id, Fun, Nodes) -> trans(Id, Fun, Nodes, infinity).

-spec trans(id(), fun(() -> term()), [node()], non_neg_integer() | infinity) ->
          term() | aborted.
trans(Id, Fun, Nodes, Retries) ->
    case set_lock(Id, Nodes, Retries) of
        true -> try Fun() after del_lock(Id, Nodes) end;
        false -> aborted
    end.

-spec sync() -> ok.
sync() -> ok.

-spec disconnect() -> [node()].
disconnect() -> [].

%% ---- what becomes of two processes of one name, when networks meet ----

-spec random_exit_name(term(), pid(), pid()) -> pid().
random_exit_name(Name, Pid1, Pid2) ->
    {Keep, End} = one_of(Pid1, Pid2),
    exit(End, kill),
    _ = Name,
    Keep.

-spec random_notify_name(term(), pid(), pid()) -> pid().
random_notify_name(Name, Pid1, Pid2) ->
    {Keep, Tell} = one_of(Pid1, Pid2),
    Tell ! {global_name_conflict, Name},
    Keep.

-spec notify_all_name(term(), pid(), pid()) -> none.
notify_all_name(Name, Pid1, Pid2) ->
    Pid1 ! {global_name_conflict, Name, Pid2},
    Pid2 ! {global_name_conflict, Name, Pid1},
    none.

one_of(Pid1, Pid2) ->
    case rand:uniform(2) of
        1 -> {Pid1, Pid2};
        2 -> {Pid2, Pid1}
    end.

%% ---- the keeper ----

call(Request) -> gen_server:call(keeper(), Request, infinity).

keeper() ->
    case whereis(global_name_server) of
        undefined ->
            case gen_server:start({local, global_name_server}, ?MODULE, [], []) of
                {ok, Pid} -> Pid;
                {error, {already_started, Pid}} -> Pid
            end;
        Pid -> Pid
    end.

-spec init([]) -> {ok, #state{}}.
init([]) -> {ok, #state{}}.

-spec handle_call(term(), term(), #state{}) -> {reply, term(), #state{}}.
handle_call({whereis, Name}, _, #state{names = Names} = State) ->
    Found = case Names of
                #{Name := {Pid, _}} -> Pid;
                _ -> undefined
            end,
    {reply, Found, State};
handle_call({register, Name, Pid}, _, #state{names = Names} = State) ->
    case Names of
        #{Name := _} -> {reply, no, State};
        _ -> {reply, yes, add(Name, Pid, State)}
    end;
handle_call({re_register, Name, Pid}, _, State) ->
    {reply, yes, add(Name, Pid, remove(Name, State))};
handle_call({unregister, Name}, _, State) -> {reply, ok, remove(Name, State)};
handle_call(names, _, #state{names = Names} = State) -> {reply, maps:keys(Names), State};
handle_call({lock, {Resource, Requester}, Pid}, _, #state{locks = Locks} = State) ->
    case Locks of
        #{Resource := {Requester, Holders}} ->
            {reply, true, put_lock(Resource, Requester, [held(Pid) | Holders], State)};
        #{Resource := _} -> {reply, false, State};
        _ -> {reply, true, put_lock(Resource, Requester, [held(Pid)], State)}
    end;
handle_call({unlock, {Resource, Requester}, Pid}, _, #state{locks = Locks} = State) ->
    case Locks of
        #{Resource := {Requester, Holders}} ->
            case lists:keytake(Pid, 1, Holders) of
                {value, {_, Ref}, Left} ->
                    demonitor(Ref, [flush]),
                    {reply, true, put_lock(Resource, Requester, Left, State)};
                false -> {reply, true, State}
            end;
        _ -> {reply, true, State}
    end.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) -> {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}}.
handle_info({'DOWN', Ref, process, _, _}, #state{names = Names, locks = Locks} = State) ->
    Free = fun(Resource, {Requester, Holders}, S) ->
                   put_lock(Resource, Requester, lists:keydelete(Ref, 2, Holders), S)
           end,
    Left = maps:filter(fun(_, {_, R}) -> R =/= Ref end, Names),
    {noreply, maps:fold(Free, State#state{names = Left}, Locks)};
handle_info(_, State) -> {noreply, State}.

add(Name, Pid, #state{names = Names} = State) ->
    State#state{names = Names#{Name => {Pid, monitor(process, Pid)}}}.

remove(Name, #state{names = Names} = State) ->
    case maps:take(Name, Names) of
        {{_, Ref}, Left} ->
            demonitor(Ref, [flush]),
            State#state{names = Left};
        error -> State
    end.

held(Pid) -> {Pid, monitor(process, Pid)}.

put_lock(Resource, _, [], #state{locks = Locks} = State) ->
    State#state{locks = maps:remove(Resource, Locks)};
put_lock(Resource, Requester, Holders, #state{locks = Locks} = State) ->
    State#state{locks = Locks#{Resource => {Requester, Holders}}}.
