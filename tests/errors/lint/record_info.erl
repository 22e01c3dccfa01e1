-module(record_info).
-export([a/0, b/1, c/0, d/0]).
-record(r, {x}).
a() -> {record_info(fields, r), record_info(size, r)}.
b(X) -> record_info(fields, X).
c() -> record_info(nosuch, r).
d() -> record_info(size, nosuch).
