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
-export([serve/0]).
-export_type([level/0, metadata/0, log_event/0, report/0, msg_fun/0, handler_config/0,
              primary_config/0, handler_id/0, filter/0, filter_id/0, filter_return/0,
              formatter_config/0, timestamp/0, report_cb/0, report_cb_config/0, olp_config/0]).

-type level() :: emergency | alert | critical | error | warning | notice | info | debug.
-type report() :: map() | [{atom(), term()}].
-type msg_fun() :: fun((term()) -> {io:format(), [term()]} | report() | unicode:chardata()).
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

-spec emergency(unicode:chardata() | report()) -> ok.
emergency(X) -> log(emergency, X).
-spec emergency(term(), term()) -> ok.
emergency(X, Y) -> log(emergency, X, Y).
-spec emergency(term(), term(), metadata()) -> ok.
emergency(X, Y, Meta) -> log(emergency, X, Y, Meta).

-spec alert(unicode:chardata() | report()) -> ok.
alert(X) -> log(alert, X).
-spec alert(term(), term()) -> ok.
alert(X, Y) -> log(alert, X, Y).
-spec alert(term(), term(), metadata()) -> ok.
alert(X, Y, Meta) -> log(alert, X, Y, Meta).

-spec critical(unicode:chardata() | report()) -> ok.
critical(X) -> log(critical, X).
-spec critical(term(), term()) -> ok.
critical(X, Y) -> log(critical, X, Y).
-spec critical(term(), term(), metadata()) -> ok.
critical(X, Y, Meta) -> log(critical, X, Y, Meta).

-spec error(unicode:chardata() | report()) -> ok.
error(X) -> log(error, X).
-spec error(term(), term()) -> ok.
error(X, Y) -> log(error, X, Y).
-spec error(term(), term(), metadata()) -> ok.
error(X, Y, Meta) -> log(error, X, Y, Meta).

-spec warning(unicode:chardata() | report()) -> ok.
warning(X) -> log(warning, X).
-spec warning(term(), term()) -> ok.
warning(X, Y) -> log(warning, X, Y).
-spec warning(term(), term(), metadata()) -> ok.
warning(X, Y, Meta) -> log(warning, X, Y, Meta).

-spec notice(unicode:chardata() | report()) -> ok.
notice(X) -> log(notice, X).
-spec notice(term(), term()) -> ok.
notice(X, Y) -> log(notice, X, Y).
-spec notice(term(), term(), metadata()) -> ok.
notice(X, Y, Meta) -> log(notice, X, Y, Meta).

-spec info(unicode:chardata() | report()) -> ok.
info(X) -> log(info, X).
-spec info(term(), term()) -> ok.
info(X, Y) -> log(info, X, Y).
-spec info(term(), term(), metadata()) -> ok.
info(X, Y, Meta) -> log(info, X, Y, Meta).

-spec debug(unicode:chardata() | report()) -> ok.
debug(X) -> log(debug, X).
-spec debug(term(), term()) -> ok.
debug(X, Y) -> log(debug, X, Y).
-spec debug(term(), term(), metadata()) -> ok.
debug(X, Y, Meta) -> log(debug, X, Y, Meta).

