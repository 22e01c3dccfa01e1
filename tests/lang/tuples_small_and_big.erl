%% Tuples up to a hundred thousand elements.
-module(tuples_small_and_big).
-export([main/0]).

main() ->
    io:format("~w ~w ~w~n", [{}, {1}, {1, {2, {3}}}]),
    T = list_to_tuple(lists:seq(1, 100000)),
    io:format("~w ~w ~w~n", [tuple_size(T), element(1, T), element(100000, T)]),
    T2 = setelement(50000, T, changed),
    io:format("~w ~w ~w~n", [element(50000, T2), element(50000, T), element(50001, T2)]),
    io:format("~w~n", [lists:sum(tuple_to_list(T))]),
    io:format("~w~n", [erlang:make_tuple(3, x)]),
    io:format("~w~n", [erlang:make_tuple(4, [], [{2, ignored}, {4, z}, {2, aa}])]),
    io:format("~w~n", [erlang:append_element({a, b}, c)]),
    io:format("~w ~w~n", [erlang:insert_element(1, {a, b}, c), erlang:delete_element(2, {a, b, c})]),
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> element(0, T) end, fun() -> element(100001, T) end, fun() -> element(a, {a}) end,
                                 fun() -> element(1, id([])) end, fun() -> setelement(3, {a, b}, c) end,
                                 fun() -> list_to_tuple([a | id(b)]) end, fun() -> tuple_size(id(a)) end]]]).

id(X) -> X.
