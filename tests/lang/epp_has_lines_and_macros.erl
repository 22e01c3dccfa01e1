%% Where forms are, as asked for; macros that may not be given.
-module(epp_has_lines_and_macros).
-export([main/0]).

main() ->
    Name = "epp_has_lines_and_macros.tmp",
    ok = file:write_file(Name, "-module(ep).\n-define(X, ?Y).\n-define(Y, ?X).\nf() -> ?X.\ng( -> a.\n"
                               "-include(\"nix.hrl\").\n-foo(bar)\n"),
    [io:format("~p~n", [epp:parse_file(Name, Options)])
     || Options <- [[], [{location, 1}], [{location, {1, 1}}], [{location, 10}],
                    [{macros, [{'Z', 1}]}, {includes, ["."]}]]],
    io:format("~p~n", [epp:parse_file(Name, [], [])]),
    io:format("~p~n", [epp:open(Name, [], [{'LINE', a}])]),
    io:format("~p~n", [epp:open([{name, Name}, {macros, [{'FILE', a}]}])]),
    io:format("~p~n", [epp:parse_file(Name, [], [{'MACHINE', a}])]),
    io:format("~p~n", [epp:open(Name, [], ['ABC', {'ABC', 1}])]),
    io:format("~p~n", [element(1, epp:open(Name, [], ['ABC', {'LINE', 1, redefine}]))]),
    ok = file:delete(Name),
    io:format("~p~n", [epp:open(Name, [], [])]).
