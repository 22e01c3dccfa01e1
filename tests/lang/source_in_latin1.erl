%% coding: latin-1
%% Latin-1 source, named in the first line: éè are single bytes.
-module(source_in_latin1).
-export([main/0]).

main() ->
    io:format("~w~n", ["héllo wörld"]),
    Été = $é,
    io:format("~w ~w~n", [Été, length("éè")]),
    io:format("~w~n", [<<"é">>]),
    io:format("~w~n", [atom_to_list('été')]).
