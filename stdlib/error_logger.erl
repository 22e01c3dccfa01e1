%% The older interface to logger.
-module(error_logger).
-export([error_msg/1, error_msg/2, format/2, error_report/1, error_report/2,
         warning_msg/1, warning_msg/2, warning_report/1, warning_report/2, warning_map/0,
         info_msg/1, info_msg/2, info_report/1, info_report/2,
         tty/1, logfile/1, add_report_handler/1, add_report_handler/2, delete_report_handler/1,
         which_report_handlers/0, get_format_depth/0]).

-spec error_msg(io:format()) -> ok.
error_msg(Format) -> error_msg(Format, []).
-spec error_msg(io:format(), list()) -> ok.
error_msg(Format, Args) -> message(error, error_msg, error, Format, Args).
-spec format(io:format(), list()) -> ok.
format(Format, Args) -> error_msg(Format, Args).

-spec warning_msg(io:format()) -> ok.
warning_msg(Format) -> warning_msg(Format, []).
-spec warning_msg(io:format(), list()) -> ok.
warning_msg(Format, Args) -> message(warning, warning_msg, warning_msg, Format, Args).

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

-spec error_report(term()) -> ok.
error_report(Report) -> report(error, error_report, std_error, Report).
-spec error_report(term(), term()) -> ok.
error_report(Type, Report) -> report(error, error_report, Type, Report).

-spec warning_report(term()) -> ok.
warning_report(Report) -> report(warning, warning_report, std_warning, Report).
-spec warning_report(term(), term()) -> ok.
warning_report(Type, Report) -> report(warning, warning_report, Type, Report).

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

-spec warning_map() -> warning.
warning_map() -> warning.

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

-spec logfile({open, file:name()} | close | filename) ->
          ok | file:name() | {error, term()}.
logfile({open, File}) ->
    logger:add_handler(?MODULE, logger_std_h,
                       #{config => #{type => {file, File}},
                         formatter => {logger_formatter, #{legacy_header => true,
                                                           single_line => false}}});
logfile(close) -> logger:remove_handler(?MODULE);
logfile(filename) ->
    case logger:get_handler_config(?MODULE) of
        {ok, #{config := #{file := File}}} -> File;
        _ -> {error, no_log_file}
    end.

-spec add_report_handler(module()) -> term().
add_report_handler(Module) -> add_report_handler(Module, []).
-spec add_report_handler(module(), term()) -> {error, not_supported}.
add_report_handler(_, _) -> {error, not_supported}.
-spec delete_report_handler(module()) -> {error, module_not_found}.
delete_report_handler(_) -> {error, module_not_found}.
-spec which_report_handlers() -> [].
which_report_handlers() -> [].

-spec get_format_depth() -> unlimited.
get_format_depth() -> unlimited.
