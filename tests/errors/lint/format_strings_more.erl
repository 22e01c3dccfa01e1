-module(format_strings_more).
-export([a/2]).
a(X, Y) ->
    io:format("~p ~p", [X | Y]), io:format("~-10s|~.2f~n", [X, Y]), io:format("~10.3.0f", [X]),
    io:format("~*.*.*s", [1, 2, $x, X]), io:format("~P ~W", [X, 1]), io:format("~Z", []),
    io:format("abc~"), io:format("", [1]), io:format([], []), io:format(X ++ "~p", []),
    io_lib:format("~ts ~tp ~tw", [X, Y]), io:fwrite(user, "~p", X), io:format("~b ~B ~x ~X ~# ~+", [1]),
    io:format('~p', []), io:format(<<"~p">>, []), io:format("~p", foo), io:format("~p", {X}).
