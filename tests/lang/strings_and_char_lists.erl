%% Functions over strings as lists of characters.
-module(strings_and_char_lists).
-export([main/0]).

main() ->
    io:format("~p~n", [lists:reverse("hello")]),
    io:format("~p~n", ["abc" ++ "def" ++ [$g]]),
    io:format("~p~n", [[C - 32 || C <- "shout", C >= $a]]),
    io:format("~w ~w~n", ["abc" == [97, 98, 99], "" == []]),
    io:format("~p ~p~n", [lists:member($b, "abc"), lists:prefix("ab", "abc")]),
    io:format("~p~n", [lists:flatten(["a", ["b", $c], [[["d"]]]])]),
    io:format("~p~n", [integer_to_list(42) ++ atom_to_list(x)]),
    io:format("~p ~p~n", [list_to_atom("abc"), list_to_binary(["ab", <<"cd">>, $e, [[102]]])]),
    io:format("~p~n", [binary_to_list(<<"xyz">>)]),
    io:format("~p~n", [binary_to_list(<<"abcdef">>, 2, 4)]),
    io:format("~s~n", [lists:duplicate(3, "ab")]),
    io:format("~p~n", [[N || {N, "b" ++ _} <- [{1, "abc"}, {2, "bcd"}, {3, "b"}]]]).
