%% Messages of millions of words between small ones: each arrives whole, in the order sent, to pids,
%% names and aliases, also one's own, and errors are those of small messages.
-module(huge_messages_keep_their_order).
-export([main/0]).

main() ->
    Huge = [{N, [N], "abc", <<N:32>>} || N <- lists:seq(1, 60000)],
    Sum = lists:sum([N || {N, _, _, _} <- Huge]),
    Self = self(),
    Pid = spawn_link(fun() -> register(receiver, self()), Self ! ready, collect(Self, []) end),
    receive ready -> ok end,
    Pid ! first,
    Pid ! {huge, Huge},
    Pid ! second,
    receiver ! {huge, Huge},
    erlang:send(Pid, third),
    {huge, Huge} = erlang:send(Pid, {huge, Huge}),
    ok = erlang:send(Pid, {huge, Huge}, [nosuspend]),
    true = erlang:send_nosuspend(Pid, {huge, Huge}),
    Pid ! last,
    receive {got, Got} -> io:format("~p~n", [Got]) end,
    io:format("~p~n", [Got =:= [first, Sum, second, Sum, third, Sum, Sum, Sum, last]]),
    self() ! Huge,
    io:format("~p~n", [receive Huge -> same end]),
    {'EXIT', {badarg, _}} = (catch nobody_at_all ! Huge),
    io:format("done~n").

collect(To, Got) ->
    receive
        last -> To ! {got, lists:reverse([last | Got])};
        {huge, List} -> collect(To, [lists:sum([N || {N, _, "abc", <<N:32>>} <- List]) | Got]);
        Word -> collect(To, [Word | Got])
    end.
