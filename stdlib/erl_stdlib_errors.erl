%% What was wrong in a call of a library function that failed: for the text of exceptions
%% (error_info).
%%
%% Most functions are described by what their arguments must be (wanted/2); what an argument is not
%% makes the text. Functions of io say in `cause` whether the device or what was written is to blame.
-module(erl_stdlib_errors).
-export([format_error/2]).

-spec format_error(term(), [tuple()]) -> #{pos_integer() | general => unicode:chardata()}.
format_error(_, [{io, Function, Args, Where} | _]) when is_list(Args), is_list(Where) ->
    case lists:keyfind(error_info, 1, Where) of
        {error_info, #{cause := {Who, Why}}} -> io_error(Who, Why, Function, Args);
        _ -> #{}
    end;
format_error(_, [{ets, Function, Args, Where} | _]) when is_list(Args), is_list(Where) ->
    Info = proplists:get_value(error_info, Where, #{}),
    numbered(muster_ets_error:texts(Function, Args, maps:get(cause, Info, none)));
format_error(Reason, [{Module, Function, Args, _} | _]) when is_list(Args) ->
    numbered(texts(Module, Function, Args, Reason));
format_error(_, _) -> #{}.

numbered(Texts) -> maps:from_list([{I, Text} || {I, Text} <- lists:enumerate(Texts), Text =/= <<>>]).

%% A text for each argument; empty: nothing is wrong with it, as far as can be told.
texts(maps, get, [_, _], {badkey, _}) -> [<<"not present in map">>, <<>>];
texts(maps, update, [_, _, _], {badkey, _}) -> [<<>>, <<>>, <<"not a map">>];
texts(math, fmod, [_, _], badarith) -> [<<>>, <<"is outside the domain for this function">>];
texts(math, Function, _, badarith) ->
    case lists:member(Function, [acos, acosh, asin, atanh, log, log10, log2, sqrt]) of
        true -> [<<"is outside the domain for this function">>];
        false -> [] % the result would be too large
    end;
texts(math, _, Args, _) -> [is(number, X) || X <- Args];
texts(lists, seq, [From, To, Step], _) ->
    case [is(integer, X) || X <- [From, To, Step]] of
        [<<>>, <<>>, <<>>] when To >= From, Step =< 0 -> [<<>>, <<>>, <<"not a positive increment">>];
        [<<>>, <<>>, <<>>] -> [<<>>, <<>>, <<"not a negative increment">>];
        Texts -> Texts
    end;
texts(binary, decode_hex, [Hex], _) ->
    [case is(binary, Hex) of
         <<>> when byte_size(Hex) rem 2 =:= 1 -> <<"must contain an even number of bytes">>;
         Text -> Text
     end];
texts(binary, Function, Args, _) when Function =:= part; Function =:= bin_to_list -> within(Args);
texts(re, Function, Args, _) -> regex(Function, Args);
texts(Module, Function, Args, _) ->
    Wanted = wanted(Module, Function, length(Args)),
    judged(lists:zip(Wanted, lists:sublist(Args, length(Wanted))), true).

%% Options are looked at only if nothing before them is wrong.
judged([{Kind, _} | Rest], false) when Kind =:= options; Kind =:= match_options ->
    [<<>> | judged(Rest, false)];
judged([{replace_options, Options} | Rest], false) ->
    [unless(are_replace_options(Options), <<"invalid options">>) | judged(Rest, false)];
judged([{Kind, Arg} | Rest], Right) ->
    Text = is(Kind, Arg),
    [Text | judged(Rest, Right andalso Text =:= <<>>)];
judged([], _) -> [].

are_replace_options([global | Options]) -> are_replace_options(Options);
are_replace_options([{scope, {_, _}} | Options]) -> are_replace_options(Options);
are_replace_options([{insert_replaced, _} | Options]) -> are_replace_options(Options);
are_replace_options(Options) -> Options =:= [].

%%% What arguments must be

wanted(Module, Function, Arity) ->
    case {Module, Function, Arity} of
        {lists, F, 3} when F =:= keyfind; F =:= keymember; F =:= keysearch -> [any, position, list];
        {lists, member, 2} -> [any, list];
        {lists, reverse, 2} -> [list];
        {maps, F, 2} when F =:= filter; F =:= filtermap; F =:= foreach; F =:= map ->
            [{function, 2}, map_or_iterator];
        {maps, fold, 3} -> [{function, 3}, any, map_or_iterator];
        {maps, F, 2} when F =:= find; F =:= get; F =:= is_key; F =:= remove; F =:= take -> [any, map];
        {maps, get, 3} -> [any, map, any];
        {maps, F, 3} when F =:= put; F =:= update -> [any, any, map];
        {maps, F, _} when F =:= from_keys; F =:= from_list -> [list];
        {maps, groups_from_list, 2} -> [{function, 1}, list];
        {maps, groups_from_list, 3} -> [{function, 1}, {function, 1}, list];
        {maps, F, 2} when F =:= intersect; F =:= merge -> [map, map];
        {maps, F, 3} when F =:= intersect_with; F =:= merge_with -> [{function, 3}, map, map];
        {maps, iterator, 2} -> [map, iterator_order];
        {maps, next, 1} -> [iterator];
        {maps, _, 1} -> [map];
        {maps, update_with, 3} -> [any, {function, 1}, map];
        {maps, update_with, 4} -> [any, {function, 1}, any, map];
        {maps, F, 2} when F =:= with; F =:= without -> [list, map];
        {unicode, _, 1} -> [characters];
        {unicode, _, 2} -> [characters, encoding];
        {unicode, _, 3} -> [characters, encoding, encoding];
        {binary, at, 2} -> [binary, natural];
        {binary, compile_pattern, 1} -> [pattern];
        {binary, copy, 2} -> [binary, natural];
        {binary, decode_unsigned, 2} -> [binary, endianness];
        {binary, encode_hex, 2} -> [binary, letters];
        {binary, encode_unsigned, 1} -> [natural];
        {binary, encode_unsigned, 2} -> [natural, endianness];
        {binary, F, 1} when F =:= first; F =:= last -> [nonempty_binary];
        {binary, list_to_bin, 1} -> [iodata_list];
        {binary, F, 1} when F =:= longest_common_prefix; F =:= longest_common_suffix -> [binaries];
        {binary, F, 2} when F =:= match; F =:= matches; F =:= split -> [binary, pattern];
        {binary, F, 3} when F =:= match; F =:= matches -> [binary, pattern, match_options];
        {binary, split, 3} -> [binary, pattern, options];
        {binary, replace, 3} -> [binary, pattern, binary];
        {binary, replace, 4} -> [binary, pattern, binary, replace_options];
        {binary, join, 2} -> [binaries, binary];
        {binary, _, 1} -> [binary];
        _ -> []
    end.

is(any, _) -> <<>>;
is(map, X) when is_map(X) -> <<>>;
is(map, _) -> <<"not a map">>;
is(map_or_iterator, X) ->
    case is_map(X) orelse is_iterator(X) of
        true -> <<>>;
        false -> <<"not a map or an iterator">>
    end;
is(iterator, X) ->
    case is_iterator(X) of
        true -> <<>>;
        false -> <<"not a valid iterator">>
    end;
is(iterator_order, X) when X =:= undefined; X =:= ordered; X =:= reversed; is_function(X, 2) -> <<>>;
is(iterator_order, _) -> <<"not a valid iterator order">>;
is({function, N}, X) when is_function(X, N) -> <<>>;
is({function, 1}, _) -> <<"not a fun that takes one argument">>;
is({function, 2}, _) -> <<"not a fun that takes two arguments">>;
is({function, 3}, _) -> <<"not a fun that takes three arguments">>;
is(list, X) when is_list(X) ->
    try length(X) of
        _ -> <<>>
    catch
        error:badarg -> <<"not a proper list">>
    end;
is(list, _) -> <<"not a list">>;
is(integer, X) when is_integer(X) -> <<>>;
is(integer, _) -> <<"not an integer">>;
is(natural, X) when is_integer(X), X < 0 -> <<"out of range">>;
is(natural, X) -> is(integer, X);
is(position, X) when is_integer(X), X < 1 -> <<"out of range">>;
is(position, X) -> is(integer, X);
is(number, X) when is_number(X) -> <<>>;
is(number, _) -> <<"not a number">>;
is(binary, X) when is_binary(X) -> <<>>;
is(binary, X) when is_bitstring(X) -> <<"is a bitstring (expected a binary)">>;
is(binary, _) -> <<"not a binary">>;
is(nonempty_binary, <<>>) -> <<"a zero-sized binary is not allowed">>;
is(nonempty_binary, X) -> is(binary, X);
is(endianness, X) when X =:= big; X =:= little -> <<>>;
is(endianness, _) -> <<"must be 'big' or 'little'">>;
is(letters, X) when X =:= uppercase; X =:= lowercase -> <<>>;
is(letters, _) -> <<"must be 'uppercase' or 'lowercase'">>;
is(binaries, X) -> unless(is_binaries(X), <<"not a flat list of binaries">>);
is(iodata, X) -> unless(is_iodata(X), <<"not an iodata term">>);
is(iodata_list, X) -> unless(is_list(X) andalso is_iodata(X), <<"not an iodata term">>);
is(characters, X) -> unless(is_characters(X), <<"not valid character data (an iodata term)">>);
is(encoding, X) -> unless(is_encoding(X), <<"not a valid encoding">>);
is(pattern, X) ->
    try binary:compile_pattern(X) of
        _ -> <<>>
    catch
        error:badarg ->
            try binary:match(<<"x">>, X) of
                _ -> <<>> % compiled
            catch
                error:badarg -> <<"not a valid pattern">>
            end
    end;
is(options, []) -> <<>>;
is(options, _) -> <<"invalid options">>;
is(replace_options, X) -> is(options, X);
is(match_options, []) -> <<>>;
is(match_options, [{scope, {Start, Length}}]) when is_integer(Start), is_integer(Length) ->
    <<"specified part is not wholly inside binary">>;
is(match_options, _) -> <<"invalid options">>.

unless(true, _) -> <<>>;
unless(false, Text) -> Text.

is_iterator(Iterator) -> maps:is_iterator_valid(Iterator).

is_binaries([_ | _] = List) ->
    try length(List) of
        _ -> lists:all(fun is_binary/1, List)
    catch
        error:badarg -> false
    end;
is_binaries(_) -> false.

is_iodata(X) ->
    try iolist_size(X) of
        _ -> true
    catch
        error:badarg -> false
    end.

is_characters(X) ->
    try unicode:characters_to_binary(X) of
        Result -> is_binary(Result)
    catch
        error:badarg -> false
    end.

is_encoding(X) when is_atom(X) -> lists:member(X, [latin1, unicode, utf8, utf16, utf32]);
is_encoding({X, Order}) when Order =:= big; Order =:= little -> X =:= utf16 orelse X =:= utf32;
is_encoding(_) -> false.

%%% Parts of binaries: (Binary), (Binary, {Start, Length}), (Binary, Start, Length)

within([Binary]) -> [is(binary, Binary)];
within([Binary, {Start, Length}]) when is_integer(Start), is_integer(Length) ->
    Outside = case [inside(Binary, Start, Length)] of
        [[<<>>, <<>>]] -> <<>>;
        _ -> <<"out of range">>
    end,
    [is(binary, Binary), Outside];
within([Binary, _]) -> [is(binary, Binary), <<"not a valid {Pos,Length} tuple">>];
within([Binary, Start, Length]) ->
    case [is(binary, Binary), is(integer, Start), is(integer, Length)] of
        [<<>>, <<>>, <<>>] -> [<<>> | inside(Binary, Start, Length)];
        [Text, <<>>, <<>>] when Start < 0 -> [Text, <<"out of range">>, <<>>];
        Texts -> Texts
    end.

inside(_, Start, _) when Start < 0 -> [<<"out of range">>, <<>>];
inside(Binary, Start, _) when is_binary(Binary), Start > byte_size(Binary) -> [<<"out of range">>, <<>>];
inside(Binary, Start, Length) when is_binary(Binary), Start + Length > byte_size(Binary); Start + Length < 0 ->
    [<<>>, <<"out of range">>];
inside(_, _, _) -> [<<>>, <<>>].

%%% Regular expressions

regex(compile, Args) -> checked([fun regex_source/1, fun compile_options/1], Args);
regex(inspect, [MP, Item]) ->
    [unless(is_compiled(MP), <<"not a compiled regular expression">>),
     unless(is_atom(Item), <<"not a valid item">>)];
regex(run, Args) -> checked([fun regex_subject/1, fun regex/1, fun run_options/1], Args);
regex(replace, Args) ->
    checked([fun regex_subject/1, fun regex/1, fun regex_subject/1, fun return_options/1], Args);
regex(split, Args) -> checked([fun regex_subject/1, fun regex/1, fun return_options/1], Args);
regex(_, _) -> [].

checked(Checks, Args) ->
    [Check(Arg) || {Check, Arg} <- lists:zip(lists:sublist(Checks, length(Args)), Args)].

regex_subject(X) -> is(iodata, X).

regex(X) ->
    case is_compiled(X) of
        true -> <<>>;
        false ->
            case is_iodata(X) of
                true -> regex_source(X);
                false -> <<"neither an iodata term nor a compiled regular expression">>
            end
    end.

regex_source(X) ->
    try re:compile(X) of
        {ok, _} -> <<>>;
        {error, {Why, At}} ->
            Text = io_lib:format("could not parse regular expression\n~ts on character ~w", [Why, At]),
            unicode:characters_to_binary(Text)
    catch
        error:badarg -> <<"not an iodata term">>
    end.

is_compiled({re_pattern, _, _, _, _} = X) ->
    try re:inspect(X, namelist) of
        _ -> true
    catch
        error:_ -> false
    end;
is_compiled(_) -> false.

compile_options(Options) ->
    try re:compile("", Options) of
        _ -> <<>>
    catch
        error:_ -> <<"invalid options">>
    end.

%% What to capture is not looked at.
run_options(Options) when is_list(Options) ->
    try re:run("", "", [Option || Option <- Options, not is_capture(Option)]) of
        _ -> <<>>
    catch
        error:_ -> <<"invalid options">>
    end;
run_options(_) -> <<"invalid options">>.

is_capture(Option) -> is_tuple(Option) andalso tuple_size(Option) > 1 andalso element(1, Option) =:= capture.

return_options(Options) when is_list(Options) ->
    try proplists:get_value(return, Options, iodata) of
        Kind when Kind =:= iodata; Kind =:= list; Kind =:= binary -> <<>>;
        _ -> <<"invalid options">>
    catch
        error:_ -> <<"invalid options">>
    end;
return_options(_) -> <<"invalid options">>.

%%% io

io_error(io, Why, Function, Args) -> at_device(device_text(Why), Function, Args);
io_error(device, {no_translation, In, Out}, Function, Args) ->
    Text = io_lib:format("device failed to transcode string from ~p to ~p", [In, Out]),
    at_device(Text, Function, Args);
io_error(device, put_chars, Function, Args) when Function =:= put_chars ->
    #{length(Args) => "not valid character data (an iodata term)"};
io_error(device, put_chars, Function, Args) when Function =:= format; Function =:= fwrite ->
    formatting(Args);
io_error(device, Why, _, _) -> unknown(Why).

device_text(arguments) -> "the device does not exist";
device_text(terminated) -> "the device has terminated";
device_text(calling_self) -> "the device is not allowed to be the current process".

unknown(Why) -> #{general => io_lib:format("unknown error: ~tp", [Why])}.

%% The device is the first argument, where there is one.
at_device(Text, Function, Args) ->
    case length(Args) =:= most(Function) of
        true -> #{1 => Text};
        false -> #{general => Text}
    end.

most(nl) -> 1;
most(put_chars) -> 2;
most(write) -> 2;
most(_) -> 3.

formatting([Format]) -> formatting(1, Format, []);
formatting([Format, Args]) when is_atom(Format) ->
    Text = formatting(1, Format, Args),
    case Text of
        #{1 := _} -> Text#{general => "possibly missing argument list"};
        _ -> Text
    end;
formatting([Format, Args]) -> formatting(1, Format, Args);
formatting([_, Format, Args]) -> formatting(2, Format, Args).

%% Place: which argument the format is; its arguments are the next.
formatting(Place, Format, Args) ->
    try kinds(format_string(Format)) of
        _ when not is_list(Args) -> #{Place + 1 => "not a list"};
        {error, Text} -> #{Place => ["format string invalid (", Text, ")"]};
        Kinds when length(Kinds) =/= length(Args) -> #{Place => "wrong number of arguments"};
        Kinds ->
            case wrong(Kinds, Args, 1) of
                [] -> formatted(Place, Format, Args);
                Wrong -> #{Place + 1 => lists:join("\n", Wrong)}
            end
    catch
        error:_ -> #{Place => "not a valid format string"}
    end.

formatted(Place, Format, Args) ->
    try io_lib:format(Format, Args) of
        _ -> unknown(put_chars)
    catch
        error:_ -> #{Place => "failed to format string"}
    end.

format_string(Format) when is_atom(Format) -> atom_to_list(Format);
format_string(Format) when is_binary(Format) -> binary_to_list(Format);
format_string(Format) -> lists:flatten(Format).

wrong([Kind | Kinds], [Arg | Args], N) ->
    case is_kind(Kind, Arg) of
        true -> wrong(Kinds, Args, N + 1);
        false ->
            [io_lib:format("element ~w must be of type ~w", [N, Kind]) | wrong(Kinds, Args, N + 1)]
    end;
wrong([], [], _) -> [].

is_kind(any, _) -> true;
is_kind(integer, Arg) -> is_integer(Arg);
is_kind(float, Arg) -> is_float(Arg);
is_kind(string, Arg) -> is_list(Arg) orelse is_atom(Arg) orelse is_binary(Arg).

%% What the controls of a format want, in order.
kinds([$~ | Format]) -> control(Format);
kinds([_ | Format]) -> kinds(Format);
kinds([]) -> [].

control(Format0) ->
    {Width, Format1} = number(sign(Format0)),
    {Precision, Format2} = after_dot(Format1),
    {Pad, Format3} = pad(Format2),
    Wanted = Width ++ Precision ++ Pad,
    case modifiers(Format3) of
        [] -> {error, "truncated"};
        [C | Format] ->
            case wants(C) of
                none -> {error, ["invalid control ~", C]};
                Kinds ->
                    case kinds(Format) of
                        {error, _} = Error -> Error;
                        Rest -> Wanted ++ Kinds ++ Rest
                    end
            end
    end.

sign([$- | Format]) -> Format;
sign(Format) -> Format.

number([$* | Format]) -> {[integer], Format};
number([C | Format]) when C >= $0, C =< $9 -> number(Format);
number(Format) -> {[], Format}.

after_dot([$. | Format]) -> number(Format);
after_dot(Format) -> {[], Format}.

pad([$., $* | Format]) -> {[integer], Format};
pad([$., _ | Format]) -> {[], Format};
pad(Format) -> {[], Format}.

modifiers([C | Format]) when C =:= $t; C =:= $l; C =:= $k; C =:= $K -> modifiers(Format);
modifiers(Format) -> Format.

wants(C) when C =:= $w; C =:= $p; C =:= $i -> [any];
wants(C) when C =:= $W; C =:= $P -> [any, integer];
wants($s) -> [string];
wants(C) when C =:= $e; C =:= $f; C =:= $g -> [float];
wants(C) when C =:= $b; C =:= $B; C =:= $+; C =:= $#; C =:= $c -> [integer];
wants(C) when C =:= $x; C =:= $X -> [integer, string];
wants(C) when C =:= $n; C =:= $~ -> [];
wants(_) -> none.
