%% Knows which applications are loaded and run, and their environments; starts and stops them. Each
%% that has a callback module gets a master: the group leader of all its processes, with one process
%% under it that is the parent of the application's top supervisor.
%%
%% What is asked often lies in a table, ac_tab, which any process reads: environments are read while
%% applications start and stop. The controller alone writes there:
%%     {{env, Name, Key}, Value}    {{loaded, Name}, Keys}    {{master, Name}, Pid}
%%
%% The controller starts with the first request. When it is told to exit, it stops all applications,
%% the newest first.
-module(application_controller).
-behaviour(gen_server).
-export([start/0, load/1, unload/1, start/2, stop/1, which/1, loaded/0, of_leader/1, of_module/1,
         supervisor/1, description/1, get_env/2, all_env/1, set_env/5, unset_env/4,
         set_config/1, config_change/1, format_log/1, format_log/2]).
%% Not in the manual, but mnesia and others ask here.
-export([get_loaded/1, get_master/1, set_env/3]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

-define(TABLE, ac_tab).

%% status: loaded, {starting, [From]}, running, {stopping, [From]}
-record(app, {name, mod = none, status = loaded, type, master, keys = []}).
%% running: names, newest first. persistent: by {Name, Key}. config: what sys.config says, likewise.
%% ended: names of those that did so on their own, and were neither stopped nor started since.
-record(state, {apps = #{}, running = [], ended = [], persistent = #{}, config = #{}}).

-type name() :: atom().

%% ---- asking ----

-spec load(name() | tuple()) -> ok | {error, term()}.
load(Application) ->
    Name = name_of(Application),
    case is_loaded(Name) of
        true -> {error, {already_loaded, Application}};
        false ->
            case read(Application) of
                {ok, Description} -> call({load, Application, Description});
                {error, _} = Error -> Error
            end
    end.

name_of({application, Name, _}) -> Name;
name_of(Name) -> Name.

-spec unload(name()) -> ok | {error, term()}.
unload(Name) -> call({unload, Name}).
-spec start(name(), permanent | transient | temporary) -> ok | {error, term()}.
start(Name, Type) -> call({start, Name, Type}).
-spec stop(name()) -> ok | {error, term()}.
stop(Name) -> call({stop, Name}).
-spec which(timeout()) -> [{name(), string(), string()}].
which(Timeout) -> gen_server:call(start(), which, Timeout).

-spec loaded() -> [{name(), string(), string()}].
loaded() ->
    _ = start(),
    [{Name, proplists:get_value(description, Keys), proplists:get_value(vsn, Keys)}
     || [Name, Keys] <- ets:match(?TABLE, {{loaded, '$1'}, '$2'})].

-spec of_leader(pid()) -> {ok, name()} | undefined.
of_leader(Leader) -> first(match({{master, '$1'}, Leader})).

-spec of_module(module()) -> {ok, name()} | undefined.
of_module(Module) ->
    first([[Name] || [Name, Keys] <- match({{loaded, '$1'}, '$2'}),
                     lists:member(Module, proplists:get_value(modules, Keys))]).

-spec supervisor(name()) -> {ok, pid()} | undefined.
supervisor(Name) ->
    case lookup({master, Name}) of
        {ok, Master} -> application_master:supervisor(Master);
        undefined -> undefined
    end.

-spec get_loaded(name()) -> {true, {name(), string(), string()}} | false.
get_loaded(Name) ->
    _ = start(),
    case lookup({loaded, Name}) of
        {ok, Keys} ->
            {true, {Name, proplists:get_value(description, Keys), proplists:get_value(vsn, Keys)}};
        undefined -> false
    end.

-spec get_master(name()) -> pid() | undefined.
get_master(Name) ->
    case lookup({master, Name}) of
        {ok, Master} -> Master;
        undefined -> undefined
    end.

-spec description(name()) -> {ok, [{atom(), term()}]} | undefined.
description(Name) ->
    _ = start(),
    case lookup({loaded, Name}) of
        {ok, Keys} -> {ok, lists:keyreplace(env, 1, Keys, {env, all_env(Name)})};
        undefined -> undefined
    end.

-spec get_env(name(), atom()) -> {ok, term()} | undefined.
get_env(Name, Key) -> lookup({env, Name, Key}).

-spec all_env(name()) -> [{atom(), term()}].
all_env(Name) ->
    lists:sort([{Key, Value} || [Key, Value] <- match({{env, Name, '$1'}, '$2'})]).

-spec set_env(name(), atom(), term()) -> ok.
set_env(Name, Key, Value) -> set_env(Name, Key, Value, false, infinity).

-spec set_env(name(), atom(), term(), boolean(), timeout()) -> ok.
set_env(Name, Key, Value, Persistent, Timeout) ->
    gen_server:call(start(), {set_env, [{Name, [{Key, Value}]}], Persistent}, Timeout).

-spec unset_env(name(), atom(), boolean(), timeout()) -> ok.
unset_env(Name, Key, Persistent, Timeout) ->
    gen_server:call(start(), {unset_env, Name, Key, Persistent}, Timeout).

%% For good: what sys.config says comes before what .app files say.
-spec set_config([{name(), [{atom(), term()}]}]) -> ok.
set_config(Config) -> call({set_config, Config}).

%% Several at once.
-spec config_change({[{name(), [{atom(), term()}]}], boolean(), timeout()}) -> ok.
config_change({Config, Persistent, Timeout}) ->
    gen_server:call(start(), {set_env, Config, Persistent}, Timeout).

call(Request) -> gen_server:call(start(), Request, infinity).

%% Without a controller there is no table, and nothing in it.
match(Pattern) ->
    try ets:match(?TABLE, Pattern) catch error:badarg -> [] end.

lookup(Key) ->
    try ets:lookup_element(?TABLE, Key, 2) of
        Value -> {ok, Value}
    catch
        error:badarg -> undefined
    end.

is_loaded(Name) ->
    _ = start(),
    ets:member(?TABLE, {loaded, Name}).

first([[Name] | _]) -> {ok, Name};
first([]) -> undefined.

-spec start() -> pid().
start() ->
    case whereis(?MODULE) of
        undefined ->
            case gen_server:start({local, ?MODULE}, ?MODULE, [], []) of
                {ok, Pid} -> Pid;
                {error, {already_started, Pid}} -> Pid
            end;
        Pid -> Pid
    end.

%% ---- descriptions ----

%% {application, Name, Keys}, given or from NAME.app (else NAME.app.src) on the code path; that of a
%% library which the machine carries is known.
read({application, Name, Keys} = Description) when is_atom(Name), is_list(Keys) ->
    {ok, Description};
read(Name) when is_atom(Name) ->
    File = atom_to_list(Name) ++ ".app",
    case [Path || F <- [File, File ++ ".src"], Path <- [code:where_is_file(F)],
                  Path =/= non_existing] of
        [Path | _] -> read_file(Name, Path);
        [] ->
            case muster_escript:carried(File) of
                undefined -> read_carried(Name, File);
                Text -> described(Name, File, terms(unicode:characters_to_list(Text)))
            end
    end;
read(Bad) -> {error, {bad_application, Bad}}.

read_carried(Name, File) ->
    case lists:keyfind(Name, 1, carried()) of
        {Name, Vsn, Text} ->
            Needs = case Name of erts -> []; _ -> [kernel, stdlib] end,
            {ok, {application, Name, [{description, Text}, {vsn, Vsn}, {applications, Needs}]}};
        false -> {error, {file:format_error(enoent), File}}
    end.

%% The term of a description, as file:consult/1 answers.
terms(Text) ->
    case erl_scan:string(Text) of
        {ok, Tokens, _} ->
            case erl_parse:parse_term(Tokens) of
                {ok, Term} -> {ok, [Term]};
                {error, _} = Error -> Error
            end;
        {error, Reason, _} -> {error, Reason}
    end.

read_file(Name, Path) -> described(Name, Path, file:consult(Path)).

described(Name, Path, Terms) ->
    case Terms of
        {ok, [{application, Name, Keys} = Description]} when is_list(Keys) -> {ok, Description};
        {ok, [{application, Name, _} = Bad]} -> {error, {bad_application, Bad}};
        {ok, [{application, Other, _}]} -> {error, {invalid_name, Other}};
        {ok, []} -> {error, {no_appl_text, Path}};
        {ok, [Bad | _]} -> {error, {bad_application, Bad}};
        {error, Reason} -> {error, {file:format_error(Reason), filename:basename(Path)}}
    end.

%% Versions are those of the OTP release whose interfaces are here.
carried() ->
    [{compiler, "8.5", "ERTS  CXC 138 10"}, {crypto, "5.5", "CRYPTO"},
     {erts, "15.0", "ERTS  CXC 138 10"}, {eunit, "2.9", "EUnit"}, {sasl, "4.2.2", "SASL  CXC 138 11"}].

%% All keys that get_all_key shows, with defaults. Throws {error, Reason}.
keys(Given) ->
    Keys = [{Key, proplists:get_value(Key, Given, Default)}
            || {Key, Default} <- [{description, []}, {id, []}, {vsn, []}, {modules, []},
                                  {maxP, infinity}, {maxT, infinity}, {registered, []},
                                  {included_applications, []}, {optional_applications, []},
                                  {applications, []}, {env, []}, {mod, []},
                                  {start_phases, undefined}]],
    Check = fun(Key, Is) ->
                    {Key, Value} = lists:keyfind(Key, 1, Keys),
                    Is(Value) orelse throw({error, {invalid_options, {Key, Value}}})
            end,
    AreAtoms = fun(L) -> is_list(L) andalso lists:all(fun is_atom/1, L) end,
    _ = [Check(Key, AreAtoms) || Key <- [modules, registered, included_applications,
                                         optional_applications, applications]],
    Check(env, fun(L) ->
                       is_list(L) andalso
                           lists:all(fun({K, _}) -> is_atom(K); (_) -> false end, L)
               end),
    case lists:keyfind(mod, 1, Keys) of
        {mod, []} -> ok;
        {mod, {Module, _}} when is_atom(Module) -> ok;
        {mod, Bad} -> throw({error, {badstartspec, Bad}})
    end,
    Keys.

%% ---- the controller ----

-spec init([]) -> {ok, #state{}}.
init([]) ->
    process_flag(trap_exit, true),
    %% Applications write where the machine does, whoever starts them.
    case whereis(user) of
        undefined -> ok;
        User -> group_leader(User, self())
    end,
    ?TABLE = ets:new(?TABLE, [named_table, {read_concurrency, true}]),
    Own = [#app{name = Name, status = running, type = permanent,
                keys = keys([{description, "ERTS  CXC 138 10"}, {vsn, Vsn}])}
           || {Name, Vsn} <- [{kernel, "10.0"}, {stdlib, "6.0"}]],
    _ = [ets:insert(?TABLE, {{loaded, Name}, Keys}) || #app{name = Name, keys = Keys} <- Own],
    {ok, #state{apps = maps:from_list([{A#app.name, A} || A <- Own]), running = [stdlib, kernel]}}.

-spec handle_call(tuple() | which, gen_server:from(), #state{}) ->
    {reply, term(), #state{}} | {noreply, #state{}}.
handle_call({load, Application, {application, Name, Given}}, _, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := _} -> {reply, {error, {already_loaded, Application}}, State};
        _ ->
            try
                Keys = keys(Given),
                Loaded = included(proplists:get_value(included_applications, Keys), State),
                {reply, ok, loaded(Name, Keys, Loaded)}
            catch
                throw:{error, _} = Error -> {reply, Error, State}
            end
    end;
handle_call({unload, Name}, _, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := #app{status = loaded, keys = Keys}} ->
            With = [N || N <- proplists:get_value(included_applications, Keys),
                         #app{status = loaded} <- [maps:get(N, Apps, none)]],
            lists:foreach(fun forget/1, [Name | With]),
            {reply, ok, State#state{apps = maps:without([Name | With], Apps)}};
        #{Name := _} -> {reply, {error, {running, Name}}, State};
        _ -> {reply, {error, {not_loaded, Name}}, State}
    end;
handle_call({start, Name, Type}, From, #state{apps = Apps, running = Running} = State) ->
    case Apps of
        #{Name := #app{status = loaded, keys = Keys} = App} ->
            Needed = proplists:get_value(applications, Keys),
            Optional = proplists:get_value(optional_applications, Keys),
            case [N || N <- Needed, not lists:member(N, Running), not lists:member(N, Optional)] of
                [] ->
                    start_app(App#app{type = Type}, From,
                              State#state{ended = lists:delete(Name, State#state.ended)});
                [First | _] ->
                    Why = case lists:member(First, State#state.ended) of
                              true -> not_running;
                              false -> not_started
                          end,
                    {reply, {error, {Why, First}}, State}
            end;
        #{Name := #app{status = {starting, Others}} = App} ->
            {noreply, put_app(App#app{status = {starting, [From | Others]}}, State)};
        #{Name := _} -> {reply, {error, {already_started, Name}}, State};
        _ -> {reply, {error, {not_loaded, Name}}, State}
    end;
handle_call({stop, Name}, From, #state{apps = Apps} = State) ->
    case Apps of
        #{Name := #app{status = running, master = Master} = App} when is_pid(Master) ->
            Master ! {stop, self()},
            {noreply, put_app(App#app{status = {stopping, [From]}}, State)};
        #{Name := #app{status = {stopping, Others}} = App} ->
            {noreply, put_app(App#app{status = {stopping, [From | Others]}}, State)};
        #{Name := #app{status = running, type = Type} = App} ->
            report(Name, stopped, Type),
            {reply, ok, stopped(App, State)};
        _ ->
            case lists:member(Name, State#state.ended) of
                true -> {reply, ok, State#state{ended = lists:delete(Name, State#state.ended)}};
                false -> {reply, {error, {not_started, Name}}, State}
            end
    end;
handle_call(which, _, #state{running = Running, apps = Apps} = State) ->
    {reply, [shown(maps:get(Name, Apps)) || Name <- Running], State};
handle_call({set_env, Config, Persists}, _, #state{persistent = Persistent} = State) ->
    New = pairs(Config),
    put_env(New),
    Kept = case Persists of
               true -> maps:merge(Persistent, New);
               false -> Persistent
           end,
    {reply, ok, State#state{persistent = Kept}};
handle_call({unset_env, Name, Key, Persists}, _, #state{persistent = Persistent} = State) ->
    ets:delete(?TABLE, {env, Name, Key}),
    Kept = case Persists of
               true -> maps:remove({Name, Key}, Persistent);
               false -> Persistent
           end,
    {reply, ok, State#state{persistent = Kept}};
handle_call({set_config, Config}, _, #state{config = Old} = State) ->
    New = pairs(Config),
    put_env(New),
    {reply, ok, State#state{config = maps:merge(Old, New)}}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) -> {noreply, State}.

%% From masters.
-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, term(), #state{}}.
handle_info({started, Master, Answer}, #state{apps = Apps, running = Running} = State) ->
    case [A || #app{master = M} = A <- maps:values(Apps), M =:= Master] of
        [#app{name = Name, status = {starting, Froms}, type = Type} = App] ->
            case Answer of
                ok ->
                    reply(Froms, ok),
                    {noreply, put_app(App#app{status = running},
                                      State#state{running = [Name | Running]})};
                {error, Reason} ->
                    unlink_flush(Master),
                    report(Name, Reason, Type),
                    reply(Froms, {error, Reason}),
                    ended(App, Reason, State)
            end;
        [] -> {noreply, State}
    end;
handle_info({'EXIT', Master, Reason}, #state{apps = Apps} = State) ->
    case [A || #app{master = M} = A <- maps:values(Apps), M =:= Master] of
        [#app{status = {stopping, Froms}, name = Name, type = Type} = App] ->
            report(Name, stopped, Type),
            reply(Froms, ok),
            {noreply, stopped(App, State)};
        [#app{status = {starting, Froms}, name = Name, type = Type} = App] ->
            report(Name, Reason, Type),
            reply(Froms, {error, Reason}),
            ended(App, Reason, State);
        [#app{name = Name, type = Type} = App] ->
            report(Name, Reason, Type),
            {noreply, NState} = ended(App, Reason, State),
            {noreply, NState#state{ended = [Name | NState#state.ended]}};
        [] when Reason =:= shutdown; Reason =:= normal -> {stop, Reason, State};
        [] -> {noreply, State}
    end;
handle_info(_, State) -> {noreply, State}.

-spec terminate(term(), #state{}) -> term().
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

reply(Froms, Answer) -> lists:foreach(fun(From) -> gen_server:reply(From, Answer) end, Froms).

unlink_flush(Pid) ->
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, process, _, _} -> ok end,
    unlink(Pid),
    receive {'EXIT', Pid, _} -> ok after 0 -> ok end.

shown(#app{name = Name, keys = Keys}) ->
    {Name, proplists:get_value(description, Keys), proplists:get_value(vsn, Keys)}.

put_app(#app{name = Name} = App, #state{apps = Apps} = State) ->
    State#state{apps = Apps#{Name => App}}.

stopped(#app{name = Name} = App, #state{running = Running} = State) ->
    ets:delete(?TABLE, {master, Name}),
    put_app(App#app{status = loaded, master = undefined},
            State#state{running = lists:delete(Name, Running)}).

%% ---- environments ----

pairs(Config) ->
    maps:from_list([{{Name, Key}, Value} || {Name, Pairs} <- Config, {Key, Value} <- Pairs]).

put_env(Pairs) ->
    _ = [ets:insert(?TABLE, {{env, Name, Key}, Value})
         || {{Name, Key}, Value} <- maps:to_list(Pairs)],
    ok.

%% What was set for good comes first, then the configuration, then the .app file.
loaded(Name, Keys, #state{apps = Apps, config = Config, persistent = Persistent} = State) ->
    Of = fun({N, _}, _) -> N =:= Name end,
    {env, Pairs} = lists:keyfind(env, 1, Keys),
    Given = pairs([{Name, lists:reverse(Pairs)}]),
    put_env(maps:merge(maps:merge(Given, maps:filter(Of, Config)), maps:filter(Of, Persistent))),
    ets:insert(?TABLE, {{loaded, Name}, Keys}),
    Mod = case lists:keyfind(mod, 1, Keys) of
              {mod, {Module, Args}} -> {Module, Args};
              _ -> none
          end,
    State#state{apps = Apps#{Name => #app{name = Name, keys = Keys, mod = Mod}}}.

included([], State) -> State;
included([Name | Names], #state{apps = Apps} = State) when is_map_key(Name, Apps) ->
    included(Names, State);
included([Name | Names], State) ->
    case read(Name) of
        {ok, {application, Name, Given}} ->
            Keys = keys(Given),
            Loaded = included(proplists:get_value(included_applications, Keys), State),
            included(Names, loaded(Name, Keys, Loaded));
        {error, _} = Error -> throw(Error)
    end.

forget(Name) ->
    ets:delete(?TABLE, {loaded, Name}),
    ets:match_delete(?TABLE, {{env, Name, '_'}, '_'}).

%% ---- starting ----

start_app(#app{name = Name, mod = none} = App, _, #state{running = Running} = State) ->
    {reply, ok, put_app(App#app{status = running}, State#state{running = [Name | Running]})};
start_app(#app{name = Name, mod = Mod, keys = Keys} = App, From, State) ->
    About = #{name => Name, mod => Mod, keys => Keys},
    Master = application_master:start_link(About, group_leader()),
    ets:insert(?TABLE, {{master, Name}, Master}),
    Master ! {start, self()},
    {noreply, put_app(App#app{status = {starting, [From]}, master = Master}, State)}.

%% A permanent application takes the machine with it, a transient one when it failed: the others are
%% stopped first.
ended(#app{type = Type, name = Name, status = Status} = App, Reason, State)
  when Type =:= permanent; Type =:= transient, Reason =/= normal ->
    terminate(Reason, stopped(App, State)),
    How = case Status of
              {starting, _} -> application_start_failure;
              _ -> application_terminated
          end,
    Text = [io_lib:format("Kernel pid terminated (~p) (~0tp)~n", [?MODULE, {How, Name, Reason}]),
            muster_error:hint(Reason)],
    muster_machine:write_error(unicode:characters_to_binary(Text)),
    halt(1);
ended(App, _, State) -> {noreply, stopped(App, State)}.

report(_, normal, _) -> ok;
report(Name, Reason, Type) ->
    logger:log(notice, #{label => {?MODULE, exit},
                         report => [{application, Name}, {exited, Reason}, {type, Type}]},
               #{domain => [otp], report_cb => fun ?MODULE:format_log/2,
                 error_logger => #{tag => info_report, type => std_info,
                                   report_cb => fun ?MODULE:format_log/1}}).

-spec format_log(map()) -> {io:format(), [term()]}.
format_log(Report) -> muster_log_text:format(on_lines(Report)).

-spec format_log(map(), map()) -> unicode:chardata().
format_log(Report, Extra) ->
    Parts = case muster_log_text:is_single(Extra) of
                true -> on_line(Report);
                false -> on_lines(Report)
            end,
    muster_log_text:text(Parts, Extra).

on_lines(#{label := {?MODULE, _}, report := Report}) ->
    [["    ", atom_to_list(Key), ": ", muster_log_text:term(Value), newline] || {Key, Value} <- Report].

on_line(#{label := {?MODULE, progress}, report := [{application, Name}, {started_at, Node}]}) ->
    ["Application: ", muster_log_text:name(Name), ". Started at: ", muster_log_text:term(Node), $.];
on_line(#{label := {?MODULE, exit}, report := [{application, Name}, {exited, Reason}, {type, Type}]}) ->
    ["Application: ", muster_log_text:name(Name), ". Exited: ", muster_log_text:term(Reason), ". Type: ",
     muster_log_text:term(Type), $.].
