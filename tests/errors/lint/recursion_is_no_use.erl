-module(recursion_is_no_use).
-export([main/0]).
main() -> ok.
loop(N) -> loop(N - 1).
even(0) -> true; even(N) -> odd(N - 1).
odd(0) -> false; odd(N) -> even(N - 1).
used_by_unused() -> helper().
helper() -> 1.
