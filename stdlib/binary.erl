%% Binaries: splitting, replacing and hexadecimal text; searching and conversion are natives.
-module(binary).

-export([at/2, bin_to_list/1, bin_to_list/2, bin_to_list/3, compile_pattern/1, copy/1, copy/2,
         decode_hex/1, decode_unsigned/1, decode_unsigned/2, encode_hex/1, encode_hex/2,
         encode_unsigned/1, encode_unsigned/2, first/1, join/2, last/1, list_to_bin/1,
         longest_common_prefix/1, longest_common_suffix/1, match/2, match/3, matches/2, matches/3,
         part/2, part/3, referenced_byte_size/1, replace/3, replace/4, split/2, split/3]).

-export_type([cp/0, part/0]).

-opaque cp() :: {am | bm, reference()}.
-type part() :: {Start :: non_neg_integer(), Length :: integer()}.
-type pattern() :: binary() | [binary()] | cp().

%%% Natives

-spec at(binary(), non_neg_integer()) -> byte().
at(_, _) -> erlang:nif_error(undef).

-spec bin_to_list(binary()) -> [byte()].
bin_to_list(_) -> erlang:nif_error(undef).

-spec bin_to_list(binary(), part()) -> [byte()].
bin_to_list(_, _) -> erlang:nif_error(undef).

-spec bin_to_list(binary(), non_neg_integer(), integer()) -> [byte()].
bin_to_list(_, _, _) -> erlang:nif_error(undef).

-spec compile_pattern(binary() | [binary()]) -> cp().
compile_pattern(_) -> erlang:nif_error(undef).

-spec copy(binary()) -> binary().
copy(_) -> erlang:nif_error(undef).

-spec copy(binary(), non_neg_integer()) -> binary().
copy(_, _) -> erlang:nif_error(undef).

-spec decode_unsigned(binary()) -> non_neg_integer().
decode_unsigned(_) -> erlang:nif_error(undef).

-spec decode_unsigned(binary(), big | little) -> non_neg_integer().
decode_unsigned(_, _) -> erlang:nif_error(undef).

-spec encode_unsigned(non_neg_integer()) -> binary().
encode_unsigned(_) -> erlang:nif_error(undef).

-spec encode_unsigned(non_neg_integer(), big | little) -> binary().
encode_unsigned(_, _) -> erlang:nif_error(undef).

-spec first(binary()) -> byte().
first(_) -> erlang:nif_error(undef).

-spec last(binary()) -> byte().
last(_) -> erlang:nif_error(undef).

-spec list_to_bin(iolist()) -> binary().
list_to_bin(_) -> erlang:nif_error(undef).

-spec longest_common_prefix([binary()]) -> non_neg_integer().
longest_common_prefix(_) -> erlang:nif_error(undef).

-spec longest_common_suffix([binary()]) -> non_neg_integer().
longest_common_suffix(_) -> erlang:nif_error(undef).

-spec match(binary(), pattern()) -> part() | nomatch.
match(_, _) -> erlang:nif_error(undef).

-spec match(binary(), pattern(), [{scope, part()}]) -> part() | nomatch.
match(_, _, _) -> erlang:nif_error(undef).

-spec matches(binary(), pattern()) -> [part()].
matches(_, _) -> erlang:nif_error(undef).

-spec matches(binary(), pattern(), [{scope, part()}]) -> [part()].
matches(_, _, _) -> erlang:nif_error(undef).

-spec part(binary(), part()) -> binary().
part(_, _) -> erlang:nif_error(undef).

-spec part(binary(), non_neg_integer(), integer()) -> binary().
part(_, _, _) -> erlang:nif_error(undef).

-spec referenced_byte_size(binary()) -> non_neg_integer().
referenced_byte_size(_) -> erlang:nif_error(undef).

%%% Splitting

-type split_option() :: {scope, part()} | trim | global | trim_all.

-spec split(binary(), pattern()) -> [binary()].
split(Subject, Pattern) -> split(Subject, Pattern, []).

-spec split(binary(), pattern(), [split_option()]) -> [binary()].
split(Subject, Pattern, Options) ->
    try
        {Scope, Global, Trim} = split_options(Options, {no, false, no}),
        Found = case Global of
            true -> binary:matches(Subject, Pattern, scope(Scope));
            false ->
                case binary:match(Subject, Pattern, scope(Scope)) of
                    nomatch -> [];
                    Match -> [Match]
                end
        end,
        trim(Trim, parts(Subject, 0, Found))
    catch
        error:_ -> erlang:error(badarg, [Subject, Pattern, Options])
    end.

split_options([{scope, {_, _} = Scope} | Options], {_, Global, Trim}) ->
    split_options(Options, {{scope, Scope}, Global, Trim});
split_options([global | Options], {Scope, _, Trim}) -> split_options(Options, {Scope, true, Trim});
split_options([trim | Options], {Scope, Global, no}) ->
    split_options(Options, {Scope, Global, trim});
split_options([trim | Options], Result) -> split_options(Options, Result);
split_options([trim_all | Options], {Scope, Global, _}) ->
    split_options(Options, {Scope, Global, trim_all});
