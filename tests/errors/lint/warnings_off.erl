-module(warnings_off).
-compile([nowarn_unused_vars, nowarn_shadow_vars, nowarn_unused_record, nowarn_unused_type]).
-export([a/1]).
-record(r, {x}).
-type t() :: integer().
a(X) -> Y = 1, fun(X) -> ok end.
