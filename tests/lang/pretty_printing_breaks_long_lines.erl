%% ~p wraps at eighty columns and indents.
-module(pretty_printing_breaks_long_lines).
-export([main/0]).

main() ->
    io:format("~p~n", [lists:seq(1, 60)]),
    io:format("~p~n", [{tuple, lists:duplicate(20, abcdefgh), "a string that is rather long, so that the line breaks somewhere"}]),
    io:format("~p~n", [[{key, I, "value " ++ integer_to_list(I)} || I <- lists:seq(1, 8)]]),
    io:format("~p~n", [#{name => "someone with a long name", address => {street, "A long street name", 12345}, more => [a, b, c]}]),
    io:format("~p~n", [{short, [1, 2, 3]}]),
    io:format("prefix ~p~n", [[{nested, [{deeper, [{deepest, lists:seq(1, 30)}]}]}]]).
