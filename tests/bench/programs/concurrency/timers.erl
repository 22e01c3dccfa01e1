%% Starts N timers, cancels half of them, and waits for the rest.
-module(timers).
-export([run/1, default/0]).

default() -> 400000.

run(N) -> rounds(N div 1000, 0).

rounds(0, Fired) -> Fired;
rounds(Left, Fired) ->
    Keep = start(500, []),
    Cancel = [erlang:send_after(60000 + I, self(), never) || I <- lists:seq(1, 500)],
    true = lists:all(fun(T) -> is_integer(erlang:cancel_timer(T)) end, Cancel),
    rounds(Left - 1, Fired + fired(Keep, 0)).

start(0, Refs) -> Refs;
start(I, Refs) -> start(I - 1, [erlang:start_timer(0, self(), I) | Refs]).

fired([], Count) -> Count;
fired([Ref | Rest], Count) -> receive {timeout, Ref, _} -> fired(Rest, Count + 1) end.
