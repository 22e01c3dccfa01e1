%% put, get, get_keys, erase and their values.
-module(process_dictionary).
-export([main/0]).

main() ->
    io:format("~w~n", [[put(a, 1), put(a, 2), get(a), get(nope), put({k, 1}, "v"), erase(a), erase(a), get(a)]]),
    [put(I, I * I) || I <- lists:seq(1, 100)],
    io:format("~w~n", [lists:sum([get(I) || I <- lists:seq(1, 100)])]),
    io:format("~w~n", [length(get_keys(25))]),
    put(other, 25),
    io:format("~w~n", [lists:sort(get_keys(25))]),
    io:format("~w~n", [lists:sum([V || {K, V} <- get(), is_integer(K)])]),
    [erase(I) || I <- lists:seq(1, 100)],
    io:format("~w~n", [lists:sort(get())]),
    io:format("~w~n", [lists:sort(get_keys())]),
    Self = self(),
    spawn(fun() -> Self ! {child, get(other)} end),
    receive {child, V} -> io:format("~w~n", [V]) end,
    io:format("~w ~w~n", [lists:sort(erase()), get()]),
    put(1, int), put(1.0, float),
    io:format("~w ~w~n", [get(1), get(1.0)]).
