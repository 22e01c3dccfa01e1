%% Events of programs: levels, filters, handlers. Configuration lies with one process, started at
%% the first need; an event is filtered and given to the handlers by who logs it.
-module(logger).
-export([emergency/1, emergency/2, emergency/3, alert/1, alert/2, alert/3,
         critical/1, critical/2, critical/3, error/1, error/2, error/3,
         warning/1, warning/2, warning/3, notice/1, notice/2, notice/3,
         info/1, info/2, info/3, debug/1, debug/2, debug/3,
         log/2, log/3, log/4, allow/2, macro_log/3, macro_log/4, macro_log/5,
         add_handler/3, remove_handler/1, add_handlers/1, get_handler_ids/0,
         get_handler_config/0, get_handler_config/1, set_handler_config/2, set_handler_config/3,
         update_handler_config/2, update_handler_config/3, update_formatter_config/2,
         update_formatter_config/3,
         get_primary_config/0, set_primary_config/1, set_primary_config/2,
         update_primary_config/1, get_config/0, reconfigure/0,
         add_primary_filter/2, remove_primary_filter/1, add_handler_filter/3,
         remove_handler_filter/2,
         set_module_level/2, unset_module_level/0, unset_module_level/1, get_module_level/0,
         get_module_level/1, set_application_level/2, unset_application_level/1,
         set_process_metadata/1, update_process_metadata/1, unset_process_metadata/0,
         get_process_metadata/0, get_proxy_config/0, set_proxy_config/1, update_proxy_config/1,
         compare_levels/2, timestamp/0, format_report/1, format_otp_report/1,
         i/0, i/1, print/1]).
-export_type([level/0, metadata/0, log_event/0, report/0, msg_fun/0, handler_config/0,
              primary_config/0, handler_id/0, filter/0, filter_id/0, filter_return/0,
              formatter_config/0, timestamp/0, report_cb/0, report_cb_config/0, olp_config/0]).

-type level() :: emergency | alert | critical | error | warning | notice | info | debug.
-type report() :: map() | [{atom(), term()}].
%% Also with metadata, {Message, Metadata}, or nothing to say.
-type msg() :: {io:format(), [term()]} | report() | unicode:chardata().
-type msg_fun() :: fun((term()) -> msg() | {msg(), metadata()} | ignore | {ignore, metadata()}).
-type timestamp() :: integer().
-type metadata() :: map().
-type report_cb_config() :: map().
-type report_cb() :: fun((report()) -> {io:format(), [term()]})
                   | fun((report(), report_cb_config()) -> unicode:chardata()).
-type log_event() :: #{level := level(), msg := term(), meta := metadata()}.
-type handler_id() :: atom().
-type filter_id() :: atom().
-type filter_return() :: stop | ignore | log_event().
-type filter() :: {fun((log_event(), term()) -> filter_return()), term()}.
-type handler_config() :: map().
-type primary_config() :: map().
-type formatter_config() :: map().
-type olp_config() :: map().

%% ---- logging ----

