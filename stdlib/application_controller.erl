%% Knows which applications are loaded and run, and their environments; starts and stops them. Each
%% that has a callback module gets a master: the group leader of all its processes, with one process
%% under it that is the parent of the application's top supervisor.
%%
%% The controller starts with the first question. When it is told to exit, it stops all
%% applications, the newest first.
-module(application_controller).
-behaviour(gen_server).
-export([load/1, unload/1, start/2, stop/1, which/0, loaded/0, of_leader/1, of_module/1,
         supervisor/1, description/1, get_env/2, all_env/1, set_env/4, unset_env/2,
         set_config/1, format_log/1]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

%% status: loaded, {starting, From}, running, {stopping, From}
-record(app, {name, keys = [], mod = none, status = loaded, type, master, supervisor}).
%% running: names, newest first. env: by {Name, Key}. config: what sys.config says, by name.
-record(state, {apps = #{}, running = [], env = #{}, persistent = #{}, config = #{}}).

%% ---- asking ----

load(Application) ->
    case read(Application) of
        {ok, Description} -> call({load, Description});
        {error, _} = Error -> Error
    end.

unload(Name) -> call({unload, Name}).
start(Name, Type) -> call({start, Name, Type}).
stop(Name) -> call({stop, Name}).
which() -> call(which).
loaded() -> call(loaded).
of_leader(Leader) -> call({of_leader, Leader}).
of_module(Module) -> call({of_module, Module}).
supervisor(Name) -> call({supervisor, Name}).
description(Name) -> call({description, Name}).
get_env(Name, Key) -> call({get_env, Name, Key}).
all_env(Name) -> call({all_env, Name}).
set_env(Name, Key, Value, Persistent) -> call({set_env, Name, Key, Value, Persistent}).
unset_env(Name, Key) -> call({unset_env, Name, Key}).
%% [{Name, [{Key, Value}]}]: comes before what .app files say.
set_config(Config) -> call({set_config, Config}).

call(Request) -> gen_server:call(controller(), Request, infinity).

controller() ->
    case whereis(?MODULE) of
        undefined ->
            case gen_server:start({local, ?MODULE}, ?MODULE, [], []) of
                {ok, Pid} -> Pid;
                {error, {already_started, Pid}} -> Pid
            end;
        Pid -> Pid
    end.

%% A description: {application, Name, Keys}, given or from NAME.app on the code path.
read({application, Name, Keys} = Description) when is_atom(Name), is_list(Keys) ->
    {ok, Description};
read(Name) when is_atom(Name) ->
    case lists:member(Name, [kernel, stdlib]) of
        true -> {ok, {application, Name, []}};
        false ->
            File = atom_to_list(Name) ++ ".app",
            case code:where_is_file(File) of
                non_existing -> {error, {"no such file or directory", File}};
                Path -> read_file(Name, Path, File)
            end
    end;
read(Bad) -> {error, {bad_application, Bad}}.

read_file(Name, Path, File) ->
    case file:consult(Path) of
        {ok, [{application, Name, Keys} = Description]} when is_list(Keys) -> {ok, Description};
        {ok, _} -> {error, {bad_application, Name}};
        {error, Reason} -> {error, {file:format_error(Reason), File}}
    end.

%% ---- the controller ----

init([]) ->
    process_flag(trap_exit, true),
    Own = [#app{name = Name, status = running, type = permanent,
                keys = keys([{description, Text}, {vsn, "1"}])}
           || {Name, Text} <- [{kernel, "ERTS  CXC 138 10"}, {stdlib, "ERTS  CXC 138 10"}]],
    {ok, #state{apps = maps:from_list([{A#app.name, A} || A <- Own]), running = [stdlib, kernel]}}.

%% All keys that get_all_key shows, with defaults.
keys(Given) ->
    [{Key, proplists:get_value(Key, Given, Default)}
     || {Key, Default} <- [{description, []}, {id, []}, {vsn, []}, {modules, []},
                           {maxP, infinity}, {maxT, infinity}, {registered, []},
                           {included_applications, []}, {optional_applications, []},
                           {applications, []}, {env, []}, {mod, []}, {start_phases, undefined}]].

handle_call({load, {application, Name, Given}}, _, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := _} -> {reply, {error, {already_loaded, Name}}, State};
        _ ->
            Keys = keys(Given),
            Mod = case lists:keyfind(mod, 1, Keys) of
                      {mod, {Module, Args}} -> {Module, Args};
                      _ -> none
                  end,
            App = #app{name = Name, keys = Keys, mod = Mod},
            {env, Env} = lists:keyfind(env, 1, Keys),
            {reply, ok, add_env(Name, Env, State#state{apps = Apps#{Name => App}})}
    end;
handle_call({unload, Name}, _, #state{apps = Apps, env = Env} = State) ->
    case Apps of
        #{Name := #app{status = loaded}} ->
            Left = maps:filter(fun({N, _}, _) -> N =/= Name end, Env),
            {reply, ok, State#state{apps = maps:remove(Name, Apps), env = Left}};
        #{Name := _} -> {reply, {error, {running, Name}}, State};
        _ -> {reply, {error, {not_loaded, Name}}, State}
    end;
handle_call({start, Name, Type}, From, #state{apps = Apps, running = Running} = State) ->
    case Apps of
        #{Name := #app{status = loaded, keys = Keys} = App} ->
            {applications, Needed} = lists:keyfind(applications, 1, Keys),
            {optional_applications, Optional} = lists:keyfind(optional_applications, 1, Keys),
            Missing = [N || N <- Needed, not lists:member(N, Running),
                            not (lists:member(N, Optional) andalso not can_load(N, Apps))],
            case Missing of
                [] -> start_app(App#app{type = Type}, From, State);
                [First | _] -> {reply, {error, {not_started, First}}, State}
            end;
        #{Name := _} -> {reply, {error, {already_started, Name}}, State};
        _ -> {reply, {error, {not_loaded, Name}}, State}
    end;
handle_call({stop, Name}, From, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := #app{status = running, mod = none} = App} ->
            report(Name, stopped, App#app.type),
            {reply, ok, stopped(App, State)};
        #{Name := #app{status = running, master = Master} = App} when is_pid(Master) ->
            Master ! {stop, self()},
            {noreply, put_app(App#app{status = {stopping, From}}, State)};
        #{Name := #app{status = running} = App} -> {reply, ok, stopped(App, State)};
        _ -> {reply, {error, {not_started, Name}}, State}
    end;
handle_call(which, _, #state{running = Running, apps = Apps} = State) ->
    {reply, [shown(maps:get(Name, Apps)) || Name <- Running], State};
handle_call(loaded, _, #state{apps = Apps} = State) ->
    {reply, [shown(App) || App <- maps:values(Apps)], State};
handle_call({of_leader, Leader}, _, #state{apps = Apps} = State) ->
    {reply, first([Name || #app{name = Name, master = M} <- maps:values(Apps), M =:= Leader]),
     State};
handle_call({of_module, Module}, _, #state{apps = Apps} = State) ->
    {reply, first([Name || #app{name = Name, keys = Keys} <- maps:values(Apps),
                           lists:member(Module, proplists:get_value(modules, Keys))]), State};
handle_call({supervisor, Name}, _, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := #app{supervisor = Pid}} when is_pid(Pid) -> {reply, {ok, Pid}, State};
        _ -> {reply, undefined, State}
    end;
handle_call({description, Name}, _, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := #app{keys = Keys}} -> {reply, {ok, Keys}, State};
        _ -> {reply, undefined, State}
    end;
handle_call({get_env, Name, Key}, _, #state{env = Env} = State) ->
    case Env of
        #{{Name, Key} := Value} -> {reply, {ok, Value}, State};
        _ -> {reply, undefined, State}
    end;
handle_call({all_env, Name}, _, #state{env = Env} = State) ->
    {reply, [{Key, Value} || {{N, Key}, Value} <- maps:to_list(Env), N =:= Name], State};
handle_call({set_env, Name, Key, Value, Persists}, _, State) ->
    #state{env = Env, persistent = Persistent} = State,
    Kept = case Persists of
               true -> Persistent#{{Name, Key} => Value};
               false -> Persistent
           end,
    {reply, ok, State#state{env = Env#{{Name, Key} => Value}, persistent = Kept}};
handle_call({unset_env, Name, Key}, _, #state{env = Env} = State) ->
    {reply, ok, State#state{env = maps:remove({Name, Key}, Env)}};
handle_call({set_config, Config}, _, #state{config = Old, env = Env} = State) ->
    New = maps:from_list([{{Name, Key}, Value} || {Name, Pairs} <- Config,
                                                  {Key, Value} <- Pairs]),
    {reply, ok, State#state{config = maps:merge(Old, New), env = maps:merge(Env, New)}}.

handle_cast(_, State) -> {noreply, State}.

%% From masters.
handle_info({started, Master, Answer}, #state{apps = Apps, running = Running} = State) ->
    case [A || #app{master = M} = A <- maps:values(Apps), M =:= Master] of
        [#app{name = Name, status = {starting, From}} = App] ->
            case Answer of
                {ok, Pid} ->
                    gen_server:reply(From, ok),
                    {noreply, put_app(App#app{status = running, supervisor = Pid},
                                      State#state{running = [Name | Running]})};
                {error, Reason} ->
                    unlink_flush(Master),
                    report(Name, Reason, App#app.type),
                    gen_server:reply(From, {error, Reason}),
                    end_machine(App, Reason),
                    {noreply, put_app(App#app{status = loaded, master = undefined}, State)}
            end;
        [] -> {noreply, State}
    end;
handle_info({'EXIT', Master, Reason}, #state{apps = Apps} = State) ->
    case [A || #app{master = M} = A <- maps:values(Apps), M =:= Master] of
        [#app{status = {stopping, From}, name = Name, type = Type} = App] ->
            report(Name, stopped, Type),
            gen_server:reply(From, ok),
            {noreply, stopped(App, State)};
        [#app{name = Name, type = Type} = App] ->
            report(Name, Reason, Type),
            end_machine(App, Reason),
            {noreply, stopped(App, State)};
        [] when Reason =:= shutdown; Reason =:= normal -> {stop, Reason, State};
        [] -> {noreply, State}
    end;
handle_info(_, State) -> {noreply, State}.

terminate(_, #state{running = Running, apps = Apps}) ->
    lists:foreach(fun(Name) ->
                          case Apps of
                              #{Name := #app{master = Master}} when is_pid(Master) ->
                                  Ref = monitor(process, Master),
                                  Master ! {stop, self()},
                                  receive {'DOWN', Ref, process, _, _} -> ok end;
                              _ -> ok
                          end
                  end, Running).

unlink_flush(Pid) ->
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, process, _, _} -> ok end,
    unlink(Pid),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

first([Name | _]) -> {ok, Name};
first([]) -> undefined.

shown(#app{name = Name, keys = Keys}) ->
    {Name, proplists:get_value(description, Keys), proplists:get_value(vsn, Keys)}.

put_app(#app{name = Name} = App, #state{apps = Apps} = State) ->
    State#state{apps = Apps#{Name := App}}.

stopped(#app{name = Name} = App, #state{running = Running} = State) ->
    put_app(App#app{status = loaded, master = undefined, supervisor = undefined},
            State#state{running = lists:delete(Name, Running)}).

%% What was set for good comes first, then the configuration, then the .app file.
add_env(Name, Pairs, #state{env = Env, config = Config, persistent = Persistent} = State) ->
    Of = fun({N, _}, _) -> N =:= Name end,
    Given = maps:from_list([{{Name, Key}, Value} || {Key, Value} <- lists:reverse(Pairs)]),
    New = maps:merge(maps:merge(Given, maps:filter(Of, Config)), maps:filter(Of, Persistent)),
    State#state{env = maps:merge(Env, New)}.

can_load(Name, Apps) ->
    is_map_key(Name, Apps) orelse element(1, read(Name)) =:= ok.

start_app(#app{name = Name, mod = none} = App, _, #state{running = Running} = State) ->
    {reply, ok, put_app(App#app{status = running}, State#state{running = [Name | Running]})};
start_app(#app{mod = Mod, keys = Keys} = App, From, State) ->
    {start_phases, Phases} = lists:keyfind(start_phases, 1, Keys),
    Master = proc_lib:spawn_link(application_master, init,
                                 [self(), group_leader(), Mod, Phases]),
    {noreply, put_app(App#app{status = {starting, From}, master = Master}, State)}.

%% A permanent application takes the machine with it, a transient one when it failed.
end_machine(#app{type = permanent, name = Name}, Reason) -> die(Name, Reason);
end_machine(#app{type = transient, name = Name}, Reason)
  when Reason =/= normal -> die(Name, Reason);
end_machine(_, _) -> ok.

die(Name, Reason) ->
    Text = io_lib:format("Kernel pid terminated (~p) (~tp)~n",
                         [?MODULE, {application_terminated, Name, Reason}]),
    muster_machine:write_error(unicode:characters_to_binary(Text)),
    halt(1).

report(_, normal, _) -> ok;
report(Name, Reason, Type) ->
    logger:log(notice, #{label => {?MODULE, exit},
                         report => [{application, Name}, {exited, Reason}, {type, Type}]},
               #{domain => [otp], report_cb => fun ?MODULE:format_log/1,
                 error_logger => #{tag => info_report, type => std_info}}).

-spec format_log(map()) -> {string(), list()}.
format_log(#{label := {?MODULE, exit}, report := Report}) ->
    {lists:append(["    ~tp: ~tp~n" || _ <- Report]),
     lists:append([[Key, Value] || {Key, Value} <- Report])}.
