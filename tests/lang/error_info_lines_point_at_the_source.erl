%% Frames carry file and line of the failing expression.
-module(error_info_lines_point_at_the_source).
-export([main/0]).

main() ->
    [io:format("~w ~p~n", [R, L]) || {R, L} <- [line_of(fun one/0), line_of(fun two/0), line_of(fun three/0)]].

one() ->
    X = id(1),
    {X, X} = id({1,
                 2}),
    ok.

two() ->
    id(a),
    id(b) +
        1.

three() ->
    case id(3) of
        4 -> ok
    end.

line_of(F) ->
    try F()
    catch error:R:S ->
        [{_, _, _, Info} | _] = S,
        {R, {proplists_file(Info), proplists_line(Info)}}
    end.

proplists_file(I) -> {file, F} = lists:keyfind(file, 1, I), lists:last(split(F, [])).

split([$/ | R], W) -> [lists:reverse(W) | split(R, [])];
split([C | R], W) -> split(R, [C | W]);
split([], W) -> [lists:reverse(W)].

proplists_line(I) -> element(2, lists:keyfind(line, 1, I)).

id(X) -> X.
