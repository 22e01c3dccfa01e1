-module(size_shadowing).
-export([a/1, b/1]).
a(X) -> [X || <<X:X>> <= X].
b(Size) -> fun(<<Size:Size>>) -> Size end.
