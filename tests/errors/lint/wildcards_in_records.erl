-module(wildcards_in_records).
-export([t/1, u/1, v/1, w/2, x/2]).
-record(r, {f, g}).
t(#r{f = 17, _ = V1, _ = V2}) -> {V1, V2}.
u(#r{_ = V1, f = 17, _ = V2}) -> {V1, V2}.
v(#r{_ = V1, f = 17}) -> V1.
w(V1, V2) -> #r{_ = V1, f = 3, _ = V2}.
x(V1, V2) -> #r{_ = V1, _ = V2, f = 3}.
