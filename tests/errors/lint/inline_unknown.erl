-module(inline_unknown).
-compile({inline, [b/1, c/0]}).
-compile({inline, {d, 0}}).
-export([a/0]).
a() -> b(1).
b(X) -> X.
