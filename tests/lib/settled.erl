%% For programs that print what several processes do, in one order, however slow the machine is: wait/0 returns when
%% nobody else has anything to do. It looks several times, in both directions, for work may wander from who was not
%% yet looked at to who was. Who waits for a time is at rest: sleep longer than that before, wait/1.
-module(settled).
-export([wait/0, wait/1]).

wait(Ms) -> timer:sleep(Ms), wait().

wait() -> wait(6, none, 3000).

wait(0, _, _) -> ok;
wait(_, _, 0) -> exit(restless);
wait(Looks, Before, Tries) ->
    timer:sleep(1),
    All = processes() -- [self()],
    Now = [{P, rest(P)} || P <- if Looks rem 2 =:= 0 -> All; true -> lists:reverse(All) end],
    case lists:keymember(busy, 2, Now) of
        true -> wait(6, none, Tries - 1);
        false -> again(Looks, Before, lists:sort(Now), Tries)
    end.

again(Looks, Same, Same, Tries) -> wait(Looks - 1, Same, Tries - 1);
again(_, _, Now, Tries) -> wait(6, Now, Tries - 1).

%% A process may leave messages in its queue; being asked makes it look at those that are new.
rest(P) ->
    case process_info(P, [status, message_queue_len]) of
        [{status, Status}, {message_queue_len, Length}] when Status =:= waiting; Status =:= suspended -> Length;
        undefined -> ended;
        _ -> busy
    end.
