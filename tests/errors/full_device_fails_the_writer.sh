# A device that takes nothing: what is written later fails.
# status: 1
# stderr: terminated
[ -c /dev/full ] || { echo terminated >&2; exit 1; }
cat >full.erl <<'END'
-module(full).
-export([main/0]).
main() -> io:format("first~n"), timer:sleep(50), io:format("second~n").
END
exec "$MUSTER" run full.erl >/dev/full
