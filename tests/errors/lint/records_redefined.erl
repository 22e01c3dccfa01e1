-module(records_redefined).
-export([a/0]).
-record(r, {x, y, x}).
-record(r, {a}).
a() -> #r{}.
