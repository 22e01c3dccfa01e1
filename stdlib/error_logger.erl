%% The older interface to logger. Who adds an event handler (gen_event) gets what was logged in the old
%% way: one of logger's handlers, which is there as long as there are event handlers, gives it to an event
%% manager, both called error_logger.
-module(error_logger).
-export([error_msg/1, error_msg/2, format/2, error_report/1, error_report/2,
         warning_msg/1, warning_msg/2, warning_report/1, warning_report/2, warning_map/0,
         info_msg/1, info_msg/2, info_report/1, info_report/2,
         tty/1, logfile/1, add_report_handler/1, add_report_handler/2, delete_report_handler/1,
         which_report_handlers/0, get_format_depth/0]).
-export([start/0, stop/0, adding_handler/1, removing_handler/1, log/2]).

%% Logs a text as an error.
-spec error_msg(io:format()) -> ok.
error_msg(Format) -> error_msg(Format, []).
-spec error_msg(io:format(), list()) -> ok.
error_msg(Format, Args) -> message(error, error_msg, error, Format, Args).
%% Logs a text as an error.
-spec format(io:format(), list()) -> ok.
format(Format, Args) -> error_msg(Format, Args).

%% Logs a text as a warning.
-spec warning_msg(io:format()) -> ok.
warning_msg(Format) -> warning_msg(Format, []).
-spec warning_msg(io:format(), list()) -> ok.
warning_msg(Format, Args) -> message(warning, warning_msg, warning_msg, Format, Args).

%% Logs a text as information.
-spec info_msg(io:format()) -> ok.
info_msg(Format) -> info_msg(Format, []).
-spec info_msg(io:format(), list()) -> ok.
info_msg(Format, Args) -> message(notice, info_msg, info_msg, Format, Args).

message(Level, Label, Tag, Format, Args) ->
    logger:log(Level, #{label => {?MODULE, Label}, format => Format, args => Args},
               #{pid => self(), gl => group_leader(), time => logger:timestamp(),
                 report_cb => fun report_text/1, error_logger => #{tag => Tag}}).

report_text(#{format := Format, args := Args}) ->
    try io_lib:format(Format, Args) of
        _ -> {Format, Args}
    catch
        _:_ -> {"ERROR: ~tp - ~tp", [Format, Args]}
    end.

%% Logs a report as an error.
-spec error_report(term()) -> ok.
error_report(Report) -> report(error, error_report, std_error, Report).
-spec error_report(term(), term()) -> ok.
error_report(Type, Report) -> report(error, error_report, Type, Report).

%% Logs a report as a warning.
-spec warning_report(term()) -> ok.
warning_report(Report) -> report(warning, warning_report, std_warning, Report).
-spec warning_report(term(), term()) -> ok.
warning_report(Type, Report) -> report(warning, warning_report, Type, Report).

%% Logs a report as information.
-spec info_report(term()) -> ok.
info_report(Report) -> report(notice, info_report, std_info, Report).
-spec info_report(term(), term()) -> ok.
info_report(Type, Report) -> report(notice, info_report, Type, Report).

%% Reports of types of one's own are for handlers of one's own.
report(Level, Tag, Type, Report) ->
    Domain = case lists:member(Type, [std_error, std_warning, std_info]) of
                 true -> #{};
                 false -> #{domain => [Type]}
             end,
    logger:log(Level, #{label => {?MODULE, Tag}, report => Report},
               Domain#{pid => self(), gl => group_leader(), time => logger:timestamp(),
                       report_cb => fun plain_report/1,
                       error_logger => #{tag => Tag, type => Type}}).

plain_report(#{report := Report}) -> logger:format_report(Report).

%% What warnings are logged as.
-spec warning_map() -> warning.
warning_map() -> warning.

%% Whether what is logged is shown.
-spec tty(boolean()) -> ok.
tty(true) ->
    _ = logger:add_handler(default, logger_std_h,
                           #{config => #{type => standard_error},
                             formatter => {logger_formatter, #{legacy_header => true,
                                                               single_line => false}}}),
    ok;
tty(false) ->
    _ = logger:remove_handler(default),
    ok.

-define(FILE_HANDLER, error_logger_file).

%% Writes what is logged to a file, too.
-spec logfile({open, file:name()} | close | filename) ->
          ok | file:name() | {error, term()}.
logfile({open, File}) ->
    case logger:add_handler(?FILE_HANDLER, logger_std_h,
                            #{config => #{type => {file, File}}, logfile => File, % as it was given
                              formatter => {logger_formatter, #{legacy_header => true,
                                                                single_line => false}}}) of
        {error, {already_exist, _}} -> {error, allready_have_logfile};
        {error, {handler_not_added, {open_failed, _, Reason}}} -> {error, Reason};
        Result -> Result
    end;
