-module(record_access_in_patterns).
-export([a/2, b/1]).
-record(r, {x}).
a(#r.x, R) -> R.
b(X) -> X#r.x = 1.
