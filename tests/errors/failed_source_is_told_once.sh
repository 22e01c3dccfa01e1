# A source on the code path that does not compile is told once, not at each call, until it changes.
# status: 0
# stderr: broken.erl:3:12: syntax error before: '.'
# stdout: undef undef undef {fine,4}
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    [io:format("~p ", [try broken:f(X) catch error:Why -> Why end]) || X <- [1, 2, 3]],
    ok = file:write_file("broken.erl", "-module(broken).\n-export([f/1]).\nf(X) -> {fine, X}.\n"),
    io:format("~p~n", [broken:f(4)]).
END
printf -- '-module(broken).\n-export([f/1]).\nf(X) -> X +.\n' >broken.erl
"$MUSTER" run -pa . main.erl 2>told
status=$?
cat told >&2
[ "$(grep -c 'syntax error' told)" = 1 ] || exit 3
exit $status
