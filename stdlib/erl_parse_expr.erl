%% Expressions, patterns and clauses of Erlang, from tokens to the abstract format: recursive
%% descent with a table of precedences for operators. Every function takes the tokens and returns
%% what it read and the tokens after it; a token that cannot be there is thrown as
%% {syntax, Token}. The tokens end with one of category '$end'.
%%
%% Patterns of function heads may hold no calls outside of brackets; Mode says which it is.
-module(erl_parse_expr).

-export([expr/1, exprs/1, clauses/2, unexpected/1, expect/2, first_anno/1, arguments/1]).

-type tokens() :: [erl_scan:token(), ...].

-spec unexpected(tokens()) -> no_return().
unexpected([Token | _]) -> throw({syntax, Token}).

%% The annotation of a token of that category, and what comes after it.
-spec expect(atom(), tokens()) -> {erl_anno:anno(), tokens()}.
expect(Category, [Token | Rest]) when element(1, Token) =:= Category -> {element(2, Token), Rest};
expect(_, Tokens) -> unexpected(Tokens).

%% The annotation of what stands leftmost.
-spec first_anno(erl_parse:abstract_expr()) -> erl_anno:anno().
first_anno({op, _, _, Left, _}) -> first_anno(Left);
first_anno({match, _, Left, _}) -> first_anno(Left);
first_anno({maybe_match, _, Left, _}) -> first_anno(Left);
first_anno({remote, _, Module, _}) -> first_anno(Module);
first_anno({record, _, E, _, _}) -> first_anno(E);
first_anno({record_field, _, E, _, _}) -> first_anno(E);
first_anno({map, _, E, _}) -> first_anno(E);
first_anno(E) -> element(2, E).

%% The annotation of what begins last.
last_anno(E) ->
    Later = fun(Anno, Last) ->
        case erl_anno:location(Anno) > erl_anno:location(Last) of
            true -> Anno;
            false -> Last
        end
    end,
    erl_parse:fold_anno(Later, element(2, E), E).

%%% Lists of expressions

-spec exprs(tokens()) -> {[erl_parse:abstract_expr(), ...], tokens()}.
exprs(Tokens) -> separated(fun expr/1, ',', Tokens).

separated(Read, Separator, Tokens) ->
    {First, Tokens1} = Read(Tokens),
    case Tokens1 of
        [{Separator, _} | Tokens2] ->
            {More, Rest} = separated(Read, Separator, Tokens2),
            {[First | More], Rest};
        _ -> {[First], Tokens1}
    end.

%% Between commas and up to a closing token; listed/3 may be empty.
listed(_, Close, [{Close, _} | Rest]) -> {[], Rest};
listed(Read, Close, Tokens) -> some_listed(Read, Close, Tokens).

some_listed(Read, Close, Tokens) ->
    {Items, Tokens1} = separated(Read, ',', Tokens),
    {_, Rest} = expect(Close, Tokens1),
    {Items, Rest}.

-spec arguments(tokens()) -> {[erl_parse:abstract_expr()], tokens()}.
arguments(Tokens) ->
    {_, Tokens1} = expect('(', Tokens),
    listed(fun expr/1, ')', Tokens1).

%%% Operators

-spec expr(tokens()) -> {erl_parse:abstract_expr(), tokens()}.
expr(Tokens) -> expr(Tokens, 0, expr).

pattern(Tokens) -> expr(Tokens, 0, pattern).

expr(Tokens, Least, Mode) ->
    {Left, Rest} = prefixed(Tokens, Mode),
    infix(Left, Rest, Least, Mode).

prefixed([{'catch', Anno} | Tokens], expr) ->
    {E, Rest} = expr(Tokens, 0, expr),
    {{'catch', Anno, E}, Rest};
prefixed([{Op, Anno} | Tokens], Mode) when Op =:= '+'; Op =:= '-'; Op =:= 'not'; Op =:= 'bnot' ->
    {E, Rest} = expr(Tokens, 600, Mode),
    {{op, Anno, Op, E}, Rest};
prefixed(Tokens, Mode) -> postfixed(primary(Tokens, Mode), Mode).

