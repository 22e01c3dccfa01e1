# Compiled and source modules of the current folder, as erl finds them.
# status: 0
# stdout: [compiled,source]
cat >compiled.erl <<'END'
-module(compiled).
-export([name/0]).
name() -> ?MODULE.
END
sed 's/compiled/source/' compiled.erl >source.erl
"$MUSTER" compile compiled.erl || exit 3
rm compiled.erl
exec "$MUSTER" eval '[compiled:name(), source:name()]'
