%% Many processes send to one at once, more than it takes: what each of them sent arrives in the
%% order in which it was sent, nothing is lost, and its end is told after its last message.
-module(many_senders_keep_their_order).
-export([main/0]).

main() ->
    io:format("~p~n", [receive_all(start(20, 3000, self()))]),
    %% two receivers, each sender sends to both in turn
    Self = self(),
    Other = spawn_link(fun() -> Self ! {other, receive_all(maps:from_keys(expect_senders(), 0))} end),
    Senders = start(20, 1000, {self(), Other}),
    Other ! {senders, maps:keys(Senders)},
    io:format("~p~n", [receive_all(Senders)]),
    receive {other, Result} -> io:format("~p~n", [Result]) end.

expect_senders() ->
    receive
        {senders, Pids} -> [monitor(process, Pid) || Pid <- Pids], Pids
    end.

start(Count, Messages, To) ->
    maps:from_list([{element(1, spawn_monitor(fun() -> sender(1, Messages, To) end)), 0}
                    || _ <- lists:seq(1, Count)]).

sender(N, Last, _) when N > Last -> exit({sent, Last});
sender(N, Last, {A, B} = To) ->
    A ! {self(), N},
    B ! {self(), N},
    sender(N + 1, Last, To);
sender(N, Last, To) ->
    To ! {self(), N},
    sender(N + 1, Last, To).

%% Senders and what came last of each.
receive_all(Senders) -> receive_all(Senders, 0, 0).

receive_all(Senders, Messages, Sum) when map_size(Senders) =:= 0 -> {Messages, Sum};
receive_all(Senders, Messages, Sum) ->
    receive
        {Pid, N} when is_map_key(Pid, Senders) ->
            #{Pid := Before} = Senders,
            N = Before + 1,
            receive_all(Senders#{Pid := N}, Messages + 1, Sum + N);
        {'DOWN', _, process, Pid, {sent, Last}} ->
            #{Pid := Last} = Senders,
            receive_all(maps:remove(Pid, Senders), Messages, Sum);
        {'DOWN', _, process, Pid, noproc} -> % it ended before it was watched
            receive_all(maps:remove(Pid, Senders), Messages, Sum)
    end.
