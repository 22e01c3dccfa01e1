%% Which process has which log (disk_log) or table (dets) open. Each kind has a process, registered under the kind's
%% name, that starts the processes one after the other and owns a table of {Name, Pid}, which everybody reads.
-module(muster_open_files).
-behaviour(gen_server).
-export([start/1, process/3, find/2, forget/2, all/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2]).

-type kind() :: atom().

%% The kind's process, also when it is there already.
-spec start(kind()) -> pid().
start(Kind) ->
    case whereis(Kind) of
        undefined ->
            case gen_server:start({local, Kind}, ?MODULE, Kind, []) of
                {ok, Pid} -> Pid;
                {error, {already_started, Pid}} -> Pid
            end;
        Pid -> Pid
    end.

%% The process of Name; if there is none, Module:start(Name) is asked for one.
-spec process(kind(), Name :: term(), module()) -> {ok, pid()}.
process(Kind, Name, Module) -> gen_server:call(start(Kind), {process, Name, Module}, infinity).

-spec find(kind(), Name :: term()) -> {ok, pid()} | error.
find(Kind, Name) ->
    try {ok, ets:lookup_element(Kind, Name, 2)}
    catch error:badarg -> error
    end.

%% What closes says so before it answers, so that nobody finds it afterwards.
-spec forget(kind(), pid()) -> ok.
forget(Kind, Pid) -> gen_server:call(Kind, {forget, Pid}, infinity).

-spec all(kind()) -> [{Name :: term(), pid()}].
all(Kind) ->
    try ets:tab2list(Kind)
    catch error:badarg -> []
    end.

-record(state, {kind, names = #{}}).

-spec init(kind()) -> {ok, #state{}}.
init(Kind) ->
    group_leader(whereis(user), self()),
    ets:new(Kind, [named_table, {read_concurrency, true}]),
    {ok, #state{kind = Kind}}.

-spec handle_call(term(), gen_server:from(), State) -> {reply, term(), State} when State :: #state{}.
handle_call({process, Name, Module}, _, #state{kind = Kind, names = Names} = State) ->
    case ets:lookup(Kind, Name) of
        [{_, Pid}] -> {reply, {ok, Pid}, State};
        [] ->
            {ok, Pid} = Module:start(Name),
            _ = monitor(process, Pid),
            ets:insert(Kind, {Name, Pid}),
            {reply, {ok, Pid}, State#state{names = Names#{Pid => Name}}}
    end;
handle_call({forget, Pid}, _, State) -> {reply, ok, forgotten(Pid, State)}.

-spec handle_cast(term(), State) -> {noreply, State} when State :: #state{}.
handle_cast(_, State) -> {noreply, State}.

-spec handle_info(term(), State) -> {noreply, State} when State :: #state{}.
handle_info({'DOWN', _, process, Pid, _}, State) -> {noreply, forgotten(Pid, State)};
handle_info(_, State) -> {noreply, State}.

forgotten(Pid, #state{kind = Kind, names = Names} = State) ->
    case Names of
        #{Pid := Name} ->
            ets:delete(Kind, Name),
            State#state{names = maps:remove(Pid, Names)};
        _ -> State
    end.
