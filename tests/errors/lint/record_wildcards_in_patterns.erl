-module(record_wildcards_in_patterns).
-export([t/1, u/1, g/1, h/1]).
-record(r, {f}).
-record(r1, {f, g = 17}).
t(#r{f = 17, _ = V}) -> V.
u(#r{_ = V, f = 17}) -> V.
g(#r1{f = 3, _ = 42}) -> g.
h(#r1{f = 3, _ = 42, _ = 43}) -> g.
