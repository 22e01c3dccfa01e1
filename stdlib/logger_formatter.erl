%% Events as text.
-module(logger_formatter).
-export([format/2, check_config/1]).
-export_type([config/0, template/0, metakey/0]).

-type metakey() :: atom() | [atom()].
-type template() :: [metakey() | {metakey(), template(), template()} | string()].
-type config() :: #{chars_limit => pos_integer() | unlimited, depth => pos_integer() | unlimited,
                    legacy_header => boolean(), max_size => pos_integer() | unlimited,
                    report_cb => logger:report_cb(), single_line => boolean(),
                    template => template(), time_designator => byte(),
                    time_offset => integer() | string()}.

-spec format(logger:log_event(), config()) -> unicode:chardata().
format(#{level := Level, msg := Message, meta := Meta}, Given) ->
    Config = maps:merge(defaults(Given), Given),
    Template = maps:get(template, Config),
    Text = text(Message, Meta, Config),
    Header = header(Level, Meta, Config),
    limit([item(Part, Level, Text, Header, Meta, Config) || Part <- Template],
          maps:get(max_size, Config)).

defaults(Given) ->
    Base = #{chars_limit => unlimited, depth => unlimited, legacy_header => false,
             max_size => unlimited, single_line => true, time_designator => $T,
             time_offset => ""},
    Base#{template => default_template(maps:merge(Base, Given))}.

