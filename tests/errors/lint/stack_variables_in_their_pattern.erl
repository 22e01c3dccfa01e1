-module(stack_variables_in_their_pattern).
-export([a/0, b/0, c/0]).
a() -> try foo:bar() catch _:{x, T}:T -> ok end.
b() -> try foo:bar() catch _:[x | T]:T -> ok end.
c() -> try foo:bar() catch C:#{k := S}:S -> C end.