infix(Left, [{Op, Anno} | Tokens] = All, Least, Mode) ->
    case operator(Op) of
        {Level, Association}
          when Level >= Least, Mode =:= expr orelse Op =:= '=' orelse Level >= 200 ->
            {Right, Rest} = expr(Tokens, right_level(Level, Association), Mode),
            Association =:= none andalso not_again(Level, Rest),
            infix(binary(Op, Anno, Left, Right), Rest, Least, Mode);
        _ -> {Left, All}
    end;
infix(Left, Tokens, _, _) -> {Left, Tokens}.

binary('=', _, Left, Right) -> {match, first_anno(Left), Left, Right};
binary(Op, Anno, Left, Right) -> {op, Anno, Op, Left, Right}.

right_level(Level, right) -> Level;
right_level(Level, _) -> Level + 1.

not_again(Level, [Token | _] = Tokens) ->
    case operator(element(1, Token)) of
        {Level, _} -> unexpected(Tokens);
        _ -> ok
    end.

operator('=') -> {100, right};
operator('!') -> {100, right};
operator('orelse') -> {150, right};
operator('andalso') -> {160, right};
operator('==') -> {200, none};
operator('/=') -> {200, none};
operator('=<') -> {200, none};
operator('<') -> {200, none};
operator('>=') -> {200, none};
operator('>') -> {200, none};
operator('=:=') -> {200, none};
operator('=/=') -> {200, none};
operator('++') -> {300, right};
operator('--') -> {300, right};
operator('+') -> {400, left};
operator('-') -> {400, left};
operator('bor') -> {400, left};
operator('bxor') -> {400, left};
operator('bsl') -> {400, left};
operator('bsr') -> {400, left};
operator('or') -> {400, left};
operator('xor') -> {400, left};
operator('*') -> {500, left};
operator('/') -> {500, left};
operator('div') -> {500, left};
operator('rem') -> {500, left};
operator('band') -> {500, left};
operator('and') -> {500, left};
operator(_) -> none.

%%% Calls, maps and records after something

%% Kind says what may follow: a `map` only more maps, a `record` only more records.
postfixed({E, Kind, [{'#', Anno} | Tokens]}, Mode) when Mode =:= expr ->
    postfixed(hashed(E, Kind, Anno, Tokens), Mode);
postfixed({Module, max, [{':', Anno} | Tokens]}, expr) ->
    case primary(Tokens, expr) of
        {Function, max, Rest} -> called({remote, Anno, Module, Function}, Rest);
        _ -> unexpected(Tokens)
    end;
postfixed({E, max, Tokens}, expr) -> called(E, Tokens);
postfixed({E, _, Tokens}, _) -> {E, Tokens}.

called(F, [{'(', _} | _] = Tokens) ->
    {Arguments, Rest} = arguments(Tokens),
    {{call, first_anno(F), F, Arguments}, Rest};
called(E, Tokens) -> {E, Tokens}.

hashed(E, Kind, Anno, [{'{', _} | Tokens]) when Kind =/= record ->
    {Fields, Rest} = listed(fun map_field/1, '}', Tokens),
    {{map, Anno, E, Fields}, map, Rest};
hashed(E, Kind, Anno, [{atom, _, Name} | Tokens]) when Kind =/= map ->
    case record_rest(Tokens) of
        {field, Field, Rest} -> {{record_field, Anno, E, Name, Field}, record, Rest};
        {fields, Fields, Rest} -> {{record, Anno, E, Name, Fields}, record, Rest}
    end;
hashed(_, _, _, Tokens) -> unexpected(Tokens).

record_rest([{'.', _}, {atom, Anno, Field} | Rest]) -> {field, {atom, Anno, Field}, Rest};
record_rest([{'.', _} | Tokens]) -> unexpected(Tokens);
record_rest([{'{', _} | Tokens]) ->
    {Fields, Rest} = listed(fun record_field/1, '}', Tokens),
    {fields, Fields, Rest};
record_rest(Tokens) -> unexpected(Tokens).

