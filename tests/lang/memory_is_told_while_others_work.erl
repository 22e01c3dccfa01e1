%% erlang:memory/0,1 while other processes build, send, collect and die: their heaps are theirs.
-module(memory_is_told_while_others_work).
-export([main/0]).

main() ->
    Self = self(),
    Workers = [spawn_link(fun() -> work(Self, 200) end) || _ <- lists:seq(1, 8)],
    watch(length(Workers), 0),
    Before = erlang:memory(processes),
    Keep = lists:seq(1, 1000000),
    io:format("~p~n", [erlang:memory(processes) - Before >= 8000000]),
    io:format("~p~n", [length(Keep)]).

%% Until all have answered.
watch(0, Sum) -> io:format("~p~n", [Sum > 0]);
watch(N, Sum) ->
    Now = erlang:memory(processes) + erlang:memory(processes_used) + erlang:memory(binary),
    receive done -> watch(N - 1, Sum + Now) after 0 -> watch(N, Sum + Now) end.

work(To, 0) -> To ! done;
work(To, N) ->
    Other = spawn(fun() -> receive {_, L} -> length(L) end end),
    Other ! {<<0:(8 * 100000)>>, lists:seq(1, N * 10)},
    self() ! [{I, <<I:800>>} || I <- lists:seq(1, N)],
    receive L when is_list(L) -> L end,
    work(To, N - 1).
