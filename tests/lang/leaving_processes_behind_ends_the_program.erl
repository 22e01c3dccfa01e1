%% When main returns, the program ends, whatever other processes are doing.
-module(leaving_processes_behind_ends_the_program).
-export([main/0]).

main() ->
    [spawn(fun() -> receive after 100000 -> io:format("too late~n") end end) || _ <- lists:seq(1, 100)],
    spawn(fun() -> spin(0) end),
    erlang:send_after(100000, self(), never),
    io:format("done~n").

spin(N) -> spin(N + 1).
