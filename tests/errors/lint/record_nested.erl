-module(record_nested).
-export([a/1, b/1, c/1]).
-record(in, {v}).
-record(out, {in = #in{}}).
a(X) -> X#out.in#in.v.
b(X) -> X#out.in#in.w, (X#out.on)#in.v.
c(X) -> X#out{in = (X#out.in)#in{u = 1}}.
