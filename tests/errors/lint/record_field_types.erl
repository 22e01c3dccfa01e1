-module(record_field_types).
-export([a/1]).
-record(r, {x :: integer() | undefined, y = 1 :: pos_integer(), z :: t(), w :: #s{}, v :: #r{}}).
-type t() :: #r{} | u(V).
-record(s, {a :: [t()], a}).
a(#r{x = X}) -> X.
