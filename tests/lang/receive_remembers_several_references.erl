%% Answers to several requests under way at once, behind a long queue of other messages.
-module(receive_remembers_several_references).
-export([main/0]).

main() ->
    Server = spawn(fun echo/0),
    Junk = [{junk, I} || I <- lists:seq(1, 20000)],
    [self() ! J || J <- Junk],
    Counts = [round(Server, Width) || Width <- lists:seq(1, 12), _ <- lists:seq(1, 20)],
    io:format("~p~n", [lists:sum(Counts)]),
    {messages, Left} = process_info(self(), messages),
    io:format("~p~n", [Left =:= Junk]),
    nested(Server, 6),
    receive {junk, 1} -> ok end,
    io:format("~p~n", [process_info(self(), message_queue_len)]).

%% Half of the answers are awaited in the order of the requests, half the other way round.
round(Server, Width) ->
    Refs = [request(Server) || _ <- lists:seq(1, Width)],
    {A, B} = lists:split(Width div 2, Refs),
    length([await(R) || R <- A ++ lists:reverse(B)]).

nested(_, 0) -> ok;
nested(Server, Depth) ->
    Monitor = erlang:monitor(process, Server),
    Server ! {self(), Monitor},
    nested(Server, Depth - 1),
    await(Monitor),
    erlang:demonitor(Monitor, [flush]).

request(Server) -> Ref = make_ref(), Server ! {self(), Ref}, Ref.

await(Ref) -> receive {Ref, ok} -> ok; {'DOWN', Ref, _, _, Why} -> exit(Why) end.

echo() -> receive {From, Ref} -> From ! {Ref, ok}, echo() end.
