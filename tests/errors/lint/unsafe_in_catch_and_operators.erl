-module(unsafe_in_catch_and_operators).
-export([a/0, b/1, c/1]).
a() -> catch X = 1, X.
b(X) -> X andalso (Y = 1), Y.
c(X) -> X orelse (Y = true), Y.
