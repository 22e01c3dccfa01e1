%% Selective receive from the back, the front and the middle of a huge mailbox.
-module(mailbox_of_a_hundred_thousand_messages).
-export([main/0]).

main() ->
    N = 100000,
    [self() ! {m, I} || I <- lists:seq(1, N)],
    self() ! last,
    io:format("~w~n", [receive last -> last end]),
    io:format("~w~n", [receive {m, 50000} -> middle end]),
    io:format("~w~n", [process_info(self(), message_queue_len)]),
    io:format("~w~n", [drain(0, 0)]),
    Self = self(),
    [self() ! {junk, I} || I <- lists:seq(1, 20000)],
    P = spawn(fun Loop() -> receive {R, From} -> From ! R, Loop(); stop -> ok end end),
    ok = calls(20000, P, Self),
    io:format("calls done~n"),
    P ! stop,
    io:format("~w~n", [junk_in_order(1)]).

drain(Count, Sum) -> receive {m, I} -> drain(Count + 1, Sum + I) after 0 -> {Count, Sum} end.

calls(0, _, _) -> ok;
calls(N, P, Self) ->
    R = make_ref(),
    P ! {R, Self},
    receive R -> calls(N - 1, P, Self) end.

junk_in_order(I) -> receive {junk, J} -> if J =:= I -> junk_in_order(I + 1); true -> {wrong, I, J} end after 0 -> I - 1 end.
