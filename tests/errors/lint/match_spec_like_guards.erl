-module(match_spec_like_guards).
-export([a/1]).
a(X) when X, true; not X, foo; is_atom(X) and is_list(X) or (X xor true) -> ok;
a(X) when X div 2 == 1, X rem 2 == 0, X bsl 1 > 2, -X < 0, bnot X == 1, X / 2 > 1.0 -> ok.
