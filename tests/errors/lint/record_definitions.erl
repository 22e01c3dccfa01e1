-module(record_definitions).
-export([a/0]).
-record(r, {x = Y, z = fun(A) -> A end, w = [B || B <- [1]]}).
-record(s, {x = #t{}}).
-record(t, {x = nosuch()}).
-record(u, {x = #u{}}).
a() -> {#r{}, #s{}, #t{}, #u{}}.
