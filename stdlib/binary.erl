%% Binaries. All but replacing is native.
-module(binary).

-export([at/2, bin_to_list/1, bin_to_list/2, bin_to_list/3, compile_pattern/1, copy/1, copy/2,
         decode_hex/1, decode_unsigned/1, decode_unsigned/2, encode_hex/1, encode_hex/2,
         encode_unsigned/1, encode_unsigned/2, first/1, last/1, list_to_bin/1,
         longest_common_prefix/1, longest_common_suffix/1, match/2, match/3, matches/2, matches/3,
         part/2, part/3, referenced_byte_size/1, replace/3, replace/4, split/2, split/3]).

-export_type([cp/0, part/0]).

-opaque cp() :: {am | bm | ac, reference()}.
-type part() :: {Start :: non_neg_integer(), Length :: integer()}.

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

-spec decode_hex(<<_:_*16>>) -> binary().
decode_hex(_) -> erlang:nif_error(undef).

-spec decode_unsigned(binary()) -> non_neg_integer().
decode_unsigned(_) -> erlang:nif_error(undef).

-spec decode_unsigned(binary(), big | little) -> non_neg_integer().
decode_unsigned(_, _) -> erlang:nif_error(undef).

-spec encode_hex(binary()) -> <<_:_*16>>.
encode_hex(_) -> erlang:nif_error(undef).

-spec encode_hex(binary(), lowercase | uppercase) -> <<_:_*16>>.
encode_hex(_, _) -> erlang:nif_error(undef).

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

-spec match(binary(), binary() | [binary()] | cp()) -> part() | nomatch.
match(_, _) -> erlang:nif_error(undef).

-spec match(binary(), binary() | [binary()] | cp(), [{scope, part()}]) -> part() | nomatch.
match(_, _, _) -> erlang:nif_error(undef).

-spec matches(binary(), binary() | [binary()] | cp()) -> [part()].
matches(_, _) -> erlang:nif_error(undef).

-spec matches(binary(), binary() | [binary()] | cp(), [{scope, part()}]) -> [part()].
matches(_, _, _) -> erlang:nif_error(undef).

-spec part(binary(), part()) -> binary().
part(_, _) -> erlang:nif_error(undef).

-spec part(binary(), non_neg_integer(), integer()) -> binary().
part(_, _, _) -> erlang:nif_error(undef).

-spec referenced_byte_size(binary()) -> non_neg_integer().
referenced_byte_size(_) -> erlang:nif_error(undef).

-spec split(binary(), binary() | [binary()] | cp()) -> [binary()].
split(_, _) -> erlang:nif_error(undef).

-spec split(binary(), binary() | [binary()] | cp(),
            [{scope, part()} | trim | global | trim_all]) -> [binary()].
split(_, _, _) -> erlang:nif_error(undef).

%%% Replacing

-spec replace(binary(), binary() | [binary()] | cp(), binary() | fun((binary()) -> binary())) ->
    binary().
replace(Subject, Pattern, Replacement) -> replace(Subject, Pattern, Replacement, []).

-spec replace(binary(), binary() | [binary()] | cp(), binary() | fun((binary()) -> binary()),
              [global | {scope, part()} | {insert_replaced, integer() | [integer()]}]) -> binary().
replace(Subject, Pattern, Replacement, Options) ->
    case replacing(Subject, Pattern, Replacement, Options) of
        error -> erlang:error(badarg, [Subject, Pattern, Replacement, Options]);
        {Matches, Insert} ->
            iolist_to_binary(replaced(Matches, 0, Subject, maker(Insert, Replacement)))
    end.

replacing(Subject, Pattern, Replacement, Options)
  when is_binary(Replacement); is_function(Replacement, 1) ->
    try
        {Global, Scope, Insert} = options(Options, false, [], none),
        Matches =
            case Global of
                true -> matches(Subject, Pattern, Scope);
                false ->
                    case match(Subject, Pattern, Scope) of
                        nomatch -> [];
                        Match -> [Match]
                    end
            end,
        true = Insert =:= none orelse is_function(Replacement) orelse
            inserts_fit(Insert, byte_size(Replacement)),
        {Matches, Insert}
    catch
        error:_ -> error
    end;
replacing(_, _, _, _) -> error.

options([], Global, Scope, Insert) -> {Global, Scope, Insert};
options([global | T], _, Scope, Insert) -> options(T, true, Scope, Insert);
options([{scope, _} = Scope | T], Global, _, Insert) -> options(T, Global, [Scope], Insert);
options([{insert_replaced, At} | T], Global, Scope, _) when is_integer(At) ->
    options(T, Global, Scope, [At]);
options([{insert_replaced, List} | T], Global, Scope, _) when is_list(List) ->
    options(T, Global, Scope, lists:sort(List)).

inserts_fit(List, Size) -> lists:all(fun(At) -> is_integer(At) andalso At >= 0 andalso At =< Size end, List).

maker(_, Fun) when is_function(Fun) ->
    fun(Part) ->
        case Fun(Part) of
            New when is_binary(New) -> New
        end
    end;
maker(none, New) -> fun(_) -> New end;
maker(Insert, New) -> fun(Part) -> inserted(Insert, 0, New, Part) end.

inserted([At | Rest], From, New, Part) ->
    [part(New, From, At - From), Part | inserted(Rest, At, New, Part)];
inserted([], From, New, _) -> [part(New, From, byte_size(New) - From)].

replaced([{At, Size} | Rest], From, Subject, Make) ->
    [part(Subject, From, At - From), Make(part(Subject, At, Size))
     | replaced(Rest, At + Size, Subject, Make)];
replaced([], From, Subject, _) -> [part(Subject, From, byte_size(Subject) - From)].
