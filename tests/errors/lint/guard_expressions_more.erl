-module(guard_expressions_more).
-export([a/1, b/1, c/1, d/1, e/1]).
a(X) when begin X end -> ok.
b(X) when if true -> true end -> X.
c(X) when (catch X) -> ok.
d(X) when X =:= fun lists:map/2 -> ok.
e(X) when #{a => X} == #{}, X#{b => 1} == 1, [X | X] == 1, {X} == 1, <<X>> == 1, "a" == X -> ok.
