%% Construction and matching of binaries whose segments are known only when they are met. A
%% segment's type, size and unit are worked out first; what is then read or written is written out
%% for each sign and byte order, since bit syntax takes those only as literals.
-module(erl_eval_bits).

-export([build/2, match/4]).

-type eval() :: fun((erl_parse:abstract_expr()) -> term()).
-type bindings() :: erl_eval:binding_struct().

%%% Building

-spec build([erl_parse:abstract_expr()], eval()) -> bitstring().
build(Elements, Eval) -> list_to_bitstring([segment(E, Eval) || E <- Elements]).

segment({bin_element, _, {string, _, Chars}, Size, Types}, Eval) ->
    Spec = spec(Types, Size, Eval),
    [bits(C, Spec) || C <- Chars];
segment({bin_element, _, E, Size, Types}, Eval) ->
    Value = Eval(E),
    bits(Value, spec(Types, Size, Eval)).

bits(C, {utf8, default, _, _}) -> <<C/utf8>>;
bits(C, {utf16, default, _, little}) -> <<C/utf16-little>>;
bits(C, {utf16, default, _, native}) -> <<C/utf16-native>>;
bits(C, {utf16, default, _, _}) -> <<C/utf16>>;
bits(C, {utf32, default, _, little}) -> <<C/utf32-little>>;
bits(C, {utf32, default, _, native}) -> <<C/utf32-native>>;
bits(C, {utf32, default, _, _}) -> <<C/utf32>>;
bits(N, {integer, Bits, _, little}) -> <<N:Bits/little>>;
bits(N, {integer, Bits, _, native}) -> <<N:Bits/native>>;
bits(N, {integer, Bits, _, big}) -> <<N:Bits>>;
bits(N, {float, Bits, _, little}) -> <<N:Bits/float-little>>;
bits(N, {float, Bits, _, native}) -> <<N:Bits/float-native>>;
bits(N, {float, Bits, _, big}) -> <<N:Bits/float>>;
bits(B, {{binary, Unit}, all, _, _}) when is_bitstring(B), bit_size(B) rem Unit =:= 0 -> B;
bits(B, {{binary, _}, Bits, _, _}) when is_bitstring(B), is_integer(Bits) -> <<B:Bits/bits>>;
bits(_, _) -> erlang:error(badarg).

%% {Type, Bits, Sign, Endian}
spec(Types, Size, Eval) ->
    {Type, Unit, Sign, Endian} = types(Types),
    case {Type, Size} of
        {binary, default} -> {{binary, unit(Unit, 8)}, all, Sign, Endian};
        {bitstring, default} -> {{binary, unit(Unit, 1)}, all, Sign, Endian};
        {binary, _} -> {{binary, 1}, count(Eval(Size), unit(Unit, 8)), Sign, Endian};
        {bitstring, _} -> {{binary, 1}, count(Eval(Size), unit(Unit, 1)), Sign, Endian};
        {integer, default} -> {integer, 8, Sign, Endian};
        {float, default} -> {float, 64, Sign, Endian};
        {_, default} -> {Type, default, Sign, Endian};
        _ -> {Type, count(Eval(Size), unit(Unit, 1)), Sign, Endian}
    end.

unit(default, Unit) -> Unit;
unit(Unit, _) -> Unit.

count(Size, Unit) when is_integer(Size), Size >= 0 -> Size * Unit;
count(_, _) -> erlang:error(badarg).

types(default) -> types([]);
types(Types) ->
    lists:foldl(fun
        ({unit, Unit}, {Type, _, Sign, Endian}) -> {Type, Unit, Sign, Endian};
        (bytes, {_, Unit, Sign, Endian}) -> {binary, Unit, Sign, Endian};
        (bits, {_, Unit, Sign, Endian}) -> {bitstring, Unit, Sign, Endian};
        (X, {Type, Unit, _, Endian}) when X =:= signed; X =:= unsigned ->
            {Type, Unit, X, Endian};
        (X, {Type, Unit, Sign, _}) when X =:= big; X =:= little; X =:= native ->
            {Type, Unit, Sign, X};
        (X, {_, Unit, Sign, Endian}) -> {X, Unit, Sign, Endian}
    end, {integer, default, unsigned, big}, Types).

