% process_flag(save_calls, N) and process_info(P, last_calls): global calls, sends, receives, timeouts.
-module(save_calls_keeps_the_latest_calls).
-export([main/0, f/1, g/1]).
main() ->
    io:format("~p~n", [process_info(self(), last_calls)]),
    P = spawn(fun() -> io:format("~p~n", [process_flag(save_calls, 10)]), loop() end),
    P ! {self(), fun() -> ?MODULE:f(1), f(2), lists:reverse([1,2]), self() ! x, receive x -> ok end, receive y -> ok after 0 -> ok end, erlang:send(self(), z), receive z -> ok end, g(4), put(a,b) end},
    receive done -> ok end,
    io:format("~p~n", [process_info(P, last_calls)]),
    P ! {self(), fun() -> ?MODULE:g(1),process_flag(save_calls, 3) end},
    receive done -> ok end,
    io:format("~p~n", [process_info(P, last_calls)]),
    P ! {self(), fun() -> io:format("~p~n", [process_flag(save_calls, 0)]) end},
    receive done -> ok end,
    io:format("~p~n", [process_info(P, last_calls)]),
    io:format("~p~n", [[element(1, {try process_flag(save_calls, X) catch error:E -> E end}) || X <- [-1, 10001, a, 10000]]]),
    io:format("~p~n", [process_flag(save_calls, 0)]),
    Q = spawn(fun loop/0),
    io:format("~p~n", [process_flag(Q, save_calls, 2)]),
    Q ! {self(), fun() -> ?MODULE:g(1), ok end},
    receive done -> ok end,
    io:format("~p ~p~n", [process_flag(Q, save_calls, 0), process_info(Q, last_calls)]).
loop() -> receive {From, F} -> F(), From ! done, loop() end.
f(X) -> X + 1.
g(X) -> list_to_tuple([X]), ?MODULE:f(X).
