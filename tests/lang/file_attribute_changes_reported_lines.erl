%% -file sets the file and line that macros and stack traces report.
-module(file_attribute_changes_reported_lines).
-export([main/0]).

main() ->
    io:format("~w ~s~n", [?LINE, lists:last(split(?FILE, []))]),
    a(),
    b().

-file("other.yrl", 100).
a() ->
    io:format("~w ~s~n", [?LINE, ?FILE]).

b() ->
    try y = id(x)
    catch error:{badmatch, x}:S ->
        {_, _, _, Info} = hd(S),
        io:format("~p ~p~n", [lists:keyfind(file, 1, Info), lists:keyfind(line, 1, Info)])
    end.

id(X) -> X.

split([$/ | R], W) -> [lists:reverse(W) | split(R, [])];
split([C | R], W) -> split(R, [C | W]);
split([], W) -> [lists:reverse(W)].
