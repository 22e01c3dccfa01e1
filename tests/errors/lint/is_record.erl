-module(is_record).
-export([a/1, b/1, c/1, d/2]).
-record(r, {x}).
a(X) when is_record(X, r) -> is_record(X, nosuch).
b(X) when is_record(X, nosuch) -> ok;
b(X) when is_record(X, foo, 3) -> is_record(X, bar, 4).
c(X) -> erlang:is_record(X, nosuch2).
d(X, Y) when is_record(X, Y) -> is_record(X, Y);
d(X, Y) when is_record(X, r, Y) -> ok.
