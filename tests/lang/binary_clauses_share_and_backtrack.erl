%% A clause that fails late falls back to later clauses with nothing consumed.
-module(binary_clauses_share_and_backtrack).
-export([main/0]).

main() ->
    [io:format("~w~n", [{B, p(B)}]) || B <- [<<1, 2, 3>>, <<1, 2, 4>>, <<1, 2>>, <<1, 9, 9, 9>>, <<1>>, <<2, 1, 65>>, <<2, 5, 65>>, <<2, 0>>, <<3, 1:1, 5:7, 6>>, <<3, 0:1, 5:7, 6>>, <<3>>]],
    [io:format("~w~n", [q(B)]) || B <- [<<"ab">>, <<"abc">>, <<"abd">>, <<"a">>, <<"x">>, <<>>]],
    io:format("~p~n", [lex(<<"let x1 = 42 + (y * 3.5); % end">>, [])]).

p(<<1, 2, 3>>) -> a;
p(<<1, 2, X>>) -> {b, X};
p(<<1, 2, _/binary>>) -> c;
p(<<1, _, _, X>>) -> {d, X};
p(<<2, N, S:N/binary>>) -> {e, S};
p(<<2, N, _/binary>>) when N > 3 -> {f, N};
p(<<3, 1:1, X:7, _>>) -> {g, X};
p(<<3, _:1, X:7, Y>>) -> {h, X, Y};
p(<<X, Rest/bits>>) -> {i, X, bit_size(Rest)}.

q(<<"abc", _/bits>>) -> abc;
q(<<"ab", R/bits>>) -> {ab, R};
q(<<"a", R/bits>>) -> {a, R};
q(R) -> {rest, R}.

lex(<<C, R/binary>>, Acc) when C =:= $\s -> lex(R, Acc);
lex(<<"let ", R/binary>>, Acc) -> lex(R, ['let' | Acc]);
lex(<<"%", _/binary>>, Acc) -> lists:reverse(Acc);
lex(<<C, _/binary>> = B, Acc) when C >= $a, C =< $z -> {N, R} = ident(B, 0), lex(R, [{id, N} | Acc]);
lex(<<C, _/binary>> = B, Acc) when C >= $0, C =< $9 -> {N, R} = number(B, <<>>), lex(R, [N | Acc]);
lex(<<C, R/binary>>, Acc) -> lex(R, [list_to_atom([C]) | Acc]);
lex(<<>>, Acc) -> lists:reverse(Acc).

ident(B, N) ->
    case B of
        <<_:N/binary, C, _/binary>> when C >= $a, C =< $z; C >= $0, C =< $9 -> ident(B, N + 1);
        <<Id:N/binary, R/binary>> -> {Id, R}
    end.

number(<<D, R/binary>>, A) when D >= $0, D =< $9; D =:= $. -> number(R, <<A/binary, D>>);
number(R, A) -> {try binary_to_integer(A) catch error:badarg -> binary_to_float(A) end, R}.
