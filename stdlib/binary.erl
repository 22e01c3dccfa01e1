%% Binaries: all but replacing and joining is native.
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

%% In the frame of the function that calls it: what is wrong is told by erl_stdlib_errors.
-define(FAIL(Args), erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors}}])).

%%% Natives

%% The byte at a position, counted from 0.
-spec at(binary(), non_neg_integer()) -> byte().
at(_, _) -> erlang:nif_error(undef).

%% A part of a binary as a list of bytes.
-spec bin_to_list(binary()) -> [byte()].
bin_to_list(_) -> erlang:nif_error(undef).

-spec bin_to_list(binary(), part()) -> [byte()].
bin_to_list(_, _) -> erlang:nif_error(undef).

-spec bin_to_list(binary(), non_neg_integer(), integer()) -> [byte()].
bin_to_list(_, _, _) -> erlang:nif_error(undef).

%% Patterns in a form that is searched for faster.
-spec compile_pattern(binary() | [binary()]) -> cp().
compile_pattern(_) -> erlang:nif_error(undef).

%% The bytes so many times, not shared with the original.
-spec copy(binary()) -> binary().
copy(_) -> erlang:nif_error(undef).

-spec copy(binary(), non_neg_integer()) -> binary().
copy(_, _) -> erlang:nif_error(undef).

%% The number that the bytes are.
-spec decode_unsigned(binary()) -> non_neg_integer().
decode_unsigned(_) -> erlang:nif_error(undef).

-spec decode_unsigned(binary(), big | little) -> non_neg_integer().
decode_unsigned(_, _) -> erlang:nif_error(undef).

%% The bytes of a number.
-spec encode_unsigned(non_neg_integer()) -> binary().
encode_unsigned(_) -> erlang:nif_error(undef).

-spec encode_unsigned(non_neg_integer(), big | little) -> binary().
encode_unsigned(_, _) -> erlang:nif_error(undef).

%% The first byte.
-spec first(binary()) -> byte().
first(_) -> erlang:nif_error(undef).

%% The last byte.
-spec last(binary()) -> byte().
last(_) -> erlang:nif_error(undef).

%% The bytes of an iolist.
-spec list_to_bin(iolist()) -> binary().
list_to_bin(_) -> erlang:nif_error(undef).

%% How many bytes all begin with.
-spec longest_common_prefix([binary()]) -> non_neg_integer().
longest_common_prefix(_) -> erlang:nif_error(undef).

%% How many bytes all end with.
-spec longest_common_suffix([binary()]) -> non_neg_integer().
longest_common_suffix(_) -> erlang:nif_error(undef).

%% {Position, Length} of the first occurrence of a pattern, or nomatch.
-spec match(binary(), pattern()) -> part() | nomatch.
match(_, _) -> erlang:nif_error(undef).

-spec match(binary(), pattern(), [{scope, part()}]) -> part() | nomatch.
match(_, _, _) -> erlang:nif_error(undef).

%% {Position, Length} of all occurrences of a pattern.
-spec matches(binary(), pattern()) -> [part()].
matches(_, _) -> erlang:nif_error(undef).

-spec matches(binary(), pattern(), [{scope, part()}]) -> [part()].
matches(_, _, _) -> erlang:nif_error(undef).

%% So many bytes from a position; a negative length is that before it.
-spec part(binary(), part()) -> binary().
part(_, _) -> erlang:nif_error(undef).

-spec part(binary(), non_neg_integer(), integer()) -> binary().
part(_, _, _) -> erlang:nif_error(undef).

%% How large the memory is that it is part of.
-spec referenced_byte_size(binary()) -> non_neg_integer().
referenced_byte_size(_) -> erlang:nif_error(undef).

-type split_option() :: {scope, part()} | trim | global | trim_all.

%% The parts around occurrences of a pattern: the first, or all with global.
-spec split(binary(), pattern()) -> [binary()].
split(_, _) -> erlang:nif_error(undef).

-spec split(binary(), pattern(), [split_option()]) -> [binary()].
split(_, _, _) -> erlang:nif_error(undef).

%% The bytes as hexadecimal digits.
-spec encode_hex(binary()) -> <<_:_*16>>.
encode_hex(_) -> erlang:nif_error(undef).

-spec encode_hex(binary(), lowercase | uppercase) -> <<_:_*16>>.
encode_hex(_, _) -> erlang:nif_error(undef).

%% The bytes of hexadecimal digits.
-spec decode_hex(<<_:_*16>>) -> binary().
decode_hex(_) -> erlang:nif_error(undef).

%%% Replacing

-type replace_option() :: global | {scope, part()}
    | {insert_replaced, non_neg_integer() | [non_neg_integer()]}.
-type replacement() :: binary() | fun((binary()) -> binary()).

%% With occurrences of a pattern replaced: the first, or all with global.
-spec replace(binary(), pattern(), replacement()) -> binary().
replace(Subject, Pattern, New) ->
    case replaced(Subject, Pattern, New, []) of
        badarg -> ?FAIL([Subject, Pattern, New]);
        Result -> Result
    end.

-spec replace(binary(), pattern(), replacement(), [replace_option()]) -> binary().
replace(Subject, Pattern, New, Options) ->
    case replaced(Subject, Pattern, New, Options) of
        badarg -> ?FAIL([Subject, Pattern, New, Options]);
        Result -> Result
    end.

replaced(Subject, Pattern, New, Options) when is_binary(Subject), (is_binary(New) orelse is_function(New, 1)) ->
    case muster_binary:replace(Subject, Pattern, New, Options) of
        false -> replaced_by(Subject, Pattern, New, Options);
        Result -> Result
    end;
replaced(_, _, _, _) -> badarg.

%% With a fun, or with what was found put into what is new; or something is wrong.
replaced_by(Subject, Pattern, New, Options) ->
    try
        {Scope, Global, Places} = replace_options(Options, {[], false, []}),
        Matches = case Global of
            true -> matches(Subject, Pattern, Scope);
            false ->
                case match(Subject, Pattern, Scope) of
                    nomatch -> [];
                    Match -> [Match]
                end
        end,
        {Matches, inserter(New, Places)}
    of
        {Found, Insert} -> iolist_to_binary(with_new(Subject, 0, Found, Insert))
    catch
        error:_ -> badarg
    end.

replace_options([{scope, {_, _} = Scope} | Options], {_, Global, Places}) ->
    replace_options(Options, {[{scope, Scope}], Global, Places});
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
    [part(New, From, Place - From) | pieces(New, Place, Places)];
pieces(New, From, []) ->
    [part(New, From, byte_size(New) - From)].

with_new(Subject, From, [{Start, Length} | Found], Insert) ->
    [part(Subject, From, Start - From), Insert(part(Subject, Start, Length))
     | with_new(Subject, Start + Length, Found, Insert)];
with_new(Subject, From, [], _) ->
    [part(Subject, From, byte_size(Subject) - From)].

%% Binaries with a separator between them.
-spec join(binary(), [binary()]) -> binary().
join(Separator, Parts) when is_binary(Separator) ->
    iolist_to_binary(lists:join(Separator, Parts)).
