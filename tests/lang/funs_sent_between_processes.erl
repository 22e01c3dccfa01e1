%% Closures travel in messages with what they captured.
-module(funs_sent_between_processes).
-export([main/0]).

main() ->
    Self = self(),
    Data = #{a => [1, 2, 3], b => <<"bin">>},
    P = spawn(fun Loop() -> receive {do, F, From} -> From ! {done, F()}, Loop(); stop -> ok end end),
    P ! {do, fun() -> maps:size(Data) end, Self},
    io:format("~w~n", [receive {done, R1} -> R1 end]),
    N = 10,
    P ! {do, fun() -> fun(X) -> X * N end end, Self},
    F2 = receive {done, R2} -> R2 end,
    io:format("~w~n", [F2(4)]),
    io:format("~w~n", [F2 =:= F2]),
    P ! {do, fun erlang:self/0, Self},
    io:format("~w~n", [receive {done, R3} -> R3 =:= P end]),
    P ! stop.
