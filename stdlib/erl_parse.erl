%% The parser of Erlang: tokens of one form, expressions or term to the abstract format, which
%% erl_parse_expr and erl_parse_form read; terms to the abstract format and back; precedences; and
%% annotations of whole trees.
-module(erl_parse).

-export([parse_form/1, parse_exprs/1, parse_term/1, format_error/1]).
-export([normalise/1, abstract/1, abstract/2, tokens/1, tokens/2]).
-export([inop_prec/1, preop_prec/1, func_prec/0, max_prec/0, type_inop_prec/1, type_preop_prec/1]).
-export([map_anno/2, fold_anno/3, mapfold_anno/3, new_anno/1, anno_to_term/1, anno_from_term/1,
         first_anno/1]).

-export_type([abstract_clause/0, abstract_expr/0, abstract_form/0, abstract_type/0, form_info/0,
              error_info/0]).

-type abstract_clause() :: term().
-type abstract_expr() :: term().
-type abstract_form() :: term().
-type abstract_type() :: term().
-type form_info() :: {eof, erl_anno:location()} | {error, error_info()} | {warning, error_info()}.
-type error_description() :: term().
-type error_info() :: {erl_anno:location(), module(), error_description()}.
-type token() :: erl_scan:token().
-type tree() :: abstract_clause() | abstract_expr() | abstract_form() | abstract_type().

%%% Parsing

-spec parse_form([token()]) -> {ok, abstract_form()} | {error, error_info()}.
parse_form([]) -> syntax_error_at(999999, []);
parse_form(Tokens) -> parse(fun erl_parse_form:form/1, Tokens).

-spec parse_exprs([token()]) -> {ok, [abstract_expr()]} | {error, error_info()}.
parse_exprs(Tokens) -> parse(fun function_body/1, Tokens).

%% After a semicolon another clause would have to come.
function_body(Tokens) ->
    case erl_parse_expr:exprs(Tokens) of
        {_, [{';', _} | Rest]} -> erl_parse_expr:unexpected(Rest);
        Result -> Result
    end.

-spec parse_term([token()]) -> {ok, term()} | {error, error_info()}.
parse_term(Tokens) ->
    case parse_exprs(Tokens) of
        {ok, [E]} ->
            try {ok, normalise(E)}
            catch
                error:_ -> failure(first_anno(E), "bad term")
            end;
        {ok, [_, E | _]} -> failure(first_anno(E), "bad term");
        {error, _} = Error -> Error
    end.

%% All tokens up to a dot, which is the last.
parse(Read, Tokens) ->
    try Read(Tokens ++ [{'$end', last(Tokens)}]) of
        {Result, [{dot, _}, {'$end', _}]} -> {ok, Result};
        {_, [{dot, _}, Token | _]} -> syntax_error(Token);
        {_, [Token | _]} -> syntax_error(Token)
    catch
        throw:{syntax, Token} -> syntax_error(Token);
        throw:{failure, Anno, Message} -> failure(Anno, Message)
    end.

last([]) -> none;
last(Tokens) -> element(2, lists:last(Tokens)).

failure(Anno, Message) -> {error, {erl_anno:location(Anno), ?MODULE, Message}}.

syntax_error({'$end', none}) -> syntax_error_at(0, []);
syntax_error({'$end', Anno}) ->
    case erl_anno:end_location(Anno) of
        undefined -> syntax_error_at(erl_anno:location(Anno), []);
        Location -> syntax_error_at(Location, [])
    end;
syntax_error(Token) -> syntax_error_at(erl_scan:location(Token), token_text(Token)).

syntax_error_at(Location, Text) ->
    {error, {Location, ?MODULE, ["syntax error before: ", Text]}}.

token_text(Token) ->
    case erl_scan:text(Token) of
        Text when is_list(Text) -> Text;
        undefined -> symbol_text(Token)
    end.

symbol_text({atom, _, Name}) -> io_lib:write_atom(Name);
symbol_text({string, _, Chars}) -> io_lib:write_string(Chars);
symbol_text({char, _, Char}) -> io_lib:write_char(Char);
symbol_text({var, _, Name}) -> atom_to_list(Name);
symbol_text({dot, _}) -> "'.'";
symbol_text({_, _, Value}) -> lists:flatten(io_lib:format("~tp", [Value]));
symbol_text({Category, _}) -> lists:flatten(io_lib:format("~tw", [Category])).

