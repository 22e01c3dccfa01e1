%% N calls with a fresh reference while two thousand other messages wait in the mailbox.
-module(selective_receive).
-export([run/1, default/0]).

default() -> 300000.

run(N) ->
    [self() ! {junk, I} || I <- lists:seq(1, 2000)],
    Pid = spawn_link(fun server/0),
    calls(N, Pid),
    unlink(Pid),
    Pid ! stop,
    junk(2000, 0).

calls(0, _) -> ok;
calls(N, Pid) ->
    Ref = make_ref(),
    Pid ! {call, self(), Ref, N},
    receive {Ref, _} -> calls(N - 1, Pid) end.

junk(0, Sum) -> Sum;
junk(N, Sum) -> receive {junk, I} -> junk(N - 1, Sum + I) end.

server() ->
    receive
        {call, From, Ref, X} -> From ! {Ref, X + 1}, server();
        stop -> ok
    end.
