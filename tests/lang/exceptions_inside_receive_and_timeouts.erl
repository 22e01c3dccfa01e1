%% Throwing out of receive bodies and timeouts; the mailbox stays consistent.
-module(exceptions_inside_receive_and_timeouts).
-export([main/0]).

main() ->
    [self() ! {m, I} || I <- lists:seq(1, 5)],
    io:format("~w~n", [try receive {m, 2} -> throw(got_two) end catch T -> T end]),
    io:format("~w~n", [try receive none -> ok after 0 -> error(timed_out) end catch error:E -> E end]),
    io:format("~w~n", [try receive {m, X} when X > 3 -> exit({x, X}) after 10 -> no end catch exit:R -> R end]),
    io:format("~w~n", [[receive {m, I} -> I end || _ <- [1, 2, 3]]]),
    self() ! again,
    io:format("~w~n", [try receive again -> ok end of ok -> receive M -> M after 0 -> empty end after self() ! from_after end]),
    io:format("~w~n", [receive from_after -> from_after after 0 -> lost end]),
    F = fun Loop(0, Acc) -> Acc; Loop(N, Acc) -> try receive never -> Acc after 0 -> throw(N) end catch V -> Loop(N - 1, [V | Acc]) end end,
    io:format("~w~n", [F(10, [])]).
