# A syntax error names file, line and column, and shows the line.
# status: 1
# stderr: bad.erl:4:12: syntax error before: ')'
# stderr: foo(1 +)
cat >bad.erl <<'END'
-module(bad).
-export([main/0]).
main() ->
    foo(1 +).
foo(X) -> X.
END
exec "$MUSTER" run bad.erl
