-module(missing_specs).
-compile(warn_missing_spec).
-export([a/0, b/0]).
-spec a() -> ok.
a() -> ok.
b() -> c().
c() -> ok.
