-module(calls_of_operators).
-export([a/2]).
a(X, Y) -> erlang:'+'(X, Y), '+'(X, Y), erlang:'not'(X), 'div'(X).
