#!/usr/bin/env escript
%%! -smp enable
%% An escript: the first line is for the system, and no module attribute is needed.
-export([main/1]).

main(Args) ->
    io:format("~w arguments~n", [length(Args)]),
    io:format("~w~n", [helper(20)]).

helper(X) -> X + 1.