%%% Matching

%% Match is asked to match one pattern, Eval to evaluate a size with the bindings so far; the
%% result is {match, Bindings, Rest} for what the elements leave.
-spec match([erl_parse:abstract_expr()], bitstring(), bindings(),
            {fun((erl_parse:abstract_expr(), term(), bindings()) -> {match, bindings()} | nomatch),
             fun((erl_parse:abstract_expr(), bindings()) -> term())}) ->
          {match, bindings(), bitstring()} | nomatch.
match([{bin_element, _, {string, _, Chars}, Size, Types} | Elements], Bin, Bs, {_, Eval} = How) ->
    case chars(Chars, spec(Types, Size, fun(E) -> Eval(E, Bs) end), Bin) of
        {ok, Rest} -> match(Elements, Rest, Bs, How);
        nomatch -> nomatch
    end;
match([{bin_element, _, Pattern, Size, Types} | Elements], Bin, Bs, {Match, Eval} = How) ->
    case take(spec(Types, Size, fun(E) -> Eval(E, Bs) end), Bin) of
        {ok, Value, Rest} ->
            case Match(Pattern, Value, Bs) of
                {match, Bs1} -> match(Elements, Rest, Bs1, How);
                nomatch -> nomatch
            end;
        nomatch -> nomatch
    end;
match([], Rest, Bs, _) -> {match, Bs, Rest}.

chars([C | T], Spec, Bin) ->
    case take(Spec, Bin) of
        {ok, C, Rest} -> chars(T, Spec, Rest);
        _ -> nomatch
    end;
chars([], _, Rest) -> {ok, Rest}.

take(Spec, Bin) ->
    try taken(Spec, Bin) of
        {Value, Rest} -> {ok, Value, Rest}
    catch
        error:_ -> nomatch
    end.

taken({utf8, _, _, _}, B) -> <<V/utf8, R/bits>> = B, {V, R};
taken({utf16, _, _, little}, B) -> <<V/utf16-little, R/bits>> = B, {V, R};
taken({utf16, _, _, native}, B) -> <<V/utf16-native, R/bits>> = B, {V, R};
taken({utf16, _, _, _}, B) -> <<V/utf16, R/bits>> = B, {V, R};
taken({utf32, _, _, little}, B) -> <<V/utf32-little, R/bits>> = B, {V, R};
taken({utf32, _, _, native}, B) -> <<V/utf32-native, R/bits>> = B, {V, R};
taken({utf32, _, _, _}, B) -> <<V/utf32, R/bits>> = B, {V, R};
taken({integer, N, signed, little}, B) -> <<V:N/signed-little, R/bits>> = B, {V, R};
taken({integer, N, signed, native}, B) -> <<V:N/signed-native, R/bits>> = B, {V, R};
taken({integer, N, signed, _}, B) -> <<V:N/signed, R/bits>> = B, {V, R};
taken({integer, N, _, little}, B) -> <<V:N/little, R/bits>> = B, {V, R};
taken({integer, N, _, native}, B) -> <<V:N/native, R/bits>> = B, {V, R};
taken({integer, N, _, _}, B) -> <<V:N, R/bits>> = B, {V, R};
taken({float, N, _, little}, B) -> <<V:N/float-little, R/bits>> = B, {V, R};
taken({float, N, _, native}, B) -> <<V:N/float-native, R/bits>> = B, {V, R};
taken({float, N, _, _}, B) -> <<V:N/float, R/bits>> = B, {V, R};
taken({{binary, Unit}, all, _, _}, B) when bit_size(B) rem Unit =:= 0 -> {B, <<>>};
taken({{binary, _}, N, _, _}, B) when is_integer(N) -> <<V:N/bits, R/bits>> = B, {V, R}.
