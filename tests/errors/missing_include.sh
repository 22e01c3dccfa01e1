# status: 1
# stderr: main.erl:2:10: can't find include file "nowhere.hrl"
cat >main.erl <<'END'
-module(main).
-include("nowhere.hrl").
-export([main/0]).
main() -> ok.
END
exec "$MUSTER" run main.erl
