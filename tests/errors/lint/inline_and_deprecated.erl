-module(inline_and_deprecated).
-compile({inline, [a/0, nosuch/1]}).
-compile(inline).
-deprecated([{b, 0}, {a, 0, "use c"}, {nosuch, 1}, {c, '_', next_version}]).
-deprecated(foo).
-removed([{zz, 1}, {a, 0}]).
-export([a/0, c/1]).
a() -> b().
b() -> ok.
c(_) -> ok.
