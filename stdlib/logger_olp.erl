%% A process that does something for others, and protects itself and them when there is too much of it:
%% what is loaded onto it comes
%%     async   while its queue is short: the others do not wait
%%     sync    from sync_mode_qlen on: they wait until it is done
%%     drop    from drop_mode_qlen on: it does not reach the process
%% From flush_qlen on it throws away what waits. Of bursts it takes burst_limit_max_count in
%% burst_limit_window_time. With overload_kill_enable it ends when its queue or memory grows beyond
%% limits, and is started again after overload_kill_restart_after.
%%
%% The callback module has init/1, handle_load/2, handle_call/3, handle_info/2, terminate/2,
%% notify/2, and restart/1, which is called in a process of its own.
-module(logger_olp).
-behaviour(gen_server).
-export([start/4, stop/1, load/2, call/2, set_options/2, info/1, defaults/0, check/1, pid/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).
-export_type([olp/0, options/0]).

%% Its mode is in the first of the atomics.
-opaque olp() :: {pid(), atomics:atomics_ref()}.
-type options() :: #{atom() => term()}.

-callback init(term()) -> {ok, term()} | {error, term()}.
-callback handle_load(term(), State) -> State.
-callback handle_call(term(), term(), State) -> {reply, term(), State}.
-callback handle_info(term(), State) -> State.
-callback terminate(term(), term()) -> term().
-callback notify(term(), State) -> State.

-define(ASYNC, 0).
-define(SYNC, 1).
%% As many loads at most are handled together.
-define(TOGETHER, 64).
-define(DROP, 2).

-spec defaults() -> options().
defaults() ->
    #{sync_mode_qlen => 10, drop_mode_qlen => 200, flush_qlen => 1000,
      burst_limit_enable => true, burst_limit_max_count => 500, burst_limit_window_time => 1000,
      overload_kill_enable => false, overload_kill_qlen => 20000,
      overload_kill_mem_size => 3000000, overload_kill_restart_after => 5000}.

