# A call to a module that is nowhere is the exception undef.
# status: 1
# stderr: undef
# stderr: nowhere
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> nowhere:f(1).
END
exec "$MUSTER" run main.erl
