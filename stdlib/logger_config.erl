%% Where logger's configuration lies: in the table `logger`, which every process reads and one process
%% writes. Until something is changed there is neither, and the defaults hold.
%%
%%     {level, Number}   {{module, M}, Number}   {{handler, Id}, Config}   {handlers, [Id]}
%%     {primary, Config}   {proxy, Config}
-module(logger_config).
-export([level/1, primary/0, handlers/0, handler/1, modules/0, proxy/0, change/1, exists/0,
         number/1, default/0]).
-export([init/1]).

-type config() :: #{primary := map(), modules := #{module() => logger:level() | all | none},
                    handlers := [map()], proxy := map()}.

-define(TABLE, logger).
-define(NOTICE, 5).

%% ---- reading ----

-spec exists() -> boolean().
exists() -> ets:whereis(?TABLE) =/= undefined.

%% The level that events of a module must have at least, as a number: see number/1.
-spec level(module()) -> integer().
level(Module) ->
    try ets:lookup(?TABLE, {module, Module}) of
        [{_, Level}] -> Level;
        [] -> ets:lookup_element(?TABLE, level, 2)
    catch
        error:badarg -> ?NOTICE
    end.

-spec primary() -> map().
primary() -> value(primary).

-spec proxy() -> map().
proxy() -> value(proxy).

value(Key) ->
    try ets:lookup_element(?TABLE, Key, 2)
    catch error:badarg -> maps:get(Key, default())
    end.

-spec handlers() -> [map()].
handlers() ->
    try ets:lookup_element(?TABLE, handlers, 2) of
        Ids -> [Config || Id <- Ids, {_, Config} <- ets:lookup(?TABLE, {handler, Id})]
    catch
        error:badarg -> maps:get(handlers, default())
    end.

-spec handler(atom()) -> {ok, map()} | error.
handler(Id) ->
    case [H || #{id := Other} = H <- handlers(), Other =:= Id] of
        [Handler] -> {ok, Handler};
        [] -> error
    end.

-spec modules() -> #{module() => logger:level() | all | none}.
modules() ->
    try maps:from_list([{M, name(N)} || [M, N] <- ets:match(?TABLE, {{module, '$1'}, '$2'})])
    catch error:badarg -> #{}
    end.

%% ---- writing ----

%% Fun gets the configuration and gives {Answer, New}, or throws the answer.
-spec change(fun((config()) -> {term(), config()})) -> term().
change(Fun) ->
    Server = case whereis(?TABLE) of
                 undefined -> start();
                 Pid -> Pid
             end,
    Ref = monitor(process, Server),
    Server ! {?MODULE, self(), Ref, Fun},
    receive
        {Ref, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, _, _} -> change(Fun)
    end.

start() ->
    {Pid, Ref} = spawn_monitor(?MODULE, init, [self()]),
    receive
        {Pid, registered} ->
            demonitor(Ref, [flush]),
            Pid;
        {'DOWN', Ref, process, _, _} ->
            case whereis(?TABLE) of
                undefined -> start();
                Other -> Other
            end
    end.

-spec init(pid()) -> no_return().
init(Starter) ->
    try register(?TABLE, self()) of
        true ->
            case whereis(user) of
                undefined -> ok;
                User -> group_leader(User, self())
            end,
            ?TABLE = ets:new(?TABLE, [named_table, {read_concurrency, true}]),
            Config = default(),
            store(Config),
            Starter ! {self(), registered},
            serve(Config)
    catch
        error:badarg -> exit(normal)
    end.

serve(Config) ->
    receive
        {?MODULE, From, Ref, Fun} ->
            try Fun(Config) of
                {Answer, New} ->
                    store(New),
                    From ! {Ref, Answer},
                    serve(New)
            catch
                throw:Answer ->
                    From ! {Ref, Answer},
                    serve(Config);
                Class:Reason ->
                    From ! {Ref, {error, {Class, Reason}}},
                    serve(Config)
            end;
        {log, Level, Format, Args, Meta} ->
            %% From those who cannot wait. Not from here: a handler that fails is removed by a request.
            spawn(fun() -> logger:log(Level, Format, Args, Meta) end),
            serve(Config);
        {log, Level, Message, Meta} ->
            spawn(fun() -> logger:log(Level, Message, Meta) end),
            serve(Config);
        _ -> serve(Config)
    end.

store(#{primary := Primary, modules := Modules, handlers := Handlers, proxy := Proxy}) ->
    Rows = [{level, number(maps:get(level, Primary))}, {primary, Primary}, {proxy, Proxy}]
        ++ [{{module, M}, number(Level)} || {M, Level} <- maps:to_list(Modules)]
        ++ [{{handler, Id}, Handler} || #{id := Id} = Handler <- Handlers]
        ++ [{handlers, [Id || #{id := Id} <- Handlers]}],
    ets:insert(?TABLE, Rows),
    _ = [ets:delete(?TABLE, {module, M}) || [M] <- ets:match(?TABLE, {{module, '$1'}, '_'}),
                                            not is_map_key(M, Modules)],
    _ = [ets:delete(?TABLE, {handler, Id})
         || [Id] <- ets:match(?TABLE, {{handler, '$1'}, '_'}),
            not lists:any(fun(#{id := Other}) -> Other =:= Id end, Handlers)],
    ok.

%% ---- levels ----

-spec number(logger:level() | all | none) -> integer().
number(none) -> -1;
number(emergency) -> 0;
number(alert) -> 1;
number(critical) -> 2;
number(error) -> 3;
number(warning) -> 4;
number(notice) -> ?NOTICE;
number(info) -> 6;
number(debug) -> 7;
number(all) -> 10.

name(Number) ->
    {Name, Number} = lists:keyfind(Number, 2, [{L, number(L)}
                                               || L <- [none, emergency, alert, critical, error,
                                                        warning, notice, info, debug, all]]),
    Name.

%% ---- defaults ----

-spec default() -> config().
default() ->
    #{primary => #{level => notice, filters => [], filter_default => log, metadata => #{}},
      modules => #{},
      proxy => maps:merge(logger_olp:defaults(),
                          #{sync_mode_qlen => 500, drop_mode_qlen => 1000, flush_qlen => 5000,
                            burst_limit_enable => false}),
      handlers =>
          [#{id => default, module => logger_std_h, level => all, filter_default => stop,
             filters => [{remote_gl, {fun logger_filters:remote_gl/2, stop}},
                         {domain, {fun logger_filters:domain/2, {log, super, [otp, sasl]}}},
                         {no_domain, {fun logger_filters:domain/2, {log, undefined, []}}}],
             formatter => {logger_formatter, #{legacy_header => true, single_line => false}},
             config => maps:merge((logger_olp:defaults())#{burst_limit_enable := false},
                                  #{type => standard_error,
                                    filesync_repeat_interval => no_repeat})}]}.
