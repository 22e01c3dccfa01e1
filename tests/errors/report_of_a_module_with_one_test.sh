# status: 0
# stdout: TEST-only_tests.xml
cat >only_tests.erl <<'END'
-module(only_tests).
-include_lib("eunit/include/eunit.hrl").
-export([main/0]).
the_test() -> ok.
main() ->
    ok = eunit:test(only_tests, [{report, {eunit_surefire, [{dir, "."}]}}]),
    io:format("~ts~n", [filelib:wildcard("TEST*")]).
END
exec "$MUSTER" run only_tests.erl