%% Logs at this level: a string, a report, or a format with arguments.
-spec emergency(unicode:chardata() | report()) -> ok.
emergency(X) -> log(emergency, X).
-spec emergency(term(), term()) -> ok.
emergency(X, Y) -> log(emergency, X, Y).
-spec emergency(term(), term(), metadata()) -> ok.
emergency(X, Y, Meta) -> log(emergency, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec alert(unicode:chardata() | report()) -> ok.
alert(X) -> log(alert, X).
-spec alert(term(), term()) -> ok.
alert(X, Y) -> log(alert, X, Y).
-spec alert(term(), term(), metadata()) -> ok.
alert(X, Y, Meta) -> log(alert, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec critical(unicode:chardata() | report()) -> ok.
critical(X) -> log(critical, X).
-spec critical(term(), term()) -> ok.
critical(X, Y) -> log(critical, X, Y).
-spec critical(term(), term(), metadata()) -> ok.
critical(X, Y, Meta) -> log(critical, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec error(unicode:chardata() | report()) -> ok.
error(X) -> log(error, X).
-spec error(term(), term()) -> ok.
error(X, Y) -> log(error, X, Y).
-spec error(term(), term(), metadata()) -> ok.
error(X, Y, Meta) -> log(error, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec warning(unicode:chardata() | report()) -> ok.
warning(X) -> log(warning, X).
-spec warning(term(), term()) -> ok.
warning(X, Y) -> log(warning, X, Y).
-spec warning(term(), term(), metadata()) -> ok.
warning(X, Y, Meta) -> log(warning, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec notice(unicode:chardata() | report()) -> ok.
notice(X) -> log(notice, X).
-spec notice(term(), term()) -> ok.
notice(X, Y) -> log(notice, X, Y).
-spec notice(term(), term(), metadata()) -> ok.
notice(X, Y, Meta) -> log(notice, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec info(unicode:chardata() | report()) -> ok.
info(X) -> log(info, X).
-spec info(term(), term()) -> ok.
info(X, Y) -> log(info, X, Y).
-spec info(term(), term(), metadata()) -> ok.
info(X, Y, Meta) -> log(info, X, Y, Meta).

%% Logs at this level: a string, a report, or a format with arguments.
-spec debug(unicode:chardata() | report()) -> ok.
debug(X) -> log(debug, X).
-spec debug(term(), term()) -> ok.
debug(X, Y) -> log(debug, X, Y).
-spec debug(term(), term(), metadata()) -> ok.
debug(X, Y, Meta) -> log(debug, X, Y, Meta).

%% Logs at a level.
-spec log(level(), unicode:chardata() | report()) -> ok.
log(Level, What) -> log_it(Level, message(What), #{}).

%% A format and its arguments, or a text or report and metadata.
-spec log(level(), term(), term()) -> ok.
log(Level, Format, Args) when is_list(Args), not is_map(Format), not is_function(Format) ->
    log_it(Level, format(Format, Args), #{});
log(Level, Fun, Arg) when is_function(Fun, 1), not is_map(Arg) ->
    log_it(Level, {later, Fun, Arg}, #{});
log(Level, What, Meta) when is_map(Meta) -> log_it(Level, message(What), Meta).

-spec log(level(), term(), term(), metadata()) -> ok.
log(Level, Fun, Arg, Meta) when is_function(Fun, 1), is_map(Meta) ->
    log_it(Level, {later, Fun, Arg}, Meta);
log(Level, Format, Args, Meta) when is_list(Args), is_map(Meta) ->
    log_it(Level, format(Format, Args), Meta).

format(Format, Args) when is_atom(Format) -> {atom_to_list(Format), Args};
format(Format, Args) when is_list(Format); is_binary(Format) -> {Format, Args}.

-spec macro_log(map(), level(), term()) -> ok.
macro_log(Location, Level, What) -> log_it(Level, message(What), Location).
-spec macro_log(map(), level(), term(), term()) -> ok.
macro_log(Location, Level, Format, Args) when is_list(Args) ->
    log_it(Level, format(Format, Args), Location);
macro_log(Location, Level, Fun, Arg) when is_function(Fun, 1), not is_map(Arg) ->
    log_it(Level, {later, Fun, Arg}, Location);
macro_log(Location, Level, What, Meta) ->
    log_it(Level, message(What), maps:merge(Location, Meta)).
-spec macro_log(map(), level(), term(), term(), metadata()) -> ok.
macro_log(Location, Level, X, Y, Meta) -> log(Level, X, Y, maps:merge(Location, Meta)).

message(Report) when is_map(Report) -> {report, Report};
message([{_, _} | _] = Report) -> {report, Report};
message(Text) when is_list(Text); is_binary(Text) -> {string, Text}.

-spec allow(level(), module()) -> boolean().
allow(Level, Module) -> number(Level) =< logger_config:level(Module).

log_it(Level, Message, Given) ->
    Module = case Given of #{mfa := {M, _, _}} -> M; _ -> undefined end,
    case number(Level) =< logger_config:level(Module) of
        true -> log_allowed(Level, Message, Given);
        false -> ok
    end.

log_allowed(Level, Message, Given) ->
    #{metadata := Default} = Primary = logger_config:primary(),
    Process = case get('$logger_metadata$') of
                  undefined -> #{};
                  Set -> Set
              end,
    Base = #{pid => self(), gl => group_leader(), time => timestamp()},
    Meta = lists:foldl(fun(New, Old) -> maps:merge(Old, New) end, Base, [Default, Process, Given]),
    case computed(Message, Meta) of
        ignore -> ok;
        {Computed, FullMeta} ->
            case filtered(#{level => Level, msg => Computed, meta => FullMeta}, Primary, primary) of
                stop -> ok;
                Kept ->
                    N = number(Level),
                    lists:foreach(fun(Handler) -> handle(Kept, N, Handler) end, logger_config:handlers())
            end
    end.

%% A fun's message, with metadata that go before those that were given; it may also have nothing to say.
computed({later, Fun, Arg}, Meta) ->
    try Fun(Arg) of
        ignore -> ignore;
        {ignore, _} -> ignore;
        {Message, More} when is_map(More) -> {returned(Message, Fun, Arg), maps:merge(Meta, More)};
        Message -> {returned(Message, Fun, Arg), Meta}
    catch
        Class:Reason -> {{"LAZY_FUN CRASH: ~tp; Reason: ~tp", [{Fun, Arg}, {Class, Reason}]}, Meta}
    end;
computed(Message, Meta) -> {Message, Meta}.

returned({Format, Args}, _, _) when is_list(Args) -> format(Format, Args);
returned(Report, _, _) when is_map(Report) -> {report, Report};
returned(Other, Fun, Arg) ->
    try message(Other)
    catch error:_ -> {"LAZY_FUN ERROR: ~tp; Returned: ~tp", [{Fun, Arg}, Other]}
    end.

%% A handler that fails is removed.
handle(Event, N, #{id := Id, level := Least, module := Module} = Handler) ->
    case N =< logger_config:number(Least) andalso filtered(Event, Handler, Id) of
        false -> ok;
        stop -> ok;
        Kept ->
            try Module:log(Kept, Handler)
            catch
                Class:Reason:Stack ->
                    case remove_handler(Id) of
                        ok ->
                            internal([{logger, removed_failing_handler}, {handler, {Id, Module}},
                                      {log_event, Kept}, {config, Handler},
                                      {reason, {Class, Reason, Stack}}]);
                        {error, _} -> ok
                    end
            end
    end.

filtered(Event, #{filters := Filters, filter_default := Default}, Owner) ->
    filtered(Filters, Event, ignore, Default, Owner).

filtered([], Event, ignore, log, _) -> Event;
filtered([], _, ignore, stop, _) -> stop;
filtered([], Event, log, _, _) -> Event;
filtered([{Id, {Fun, Arg}} = Filter | Filters], Event, State, Default, Owner) ->
    try Fun(Event, Arg) of
        stop -> stop;
        ignore -> filtered(Filters, Event, State, Default, Owner);
        #{level := _, msg := _, meta := _} = Changed ->
            filtered(Filters, Changed, log, Default, Owner);
        Other ->
            removed_filter(Owner, Id, Filter, Event, {bad_return_value, Other}),
            filtered(Filters, Event, State, Default, Owner)
    catch
        Class:Reason:Stack ->
            removed_filter(Owner, Id, Filter, Event, {Class, Reason, Stack}),
            filtered(Filters, Event, State, Default, Owner)
    end.

%% So is a filter.
removed_filter(Owner, Id, Filter, Event, Reason) ->
    Removed = case Owner of
                  primary -> remove_primary_filter(Id);
                  _ -> remove_handler_filter(Owner, Id)
              end,
    case Removed of
        ok ->
            internal([{logger, removed_failing_filter}, {filter, Filter}, {owner, Owner},
                      {log_event, Event}, {reason, Reason}]);
        {error, _} -> ok
    end.

%% What the logger has to say itself.
internal(Report) ->
    log(debug, Report, #{domain => [otp, logger]}).

%% ---- configuration ----

change(Fun) -> logger_config:change(Fun).

%% ---- primary ----

%% The configuration that is no handler's.
-spec get_primary_config() -> primary_config().
get_primary_config() -> logger_config:primary().

%% Sets the configuration that is no handler's, or a key of it.
-spec set_primary_config(primary_config()) -> ok | {error, term()}.
set_primary_config(Given) when is_map(Given) ->
    change_primary(fun(_) -> maps:merge(maps:get(primary, logger_config:default()), Given) end);
set_primary_config(Given) -> {error, {invalid_config, Given}}.

-spec set_primary_config(level | filter_default | filters | metadata, term()) ->
          ok | {error, term()}.
set_primary_config(Key, Value) -> change_primary(fun(Old) -> Old#{Key => Value} end).

%% Changes keys of the configuration that is no handler's.
-spec update_primary_config(primary_config()) -> ok | {error, term()}.
update_primary_config(Given) -> change_primary(fun(Old) -> maps:merge(Old, Given) end).

change_primary(Fun) ->
    change(fun(#{primary := Old} = Config) ->
                   New = Fun(Old),
                   check_primary(New),
                   {ok, Config#{primary := New}}
           end).

check_primary(Config) ->
    maps:foreach(fun(Key, Value) ->
                         lists:member(Key, [level, filters, filter_default, metadata]) orelse
                             throw({error, {invalid_primary_config, {Key, Value}}})
                 end, Config),
    check_common(Config).

%% Throws the answer when something is wrong.
check_common(Config) ->
    maps:foreach(fun check_item/2, Config).

check_item(level, Level) ->
    case lists:member(Level, [all, none | levels()]) of
        true -> ok;
        false -> throw({error, {invalid_level, Level}})
    end;
check_item(filter_default, Default) when Default =/= log, Default =/= stop ->
    throw({error, {invalid_filter_default, Default}});
check_item(filters, Filters) when not is_list(Filters) ->
    throw({error, {invalid_filters, Filters}});
check_item(filters, Filters) -> lists:foreach(fun check_filter/1, Filters);
check_item(metadata, Meta) when not is_map(Meta) -> throw({error, {invalid_metadata, Meta}});
check_item(formatter, {Module, Config}) when is_atom(Module) ->
    _ = code:ensure_loaded(Module),
    case erlang:function_exported(Module, check_config, 1) andalso callback(fun() -> Module:check_config(Config) end) of
        false -> ok;
        ok -> ok;
        {error, Reason} -> throw({error, Reason})
    end;
check_item(formatter, {Module, _}) -> throw({error, {invalid_module, Module}});
check_item(formatter, Formatter) -> throw({error, {invalid_formatter, Formatter}});
check_item(module, Module) when not is_atom(Module) -> throw({error, {invalid_module, Module}});
check_item(_, _) -> ok.

check_filter({Id, {Fun, _}}) when is_atom(Id), is_function(Fun, 2) -> ok;
check_filter(Filter) -> throw({error, {invalid_filter, Filter}}).

%% ---- handlers ----

%% Adds a handler.
-spec add_handler(handler_id(), module(), handler_config()) -> ok | {error, term()}.
add_handler(Id, Module, Given) when is_atom(Id), is_atom(Module), is_map(Given) ->
    Config = maps:merge(handler_defaults(), Given#{id => Id, module => Module}),
    case lists:member(Id, get_handler_ids()) of
        true -> {error, {already_exist, Id}};
        false ->
            try
                check_common(Config),
                _ = code:ensure_loaded(Module),
                erlang:function_exported(Module, log, 2) orelse
                    throw({error, {invalid_handler, {function_not_exported, {Module, log, 2}}}}),
                case erlang:function_exported(Module, adding_handler, 1)
                    andalso callback(fun() -> Module:adding_handler(Config) end) of
                    false -> put_handler(Config);
                    {ok, Checked} -> put_handler(Checked);
                    {error, Reason} -> {error, {handler_not_added, Reason}};
                    Other -> {error, {handler_not_added, {callback_crashed, {error, {case_clause, Other}, []}}}}
                end
            catch throw:Error -> Error
            end
    end;
add_handler(Id, _, _) when not is_atom(Id) -> {error, {invalid_id, Id}};
add_handler(_, Module, _) when not is_atom(Module) -> {error, {invalid_module, Module}};
add_handler(_, _, Given) -> {error, {invalid_config, Given}}.

%% What a module of a handler or formatter answers, or why it does not.
callback(Fun) ->
    try Fun()
    catch Class:Reason:Stack -> {error, {callback_crashed, {Class, Reason, Stack}}}
    end.

handler_defaults() ->
    #{level => all, filter_default => log, filters => [], formatter => {logger_formatter, #{}}}.

put_handler(Handler) ->
    change(fun(#{handlers := Handlers} = Config) ->
                   {ok, Config#{handlers := [Handler | Handlers]}}
           end).

%% What kernel's parameter logger says, or the list given: see reconfigure/0.
-spec add_handlers(atom() | [term()]) -> ok | {error, term()}.
add_handlers(Application) when is_atom(Application) ->
    add_handlers(application:get_env(Application, logger, []));
add_handlers(Items) when is_list(Items) ->
    Add = fun(Item, ok) -> configure(Item);
             (_, Error) -> Error
          end,
    lists:foldl(Add, ok, Items).

configure({handler, Id, undefined}) ->
    case remove_handler(Id) of
        {error, {not_found, _}} -> ok;
        Result -> Result
    end;
configure({handler, Id, Module, Config}) ->
    case lists:member(Id, get_handler_ids()) of
        true when Id =:= default ->
            ok = remove_handler(default),
            add_handler(default, Module, maps:merge(default_handler(), Config));
        _ -> add_handler(Id, Module, Config)
    end;
configure({filters, Default, Filters}) ->
    update_primary_config(#{filter_default => Default, filters => Filters});
configure({module_level, Level, Modules}) -> set_module_level(Modules, Level);
configure({proxy, Config}) -> update_proxy_config(Config);
configure(Other) -> {error, {bad_config, {kernel, {logger, Other}}}}.

default_handler() ->
    [Handler] = maps:get(handlers, logger_config:default()),
    maps:with([filters, filter_default, formatter, level], Handler).

%% Removes a handler.
-spec remove_handler(handler_id()) -> ok | {error, term()}.
remove_handler(Id) ->
    case logger_config:handler(Id) of
        {ok, #{module := Module} = Handler} ->
            _ = [Module:removing_handler(Handler)
                 || erlang:function_exported(Module, removing_handler, 1)],
            change(fun(#{handlers := Handlers} = Config) ->
                           Left = [H || #{id := Other} = H <- Handlers, Other =/= Id],
                           {ok, Config#{handlers := Left}}
                   end);
        error -> {error, {not_found, Id}}
    end.

%% The handlers there are.
-spec get_handler_ids() -> [handler_id()].
get_handler_ids() -> [Id || #{id := Id} <- logger_config:handlers()].

%% The configuration of a handler, or of all.
-spec get_handler_config() -> [handler_config()].
get_handler_config() -> [shown(Handler) || Handler <- logger_config:handlers()].

-spec get_handler_config(handler_id()) -> {ok, handler_config()} | {error, term()}.
get_handler_config(Id) ->
    case logger_config:handler(Id) of
        {ok, Handler} -> {ok, shown(Handler)};
        error -> {error, {not_found, Id}}
    end.

%% Without what is the handler's own.
shown(#{module := Module} = Handler) ->
    case erlang:function_exported(Module, filter_config, 1) of
        true -> Module:filter_config(Handler);
        false -> Handler
    end.

%% Sets the configuration of a handler, or a key of it.
-spec set_handler_config(handler_id(), handler_config()) -> ok | {error, term()}.
set_handler_config(Id, Given) ->
    change_handler(Id, set,
                   fun(Old) ->
                           maps:merge(maps:merge(handler_defaults(), maps:with([id, module], Old)),
                                      Given)
                   end).

-spec set_handler_config(handler_id(), atom(), term()) -> ok | {error, term()}.
set_handler_config(Id, Key, Value) -> change_handler(Id, set, fun(Old) -> Old#{Key => Value} end).

%% Changes keys of the configuration of a handler.
-spec update_handler_config(handler_id(), handler_config()) -> ok | {error, term()}.
update_handler_config(Id, Given) ->
    change_handler(Id, update, fun(Old) -> maps:merge(Old, Given) end).

-spec update_handler_config(handler_id(), atom(), term()) -> ok | {error, term()}.
update_handler_config(Id, Key, Value) ->
    change_handler(Id, update, fun(Old) -> Old#{Key => Value} end).

change_handler(Id, How, Fun) ->
    case logger_config:handler(Id) of
        {ok, #{module := Module} = Old} ->
            try
                New = Fun(Old),
                _ = [throw({error, {illegal_config_change, #{Key => maps:get(Key, Old)},
                                    #{Key => maps:get(Key, New)}}})
                     || Key <- [id, module], maps:get(Key, Old) =/= maps:get(Key, New)],
                check_common(New),
                Checked = case changing_config(Module, How, Old, New) of
                              {ok, Allowed} -> Allowed;
                              {error, Reason} -> throw({error, Reason})
                          end,
                store_handler(Id, Checked)
            catch throw:Error -> Error
            end;
        error -> {error, {not_found, Id}}
    end.

%% Older handlers are not told how.
changing_config(Module, How, Old, New) ->
    case {erlang:function_exported(Module, changing_config, 3),
          erlang:function_exported(Module, changing_config, 2)} of
        {true, _} -> callback(fun() -> Module:changing_config(How, Old, New) end);
        {_, true} -> callback(fun() -> Module:changing_config(Old, New) end);
        _ -> {ok, New}
    end.

store_handler(Id, New) ->
    change(fun(#{handlers := Handlers} = Config) ->
                   Replaced = [case H of
                                   #{id := Id} -> New;
                                   _ -> H
                               end || H <- Handlers],
                   {ok, Config#{handlers := Replaced}}
           end).

%% Changes keys of the configuration of a handler's formatter.
-spec update_formatter_config(handler_id(), formatter_config()) -> ok | {error, term()}.
update_formatter_config(_, Given) when not is_map(Given) -> {error, {invalid_formatter_config, Given}};
update_formatter_config(Id, Given) ->
    change_handler(Id, update,
                   fun(#{formatter := {Module, Old}} = Config) ->
                           Config#{formatter := {Module, maps:merge(Old, Given)}}
                   end).

-spec update_formatter_config(handler_id(), atom(), term()) -> ok | {error, term()}.
update_formatter_config(Id, Key, Value) -> update_formatter_config(Id, #{Key => Value}).

%% ---- filters ----

%% Adds a filter that all events pass.
-spec add_primary_filter(filter_id(), filter()) -> ok | {error, term()}.
add_primary_filter(Id, Filter) ->
    change_primary(fun(#{filters := Filters} = Old) -> Old#{filters := added(Id, Filter, Filters)}
                   end).

%% Removes a filter that all events pass.
-spec remove_primary_filter(filter_id()) -> ok | {error, term()}.
remove_primary_filter(Id) ->
    change_primary(fun(#{filters := Filters} = Old) -> Old#{filters := removed(Id, Filters)} end).

%% Adds a filter to a handler.
-spec add_handler_filter(handler_id(), filter_id(), filter()) -> ok | {error, term()}.
add_handler_filter(Handler, Id, Filter) ->
    change_handler(Handler, update,
                   fun(#{filters := Filters} = Old) ->
                           Old#{filters := added(Id, Filter, Filters)}
                   end).

%% Removes a filter of a handler.
-spec remove_handler_filter(handler_id(), filter_id()) -> ok | {error, term()}.
remove_handler_filter(Handler, Id) ->
    change_handler(Handler, update,
                   fun(#{filters := Filters} = Old) -> Old#{filters := removed(Id, Filters)} end).

added(Id, Filter, Filters) ->
    check_filter({Id, Filter}),
    case lists:keymember(Id, 1, Filters) of
        true -> throw({error, {already_exist, Id}});
        false -> Filters ++ [{Id, Filter}]
    end.

removed(Id, Filters) ->
    case lists:keytake(Id, 1, Filters) of
        {value, _, Left} -> Left;
        false -> throw({error, {not_found, Id}})
    end.

%% ---- levels of modules ----

%% Sets the level for modules.
-spec set_module_level(module() | [module()], level() | all | none) -> ok | {error, term()}.
set_module_level(Module, Level) when is_atom(Module) -> set_module_level([Module], Level);
set_module_level([Module | _] = Modules, Level) when is_atom(Module) ->
    change(fun(#{modules := Old} = Config) ->
                   check_item(level, Level),
                   New = maps:from_list([{M, Level} || M <- Modules]),
                   {ok, Config#{modules := maps:merge(Old, New)}}
           end);
set_module_level(Modules, _) -> {error, {not_a_list_of_modules, Modules}}.

%% Removes the level for modules.
-spec unset_module_level() -> ok.
unset_module_level() -> change(fun(Config) -> {ok, Config#{modules := #{}}} end).

-spec unset_module_level(module() | [module()]) -> ok.
unset_module_level(Module) when is_atom(Module) -> unset_module_level([Module]);
unset_module_level(Modules) when not is_list(Modules); not is_atom(hd(Modules)) ->
    {error, {not_a_list_of_modules, Modules}};
unset_module_level(Modules) ->
    change(fun(#{modules := Old} = Config) -> {ok, Config#{modules := maps:without(Modules, Old)}}
           end).

%% Levels that were set for modules.
-spec get_module_level() -> [{module(), level() | all | none}].
get_module_level() -> lists:sort(maps:to_list(logger_config:modules())).

-spec get_module_level(module() | [module()]) -> [{module(), level() | all | none}].
get_module_level(Module) when is_atom(Module) -> get_module_level([Module]);
get_module_level(Modules) -> [{M, L} || {M, L} <- get_module_level(), lists:member(M, Modules)].

%% Sets the level for the modules of an application.
-spec set_application_level(atom(), level() | all | none) -> ok | {error, term()}.
set_application_level(Application, Level) ->
    case application:get_key(Application, modules) of
        {ok, Modules} -> set_module_level(Modules, Level);
        undefined -> {error, {not_loaded, Application}}
    end.

%% Removes the level for the modules of an application.
-spec unset_application_level(atom()) -> ok | {error, term()}.
unset_application_level(Application) ->
    case application:get_key(Application, modules) of
        {ok, Modules} -> unset_module_level(Modules);
        undefined -> {error, {not_loaded, Application}}
    end.

%% ---- metadata of processes ----

%% Sets what this process adds to its events.
-spec set_process_metadata(metadata()) -> ok.
set_process_metadata(Meta) when is_map(Meta) ->
    put('$logger_metadata$', Meta),
    ok;
set_process_metadata(Meta) -> erlang:error(badarg, [Meta]).

%% Changes keys of what this process adds to its events.
-spec update_process_metadata(metadata()) -> ok.
update_process_metadata(Meta) when is_map(Meta) ->
    case get_process_metadata() of
        undefined -> set_process_metadata(Meta);
        Old -> set_process_metadata(maps:merge(Old, Meta))
    end;
update_process_metadata(Meta) -> erlang:error(badarg, [Meta]).

%% What this process adds to its events.
-spec get_process_metadata() -> metadata() | undefined.
get_process_metadata() -> get('$logger_metadata$').

%% This process adds nothing to its events any more.
-spec unset_process_metadata() -> ok.
unset_process_metadata() ->
    erase('$logger_metadata$'),
    ok.

%% ---- the rest ----

%% All of the configuration.
-spec get_config() -> map().
get_config() ->
    #{primary => get_primary_config(), handlers => get_handler_config(),
      proxy => get_proxy_config(), module_levels => get_module_level()}.

%% As kernel's parameters logger_level, logger_metadata and logger say now.
-spec reconfigure() -> ok | {error, term()}.
reconfigure() ->
    _ = [remove_handler(Id) || Id <- get_handler_ids()],
    change(fun(_) -> {ok, logger_config:default()} end),
    Primary = [{Key, Value} || {Key, Parameter} <- [{level, logger_level},
                                                    {metadata, logger_metadata}],
                               {ok, Value} <- [application:get_env(kernel, Parameter)]],
    case update_primary_config(maps:from_list(Primary)) of
        ok -> add_handlers(kernel);
        Error -> Error
    end.

%% That of the proxy for other nodes.
-spec get_proxy_config() -> olp_config().
get_proxy_config() -> logger_config:proxy().
%% Sets that of the proxy for other nodes.
-spec set_proxy_config(olp_config()) -> ok.
set_proxy_config(Given) -> change(fun(Config) -> {ok, Config#{proxy := Given}} end).
%% Changes keys of that of the proxy.
-spec update_proxy_config(olp_config()) -> ok.
update_proxy_config(Given) ->
    change(fun(#{proxy := Old} = Config) -> {ok, Config#{proxy := maps:merge(Old, Given)}} end).

%% Which of two levels is more severe: gt, lt or eq.
-spec compare_levels(level(), level()) -> lt | eq | gt.
compare_levels(Level, Level) ->
    _ = rank(Level),
    eq;
compare_levels(A, B) ->
    case rank(A) < rank(B) of
        true -> gt;
        false -> lt
    end.

rank(none) -> -1;
rank(all) -> 8;
rank(Level) -> try number(Level) catch error:function_clause -> erlang:error(badarg, [Level]) end.

levels() -> [emergency, alert, critical, error, warning, notice, info, debug].

number(emergency) -> 0;
number(alert) -> 1;
number(critical) -> 2;
number(error) -> 3;
number(warning) -> 4;
number(notice) -> 5;
number(info) -> 6;
number(debug) -> 7.

%% The time, in microseconds.
-spec timestamp() -> timestamp().
timestamp() -> os:system_time(microsecond).

-spec format_otp_report(report()) -> {io:format(), [term()]}.
format_otp_report(#{label := _, report := Report}) -> format_report(Report);
format_otp_report(Report) -> format_report(Report).

%% Format and arguments that show a report.
-spec format_report(report()) -> {io:format(), [term()]}.
format_report(Report) when is_map(Report) -> format_report(lists:sort(maps:to_list(Report)));
format_report([_ | _] = Report) ->
    case is_empty(Report) orelse io_lib:printable_unicode_list(Report) of
        true when hd(Report) =:= [] -> {"~tp", [[]]};
        true -> {"~ts", [Report]};
        false ->
            try lists:unzip([line_of(Item) || Item <- Report]) of
                {_, []} -> {"~tp", [[]]};
                {Formats, Args} -> {lists:append(lists:join("\n", Formats)), lists:append(Args)}
            catch
                error:_ -> {"~tp", [Report]} % no proper list
            end
    end;
format_report(Report) -> {"~tp", [Report]}.

%% Nothing but empty lists.
is_empty([[] | Items]) -> is_empty(Items);
is_empty(Items) -> Items =:= [].

line_of({Key, Value}) ->
    {"    ~tp: " ++ directive(Value), [Key, Value]};
line_of(Other) -> {"    ~tp", [Other]}.

%% Text may be of several parts.
directive([_ | _] = Term) ->
    try lists:flatten(Term) of
        [_ | _] = Flat ->
            case io_lib:printable_unicode_list(Flat) of
                true -> "~ts";
                false -> "~tp"
            end;
        [] -> "~tp"
    catch
        error:_ -> "~tp" % no proper list
    end;
directive(_) -> "~tp".

%% Prints it for people.
-spec i() -> ok.
i() -> lists:foreach(fun i/1, [primary, handlers, proxy, modules]).

-spec i(primary | handlers | proxy | modules | handler_id()) -> ok | {error, term()}.
i(primary) -> io:put_chars(muster_logger_info:primary(get_primary_config()));
i(handlers) -> io:put_chars(muster_logger_info:handlers(get_handler_config()));
i(proxy) -> io:put_chars(muster_logger_info:proxy(get_proxy_config()));
i(modules) -> io:put_chars(muster_logger_info:modules(get_module_level()));
i(Id) when is_atom(Id) ->
    case get_handler_config(Id) of
        {ok, Handler} -> io:put_chars(muster_logger_info:handlers([Handler]));
        Error -> Error
    end.

-spec print(term()) -> ok.
print(Term) -> io:format("~tp~n", [Term]).
