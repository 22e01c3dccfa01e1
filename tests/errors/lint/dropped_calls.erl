-module(dropped_calls).
-export([a/1]).
a(X) -> self(), node(), is_atom(X), element(1, X), hd(X), length(X), math:sin(X), erlang:abs(X),
        tuple_size(X), make_ref(), date(), lists:reverse(X), b(X), ok.
b(X) -> X.
