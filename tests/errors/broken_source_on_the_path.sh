# What a call finds as source that does not compile is told once, and is undefined.
# status: 1
# stderr: broken.erl:3:17: syntax error before: '.'
# stderr: undefined function broken:f/0
cat >broken.erl <<'END'
-module(broken).
-export([f/0]).
f() -> fine +++ .
END
"$MUSTER" eval -pa . 'broken:f()' 2>said
status=$?
cat said >&2
[ "$(grep -c 'syntax error' said)" = 1 ] || exit 7
exit $status