-spec format_error(error_description()) -> io_lib:chars().
format_error(Message) ->
    case io_lib:deep_char_list(Message) of
        true -> Message;
        _ -> io_lib:write(Message)
    end.

%%% Terms

-spec normalise(abstract_expr()) -> term().
normalise({Category, _, Value})
  when Category =:= char; Category =:= integer; Category =:= float; Category =:= atom;
       Category =:= string ->
    Value;
normalise({nil, _}) -> [];
normalise({bin, _, Elements}) -> list_to_bitstring([segment(E) || E <- Elements]);
normalise({cons, _, Head, Tail}) -> [normalise(Head) | normalise(Tail)];
normalise({tuple, _, Elements}) -> list_to_tuple([normalise(E) || E <- Elements]);
normalise({map, _, Fields} = Map) ->
    maps:from_list([case F of
        {map_field_assoc, _, Key, Value} -> {normalise(Key), normalise(Value)};
        _ -> erlang:error({badarg, Map})
    end || F <- Fields]);
normalise({'fun', _, {function, {atom, _, M}, {atom, _, F}, {integer, _, A}}}) -> fun M:F/A;
normalise({op, _, '+', {Category, _, N}})
  when Category =:= char; Category =:= integer; Category =:= float -> N;
normalise({op, _, '-', {Category, _, N}})
  when Category =:= char; Category =:= integer; Category =:= float -> -N;
normalise(Other) -> erlang:error({badarg, Other}).

segment({bin_element, _, Value, Size, Types}) ->
    {Type, Unit, Endian} = segment_type(Types),
    case normalise(Value) of
        Chars when is_list(Chars) ->
            << <<(bits(C, Size, Type, Unit, Endian))/bits>> || C <- Chars >>;
        Term -> bits(Term, Size, Type, Unit, Endian)
    end.

segment_type(default) -> segment_type([]);
segment_type(Types) ->
    lists:foldl(fun
        ({unit, N}, {T, _, E}) -> {T, N, E};
        (bytes, {_, U, E}) -> {binary, U, E};
        (bits, {_, U, E}) -> {bitstring, U, E};
        (X, Type) when X =:= signed; X =:= unsigned -> Type;
        (X, {T, U, _}) when X =:= big; X =:= little; X =:= native -> {T, U, X};
        (X, {_, U, E}) -> {X, U, E}
    end, {integer, default, big}, Types).

bits(C, default, utf8, default, _) -> <<C/utf8>>;
bits(C, default, utf16, default, little) -> <<C/utf16-little>>;
bits(C, default, utf16, default, _) -> <<C/utf16>>;
bits(C, default, utf32, default, little) -> <<C/utf32-little>>;
bits(C, default, utf32, default, _) -> <<C/utf32>>;
bits(N, Size, integer, Unit, Endian) ->
    case {bit_count(Size, 8, Unit, 1), Endian} of
        {Bits, little} -> <<N:Bits/little>>;
        {Bits, native} -> <<N:Bits/native>>;
        {Bits, _} -> <<N:Bits>>
    end;
bits(N, Size, float, Unit, Endian) ->
    case {bit_count(Size, 64, Unit, 1), Endian} of
        {Bits, little} -> <<N:Bits/float-little>>;
        {Bits, native} -> <<N:Bits/float-native>>;
        {Bits, _} -> <<N:Bits/float>>
    end;
bits(B, default, _, _, _) when is_bitstring(B) -> B;
bits(B, Size, Type, Unit, _) when is_bitstring(B) ->
    Default = case Type of binary -> 8; bitstring -> 1 end,
    Bits = bit_count(Size, 0, Unit, Default),
    <<B:Bits/bits>>.

bit_count(default, Bits, _, _) -> Bits;
bit_count(Size, _, default, Unit) -> normalise(Size) * Unit;
bit_count(Size, _, Unit, _) -> normalise(Size) * Unit.

-spec abstract(term()) -> abstract_expr().
abstract(Term) -> abstract(Term, [{encoding, utf8}]).

-spec abstract(term(), erl_anno:location() | [{encoding, term()} | {line, erl_anno:line()}
                                              | {location, erl_anno:location()}]) ->
          abstract_expr().
