%% A default that is a call runs at every construction.
-module(record_defaults_are_evaluated_each_time).
-export([main/0]).

-record(r, {a = next(), b = next(), c = self()}).

main() ->
    put(counter, 0),
    R1 = #r{},
    R2 = #r{a = fixed},
    io:format("~w ~w ~w~n", [R1#r.a, R1#r.b, R1#r.c =:= self()]),
    io:format("~w ~w~n", [R2#r.a, R2#r.b]),
    R3 = R2#r{b = new},
    io:format("~w ~w ~w~n", [R3#r.a, R3#r.b, get(counter)]).

next() -> put(counter, get(counter) + 1), get(counter).
