%% Base 64 (RFC 4648), with the alphabets of sections 4 (standard) and 5 (urlsafe).
-module(base64).

-export([encode/1, encode/2, encode_to_string/1, encode_to_string/2, decode/1, decode/2,
         decode_to_string/1, decode_to_string/2, mime_decode/1, mime_decode/2,
         mime_decode_to_string/1, mime_decode_to_string/2]).

-export_type([base64_string/0, base64_binary/0, byte_string/0, options/0]).

-type options() :: #{padding => boolean(), mode => standard | urlsafe}.
-type base64_string() :: [$A..$Z | $a..$z | $0..$9 | $+ | $/ | $- | $_ | $=].
-type base64_binary() :: binary().
-type byte_string() :: [byte()].

-define(STANDARD,
    {$A, $B, $C, $D, $E, $F, $G, $H, $I, $J, $K, $L, $M, $N, $O, $P, $Q, $R, $S, $T, $U, $V, $W, $X,
     $Y, $Z, $a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k, $l, $m, $n, $o, $p, $q, $r, $s, $t, $u, $v,
     $w, $x, $y, $z, $0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $+, $/}).
-define(URLSAFE, setelement(64, setelement(63, ?STANDARD, $-), $_)).

%%% Encoding

-spec encode(byte_string() | binary()) -> base64_binary().
encode(Data) -> encode(Data, #{}).

-spec encode(byte_string() | binary(), options()) -> base64_binary().
encode(Data, Options) when is_binary(Data) ->
    {Alphabet, Padding} = encoding(Options),
    encode_binary(Data, Alphabet, Padding, <<>>);
encode(Data, Options) when is_list(Data) ->
    encode(list_to_binary(Data), Options).

-spec encode_to_string(byte_string() | binary()) -> base64_string().
encode_to_string(Data) -> encode_to_string(Data, #{}).

-spec encode_to_string(byte_string() | binary(), options()) -> base64_string().
encode_to_string(Data, Options) -> binary_to_list(encode(Data, Options)).

encoding(Options) ->
    Alphabet = case Options of
        #{mode := urlsafe} -> ?URLSAFE;
        #{mode := standard} -> ?STANDARD;
        #{mode := Mode} -> erlang:error({badarg, Mode});
        #{} -> ?STANDARD
    end,
    {Alphabet, maps:get(padding, Options, true)}.

encode_binary(<<A:6, B:6, C:6, D:6, E:6, F:6, G:6, H:6, Rest/binary>>, T, Padding, Out) ->
    encode_binary(Rest, T, Padding,
                  <<Out/binary, (element(A + 1, T)), (element(B + 1, T)), (element(C + 1, T)),
                    (element(D + 1, T)), (element(E + 1, T)), (element(F + 1, T)),
                    (element(G + 1, T)), (element(H + 1, T))>>);
encode_binary(<<A:6, B:6, C:6, D:6, Rest/binary>>, T, Padding, Out) ->
    encode_binary(Rest, T, Padding,
                  <<Out/binary, (element(A + 1, T)), (element(B + 1, T)), (element(C + 1, T)),
                    (element(D + 1, T))>>);
encode_binary(<<>>, _, _, Out) -> Out;
encode_binary(<<A:6, B:2>>, T, Padding, Out) ->
    pad(<<Out/binary, (element(A + 1, T)), (element((B bsl 4) + 1, T))>>, "==", Padding);
encode_binary(<<A:6, B:6, C:4>>, T, Padding, Out) ->
    pad(<<Out/binary, (element(A + 1, T)), (element(B + 1, T)), (element((C bsl 2) + 1, T))>>, "=",
        Padding).

pad(Out, Pad, true) -> <<Out/binary, (list_to_binary(Pad))/binary>>;
pad(Out, _, false) -> Out.

%%% Decoding: blanks are skipped; mime_decode skips everything that is not of the alphabet

-spec decode(base64_string() | base64_binary()) -> binary().
decode(Data) -> decode(Data, #{}).

-spec decode(base64_string() | base64_binary(), options()) -> binary().
decode(Data, Options) when is_binary(Data) ->
    {Mode, Padding} = decoding(Options),
    decode_quads(Data, strict, Mode, Padding, <<>>);
decode(Data, Options) when is_list(Data) ->
    decode(list_to_binary(Data), Options).

-spec decode_to_string(base64_string() | base64_binary()) -> byte_string().
decode_to_string(Data) -> decode_to_string(Data, #{}).

-spec decode_to_string(base64_string() | base64_binary(), options()) -> byte_string().
decode_to_string(Data, Options) -> binary_to_list(decode(Data, Options)).

-spec mime_decode(base64_string() | base64_binary()) -> binary().
mime_decode(Data) -> mime_decode(Data, #{}).

-spec mime_decode(base64_string() | base64_binary(), options()) -> binary().
mime_decode(Data, Options) when is_binary(Data) ->
    {Mode, Padding} = decoding(Options),
    decode_quads(Data, mime, Mode, Padding, <<>>);
mime_decode(Data, Options) when is_list(Data) ->
    mime_decode(list_to_binary(Data), Options).

-spec mime_decode_to_string(base64_string() | base64_binary()) -> byte_string().
mime_decode_to_string(Data) -> mime_decode_to_string(Data, #{}).

-spec mime_decode_to_string(base64_string() | base64_binary(), options()) -> byte_string().
mime_decode_to_string(Data, Options) -> binary_to_list(mime_decode(Data, Options)).

decoding(Options) ->
    {maps:get(mode, Options, standard), maps:get(padding, Options, true)}.

decode_quads(<<C1, C2, C3, C4, Rest/binary>> = Data, How, Mode, Padding, Out) ->
    case {value(C1, Mode), value(C2, Mode), value(C3, Mode), value(C4, Mode)} of
        {B1, B2, B3, B4} when is_integer(B1), is_integer(B2), is_integer(B3), is_integer(B4) ->
            decode_quads(Rest, How, Mode, Padding, <<Out/binary, B1:6, B2:6, B3:6, B4:6>>);
        _ ->
            decode_chars(Data, How, Mode, Padding, Out, [])
    end;
decode_quads(Data, How, Mode, Padding, Out) ->
    decode_chars(Data, How, Mode, Padding, Out, []).

%% One character after the other, up to four values in reverse.
decode_chars(<<C, Rest/binary>>, How, Mode, Padding, Out, Values) ->
    case value(C, Mode) of
        B when is_integer(B) ->
            case Values of
                [B3, B2, B1] ->
                    decode_quads(Rest, How, Mode, Padding, <<Out/binary, B1:6, B2:6, B3:6, B:6>>);
                _ ->
                    decode_chars(Rest, How, Mode, Padding, Out, [B | Values])
            end;
        blank -> decode_chars(Rest, How, Mode, Padding, Out, Values);
        pad -> decode_end(Rest, How, Mode, Padding, Out, Values);
        bad when How =:= mime -> decode_chars(Rest, How, Mode, Padding, Out, Values);
        bad -> erlang:error(badarg)
    end;
decode_chars(<<>>, _, _, _, Out, []) -> Out;
decode_chars(<<>>, _, _, false, Out, Values) -> last(Out, Values);
decode_chars(<<>>, _, _, true, _, _) -> erlang:error(missing_padding).

%% After the first "=".
decode_end(Rest, How, Mode, Padding, Out, Values) ->
    case {Values, after_pad(Rest, How, Mode)} of
        {[_, _, _], none} -> last(Out, Values);
        {[_, _], {pad, Rest1}} ->
            case after_pad(Rest1, How, Mode) of
                none -> last(Out, Values);
                _ when How =:= mime -> decode_chars(Rest1, How, Mode, Padding, Out, Values);
                _ -> erlang:error(function_clause)
            end;
        {_, _} when How =:= mime, length(Values) < 2 ->
            decode_chars(Rest, How, Mode, Padding, Out, Values);
        {_, {value, _}} when How =:= mime -> decode_chars(Rest, How, Mode, Padding, Out, Values);
        {_, {pad, Rest1}} when How =:= mime ->
            decode_end(Rest1, How, Mode, Padding, Out, Values);
        _ -> erlang:error(function_clause)
    end.

%% What comes next: nothing, "=" or a value.
after_pad(<<C, Rest/binary>> = Data, How, Mode) ->
    case value(C, Mode) of
        pad -> {pad, Rest};
        blank -> after_pad(Rest, How, Mode);
        bad when How =:= mime -> after_pad(Rest, How, Mode);
        bad -> bad;
        _ -> {value, Data}
    end;
after_pad(<<>>, _, _) -> none.

last(Out, [B2, B1]) -> <<Out/binary, B1:6, (B2 bsr 4):2>>;
last(Out, [B3, B2, B1]) -> <<Out/binary, B1:6, B2:6, (B3 bsr 2):4>>;
last(_, _) -> erlang:error(missing_padding).

value(C, _) when C >= $A, C =< $Z -> C - $A;
value(C, _) when C >= $a, C =< $z -> C - $a + 26;
value(C, _) when C >= $0, C =< $9 -> C - $0 + 52;
value($+, standard) -> 62;
value($/, standard) -> 63;
value($-, urlsafe) -> 62;
value($_, urlsafe) -> 63;
value($=, _) -> pad;
value(C, _) when C =:= $\s; C =:= $\t; C =:= $\r; C =:= $\n -> blank;
value(_, _) -> bad.
