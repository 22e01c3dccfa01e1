%% Events as text.
-module(logger_formatter).
-export([format/2, check_config/1]).
-export_type([config/0, template/0, metakey/0]).

-type metakey() :: atom() | [atom()].
-type template() :: [metakey() | {metakey(), template(), template()} | string()].
-type config() :: #{chars_limit => pos_integer() | unlimited, depth => pos_integer() | unlimited,
                    legacy_header => boolean(), error_logger_notice_header => info | notice,
                    max_size => pos_integer() | unlimited,
                    report_cb => logger:report_cb(), single_line => boolean(),
                    template => template(), time_designator => byte(),
                    time_offset => integer() | string()}.

-spec format(logger:log_event(), config()) -> unicode:chardata().
format(#{level := Level, msg := Message, meta := Meta}, Given) when is_map(Given) ->
    Config = with_defaults(Given),
    {Before, Rest} = lists:splitwith(fun(Part) -> Part =/= msg end, maps:get(template, Config)),
    Show = fun(Parts) -> [item(Part, Level, Meta, Config) || Part <- Parts] end,
    Text = case Rest of
               [] -> Show(Before);
               [msg | After] -> around(Show(Before), Message, Show(After), Meta, Config)
           end,
    limit(Text, maps:get(max_size, Config)).

%% What stands around the message counts for the limit of characters, too.
around(Before, Message, After, Meta, #{chars_limit := Limit} = Config) ->
    Left = case Limit of
               unlimited -> unlimited;
               _ -> max(0, Limit - string:length([Before, After]))
           end,
    [Before, text(Message, Meta, Config#{chars_limit := Left}), After].

with_defaults(Given) ->
    Base = #{chars_limit => unlimited, depth => default_depth(Given), legacy_header => false,
             error_logger_notice_header => info, max_size => unlimited, single_line => true,
             time_designator => $T, time_offset => default_offset(Given)},
    Config = maps:map(fun boolean/2, maps:merge(Base, maps:remove(depth, Given))),
    maps:merge(#{template => default_template(Config)}, Config).

boolean(Key, Value) when Key =:= single_line; Key =:= legacy_header -> Value =:= true;
boolean(_, Value) -> Value.

default_depth(#{depth := unlimited}) -> unlimited;
default_depth(#{depth := Depth}) -> max(5, Depth);
default_depth(_) -> error_logger:get_format_depth().

default_offset(#{time_offset := Offset}) -> Offset;
default_offset(_) ->
    Utc = case application:get_env(sasl, utc_log) of
              undefined -> application:get_env(stdlib, utc_log);
              Found -> Found
          end,
    case Utc of
        {ok, true} -> "Z";
        _ -> ""
    end.

default_template(#{legacy_header := true}) -> [[logger_formatter, header], "\n", msg, "\n"];
default_template(#{single_line := true}) -> [time, " ", level, ": ", msg, "\n"];
default_template(_) -> [time, " ", level, ":\n", msg, "\n"].

%% The newline at the end stays.
limit(Text, unlimited) -> Text;
limit(Text, Size) ->
    Most = max(10, Size),
    Flat = unicode:characters_to_list(Text),
    case length(Flat) > Most of
        true ->
            End = case lists:last(Flat) of
                      $\n -> "...\n";
                      _ -> "..."
                  end,
            lists:sublist(Flat, Most - length(End)) ++ End;
        false -> Text
    end.

item(level, Level, _, _) -> atom_to_list(Level);
item([logger_formatter, header], Level, Meta, Config) -> header(Level, Meta, Config);
item([logger_formatter, title], Level, Meta, #{legacy_header := true} = Config) ->
    title(Level, Meta, Config);
item(Key, _, Meta, Config) when is_atom(Key) -> meta(find([Key], Meta), Key, Config);
item([Key | _] = Keys, _, Meta, Config) when is_atom(Key) ->
    meta(find(Keys, Meta), lists:last(Keys), Config);
item({Key, Present, Absent}, Level, Meta, Config) ->
    Keys = case Key of [_ | _] -> Key; _ -> [Key] end,
    Parts = case find(Keys, Meta) of
                error -> Absent;
                {ok, _} -> Present
            end,
    [item(Part, Level, Meta, Config) || Part <- Parts];
item(Literal, _, _, _) -> Literal.

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
meta({ok, {M, F, A}}, mfa, _) when is_atom(M), is_atom(F), is_integer(A) -> mfa(M, F, A);
meta({ok, {M, F, A}}, mfa, _) when is_atom(M), is_atom(F), is_list(A) -> mfa(M, F, length(A));
meta({ok, Value}, _, _) when is_atom(Value) -> atom_to_list(Value);
meta({ok, Value}, _, #{single_line := Single}) ->
    case is_text_in_parts(Value) of
        true -> Value;
        false when Single -> io_lib:format("~0tp", [Value]);
        false -> io_lib:format("~tp", [Value])
    end.

is_text_in_parts([_ | _] = Value) ->
    try lists:flatten(Value) of
        Flat -> Flat =/= [] andalso io_lib:printable_list(Flat)
    catch
        error:_ -> false % no proper list
    end;
is_text_in_parts(_) -> false.

mfa(M, F, A) -> io_lib:format("~tw:~tw/~w", [M, F, A]).

%% "=ERROR REPORT==== 1-Feb-2026::03:04:05.000006 ==="
header(Level, #{time := Time} = Meta, #{legacy_header := true} = Config) ->
    {Shown, Zone} = case lists:member(maps:get(time_offset, Config), ["Z", "z", 0]) of
                        true -> {muster_report:universal_time(Time), " UTC"};
                        false -> {muster_report:local_time(Time), ""}
                    end,
    muster_report:header(title(Level, Meta, Config), Shown, Time, Zone);
header(_, _, _) -> "".

title(_, #{logger_formatter := #{title := Title}}, _) -> Title;
title(notice, #{error_logger := _}, #{error_logger_notice_header := info}) -> "INFO REPORT";
title(Level, _, _) -> string:uppercase(atom_to_list(Level)) ++ " REPORT".

text(Message, Meta, #{single_line := Single} = Config) ->
    Text = string_of(Message, Meta, Config),
    if
        Single -> one_line(string:trim(unicode:characters_to_list(Text)));
        true -> Text
    end.

string_of({string, Text}, _, Config) -> formatted("~ts", [Text], Config);
string_of({report, Report}, Meta, Config) ->
    Callback = maps:get(report_cb, Config,
                        maps:get(report_cb, Meta, fun logger:format_report/1)),
    case Callback of
        _ when is_function(Callback, 1) -> by_format(Callback, Report, Config);
        _ when is_function(Callback, 2) -> by_text(Callback, Report, Config);
        _ -> by_format(fun logger:format_report/1, Report, Config)
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
            try unicode:characters_to_list(Text) of
                Flat when is_list(Flat) -> Flat
            catch
                error:_ -> formatted("REPORT_CB/2 ERROR: ~tp; Returned: ~tp", [Report, Text], Config)
            end
    catch
        Class:Reason:Stack ->
            crashed("REPORT_CB/2 CRASH", Report, Class, Reason, Stack, Config)
    end.

%% With the stack above this module.
crashed(What, Report, Class, Reason, Stack, Config) ->
    Above = lists:takewhile(fun({M, _, _, _}) -> M =/= ?MODULE end, Stack),
    formatted(What ++ ": ~tp; Reason: ~tp", [Report, {Class, Reason, Above}], Config).

formatted(Format, Args, #{depth := Depth, chars_limit := Limit, single_line := Single} = Config) ->
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
        error:_ -> formatted("FORMAT ERROR: ~tp - ~tp", [Format, Args], Config)
    end.

%% Terms on one line, and not deeper than wanted.
directive(#{control_char := Char} = Part, Depth, true) when Char =:= $p; Char =:= $P ->
    directive(Part#{width := 0}, Depth, false);
directive(#{control_char := $p, args := Args} = Part, Depth, _) when is_integer(Depth) ->
    Part#{control_char := $P, args := Args ++ [Depth]};
directive(#{control_char := $w, args := Args} = Part, Depth, _) when is_integer(Depth) ->
    Part#{control_char := $W, args := Args ++ [Depth]};
directive(Part, _, _) -> Part.

%% Line breaks, a comma before them and blanks behind them become ", ", as in lists of properties.
one_line([$,, $\r, $\n | Rest]) -> next_line(Rest);
one_line([$,, $\n | Rest]) -> next_line(Rest);
one_line([$\r, $\n | Rest]) -> next_line(Rest);
one_line([$\n | Rest]) -> next_line(Rest);
one_line([Char | Rest]) -> [Char | one_line(Rest)];
one_line([]) -> [].

next_line([$\s | Rest]) -> next_line(Rest);
next_line(Rest) -> [$,, $\s | one_line(Rest)].

-spec check_config(config()) -> ok | {error, term()}.
check_config(Config) when is_map(Config) ->
    case lists:dropwhile(fun is_fine/1, maps:to_list(Config)) of
        [] -> ok;
        [{template, Template} | _] -> {error, {invalid_formatter_template, ?MODULE, Template}};
        [Pair | _] -> {error, {invalid_formatter_config, ?MODULE, Pair}}
    end;
check_config(Config) -> {error, {invalid_formatter_config, ?MODULE, Config}}.

is_fine({Key, Value}) when Key =:= chars_limit; Key =:= depth; Key =:= max_size ->
    Value =:= unlimited orelse is_integer(Value) andalso Value > 0;
is_fine({Key, Value}) when Key =:= legacy_header; Key =:= single_line -> is_boolean(Value);
is_fine({error_logger_notice_header, Value}) -> Value =:= info orelse Value =:= notice;
is_fine({report_cb, Value}) -> is_function(Value, 1) orelse is_function(Value, 2);
is_fine({template, Value}) -> is_template(Value);
is_fine({time_designator, Value}) -> is_integer(Value) andalso Value >= 0 andalso Value =< 255;
is_fine({time_offset, Value}) -> is_integer(Value) orelse is_offset(Value);
is_fine(_) -> false.

is_offset("Z") -> true;
is_offset("z") -> true;
is_offset([Sign, H1, H2, $:, M1, M2]) when Sign =:= $+; Sign =:= $- ->
    lists:all(fun(C) -> C >= $0 andalso C =< $9 end, [H1, H2, M1, M2]);
is_offset(Value) -> Value =:= "".

is_template(Parts) when is_list(Parts) -> lists:all(fun is_part/1, Parts);
is_template(_) -> false.

is_part({Key, Present, Absent}) -> is_key(Key) andalso is_template(Present) andalso is_template(Absent);
is_part(Part) -> is_key(Part) orelse is_text(Part).

is_key(Key) when is_atom(Key) -> true;
is_key([_ | _] = Keys) -> lists:all(fun is_atom/1, Keys);
is_key(_) -> false.

is_text(Text) when is_list(Text); is_binary(Text) ->
    try is_list(unicode:characters_to_list(Text)) catch error:_ -> false end;
is_text(_) -> false.
