# status: 0
# stdout: badarg
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    Good = term_to_binary({a, [1, 2.0, <<"x">>], #{b => 1 bsl 100}}),
    [catch binary_to_term(binary:part(Good, 0, N)) || N <- lists:seq(0, byte_size(Good) - 1)],
    [catch binary_to_term(<<131, T, 255, 255, 255, 255, 0>>) || T <- lists:seq(0, 255)],
    io:format("~p~n", [try binary_to_term(<<131, 108, 255, 255, 255, 255>>) catch error:E -> E end]).
END
exec "$MUSTER" run main.erl
