%% group_leader/0,2: children take their parent's.
-module(group_leaders_are_inherited).
-export([main/0]).

main() ->
    G = group_leader(),
    Self = self(),
    spawn(fun() -> Self ! {gl, group_leader()} end),
    receive {gl, G1} -> io:format("~w~n", [G1 =:= G]) end,
    Fake = spawn(fun() -> collector(Self) end),
    Child = spawn(fun() ->
        receive go -> ok end,
        io:format("to the fake leader ~w~n", [42]),
        spawn(fun() -> Self ! {grandchild, group_leader() =:= Fake} end)
    end),
    true = group_leader(Fake, Child),
    Child ! go,
    receive {collected, Chars} -> io:format("collected: ~s", [Chars]) end,
    receive {grandchild, B} -> io:format("~w~n", [B]) end,
    io:format("~w~n", [group_leader() =:= G]).

collector(To) ->
    receive
        {io_request, From, Ref, Request} ->
            From ! {io_reply, Ref, ok},
            To ! {collected, chars(Request)},
            collector(To)
    end.

chars({put_chars, _, M, F, A}) -> apply(M, F, A);
chars({put_chars, _, C}) -> C.