default_template(#{legacy_header := true}) -> [[logger_formatter, header], "\n", msg, "\n"];
default_template(#{single_line := true}) -> [time, " ", level, ": ", msg, "\n"];
default_template(_) -> [time, " ", level, ":\n", msg, "\n"].

limit(Text, unlimited) -> Text;
limit(Text, Most) ->
    Flat = unicode:characters_to_list(Text),
    case length(Flat) > Most of
        true -> lists:sublist(Flat, max(0, Most - 3)) ++ "...";
        false -> Text
    end.

item(msg, _, Text, _, _, _) -> Text;
item(level, Level, _, _, _, _) -> atom_to_list(Level);
item([logger_formatter, header], _, _, Header, _, _) -> Header;
item(Key, _, _, _, Meta, Config) when is_atom(Key) -> meta(find([Key], Meta), Key, Config);
item([Key | _] = Keys, _, _, _, Meta, Config) when is_atom(Key) ->
    meta(find(Keys, Meta), lists:last(Keys), Config);
item({Key, Present, Absent}, Level, Text, Header, Meta, Config) ->
    Keys = case Key of [_ | _] -> Key; _ -> [Key] end,
    IsThere = Key =:= level orelse Key =:= msg orelse find(Keys, Meta) =/= error,
    [item(Part, Level, Text, Header, Meta, Config)
     || Part <- case IsThere of true -> Present; false -> Absent end];
item(Literal, _, _, _, _, _) -> Literal.

find([Key | Keys], Meta) when is_map(Meta) ->
    case Meta of
        #{Key := Value} when Keys =:= [] -> {ok, Value};
        #{Key := Value} -> find(Keys, Value);
        _ -> error
    end;
find(_, _) -> error.

meta(error, _, _) -> "";
meta({ok, Time}, time, #{time_designator := Between, time_offset := Offset})
  when is_integer(Time) ->
    calendar:system_time_to_rfc3339(Time, [{unit, microsecond}, {offset, Offset},
                                           {time_designator, Between}]);
meta({ok, {M, F, A}}, mfa, _) -> io_lib:format("~tw:~tw/~w", [M, F, A]);
meta({ok, Value}, _, _) ->
    case is_list(Value) andalso io_lib:printable_unicode_list(Value) of
        true -> Value;
        false -> io_lib:format("~0tp", [Value])
    end.

%% "=ERROR REPORT==== 1-Feb-2026::03:04:05.000006 ==="
header(Level, #{time := Time} = Meta, #{legacy_header := true}) ->
    Line = lists:flatten(muster_report:header(title(Level, Meta), Time)),
    lists:droplast(Line);
header(_, _, _) -> "".

title(_, #{logger_formatter := #{title := Title}}) -> Title;
title(_, #{error_logger := #{tag := Tag}}) -> tag_title(Tag);
title(Level, _) -> string:uppercase(atom_to_list(Level)) ++ " REPORT".

tag_title(error) -> "ERROR REPORT";
tag_title(error_report) -> "ERROR REPORT";
tag_title(warning_msg) -> "WARNING REPORT";
tag_title(warning_report) -> "WARNING REPORT";
tag_title(info_msg) -> "INFO REPORT";
tag_title(info_report) -> "INFO REPORT";
tag_title(Tag) -> string:uppercase(atom_to_list(Tag)) ++ " REPORT".

text(Message, Meta, Config) ->
    Text = try string_of(Message, Meta, Config)
           catch
               Class:Reason ->
                   io_lib:format("FORMATTER CRASH: ~tp -- ~tp", [Message, {Class, Reason}])
           end,
    case Config of
        #{single_line := true} -> one_line(Text);
        _ -> Text
    end.

string_of({string, Text}, _, _) ->
    case unicode:characters_to_list(Text) of
        Flat when is_list(Flat) -> Flat;
        _ -> io_lib:format("~tp", [Text])
    end;
string_of({report, Report}, Meta, Config) ->
    Callback = maps:get(report_cb, Config,
                        maps:get(report_cb, Meta, fun logger:format_report/1)),
    case Callback of
        _ when is_function(Callback, 1) -> by_format(Callback, Report, Config);
        _ when is_function(Callback, 2) -> by_text(Callback, Report, Config)
    end;
string_of({Format, Args}, _, Config) -> formatted(Format, Args, Config).

by_format(Callback, Report, Config) ->
    try Callback(Report) of
        {Format, Args} when is_list(Format), is_list(Args) -> formatted(Format, Args, Config);
        Other ->
            formatted("REPORT_CB/1 ERROR: ~tp; Returned: ~tp", [Report, Other], Config)
    catch
        Class:Reason:Stack ->
            crashed("REPORT_CB/1 CRASH", Report, Class, Reason, Stack, Config)
    end.

by_text(Callback, Report, Config) ->
    try Callback(Report, maps:with([depth, chars_limit, single_line], Config)) of
        Text ->
            case unicode:characters_to_list(Text) of
                Flat when is_list(Flat) -> Flat;
                _ -> formatted("REPORT_CB/2 ERROR: ~tp; Returned: ~tp", [Report, Text], Config)
            end
    catch
        Class:Reason:Stack ->
            crashed("REPORT_CB/2 CRASH", Report, Class, Reason, Stack, Config)
    end.

%% With the stack above this module.
crashed(What, Report, Class, Reason, Stack, Config) ->
    Above = lists:takewhile(fun({M, _, _, _}) -> M =/= ?MODULE end, Stack),
    formatted("~s: ~tp; Reason: ~tp", [What, Report, {Class, Reason, Above}], Config).

formatted(Format, Args, #{depth := Depth, chars_limit := Limit, single_line := Single}) ->
    Options = case Limit of unlimited -> []; _ -> [{chars_limit, Limit}] end,
    try
        case {Depth, Single} of
            {unlimited, false} -> io_lib:format(Format, Args, Options);
            _ ->
                Scanned = [directive(Part, Depth, Single)
                           || Part <- io_lib:scan_format(Format, Args)],
                io_lib:build_text(Scanned, Options)
        end
    catch
        error:_ -> io_lib:format("FORMAT ERROR: ~tp - ~tp", [Format, Args])
    end.

%% Terms on one line, and not deeper than wanted.
directive(#{control_char := Char} = Part, Depth, true) when Char =:= $p; Char =:= $P ->
    directive(Part#{width := 0}, Depth, false);
directive(#{control_char := $p, args := Args} = Part, Depth, _) when is_integer(Depth) ->
    Part#{control_char := $P, args := Args ++ [Depth]};
directive(#{control_char := $w, args := Args} = Part, Depth, _) when is_integer(Depth) ->
    Part#{control_char := $W, args := Args ++ [Depth]};
directive(Part, _, _) -> Part.

%% Line breaks and what indents the next line become ", ", as in lists of properties.
one_line(Text) ->
    Flat = string:trim(unicode:characters_to_list(Text)),
    Lines = string:split(Flat, "\n", all),
    lists:append(lists:join(", ", [string:trim(Line) || Line <- Lines])).

-spec check_config(config()) -> ok | {error, term()}.
check_config(Config) when is_map(Config) ->
    Known = [chars_limit, depth, legacy_header, max_size, report_cb, single_line, template,
             time_designator, time_offset],
    case maps:without(Known, Config) of
        Unknown when map_size(Unknown) =:= 0 -> ok;
        Unknown ->
            [{Key, Value} | _] = maps:to_list(Unknown),
            {error, {invalid_formatter_config, ?MODULE, {Key, Value}}}
    end;
check_config(Config) -> {error, {invalid_formatter_config, ?MODULE, Config}}.