%% ok, or what is wrong.
-spec check(options()) -> ok | {error, term()}.
check(#{sync_mode_qlen := Sync, drop_mode_qlen := Drop, flush_qlen := Flush} = Options) ->
    case [{K, V} || {K, V} <- maps:to_list(Options), not is_valid(K, V)] of
        [{K, V} | _] -> {error, {invalid_olp_config, #{K => V}}};
        [] when Sync =< Drop, Drop =< Flush -> ok;
        [] -> {error, {invalid_olp_levels, maps:with([sync_mode_qlen, drop_mode_qlen, flush_qlen],
                                                     Options)}}
    end.

is_valid(Key, Value) when Key =:= burst_limit_enable; Key =:= overload_kill_enable ->
    is_boolean(Value);
is_valid(overload_kill_restart_after, infinity) -> true;
is_valid(sync_mode_qlen, Value) -> is_integer(Value) andalso Value >= 0;
is_valid(overload_kill_restart_after, Value) -> is_integer(Value) andalso Value >= 0;
is_valid(Key, Value) ->
    is_integer(Value) andalso Value > 0 andalso is_map_key(Key, defaults()).

-spec start(atom(), module(), term(), options()) -> {ok, olp()} | {error, term()}.
start(Name, Module, Args, Options) ->
    Mode = atomics:new(1, []),
    case gen_server:start({local, Name}, ?MODULE, {Module, Args, Options, Mode}, []) of
        {ok, Pid} -> {ok, {Pid, Mode}};
        {error, _} = Error -> Error
    end.

-spec stop(olp()) -> ok.
stop({Pid, _}) ->
    try gen_server:stop(Pid) catch exit:_ -> ok end.

-spec pid(olp()) -> pid().
pid({Pid, _}) -> Pid.

-spec load(olp(), term()) -> ok.
load({Pid, Mode}, Item) ->
    case atomics:get(Mode, 1) of
        ?ASYNC -> gen_server:cast(Pid, {load, Item});
        ?SYNC ->
            try gen_server:call(Pid, {load, Item}, 5000)
            catch exit:_ -> ok
            end;
        ?DROP -> ok
    end.

-spec call(olp(), term()) -> term().
call({Pid, _}, Request) ->
    try gen_server:call(Pid, {call, Request})
    catch
        exit:{timeout, _} -> {error, handler_busy};
        exit:Reason -> {error, Reason}
    end.

-spec set_options(olp(), options()) -> ok.
set_options({Pid, _}, Options) -> gen_server:call(Pid, {set_options, Options}).

-spec info(olp() | atom()) -> map().
info({Pid, _}) -> gen_server:call(Pid, info);
info(Name) when is_atom(Name) -> gen_server:call(Name, info).

%% ---- the process ----
%% mode: in which it was last. window: when the burst's began; count: of what came since.

-record(olp, {module, state, options, ref, mode = ?ASYNC, window = 0, count = 0}).

-spec init({module(), term(), map(), term()}) -> {ok, #olp{}} | {stop, term()}.
init({Module, Args, Options, Ref}) ->
    process_flag(message_queue_data, off_heap),
    case Module:init(Args) of
        {ok, State} -> {ok, #olp{module = Module, state = State, options = Options, ref = Ref}};
        {error, Reason} -> {stop, Reason}
    end.

-spec handle_call({load | call | set_options, term()} | info, gen_server:from(), #olp{}) ->
    {reply, term(), #olp{}} | {noreply, #olp{}} | {stop, term(), #olp{}}.
handle_call({load, Item}, From, Olp) ->
    gen_server:reply(From, ok),
    loaded(Item, Olp);
handle_call({call, Request}, From, #olp{module = Module, state = State} = Olp) ->
    {reply, Answer, New} = Module:handle_call(Request, From, State),
    {reply, Answer, relieved(Olp#olp{state = New})};
handle_call({set_options, Options}, _, Olp) -> {reply, ok, Olp#olp{options = Options}};
handle_call(info, _, #olp{options = Options, mode = Mode} = Olp) ->
    {reply, Options#{mode => name(Mode), module => Olp#olp.module}, Olp}.

-spec handle_cast({load, term()}, #olp{}) -> {noreply, #olp{}} | {stop, term(), #olp{}}.
handle_cast({load, Item}, Olp) -> loaded(Item, Olp).

-spec handle_info(term(), #olp{}) -> {noreply, #olp{}}.
handle_info(Message, #olp{module = Module, state = State} = Olp) ->
    {noreply, relieved(Olp#olp{state = Module:handle_info(Message, State)})}.

-spec terminate(term(), #olp{}) -> term().
terminate({shutdown, {overloaded, _, _}}, #olp{module = Module, state = State, options = Options}) ->
    Noted = Module:notify(overloaded, State),
    Module:terminate(overloaded, Noted),
    case Options of
        #{overload_kill_restart_after := infinity} -> spawn(fun() -> Module:gone(Noted) end);
        #{overload_kill_restart_after := After} ->
            spawn(fun() ->
                          timer:sleep(After),
                          Module:restart(Noted)
                  end)
    end;
terminate(Reason, #olp{module = Module, state = State}) -> Module:terminate(Reason, State).

loaded(Item, #olp{options = #{flush_qlen := FlushQlen} = Options} = Olp) ->
    Length = waiting(),
    case is_overloaded(Length, Options) of
        {true, Memory} -> {stop, {shutdown, {overloaded, Length, Memory}}, Olp};
        false when Length >= FlushQlen ->
            Flushed = flush(0),
            Switched = switch(?ASYNC, Olp),
            Done = handled(Item, Switched),
            {noreply, notify({flushed, Flushed}, Done)};
        false ->
            {noreply, relieved(handled(Item, switch(mode(Length, Options), Olp)))}
    end.

waiting() ->
    {message_queue_len, Length} = process_info(self(), message_queue_len),
    Length.

%% While events are dropped none comes that would end that: it ends when what waited is done.
relieved(#olp{mode = ?DROP, options = Options} = Olp) -> switch(mode(waiting(), Options), Olp);
relieved(Olp) -> Olp.

is_overloaded(Length, #{overload_kill_enable := true, overload_kill_qlen := MaxLength,
                        overload_kill_mem_size := MaxMemory}) ->
    {memory, Memory} = process_info(self(), memory),
    (Length > MaxLength orelse Memory > MaxMemory) andalso {true, Memory};
is_overloaded(_, _) -> false.

mode(Length, #{drop_mode_qlen := Drop}) when Length >= Drop -> ?DROP;
mode(Length, #{sync_mode_qlen := Sync}) when Length >= Sync -> ?SYNC;
mode(_, _) -> ?ASYNC.

switch(Mode, #olp{mode = Mode} = Olp) -> Olp;
switch(Mode, #olp{ref = Ref, mode = Old} = Olp) ->
    atomics:put(Ref, 1, Mode),
    New = Olp#olp{mode = Mode},
    if
        Mode =:= ?DROP; Old =:= ?DROP -> notify({mode, name(Old), name(Mode)}, New);
        true -> New
    end.

name(Mode) -> element(Mode + 1, {async, sync, drop}).

notify(What, #olp{module = Module, state = State} = Olp) ->
    Olp#olp{state = Module:notify(What, State)}.

flush(N) ->
    receive
        {'$gen_cast', {load, _}} -> flush(N + 1);
        {'$gen_call', From, {load, _}} ->
            gen_server:reply(From, ok),
            flush(N + 1)
    after 0 -> N
    end.

%% What has come meanwhile is handled along with it, so that a device is asked once.
handled(Item, Olp) ->
    {Items, Counted} = counted([Item | more(?TOGETHER)], [], Olp),
    case Items of
        [] -> Counted;
        _ ->
            #olp{module = Module, state = State} = Counted,
            Counted#olp{state = Module:handle_load(Items, State)}
    end.

%% Those who wait for an answer get it.
more(0) -> [];
more(Left) ->
    receive
        {'$gen_cast', {load, Item}} -> [Item | more(Left - 1)];
        {'$gen_call', From, {load, Item}} ->
            gen_server:reply(From, ok),
            [Item | more(Left - 1)]
    after 0 -> []
    end.

%% Those that a burst does not take away.
counted(Items, [], #olp{options = #{burst_limit_enable := false}} = Olp) -> {Items, Olp};
counted([], Kept, Olp) -> {lists:reverse(Kept), Olp};
counted([Item | Items], Kept,
        #olp{options = #{burst_limit_max_count := Most, burst_limit_window_time := Window},
             window = Begun, count = Count} = Olp) ->
    Now = erlang:monotonic_time(millisecond),
    if
        Now - Begun >= Window; Count =:= 0 ->
            counted(Items, [Item | Kept], Olp#olp{window = Now, count = 1});
        Count < Most -> counted(Items, [Item | Kept], Olp#olp{count = Count + 1});
        true -> counted(Items, Kept, Olp)
    end.
