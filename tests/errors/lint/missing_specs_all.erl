-module(missing_specs_all).
-compile(warn_missing_spec_all).
-export([a/0, b/0]).
-spec a() -> ok.
a() -> ok.
b() -> c().
c() -> ok.