record_field([{Category, _, _} = Name | Tokens]) when Category =:= atom; Category =:= var ->
    {_, Tokens1} = expect('=', Tokens),
    {Value, Rest} = expr(Tokens1),
    {{record_field, element(2, Name), Name, Value}, Rest};
record_field(Tokens) -> unexpected(Tokens).

map_field(Tokens) ->
    case expr(Tokens) of
        {Key, [{'=>', Anno} | Tokens1]} ->
            {Value, Rest} = expr(Tokens1),
            {{map_field_assoc, Anno, Key, Value}, Rest};
        {Key, [{':=', Anno} | Tokens1]} ->
            {Value, Rest} = expr(Tokens1),
            {{map_field_exact, Anno, Key, Value}, Rest};
        {_, Rest} -> unexpected(Rest)
    end.

%%% What stands alone

primary([{Category, _, _} = Token | Rest], _)
  when Category =:= atom; Category =:= integer; Category =:= float; Category =:= char;
       Category =:= var ->
    {Token, max, Rest};
primary([{string, Anno, A}, {string, _, B} | Rest], Mode) ->
    primary([{string, Anno, A ++ B} | Rest], Mode);
primary([{string, _, _} = Token | Rest], _) -> {Token, max, Rest};
primary([{sigil_prefix, _, _} = Prefix, {string, _, _} = String,
         {sigil_suffix, _, _} = Suffix | Rest], _) ->
    {sigil(Prefix, String, Suffix), max, Rest};
primary([{'(', _} | Tokens], Mode) ->
    {E, Tokens1} = expr(Tokens, 0, Mode),
    {_, Rest} = expect(')', Tokens1),
    {E, max, Rest};
primary([{'{', Anno} | Tokens], _) ->
    {Elements, Rest} = listed(fun expr/1, '}', Tokens),
    {{tuple, Anno, Elements}, max, Rest};
primary([{'[', Anno}, {']', _} | Rest], _) -> {{nil, Anno}, max, Rest};
primary([{'[', Anno} | Tokens], _) ->
    {First, Tokens1} = expr(Tokens),
    case Tokens1 of
        [{'||', _} | Tokens2] ->
            {Qualifiers, Rest} = qualifiers(Tokens2, ']'),
            {{lc, Anno, First, Qualifiers}, max, Rest};
        _ ->
            {Tail, Rest} = tail(Tokens1),
            {{cons, Anno, First, Tail}, max, Rest}
    end;
primary([{'<<', Anno}, {'>>', _} | Rest], _) -> {{bin, Anno, []}, max, Rest};
primary([{'<<', Anno} | Tokens], _) -> a_binary(Anno, Tokens);
primary([{'#', Anno}, {'{', _}, {'}', _} | Rest], _) -> {{map, Anno, []}, map, Rest};
primary([{'#', Anno}, {'{', _} | Tokens], _) ->
    {Fields, Tokens1} = separated(fun map_field/1, ',', Tokens),
    case {Fields, Tokens1} of
        {[Field], [{'||', _} | Tokens2]} ->
            {Qualifiers, Rest} = qualifiers(Tokens2, '}'),
            {{mc, Anno, Field, Qualifiers}, max, Rest};
        _ ->
            {_, Rest} = expect('}', Tokens1),
            {{map, Anno, Fields}, map, Rest}
    end;
primary([{'#', Anno}, {atom, _, Name} | Tokens], _) ->
    case record_rest(Tokens) of
        {field, Field, Rest} -> {{record_index, Anno, Name, Field}, record, Rest};
        {fields, Fields, Rest} -> {{record, Anno, Name, Fields}, record, Rest}
    end;
primary([{'#', _} | Tokens], _) -> unexpected(Tokens);
primary([{Word, Anno} | Tokens] = All, expr) ->
    case worded(Word, Anno, Tokens) of
        none -> unexpected(All);
        {E, Rest} -> {E, max, Rest}
    end;
primary(Tokens, _) -> unexpected(Tokens).

