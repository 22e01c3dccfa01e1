%% A tree of processes, ten children each, with N leaves that send their number up.
-module(skynet_million).
-export([run/1, default/0]).

default() -> 1000000.

run(N) ->
    Self = self(),
    spawn_link(fun() -> actor(Self, 0, N) end),
    receive {sum, S} -> S end.

actor(Parent, First, 1) -> Parent ! {sum, First};
actor(Parent, First, Size) ->
    Self = self(),
    Share = Size div 10,
    children(10, Self, First, Share),
    Parent ! {sum, add_up(10, 0)}.

children(0, _, _, _) -> ok;
children(Left, Self, First, Share) ->
    spawn_link(fun() -> actor(Self, First, Share) end),
    children(Left - 1, Self, First + Share, Share).

add_up(0, Sum) -> Sum;
add_up(Left, Sum) -> receive {sum, S} -> add_up(Left - 1, Sum + S) end.
