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

%%% Encoding

%% Base 64 text of bytes, a binary.
-spec encode(byte_string() | binary()) -> base64_binary().
encode(Data) when is_binary(Data); is_list(Data) -> encode(Data, #{}).

-spec encode(byte_string() | binary(), options()) -> base64_binary().
encode(Data, Options) when is_binary(Data); is_list(Data) ->
    Mode = mode(Options),
    Padding = padding(Options),
    encode_groups(bytes(Data), Mode, Padding, <<>>).

%% Base 64 text of bytes, a list.
-spec encode_to_string(byte_string() | binary()) -> base64_string().
encode_to_string(Data) when is_binary(Data); is_list(Data) -> encode_to_string(Data, #{}).

-spec encode_to_string(byte_string() | binary(), options()) -> base64_string().
encode_to_string(Data, Options) -> binary_to_list(encode(Data, Options)).

bytes(Data) when is_binary(Data) -> Data;
bytes(Data) -> list_to_binary(Data).

mode(#{mode := Mode}) when Mode =:= standard; Mode =:= urlsafe -> Mode;
mode(#{mode := Mode}) -> erlang:error({badarg, Mode});
mode(#{}) -> standard.

padding(Options) -> maps:get(padding, Options, true).

encode_groups(Bytes, Mode, Padding, Out0) ->
    {Text, Rest} = muster_base64:encode(Bytes, Mode),
    Out = <<Out0/binary, Text/binary>>,
    case Rest of
        <<>> -> Out;
        <<_, _, _, _/binary>> -> encode_groups(Rest, Mode, Padding, Out);
        <<_>> -> encode_last(<<Rest/binary, 0, 0>>, 2, Mode, Padding, Out);
        <<_, _>> -> encode_last(<<Rest/binary, 0>>, 3, Mode, Padding, Out);
        <<_, _, _>> -> encode_groups(Rest, Mode, Padding, Out)
    end.

%% Of the group's characters, Length mean something.
encode_last(Group, Length, Mode, Padding, Out) ->
    {<<Text:Length/binary, _/binary>>, <<>>} = muster_base64:encode(Group, Mode),
    case Padding of
        true when Length =:= 2 -> <<Out/binary, Text/binary, "==">>;
        true -> <<Out/binary, Text/binary, "=">>;
        false -> <<Out/binary, Text/binary>>
    end.

%%% Decoding: blanks are skipped; mime_decode skips everything that is not of the alphabet

%% The bytes of base 64 text, a binary.
-spec decode(base64_string() | base64_binary()) -> binary().
decode(Data) when is_binary(Data); is_list(Data) -> decode(Data, #{}).

-spec decode(base64_string() | base64_binary(), options()) -> binary().
decode(Data, Options) when is_binary(Data); is_list(Data) ->
    decode_groups(bytes(Data), strict, mode(Options), padding(Options), <<>>).

%% The bytes of base 64 text, a list.
-spec decode_to_string(base64_string() | base64_binary()) -> byte_string().
decode_to_string(Data) when is_binary(Data); is_list(Data) -> decode_to_string(Data, #{}).

-spec decode_to_string(base64_string() | base64_binary(), options()) -> byte_string().
decode_to_string(Data, Options) -> binary_to_list(decode(Data, Options)).

%% As decode/1, of text with other characters in it.
-spec mime_decode(base64_string() | base64_binary()) -> binary().
mime_decode(Data) when is_binary(Data); is_list(Data) -> mime_decode(Data, #{}).

-spec mime_decode(base64_string() | base64_binary(), options()) -> binary().
mime_decode(Data, Options) when is_binary(Data); is_list(Data) ->
    decode_groups(bytes(Data), mime, mode(Options), padding(Options), <<>>).

%% As decode_to_string/1, of text with other characters in it.
-spec mime_decode_to_string(base64_string() | base64_binary()) -> byte_string().
mime_decode_to_string(Data) when is_binary(Data); is_list(Data) -> mime_decode_to_string(Data, #{}).

-spec mime_decode_to_string(base64_string() | base64_binary(), options()) -> byte_string().
mime_decode_to_string(Data, Options) -> binary_to_list(mime_decode(Data, Options)).

decode_groups(Data, How, Mode, Padding, Out0) ->
    {Bytes, Rest} = muster_base64:decode(Data, Mode, How =:= mime),
    Out = <<Out0/binary, Bytes/binary>>,
    case Bytes of
        <<>> -> decode_chars(Rest, How, Mode, Padding, Out, []);
        _ -> decode_groups(Rest, How, Mode, Padding, Out)
    end.

%% One character after the other, up to four values in reverse.
decode_chars(<<C, Rest/binary>>, How, Mode, Padding, Out, Values) ->
    case value(C, Mode) of
        B when is_integer(B) ->
            case Values of
                [B3, B2, B1] ->
                    decode_groups(Rest, How, Mode, Padding, <<Out/binary, B1:6, B2:6, B3:6, B:6>>);
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
        {[_, _], none} when How =:= mime -> last(Out, Values);
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