%% A string, or the binary with its characters in UTF-8.
sigil({_, Anno, Prefix}, String, {_, SuffixAnno, Suffix}) ->
    case lists:member(Prefix, ['', b, 'B', s, 'S']) of
        false -> throw({failure, Anno, "illegal sigil prefix"});
        true when Suffix =/= [] -> throw({failure, SuffixAnno, "illegal sigil suffix"});
        true when Prefix =:= s; Prefix =:= 'S' -> String;
        true -> {bin, Anno, [{bin_element, element(2, String), String, default, [utf8]}]}
    end.

tail([{']', Anno} | Rest]) -> {{nil, Anno}, Rest};
tail([{'|', _} | Tokens]) ->
    {E, Tokens1} = expr(Tokens),
    {_, Rest} = expect(']', Tokens1),
    {E, Rest};
tail([{',', _} | Tokens]) ->
    {E, Tokens1} = expr(Tokens),
    {Tail, Rest} = tail(Tokens1),
    {{cons, first_anno(E), E, Tail}, Rest};
tail(Tokens) -> unexpected(Tokens).

%%% Binaries and comprehensions

a_binary(Anno, Tokens) ->
    {First, Tokens1} = bin_element(Tokens),
    case {First, Tokens1} of
        {{bin_element, _, E, default, default}, [{'||', _} | Tokens2]} when element(1, E) =/= op ->
            {Qualifiers, Rest} = qualifiers(Tokens2, '>>'),
            {{bc, Anno, E, Qualifiers}, max, Rest};
        {_, [{',', _} | Tokens2]} ->
            {More, Rest} = some_listed(fun bin_element/1, '>>', Tokens2),
            {{bin, Anno, [First | More]}, max, Rest};
        _ ->
            {_, Rest} = expect('>>', Tokens1),
            {{bin, Anno, [First]}, max, Rest}
    end.

bin_element(Tokens) ->
    {E, Tokens1} = bin_value(Tokens),
    {Size, Tokens2} = case Tokens1 of
        [{':', _} | T] -> expr_max(T);
        _ -> {default, Tokens1}
    end,
    {Types, Rest} = case Tokens2 of
        [{'/', _} | T2] -> separated(fun bin_type/1, '-', T2);
        _ -> {default, Tokens2}
    end,
    {{bin_element, first_anno(E), E, Size, Types}, Rest}.

bin_value([{Op, Anno} | Tokens]) when Op =:= '+'; Op =:= '-'; Op =:= 'not'; Op =:= 'bnot' ->
    {E, Rest} = expr_max(Tokens),
    {{op, Anno, Op, E}, Rest};
bin_value(Tokens) -> expr_max(Tokens).

bin_type([{atom, _, Name}, {':', _}, {integer, _, Value} | Rest]) -> {{Name, Value}, Rest};
bin_type([{atom, _, _}, {':', _} | Tokens]) -> unexpected(Tokens);
bin_type([{atom, _, Name} | Rest]) -> {Name, Rest};
bin_type(Tokens) -> unexpected(Tokens).

expr_max([{'#', _} | _] = Tokens) -> unexpected(Tokens);
expr_max(Tokens) ->
    case primary(Tokens, expr) of
        {E, max, Rest} -> {E, Rest};
        _ -> unexpected(Tokens)
    end.

qualifiers(Tokens, Close) -> some_listed(fun qualifier/1, Close, Tokens).

qualifier(Tokens) ->
    case expr(Tokens) of
        {Pattern, [{'<-', Anno} | Tokens1]} ->
            {E, Rest} = expr(Tokens1),
            {{generate, Anno, Pattern, E}, Rest};
        {{bin, _, _} = Pattern, [{'<=', Anno} | Tokens1]} ->
            {E, Rest} = expr(Tokens1),
            {{b_generate, Anno, Pattern, E}, Rest};
        {Key, [{':=', At} | Tokens1]} ->
            {Value, Tokens2} = expr(Tokens1),
            {Anno, Tokens3} = expect('<-', Tokens2),
            {E, Rest} = expr(Tokens3),
            {{m_generate, Anno, {map_field_exact, At, Key, Value}, E}, Rest};
        Result -> Result
    end.

%%% What begins with a word

