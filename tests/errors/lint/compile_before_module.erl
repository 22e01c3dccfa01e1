-compile([export_all, nowarn_export_all]).
-module(compile_before_module).
-export([f/0]).
f() -> ok.
g() -> f(X).
