-module(functions_used_in_records_only).
-export([a/0]).
-record(r, {x = default(), y = fun other/1}).
-record(s, {z = never()}).
a() -> #r{}.
default() -> 1.
other(_) -> 2.
never() -> 3.
