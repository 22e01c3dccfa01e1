# Ten million levels are made, sent, compared, hashed, collected and made bytes.
# status: 0
# stdout: true
# timeout: 120
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    Deep = nest(10000000, []),
    Self = self(),
    spawn(fun() -> Self ! {deep, Deep} end),
    Copy = receive {deep, D} -> D end,
    garbage_collect(),
    Same = Copy =:= Deep,
    true = erlang:phash2(Copy) =:= erlang:phash2(Deep),
    true = binary_to_term(term_to_binary(Deep)) =:= Deep,
    io:format("~p~n", [Same]).
nest(0, T) -> T;
nest(N, T) -> nest(N - 1, [T]).
END
exec "$MUSTER" run main.erl
