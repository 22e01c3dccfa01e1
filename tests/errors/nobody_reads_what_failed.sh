# A program that fails ends, with its status, where nobody reads standard error.
# status: 0
# stdout: ended with 1
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() -> timer:sleep(200), error(lists:duplicate(100000, gone)).
END
{ "$MUSTER" run main.erl 2>&1; echo "ended with $?" >status; } | true
i=0
while [ ! -s status ] && [ $i -lt 100 ]; do
    sleep 0.1
    i=$((i + 1))
done
cat status
