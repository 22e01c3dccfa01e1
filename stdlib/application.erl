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
-type restart_type() :: permanent | transient | temporary.

-callback start(start_type(), term()) -> {ok, pid()} | {ok, pid(), term()} | {error, term()}.
-callback stop(term()) -> term().
-callback config_change([{term(), term()}], [{term(), term()}], [term()]) -> ok.
-callback prep_stop(term()) -> term().
-callback start_phase(atom(), start_type(), term()) -> ok | {error, term()}.
-optional_callbacks([config_change/3, prep_stop/1, start_phase/3]).

-define(CONTROLLER, application_controller).

%% ---- starting and stopping ----

-spec load(atom() | tuple()) -> ok | {error, term()}.
load(Application) -> load(Application, []).

-spec load(atom() | tuple(), term()) -> ok | {error, term()}.
load(Application, _Distributed) -> ?CONTROLLER:load(Application).

-spec unload(atom()) -> ok | {error, term()}.
unload(Name) -> ?CONTROLLER:unload(Name).

-spec start(atom() | tuple()) -> ok | {error, term()}.
start(Application) -> start(Application, temporary).

-spec start(atom() | tuple(), restart_type()) -> ok | {error, term()}.
start(Application, Type) ->
    case load(Application) of
        ok -> start_loaded(name(Application), Type);
        {error, {already_loaded, Name}} -> start_loaded(Name, Type);
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

-spec ensure_started(atom()) -> ok | {error, term()}.
ensure_started(Application) -> ensure_started(Application, temporary).

-spec ensure_started(atom(), restart_type()) -> ok | {error, term()}.
ensure_started(Application, Type) ->
    case start(Application, Type) of
        {error, {already_started, Application}} -> ok;
        Answer -> Answer
    end.

-spec ensure_all_started(atom() | [atom()]) -> {ok, [atom()]} | {error, term()}.
ensure_all_started(Applications) -> ensure_all_started(Applications, temporary).

-spec ensure_all_started(atom() | [atom()], restart_type()) -> {ok, [atom()]} | {error, term()}.
ensure_all_started(Applications, Type) -> ensure_all_started(Applications, Type, serial).

-spec ensure_all_started(atom() | [atom()], restart_type(), serial | concurrent) ->
          {ok, [atom()]} | {error, term()}.
ensure_all_started(Application, Type, Mode) when is_atom(Application) ->
    ensure_all_started([Application], Type, Mode);
ensure_all_started(Applications, Type, _) when is_list(Applications) ->
    case start_all(Applications, Type, []) of
        {ok, Started} -> {ok, lists:reverse(Started)};
        {error, Why, Started} ->
            lists:foreach(fun stop/1, Started),
            {error, Why}
    end.

%% Started: newest first.
start_all([], _, Started) -> {ok, Started};
start_all([Application | Applications], Type, Started) ->
    case start(Application, Type) of
        ok -> start_all(Applications, Type, [Application | Started]);
        {error, {already_started, Application}} -> start_all(Applications, Type, Started);
        {error, {not_started, Missing}} ->
            case start_all([Missing], Type, Started) of
                {ok, More} -> start_all([Application | Applications], Type, More);
                Error -> Error
            end;
        {error, Why} -> {error, {Application, Why}, Started}
    end.

-spec stop(atom()) -> ok | {error, term()}.
stop(Name) -> ?CONTROLLER:stop(Name).

-spec takeover(atom(), restart_type()) -> {error, term()}.
takeover(_, _) -> {error, not_distributed}.

-spec permit(atom(), boolean()) -> ok | {error, term()}.
permit(Name, Flag) when is_boolean(Flag) ->
    case lists:keymember(Name, 1, loaded_applications()) of
        true -> ok;
        false -> {error, {not_loaded, Name}}
    end;
permit(_, Flag) -> {error, {invalid_argument, Flag}}.

-spec start_type() -> start_type() | local | undefined.
start_type() ->
    case get_application() of
        {ok, _} -> normal;
        undefined -> undefined
    end.

%% ---- looking ----

-spec which_applications() -> [{atom(), string(), string()}].
which_applications() -> ?CONTROLLER:which().
-spec which_applications(timeout()) -> [{atom(), string(), string()}].
which_applications(_) -> ?CONTROLLER:which().

-spec loaded_applications() -> [{atom(), string(), string()}].
loaded_applications() -> ?CONTROLLER:loaded().

-spec info() -> [{atom(), term()}].
info() -> [{loaded, loaded_applications()}, {running, which_applications()}].

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

-spec get_all_env() -> [{atom(), term()}].
get_all_env() -> own(fun get_all_env/1, []).

-spec get_all_env(atom()) -> [{atom(), term()}].
get_all_env(Name) -> ?CONTROLLER:all_env(Name).

-spec set_env([{atom(), [{atom(), term()}]}]) -> ok.
set_env(Config) -> set_env(Config, []).

-spec set_env([{atom(), [{atom(), term()}]}], list()) -> ok.
set_env(Config, _) when is_list(Config) ->
    _ = [set_env(Name, Key, Value) || {Name, Pairs} <- Config, {Key, Value} <- Pairs],
    ok.

-spec set_env(atom(), atom(), term()) -> ok.
set_env(Name, Key, Value) -> ?CONTROLLER:set_env(Name, Key, Value, false).

-spec set_env(atom(), atom(), term(), list()) -> ok.
set_env(Name, Key, Value, Options) when is_list(Options) ->
    ?CONTROLLER:set_env(Name, Key, Value, proplists:get_value(persistent, Options, false)).

-spec unset_env(atom(), atom()) -> ok.
unset_env(Name, Key) -> ?CONTROLLER:unset_env(Name, Key).

-spec unset_env(atom(), atom(), list()) -> ok.
unset_env(Name, Key, _) -> ?CONTROLLER:unset_env(Name, Key).
