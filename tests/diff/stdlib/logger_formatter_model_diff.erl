%% logger_formatter with random events and configurations.
-module(logger_formatter_model_diff).
-export([]).
-define(RUNS, 300).
-include("model.hrl").

scenario(_) ->
    times(4, fun() ->
        Event = event(),
        Config = config(),
        note({Config, Event, outcome(fun() -> text(logger_formatter:format(Event, Config)) end)}),
        Wrong = wrong(Config),
        note({check, Wrong, outcome(fun() -> logger_formatter:check_config(Wrong) end)})
    end).

%% How much is told of what cannot be formatted is not compared.
text(Chars) ->
    Told = re:replace(unicode:characters_to_list(Chars), "FORMAT ERROR.*", "FORMAT ERROR", [unicode, dotall, {return, list}]),
    re:replace(Told, "<0\\.[0-9.]+>", "PID", [unicode, global, {return, binary}]).

event() -> #{level => one_of([emergency, alert, critical, error, warning, notice, info, debug]), msg => message(), meta => meta()}.

message() ->
    weighed([{3, fun() -> {string, string()} end},
             {3, fun() -> {report, report()} end},
             {4, fun() -> {one_of(["~p", "~tp ~s", "~w~n~p", "x\ny ~ts", "~s", "plain", "~p~p~p", "~10p|~-8w|", "~P ~W", "~tw"]),
                           times(rand:uniform(3) - 1, fun value/0)} end}]).

string() -> one_of(["short", <<"binary">>, "two\nlines", "\n  indented\n\n", ["nested", [<<"deep">>, $x]], "\x{3b1}\x{20ac}", "", lists:duplicate(200, $a), "tab\there",
                    "ends\n", bad]).

value() ->
    one_of([1, atom, 'Quoted atom', "string", <<"binary">>, <<1, 2, 255>>, [a, {b, "c"}], #{k => v, "s" => [1, 2, 3]}, 3.14, lists:seq(1, 40),
            {tuple, {in, {tuple, {in, tuple}}}}, lists:duplicate(30, "long list of strings"), "\x{3b1}", [], {}, #{}, [[[[[[[[[deep]]]]]]]]]]).

report() ->
    weighed([{3, fun() -> maps:from_list(times(rand:uniform(4), fun() -> {one_of([a, "b", <<"c">>, {d, 1}, what]), value()} end)) end},
             {2, fun() -> times(rand:uniform(4), fun() -> {one_of([a, "b", <<"c">>, {d, 1}, what]), value()} end) end},
             {1, fun() -> [{a, 1}, b, "c"] end},
             {1, fun() -> one_of([#{}, [], [a], "text", [{a, b, c}]]) end}]).

meta() ->
    Keys = [{time, one_of([0, 1600000000123456, 1700000000000000])},
            {pid, self()}, {gl, self()}, {mfa, {m, f, 2}}, {file, "some/file.erl"}, {line, 17}, {domain, [a, b]}, {mine, value()},
            {deeper, #{x => value(), y => #{z => value()}}},
            {report_cb, one_of([fun cb1/1, fun cb2/2, fun(_) -> bad end, fun(_) -> error(crash) end, fun(_, _) -> bad end, fun(_, _) -> exit(crash) end, not_a_fun])},
            {error_logger, one_of([#{tag => info_report, type => std_info}, #{tag => error}, #{emulator => true}, #{}])}],
    maps:from_list([{time, 1500000000000000} | [K || K <- Keys, chance(50)]]).

cb1(Report) -> {"cb1 ~p", [Report]}.
cb2(Report, #{depth := D, chars_limit := L, single_line := S}) -> io_lib:format("cb2 ~p ~w ~w ~w", [Report, D, L, S]).

config() ->
    Keys = [{chars_limit, one_of([unlimited, 10, 50, 200, 1000])}, {depth, one_of([unlimited, 3, 8, 30])}, {max_size, one_of([unlimited, 20, 100])},
            {single_line, chance(50)}, {legacy_header, chance(50)}, {time_designator, one_of([$T, $\s])},
            {time_offset, one_of(["Z", "", "+02:00", "-03:30", 0, 3600000000])}, {template, template()},
            {report_cb, one_of([fun cb1/1, fun cb2/2])}],
    maps:from_list([{time_offset, "Z"} | [K || K <- Keys, chance(35)]]).

template() ->
    times(rand:uniform(6), fun() ->
        weighed([{8, fun() -> one_of([level, msg, time, pid, mfa, file, line, domain, mine, nothing]) end},
                 {2, fun() -> one_of([[deeper, x], [deeper, y, z], [deeper, none], [logger_formatter, header], [logger_formatter, title], [none, at, all]]) end},
                 {4, fun() -> one_of([" ", "\n", ": ", "\x{3b1}", "bin"]) end},
                 {3, fun() -> {one_of([mine, nothing, [deeper, x], [deeper, none], mfa]), ["<", one_of([mine, level, mfa]), ">"], one_of([[], ["none"], [level]])} end}])
    end).

wrong(Config) ->
    one_of([Config, Config#{depth => -1}, Config#{chars_limit => 0}, Config#{max_size => x}, Config#{single_line => yes}, Config#{template => x},
            Config#{template => [1]}, Config#{template => [{a, b}]}, Config#{template => ["", [a, "b"]]}, Config#{time_offset => "x"}, Config#{time_designator => "T"},
            Config#{legacy_header => 1}, Config#{report_cb => fun() -> ok end}, Config#{unknown => 1}, #{depth => 3}, x,
            Config#{template => [{a, ["x", [b]], []}]}]).
