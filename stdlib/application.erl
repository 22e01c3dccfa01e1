%% Applications: groups of processes under one supervisor that start and stop together, with an
%% environment. What is loaded and runs is known to the application controller.
-module(application).
-export([start/1, start/2, stop/1, load/1, load/2, unload/1, ensure_started/1, ensure_started/2,
         ensure_all_started/1, ensure_all_started/2, ensure_all_started/3, start_boot/1, start_boot/2,
         which_applications/0, which_applications/1, loaded_applications/0,
         get_env/1, get_env/2, get_env/3, set_env/1, set_env/2, set_env/3, set_env/4,
         unset_env/2, unset_env/3, get_all_env/0, get_all_env/1, get_key/1, get_key/2,
         get_all_key/0, get_all_key/1, get_application/0, get_application/1, get_supervisor/1,
         start_type/0, permit/2, takeover/2, info/0]).
-export_type([start_type/0, restart_type/0]).

-type start_type() :: normal | {takeover, node()} | {failover, node()}.
-type option() :: {timeout, timeout()} | {persistent, boolean()}.
-type restart_type() :: permanent | transient | temporary.

-callback start(start_type(), term()) -> {ok, pid()} | {ok, pid(), term()} | {error, term()}.
-callback stop(term()) -> term().
-callback config_change([{term(), term()}], [{term(), term()}], [term()]) -> ok.
-callback prep_stop(term()) -> term().
-callback start_phase(atom(), start_type(), term()) -> ok | {error, term()}.
-optional_callbacks([config_change/3, prep_stop/1, start_phase/3]).

-define(CONTROLLER, application_controller).

%% ---- starting and stopping ----

%% Reads an application's description and its parameters.
-spec load(atom() | tuple()) -> ok | {error, term()}.
load(Application) -> load(Application, []).

%% Distributed: for applications that run at one of several nodes; there is one node.
-spec load(atom() | tuple(), term()) -> ok | {error, term()}.
load(Application, _Distributed) -> ?CONTROLLER:load(Application).

%% Forgets an application that does not run.
-spec unload(atom()) -> ok | {error, term()}.
unload(Name) -> ?CONTROLLER:unload(Name).

%% Starts an application; what it needs has to run.
-spec start(atom() | tuple()) -> ok | {error, term()}.
start(Application) -> start(Application, temporary).

-spec start(atom() | tuple(), restart_type()) -> ok | {error, term()}.
start(Application, Type) ->
    case load(Application) of
        ok -> start_loaded(name(Application), Type);
        {error, {already_loaded, _}} -> start_loaded(name(Application), Type);
        {error, _} = Error -> Error
    end.

start_loaded(Name, Type) when Type =:= permanent; Type =:= transient; Type =:= temporary ->
    ?CONTROLLER:start(Name, Type);
start_loaded(_, Type) -> {error, {invalid_restart_type, Type}}.

name(Name) when is_atom(Name) -> Name;
name(Description) when is_tuple(Description) -> element(2, Description).

-spec start_boot(atom()) -> ok | {error, term()}.
start_boot(Application) -> start(Application).
-spec start_boot(atom(), restart_type()) -> ok | {error, term()}.
start_boot(Application, Type) -> start(Application, Type).

%% start/1,2 that does not mind if it is running.
-spec ensure_started(atom()) -> ok | {error, term()}.
ensure_started(Application) -> ensure_started(Application, temporary).

-spec ensure_started(atom(), restart_type()) -> ok | {error, term()}.
ensure_started(Application, Type) ->
    case start(Application, Type) of
        {error, {already_started, Application}} -> ok;
        Answer -> Answer
    end.

%% Starts applications and all that they need: which were started.
-spec ensure_all_started(atom() | [atom()]) -> {ok, [atom()]} | {error, term()}.
ensure_all_started(Applications) -> ensure_all_started(Applications, temporary).

-spec ensure_all_started(atom() | [atom()], restart_type()) -> {ok, [atom()]} | {error, term()}.
ensure_all_started(Applications, Type) -> ensure_all_started(Applications, Type, serial).

