%% Sends a term of ten thousand words there and back, N times.
-module(big_messages).
-export([run/1, default/0]).

default() -> 8000.

run(N) ->
    Term = [{I, [I, I + 1], <<I:32>>} || I <- lists:seq(1, 800)],
    Self = self(),
    Pid = spawn_link(fun() -> echo(Self) end),
    Sum = trips(N, Pid, Term, 0),
    unlink(Pid),
    Pid ! stop,
    Sum.

trips(0, _, _, Sum) -> Sum;
trips(N, Pid, Term, Sum) ->
    Pid ! {term, Term},
    receive {back, Back} -> trips(N - 1, Pid, Term, Sum + length(Back)) end.

echo(To) ->
    receive
        {term, T} -> To ! {back, T}, echo(To);
        stop -> ok
    end.
