-module(a).
-export([f/1]).
-record(r, {a = 1 :: integer(), b}).
-type t() :: #{a := b}.
-spec f(t()) -> t().
f(#r{a = A}) when A > 0 -> <<A:8/little, "x"/utf8>>;
f(X) -> maybe {ok, Y} ?= X, [Y || Y <- X, <<Z>> <= Y] else _ -> fun(Q) -> Q end end.
