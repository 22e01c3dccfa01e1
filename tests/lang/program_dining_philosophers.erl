%% A whole program: forks are processes, asked for in a fixed order; nobody starves.
-module(program_dining_philosophers).
-export([main/0]).

main() ->
    Forks = [spawn(fun() -> fork_free() end) || _ <- lists:seq(1, 5)],
    Self = self(),
    [spawn(fun() -> philosopher(I, pick(I, Forks), 20, Self) end) || I <- lists:seq(1, 5)],
    io:format("~w~n", [lists:sort([receive {ate, I, N} -> {I, N} end || _ <- Forks])]),
    [exit(F, kill) || F <- Forks].

pick(I, Forks) ->
    L = lists:nth(I, Forks), R = lists:nth(I rem 5 + 1, Forks),
    case I of 5 -> {R, L}; _ -> {L, R} end.

philosopher(I, _, 0, Boss) -> Boss ! {ate, I, 20};
philosopher(I, {A, B} = Fs, N, Boss) ->
    take(A), take(B),
    erlang:yield(),
    A ! {put, self()}, B ! {put, self()},
    philosopher(I, Fs, N - 1, Boss).

take(F) -> F ! {take, self()}, receive {taken, F} -> ok end.

fork_free() -> receive {take, P} -> P ! {taken, self()}, fork_busy(P) end.
fork_busy(P) -> receive {put, P} -> fork_free() end.
