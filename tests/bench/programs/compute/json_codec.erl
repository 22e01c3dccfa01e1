%% Writes and reads JSON texts N times: binaries, maps, lists, numbers.
-module(json_codec).
-export([run/1, default/0]).

default() -> 270.

run(N) ->
    Term = [#{<<"id">> => I, <<"name">> => <<"item ", (integer_to_binary(I))/binary>>, <<"price">> => I * 10 + 5,
              <<"tags">> => [<<"a">>, <<"long\"quoted\"">>, true, null], <<"nested">> => #{<<"x">> => [], <<"y">> => -I}}
            || I <- lists:seq(1, 300)],
    loop(N, Term, 0).

loop(0, _, Sum) -> Sum;
loop(N, Term, Sum) ->
    Text = iolist_to_binary(encode(Term)),
    {Term, <<>>} = value(Text),
    loop(N - 1, Term, Sum + byte_size(Text)).

encode(I) when is_integer(I) -> integer_to_list(I);
encode(A) when is_atom(A) -> atom_to_list(A);
encode(B) when is_binary(B) -> [$", escape(B), $"];
encode([]) -> "[]";
encode([X | Xs]) -> [$[, encode(X), [[$,, encode(Y)] || Y <- Xs], $]];
encode(M) when is_map(M) ->
    case maps:to_list(M) of
        [] -> "{}";
        [{K, V} | Rest] -> [${, encode(K), $:, encode(V), [[$,, encode(K2), $:, encode(V2)] || {K2, V2} <- Rest], $}]
    end.

escape(<<$", Rest/binary>>) -> [$\\, $" | escape(Rest)];
escape(<<$\\, Rest/binary>>) -> [$\\, $\\ | escape(Rest)];
escape(<<C, Rest/binary>>) -> [C | escape(Rest)];
escape(<<>>) -> [].

value(<<C, Rest/binary>>) when C =:= $\s; C =:= $\n; C =:= $\t -> value(Rest);
value(<<"true", Rest/binary>>) -> {true, Rest};
value(<<"false", Rest/binary>>) -> {false, Rest};
value(<<"null", Rest/binary>>) -> {null, Rest};
value(<<$", Rest/binary>>) -> string(Rest, <<>>);
value(<<"[]", Rest/binary>>) -> {[], Rest};
value(<<$[, Rest/binary>>) -> array(Rest, []);
value(<<"{}", Rest/binary>>) -> {#{}, Rest};
value(<<${, Rest/binary>>) -> object(Rest, #{});
value(<<$-, Rest/binary>>) -> {N, Rest2} = number(Rest, 0), {-N, Rest2};
value(<<C, _/binary>> = Text) when C >= $0, C =< $9 -> number(Text, 0).

number(<<C, Rest/binary>>, N) when C >= $0, C =< $9 -> number(Rest, N * 10 + C - $0);
number(Rest, N) -> {N, Rest}.

string(<<$", Rest/binary>>, Acc) -> {Acc, Rest};
string(<<$\\, C, Rest/binary>>, Acc) -> string(Rest, <<Acc/binary, C>>);
string(<<C, Rest/binary>>, Acc) -> string(Rest, <<Acc/binary, C>>).

array(Text, Acc) ->
    case value(Text) of
        {V, <<$,, Rest/binary>>} -> array(Rest, [V | Acc]);
        {V, <<$], Rest/binary>>} -> {lists:reverse(Acc, [V]), Rest}
    end.

object(<<$", Text/binary>>, M) ->
    {K, <<$:, Rest/binary>>} = string(Text, <<>>),
    case value(Rest) of
        {V, <<$,, Rest2/binary>>} -> object(Rest2, M#{K => V});
        {V, <<$}, Rest2/binary>>} -> {M#{K => V}, Rest2}
    end.
