# status: 1 2
# stderr: main
cat >main.erl <<'END'
-module(main).
-export([other/0]).
other() -> ok.
END
exec "$MUSTER" run main.erl