worded('begin', Anno, Tokens) ->
    {Body, Tokens1} = exprs(Tokens),
    {_, Rest} = expect('end', Tokens1),
    {{block, Anno, Body}, Rest};
worded('if', Anno, Tokens) ->
    {Clauses, Tokens1} = separated(fun if_clause/1, ';', Tokens),
    {_, Rest} = expect('end', Tokens1),
    {{'if', Anno, Clauses}, Rest};
worded('case', Anno, Tokens) ->
    {E, Tokens1} = expr(Tokens),
    {_, Tokens2} = expect('of', Tokens1),
    {Clauses, Tokens3} = separated(fun case_clause/1, ';', Tokens2),
    {_, Rest} = expect('end', Tokens3),
    {{'case', Anno, E, Clauses}, Rest};
worded('receive', Anno, [{'after', _} | Tokens]) -> receive_after(Anno, [], Tokens);
worded('receive', Anno, Tokens) ->
    {Clauses, Tokens1} = separated(fun case_clause/1, ';', Tokens),
    case Tokens1 of
        [{'after', _} | Tokens2] -> receive_after(Anno, Clauses, Tokens2);
        _ ->
            {_, Rest} = expect('end', Tokens1),
            {{'receive', Anno, Clauses}, Rest}
    end;
worded('try', Anno, Tokens) -> try_expr(Anno, Tokens);
worded('maybe', Anno, Tokens) ->
    {Body, Tokens1} = separated(fun maybe_expr/1, ',', Tokens),
    case Tokens1 of
        [{'else', At} | Tokens2] ->
            {Clauses, Tokens3} = separated(fun case_clause/1, ';', Tokens2),
            {_, Rest} = expect('end', Tokens3),
            {{'maybe', Anno, Body, {'else', At, Clauses}}, Rest};
        _ ->
            {_, Rest} = expect('end', Tokens1),
            {{'maybe', Anno, Body}, Rest}
    end;
worded('fun', Anno, Tokens) -> fun_expr(Anno, Tokens);
worded(_, _, _) -> none.

receive_after(Anno, Clauses, Tokens) ->
    {Time, Tokens1} = expr(Tokens),
    {Body, Tokens2} = body(Tokens1),
    {_, Rest} = expect('end', Tokens2),
    {{'receive', Anno, Clauses, Time, Body}, Rest}.

maybe_expr(Tokens) ->
    case expr(Tokens) of
        {Pattern, [{'?=', Anno} | Tokens1]} ->
            {E, Rest} = expr(Tokens1),
            {{maybe_match, Anno, Pattern, E}, Rest};
        Result -> Result
    end.

try_expr(Anno, Tokens) ->
    {Body, Tokens1} = exprs(Tokens),
    {Clauses, Tokens2} = case Tokens1 of
        [{'of', _} | T] -> separated(fun case_clause/1, ';', T);
        _ -> {[], Tokens1}
    end,
    {Catches, Tokens3} = case Tokens2 of
        [{'catch', _} | T1] -> separated(fun catch_clause/1, ';', T1);
        _ -> {[], Tokens2}
    end,
    {After, Tokens4} = case Tokens3 of
        [{'after', _} | T2] -> exprs(T2);
        _ when Catches =:= [] -> unexpected(Tokens3);
        _ -> {[], Tokens3}
    end,
    {_, Rest} = expect('end', Tokens4),
    {{'try', Anno, Body, Clauses, Catches, After}, Rest}.

%%% Clauses

case_clause(Tokens) ->
    {Pattern, Tokens1} = expr(Tokens),
    clause(first_anno(Pattern), [Pattern], Tokens1).

if_clause(Tokens) ->
    {Guard, Tokens1} = guard(Tokens),
    {Body, Rest} = body(Tokens1),
    {{clause, first_anno(hd(hd(Guard))), [], Guard, Body}, Rest}.

%% A class of its own, or throw.
catch_clause([{Category, Anno, _} = Class, {':', _} | Tokens])
  when Category =:= atom; Category =:= var ->
    {Pattern, Tokens1} = pattern(Tokens),
    {Stack, Tokens2} = case Tokens1 of
        [{':', _}, {var, _, _} = Var | T] -> {Var, T};
        [{':', _} | T] -> unexpected(T);
        _ -> {{var, last_anno(Pattern), '_'}, Tokens1}
    end,
    clause(Anno, [{tuple, Anno, [Class, Pattern, Stack]}], Tokens2);
