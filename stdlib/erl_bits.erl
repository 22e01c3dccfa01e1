%% The type of a segment of the bit syntax, from what is written of it.
-module(erl_bits).
-export([system_bittypes/0, system_bitdefs/0, set_bit_type/2, as_list/1]).

-include_lib("stdlib/include/erl_bits.hrl").

-spec system_bittypes() -> [atom()].
system_bittypes() -> [binary, float, integer].

-spec system_bitdefs() -> list().
system_bitdefs() -> [].

%% Size: as in the segment; Types: a list of names and {unit, N}, or `default`.
-spec set_bit_type(term(), term()) -> {ok, term(), #bittype{}} | {error, term()}.
set_bit_type(Size, default) -> completed(Size, #bittype{});
set_bit_type(Size, Types) -> given(lists:flatmap(fun plain/1, Types), Size, #bittype{}).

plain(bytes) -> [binary, {unit, 8}];
plain(Bits) when Bits =:= bitstring; Bits =:= bits -> [binary, {unit, 1}];
plain(Item) -> [Item].

given([], Size, Type) -> completed(Size, Type);
given([Item | Items], Size, Type) ->
    case item(Item) of
        {Index, What, Value} ->
            case element(Index, Type) of
                undefined -> given(Items, Size, setelement(Index, Type, Value));
                Value -> given(Items, Size, Type);
                Other -> {error, {bittype_mismatch, Value, Other, What}}
            end;
        error -> {error, {undefined_bittype, Item}}
    end.

item(integer) -> {#bittype.type, "type", integer};
item(utf8) -> {#bittype.type, "type", utf8};
item(utf16) -> {#bittype.type, "type", utf16};
item(utf32) -> {#bittype.type, "type", utf32};
item(float) -> {#bittype.type, "type", float};
item(binary) -> {#bittype.type, "type", binary};
item(signed) -> {#bittype.sign, "sign", signed};
item(unsigned) -> {#bittype.sign, "sign", unsigned};
item(big) -> {#bittype.endian, "endianness", big};
item(little) -> {#bittype.endian, "endianness", little};
item(native) -> {#bittype.endian, "endianness", native};
item({unit, Unit}) when is_integer(Unit), Unit > 0, Unit =< 256 -> {#bittype.unit, "unit", Unit};
item(_) -> error.

%% What is not given.
completed(Size, #bittype{type = undefined} = Type) -> completed(Size, Type#bittype{type = integer});
completed(Size, #bittype{type = Utf} = Type) when Utf =:= utf8; Utf =:= utf16; Utf =:= utf32 ->
    case Type#bittype.unit =:= undefined andalso is_no_size(Size) of
        true -> finished(case Size of default -> undefined; _ -> Size end, Type);
        false -> {error, utf_bittype_size_or_unit}
    end;
completed(default, #bittype{type = binary, unit = undefined} = Type) ->
    finished(all, Type#bittype{unit = 8});
completed(default, #bittype{type = binary} = Type) -> finished(all, Type);
completed(default, #bittype{unit = Unit}) when Unit =/= undefined -> {error, bittype_unit};
completed(default, #bittype{type = integer} = Type) -> finished(8, Type#bittype{unit = 1});
completed(default, #bittype{type = float} = Type) -> finished(64, Type#bittype{unit = 1});
completed(Size, #bittype{type = binary} = Type) -> finished(Size, Type#bittype{unit = unit(Type, 8)});
completed(Size, Type) -> finished(Size, Type#bittype{unit = unit(Type, 1)}).

is_no_size(default) -> true;
is_no_size({atom, _, undefined}) -> true;
is_no_size(_) -> false.

unit(#bittype{unit = undefined}, Default) -> Default;
unit(#bittype{unit = Unit}, _) -> Unit.

finished(Size, #bittype{sign = Sign, endian = Endian} = Type) ->
    {ok, Size, Type#bittype{sign = default(Sign, unsigned), endian = default(Endian, big)}}.

default(undefined, Default) -> Default;
default(Value, _) -> Value.

-spec as_list(#bittype{}) -> list().
as_list(#bittype{type = Type, unit = Unit, sign = Sign, endian = Endian}) ->
    [Type, {unit, Unit}, Sign, Endian].
