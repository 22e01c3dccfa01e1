-module(types_builtin_wrong_arity).
-export([a/1]).
-spec a(list(integer(), atom())) -> integer(1) | map(a) | atom(x, y) | nonempty_list().
a(_) -> 1.
-type string() :: foo.
-type my(T) :: T.
-type my(T, T) :: T.
-type my(T) :: [T].
