%% A parse transform that takes what stands behind the kind of a form for a line: with columns it is a
%% location, and {integer, Location, Location} is that pair.
-module(locations_as_values_of_transforms).
-compile({parse_transform, line_values}).
-export([main/0]).

main() ->
    {Line, Column} = here(),
    io:format("~w ~w~n", [Line, Column]).
