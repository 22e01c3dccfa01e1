%% Shadowing, several filters, generators that depend on each other, side effects in order.
-module(comprehensions_with_scopes_and_effects).
-export([main/0]).

main() ->
    X = 10,
    io:format("~w~n", [[X * 2 || X <- [1, 2, 3]]]),
    io:format("~w~n", [[{X, Y} || Y <- [X, X + 1]]]),
    put(log, []),
    _ = [log(A + B) || A <- [log(1), log(2)], log(filter) =:= filter, B <- [log(10)]],
    io:format("~w~n", [lists:reverse(get(log))]),
    io:format("~w~n", [[Z || Z <- lists:seq(1, 30), Z rem 2 =:= 0, Z rem 3 =:= 0]]),
    io:format("~w~n", [[W || {W, W} <- [{1, 1}, {1, 2}, {a, a}]]]),
    K = 2,
    io:format("~w~n", [[V || {K2, V} <- [{1, a}, {2, b}], K2 =:= K]]),
    io:format("~w~n", [[F(5) || F <- [fun(Q) -> Q + N end || N <- [1, 2]]]]),
    io:format("~w~n", [[[I * J || J <- lists:seq(1, I)] || I <- lists:seq(1, 4)]]),
    io:format("~w~n", [lists:append([[I || I <- L] || L <- [[1], [2, 3]]])]),
    io:format("~w~n", [[E || E <- [1, a, 2.5, "s"], is_number(E), E > 1]]),
    io:format("~w~n", [[ok || _ <- [1, 2], false]]),
    io:format("~w~n", [[R || R <- [1, 2, 3], begin S = R * 2, S > 2 end]]),
    io:format("~w~n", [[if T > 1 -> big; true -> small end || T <- [1, 2]]]).

log(V) -> put(log, [V | get(log)]), V.
