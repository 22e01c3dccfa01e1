# status: 1
# stdout: took too long
# stdout: its process ended: killed
# stdout: one or more tests were cancelled
# stdout: slow_test_ at sub/ends_tests.erl:3
# stdout: 2 passed
mkdir sub
cat >sub/ends_tests.erl <<'END'
-module(ends_tests).
-include_lib("eunit/include/eunit.hrl").
slow_test_() -> {spawn, {timeout, 0.05, ?_test(timer:sleep(5000))}}.
killed_test_() -> {spawn, [fun() -> exit(self(), kill) end]}.
fine_test() -> ok.
END
echo '-module(more_tests). -export([a_test/0]). a_test() -> ok.' >more_tests.erl
exec "$MUSTER" test .
