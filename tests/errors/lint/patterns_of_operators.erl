-module(patterns_of_operators).
-export([a/1, b/1, c/1, d/1, e/1, f/1]).
a(-1) -> ok; a(- 1.5) -> ok; a(+2) -> ok.
b(1 + 1) -> ok; b(2 * 3 - 1) -> ok; b(1 bsl 4) -> ok; b(7 div 2) -> ok.
c(a + 1) -> ok.
d(not true) -> ok.
e(1 == 1) -> ok.
f(1 ! 2) -> ok.
