-module(parallel_binaries).
-export([a/1, b/1]).
a(<<X>> = <<Y>>) -> {X, Y}.
b(X) -> <<A>> = <<B>> = X, {A, B}.
