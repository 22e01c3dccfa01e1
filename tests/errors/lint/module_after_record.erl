-compile(nowarn_unused_record).
-record(r, {a}).
-module(module_after_record).
-export([f/0]).
f() -> ok.
