-module(terms_unused).
-export([a/1, b/1, c/1, d/1, e/0]).
a(X) -> {X}, ok.
b(X) -> [X, 1], ok.
c(X) -> X, ok.
d(X) -> X + 1, length(X), is_atom(X), ok.
e() -> "abc", 1, a, <<1>>, fun() -> ok end, #{a => 1}, [], ok.
