-module(underscore_used).
-export([a/1, b/0]).
a(_X) -> _X.
b() -> _ = 1, _Y = 2, {_, _Z} = {1, 2}, ok.
