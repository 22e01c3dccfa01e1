%% The group leader of an application's processes; under it one process that calls the application's
%% callbacks and is the parent of its top supervisor. When that has ended, what else the application
%% has left running ends, too: processes are known by their group leader.
-module(application_master).
-export([start_link/2, supervisor/1]).
-export([init/4, starter/4]).

-type about() :: #{name := atom(), mod := {module(), term()}, keys := [{atom(), term()}]}.

%% It waits for {start, Controller}. Leader: whose input and output the application uses.
-spec start_link(about(), pid()) -> pid().
start_link(About, Leader) ->
    proc_lib:spawn_link(?MODULE, init, [self(), Leader, About, normal]).

%% The top supervisor of an application that runs.
-spec supervisor(pid()) -> {ok, pid()} | undefined.
supervisor(Master) ->
    Ref = monitor(process, Master, [{alias, demonitor}]),
    Master ! {supervisor, Ref},
    receive
        {Ref, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, _, _} -> undefined
    end.

-record(state, {controller, leader, starter, supervisor, timer}).

-spec init(pid(), pid(), about(), normal) -> no_return().
init(Controller, Leader, #{keys := Keys} = About, Type) ->
    process_flag(trap_exit, true),
    group_leader(self(), self()),
    Start = receive {start, Controller} -> true end,
    Starter = spawn_link(?MODULE, starter, [self(), About, Type, Start]),
    Timer = case proplists:get_value(maxT, Keys) of
                Time when is_integer(Time) -> erlang:send_after(Time, self(), too_long);
                _ -> none
            end,
    Reason = %% Until the application ends: the reason.
starting(#state{controller = Controller, leader = Leader, starter = Starter,
                             timer = Timer}),
    end_rest([]),
    exit(Reason).

starting(#state{controller = Controller, leader = Leader, starter = Starter} = State) ->
    receive
        {started, Starter, Pid} ->
            Controller ! {started, self(), ok},
            loop(State#state{supervisor = Pid});
        {failed, Starter, Reason} ->
            Controller ! {started, self(), {error, Reason}},
            Reason;
        {'EXIT', Starter, Reason} ->
            Controller ! {started, self(), {error, Reason}},
            Reason;
        {'EXIT', Controller, Reason} ->
            exit(Starter, kill),
            Reason;
        {supervisor, Ref} ->
            Ref ! {Ref, undefined},
            starting(State);
        {io_request, _, _, _} = Request ->
            Leader ! Request,
            starting(State)
    end.

loop(#state{controller = Controller, leader = Leader, starter = Starter} = State) ->
    receive
        {io_request, _, _, _} = Request ->
            Leader ! Request,
            loop(State);
        {supervisor, Ref} ->
            Ref ! {Ref, {ok, State#state.supervisor}},
            loop(State);
        {stop, Controller} ->
            Starter ! stop,
            loop(State);
        too_long ->
            Starter ! stop,
            loop(State);
        {'EXIT', Starter, Reason} -> Reason;
        {'EXIT', Controller, Reason} ->
            Starter ! stop,
            receive {'EXIT', Starter, _} -> ok end,
            Reason;
        _ -> loop(State)
    end.

%% Once more when some were found: they may have started others meanwhile.
end_rest(Before) ->
    Self = self(),
    Rest = [Pid || Pid <- processes(), Pid =/= Self,
                   process_info(Pid, group_leader) =:= {group_leader, Self}],
    _ = [exit(Pid, kill) || Pid <- Rest],
    case Rest -- Before of
        [] -> ok;
        _ -> end_rest(Rest)
    end.

%% ---- the parent of the top supervisor ----

-spec starter(pid(), about(), normal, true) -> no_return().
starter(Master, #{mod := {application_starter, [Module, Args]}} = About, Type, _) ->
    starter(Master, About, Module, Args, Type);
starter(Master, #{mod := {Module, Args}} = About, Type, _) ->
    starter(Master, About, Module, Args, Type).

starter(Master, About, Module, Args, Type) ->
    process_flag(trap_exit, true),
    Result = try Module:start(Type, Args)
             catch
                 throw:Value -> Value;
                 exit:Reason -> {'EXIT', Reason};
                 error:Reason:Stack -> {'EXIT', {Reason, Stack}}
             end,
    case Result of
        {ok, Pid} when is_pid(Pid) -> phases(Master, About, Module, Pid, [], Type);
        {ok, Pid, State} when is_pid(Pid) -> phases(Master, About, Module, Pid, State, Type);
        {error, Reason1} -> failed(Master, {Reason1, {Module, start, [Type, Args]}});
        Other -> failed(Master, {bad_return, {{Module, start, [Type, Args]}, Other}})
    end.

failed(Master, Reason) ->
    Master ! {failed, self(), Reason},
    exit(normal).

phases(Master, #{keys := Keys, mod := Mod} = About, Module, Pid, State, Type) ->
    Result = case {proplists:get_value(start_phases, Keys), Mod} of
                 {undefined, _} -> ok;
                 {Phases, {application_starter, _}} -> all_phases(Phases, About, Type);
                 {Phases, _} -> own_phases(Phases, Module, Type)
             end,
    case Result of
        ok ->
            Master ! {started, self(), Pid},
            wait(Module, Pid, State);
        {error, Reason} ->
            end_supervisor(Pid),
            failed(Master, Reason)
    end.

own_phases([], _, _) -> ok;
own_phases([{Phase, Args} | Phases], Module, Type) ->
    case phase(Module, Phase, Type, Args) of
        ok -> own_phases(Phases, Module, Type);
        Error -> Error
    end.

phase(Module, Phase, Type, Args) ->
    case catch Module:start_phase(Phase, Type, Args) of
        ok -> ok;
        {error, Reason} -> {error, {Reason, {Module, start_phase, [Phase, Type, Args]}}};
        Other -> {error, {bad_return_value, {{Module, start_phase, [Phase, Type, Args]}, Other}}}
    end.

%% Each phase in the application, then in those that it includes and that have it.
all_phases([], _, _) -> ok;
all_phases([{Phase, _} | Phases], #{name := Name} = About, Type) ->
    case phase_of(Phase, Name, Type) of
        ok -> all_phases(Phases, About, Type);
        Error -> Error
    end.

phase_of(Phase, Name, Type) ->
    {ok, Keys} = application_controller:description(Name),
    case {proplists:get_value(start_phases, Keys), proplists:get_value(mod, Keys)} of
        {undefined, _} -> {error, {start_phases_undefined, Name}};
        {Phases, {Starter, Given}} ->
            Module = case {Starter, Given} of
                         {application_starter, [M, _]} -> M;
                         {M, _} -> M
                     end,
            Own = case lists:keyfind(Phase, 1, Phases) of
                      {Phase, Args} -> phase(Module, Phase, Type, Args);
                      false -> ok
                  end,
            case Own of
                ok -> phase_of_included(Phase, proplists:get_value(included_applications, Keys), Type);
                Error -> Error
            end;
        {_, _} -> ok
    end.

phase_of_included(_, [], _) -> ok;
phase_of_included(Phase, [Name | Names], Type) ->
    case phase_of(Phase, Name, Type) of
        ok -> phase_of_included(Phase, Names, Type);
        Error -> Error
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
