%% JSON (RFC 8259) to terms and back.
%%
%% Encoding is a callback that gets a value and the callback itself, so that a program can change how
%% some values are encoded and leave the rest to encode_value/2. Decoding is an automaton with an
%% explicit stack: it stops anywhere between two bytes and goes on with the next piece.
-module(json).

-export([encode/1, encode/2, encode_value/2, encode_atom/2, encode_integer/1, encode_float/1,
         encode_list/2, encode_map/2, encode_map_checked/2, encode_key_value_list/2,
         encode_key_value_list_checked/2, encode_binary/1, encode_binary_escape_all/1]).
-export([format/1, format/2, format/3, format_value/3, format_key_value_list/3,
         format_key_value_list_checked/3]).
-export([decode/1, decode/3, decode_start/3, decode_continue/2]).

-export_type([encoder/0, encode_value/0, formatter/0, decode_value/0, decoders/0,
              continuation_state/0, from_binary_fun/0, array_start_fun/0, array_push_fun/0,
              array_finish_fun/0, object_start_fun/0, object_push_fun/0, object_finish_fun/0]).

-type encoder() :: fun((term(), encoder()) -> iodata()).
-type formatter() :: fun((term(), formatter(), map()) -> iodata()).
-type encode_value() :: integer() | float() | boolean() | null | binary() | atom()
    | [encode_value()] | #{binary() | atom() | integer() => encode_value()}.
-type decode_value() :: integer() | float() | boolean() | null | binary() | [decode_value()]
    | #{binary() => decode_value()}.
-type from_binary_fun() :: fun((binary()) -> term()).
-type array_start_fun() :: fun((Acc :: term()) -> ArrayAcc :: term()).
-type array_push_fun() :: fun((Value :: term(), ArrayAcc :: term()) -> ArrayAcc :: term()).
-type array_finish_fun() :: fun((ArrayAcc :: term(), OldAcc :: term()) -> {term(), term()}).
-type object_start_fun() :: fun((Acc :: term()) -> ObjectAcc :: term()).
-type object_push_fun() ::
    fun((Key :: term(), Value :: term(), ObjectAcc :: term()) -> ObjectAcc :: term()).
-type object_finish_fun() :: fun((ObjectAcc :: term(), OldAcc :: term()) -> {term(), term()}).
-type decoders() :: #{array_start => array_start_fun(), array_push => array_push_fun(),
                      array_finish => array_finish_fun(), object_start => object_start_fun(),
                      object_push => object_push_fun(), object_finish => object_finish_fun(),
                      float => from_binary_fun(), integer => from_binary_fun(),
                      string => from_binary_fun(), null => term()}.
-opaque continuation_state() :: tuple().

%%% Encoding

%% A term as JSON text, as iodata: maps as objects, lists as arrays, binaries as strings, atoms as strings but for true, false and null.
-spec encode(encode_value()) -> iodata().
encode(Term) -> encode_value(Term, fun encode_value/2).

%% The same, where a function of one's own says how each term is written.
-spec encode(term(), encoder()) -> iodata().
encode(Term, Encoder) when is_function(Encoder, 2) -> Encoder(Term, Encoder).

%% How terms are written by default, with an encoder for what is in them: for encoders of one's own.
-spec encode_value(term(), encoder()) -> iodata().
encode_value(Value, _) when is_binary(Value) -> encode_binary(Value);
encode_value(Value, Encode) when is_atom(Value) -> encode_atom(Value, Encode);
encode_value(Value, _) when is_integer(Value) -> encode_integer(Value);
encode_value(Value, _) when is_float(Value) -> encode_float(Value);
encode_value(Value, Encode) when is_list(Value) -> encode_list(Value, Encode);
encode_value(Value, Encode) when is_map(Value) -> encode_map(Value, Encode);
encode_value(Value, _) -> erlang:error({unsupported_type, Value}).

