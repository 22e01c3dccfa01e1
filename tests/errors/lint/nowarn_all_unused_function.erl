-module(nowarn_all_unused_function).
-compile(nowarn_unused_function).
-compile([nowarn_unused_vars]).
a(X) -> ok.
