-module(spec_arity).
-export([a/1, b/1]).
-spec a(integer()) -> ok; (integer(), integer()) -> ok.
-spec b(A, B) -> {A, B}.
a(_) -> ok.
b(_) -> ok.
