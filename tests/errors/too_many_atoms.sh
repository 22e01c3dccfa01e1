# As erl does, the machine stops when the atom table is full, and says so.
# status: 1
# stderr: atom
# timeout: 60
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> fill(0).
fill(N) -> list_to_atom("a" ++ integer_to_list(N)), fill(N + 1).
END
exec "$MUSTER" run main.erl
