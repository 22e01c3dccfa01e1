-module(record_in_guard).
-export([a/1, b/1, c/1]).
-record(r, {x, y}).
a(R) when R#r.x > 1, R#r.nosuch == 2 -> ok.
b(R) when R == #r{x = 1, z = 2} -> ok.
c(R) when R#r{x = 1} == R -> ok.
