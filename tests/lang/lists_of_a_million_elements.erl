%% Reverse, append, subtract, sort, length, conversion of long lists.
-module(lists_of_a_million_elements).
-export([main/0]).

main() ->
    L = lists:seq(1, 1000000),
    io:format("~w ~w~n", [length(L), lists:sum(L)]),
    R = lists:reverse(L),
    io:format("~w ~w~n", [hd(R), lists:reverse(R) =:= L]),
    io:format("~w~n", [length(L ++ R)]),
    io:format("~w~n", [lists:sort(R) =:= L]),
    io:format("~w~n", [length(lists:seq(1, 20000) -- lists:seq(1, 20000, 2))]),
    io:format("~w~n", [tuple_size(list_to_tuple(L))]),
    io:format("~w~n", [byte_size(list_to_binary([X band 255 || X <- L]))]),
    io:format("~w~n", [lists:foldl(fun(X, A) -> X bxor A end, 0, L)]),
    io:format("~w~n", [length([X || X <- L, X rem 3 =:= 0])]),
    io:format("~w~n", [lists:nth(999999, L)]),
    io:format("~w~n", [L < R]),
    Self = self(),
    spawn(fun() -> Self ! lists:map(fun(X) -> X * 2 end, L) end),
    receive M -> io:format("~w~n", [lists:last(M)]) end.
