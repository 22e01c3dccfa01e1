# The value is a line of its own, whatever was written before it.
# status: 0
# stdout: half a line
# stdout: 1
# stdout: a line
# stdout: 2
"$MUSTER" eval 'io:format("half a line"), 1' >first || exit 3
[ "$(sed -n 2p first)" = 1 ] || exit 4
cat first
"$MUSTER" eval 'io:format("a line~n"), 2' >second || exit 5
[ "$(sed -n 2p second)" = 2 ] || exit 6
cat second
