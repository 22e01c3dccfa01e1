%% Processes, messages and replies.
-module(spawn_and_send_messages).
-export([main/0]).

main() ->
    Self = self(),
    Pid = spawn(fun() -> receive {From, X} -> From ! {reply, X * 2} end end),
    Pid ! {Self, 21},
    receive {reply, V} -> io:format("~w~n", [V]) end,
    Echo = spawn(fun echo/0),
    [Echo ! {Self, I} || I <- lists:seq(1, 5)],
    io:format("~w~n", [[receive {echo, I} -> I end || I <- lists:seq(1, 5)]]),
    Echo ! stop,
    io:format("~w~n", [(Self ! to_myself)]),
    receive M -> io:format("~w~n", [M]) end,
    io:format("~w ~w~n", [Pid =/= Self, is_pid(Pid)]),
    P2 = spawn(?MODULE, module_info, []),
    io:format("~w~n", [is_pid(P2)]),
    io:format("~w~n", [Pid ! dead_letters_are_dropped]).

echo() ->
    receive
        stop -> ok;
        {From, X} -> From ! {echo, X}, echo()
    end.
