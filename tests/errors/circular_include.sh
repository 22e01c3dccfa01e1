# status: 1
# stderr: include too deep
cat >main.erl <<'END'
-module(main).
-include("a.hrl").
-export([main/0]).
main() -> ok.
END
echo '-include("b.hrl").' >a.hrl
echo '-include("a.hrl").' >b.hrl
exec "$MUSTER" run main.erl
