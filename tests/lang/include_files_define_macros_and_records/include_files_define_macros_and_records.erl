%% -include of headers beside the file, with guards against double inclusion.
-module(include_files_define_macros_and_records).
-export([main/0]).

-include("shapes.hrl").
-include("more.hrl").
-include("shapes.hrl").

main() ->
    io:format("~w ~w~n", [?VERSION, #point{}]),
    io:format("~w~n", [?ORIGIN]),
    io:format("~w~n", [helper(#point{x = 1, y = 2})]),
    io:format("~s ~w~n", [?WHERE, ?LINE]).
