# status: 1
# timeout: 60
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> f(1).
f(N) -> 1 + f(N + 1).
END
exec "$MUSTER" run --max-heap 100M main.erl
