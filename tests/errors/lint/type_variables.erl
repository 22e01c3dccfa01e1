-module(type_variables).
-export([a/1, b/2, c/1]).
-spec a(X) -> ok.
-spec b(X, Y) -> X when Y :: integer(), Z :: atom().
-spec c(_X) -> _.
a(_) -> ok.
b(_, _) -> ok.
c(_) -> ok.
