-module(stacktraces).
-export([a/0, b/1]).
a() -> try foo() catch C:R:S when S == [] -> {C, R} end.
b(S) -> try foo() catch C:R:S -> {C, R} end.
foo() -> ok.
