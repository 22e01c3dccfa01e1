-define(A(X), ?B(X) ++ ??X).
-define(B(Y), ?A(Y)).
-ifdef(A).
f() -> ?A("""
  x
  """).
-else.
-endif.
