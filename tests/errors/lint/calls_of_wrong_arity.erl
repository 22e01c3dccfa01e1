-module(calls_of_wrong_arity).
-export([a/0, b/2]).
a() -> b(1), b(1, 2, 3), a(1), lists:map(), self(1), length().
b(_, _) -> spawn(), atom_to_list(a, b, c).
