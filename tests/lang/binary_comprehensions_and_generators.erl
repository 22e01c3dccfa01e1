%% Binary generators in list comprehensions and binary comprehensions.
-module(binary_comprehensions_and_generators).
-export([main/0]).

main() ->
    io:format("~w~n", [[X || <<X>> <= <<1, 2, 3>>]]),
    io:format("~w~n", [<< <<(X * 2)>> || <<X>> <= <<1, 2, 3>> >>]),
    io:format("~w~n", [<< <<X:4>> || X <- [1, 2, 3] >>]),
    io:format("~w~n", [[{A, B} || <<A:3, B:5>> <= <<255, 1, 129>>]]),
    io:format("~w~n", [[X || <<X:16>> <= <<1, 2, 3>>]]),
    io:format("~w~n", [[B || <<S, B:S/binary>> <= <<1, "a", 2, "bc", 0, 3, "def">>]]),
    io:format("~w~n", [[X || <<1, X>> <= <<1, 10, 2, 20, 1, 30>>]]),
    io:format("~w~n", [<< <<X/utf8>> || X <- [97, 228, 8364] >>]),
    io:format("~w~n", [[X || <<X/utf8>> <= <<"aä€"/utf8>>]]),
    io:format("~w~n", [<< <<X:1>> || X <- [1, 0, 1, 1] >>]),
    io:format("~w~n", [<< B || {true, B} <- [{true, <<"ab">>}, {false, <<"x">>}, {true, <<"c">>}] >>]),
    io:format("~w~n", [<< <<X, Y>> || <<X>> <= <<"ab">>, Y <- "12" >>]),
    io:format("~w~n", [[X || <<X:1>> <= <<5:3>>]]),
    io:format("~w~n", [[X || <<X:8/signed>> <= <<255, 127, 128>>]]),
    io:format("~w~n", [try << <<X>> || X <- [a] >> catch C:R -> {C, R} end]),
    io:format("~w~n", [try [X || <<X>> <= id(atom)] catch C2:R2 -> {C2, R2} end]).

id(X) -> X.
