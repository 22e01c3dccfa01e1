-module(bif_clashes).
-export([a/0, length/1, b/0, max/2, node/0]).
a() -> length([1]), self(), link(x).
b() -> max(1, 2), node().
length(_) -> 1.
max(_, _) -> 2.
node() -> 1.
link(_) -> 1.
