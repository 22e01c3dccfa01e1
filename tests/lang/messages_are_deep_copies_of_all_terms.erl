%% Every kind of term survives being sent, equal on both sides.
-module(messages_are_deep_copies_of_all_terms).
-export([main/0]).

main() ->
    Echo = spawn(fun Loop() -> receive {From, X} -> From ! {echo, X}, Loop() end end),
    F = fun(X) -> X end,
    Terms = [0, -1, 1 bsl 59, 1 bsl 60, 1 bsl 61, 1 bsl 62, 1 bsl 63, 1 bsl 64, -(1 bsl 200), 1.5, -1.0e300, 5.0e-324, a, '', [], [a | b], "string", {}, {1, {2, {3}}},
             erlang:make_tuple(500, x), #{}, #{a => #{b => []}}, maps:from_list([{I, {I}} || I <- lists:seq(1, 100)]), <<>>, <<1, 2, 3>>, <<5:3>>,
             binary:copy(<<"x">>, 1000), binary:part(binary:copy(<<"y">>, 1000), 10, 500), self(), make_ref(), F, fun lists:map/2, lists:seq(1, 1000),
             lists:foldl(fun(I, A) -> {I, A} end, nil, lists:seq(1, 10000)), [[[[[]]]]], {a, [#{k => {<<"v">>, 1 bsl 70, 2.5}}]}],
    Bad = [T || T <- Terms, begin Echo ! {self(), T}, receive {echo, T2} -> T2 =/= T end end],
    io:format("~w terms, different: ~w~n", [length(Terms), Bad]),
    Shared = lists:seq(1, 100),
    Echo ! {self(), {Shared, Shared}},
    io:format("~w~n", [receive {echo, {S1, S2}} -> S1 =:= S2 end]).
