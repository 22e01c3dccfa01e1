-module(underscore_variables_matched).
-export([a/2, b/1, c/1, d/1]).
a(_X, _X) -> ok.
b({_Y, [_Y]}) -> _Y.
c(_Z) -> case 1 of _Z -> ok end.
d(_W) -> _W = 1.
