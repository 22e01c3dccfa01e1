-module(records_before_they_are_defined).
-export([f/0, t/0]).
f() -> #r{}.
-record(r, {}).
-record(s, {a = #u{}}).
-record(u, {}).
-record(w, {a = begin A = 4, {A, B} end}).
t() -> #s{}.
