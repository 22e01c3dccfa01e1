# status: 1
# stderr: main.erl:5:12: circular macro 'A'
cat >main.erl <<'END'
-module(main).
-export([main/0]).
-define(A, ?B).
-define(B, ?A).
main() -> ?A.
END
exec "$MUSTER" run main.erl