catch_clause(Tokens) ->
    {Pattern, Tokens1} = pattern(Tokens),
    Anno = first_anno(Pattern),
    Stack = {var, last_anno(Pattern), '_'},
    clause(Anno, [{tuple, Anno, [{atom, Anno, throw}, Pattern, Stack]}], Tokens1).

clause(Anno, Patterns, Tokens) ->
    {Guard, Tokens1} = case Tokens of
        [{'when', _} | T] -> guard(T);
        _ -> {[], Tokens}
    end,
    {Body, Rest} = body(Tokens1),
    {{clause, Anno, Patterns, Guard, Body}, Rest}.

guard(Tokens) -> separated(fun exprs/1, ';', Tokens).

body(Tokens) ->
    {_, Tokens1} = expect('->', Tokens),
    exprs(Tokens1).

fun_expr(Anno, [{'(', _} | _] = Tokens) ->
    {Clauses, Tokens1} = clauses(var, Tokens),
    {_, Rest} = expect('end', Tokens1),
    {{'fun', Anno, {clauses, Clauses}}, Rest};
fun_expr(Anno, [{var, _, Name}, {'(', _} | _] = Tokens) ->
    {Clauses, Tokens1} = clauses(var, Tokens),
    {_, Rest} = expect('end', Tokens1),
    {{named_fun, Anno, Name, Clauses}, Rest};
fun_expr(Anno, [{atom, _, Name}, {'/', _}, {integer, _, Arity} | Rest]) ->
    {{'fun', Anno, {function, Name, Arity}}, Rest};
fun_expr(_, [{atom, _, _}, {'/', _} | Tokens]) -> unexpected(Tokens);
fun_expr(Anno, [{Category, _, _} = Module, {':', _} | Tokens])
  when Category =:= atom; Category =:= var ->
    {Name, Tokens1} = one_of([atom, var], Tokens),
    {_, Tokens2} = expect('/', Tokens1),
    {Arity, Rest} = one_of([integer, var], Tokens2),
    {{'fun', Anno, {function, Module, Name, Arity}}, Rest};
fun_expr(_, [{Category, _, _} | Tokens]) when Category =:= atom; Category =:= var ->
    unexpected(Tokens);
fun_expr(_, Tokens) -> unexpected(Tokens).

one_of(Categories, [Token | Rest] = Tokens) ->
    case lists:member(element(1, Token), Categories) of
        true -> {Token, Rest};
        false -> unexpected(Tokens)
    end.

%% Clauses with arguments, all headed by the same name: of a function by an atom, of a fun by a
%% variable or nothing.
-spec clauses(atom | var, tokens()) -> {[erl_parse:abstract_clause(), ...], tokens()}.
clauses(Category, Tokens) ->
    {Clauses, Rest} = separated(fun(T) -> headed(Category, T) end, ';', Tokens),
    [{Name, {clause, _, Patterns, _, _}} | _] = Clauses,
    Arity = length(Patterns),
    [throw({failure, element(2, Clause), "head mismatch"})
     || {Head, Clause} <- Clauses, Head =/= Name orelse length(element(3, Clause)) =/= Arity],
    {[Clause || {_, Clause} <- Clauses], Rest}.

headed(var, [{'(', Anno} | Tokens]) -> headed(none, Anno, Tokens);
headed(Category, [{Category, Anno, Name}, {'(', _} | Tokens]) -> headed(Name, Anno, Tokens);
headed(Category, [{Category, _, _} | Tokens]) -> unexpected(Tokens);
headed(_, Tokens) -> unexpected(Tokens).

headed(Name, Anno, Tokens) ->
    {Patterns, Tokens1} = listed(fun pattern/1, ')', Tokens),
    {Clause, Rest} = clause(Anno, Patterns, Tokens1),
    {{{name, Name}, Clause}, Rest}.
