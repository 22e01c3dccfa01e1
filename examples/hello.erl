%% hello.erl: the smallest program, and what its parts are called.
%%
%%     muster run examples/hello.erl
%%     muster run examples/hello.erl Ada Grace
%%
%% An Erlang file is a *module*. Its first line names it, and the name is that of the file. A module
%% is a list of *functions*; those it exports can be called from outside. `muster run` compiles the
%% file in memory and calls main/1 with the words from the command line (a list of strings).
%%
%% A function has one or more *clauses*, tried from top to bottom; the first whose pattern fits the
%% arguments is taken. There are no loops and no assignment: a variable gets its value once, and
%% repetition is a function that calls itself, or a function such as lists:foreach/2 that does.
-module(hello).
-export([main/1]).

main([]) ->
    greet("world");
main(Names) ->
    lists:foreach(fun greet/1, Names).

greet(Name) ->
    io:format("Hello, ~s! Your name has ~b letters.~n", [Name, length(Name)]).
