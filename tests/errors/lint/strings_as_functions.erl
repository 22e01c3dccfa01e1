-module(strings_as_functions).
-export([a/1]).
a(X) -> (fun(Y) -> Y end)(X), (X)(), X(X)(X), (a)(X), (a:b)(X).
