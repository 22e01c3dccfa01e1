-module(unused_underscore).
-export([a/3, b/1]).
a(_, _X, X) -> _ = 1, _Y = 2.
b(X) -> case X of {_A, _B} -> ok; [_C | _] -> _C end.
