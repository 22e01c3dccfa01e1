%% Binary comprehensions with several generators, sizes from earlier fields and filters.
-module(binary_comprehensions_nested_and_mixed).
-export([main/0]).

main() ->
    io:format("~w~n", [<< <<(X * Y)>> || <<X>> <= <<1, 2>>, Y <- [3, 4] >>]),
    io:format("~w~n", [<< <<X, Y>> || <<X:4, Y:4>> <= <<16#1A, 16#2B>>, X =/= 2 >>]),
    io:format("~w~n", [<< <<(list_to_binary(S))/binary>> || S <- ["ab", "", "cd"] >>]),
    io:format("~w~n", [[{T, V} || <<T, L, V:L/binary>> <= <<1, 2, "ab", 2, 0, 3, 1, "c">>]]),
    io:format("~w~n", [<< <<B:1>> || <<B:1>> <= <<16#F0>>, B =:= 1 >>]),
    io:format("~w~n", [<< <<X:3>> || X <- lists:seq(0, 7) >>]),
    io:format("~w~n", [[X || <<X:4/signed>> <= <<16#8F, 16#70>>]]),
    io:format("~w~n", [<< <<(byte_size(B)):16, B/binary>> || B <- [<<"x">>, <<>>, <<"yz">>] >>]),
    io:format("~w~n", [[<< <<(C - 32)>> || <<C>> <= W >> || W <- [<<"abc">>, <<"de">>]]]),
    io:format("~w~n", [bit_size(<< <<1:1>> || _ <- lists:seq(1, 1003) >>)]),
    io:format("~w~n", [<< <<X/float>> || X <- [1.5] >>]),
    io:format("~w~n", [[A || <<A:2, _:A, 1:1>> <= <<1:2, 0:1, 1:1, 2:2, 0:2, 1:1, 0:2, 0:1>>]]),
    Big = << <<X:32>> || X <- lists:seq(1, 20000) >>,
    io:format("~w ~w~n", [byte_size(Big), lists:sum([X || <<X:32>> <= Big])]).
