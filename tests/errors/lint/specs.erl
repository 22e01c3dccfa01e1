-module(specs).
-export([a/0, b/1, c/0]).
-spec a() -> ok.
-spec a() -> ok.
-spec b(X) -> X when X :: integer().
-spec c(integer()) -> ok.
-spec nosuch() -> ok.
-spec other:f() -> ok.
-spec specs:c() -> ok.
a() -> ok.
b(X) -> X.
c() -> ok.
