-module(illegal_expressions).
-export([a/0, b/0, c/0]).
a() -> foo:bar.
b() -> #{X := 1} = #{}.
c() -> foo:bar(), (foo:bar):baz().