logfile(close) ->
    case logger:remove_handler(?FILE_HANDLER) of
        ok -> ok;
        {error, _} -> {error, module_not_found}
    end;
logfile(filename) ->
    case logger:get_handler_config(?FILE_HANDLER) of
        {ok, #{logfile := File}} -> File;
        _ -> {error, no_log_file}
    end.

%% ---- event handlers ----

%% Adds an event handler that gets what is logged.
-spec add_report_handler(module()) -> term().
add_report_handler(Module) when is_atom(Module) -> add_report_handler(Module, []).

-spec add_report_handler(module(), term()) -> term().
add_report_handler(Module, Args) when is_atom(Module) ->
    start(),
    gen_event:add_handler(?MODULE, Module, Args).

%% Removes such an event handler.
-spec delete_report_handler(module()) -> term().
delete_report_handler(Module) when is_atom(Module) ->
    case whereis(?MODULE) of
        undefined -> ok;
        _ ->
            Result = gen_event:delete_handler(?MODULE, Module, []),
            case gen_event:which_handlers(?MODULE) of
                [] -> stop();
                _ -> ok
            end,
            Result
    end.

-spec which_report_handlers() -> [module()].
which_report_handlers() ->
    case whereis(?MODULE) of
        undefined -> [];
        _ -> gen_event:which_handlers(?MODULE)
    end.

-spec start() -> ok | {error, term()}.
start() ->
    case whereis(?MODULE) of
        undefined ->
            logger:add_handler(?MODULE, ?MODULE, #{level => info, filter_default => log, filters => []});
        _ -> ok
    end.

-spec stop() -> ok.
stop() ->
    _ = logger:remove_handler(?MODULE),
    ok.

-spec adding_handler(logger:handler_config()) -> {ok, logger:handler_config()} | {error, term()}.
adding_handler(#{id := ?MODULE} = Config) ->
    case gen_event:start({local, ?MODULE}, [{spawn_opt, [{message_queue_data, off_heap}]}]) of
        {ok, Pid} ->
            %% It is nobody's child: what it writes is for everybody.
            [begin
                 {status, _, _, _} = sys:get_status(Pid),
                 group_leader(User, Pid)
             end || User <- [whereis(user)], User =/= undefined],
            {ok, Config};
        {error, {already_started, _}} -> {ok, Config};
        Error -> Error
    end;
adding_handler(_) -> {error, {badarg, ?MODULE}}.

-spec removing_handler(logger:handler_config()) -> ok.
removing_handler(#{id := ?MODULE}) ->
    try gen_event:stop(?MODULE, normal, 5000) catch exit:_ -> ok end.

%% Only what was logged in the old way, or says how it would be, is told.
-spec log(logger:log_event(), logger:handler_config()) -> ok.
log(#{msg := Message, meta := #{error_logger := #{tag := Tag} = Old} = Meta}, _) ->
    Pid = case Old of
              #{emulator := true} -> emulator;
              _ -> maps:get(pid, Meta, self())
          end,
    Leader = maps:get(gl, Meta, group_leader()),
    {X, Y} = old_form(Old, Message, Meta),
    gen_event:notify(?MODULE, {Tag, Leader, {Pid, X, Y}});
log(_, _) -> ok.

%% {Format, Args} of a message, {Type, Report} of a report.
old_form(#{type := Type}, {report, #{label := _, report := Report}}, _) -> {Type, Report};
old_form(#{type := Type}, {report, Report}, _) -> {Type, Report};
old_form(_, {report, #{label := {?MODULE, _}, format := Format, args := Args}}, _) -> {Format, Args};
old_form(Old, {report, Report}, Meta) ->
    case maps:get(report_cb, Old, maps:get(report_cb, Meta, none)) of
        Callback when is_function(Callback, 1) -> Callback(Report);
        _ -> logger:format_report(Report)
    end;
old_form(_, {string, Text}, _) -> {"~ts", [Text]};
old_form(_, {Format, Args}, _) -> {Format, Args}.

%% How deep terms are shown in reports: kernel's error_logger_format_depth.
-spec get_format_depth() -> unlimited | pos_integer().
get_format_depth() ->
    case application:get_env(kernel, error_logger_format_depth) of
        {ok, Depth} when is_integer(Depth) -> max(10, Depth);
        _ -> unlimited
    end.
