%% Construction and matching of binaries whose segments are known only when they are met. A
%% segment's type, size and unit are worked out first; what is then read or written is written out
%% for each sign and byte order, since bit syntax takes those only as literals.
-module(erl_eval_bits).

-export([build/3, match/4]).

-type bindings() :: erl_eval:binding_struct().
-type eval() :: fun((erl_parse:abstract_expr(), bindings()) -> {term(), bindings()}).

%%% Building

%% All values and sizes are worked out before any of them is looked at.
-spec build([erl_parse:abstract_expr()], bindings(), eval()) -> {bitstring(), bindings()}.
build(Elements, Bs, Eval) ->
    {Parts, Bs1} = lists:mapfoldl(fun(Element, Acc) -> part(Element, Acc, Eval) end, Bs, Elements),
    {list_to_bitstring([segment(Value, Size, Types) || {Value, Size, Types} <- Parts]), Bs1}.

part({bin_element, _, E, Size, Types}, Bs, Eval) ->
    {Value, Bs1} = case E of
        {string, _, Chars} -> {{string, Chars}, Bs};
        _ ->
            {V, Bs0} = Eval(E, Bs),
            {{value, V}, Bs0}
    end,
    case Size of
        default -> {{Value, default, Types}, Bs1};
        _ ->
            {Count, Bs2} = Eval(Size, Bs1),
            {{Value, {value, Count}, Types}, Bs2}
    end.

segment({string, Chars}, Size, Types) ->
    Spec = spec(Types, Size),
    [bits(C, Spec) || C <- Chars];
segment({value, V}, Size, Types) -> bits(V, spec(Types, Size)).

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
spec(Types, Size) ->
    {Type, Unit, Sign, Endian} = types(Types),
    case {Type, Size} of
        {binary, default} -> {{binary, unit(Unit, 8)}, all, Sign, Endian};
        {bitstring, default} -> {{binary, unit(Unit, 1)}, all, Sign, Endian};
        {binary, {value, N}} -> {{binary, 1}, count(N, unit(Unit, 8)), Sign, Endian};
        {bitstring, {value, N}} -> {{binary, 1}, count(N, unit(Unit, 1)), Sign, Endian};
        {integer, default} -> {integer, 8, Sign, Endian};
        {float, default} -> {float, 64, Sign, Endian};
        {_, default} -> {Type, default, Sign, Endian};
        {_, {value, N}} -> {Type, count(N, unit(Unit, 1)), Sign, Endian}
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
        (X, {_, Unit, Sign, Endian})
          when X =:= integer; X =:= float; X =:= binary; X =:= bitstring; X =:= utf8; X =:= utf16;
               X =:= utf32 ->
            {X, Unit, Sign, Endian};
        (X, _) -> erlang:error({undefined_bittype, X})
    end, {integer, default, unsigned, big}, Types).

%%% Matching

%% Match is asked to match one pattern, Eval to evaluate a size with the bindings so far; the
%% result is {match, Bindings, Rest} for what the elements leave.
-spec match([erl_parse:abstract_expr()], bitstring(), bindings(),
            {fun((erl_parse:abstract_expr(), term(), bindings()) -> {match, bindings()} | nomatch),
             fun((erl_parse:abstract_expr(), bindings()) -> term())}) ->
          {match, bindings(), bitstring()} | nomatch.
match([{bin_element, Anno, {string, _, Chars}, Size, Types} | Elements], Bin, Bs,
      {Match, Eval} = How) ->
    case expected(Types, Size, Bs, Eval) of
        none -> nomatch;
        Spec ->
            case chars(Chars, Anno, Spec, Bin, Bs, Match) of
                {match, Bs1, Rest} -> match(Elements, Rest, Bs1, How);
                nomatch -> nomatch
            end
    end;
match([{bin_element, _, Pattern, Size, Types} | Elements], Bin, Bs, {Match, Eval} = How) ->
    case matched(Pattern, expected(Types, Size, Bs, Eval), Bin, Bs, Match) of
        {match, Bs1, Rest} -> match(Elements, Rest, Bs1, How);
        nomatch -> nomatch
    end;
match([], Rest, Bs, _) -> {match, Bs, Rest}.

%% What fails in a size fails to match.
expected(Types, default, _, _) -> spec(Types, default);
expected(Types, Size, Bs, Eval) ->
    try spec(Types, {value, Eval(Size, Bs)})
    catch
        error:Reason when Reason =:= badarg; Reason =:= badarith -> none
    end.

chars([C | T], Anno, Spec, Bin, Bs, Match) ->
    case matched({char, Anno, C}, Spec, Bin, Bs, Match) of
        {match, Bs1, Rest} -> chars(T, Anno, Spec, Rest, Bs1, Match);
        nomatch -> nomatch
    end;
chars([], _, _, Rest, Bs, _) -> {match, Bs, Rest}.

matched(_, none, _, _, _) -> nomatch;
matched(Op, Spec, Bin, Bs, Match) when element(1, Op) =:= op ->
    case erl_eval_tree:partial_eval(Op) of
        Constant when element(1, Constant) =/= op -> matched(Constant, Spec, Bin, Bs, Match);
        _ -> erlang:error({illegal_pattern, Op})
    end;
matched({integer, Anno, N}, {float, _, _, _} = Spec, Bin, Bs, Match) ->
    try float(N) of
        F -> matched({float, Anno, F}, Spec, Bin, Bs, Match)
    catch
        error:badarg -> nomatch
    end;
matched(Pattern, Spec, Bin, Bs, Match) ->
    case take(Spec, Bin) of
        {ok, Value, Rest} ->
            case Match(Pattern, Value, Bs) of
                {match, Bs1} -> {match, Bs1, Rest};
                nomatch -> nomatch
            end;
        nomatch -> nomatch
    end.

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