abstract(Term, Options) when is_list(Options) ->
    Location = proplists:get_value(location, Options, proplists:get_value(line, Options, 0)),
    abstract(Term, erl_anno:new(Location), encoding(proplists:get_value(encoding, Options, utf8)));
abstract(Term, Location) -> abstract(Term, erl_anno:new(Location), encoding(utf8)).

%% Whether a character may stand in a string.
encoding(none) -> fun(_) -> false end;
encoding(latin1) -> fun(C) -> C < 256 end;
encoding(F) when is_function(F, 1) -> F;
encoding(Encoding) when Encoding =:= utf8; Encoding =:= unicode; Encoding =:= epp ->
    fun(C) -> C < 16#D800 orelse C > 16#DFFF andalso C < 16#FFFE
                  orelse C > 16#FFFF andalso C =< 16#10FFFF
    end;
encoding(Other) -> erlang:error({badarg, Other}).

abstract(T, Anno, _) when is_atom(T) -> {atom, Anno, T};
abstract(T, Anno, _) when is_integer(T) -> {integer, Anno, T};
abstract(T, Anno, _) when is_float(T) -> {float, Anno, T};
abstract([], Anno, _) -> {nil, Anno};
abstract(T, Anno, _) when is_bitstring(T) ->
    {bin, Anno, [bin_element(B, Anno) || B <- bitstring_to_list(T)]};
abstract([_ | _] = T, Anno, Encoding) ->
    abstract_list(before_string(T, 0, 0, Encoding), T, Anno, Encoding);
abstract(T, Anno, Encoding) when is_tuple(T) ->
    {tuple, Anno, [abstract(E, Anno, Encoding) || E <- tuple_to_list(T)]};
abstract(T, Anno, Encoding) when is_map(T) ->
    {map, Anno, [{map_field_assoc, Anno, abstract(K, Anno, Encoding), abstract(V, Anno, Encoding)}
                 || {K, V} <- maps:to_list(T)]};
abstract(T, Anno, Encoding) when is_function(T) ->
    case erlang:fun_info(T, type) of
        {type, external} ->
            [M, F, A] = [abstract(element(2, erlang:fun_info(T, Item)), Anno, Encoding)
                         || Item <- [module, name, arity]],
            {'fun', Anno, {function, M, F, A}};
        Type -> erlang:error({case_clause, Type})
    end;
abstract(T, Anno, Encoding) -> erlang:error(function_clause, [T, Anno, Encoding]).

bin_element(Byte, Anno) when is_integer(Byte) ->
    {bin_element, Anno, {integer, Anno, Byte}, default, default};
bin_element(Bits, Anno) ->
    Size = bit_size(Bits),
    <<N:Size>> = Bits,
    {bin_element, Anno, {integer, Anno, N}, {integer, Anno, Size}, default}.

%% How many elements stand before the characters that end the list.
before_string([C | T], Index, Count, Encoding) ->
    case is_integer(C) andalso C >= 0 andalso Encoding(C) of
        true -> before_string(T, Index + 1, Count, Encoding);
        false -> before_string(T, Index + 1, Index + 1, Encoding)
    end;
before_string([], _, Count, _) -> Count;
before_string(_, Index, _, _) -> Index.

abstract_list(0, [_ | _] = String, Anno, _) -> {string, Anno, String};
abstract_list(0, Tail, Anno, Encoding) -> abstract(Tail, Anno, Encoding);
abstract_list(Count, [H | T], Anno, Encoding) ->
    {cons, Anno, abstract(H, Anno, Encoding), abstract_list(Count - 1, T, Anno, Encoding)}.

-spec tokens(abstract_expr()) -> [token()].
tokens(E) -> tokens(E, []).

-spec tokens(abstract_expr(), [token()]) -> [token()].
tokens({Category, _, _} = Token, More)
  when Category =:= char; Category =:= integer; Category =:= float; Category =:= atom;
       Category =:= var; Category =:= string ->
    [Token | More];
tokens({nil, Anno}, More) -> [{'[', Anno}, {']', Anno} | More];
tokens({cons, Anno, Head, Tail}, More) -> [{'[', Anno} | tokens(Head, tokens_tail(Tail, More))];
tokens({tuple, Anno, Elements}, More) ->
    [{'{', Anno} | element_tokens(Elements, Anno, [{'}', Anno} | More])];
