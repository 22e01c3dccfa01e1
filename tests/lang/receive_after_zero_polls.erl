%% A zero timeout looks through the mailbox once and goes on.
-module(receive_after_zero_polls).
-export([main/0]).

main() ->
    io:format("~w~n", [receive _ -> got after 0 -> empty end]),
    self() ! x,
    io:format("~w~n", [receive y -> got_y after 0 -> no_y end]),
    io:format("~w~n", [receive x -> got_x after 0 -> no_x end]),
    io:format("~w~n", [receive after 0 -> just_after end]),
    io:format("~w~n", [receive after 1 -> one_ms end]),
    T = 10,
    io:format("~w~n", [receive z -> z after T * 2 -> computed end]).
