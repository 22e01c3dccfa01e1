-module(record_info_more).
-export([a/0, b/0, c/1]).
-record(r, {x, y}).
a() -> record_info(size, r) + length(record_info(fields, r)).
b() -> record_info(fields).
c(R) -> record_info(size, R).
