# status: 1
# stdout: sum_tests ..F 2 passed, 1 failed
# stdout: 1) sum_tests: wrong_test at ./sum_tests.erl:6
# stdout:      expected: 4
# stdout:      actual:   3
# stdout: it wrote:
# stdout: 2 passed, 1 failed
cat >sum_tests.erl <<'END'
-module(sum_tests).
-include_lib("eunit/include/eunit.hrl").
right_test_() -> [?_assertEqual(3, 1 + 2), ?_assert(is_list([]))].
wrong_test() ->
    io:format("adding~n"),
    ?assertEqual(4, lists:sum([1, 2])).
END
echo 'no tests here' >notes.erl
exec "$MUSTER" test .