tokens({map, Anno, Fields}, More) ->
    [{'#', Anno}, {'{', Anno} | field_tokens(Fields, Anno, [{'}', Anno} | More])].

element_tokens([], _, More) -> More;
element_tokens([E], _, More) -> tokens(E, More);
element_tokens([E | Es], Anno, More) -> tokens(E, [{',', Anno} | element_tokens(Es, Anno, More)]).

tokens_tail({cons, Anno, Head, Tail}, More) ->
    [{',', Anno} | tokens(Head, tokens_tail(Tail, More))];
tokens_tail({nil, Anno}, More) -> [{']', Anno} | More];
tokens_tail(E, More) ->
    Anno = first_anno(E),
    [{'|', Anno} | tokens(E, [{']', Anno} | More])].

field_tokens([], _, More) -> More;
field_tokens([F], Anno, More) -> field_token(F, Anno, More);
field_tokens([F | Fs], Anno, More) ->
    field_token(F, Anno, [{',', Anno} | field_tokens(Fs, Anno, More)]).

field_token({map_field_assoc, At, Key, Value}, _, More) ->
    tokens(Key, [{'=>', At} | tokens(Value, More)]);
field_token({map_field_exact, At, Key, Value}, _, More) ->
    tokens(Key, [{':=', At} | tokens(Value, More)]).

%%% Precedences: of the operands and, between them, of the operator

-type prec() :: non_neg_integer().

-spec inop_prec(atom()) -> {prec(), prec(), prec()}.
inop_prec('=') -> {150, 100, 100};
inop_prec('!') -> {150, 100, 100};
inop_prec('orelse') -> {160, 150, 150};
inop_prec('andalso') -> {200, 160, 160};
inop_prec('++') -> {400, 300, 300};
inop_prec('--') -> {400, 300, 300};
inop_prec('#') -> {800, 700, 800};
inop_prec(':') -> {900, 800, 900};
inop_prec('.') -> {900, 900, 1000};
inop_prec(Op) ->
    case lists:member(Op, ['+', '-', 'bor', 'bxor', 'bsl', 'bsr', 'or', 'xor']) of
        true -> {400, 400, 500};
        false ->
            case lists:member(Op, ['*', '/', 'div', 'rem', 'band', 'and']) of
                true -> {500, 500, 600};
                false -> comparison_prec(Op)
            end
    end.

comparison_prec(Op) ->
    case lists:member(Op, ['==', '/=', '=<', '<', '>=', '>', '=:=', '=/=']) of
        true -> {300, 200, 300};
        false -> erlang:error(function_clause, [Op])
    end.

-spec preop_prec(atom()) -> {prec(), prec()}.
preop_prec('catch') -> {700, 100};
preop_prec('+') -> {600, 700};
preop_prec('-') -> {600, 700};
preop_prec('bnot') -> {600, 700};
preop_prec('not') -> {600, 700};
preop_prec('#') -> {700, 800}.

-spec func_prec() -> {prec(), prec()}.
func_prec() -> {800, 700}.

-spec max_prec() -> prec().
max_prec() -> 900.

-spec type_inop_prec(atom()) -> {prec(), prec(), prec()}.
type_inop_prec('=') -> {150, 100, 100};
type_inop_prec('::') -> {150, 150, 160};
type_inop_prec('|') -> {180, 170, 170};
type_inop_prec('..') -> {300, 200, 300};
type_inop_prec('#') -> {800, 700, 800};
type_inop_prec(Op) ->
    Ops = ['+', '-', 'bor', 'bxor', 'bsl', 'bsr', '*', '/', 'div', 'rem', 'band'],
    case lists:member(Op, Ops) of
        true -> inop_prec(Op);
        false -> erlang:error(function_clause, [Op])
    end.

-spec type_preop_prec(atom()) -> {prec(), prec()}.
type_preop_prec('+') -> {600, 700};
type_preop_prec('-') -> {600, 700};
type_preop_prec('bnot') -> {600, 700};
type_preop_prec('#') -> {700, 800}.

%%% Annotations

-spec first_anno(abstract_expr()) -> erl_anno:anno().
first_anno(E) -> erl_parse_expr:first_anno(E).

