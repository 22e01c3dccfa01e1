%% The group leader of an application's processes; under it one process that calls the application's
%% callbacks and is the parent of its top supervisor.
-module(application_master).
-export([init/4, starter/5]).

%% Leader: whose input and output the application uses.
-spec init(pid(), pid(), {module(), term()}, [{atom(), term()}] | undefined) -> no_return().
init(Controller, Leader, Mod, Phases) ->
    process_flag(trap_exit, true),
    group_leader(self(), self()),
    Starter = spawn_link(?MODULE, starter, [self(), Controller, Mod, Phases, normal]),
    loop(Controller, Leader, Starter).

loop(Controller, Leader, Starter) ->
    receive
        {io_request, _, _, _} = Request ->
            Leader ! Request,
            loop(Controller, Leader, Starter);
        {stop, Controller} ->
            Starter ! stop,
            loop(Controller, Leader, Starter);
        {'EXIT', Starter, Reason} -> exit(Reason);
        {'EXIT', Controller, Reason} ->
            exit(Starter, Reason),
            exit(Reason);
        _ -> loop(Controller, Leader, Starter)
    end.

%% Calls the application's callbacks; the parent of its top supervisor.
-spec starter(pid(), pid(), {module(), term()}, list() | undefined, normal) -> no_return().
starter(Master, Controller, {Module, Args}, Phases, Type) ->
    process_flag(trap_exit, true),
    Result = try Module:start(Type, Args)
             catch
                 throw:Value -> Value;
                 exit:Reason -> {failed, {'EXIT', Reason}};
                 error:Reason:Stack -> {failed, {'EXIT', {Reason, Stack}}}
             end,
    case Result of
        {ok, Pid} when is_pid(Pid) ->
            phases(Master, Controller, Module, Pid, [], Phases, Type);
        {ok, Pid, State} when is_pid(Pid) ->
            phases(Master, Controller, Module, Pid, State, Phases, Type);
        {error, Reason1} ->
            start_failed(Master, Controller, {Reason1, {Module, start, [Type, Args]}});
        {failed, Why} ->
            start_failed(Master, Controller, {bad_return, {{Module, start, [Type, Args]}, Why}});
        Other ->
            start_failed(Master, Controller, {bad_return, {{Module, start, [Type, Args]}, Other}})
    end.

start_failed(Master, Controller, Reason) ->
    Controller ! {started, Master, {error, Reason}},
    exit(Reason).

phases(Master, Controller, Module, Pid, State, undefined, _) ->
    Controller ! {started, Master, {ok, Pid}},
    wait(Module, Pid, State);
phases(Master, Controller, Module, Pid, State, [], Type) ->
    phases(Master, Controller, Module, Pid, State, undefined, Type);
phases(Master, Controller, Module, Pid, State, [{Phase, Args} | Phases], Type) ->
    case catch Module:start_phase(Phase, Type, Args) of
        ok -> phases(Master, Controller, Module, Pid, State, Phases, Type);
        Other ->
            end_supervisor(Pid),
            _ = (catch Module:stop(State)),
            Why = case Other of
                      {error, Reason} -> {Reason, {Module, start_phase, [Phase, Type, Args]}};
                      _ -> {bad_return, {{Module, start_phase, [Phase, Type, Args]}, Other}}
                  end,
            start_failed(Master, Controller, Why)
    end.

wait(Module, Pid, State) ->
    receive
        {'EXIT', Pid, Reason} ->
            Prepared = prepare_stop(Module, State),
            _ = (catch Module:stop(Prepared)),
            exit(Reason);
        stop ->
            Prepared = prepare_stop(Module, State),
            end_supervisor(Pid),
            _ = (catch Module:stop(Prepared)),
            exit(normal);
        _ -> wait(Module, Pid, State)
    end.

prepare_stop(Module, State) ->
    case erlang:function_exported(Module, prep_stop, 1) of
        true -> try Module:prep_stop(State) catch _:_ -> State end;
        false -> State
    end.

end_supervisor(Pid) ->
    exit(Pid, shutdown),
    receive {'EXIT', Pid, _} -> ok end.
