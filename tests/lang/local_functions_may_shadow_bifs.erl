%% no_auto_import and imports: a local length/1 wins, the BIF stays reachable.
-module(local_functions_may_shadow_bifs).
-export([main/0]).

-compile({no_auto_import, [length/1, put/2, size/1]}).
-import(lists, [map/2, reverse/1]).

main() ->
    io:format("~w ~w~n", [length([1, 2]), erlang:length([1, 2])]),
    io:format("~w~n", [put(a, b)]),
    io:format("~w~n", [erlang:put(a, b)]),
    io:format("~w ~w~n", [map(fun(X) -> X + 1 end, [1]), reverse([1, 2])]),
    F = fun length/1,
    io:format("~w~n", [F(x)]),
    io:format("~w ~w~n", [size(2), size(2, 3)]).

length(_) -> mine.
put(A, B) -> {my_put, A, B}.
size(_, _) -> size_2.
size(X) -> {my_size, X}.
