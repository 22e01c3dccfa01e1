-module(no_auto_import_all).
-compile(no_auto_import).
-export([a/1]).
a(X) -> length(X), self(), erlang:self().
