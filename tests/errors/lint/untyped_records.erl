-module(untyped_records).
-compile(warn_untyped_record).
-export([a/0]).
-record(r, {x, y :: integer()}).
-record(s, {y :: integer()}).
a() -> {#r{}, #s{}}.
