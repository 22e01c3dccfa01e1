%% Receive inside receive, in funs, in comprehensions and in arguments.
-module(receive_nested_and_in_funs).
-export([main/0]).

main() ->
    Self = self(),
    [Self ! M || M <- [{a, 1}, {b, 2}, {c, 3}, {a, 4}, {b, 5}]],
    R = receive {b, X} -> receive {c, Y} -> receive {a, Z} -> {X, Y, Z} end end end,
    io:format("~w~n", [R]),
    F = fun(Key) -> receive {Key, V} -> V after 0 -> none end end,
    io:format("~w~n", [[F(K) || K <- [b, a, c]]]),
    Self ! x, Self ! y,
    io:format("~w~n", [{receive x -> 1 end, receive y -> 2 end}]),
    Self ! go,
    io:format("~w~n", [try receive go -> throw(out_of_receive) end catch T -> T end]),
    Self ! again,
    io:format("~w~n", [element(1, catch receive again -> error(inside) after 10 -> ok end)]),
    Self ! left,
    io:format("~w~n", [receive nothing -> no after 5 -> receive left -> found_in_after end end]).
