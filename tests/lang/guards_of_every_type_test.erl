%% All is_* guard tests over samples of all types.
-module(guards_of_every_type_test).
-export([main/0]).

main() ->
    Samples = [1, 1 bsl 70, 1.5, a, true, "s", [], [a | b], {}, {r, 1}, #{}, <<>>, <<1:3>>, self(), make_ref(), fun() -> 1 end,
               fun lists:map/2],
    [io:format("~w~n", [tests(S)]) || S <- Samples].

tests(X) ->
    [N || {N, true} <- [{atom, g(atom, X)}, {binary, g(binary, X)}, {bitstring, g(bitstring, X)}, {boolean, g(boolean, X)},
                        {float, g(float, X)}, {function, g(function, X)}, {integer, g(integer, X)}, {list, g(list, X)},
                        {number, g(number, X)}, {pid, g(pid, X)}, {port, g(port, X)}, {reference, g(reference, X)},
                        {tuple, g(tuple, X)}, {map, g(map, X)}, {function0, g(function0, X)}, {function2, g(function2, X)},
                        {record, g(record, X)}]].

g(atom, X) when is_atom(X) -> true;
g(binary, X) when is_binary(X) -> true;
g(bitstring, X) when is_bitstring(X) -> true;
g(boolean, X) when is_boolean(X) -> true;
g(float, X) when is_float(X) -> true;
g(function, X) when is_function(X) -> true;
g(integer, X) when is_integer(X) -> true;
g(list, X) when is_list(X) -> true;
g(number, X) when is_number(X) -> true;
g(pid, X) when is_pid(X) -> true;
g(port, X) when is_port(X) -> true;
g(reference, X) when is_reference(X) -> true;
g(tuple, X) when is_tuple(X) -> true;
g(map, X) when is_map(X) -> true;
g(function0, X) when is_function(X, 0) -> true;
g(function2, X) when is_function(X, 2) -> true;
g(record, X) when is_record(X, r, 2) -> true;
g(_, _) -> false.
