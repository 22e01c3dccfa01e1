%% Large messages wait in the mailbox while the heap is collected.
-module(mailbox_data_survives_collection).
-export([main/0]).

main() ->
    Self = self(),
    [spawn(fun() -> Self ! {data, I, lists:duplicate(1000, {I, <<I:32>>})} end) || I <- lists:seq(1, 100)],
    wait(100),
    [begin _ = lists:seq(1, 50000), erlang:garbage_collect() end || _ <- lists:seq(1, 5)],
    io:format("~w~n", [[check(I) || I <- [100, 50, 1]]]),
    erlang:garbage_collect(),
    io:format("~w~n", [lists:usort([check(I) || I <- lists:seq(1, 99), I =/= 50, I =/= 1])]),
    io:format("~w~n", [process_info(self(), message_queue_len)]).

wait(N) -> case process_info(self(), message_queue_len) of {_, N} -> ok; _ -> receive after 1 -> wait(N) end end.

check(I) -> receive {data, I, L} -> length(L) =:= 1000 andalso lists:all(fun({J, <<K:32>>}) -> J =:= I andalso K =:= I end, L) end.