%% An atom: true, false and null as such, others as strings, by the encoder.
-spec encode_atom(atom(), encoder()) -> iodata().
encode_atom(null, _) -> <<"null">>;
encode_atom(true, _) -> <<"true">>;
encode_atom(false, _) -> <<"false">>;
encode_atom(Atom, Encode) -> Encode(atom_to_binary(Atom, utf8), Encode).

%% An integer as JSON.
-spec encode_integer(integer()) -> iodata().
encode_integer(N) -> integer_to_binary(N).

%% A float as JSON: the shortest text that reads back as the same.
-spec encode_float(float()) -> iodata().
encode_float(X) -> float_to_binary(X, [short]).

%% A list as an array, its elements by the encoder.
-spec encode_list([term()], encoder()) -> iodata().
encode_list([], _) -> <<"[]">>;
encode_list([H | T], Encode) when is_function(Encode, 2) ->
    [$[, Encode(H, Encode) | list_rest(T, Encode)].

list_rest([H | T], Encode) -> [$,, Encode(H, Encode) | list_rest(T, Encode)];
list_rest([], _) -> "]".

%% A map as an object, its values by the encoder.
-spec encode_map(#{term() => term()}, encoder()) -> iodata().
encode_map(Map, Encode) when is_map(Map), is_function(Encode, 2) ->
    encode_key_value_list(maps:to_list(Map), Encode).

%% A map as an object; two keys that are written alike are an error.
-spec encode_map_checked(#{term() => term()}, encoder()) -> iodata().
encode_map_checked(Map, Encode) ->
    encode_key_value_list_checked(maps:to_list(Map), Encode).

%% A list of pairs as an object.
-spec encode_key_value_list([{term(), term()}], encoder()) -> iodata().
encode_key_value_list([], _) -> <<"{}">>;
encode_key_value_list([{Key, Value} | Pairs], Encode) when is_function(Encode, 2) ->
    [${, key(Key, Encode), $:, Encode(Value, Encode) | pairs_rest(Pairs, Encode)].

pairs_rest([{Key, Value} | Pairs], Encode) ->
    [$,, key(Key, Encode), $:, Encode(Value, Encode) | pairs_rest(Pairs, Encode)];
pairs_rest([], _) -> "}".

%% Fails where two keys become the same text.
-spec encode_key_value_list_checked([{term(), term()}], encoder()) -> iodata().
encode_key_value_list_checked(Pairs, Encode) ->
    encode_key_value_list(checked(Pairs, Encode, #{}), Encode).

checked([{Key, _} = Pair | Pairs], Encode, Seen) ->
    Text = iolist_to_binary(key(Key, Encode)),
    case Seen of
        #{Text := _} -> erlang:error({duplicate_key, Key});
        #{} -> [Pair | checked(Pairs, Encode, Seen#{Text => []})]
    end;
checked([], _, _) -> [].

key(Key, Encode) when is_binary(Key) -> Encode(Key, Encode);
key(Key, Encode) when is_atom(Key) -> Encode(atom_to_binary(Key, utf8), Encode);
key(Key, _) when is_integer(Key) -> [$", encode_integer(Key), $"];
key(Key, _) when is_float(Key) -> [$", encode_float(Key), $"].

%% A binary in UTF-8 as a string; other bytes are an error.
-spec encode_binary(binary()) -> iodata().
encode_binary(Binary) when is_binary(Binary) ->
    case muster_json:is_plain(Binary) of
        true -> [$", Binary, $"];
        false -> escape(Binary, Binary, 0, 0, utf8, [$"])
    end.

%% Only ASCII comes out.
-spec encode_binary_escape_all(binary()) -> iodata().
encode_binary_escape_all(Binary) when is_binary(Binary) ->
    escape(Binary, Binary, 0, 0, ascii, [$"]).

%% Of Binary, Length bytes from From on are to be copied as they are; Rest comes after them.
escape(<<C, Rest/binary>>, Binary, From, Length, Out, Acc)
        when C >= 32, C < 127, C =/= $", C =/= $\\ ->
    escape(Rest, Binary, From, Length + 1, Out, Acc);
escape(<<C, Rest/binary>>, Binary, From, Length, Out, Acc) when C < 128 ->
    Acc1 = [Acc, binary:part(Binary, From, Length), escaped(C)],
    escape(Rest, Binary, From + Length + 1, 0, Out, Acc1);
escape(<<>>, Binary, From, Length, _, Acc) ->
    [Acc, binary:part(Binary, From, Length), $"];
escape(<<C/utf8, Rest/binary>>, Binary, From, Length, utf8, Acc) ->
    escape(Rest, Binary, From, Length + utf8_size(C), utf8, Acc);
escape(<<C/utf8, Rest/binary>>, Binary, From, Length, ascii, Acc) ->
    Acc1 = [Acc, binary:part(Binary, From, Length), unicode_escape(C)],
    escape(Rest, Binary, From + Length + utf8_size(C), 0, ascii, Acc1);
escape(Rest, _, _, _, _, _) ->
    bad_utf8(Rest).

utf8_size(C) when C < 16#800 -> 2;
utf8_size(C) when C < 16#10000 -> 3;
utf8_size(_) -> 4.

escaped($") -> "\\\"";
escaped($\\) -> "\\\\";
escaped($\b) -> "\\b";
escaped($\t) -> "\\t";
escaped($\n) -> "\\n";
escaped($\f) -> "\\f";
escaped($\r) -> "\\r";
escaped(C) -> unicode_escape(C).

unicode_escape(C) when C < 16#10000 ->
    ["\\u", hex(C bsr 12), hex(C bsr 8), hex(C bsr 4), hex(C)];
unicode_escape(C0) ->
    C = C0 - 16#10000,
    [unicode_escape(16#D800 + (C bsr 10)), unicode_escape(16#DC00 + (C band 16#3FF))].

hex(N) ->
    case N band 15 of
        D when D < 10 -> D + $0;
        D -> D - 10 + $A
    end.

%% The first byte that makes no sense; or the text ends within a character.
bad_utf8(Rest) ->
    case unicode:characters_to_binary(Rest) of
        {incomplete, _, _} -> erlang:error(unexpected_end);
        {error, _, <<B, _/binary>>} -> erlang:error({invalid_byte, B})
    end.

%%% Formatting: encoding with indentation

%% A term as JSON text for people: indented, a line for each element.
-spec format(encode_value()) -> iodata().
format(Term) -> format(Term, fun format_value/3, #{}).

%% The same with options (indent, max), or with a formatter of one's own.
-spec format(encode_value(), map()) -> iodata();
            (term(), formatter()) -> iodata().
format(Term, Options) when is_map(Options) -> format(Term, fun format_value/3, Options);
format(Term, Formatter) when is_function(Formatter, 3) -> format(Term, Formatter, #{}).

%% indent: blanks a level; max: how long a line of plain values may become.
-spec format(term(), formatter(), map()) -> iodata().
format(Term, Formatter, Options) when is_function(Formatter, 3) ->
    State = maps:merge(#{level => 0, col => 0, indent => 2, max => 100}, Options),
    [Formatter(Term, Formatter, State), $\n].

%% How terms are formatted by default: for formatters of one's own.
-spec format_value(term(), formatter(), map()) -> iodata().
format_value(Value, Format, State) when is_list(Value) ->
    format_list(Value, Format, State);
format_value(Value, Format, State) when is_map(Value) ->
    Pairs = lists:keysort(1, maps:to_list(Value)),
    format_key_value_list(Pairs, Format, State);
format_value(Value, Format, State) when is_atom(Value) ->
    encode_atom(Value, fun(Text, _) -> Format(Text, Format, State) end);
format_value(Value, _, _) ->
    encode_value(Value, fun encode_value/2).

format_list([], _, _) -> <<"[]">>;
format_list(List, Format, #{level := Level, indent := Indent, max := Max} = State0) ->
    State = State0#{level := Level + 1},
    Items = [Format(Item, Format, State) || Item <- List],
    case lists:any(fun(Item) -> is_list(Item) orelse is_map(Item) end, List) of
        true ->
            New = new_line((Level + 1) * Indent),
            [$[, New, lists:join([$,, New], Items), new_line(Level * Indent), $]];
        false ->
            [$[, fill(Items, (Level + 1) * Indent, Max), $]]
    end.

%% Plain values one after the other, on a new line where one ends.
fill([Item | Items], Indent, Max) ->
    [Item | fill(Items, Indent + iolist_size(Item), Indent, Max)].

fill([Item | Items], Column, Indent, Max) ->
    Size = iolist_size(Item),
    case Column + 1 + Size > Max of
        true -> [$,, new_line(Indent), Item | fill(Items, Indent + Size, Indent, Max)];
        false -> [$,, Item | fill(Items, Column + 1 + Size, Indent, Max)]
    end;
fill([], _, _, _) -> [].

%% A list of pairs as an object on lines of their own.
-spec format_key_value_list([{term(), term()}], formatter(), map()) -> iodata().
format_key_value_list([], _, _) -> <<"{}">>;
format_key_value_list(Pairs, Format, #{level := Level, indent := Indent} = State0) ->
    State = State0#{level := Level + 1},
    Encode = fun(Text, _) -> Format(Text, Format, State) end,
    New = new_line((Level + 1) * Indent),
    Items = [[key(Key, Encode), ": ", Format(Value, Format, State)] || {Key, Value} <- Pairs],
    [${, New, lists:join([$,, New], Items), new_line(Level * Indent), $}].

%% A list of pairs as an object; a key that is there twice is an error.
-spec format_key_value_list_checked([{term(), term()}], formatter(), map()) -> iodata().
format_key_value_list_checked(Pairs, Format, State) ->
    Encode = fun(Text, _) -> Format(Text, Format, State) end,
    format_key_value_list(checked(Pairs, Encode, #{}), Format, State).

new_line(Indent) -> [$\n | lists:duplicate(Indent, $\s)].

%%% Decoding

-record(d, {
    array_start, array_push, array_finish, object_start, object_push, object_finish,
    float, integer, string, null,
    %% Whether no more bytes will come.
    last = false :: boolean()
}).

%% The term that JSON text stands for: objects as maps, strings as binaries.
-spec decode(binary()) -> decode_value().
decode(Binary) when is_binary(Binary) ->
    case muster_json:decode(Binary) of
        [Value] -> Value;
        false ->
            {Result, _, Rest} = value(Binary, [], [], (decoders(#{}))#d{last = true}),
            only_blanks(Rest, Result)
    end.

only_blanks(<<C, Rest/binary>>, Result) when C =:= $\s; C =:= $\t; C =:= $\n; C =:= $\r ->
    only_blanks(Rest, Result);
only_blanks(<<>>, Result) -> Result;
only_blanks(<<C, _/binary>>, _) -> erlang:error({invalid_byte, C}).

%% The same with callbacks for each kind of value; what follows the value is left: {Result, Acc, Rest}.
-spec decode(binary(), term(), decoders()) -> {term(), term(), binary()}.
decode(Binary, Acc, Decoders) when is_binary(Binary) ->
    value(Binary, Acc, [], (decoders(Decoders))#d{last = true}).

%% Begins with a part of the text: {Result, Acc, Rest}, or {continue, State} where more is needed.
-spec decode_start(binary(), term(), decoders()) ->
    {term(), term(), binary()} | {continue, continuation_state()}.
decode_start(Binary, Acc, Decoders) when is_binary(Binary) ->
    value(Binary, Acc, [], decoders(Decoders)).

%% Goes on with more of the text, or end_of_input.
-spec decode_continue(binary() | end_of_input, continuation_state()) ->
    {term(), term(), binary()} | {continue, continuation_state()}.
decode_continue(end_of_input, {State, Left, Acc, Stack, D}) ->
    case resume(State, Left, Acc, Stack, D#d{last = true}) of
        {continue, _} -> erlang:error(unexpected_end);
        Done -> Done
    end;
decode_continue(Binary, {State, Left, Acc, Stack, D}) when is_binary(Binary) ->
    resume(State, <<Left/binary, Binary/binary>>, Acc, Stack, D).

resume(value, Bin, Acc, Stack, D) -> value(Bin, Acc, Stack, D);
resume(first, Bin, Acc, Stack, D) -> first_element(Bin, Acc, Stack, D);
resume(first_key, Bin, Acc, Stack, D) -> first_key(Bin, Acc, Stack, D);
resume(key, Bin, Acc, Stack, D) -> key(Bin, Acc, Stack, D);
resume({colon, Key}, Bin, Acc, Stack, D) -> colon(Bin, Key, Acc, Stack, D);
resume({rest, Value}, Bin, Acc, Stack, D) -> rest(Bin, Value, Acc, Stack, D).

%% The input has ended where more is needed: later, or never.
more(_, _, _, _, #d{last = true}) -> erlang:error(unexpected_end);
more(State, Left, Acc, Stack, D) -> {continue, {State, Left, Acc, Stack, D}}.

decoders(Given) ->
    #d{array_start = maps:get(array_start, Given, fun(_) -> [] end),
       array_push = maps:get(array_push, Given, fun(Value, Acc) -> [Value | Acc] end),
       array_finish = maps:get(array_finish, Given,
                               case Given of
                                   #{array_push := _} -> fun(Acc, Old) -> {Acc, Old} end;
                                   #{} -> fun(Acc, Old) -> {lists:reverse(Acc), Old} end
                               end),
       object_start = maps:get(object_start, Given, fun(_) -> [] end),
       object_push = maps:get(object_push, Given,
                              fun(Key, Value, Acc) -> [{Key, Value} | Acc] end),
       object_finish = maps:get(object_finish, Given,
                                case Given of
                                    #{object_push := _} -> fun(Acc, Old) -> {Acc, Old} end;
                                    #{} -> fun(Acc, Old) -> {maps:from_list(Acc), Old} end
                                end),
       float = maps:get(float, Given, fun erlang:binary_to_float/1),
       integer = maps:get(integer, Given, fun erlang:binary_to_integer/1),
       string = maps:get(string, Given, fun(Text) -> Text end),
       null = maps:get(null, Given, null)}.

%% Stack: {array, OuterAcc}, {object, OuterAcc} and {Key, ObjectAcc, OuterAcc} of a value to come.
value(<<C, Rest/binary>> = Bin, Acc, Stack, D) ->
    case C of
        $\s -> value(Rest, Acc, Stack, D);
        $\n -> value(Rest, Acc, Stack, D);
        $\t -> value(Rest, Acc, Stack, D);
        $\r -> value(Rest, Acc, Stack, D);
        $" ->
            case string(Rest, D) of
                more -> more(value, Bin, Acc, Stack, D);
                {Value, Rest1} -> rest(Rest1, Value, Acc, Stack, D)
            end;
        ${ -> first_key(Rest, (D#d.object_start)(Acc), [{object, Acc} | Stack], D);
        $[ -> first_element(Rest, (D#d.array_start)(Acc), [{array, Acc} | Stack], D);
        $t -> word(Rest, <<"rue">>, true, Bin, Acc, Stack, D);
        $f -> word(Rest, <<"alse">>, false, Bin, Acc, Stack, D);
        $n -> word(Rest, <<"ull">>, D#d.null, Bin, Acc, Stack, D);
        _ when C >= $0, C =< $9; C =:= $- ->
            case number(Bin, D) of
                more -> more(value, Bin, Acc, Stack, D);
                {Value, Rest1} -> rest(Rest1, Value, Acc, Stack, D)
            end;
        _ -> erlang:error({invalid_byte, C})
    end;
value(<<>>, Acc, Stack, D) ->
    more(value, <<>>, Acc, Stack, D).

word(Rest, Word, Value, Bin, Acc, Stack, D) ->
    Size = byte_size(Word),
    case Rest of
        <<Word:Size/binary, Rest1/binary>> -> rest(Rest1, Value, Acc, Stack, D);
        _ ->
            Same = binary:longest_common_prefix([Rest, Word]),
            case Rest of
                <<_:Same/binary>> -> more(value, Bin, Acc, Stack, D);
                <<_:Same/binary, C, _/binary>> -> erlang:error({invalid_byte, C})
            end
    end.

first_element(<<C, Rest/binary>> = Bin, Acc, Stack, D) ->
    case C of
        $] -> close_array(Rest, Acc, Stack, D);
        _ when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> first_element(Rest, Acc, Stack, D);
        _ -> value(Bin, Acc, Stack, D)
    end;
first_element(<<>>, Acc, Stack, D) ->
    more(first, <<>>, Acc, Stack, D).

first_key(<<C, Rest/binary>> = Bin, Acc, Stack, D) ->
    case C of
        $} -> close_object(Rest, Acc, Stack, D);
        _ when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> first_key(Rest, Acc, Stack, D);
        _ -> key(Bin, Acc, Stack, D)
    end;
first_key(<<>>, Acc, Stack, D) ->
    more(first_key, <<>>, Acc, Stack, D).

key(<<C, Rest/binary>> = Bin, Acc, Stack, D) ->
    case C of
        $" ->
            case string(Rest, D) of
                more -> more(key, Bin, Acc, Stack, D);
                {Key, Rest1} -> colon(Rest1, Key, Acc, Stack, D)
            end;
        _ when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> key(Rest, Acc, Stack, D);
        _ -> erlang:error({invalid_byte, C})
    end;
key(<<>>, Acc, Stack, D) ->
    more(key, <<>>, Acc, Stack, D).

colon(<<C, Rest/binary>>, Key, Acc, [{object, Outer} | Stack], D) ->
    case C of
        $: -> value(Rest, Acc, [{Key, Acc, Outer} | Stack], D);
        _ when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r ->
            colon(Rest, Key, Acc, [{object, Outer} | Stack], D);
        _ -> erlang:error({invalid_byte, C})
    end;
colon(<<>>, Key, Acc, Stack, D) ->
    more({colon, Key}, <<>>, Acc, Stack, D).

%% After a value.
rest(Bin, Value, Acc, [], _) ->
    {Value, Acc, Bin};
rest(<<C, Rest/binary>>, Value, Acc, [Top | Stack] = All, D) ->
    case C of
        _ when C =:= $\s; C =:= $\n; C =:= $\t; C =:= $\r -> rest(Rest, Value, Acc, All, D);
        $, ->
            case Top of
                {array, _} -> value(Rest, (D#d.array_push)(Value, Acc), All, D);
                {Key, ObjectAcc, Outer} ->
                    key(Rest, (D#d.object_push)(Key, Value, ObjectAcc), [{object, Outer} | Stack], D)
            end;
        $] when tuple_size(Top) =:= 2 ->
            close_array(Rest, (D#d.array_push)(Value, Acc), All, D);
        $} when tuple_size(Top) =:= 3 ->
            {Key, ObjectAcc, Outer} = Top,
            close_object(Rest, (D#d.object_push)(Key, Value, ObjectAcc), [{object, Outer} | Stack], D);
        _ -> erlang:error({invalid_byte, C})
    end;
rest(<<>>, Value, Acc, Stack, D) ->
    more({rest, Value}, <<>>, Acc, Stack, D).

close_array(Rest, Acc, [{array, Outer} | Stack], D) ->
    {Value, Acc1} = (D#d.array_finish)(Acc, Outer),
    rest(Rest, Value, Acc1, Stack, D).

close_object(Rest, Acc, [{object, Outer} | Stack], D) ->
    {Value, Acc1} = (D#d.object_finish)(Acc, Outer),
    rest(Rest, Value, Acc1, Stack, D).

%%% Strings. {Value, Rest}, or more if the end of the string has not come.

string(Bin, D) -> string(Bin, Bin, 0, <<>>, D).

%% Length bytes of Bin are text; Out is what comes before Bin.
string(<<C, Rest/binary>>, Bin, Length, Out, D) when C >= 32, C < 128, C =/= $", C =/= $\\ ->
    string(Rest, Bin, Length + 1, Out, D);
string(<<$", Rest/binary>>, Bin, Length, <<>>, D) ->
    {(D#d.string)(binary:copy(binary:part(Bin, 0, Length))), Rest};
string(<<$", Rest/binary>>, Bin, Length, Out, D) ->
    {(D#d.string)(<<Out/binary, (binary:part(Bin, 0, Length))/binary>>), Rest};
string(<<$\\, Rest/binary>>, Bin, Length, Out, D) ->
    escape_sequence(Rest, <<Out/binary, (binary:part(Bin, 0, Length))/binary>>, D);
string(<<C/utf8, Rest/binary>>, Bin, Length, Out, D) when C >= 128 ->
    string(Rest, Bin, Length + utf8_size(C), Out, D);
string(<<>>, _, _, _, D) ->
    more_string(D);
string(<<C, _/binary>>, _, _, _, _) when C < 32 ->
    erlang:error({invalid_byte, C});
string(Rest, _, _, _, D) ->
    case unicode:characters_to_binary(Rest) of
        {incomplete, _, _} -> more_string(D);
        {error, _, <<C, _/binary>>} -> erlang:error({invalid_byte, C})
    end.

more_string(#d{last = true}) -> erlang:error(unexpected_end);
more_string(_) -> more.

escape_sequence(<<C, Rest/binary>>, Out, D) ->
    case C of
        $u -> unicode_sequence(Rest, Out, D);
        $" -> string(Rest, Rest, 0, <<Out/binary, $">>, D);
        $\\ -> string(Rest, Rest, 0, <<Out/binary, $\\>>, D);
        $/ -> string(Rest, Rest, 0, <<Out/binary, $/>>, D);
        $b -> string(Rest, Rest, 0, <<Out/binary, $\b>>, D);
        $f -> string(Rest, Rest, 0, <<Out/binary, $\f>>, D);
        $n -> string(Rest, Rest, 0, <<Out/binary, $\n>>, D);
        $r -> string(Rest, Rest, 0, <<Out/binary, $\r>>, D);
        $t -> string(Rest, Rest, 0, <<Out/binary, $\t>>, D);
        _ -> erlang:error({invalid_byte, C})
    end;
escape_sequence(<<>>, _, D) ->
    more_string(D).

unicode_sequence(<<Hex:4/binary, Rest/binary>>, Out, D) ->
    case hex_value(Hex) of
        C when C >= 16#D800, C < 16#DC00 -> surrogate(C, Hex, Rest, Out, D);
        C when C >= 16#DC00, C < 16#E000 ->
            erlang:error({unexpected_sequence, <<"\\u", Hex/binary>>});
        C -> string(Rest, Rest, 0, <<Out/binary, C/utf8>>, D)
    end;
unicode_sequence(Short, _, D) ->
    _ = [hex_digit(C) || <<C>> <= Short],
    more_string(D).

%% The second half of a pair must follow the first one.
surrogate(High, Hex, <<"\\u", Hex2:4/binary, Rest/binary>>, Out, D) ->
    case hex_value(Hex2) of
        Low when Low >= 16#DC00, Low < 16#E000 ->
            C = 16#10000 + ((High - 16#D800) bsl 10) + Low - 16#DC00,
            string(Rest, Rest, 0, <<Out/binary, C/utf8>>, D);
        _ ->
            erlang:error({unexpected_sequence, <<"\\u", Hex/binary, "\\u", Hex2/binary>>})
    end;
surrogate(_, Hex, Rest, _, D) ->
    case Rest of
        <<"\\u", _/binary>> -> more_string(D);
        <<"\\">> -> more_string(D);
        <<>> -> more_string(D);
        _ -> erlang:error({unexpected_sequence, <<"\\u", Hex/binary>>})
    end.

hex_value(<<A, B, C, D>>) ->
    (hex_digit(A) bsl 12) bor (hex_digit(B) bsl 8) bor (hex_digit(C) bsl 4) bor hex_digit(D).

hex_digit(C) when C >= $0, C =< $9 -> C - $0;
hex_digit(C) when C >= $a, C =< $f -> C - $a + 10;
hex_digit(C) when C >= $A, C =< $F -> C - $A + 10;
hex_digit(C) -> erlang:error({invalid_byte, C}).

%%% Numbers. Where the input has run out, a number may go on.

number(<<$-, Rest/binary>> = Bin, D) -> whole(Rest, Bin, 1, D);
number(Bin, D) -> whole(Bin, Bin, 0, D).

whole(<<$0, Rest/binary>>, Bin, Length, D) -> after_whole(Rest, Bin, Length + 1, D);
whole(<<C, Rest/binary>>, Bin, Length, D) when C >= $1, C =< $9 ->
    whole_digits(Rest, Bin, Length + 1, D);
whole(<<C, _/binary>>, _, _, _) -> erlang:error({invalid_byte, C});
whole(<<>>, _, _, D) -> more_string(D).

whole_digits(<<C, Rest/binary>>, Bin, Length, D) when C >= $0, C =< $9 ->
    whole_digits(Rest, Bin, Length + 1, D);
whole_digits(Rest, Bin, Length, D) ->
    after_whole(Rest, Bin, Length, D).

after_whole(<<$., C, Rest/binary>>, Bin, Length, D) when C >= $0, C =< $9 ->
    fraction(Rest, Bin, Length + 2, D);
after_whole(<<$., C, _/binary>>, _, _, _) -> erlang:error({invalid_byte, C});
after_whole(<<$.>>, _, _, D) -> more_string(D);
after_whole(<<E, Rest/binary>>, Bin, Length, D) when E =:= $e; E =:= $E ->
    %% Erlang wants a fraction before the exponent.
    exponent(Rest, <<(binary:part(Bin, 0, Length))/binary, ".0e">>, D);
after_whole(<<>>, _, _, #d{last = false}) -> more;
after_whole(Rest, Bin, Length, D) -> {(D#d.integer)(binary:part(Bin, 0, Length)), Rest}.

fraction(<<C, Rest/binary>>, Bin, Length, D) when C >= $0, C =< $9 ->
    fraction(Rest, Bin, Length + 1, D);
fraction(<<E, Rest/binary>>, Bin, Length, D) when E =:= $e; E =:= $E ->
    exponent(Rest, <<(binary:part(Bin, 0, Length))/binary, $e>>, D);
fraction(<<>>, _, _, #d{last = false}) -> more;
fraction(Rest, Bin, Length, D) -> {float(binary:part(Bin, 0, Length), D), Rest}.

exponent(<<S, C, Rest/binary>>, Text, D) when (S =:= $+ orelse S =:= $-), C >= $0, C =< $9 ->
    exponent_digits(Rest, <<Text/binary, S, C>>, D);
exponent(<<C, Rest/binary>>, Text, D) when C >= $0, C =< $9 ->
    exponent_digits(Rest, <<Text/binary, C>>, D);
exponent(<<S>>, _, D) when S =:= $+; S =:= $- -> more_string(D);
exponent(<<S, C, _/binary>>, _, _) when S =:= $+; S =:= $- -> erlang:error({invalid_byte, C});
exponent(<<C, _/binary>>, _, _) -> erlang:error({invalid_byte, C});
exponent(<<>>, _, D) -> more_string(D).

exponent_digits(<<C, Rest/binary>>, Text, D) when C >= $0, C =< $9 ->
    exponent_digits(Rest, <<Text/binary, C>>, D);
exponent_digits(<<>>, _, #d{last = false}) -> more;
exponent_digits(Rest, Text, D) -> {float(Text, D), Rest}.

%% A float that is too large is an unexpected sequence.
float(Text, D) ->
    try (D#d.float)(Text)
    catch error:badarg -> erlang:error({unexpected_sequence, Text})
    end.
