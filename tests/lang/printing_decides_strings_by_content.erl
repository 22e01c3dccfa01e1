%% ~p prints lists and binaries of printable characters as text, ~w never.
-module(printing_decides_strings_by_content).
-export([main/0]).

main() ->
    L = ["abc", [1, 2], [97, 1], [], [97 | b], [97, 98.0], ["a", 98], <<"abc">>, <<1, 2>>, <<"a", 0>>, <<>>, <<1:3>>, <<"ab", 1:1>>, [10, 13, 9, 27, 8], "\e",
         [127], [200], [256], {"a", [1, "b"]}, #{"k" => "v"}, [[97, 98], 99]],
    [io:format("~w ~p~n", [X, X]) || X <- L, X =/= [200], X =/= [256]].
