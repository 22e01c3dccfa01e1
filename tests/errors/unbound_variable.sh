# status: 1
# stderr: bad.erl:3:11: variable 'X' is unbound
cat >bad.erl <<'END'
-module(bad).
-export([main/0]).
main() -> X + 1.
END
exec "$MUSTER" run bad.erl
