-module(patterns_of_strings).
-export([a/1, b/1, c/1, d/1, e/1]).
a("abc" ++ T) -> T.
b([$a, $b] ++ T) -> T.
c([X] ++ T) -> {X, T}.
d("a" ++ "b" ++ T) -> T.
e(T ++ "abc") -> T.
