%% The smallest program: one line on standard output.
-module(hello_prints_a_line).
-export([main/0]).

main() ->
    io:format("hello, world~n").
