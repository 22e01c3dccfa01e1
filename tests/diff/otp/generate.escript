#!/usr/bin/env escript
%% generate.escript OUT: a scanner and a parser are generated, compiled and used.
-mode(compile).
main([Out]) ->
    {ok, Scanner, _} = leex:file("scanner.xrl", [{scannerfile, Out ++ "/scanner.erl"}, return]),
    {ok, Parser, _} = yecc:file("grammar.yrl", [{parserfile, Out ++ "/grammar.erl"}, return]),
    [{ok, Module, Code}, {ok, Module2, Code2}] =
        [compile:file(File, [binary]) || File <- [Scanner, Parser]],
    {module, scanner} = code:load_binary(Module, Scanner, Code),
    {module, grammar} = code:load_binary(Module2, Parser, Code2),
    lists:foreach(fun use/1, ["x = 1 + 2 * (3 - 4.5e3)", "a b", "\"str\" + -x", "1 $", "",
                              "1 +\n\n *", "1.5 / 2 - -3", "((1))", ")"]).

use(Text) ->
    case scanner:string(Text) of
        {ok, Tokens, Line} -> io:format("~p ~p ~p~n", [Tokens, Line, grammar:parse(Tokens)]);
        Error -> io:format("~p~n", [Error])
    end.
