%% register, whereis, unregister, sending by name, and the errors.
-module(registered_names).
-export([main/0]).

main() ->
    true = register(my_name, self()),
    io:format("~w~n", [whereis(my_name) =:= self()]),
    my_name ! hello,
    io:format("~w~n", [receive M -> M end]),
    io:format("~w~n", [lists:member(my_name, registered())]),
    io:format("~w~n", [process_info(self(), registered_name)]),
    io:format("~w~n", [t(fun() -> register(my_name, self()) end)]),
    io:format("~w~n", [t(fun() -> register(second_name, self()) end)]),
    io:format("~w~n", [unregister(my_name)]),
    io:format("~w~n", [whereis(my_name)]),
    io:format("~w~n", [process_info(self(), registered_name)]),
    io:format("~w~n", [t(fun() -> unregister(my_name) end)]),
    io:format("~w~n", [t(fun() -> my_name ! x end)]),
    io:format("~w~n", [t(fun() -> register("str", self()) end)]),
    {P, Ref} = spawn_monitor(fun() -> receive stop -> ok end end),
    register(worker, P),
    worker ! stop,
    receive {'DOWN', Ref, _, _, _} -> ok end,
    io:format("~w~n", [whereis(worker)]),
    io:format("~w~n", [t(fun() -> register(dead, P) end)]),
    register(again, self()),
    {again, node()} ! by_tuple,
    io:format("~w~n", [receive M2 -> M2 end]),
    io:format("~w~n", [erlang:send(again, m3)]),
    io:format("~w~n", [receive M3 -> M3 end]).

t(F) -> try F() catch C:R -> {C, R} end.
