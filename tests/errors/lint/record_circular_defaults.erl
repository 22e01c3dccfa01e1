-module(record_circular_defaults).
-export([a/0]).
-record(a, {x = #b{}}).
-record(b, {y = #a{}}).
-record(c, {z = #c.z, w = #a{x = 1}}).
a() -> {#a{}, #b{}, #c{}}.
