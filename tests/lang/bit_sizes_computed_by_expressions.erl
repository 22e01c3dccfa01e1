%% Sizes in patterns may be guard expressions over earlier fields and outer variables.
-module(bit_sizes_computed_by_expressions).
-export([main/0]).

main() ->
    N = id(2),
    <<A:(N * 4), B:(A - 1)/binary, R/binary>> = <<3, "abcd">>,
    io:format("~w ~w ~w~n", [A, B, R]),
    <<L, S:(L div 2 + 1)/binary-unit:8, _/binary>> = <<4, "wxyz">>,
    io:format("~w ~w~n", [L, S]),
    F = fun(<<X:4, Y:(X + N)/bits, _/bits>>) -> {X, Y}; (_) -> none end,
    io:format("~w~n", [[F(V) || V <- [<<3:4, 21:5>>, <<9:4, 0>>, <<0:4, 3:2>>, <<1:2>>]]]),
    io:format("~w~n", [[V || <<K:3, V:K>> <= <<2:3, 1:2, 3:3, 5:3, 1:3, 1:1>>]]),
    case <<16#FF, 1, 2>> of
        <<M, X2:(map_size(#{a => M}) * 8), _/binary>> -> io:format("~w ~w~n", [M, X2])
    end,
    Bad = id(a),
    io:format("~w~n", [try <<_:Bad, _/bits>> = <<1>> catch C:E -> {C, E} end]).

id(X) -> X.
