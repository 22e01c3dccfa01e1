# status: 0
# stdout: 4 passed, 0 failed
# stdout: <testsuite tests="2" failures="0" errors="0" skipped="0"
mkdir sub
cat >first.erl <<'END'
-module(first).
-export([double/1]).
double(X) -> 2 * X.
-ifdef(TEST).
-include_lib("eunit/include/eunit.hrl").
double_test() -> ?assertEqual(4, double(2)).
none_test() -> ?assertError(badarith, double(a)).
-endif.
END
cat >sub/second_tests.erl <<'END'
-module(second_tests).
-include_lib("eunit/include/eunit.hrl").
double_test_() -> {setup, fun() -> 3 end, fun(X) -> [?_assertEqual(6, first:double(X))] end}.
here_test() -> ok = first:none_test().
END
"$MUSTER" test first.erl --junit report.xml sub || exit $?
cat report.xml
