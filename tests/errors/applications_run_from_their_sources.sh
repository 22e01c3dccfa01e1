# An application whose src is on the code path finds its own files.
# status: 0
mkdir -p thing-1.2/src thing-1.2/priv
echo '-module(thing). -export([where/0]). where() -> filename:basename(code:lib_dir(thing)).' >thing-1.2/src/thing.erl
echo 'what is kept' >thing-1.2/priv/kept
[ "$("$MUSTER" eval -pa thing-1.2/src 'thing:where()')" = '"thing-1.2"' ] || exit 7
[ "$("$MUSTER" eval -pa thing-1.2/src \
    'element(2, file:read_file(filename:join(code:priv_dir(thing), "kept")))')" = '<<"what is kept\n">>' ] || exit 8
[ "$("$MUSTER" eval 'code:priv_dir(thing)')" = '{error,bad_name}' ]