-spec ensure_all_started(atom() | [atom()], restart_type(), serial | concurrent) ->
          {ok, [atom()]} | {error, term()}.
ensure_all_started(Application, Type, Mode) when is_atom(Application) ->
    ensure_all_started([Application], Type, Mode);
ensure_all_started(Applications, Type, Mode)
  when is_list(Applications), Mode =:= serial orelse Mode =:= concurrent ->
    Result = case Mode of
                 serial -> start_all(Applications, Type, [], []);
                 concurrent -> start_concurrently(Applications, Type)
             end,
    case Result of
        {ok, Started} -> {ok, lists:reverse(Started)};
        {error, Why, Started} ->
            lists:foreach(fun stop/1, Started),
            {error, Why}
    end.

%% Started: newest first. For: those for which these are started.
start_all([], _, _, Started) -> {ok, Started};
start_all([Application | Applications], Type, For, Started) ->
    case start_all(optional(Application) -- For, Type, [Application | For], Started) of
        {ok, Before} ->
            case start(Application, Type) of
                ok -> start_all(Applications, Type, For, [Application | Before]);
                {error, {already_started, Application}} ->
                    start_all(Applications, Type, For, Before);
                {error, {Not, Missing}} when Not =:= not_started; Not =:= not_running ->
                    case start_all([Missing], Type, [Application | For], Before) of
                        {ok, More} -> start_all([Application | Applications], Type, For, More);
                        Error -> Error
                    end;
                {error, Why} -> {error, {Application, Why}, Before}
            end;
        Error -> Error
    end.

%% Of one that uses some only where they are there, which starts without them: all that it needs and can have.
optional(Application) ->
    _ = load(Application),
    case get_key(Application, optional_applications) of
        {ok, [_ | _] = Optional} ->
            {ok, Needed} = get_key(Application, applications),
            Running = which_applications(),
            [N || N <- Needed, not lists:keymember(N, 1, Running),
                  not lists:keymember(Application, 1, Running),
                  not lists:member(N, Optional) orelse can_load(N)];
        _ -> []
    end.

