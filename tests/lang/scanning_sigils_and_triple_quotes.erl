%% erl_scan and erl_parse on what OTP 27 brought: sigils, triple-quoted strings, and quotes in a row.
-module(scanning_sigils_and_triple_quotes).
-export([main/0]).

main() ->
    tokens(),
    illegal(),
    unterminated(),
    in_pieces(),
    forms(),
    terms(),
    values(),
    files(),
    compiled().

scan(Text) -> scan(Text, []).

scan(Text, Options) ->
    io:format("~tp~n  ~tp~n", [Text, erl_scan:string(Text, {1, 1}, Options)]).

tokens() ->
    scan("~\"abc\""),
    scan("~s(a\\tb)x9_ c", [text]),
    [scan([$~, Type, Open, $\\, $t, Close])
     || Type <- "sB", {Open, Close} <- lists:zip("([{</|'`#", ")]}>/|'`#")],
    scan("~S{a\nb} c"),
    scan("~x\"ab\\\"c\""),
    scan("\"\"\"\n  ab\n   c\\d \"\"\n\n  €\n  \"\"\" x", [text]),
    scan("~s\"\"\"\n\ta\\tb\\\n\tc\n\t\"\"\" x", [text]),
    scan("~\"\"\"\n  \\n\n  \"\"\""),
    scan("\"\"\"\"\n\"\"\"\n\"\"\"\""),
    scan("\"\"\"\n\"\"\""),
    scan("\"\"\" \t\r\n a\r\n b\r\n \"\"\""),
    scan("\"\" \"\"").

illegal() ->
    [scan(Text) || Text <- ["\"a\"\"b\"", "\"\"\n\"\"\"\"", "~\"a\"\"b\"", "\"\"\"\n a\n \"\"\"\"", "~", "~ a", "~_", "a ~+",
                            "\"\"\"a\n\"\"\"", "\"\"\"\n  a\n b\n  \"\"\"", "~b\"\"\"\n a\\xz\n \"\"\"",
                            "~s(\\xz)"]],
    Long = lists:duplicate(256, $a),
    io:format("~p~n", [erl_scan:string([$~ | Long], {1, 1})]),
    io:format("~p~n", [erl_scan:string("~()" ++ Long, {1, 1})]),
    [io:format("~ts~n", [erl_scan:format_error(Reason)])
     || Reason <- [string_concat, indentation, white_space, {illegal, sigil_prefix}]].

unterminated() ->
    [scan(Text) || Text <- ["\"\"\"", "\"\"\"\n", "~(", "~<a\n", "~\"\"\"\"", "~\"\"\"\"\n", "~s/", "~s|x", "~S\"\"\"\nxx",
                            "~S#abcdefghijklmnopqrstuvwxyz"]].

%% Character by character, which gives what the whole text does.
in_pieces() ->
    Text = "f(~s\"\"\"\n  ab\n   c\\td\n\n  e\n  \"\"\"x, \"a\" \"\"\"\"\n b\n \"\"\"\", \"\", ~(a), ~B[]). ",
    {ok, Tokens, End} = erl_scan:string(Text, {1, 1}, [text]),
    {done, {ok, Tokens, End}, []} =
        lists:foldl(fun(C, {more, State}) -> erl_scan:tokens(State, [C], {1, 1}, [text]) end, {more, []}, Text),
    {done, {error, Error, _}, Left} = erl_scan:tokens([], "a \"b\"\"c\" d. e", 1),
    io:format("~p~n~p~n", [Error, Left]).

forms() ->
    [begin
         {ok, Tokens, _} = erl_scan:string(Text, {1, 1}),
         io:format("~ts~n  ~tp~n", [Text, parse(Tokens)])
     end || Text <- ["~\"å\".", "~b[x].", "~B[\\].", "~s(a).", "~S(\\).", "case X of ~B'a' -> <<~s(ab)>> end.", "\"a\" \"\"\"\n b\n \"\"\".",
                     "~_\"a\".", "~x\"a\".", "~\"a\"x.", "~s(a)u.", "~\"a\" \"b\"."]].

parse(Tokens) ->
    case erl_parse:parse_exprs(Tokens) of
        {error, {At, Module, Text}} -> {At, Module, lists:flatten(Text)};
        Fine -> Fine
    end.

terms() ->
    [begin
         {ok, Tokens, _} = erl_scan:string(Text),
         io:format("~w~n", [erl_parse:parse_term(Tokens)])
     end || Text <- ["~\"å\\\"\\d€\".", "[{a, ~s(b)}, ~S(\\n) | ~B(\\n)]."]],
    {ok, Form, _} = erl_scan:string("-doc ~\"\"\"\n  Says hello.\n  \"\"\"."),
    io:format("~p~n", [erl_parse:parse_form(Form)]).

values() ->
    Text = "F = fun(~\"a\", X) -> [~b(b), X | ~s[c]]; (_, \"\"\"\n  d\n  \"\"\") -> e end, {F(<<\"a\">>, 1), F(x, \"d\")}.",
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Expressions} = erl_parse:parse_exprs(Tokens),
    {value, Value, _} = erl_eval:exprs(Expressions, []),
    io:format("~p~n", [Value]).

files() ->
    File = "terms.txt",
    ok = file:write_file(File, <<"%% coding: utf-8\n{a, ~\"å€\"}.\n[~s(b), \"\"\"\n  c\n   d\n  \"\"\"].\n"/utf8>>),
    io:format("~w~n", [file:consult(File)]),
    {ok, Device} = file:open(File, [read, {encoding, utf8}]),
    io:format("~tp~n", [io:parse_erl_exprs(Device, '', {1, 1})]),
    ok = file:close(Device),
    [begin
         ok = file:write_file(File, Bad),
         {error, Reason} = file:consult(File),
         io:format("~p ~ts~n", [Reason, file:format_error(Reason)])
     end || Bad <- ["a.\n{b, \"x\"\"y\"}.\n", "a.\n{b, ~x\"y\"}.\n"]],
    ok = file:delete(File).

%% What the compiler says has words, too.
compiled() ->
    [begin
         ok = file:write_file("wrong_sigils.erl", ["-module(wrong_sigils).\nf() -> ", Text, ".\n"]),
         {error, [{_, [{At, Module, Reason} | _]} | _], _} = compile:file(wrong_sigils, [binary, return]),
         io:format("~p ~ts~n", [At, Module:format_error(Reason)])
     end || Text <- ["~x(a)", "~(a)x", "~(a)\"b\"", "\"a\"\"b\"", "~ (a)", "\"\"\"a\"\"\""]],
    ok = file:delete("wrong_sigils.erl").
