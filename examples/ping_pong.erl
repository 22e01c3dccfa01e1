%% ping_pong.erl: two processes that talk.
%%
%%     muster run examples/ping_pong.erl
%%     muster run examples/ping_pong.erl 10
%%
%% A *process* is a running function with memory of its own. It is not a thread of the operating
%% system: starting one costs about a microsecond, and a million of them fit in a gigabyte. Nothing
%% is shared between processes, so nothing needs a lock. They only send each other *messages*:
%%
%%     Pid ! Message                  put a copy of Message into the mailbox of Pid; never waits
%%     receive Pattern -> ... end     take the first message in my mailbox that fits, or wait for one
%%
%% A message carries no return address, so whoever wants an answer sends its own name, self(), along.
%% A *reference* from make_ref() makes a question unique: an answer that carries it can only be the
%% answer to this question, whatever else is in the mailbox.
-module(ping_pong).
-export([main/1]).

main([]) -> main(["3"]);
main([Count]) ->
    Rounds = list_to_integer(Count),
    Ponger = spawn(fun pong/0),
    ping(Rounds, Ponger),
    io:format("main: all ~b rounds played~n", [Rounds]).

%% The asking side: send, then wait for the answer to this very question.
ping(0, Ponger) ->
    Ponger ! stop;
ping(Rounds, Ponger) ->
    Ref = make_ref(),
    io:format("ping ~b ->~n", [Rounds]),
    Ponger ! {ping, self(), Ref, Rounds},
    receive
        {pong, Ref, Same} -> io:format("        <- pong ~b~n", [Same])
    after 1000 ->
        exit(pong_is_silent)
    end,
    ping(Rounds - 1, Ponger).

%% The answering side: a server is a function that receives, answers, and calls itself.
pong() ->
    receive
        {ping, From, Ref, N} ->
            From ! {pong, Ref, N},
            pong();
        stop ->
            done
    end.
