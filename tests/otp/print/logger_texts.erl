%% What logger_formatter makes of messages, metadata and configurations, each with each.
-module(logger_texts).
-export([main/0]).

main() ->
    [print({M, Message}, {N, Level, Meta}, {O, Config})
     || {M, Message} <- numbered(messages()), {N, {Level, Meta}} <- numbered(metas()),
        {O, Config} <- numbered(configs())],
    ok.

numbered(List) -> lists:zip(lists:seq(1, length(List)), List).

print({M, Message}, {N, Level, Meta}, {O, Config}) ->
    Event = #{level => Level, msg => Message, meta => Meta#{time => 1600000000123456}},
    Text = try unicode:characters_to_list(logger_formatter:format(Event, Config)) of
               %% The frames of a callback that crashed are not compared.
               Result -> re:replace(Result, "CRASH:.*", "CRASH", [{return, list}, unicode, dotall])
           catch Class:Reason -> {Class, Reason}
           end,
    io:format("~w ~w ~w: ~tp~n", [M, N, O, Text]).

long() -> lists:seq(1, 60).

messages() ->
    [{string, "a string"}, {string, "a\n  b,\n\tc \n\nd\r\n e\n"}, {string, <<"bin">>},
     {string, ["x", [$y | <<"z">>]]}, {string, "  lead and trail  "}, {string, ""}, {string, "\n"},
     {string, ['not', a]}, {string, [0, 1, 300, 8364]},
     {"~p~n", [long()]}, {"~w ~ts", [{a, [1, 2]}, "x\ny"]}, {"~p and ~tp~n~s", [long(), long(), "end"]},
     {"bad", [1]}, {"~20p|~5.2.0p", [long(), x]}, {"~P~W", [long(), 5, long(), 5]}, {"", []}, {"~~x~n", []},
     {report, #{a => 1, b => long()}}, {report, [{k, v}, {k2, long()}, x, "str"]}, {report, []}, {report, #{}},
     {report, term}, {report, "chars"}, {report, {tup, 1}},
     {report, #{label => {lab, x}, report => [{a, 1}], k => "text"}},
     {report, [{a, "str"}, {b, <<"bin">>}, {"c", d}]}].

metas() ->
    [{info, #{}},
     {notice, #{error_logger => #{tag => info_report, type => std_info}}},
     {error, #{error_logger => #{tag => error_msg}}},
     {warning, #{error_logger => #{tag => warning_report}}},
     {debug, #{mfa => {m, f, [a]}, pid => abc, list => long(), s => "string", b => <<"bi">>,
               n => #{k => v, l => #{m => 1}}, line => 5, report_cb => fun(R) -> {"cb ~p", [R]} end}},
     {notice, #{report_cb => fun(R, C) -> io_lib:format("~p ~p", [R, lists:sort(maps:to_list(C))]) end}},
     {alert, #{logger_formatter => #{title => "TITLE"}}},
     {emergency, #{report_cb => fun(_) -> error(x) end}},
     {critical, #{report_cb => fun(_, _) -> bad end}},
     {notice, #{report_cb => fun(_) -> bad end}}].

configs() ->
    [#{time_offset => "Z"}, #{time_offset => "Z", single_line => false},
     #{legacy_header => true, time_offset => "Z"},
     #{legacy_header => true, single_line => true, error_logger_notice_header => notice},
     #{template => [msg], depth => 5}, #{template => [msg], depth => 15, single_line => false},
     #{template => ["<", time, "|", level, "|", mfa, "|", list, "|", s, "|", b, "|", [n, l, m], "|", n, "|",
                    {pid, ["pid ", pid], ["nopid"]}, "|", {[n, z], ["a"], ["b"]}, "|", line, "> ", msg, "\n"],
       time_offset => "+05:30", time_designator => $\s},
     #{template => [list, "\n", msg], single_line => false},
     #{template => [level, ": ", msg, "\n"], chars_limit => 50},
     #{template => [msg], chars_limit => 50, single_line => false},
     #{template => [msg, "\n"], max_size => 20}, #{template => [level, msg, "\n\n"], max_size => 60, depth => 10},
     #{template => [msg], max_size => 3}, #{template => [msg], report_cb => fun(R) -> {"conf ~tp", [R]} end},
     #{template => [level, msg], chars_limit => 3}, #{template => [{msg, ["M:", msg], ["none"]}, {level, ["L"], []}]},
     #{time_offset => 3600000000}, #{time_offset => -90 * 60 * 1000000}].