split_options([], Result) -> Result.

scope(no) -> [];
scope(Scope) -> [Scope].

parts(Subject, From, [{Start, Length} | Found]) ->
    [binary:part(Subject, From, Start - From) | parts(Subject, Start + Length, Found)];
parts(Subject, From, []) ->
    [binary:part(Subject, From, byte_size(Subject) - From)].

trim(no, Parts) -> Parts;
trim(trim, Parts) ->
    lists:reverse(lists:dropwhile(fun(Part) -> Part =:= <<>> end, lists:reverse(Parts)));
trim(trim_all, Parts) -> [Part || Part <- Parts, Part =/= <<>>].

%%% Replacing

-type replace_option() :: global | {scope, part()}
    | {insert_replaced, non_neg_integer() | [non_neg_integer()]}.
-type replacement() :: binary() | fun((binary()) -> binary()).

-spec replace(binary(), pattern(), replacement()) -> binary().
replace(Subject, Pattern, New) -> replace(Subject, Pattern, New, []).

-spec replace(binary(), pattern(), replacement(), [replace_option()]) -> binary().
replace(Subject, Pattern, New, Options) when is_binary(New); is_function(New, 1) ->
    {Found, Insert} =
        try
            true = is_binary(Subject),
            {Scope, Global, Places} = replace_options(Options, {no, false, []}),
            Matches = case Global of
                true -> binary:matches(Subject, Pattern, scope(Scope));
                false ->
                    case binary:match(Subject, Pattern, scope(Scope)) of
                        nomatch -> [];
                        Match -> [Match]
                    end
            end,
            {Matches, inserter(New, Places)}
        catch
            error:_ -> erlang:error(badarg, [Subject, Pattern, New, Options])
        end,
    iolist_to_binary(replaced(Subject, 0, Found, Insert));
replace(Subject, Pattern, New, Options) ->
    erlang:error(badarg, [Subject, Pattern, New, Options]).

replace_options([{scope, {_, _} = Scope} | Options], {_, Global, Places}) ->
    replace_options(Options, {{scope, Scope}, Global, Places});
replace_options([global | Options], {Scope, _, Places}) ->
    replace_options(Options, {Scope, true, Places});
replace_options([{insert_replaced, N} | Options], {Scope, Global, _}) when is_integer(N) ->
    replace_options(Options, {Scope, Global, [N]});
replace_options([{insert_replaced, Ns} | Options], {Scope, Global, _}) when is_list(Ns) ->
    replace_options(Options, {Scope, Global, Ns});
replace_options([], Result) -> Result.

inserter(New, []) when is_binary(New) -> fun(_) -> New end;
inserter(New, _) when is_function(New) -> New;
inserter(New, Places) ->
    Pieces = pieces(New, 0, lists:sort(Places)),
    fun(Old) -> lists:join(Old, Pieces) end.

pieces(New, From, [Place | Places]) when is_integer(Place) ->
    [binary:part(New, From, Place - From) | pieces(New, Place, Places)];
pieces(New, From, []) ->
    [binary:part(New, From, byte_size(New) - From)].

replaced(Subject, From, [{Start, Length} | Found], Insert) ->
    [binary:part(Subject, From, Start - From), Insert(binary:part(Subject, Start, Length))
     | replaced(Subject, Start + Length, Found, Insert)];
replaced(Subject, From, [], _) ->
    [binary:part(Subject, From, byte_size(Subject) - From)].

-spec join(binary(), [binary()]) -> binary().
join(Separator, Parts) when is_binary(Separator) ->
    iolist_to_binary(lists:join(Separator, Parts)).

%%% Hexadecimal text

-spec encode_hex(binary()) -> <<_:_*16>>.
encode_hex(Binary) -> encode_hex(Binary, uppercase).

-spec encode_hex(binary(), lowercase | uppercase) -> <<_:_*16>>.
encode_hex(Binary, uppercase) when is_binary(Binary) ->
    << <<(hex_digit(N, $A))>> || <<N:4>> <= Binary >>;
encode_hex(Binary, lowercase) when is_binary(Binary) ->
    << <<(hex_digit(N, $a))>> || <<N:4>> <= Binary >>;
encode_hex(Binary, Case) ->
    erlang:error(badarg, [Binary, Case]).

hex_digit(N, _) when N < 10 -> $0 + N;
hex_digit(N, A) -> A + N - 10.

-spec decode_hex(<<_:_*16>>) -> binary().
decode_hex(Hex) when is_binary(Hex), byte_size(Hex) rem 2 =:= 0 ->
    try << <<(hex_value(C)):4>> || <<C>> <= Hex >>
    catch error:_ -> erlang:error(badarg, [Hex])
    end;
decode_hex(Hex) ->
    erlang:error(badarg, [Hex]).

hex_value(C) when C >= $0, C =< $9 -> C - $0;
hex_value(C) when C >= $A, C =< $F -> C - $A + 10;
hex_value(C) when C >= $a, C =< $f -> C - $a + 10.
