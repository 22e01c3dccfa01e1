# status: 1
# stdout: sum_tests . 1 passed
# stdout: slowest: sum_tests: slow_test (
# stdout: 1 passed, 0 failed
# stderr: muster: no test's name contains nothing_of_the_kind
cat >sum_tests.erl <<'END'
-module(sum_tests).
-include_lib("eunit/include/eunit.hrl").
right_test_() -> [?_assertEqual(4, 1 + 2), ?_assert(is_list([]))].
slow_test() -> timer:sleep(110).
wrong_test() -> ?assert(false).
END
cat >other_tests.erl <<'END'
-module(other_tests).
-include_lib("eunit/include/eunit.hrl").
wrong_test() -> ?assert(false).
END
"$MUSTER" test --filter sum_tests:slow . || exit 3
exec "$MUSTER" test --filter nothing_of_the_kind .
