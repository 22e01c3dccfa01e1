-module(io_format).
-export([a/1, b/1]).
a(X) -> io:format("~p ~p~n", [X]), io:format("~p~n"), io:format("~q", [X]), io:format("~", []),
        io:format("~10.2.*c~n", [X]), io:format(X, [X]), io_lib:format("~p", []), io:fwrite("x", [1]).
b(X) -> io:format(user, "~p ~s", [X]), io:format("~p", X), io:format("~~~n", []), io:format("~*p", [1, X]),
        io:format("~s", [1]), error_logger:error_msg("~p", []), io:format(standard_error, "~tp", []).
