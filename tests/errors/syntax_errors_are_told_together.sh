# One run tells all errors, each at its place.
# status: 1
# stderr: bad.erl:3:11: syntax error before:
# stderr: bad.erl:4:8: variable 'Y' is unbound
# stderr: bad.erl:5:11: function h/0 undefined
cat >bad.erl <<'END'
-module(bad).
-export([main/0]).
f() -> 1 +.
g() -> Y.
main() -> h(), g().
END
exec "$MUSTER" run bad.erl
