%% Map comprehensions and map generators, as in OTP 26.
-module(map_comprehensions).
-export([main/0]).

main() ->
    M = #{a => 1, b => 2, c => 3},
    io:format("~w~n", [#{K => V * 2 || K := V <- M}]),
    io:format("~w~n", [lists:sort([{V, K} || K := V <- M])]),
    io:format("~w~n", [#{X => X * X || X <- [1, 2, 3]}]),
    io:format("~w~n", [#{K => V || {K, V} <- [{x, 1}, {y, 2}, {x, 3}]}]),
    io:format("~w~n", [#{K => V || K := V <- M, V > 1}]),
    io:format("~w~n", [[K || K := 2 <- M]]),
    io:format("~w~n", [#{V => K || K := V <- M}]),
    io:format("~w~n", [#{{K, X} => V + X || K := V <- #{p => 10}, X <- [1, 2]}]),
    io:format("~w~n", [#{X => ok || <<X>> <= <<"ab">>}]),
    io:format("~w~n", [<< <<V>> || _ := V <- #{k => 7} >>]),
    io:format("~w~n", [map_size(#{I => I || I <- lists:seq(1, 1000)})]),
    io:format("~w~n", [lists:sum([V || _ := V <- #{I => I || I <- lists:seq(1, 1000)}])]),
    io:format("~w~n", [#{K => V || K := V <- maps:iterator(#{q => 1})}]),
    io:format("~w~n", [#{K => #{I => V || I <- [1, 2]} || K := V <- #{a => z}}]),
    io:format("~w~n", [[{K, V, X} || K := V <- #{k => v}, X <- [1, 2]]]),
    io:format("~w~n", [[S || #{id := I} := S <- #{#{id => 1} => one}, I =:= 1]]),
    io:format("~w~n", [try #{K => V || K := V <- id(x)} catch C1:R1 -> {C1, R1} end]),
    io:format("~w~n", [try [K || K := _ <- id([])] catch C2:R2 -> {C2, R2} end]),
    io:format("~w~n", [#{k => v || false}]).

id(X) -> X.
