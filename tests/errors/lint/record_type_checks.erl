-module(record_type_checks).
-export([a/1, b/1, c/2]).
-record(r, {x}).
a(X) when is_record(X, r), is_record(X, s) -> ok.
b(X) -> is_record(X, r, 2) andalso is_record(X, zz).
c(X, Y) -> is_record(X, Y).
