%% Many senders, each one's messages in order at the receiver.
-module(messages_from_one_sender_keep_their_order).
-export([main/0]).

main() ->
    Self = self(),
    Senders = [spawn(fun() -> [Self ! {S, I} || I <- lists:seq(1, 2000)] end) || S <- lists:seq(1, 20)],
    io:format("~w~n", [length(Senders)]),
    Final = collect(40000, maps:from_list([{S, 0} || S <- lists:seq(1, 20)])),
    io:format("~w~n", [Final]),
    % Signals too: a message sent before the exit arrives before the 'DOWN'.
    Oks = [begin
               {P, M} = spawn_monitor(fun() -> Self ! {before, I}, exit(I) end),
               receive {before, I} -> receive {'DOWN', M, _, P, I} -> true end; {'DOWN', M, _, P, _} -> false end
           end || I <- lists:seq(1, 200)],
    io:format("~w~n", [lists:usort(Oks)]).

collect(0, Seen) -> lists:usort(maps:values(Seen));
collect(N, Seen) ->
    receive
        {S, I} ->
            #{S := Before} = Seen,
            I = Before + 1,
            collect(N - 1, Seen#{S := I})
    end.
