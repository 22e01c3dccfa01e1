-module(functions_same_name_other_arity).
-export([a/0]).
a() -> b(1).
b() -> 1.
b(_) -> 2.
b(_, _) -> 3.
