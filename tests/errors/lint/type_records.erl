-module(type_records).
-export([a/1]).
-record(r, {x :: integer(), y :: nosuch()}).
-type t() :: #r{x :: atom()} | #s{} | #r{z :: integer()}.
-spec a(t()) -> #nosuch{}.
a(_) -> #r{}.
