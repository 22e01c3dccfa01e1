# Options of `compile` may stand behind the files, as erlc allows.
# status: 0
# stdout: 42
cat >main.erl <<'END'
-module(main).
-export([main/0]).
-include("answer.hrl").
main() -> io:format("~p~n", [?ANSWER + ?ONE]).
END
mkdir inc
echo '-define(ANSWER, 41).' >inc/answer.hrl
"$MUSTER" compile main.erl -I inc -D ONE=1 -o out && exec "$MUSTER" run -pa out out/main.mbc
