%% A suspended process does not run; nested suspension needs as many resumes.
-module(suspend_and_resume).
-export([main/0]).

main() ->
    Self = self(),
    P = spawn(fun() -> counter(Self) end),
    P ! ping, io:format("~w~n", [receive pong -> pong after 5000 -> none end]),
    true = erlang:suspend_process(P),
    P ! ping,
    io:format("~w ~w~n", [receive pong -> pong after 50 -> suspended end, process_info(P, status)]),
    true = erlang:suspend_process(P),
    true = erlang:resume_process(P),
    io:format("~w~n", [receive pong -> pong after 50 -> still_suspended end]),
    true = erlang:resume_process(P),
    io:format("~w~n", [receive pong -> pong after 5000 -> none end]),
    io:format("~w~n", [try erlang:resume_process(P) catch C:R -> {C, R} end]),
    io:format("~w~n", [try erlang:suspend_process(self()) catch C2:R2 -> {C2, R2} end]),
    true = erlang:suspend_process(P),
    M = monitor(process, P),
    exit(P, kill),
    receive {'DOWN', M, _, _, W} -> io:format("~w~n", [W]) end.

counter(To) -> receive ping -> To ! pong, counter(To) end.
