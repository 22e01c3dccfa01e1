%% What handlers with a process of their own share: their configuration, and how events get there as
%% text. The handler's module has check_config/1, fixed/0 (what cannot be changed) and, for the process, open/2, write/2, sync/1,
%% close/1 and info/2.
-module(logger_h_common).
-export([adding_handler/1, changing_config/3, removing_handler/1, filter_config/1, log/2,
         filesync/2]).
-export([init/1, handle_load/2, handle_call/3, handle_info/2, terminate/2, notify/2, restart/1, gone/1]).

-spec adding_handler(logger:handler_config()) -> {ok, logger:handler_config()} | {error, term()}.
adding_handler(#{id := Id, module := Module} = Handler) ->
    case complete(Module, named(Id, maps:get(config, Handler, #{}))) of
        {ok, Config} ->
            Checked = Handler#{config => Config},
            case logger_olp:start(name(Module, Id), ?MODULE, Checked, olp_options(Config)) of
                {ok, Olp} -> {ok, Checked#{config := Config#{olp => Olp}}};
                {error, Reason} -> {error, Reason}
            end;
        {error, _} = Error -> Error
    end.

%% A file is called as its handler is, unless it is named.
named(Id, #{type := file} = Given) when not is_map_key(file, Given) -> Given#{file => atom_to_list(Id)};
named(_, Given) -> Given.

name(Module, Id) -> list_to_atom(atom_to_list(Module) ++ "_" ++ atom_to_list(Id)).

%% With defaults, checked.
complete(Module, Given) when is_map(Given) ->
    Olp = maps:merge(logger_olp:defaults(), maps:with(olp_keys(), Given)),
    Own = maps:without([olp | olp_keys()], Given),
    case Module:check_config(Own) of
        {ok, Config} ->
            case logger_olp:check(Olp) of
                ok -> {ok, maps:merge(Olp, Config)};
                {error, {invalid_olp_config, Wrong}} ->
                    {error, {invalid_config, Module, Wrong}};
                {error, _} = Error -> Error
            end;
        {error, Wrong} -> {error, {invalid_config, Module, Wrong}}
    end;
complete(Module, Given) -> {error, {invalid_config, Module, Given}}.

olp_keys() -> maps:keys(logger_olp:defaults()).
olp_options(Config) -> maps:with(olp_keys(), Config).

-spec changing_config(set | update, logger:handler_config(), logger:handler_config()) ->
          {ok, logger:handler_config()} | {error, term()}.
changing_config(How, #{module := Module, config := Old}, New) ->
    Given = maps:get(config, New, #{}),
    Keys = Module:fixed(),
    Fixed = maps:with(Keys, Old),
    Base = case How of
               set -> Fixed;
               update -> maps:remove(olp, Old)
           end,
    Merged = maps:merge(Base, maps:remove(olp, Given)),
    case {maps:with(Keys, Module:same_config(Merged)), complete(Module, Merged)} of
        {Fixed, {ok, Config}} -> {ok, New#{config => changed(Config, Old)}};
        {Fixed, {error, _} = Error} -> Error;
        {Other, _} -> {error, {illegal_config_change, Module, Fixed, Other}}
    end.

changed(Config, #{olp := Olp}) ->
    logger_olp:set_options(Olp, olp_options(Config)),
    ok = logger_olp:call(Olp, {config, Config}),
    Config#{olp => Olp};
changed(Config, _) -> Config.

-spec removing_handler(logger:handler_config()) -> ok.
removing_handler(#{config := #{olp := Olp}}) -> logger_olp:stop(Olp);
removing_handler(_) -> ok.

-spec filter_config(logger:handler_config()) -> logger:handler_config().
filter_config(#{config := Config} = Handler) -> Handler#{config := maps:remove(olp, Config)};
filter_config(Handler) -> Handler.

-spec log(logger:log_event(), logger:handler_config()) -> ok.
log(Event, #{config := #{olp := Olp}} = Handler) ->
    logger_olp:load(Olp, {log, text(Event, Handler)}).

text(#{meta := _} = Event, #{formatter := {Formatter, Config}}) ->
    Text = try Formatter:format(Event, Config)
           catch
               Class:Reason ->
                   %% Something is told in any case.
                   Default = #{},
                   logger_formatter:format(
                     Event#{msg := {"FORMATTER CRASH: ~0tp of ~0tp", [{Class, Reason}, maps:get(msg, Event)]}},
                     Default)
           end,
    case unicode:characters_to_binary(Text) of
        Binary when is_binary(Binary) -> Binary;
        _ -> iolist_to_binary(io_lib:format("FORMATTER ERROR: bad return value~n", []))
    end.

-spec filesync(module(), logger:handler_id()) -> ok | {error, term()}.
filesync(Module, Id) ->
    case logger_config:handler(Id) of
        {ok, #{module := Module, config := #{olp := Olp}}} -> logger_olp:call(Olp, sync);
        {ok, #{module := Module}} -> ok;
        _ -> {error, {badarg, {filesync, [Id]}}}
    end.

%% ---- the process ----
%% dirty: written since it was last synchronised.

-record(state, {id, module, handler, config, device, dirty = false}).

-spec init(logger:handler_config()) -> {ok, #state{}} | {error, term()}.
init(#{id := Id, module := Module, config := Config} = Handler) ->
    process_flag(trap_exit, true),
    case Module:open(Id, Config) of
        {ok, Device} ->
            State = #state{id = Id, module = Module, handler = Handler, config = Config,
                           device = Device},
            sync_later(State),
            {ok, State};
        {error, _} = Error -> Error
    end.

sync_later(#state{config = #{filesync_repeat_interval := Interval}}) when is_integer(Interval) ->
    erlang:send_after(Interval, self(), sync);
sync_later(_) -> ok.

-spec handle_load([{log, binary()}], #state{}) -> #state{}.
handle_load(Items, #state{module = Module, device = Device} = State) ->
    State#state{device = Module:write([Text || {log, Text} <- Items], Device), dirty = true}.

-spec handle_call(term(), term(), #state{}) -> {reply, term(), #state{}}.
handle_call(sync, _, #state{module = Module, device = Device} = State) ->
    {Answer, New} = Module:sync(Device),
    {reply, Answer, State#state{device = New, dirty = false}};
handle_call({config, Config}, _, #state{module = Module, device = Device} = State) ->
    {reply, ok, State#state{config = Config, device = Module:configure(Config, Device)}}.

-spec handle_info(term(), #state{}) -> #state{}.
handle_info(sync, #state{module = Module, device = Device, dirty = Dirty} = State) ->
    sync_later(State),
    case Dirty of
        true ->
            {_, New} = Module:sync(Device),
            State#state{device = New, dirty = false};
        false -> State
    end;
handle_info(_, State) -> State.

-spec terminate(term(), #state{}) -> term().
terminate(_, #state{module = Module, device = Device}) -> Module:close(Device).

%% It says itself what happens to it.
-spec notify(term(), #state{}) -> #state{}.
notify({flushed, N}, #state{id = Id} = State) ->
    say("Handler ~p flushed ~w log events", [Id, N], State);
notify({mode, Old, New}, #state{id = Id} = State) ->
    say("Handler ~p switched from  ~w to ~w mode", [Id, Old, New], State);
notify(overloaded, #state{id = Id} = State) ->
    say("Handler ~p overloaded and stopping", [Id], State).

say(Format, Args, #state{id = Id, handler = Handler} = State) ->
    Meta = #{pid => self(), gl => group_leader(), time => logger:timestamp(), domain => [otp]},
    Formatter = case logger_config:handler(Id) of
                    {ok, #{formatter := Now}} -> Now;
                    error -> maps:get(formatter, Handler)
                end,
    Event = #{level => notice, msg => {Format, Args}, meta => Meta},
    handle_load([{log, text(Event, #{formatter => Formatter})}], State).

%% It has ended under its load and is not to start again: nothing is logged to it any more.
-spec gone(#state{}) -> ok | {error, term()}.
gone(#state{id = Id}) -> logger:remove_handler(Id).

%% After it has ended under its load.
-spec restart(#state{}) -> ok.
restart(#state{id = Id, module = Module, handler = Handler}) ->
    Current = case logger_config:handler(Id) of
                  {ok, #{module := Module} = Found} -> filter_config(Found);
                  _ -> Handler
              end,
    _ = logger:remove_handler(Id),
    case logger:add_handler(Id, Module, maps:without([id, module], Current)) of
        ok -> logger:notice("Handler ~p restarted", [Id]);
        {error, _} -> ok
    end.
