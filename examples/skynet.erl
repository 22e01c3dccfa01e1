%% skynet.erl: a million actors.
%%
%%     muster run examples/skynet.erl
%%     muster run examples/skynet.erl 100000                       any power of ten
%%     muster run --schedulers 1 examples/skynet.erl              the same on one core
%%
%% One process starts ten, each of which starts ten, until there are a million leaves. Every leaf sends
%% its number to its parent; every parent adds up what its ten children send, and tells its own
%% parent. The root gets 0 + 1 + ... + 999999 = 499999500000.
%%
%% 1,111,111 processes are started and as many messages sent. The tree spreads by itself: a
%% scheduler without work steals half of the waiting processes of another.
-module(skynet).
-export([main/1]).

main([]) -> main(["1000000"]);
main([Count | _]) ->
    Leaves = list_to_integer(Count),
    T0 = erlang:monotonic_time(microsecond),
    Self = self(),
    spawn(fun() -> actor(Self, 0, Leaves) end),
    receive {sum, Sum} -> ok end,
    Time = erlang:monotonic_time(microsecond) - T0,
    io:format("sum ~b over ~b actors in ~b ms~n", [Sum, Leaves, Time div 1000]).

%% An actor stands for Size leaves, the first of which has the number First.
actor(Parent, First, 1) ->
    Parent ! {sum, First};
actor(Parent, First, Size) ->
    Self = self(),
    Share = Size div 10,
    start_children(10, Self, First, Share),
    Parent ! {sum, add_up(10, 0)}.

start_children(0, _Self, _First, _Share) -> ok;
start_children(Left, Self, First, Share) ->
    spawn(fun() -> actor(Self, First, Share) end),
    start_children(Left - 1, Self, First + Share, Share).

add_up(0, Sum) -> Sum;
add_up(Left, Sum) ->
    receive {sum, Part} -> add_up(Left - 1, Sum + Part) end.
