%% The same closure with equal environment is equal, else not.
-module(fun_equality_and_order).
-export([main/0]).

main() ->
    Make = fun(X) -> fun() -> X end end,
    [A, B, C] = [Make(1), Make(1), Make(2)],
    io:format("~w ~w ~w~n", [A =:= B, A =:= C, A == B]),
    io:format("~w ~w~n", [fun lists:map/2 =:= fun lists:map/2, fun lists:map/2 =:= fun lists:filter/2]),
    M = #{A => one},
    io:format("~w ~w~n", [maps:get(B, M), maps:is_key(C, M)]),
    io:format("~w~n", [lists:member(B, [A])]).