-spec log(level(), unicode:chardata() | report()) -> ok.
log(Level, What) -> log_it(Level, message(What), #{}).

%% A format and its arguments, or a text or report and metadata.
-spec log(level(), term(), term()) -> ok.
log(Level, Format, Args) when is_list(Args), not is_map(Format) ->
    log_it(Level, {Format, Args}, #{});
log(Level, Fun, Arg) when is_function(Fun, 1), not is_map(Arg) ->
    log_it(Level, {later, Fun, Arg}, #{});
log(Level, What, Meta) when is_map(Meta) -> log_it(Level, message(What), Meta).

-spec log(level(), term(), term(), metadata()) -> ok.
log(Level, Fun, Arg, Meta) when is_function(Fun, 1), is_map(Meta) ->
    log_it(Level, {later, Fun, Arg}, Meta);
log(Level, Format, Args, Meta) when is_list(Args), is_map(Meta) ->
    log_it(Level, {Format, Args}, Meta).

-spec macro_log(map(), level(), term()) -> ok.
macro_log(Location, Level, What) -> log_it(Level, message(What), Location).
-spec macro_log(map(), level(), term(), term()) -> ok.
macro_log(Location, Level, Format, Args) when is_list(Args) ->
    log_it(Level, {Format, Args}, Location);
macro_log(Location, Level, Fun, Arg) when is_function(Fun, 1), not is_map(Arg) ->
    log_it(Level, {later, Fun, Arg}, Location);
macro_log(Location, Level, What, Meta) ->
    log_it(Level, message(What), maps:merge(Location, Meta)).
-spec macro_log(map(), level(), term(), term(), metadata()) -> ok.
macro_log(Location, Level, X, Y, Meta) -> log(Level, X, Y, maps:merge(Location, Meta)).

message(Report) when is_map(Report) -> {report, Report};
message([{_, _} | _] = Report) -> {report, Report};
message(Text) -> {string, Text}.

-spec allow(level(), module()) -> boolean().
allow(Level, Module) ->
    #{primary := #{level := Least}, modules := Modules} = config(),
    allowed(Level, maps:get(Module, Modules, Least)).

allowed(_, all) -> true;
allowed(_, none) -> false;
allowed(Level, Least) -> number(Level) =< number(Least).

log_it(Level, Message, Given) ->
    _ = number(Level),
    #{primary := Primary, modules := Modules, handlers := Handlers} = config(),
    #{level := Least, metadata := Default} = Primary,
    Module = case Given of #{mfa := {M, _, _}} -> M; _ -> undefined end,
    case allowed(Level, maps:get(Module, Modules, Least)) of
        true ->
            Process = case get('$logger_metadata$') of
                          undefined -> #{};
                          Set -> Set
                      end,
            Base = #{pid => self(), gl => group_leader(), time => timestamp()},
            Meta = lists:foldl(fun(New, Old) -> maps:merge(Old, New) end, Base,
                               [Default, Process, Given]),
            Event = #{level => Level, msg => computed(Message), meta => Meta},
            case filtered(Event, Primary) of
                stop -> ok;
                Kept -> lists:foreach(fun(Handler) -> handle(Kept, Handler) end, Handlers)
            end;
        false -> ok
    end,
    ok.

computed({later, Fun, Arg}) ->
    try Fun(Arg) of
        {Format, Args} when is_list(Args) -> {Format, Args};
        Other -> message(Other)
    catch
        Class:Reason -> {"LAZY_FUN CRASH: ~tp; Reason: ~tp", [{Fun, Arg}, {Class, Reason}]}
    end;
computed(Message) -> Message.

handle(#{level := Level} = Event, #{level := Least, module := Module} = Handler) ->
    case allowed(Level, Least) of
        true ->
            case filtered(Event, Handler) of
                stop -> ok;
                Kept ->
                    try Module:log(Kept, Handler)
                    catch _:_ -> ok
                    end
            end;
        false -> ok
    end.

filtered(Event, #{filters := Filters, filter_default := Default}) ->
    filtered(Filters, Event, ignore, Default).

filtered([], Event, ignore, log) -> Event;
filtered([], _, ignore, stop) -> stop;
filtered([], Event, log, _) -> Event;
filtered([{_, {Fun, Arg}} | Filters], Event, State, Default) ->
    try Fun(Event, Arg) of
        stop -> stop;
        ignore -> filtered(Filters, Event, State, Default);
        #{level := _, msg := _, meta := _} = Changed -> filtered(Filters, Changed, log, Default);
        _ -> filtered(Filters, Event, State, Default)
    catch
        _:_ -> filtered(Filters, Event, State, Default)
    end.

%% ---- configuration ----

config() -> ask(get).

change(Fun) -> ask({change, Fun}).

%% The process that keeps it.
ask(Request) ->
    Server = case whereis(?MODULE) of
                 undefined -> start();
                 Pid -> Pid
             end,
    Ref = monitor(process, Server),
    Server ! {?MODULE, self(), Ref, Request},
    receive
        {Ref, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, _, _} -> ask(Request)
    end.

start() ->
    Self = self(),
    Pid = spawn(fun() ->
                        try register(?MODULE, self()) of
                            true ->
                                Self ! {self(), registered},
                                serve()
                        catch
                            error:badarg -> ok
                        end
                end),
    Ref = monitor(process, Pid),
    receive
        {Pid, registered} ->
            demonitor(Ref, [flush]),
            Pid;
        {'DOWN', Ref, process, _, _} ->
            case whereis(?MODULE) of
                undefined -> start();
                Other -> Other
            end
    end.

-spec serve() -> no_return().
serve() -> serve(default_config()).

serve(Config) ->
    receive
        {?MODULE, From, Ref, get} ->
            From ! {Ref, Config},
            serve(Config);
        {?MODULE, From, Ref, {change, Fun}} ->
            try Fun(Config) of
                {Answer, NConfig} ->
                    From ! {Ref, Answer},
                    serve(NConfig)
            catch
                throw:Answer ->
                    From ! {Ref, Answer},
                    serve(Config)
            end;
        _ -> serve(Config)
    end.

default_config() ->
    #{primary => default_primary(), modules => #{}, proxy => #{},
      handlers =>
          [#{id => default, module => logger_std_h, level => all, filter_default => stop,
             filters => [{remote_gl, {fun logger_filters:remote_gl/2, stop}},
                         {domain, {fun logger_filters:domain/2, {log, super, [otp, sasl]}}},
                         {no_domain, {fun logger_filters:domain/2, {log, undefined, []}}}],
             formatter => {logger_formatter, #{legacy_header => true, single_line => false}},
             config => #{type => standard_error}}]}.

default_primary() -> #{level => notice, filters => [], filter_default => log, metadata => #{}}.

%% ---- primary ----

-spec get_primary_config() -> primary_config().
get_primary_config() -> maps:get(primary, config()).

-spec set_primary_config(primary_config()) -> ok | {error, term()}.
set_primary_config(Given) when is_map(Given) ->
    change_primary(fun(_) -> maps:merge(default_primary(), Given) end);
set_primary_config(Given) -> {error, {invalid_config, Given}}.

-spec set_primary_config(level | filter_default | filters | metadata, term()) ->
          ok | {error, term()}.
set_primary_config(Key, Value) -> change_primary(fun(Old) -> Old#{Key => Value} end).

-spec update_primary_config(primary_config()) -> ok | {error, term()}.
update_primary_config(Given) -> change_primary(fun(Old) -> maps:merge(Old, Given) end).

change_primary(Fun) ->
    change(fun(#{primary := Old} = Config) ->
                   New = Fun(Old),
                   check_common(New),
                   {ok, Config#{primary := New}}
           end).

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
check_item(module, Module) when not is_atom(Module) -> throw({error, {invalid_module, Module}});
check_item(_, _) -> ok.

check_filter({Id, {Fun, _}}) when is_atom(Id), is_function(Fun, 2) -> ok;
check_filter(Filter) -> throw({error, {invalid_filter, Filter}}).

%% ---- handlers ----

-spec add_handler(handler_id(), module(), handler_config()) -> ok | {error, term()}.
add_handler(Id, Module, Given) when is_atom(Id), is_atom(Module), is_map(Given) ->
    Config = maps:merge(#{level => all, filter_default => log, filters => [],
                          formatter => {logger_formatter, #{}}},
                        Given#{id => Id, module => Module}),
    case lists:member(Id, get_handler_ids()) of
        true -> {error, {already_exist, Id}};
        false ->
            try
                check_common(Config),
                case code:ensure_loaded(Module) of
                    {module, _} -> ok;
                    _ -> throw({error, {invalid_handler, {function_not_exported,
                                                          {Module, log, 2}}}})
                end,
                case erlang:function_exported(Module, adding_handler, 1)
                    andalso Module:adding_handler(Config) of
                    false -> put_handler(Config);
                    {ok, Checked} -> put_handler(Checked);
                    {error, Reason} -> {error, {handler_not_added, Reason}}
                end
            catch throw:Error -> Error
            end
    end;
add_handler(Id, Module, Given) -> {error, {invalid_handler, {Id, Module, Given}}}.

put_handler(Handler) ->
    change(fun(#{handlers := Handlers} = Config) ->
                   {ok, Config#{handlers := Handlers ++ [Handler]}}
           end).

-spec add_handlers(term()) -> ok | {error, term()}.
add_handlers(Handlers) when is_list(Handlers) ->
    Add = fun({handler, Id, Module, Config}, ok) -> add_handler(Id, Module, Config);
             (_, Result) -> Result
          end,
    lists:foldl(Add, ok, Handlers);
add_handlers(Application) when is_atom(Application) ->
    add_handlers(case application:get_env(Application, logger) of
                     {ok, Handlers} -> Handlers;
                     undefined -> []
                 end).

-spec remove_handler(handler_id()) -> ok | {error, term()}.
remove_handler(Id) ->
    case get_handler_config(Id) of
        {ok, #{module := Module} = Handler} ->
            _ = [Module:removing_handler(Handler)
                 || erlang:function_exported(Module, removing_handler, 1)],
            change(fun(#{handlers := Handlers} = Config) ->
                           Left = [H || #{id := Other} = H <- Handlers, Other =/= Id],
                           {ok, Config#{handlers := Left}}
                   end);
        Error -> Error
    end.

-spec get_handler_ids() -> [handler_id()].
get_handler_ids() -> [Id || #{id := Id} <- maps:get(handlers, config())].

-spec get_handler_config() -> [handler_config()].
get_handler_config() -> maps:get(handlers, config()).

-spec get_handler_config(handler_id()) -> {ok, handler_config()} | {error, term()}.
get_handler_config(Id) ->
    case [H || #{id := Other} = H <- maps:get(handlers, config()), Other =:= Id] of
        [Handler] -> {ok, Handler};
        [] -> {error, {not_found, Id}}
    end.

-spec set_handler_config(handler_id(), handler_config()) -> ok | {error, term()}.
set_handler_config(Id, Given) ->
    change_handler(Id, set,
                   fun(Old) ->
                           maps:merge(#{level => all, filter_default => log, filters => [],
                                        formatter => {logger_formatter, #{}}},
                                      maps:merge(Given, maps:with([id, module], Old)))
                   end).

-spec set_handler_config(handler_id(), atom(), term()) -> ok | {error, term()}.
set_handler_config(Id, Key, Value) -> change_handler(Id, set, fun(Old) -> Old#{Key => Value} end).

-spec update_handler_config(handler_id(), handler_config()) -> ok | {error, term()}.
update_handler_config(Id, Given) ->
    change_handler(Id, update, fun(Old) -> maps:merge(Old, Given) end).

-spec update_handler_config(handler_id(), atom(), term()) -> ok | {error, term()}.
update_handler_config(Id, Key, Value) ->
    change_handler(Id, update, fun(Old) -> Old#{Key => Value} end).

change_handler(Id, How, Fun) ->
    case get_handler_config(Id) of
        {ok, #{module := Module} = Old} ->
            try
                New = Fun(Old),
                check_common(New),
                Checked = case erlang:function_exported(Module, changing_config, 3)
                              andalso Module:changing_config(How, Old, New) of
                              false -> New;
                              {ok, Allowed} -> Allowed;
                              {error, Reason} -> throw({error, Reason})
                          end,
                store_handler(Id, Checked)
            catch throw:Error -> Error
            end;
        Error -> Error
    end.

store_handler(Id, New) ->
    change(fun(#{handlers := Handlers} = Config) ->
                   Replaced = [case H of
                                   #{id := Id} -> New;
                                   _ -> H
                               end || H <- Handlers],
                   {ok, Config#{handlers := Replaced}}
           end).

-spec update_formatter_config(handler_id(), formatter_config()) -> ok | {error, term()}.
update_formatter_config(Id, Given) ->
    change_handler(Id, update,
                   fun(#{formatter := {Module, Old}} = Config) ->
                           Config#{formatter := {Module, maps:merge(Old, Given)}}
                   end).

-spec update_formatter_config(handler_id(), atom(), term()) -> ok | {error, term()}.
update_formatter_config(Id, Key, Value) -> update_formatter_config(Id, #{Key => Value}).

%% ---- filters ----

-spec add_primary_filter(filter_id(), filter()) -> ok | {error, term()}.
add_primary_filter(Id, Filter) ->
    change_primary(fun(#{filters := Filters} = Old) -> Old#{filters := added(Id, Filter, Filters)}
                   end).

-spec remove_primary_filter(filter_id()) -> ok | {error, term()}.
remove_primary_filter(Id) ->
    change_primary(fun(#{filters := Filters} = Old) -> Old#{filters := removed(Id, Filters)} end).

-spec add_handler_filter(handler_id(), filter_id(), filter()) -> ok | {error, term()}.
add_handler_filter(Handler, Id, Filter) ->
    change_handler(Handler, update,
                   fun(#{filters := Filters} = Old) ->
                           Old#{filters := added(Id, Filter, Filters)}
                   end).

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

-spec set_module_level(module() | [module()], level() | all | none) -> ok | {error, term()}.
set_module_level(Module, Level) when is_atom(Module) -> set_module_level([Module], Level);
set_module_level(Modules, Level) when is_list(Modules) ->
    change(fun(#{modules := Old} = Config) ->
                   check_item(level, Level),
                   New = maps:from_list([{Module, Level} || Module <- Modules]),
                   {ok, Config#{modules := maps:merge(Old, New)}}
           end);
set_module_level(Modules, _) -> {error, {not_a_list_of_modules, Modules}}.

-spec unset_module_level() -> ok.
unset_module_level() -> change(fun(Config) -> {ok, Config#{modules := #{}}} end).

-spec unset_module_level(module() | [module()]) -> ok.
unset_module_level(Module) when is_atom(Module) -> unset_module_level([Module]);
unset_module_level(Modules) ->
    change(fun(#{modules := Old} = Config) -> {ok, Config#{modules := maps:without(Modules, Old)}}
           end).

-spec get_module_level() -> [{module(), level() | all | none}].
get_module_level() -> lists:sort(maps:to_list(maps:get(modules, config()))).

-spec get_module_level(module() | [module()]) -> [{module(), level() | all | none}].
get_module_level(Module) when is_atom(Module) -> get_module_level([Module]);
get_module_level(Modules) -> [{M, L} || {M, L} <- get_module_level(), lists:member(M, Modules)].

-spec set_application_level(atom(), level() | all | none) -> ok | {error, term()}.
set_application_level(Application, Level) ->
    case application:get_key(Application, modules) of
        {ok, Modules} -> set_module_level(Modules, Level);
        undefined -> {error, {not_loaded, Application}}
    end.

-spec unset_application_level(atom()) -> ok | {error, term()}.
unset_application_level(Application) ->
    case application:get_key(Application, modules) of
        {ok, Modules} -> unset_module_level(Modules);
        undefined -> {error, {not_loaded, Application}}
    end.

%% ---- metadata of processes ----

-spec set_process_metadata(metadata()) -> ok.
set_process_metadata(Meta) when is_map(Meta) ->
    put('$logger_metadata$', Meta),
    ok;
set_process_metadata(Meta) -> erlang:error(badarg, [Meta]).

-spec update_process_metadata(metadata()) -> ok.
update_process_metadata(Meta) when is_map(Meta) ->
    case get_process_metadata() of
        undefined -> set_process_metadata(Meta);
        Old -> set_process_metadata(maps:merge(Old, Meta))
    end;
update_process_metadata(Meta) -> erlang:error(badarg, [Meta]).

-spec get_process_metadata() -> metadata() | undefined.
get_process_metadata() -> get('$logger_metadata$').

-spec unset_process_metadata() -> ok.
unset_process_metadata() ->
    erase('$logger_metadata$'),
    ok.

%% ---- the rest ----

-spec get_config() -> map().
get_config() ->
    #{primary := Primary, handlers := Handlers, proxy := Proxy} = config(),
    #{primary => Primary, handlers => Handlers, proxy => Proxy,
      module_levels => get_module_level()}.

-spec reconfigure() -> ok.
reconfigure() -> change(fun(_) -> {ok, default_config()} end).

-spec get_proxy_config() -> olp_config().
get_proxy_config() -> maps:get(proxy, config()).
-spec set_proxy_config(olp_config()) -> ok.
set_proxy_config(Given) -> change(fun(Config) -> {ok, Config#{proxy := Given}} end).
-spec update_proxy_config(olp_config()) -> ok.
update_proxy_config(Given) ->
    change(fun(#{proxy := Old} = Config) -> {ok, Config#{proxy := maps:merge(Old, Given)}} end).

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
rank(Level) -> number(Level).

levels() -> [emergency, alert, critical, error, warning, notice, info, debug].

number(emergency) -> 0;
number(alert) -> 1;
number(critical) -> 2;
number(error) -> 3;
number(warning) -> 4;
number(notice) -> 5;
number(info) -> 6;
number(debug) -> 7;
number(Level) -> erlang:error(badarg, [Level]).

-spec timestamp() -> timestamp().
timestamp() -> os:system_time(microsecond).

-spec format_otp_report(report()) -> {io:format(), [term()]}.
format_otp_report(#{label := _, report := Report}) -> format_report(Report);
format_otp_report(Report) -> format_report(Report).

-spec format_report(report()) -> {io:format(), [term()]}.
format_report(Report) when is_map(Report) -> format_report(lists:sort(maps:to_list(Report)));
format_report(Report) when is_list(Report) ->
    case io_lib:printable_unicode_list(Report) of
        true when Report =/= [] -> {"~ts", [Report]};
        _ ->
            {Formats, Args} = lists:unzip([line_of(Item) || Item <- Report]),
            {lists:append(lists:join("~n", Formats)), lists:append(Args)}
    end;
format_report(Report) -> {"~tp", [Report]}.

line_of({Key, Value}) ->
    {"    " ++ directive(Key) ++ ": " ++ directive(Value), [Key, Value]};
line_of(Other) -> {"    " ++ directive(Other), [Other]}.

directive([]) -> "~tp";
directive(Term) when is_list(Term) ->
    case io_lib:printable_unicode_list(Term) of
        true -> "~ts";
        false -> "~tp"
    end;
directive(_) -> "~tp".

-spec i() -> ok.
i() -> print(get_config()).

-spec i(primary | handlers | proxy | modules) -> ok.
i(primary) -> print(get_primary_config());
i(handlers) -> print(get_handler_config());
i(proxy) -> print(get_proxy_config());
i(modules) -> print(get_module_level()).

-spec print(term()) -> ok.
print(Term) -> io:format("~tp~n", [Term]).
