-module(guards_obsolete).
-compile(warn_obsolete_guard).
-export([a/1, b/1]).
a(X) when atom(X), list(X); record(X, r) -> ok.
b(X) when integer(X), is_tuple(X) -> ok.
