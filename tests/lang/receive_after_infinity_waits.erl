%% An infinite timeout waits for the message.
-module(receive_after_infinity_waits).
-export([main/0]).

main() ->
    Self = self(),
    spawn(fun() -> receive after 20 -> Self ! late end end),
    io:format("~w~n", [receive late -> got_it after infinity -> never end]),
    T = id(infinity),
    self() ! now,
    io:format("~w~n", [receive M -> M after T -> never end]),
    io:format("~w~n", [[try receive after id(V) -> ok end catch C:R -> {C, R} end || V <- [-1, foo, 1.5, 16#1_0000_0000, 1 bsl 70]]]).

id(X) -> X.