%% Every application starts as soon as what it needs runs.
start_concurrently(Applications, Type) ->
    case graph(Applications, #{}) of
        {ok, Graph} -> start_ready(Graph, #{}, Type, []);
        {error, Why} -> {error, Why, []}
    end.

%% What has to be started, and what of that each needs.
graph([], Graph) -> {ok, maps:map(fun(_, Needs) -> [N || N <- Needs, is_map_key(N, Graph)] end,
                                  Graph)};
graph([Name | Names], Graph) when is_map_key(Name, Graph) -> graph(Names, Graph);
graph([Name | Names], Graph) ->
    case lists:keymember(Name, 1, which_applications()) of
        true -> graph(Names, Graph);
        false ->
            case load(Name) of
                {error, Reason} when element(1, Reason) =/= already_loaded ->
                    {error, {Name, Reason}};
                _ ->
                    {ok, Needed} = get_key(Name, applications),
                    {ok, Optional} = get_key(Name, optional_applications),
                    Needs = [N || N <- Needed,
                                  not lists:member(N, Optional) orelse can_load(N)],
                    graph(Needs ++ Names, Graph#{Name => Needs})
            end
    end.

can_load(Name) ->
    case load(Name) of
        ok -> true;
        {error, {already_loaded, _}} -> true;
        {error, _} -> false
    end.

%% Graph: what has not begun. Starting: names by monitor.
start_ready(Graph, Starting, _, Started) when map_size(Graph) =:= 0, map_size(Starting) =:= 0 ->
    {ok, Started};
start_ready(Graph, Starting, Type, Started) ->
    Ready = [Name || {Name, []} <- maps:to_list(Graph)],
    New = [begin
               {_, Ref} = spawn_monitor(fun() -> exit({started, start(Name, Type)}) end),
               {Ref, Name}
           end || Name <- Ready],
    All = maps:merge(Starting, maps:from_list(New)),
    case map_size(All) of
        0 -> {error, {circular_dependencies, maps:keys(Graph)}, Started};
        _ ->
            receive
                {'DOWN', Ref, process, _, Result} when is_map_key(Ref, All) ->
                    {Name, Others} = maps:take(Ref, All),
                    Left = maps:map(fun(_, Needs) -> lists:delete(Name, Needs) end,
                                    maps:without(Ready, Graph)),
                    case Result of
                        {started, ok} -> start_ready(Left, Others, Type, [Name | Started]);
                        {started, {error, {already_started, Name}}} ->
                            start_ready(Left, Others, Type, Started);
                        {started, {error, Why}} ->
                            {error, {Name, Why}, finish_starting(Others, Started)};
                        Reason -> {error, {Name, Reason}, finish_starting(Others, Started)}
                    end
            end
    end.

finish_starting(Starting, Started) when map_size(Starting) =:= 0 -> Started;
finish_starting(Starting, Started) ->
    receive
        {'DOWN', Ref, process, _, Result} when is_map_key(Ref, Starting) ->
            {Name, Others} = maps:take(Ref, Starting),
            finish_starting(Others, [Name || Result =:= {started, ok}] ++ Started)
    end.

%% Stops an application.
-spec stop(atom()) -> ok | {error, term()}.
stop(Name) -> ?CONTROLLER:stop(Name).

%% Takes an application over from another node.
-spec takeover(atom(), restart_type()) -> {error, term()}.
takeover(_, _) -> {error, not_distributed}.

%% Whether an application may run at this node.
-spec permit(atom(), boolean()) -> ok | {error, term()}.
permit(Name, Flag) when is_boolean(Flag) ->
    case lists:keymember(Name, 1, loaded_applications()) of
        true -> ok;
        false -> {error, {not_loaded, Name}}
    end;
permit(_, Flag) -> {error, {invalid_argument, Flag}}.

%% How the application was started.
-spec start_type() -> start_type() | local | undefined.
start_type() ->
    case get_application() of
        {ok, _} -> normal;
        undefined -> undefined
    end.

%% ---- looking ----

%% Name, description and version of what runs.
-spec which_applications() -> [{atom(), string(), string()}].
which_applications() -> which_applications(5000).
-spec which_applications(timeout()) -> [{atom(), string(), string()}].
which_applications(Timeout) -> ?CONTROLLER:which(Timeout).

%% Name, description and version of what is loaded.
-spec loaded_applications() -> [{atom(), string(), string()}].
loaded_applications() -> ?CONTROLLER:loaded().

-spec info() -> [{atom(), term()}].
info() -> [{loaded, loaded_applications()}, {running, which_applications()}].

%% The application that a process or a module belongs to.
-spec get_application() -> {ok, atom()} | undefined.
get_application() -> get_application(self()).

-spec get_application(pid() | module()) -> {ok, atom()} | undefined.
get_application(Pid) when is_pid(Pid) ->
    case process_info(Pid, group_leader) of
        {group_leader, Leader} -> ?CONTROLLER:of_leader(Leader);
        undefined -> undefined
    end;
get_application(Module) when is_atom(Module) -> ?CONTROLLER:of_module(Module).

-spec get_supervisor(atom()) -> {ok, pid()} | undefined.
get_supervisor(Name) -> ?CONTROLLER:supervisor(Name).

%% The value of a key of an application's description.
-spec get_key(atom()) -> {ok, term()} | undefined.
get_key(Key) -> own(fun(Name) -> get_key(Name, Key) end, undefined).

-spec get_key(atom(), atom()) -> {ok, term()} | undefined.
get_key(Name, Key) ->
    case ?CONTROLLER:description(Name) of
        {ok, Keys} ->
            case lists:keyfind(Key, 1, Keys) of
                {Key, Value} -> {ok, Value};
                false -> undefined
            end;
        undefined -> undefined
    end.

%% All of an application's description.
-spec get_all_key() -> {ok, [{atom(), term()}]} | [].
get_all_key() -> own(fun get_all_key/1, []).

-spec get_all_key(atom()) -> {ok, [{atom(), term()}]} | undefined.
get_all_key(Name) -> ?CONTROLLER:description(Name).

own(Fun, Default) ->
    case get_application() of
        {ok, Name} -> Fun(Name);
        undefined -> Default
    end.

%% ---- the environment ----

%% The value of a parameter.
-spec get_env(atom()) -> {ok, term()} | undefined.
get_env(Key) -> own(fun(Name) -> get_env(Name, Key) end, undefined).

-spec get_env(atom(), atom()) -> {ok, term()} | undefined.
get_env(Name, Key) -> ?CONTROLLER:get_env(Name, Key).

-spec get_env(atom(), atom(), term()) -> term().
get_env(Name, Key, Default) ->
    case get_env(Name, Key) of
        {ok, Value} -> Value;
        undefined -> Default
    end.

%% All parameters of an application.
-spec get_all_env() -> [{atom(), term()}].
get_all_env() -> own(fun get_all_env/1, []).

-spec get_all_env(atom()) -> [{atom(), term()}].
get_all_env(Name) -> ?CONTROLLER:all_env(Name).

%% Sets parameters of applications.
-spec set_env([{atom(), [{atom(), term()}]}]) -> ok.
set_env(Config) -> set_env(Config, []).

-spec set_env([{atom(), [{atom(), term()}]}], [option()]) -> ok.
set_env(Config, Options) when is_list(Config), is_list(Options) ->
    case wrong_config(Config, []) of
        none ->
            ?CONTROLLER:config_change({Config, is_persistent(Options), timeout_of(Options)});
        Text -> error({badarg, Text}, [Config, Options])
    end.

-spec set_env(atom(), atom(), term()) -> ok.
set_env(Name, Key, Value) -> set_env(Name, Key, Value, []).

-spec set_env(atom(), atom(), term(), timeout() | [option()]) -> ok.
set_env(Name, Key, Value, Options) when is_list(Options) ->
    ?CONTROLLER:set_env(Name, Key, Value, is_persistent(Options), timeout_of(Options));
set_env(Name, Key, Value, Timeout) -> set_env(Name, Key, Value, [{timeout, Timeout}]).

%% Removes a parameter.
-spec unset_env(atom(), atom()) -> ok.
unset_env(Name, Key) -> unset_env(Name, Key, []).

-spec unset_env(atom(), atom(), timeout() | [option()]) -> ok.
unset_env(Name, Key, Options) when is_list(Options) ->
    ?CONTROLLER:unset_env(Name, Key, is_persistent(Options), timeout_of(Options));
unset_env(Name, Key, Timeout) -> unset_env(Name, Key, [{timeout, Timeout}]).

is_persistent(Options) -> proplists:get_value(persistent, Options, false).
timeout_of(Options) -> proplists:get_value(timeout, Options, 5000).

wrong_config([], _) -> none;
wrong_config([{Name, Pairs} | Config], Seen) when is_atom(Name), is_list(Pairs) ->
    case lists:member(Name, Seen) of
        true -> text("duplicate application config: ~tp", [Name]);
        false ->
            case wrong_pairs(Name, Pairs, []) of
                none -> wrong_config(Config, [Name | Seen]);
                Text -> Text
            end
    end;
wrong_config([{Name, Pairs} | _], _) when is_list(Pairs) ->
    text("application: ~tp; application name must be an atom", [Name]);
wrong_config([{Name, _} | _], _) -> text("application: ~tp; parameters must be a list", [Name]);
wrong_config([Bad | _], _) -> text("invalid application config: ~tp", [Bad]).

wrong_pairs(_, [], _) -> none;
wrong_pairs(Name, [{Key, _} | Pairs], Seen) when is_atom(Key) ->
    case lists:member(Key, Seen) of
        true -> text("application: ~tp; duplicate parameter: ~tp", [Name, Key]);
        false -> wrong_pairs(Name, Pairs, [Key | Seen])
    end;
wrong_pairs(Name, [{Key, _} | _], _) -> text("application: ~tp; invalid parameter name: ~tp", [Name, Key]);
wrong_pairs(Name, [Bad | _], _) ->
    text("application: ~tp; invalid parameter: ~tp", [Name, Bad]).

text(Format, Args) -> lists:flatten(io_lib:format(Format, Args)).
