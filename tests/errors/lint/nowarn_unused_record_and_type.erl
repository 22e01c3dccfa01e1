-module(nowarn_unused_record_and_type).
-compile([{nowarn_unused_record, [r, s]}, {nowarn_unused_record, t}, nowarn_unused_type]).
-export([a/0]).
-record(r, {x}).
-record(s, {x}).
-record(t, {x}).
-record(u, {x}).
-type v() :: ok.
a() -> ok.