-spec map_anno(fun((erl_anno:anno()) -> erl_anno:anno()), tree() | [tree()]) -> tree() | [tree()].
map_anno(F, Tree) ->
    {Tree1, ok} = mapfold_anno(fun(Anno, ok) -> {F(Anno), ok} end, ok, Tree),
    Tree1.

-spec fold_anno(fun((erl_anno:anno(), Acc) -> Acc), Acc, tree() | [tree()]) -> Acc.
fold_anno(F, Acc, Tree) ->
    {_, Acc1} = mapfold_anno(fun(Anno, A) -> {Anno, F(Anno, A)} end, Acc, Tree),
    Acc1.

-spec mapfold_anno(fun((erl_anno:anno(), Acc) -> {erl_anno:anno(), Acc}), Acc, tree() | [tree()]) ->
          {tree() | [tree()], Acc}.
mapfold_anno(F, Acc, Tree) -> visit(Tree, F, Acc).

%% Every tuple has its annotation second, but for those told apart here.
visit([H | T], F, Acc) ->
    {H1, Acc1} = visit(H, F, Acc),
    {T1, Acc2} = visit(T, F, Acc1),
    {[H1 | T1], Acc2};
visit({clauses, Clauses}, F, Acc) ->
    {Clauses1, Acc1} = visit(Clauses, F, Acc),
    {{clauses, Clauses1}, Acc1};
visit({typed_record_field, Field, Type}, F, Acc) ->
    {[Field1, Type1], Acc1} = visit([Field, Type], F, Acc),
    {{typed_record_field, Field1, Type1}, Acc1};
visit({function, _, _} = Local, _, Acc) -> {Local, Acc};
visit({function, M, N, A}, F, Acc) when is_tuple(M) ->
    {[M1, N1, A1], Acc1} = visit([M, N, A], F, Acc),
    {{function, M1, N1, A1}, Acc1};
visit({function, _, _, _} = Remote, _, Acc) -> {Remote, Acc};
visit({bin_element, Anno, Value, Size, Types}, F, Acc) ->
    {Anno1, Acc1} = F(Anno, Acc),
    {[Value1, Size1], Acc2} = visit([Value, Size], F, Acc1),
    {{bin_element, Anno1, Value1, Size1, Types}, Acc2};
visit({attribute, Anno, Name, Value}, F, Acc) ->
    {Anno1, Acc1} = F(Anno, Acc),
    {Value1, Acc2} = visit_attribute(Name, Value, F, Acc1),
    {{attribute, Anno1, Name, Value1}, Acc2};
visit({Category, Anno, Value}, F, Acc)
  when Category =:= atom; Category =:= integer; Category =:= float; Category =:= char;
       Category =:= string; Category =:= value; Category =:= var ->
    {Anno1, Acc1} = F(Anno, Acc),
    {{Category, Anno1, Value}, Acc1};
visit({error, _} = Error, _, Acc) -> {Error, Acc};
visit({warning, _} = Warning, _, Acc) -> {Warning, Acc};
visit(Tree, F, Acc) when is_tuple(Tree) ->
    [Tag, Anno | Parts] = tuple_to_list(Tree),
    {Anno1, Acc1} = F(Anno, Acc),
    {Parts1, Acc2} = visit(Parts, F, Acc1),
    {list_to_tuple([Tag, Anno1 | Parts1]), Acc2};
visit(Other, _, Acc) -> {Other, Acc}.

visit_attribute(Name, {Defined, Type, Arguments}, F, Acc) when Name =:= type; Name =:= opaque ->
    {[Type1, Arguments1], Acc1} = visit([Type, Arguments], F, Acc),
    {{Defined, Type1, Arguments1}, Acc1};
visit_attribute(Name, {Function, Types}, F, Acc)
  when Name =:= spec; Name =:= callback; Name =:= record ->
    {Types1, Acc1} = visit(Types, F, Acc),
    {{Function, Types1}, Acc1};
visit_attribute(_, Value, _, Acc) -> {Value, Acc}.

-spec new_anno(term()) -> tree().
new_anno(Tree) -> map_anno(fun erl_anno:new/1, Tree).

-spec anno_to_term(tree()) -> term().
anno_to_term(Tree) -> map_anno(fun erl_anno:to_term/1, Tree).

-spec anno_from_term(term()) -> tree() | [tree()].
anno_from_term(Tree) -> map_anno(fun erl_anno:from_term/1, Tree).
