%% From OTP 27 on 0.0 and -0.0 are equal by == but not by =:=, and 0.0 in a pattern is positive.
-module(negative_zero_is_its_own_value).
-export([main/0]).

main() ->
    N = id(-0.0), P = id(0.0),
    io:format("~w ~w~n", [N == P, N =:= P]),
    io:format("~w ~w~n", [f(P), f(N)]),
    io:format("~w ~w~n", [P, N]),
    io:format("~w ~w~n", [maps:is_key(N, #{P => x}), maps:is_key(P, #{P => x})]),
    io:format("~w~n", [N == 0]),
    io:format("~w ~w~n", [P * -1.0 =:= N, -(-N) =:= N]),
    io:format("~w ~w~n", [<<N/float>>, <<P/float>>]),
    io:format("~w~n", [map_size(#{P => 1, N => 2})]),
    io:format("~w~n", [lists:member(N, [P])]),
    io:format("~w~n", [N < P orelse N > P]).

f(+0.0) -> plus;
f(-0.0) -> minus;
f(_) -> other.

id(X) -> X.
