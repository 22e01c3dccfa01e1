%% eunit.hrl exports tests, generators, and what ends in _exported_, all of arity 0.
-module(functions_for_tests_are_exported).
-include_lib("eunit/include/eunit.hrl").
-export([main/0]).

main() ->
    io:format("~p~n", [lists:sort(?MODULE:module_info(exports)) -- [{module_info, 0}, {module_info, 1}]]),
    {b_exported_(1), c_exported(), f_test(1)}.

a_exported_() -> 1.
b_exported_(X) -> X.
c_exported() -> 1.
d_test() -> 1.
e_test_() -> [].
f_test(_) -> 1.
