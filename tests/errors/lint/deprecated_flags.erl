-module(deprecated_flags).
-deprecated([{a, 0, next_version}, {b, '_'}, {c, 1, eventually}, {d, 0, nonsense}]).
-deprecated(module).
-deprecated({e, x}).
-removed([{f, 1, "gone"}, {g, '_', "x"}]).
-export([a/0, c/1]).
a() -> ok.
c(_) -> ok.
