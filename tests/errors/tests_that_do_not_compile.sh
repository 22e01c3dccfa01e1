# status: 1
# stderr: variable 'X' is unbound
# stdout: broken_tests.erl does not compile
# stdout: 1 passed, 1 failed
echo '-module(broken_tests). -export([a_test/0]). a_test() -> X.' >broken_tests.erl
echo '-module(fine_tests). -export([a_test/0]). a_test() -> ok.' >fine_tests.erl
exec "$MUSTER" test broken_tests.erl fine_tests.erl
