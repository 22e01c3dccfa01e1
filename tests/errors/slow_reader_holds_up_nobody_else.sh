# More output than the pipe takes, and nobody reads for a while: other processes go on.
# status: 0
# stderr: others went on
# stdout: 200000
cat >flood.erl <<'END'
-module(flood).
-export([main/0]).
main() ->
    Self = self(),
    spawn(fun() -> flood(200000), Self ! flooded end),
    [timer:sleep(5) || _ <- lists:seq(1, 40)],
    receive flooded -> io:format(standard_error, "too early~n", [])
    after 0 -> io:format(standard_error, "others went on~n", [])
    end,
    receive flooded -> ok end.
flood(0) -> ok;
flood(N) -> io:format("this is line number ~10..0w~n", [N]), flood(N - 1).
END
"$MUSTER" run flood.erl 2>said | {
    for i in $(seq 200); do
        [ -s said ] && break
        sleep 0.1
    done
    grep -c number
}
cat said >&2
