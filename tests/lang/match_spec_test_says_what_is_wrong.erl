% erlang:match_spec_test/3: mistakes in the specification are its answer, others are badarg.
-module(match_spec_test_says_what_is_wrong).
-export([main/0]).
main() ->
    [io:format("~0p ~0p~n", [A, try apply(erlang, match_spec_test, A)
                                catch error:E:S -> {E, erl_erts_errors:format_error(E, S)}
                                end])
     || A <- [[a, [], trace], [a, [{'_', [], []}], trace], [[a], x, trace], [{a}, x, table], [a, [], table], [{a}, [], foo],
              [[a | b], [], trace], [a, x, foo], [[1, 2], [{['$1', 2], [], [{message, '$1'}]}], trace],
              [{1, 2}, [{{'$1', 2}, [], ['$1']}], table]]].
