-module(bif_clash_unexported).
-export([a/1]).
a(X) -> element(1, X), put(a, b), apply(X, []), get().
put(_, _) -> 1.
get() -> 1.
