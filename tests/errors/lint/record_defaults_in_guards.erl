-module(record_defaults_in_guards).
-export([test_rec/1, map_pattern/1, fine/1, wild/1, some/2]).
-record(bar, {a = mk_a(), b = 1}).
-record(baz, {a = length([]), b = {x, #bar{a = 1}}}).
mk_a() -> 1.
test_rec(Rec) when Rec =:= #bar{} -> true.
map_pattern(#{#bar{} := _}) -> ok.
fine(R) when R =:= #bar{a = 2}; R =:= #baz{} -> ok.
wild(R) when R =:= #bar{_ = 2} -> ok.
some(R, X) when R =:= #bar{a = X, _ = foo()} -> ok.
