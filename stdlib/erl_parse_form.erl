%% Forms of Erlang: functions, attributes, and the types in them. Reads as erl_parse_expr does;
%% what is well formed but cannot be meant is thrown as {failure, Anno, Message}.
-module(erl_parse_form).

-export([form/1]).

-import(erl_parse_expr, [expr/1, exprs/1, clauses/2, expect/2, unexpected/1, first_anno/1]).

-spec form([erl_scan:token(), ...]) -> {erl_parse:abstract_form(), [erl_scan:token()]}.
form([{'-', _}, {atom, Anno, Name} | Tokens]) when Name =:= spec; Name =:= callback ->
    specification(Name, Anno, Tokens);
form([{'-', _}, {atom, Anno, Name} | Tokens]) when Name =:= type; Name =:= opaque ->
    type_attribute(Name, Anno, Tokens);
form([{'-', _}, {atom, Anno, record} | Tokens]) -> record_attribute(Anno, Tokens);
form([{'-', _}, {atom, Anno, Name} | Tokens]) ->
    {Values, Rest} = values(Tokens),
    {{attribute, Anno, Name, attribute(Name, place(Values), Values)}, Rest};
form([{'-', _} | Tokens]) -> unexpected(Tokens);
form([{atom, _, Name} | _] = Tokens) ->
    {[{clause, Anno, Patterns, _, _} | _] = Clauses, Rest} = clauses(atom, Tokens),
    {{function, Anno, Name, length(Patterns), Clauses}, Rest};
form(Tokens) -> unexpected(Tokens).

%%% Attributes

%% The place of what is wrong: of two values it is the second, if the first can be a name.
place([{Category, _, _}, E | _]) when Category =:= atom; Category =:= string -> first_anno(E);
place([E | _]) -> first_anno(E).

%% Values stand between commas, and all of them may stand between parentheses.
values([{'(', _} | Tokens] = All) ->
    case exprs(Tokens) of
        {Values, [{')', _}, {Category, _} = End | Rest]}
          when Category =:= dot; Category =:= '$end' -> {Values, [End | Rest]};
        {_, [{')', _} | _]} -> exprs(All);
        {_, Rest} -> unexpected(Rest)
    end;
values(Tokens) -> exprs(Tokens).

attribute(module, _, [{atom, _, Module}]) -> Module;
attribute(module, At, [{atom, _, Module}, Parameters]) -> {Module, variables(Parameters, At)};
attribute(export, _, [List]) -> names(List);
attribute(import, _, [{atom, _, Module}, List]) -> {Module, names(List)};
attribute(file, _, [{string, _, Name}, {integer, _, Line}]) -> {Name, Line};
attribute(Name, At, _) when Name =:= module; Name =:= export; Name =:= import; Name =:= file ->
    bad_declaration(Name, At);
attribute(_, At, [Value]) ->
    try constant(Value)
    catch
        error:_ -> throw({failure, At, "bad attribute"})
    end;
attribute(_, At, _) -> throw({failure, At, "bad attribute"}).

-spec bad_declaration(atom(), erl_anno:anno()) -> no_return().
bad_declaration(Name, At) ->
    throw({failure, At, "bad " ++ [atom_to_list(Name) | " declaration"]}).

variables({cons, _, {var, _, Name}, Tail}, At) -> [Name | variables(Tail, At)];
variables({nil, _}, _) -> [];
variables(_, At) -> throw({failure, At, "bad variable list"}).

names(List) -> names(List, List).

names({cons, _, {op, _, '/', Name, Arity}, Tail}, List) ->
    case {Name, Arity} of
        {{atom, _, N}, {integer, _, A}} -> [{N, A} | names(Tail, List)];
        {{atom, _, _}, _} -> throw({failure, first_anno(Arity), "bad function arity"});
        _ -> throw({failure, first_anno(Name), "bad function name"})
    end;
names({nil, _}, _) -> [];
names(_, List) -> throw({failure, first_anno(List), "bad Name/Arity"}).

constant({op, _, '/', {atom, _, Name}, {integer, _, Arity}}) -> {Name, Arity};
constant({tuple, _, Elements}) -> list_to_tuple([constant(E) || E <- Elements]);
constant({cons, _, Head, Tail}) -> [constant(Head) | constant(Tail)];
constant(E) -> erl_parse:normalise(E).

%%% Records

record_attribute(Anno, [{'(', _} | Tokens]) ->
    {Value, Tokens1} = record(Anno, Tokens),
    {_, Rest} = expect(')', Tokens1),
    {{attribute, Anno, record, Value}, Rest};
record_attribute(Anno, Tokens) ->
    {Value, Rest} = record(Anno, Tokens),
    {{attribute, Anno, record, Value}, Rest}.

record(_, [{atom, _, Name}, {',', _}, {'{', _}, {'}', _} | Rest]) -> {{Name, []}, Rest};
record(_, [{atom, _, Name}, {',', _}, {'{', _} | Tokens]) ->
    {Fields, Rest} = fields(Tokens),
    {{Name, Fields}, Rest};
record(_, Tokens) ->
    case exprs(Tokens) of
        {[Value], _} -> bad_declaration(record, element(2, Value));
        {Values, _} -> throw({failure, place(Values), "bad record declaration"})
    end.

fields(Tokens) ->
    {Field, Tokens1} = field(Tokens),
    case Tokens1 of
        [{',', _} | Tokens2] ->
            {More, Rest} = fields(Tokens2),
            {[Field | More], Rest};
        _ ->
            {_, Rest} = expect('}', Tokens1),
            {[Field], Rest}
    end.

field(Tokens) ->
    {E, Tokens1} = expr(Tokens),
    Field = case E of
        {atom, Anno, _} -> {record_field, Anno, E};
        {match, _, {atom, Anno, _} = Name, Default} -> {record_field, Anno, Name, Default};
        _ -> throw({failure, first_anno(E), "bad record field"})
    end,
    case Tokens1 of
        [{'::', _} | Tokens2] ->
            {Type, Rest} = top_type(Tokens2),
            {{typed_record_field, Field, Type}, Rest};
        _ -> {Field, Tokens1}
    end.

%%% Types of names

type_attribute(Name, Anno, [{'(', _} | Tokens]) ->
    {Value, Tokens1} = type_value(Name, Anno, Tokens),
    {_, Rest} = expect(')', Tokens1),
    {{attribute, Anno, Name, Value}, Rest};
type_attribute(Name, Anno, Tokens) ->
    {Value, Rest} = type_value(Name, Anno, Tokens),
    {{attribute, Anno, Name, Value}, Rest}.

type_value(Name, Anno, Tokens) ->
    case expr(Tokens) of
        {Head, [{'::', _} | Tokens1]} ->
            {Type, Rest} = top_type(Tokens1),
            case Head of
                {call, _, {atom, _, Defined}, Arguments} ->
                    [throw({failure, first_anno(Argument), "bad type variable"})
                     || Argument <- Arguments, element(1, Argument) =/= var],
                    {{Defined, Type, Arguments}, Rest};
                _ -> bad_declaration(Name, Anno)
            end;
        {_, [{dot, _} | _]} -> bad_declaration(Name, Anno);
        {_, Rest} -> unexpected(Rest)
    end.

specification(Name, Anno, [{'(', _} | Tokens]) ->
    {Form, Tokens1} = specification(Name, Anno, Tokens),
    {_, Rest} = expect(')', Tokens1),
    {Form, Rest};
specification(Name, Anno, Tokens) ->
    {Function, Tokens1} = case Tokens of
        [{atom, _, M}, {':', _}, {atom, _, F} | T] -> {[M, F], T};
        [{atom, _, _}, {':', _} | T] -> unexpected(T);
        [{atom, _, F} | T] -> {[F], T};
        _ -> unexpected(Tokens)
    end,
    {Signatures, Rest} = signatures(Tokens1),
    Arity = arity(hd(Signatures)),
    {{attribute, Anno, Name, {list_to_tuple(Function ++ [Arity]), Signatures}}, Rest}.

arity({type, _, bounded_fun, [Fun, _]}) -> arity(Fun);
arity({type, _, 'fun', [{type, _, product, Arguments}, _]}) -> length(Arguments).

signatures(Tokens) ->
    {Fun, Tokens1} = signature(Tokens),
    {Signature, Tokens2} = case Tokens1 of
        [{'when', _} | T] ->
            {Constraints, T1} = constraints(T),
            {{type, element(2, Fun), bounded_fun, [Fun, Constraints]}, T1};
        _ -> {Fun, Tokens1}
    end,
    case Tokens2 of
        [{';', _} | Tokens3] ->
            {More, Rest} = signatures(Tokens3),
            {[Signature | More], Rest};
        _ -> {[Signature], Tokens2}
    end.

signature(Tokens) ->
    {Anno, Tokens1} = expect('(', Tokens),
    {Arguments, Tokens2} = types(')', Tokens1),
    {_, Tokens3} = expect('->', Tokens2),
    {Type, Rest} = top_type(Tokens3),
    {{type, Anno, 'fun', [{type, Anno, product, Arguments}, Type]}, Rest}.

constraints(Tokens) ->
    {Constraint, Tokens1} = constraint(Tokens),
    case Tokens1 of
        [{',', _} | Tokens2] ->
            {More, Rest} = constraints(Tokens2),
            {[Constraint | More], Rest};
        _ -> {[Constraint], Tokens1}
    end.

constraint([{var, Anno, _} = Var, {'::', _} | Tokens]) ->
    {Type, Rest} = top_type(Tokens),
    {{type, Anno, constraint, [{atom, Anno, is_subtype}, [Var, Type]]}, Rest};
constraint([{var, _, _} | Tokens]) -> unexpected(Tokens);
constraint([{atom, _, is_subtype}, {'(', _} | Tokens]) ->
    {[First | _] = Types, Rest} = types(')', Tokens),
    Anno = type_anno(First),
    {{type, Anno, constraint, [{atom, Anno, is_subtype}, Types]}, Rest};
constraint(Tokens) -> unexpected(Tokens).

%%% Types

types(Close, [{Close, _} | Rest]) -> {[], Rest};
types(Close, Tokens) ->
    {Type, Tokens1} = top_type(Tokens),
    case Tokens1 of
        [{',', _} | Tokens2] ->
            {More, Rest} = more_types(Close, Tokens2),
            {[Type | More], Rest};
        _ ->
            {_, Rest} = expect(Close, Tokens1),
            {[Type], Rest}
    end.

more_types(Close, [{Close, _} | _] = Tokens) -> unexpected(Tokens);
more_types(Close, Tokens) -> types(Close, Tokens).

top_type([{var, Anno, _} = Var, {'::', _} | Tokens]) ->
    {Type, Rest} = top_type(Tokens),
    {{ann_type, Anno, [Var, Type]}, Rest};
top_type(Tokens) ->
    {Type, Tokens1} = type(Tokens, 0),
    case Tokens1 of
        [{'|', _} | Tokens2] ->
            {More, Rest} = top_type(Tokens2),
            {union(Type, More), Rest};
        _ -> {Type, Tokens1}
    end.

union(Type, {type, _, union, Types}) -> {type, type_anno(Type), union, [Type | Types]};
union(Type, Other) -> {type, type_anno(Type), union, [Type, Other]}.

type_anno({op, _, _, Left, _}) -> type_anno(Left);
type_anno({type, _, range, [From, _]}) -> type_anno(From);
type_anno(Type) -> element(2, Type).

type([{Op, Anno} | Tokens], Least) when Op =:= '+'; Op =:= '-'; Op =:= 'bnot' ->
    {Type, Rest} = type(Tokens, 600),
    type_infix({op, Anno, Op, Type}, Rest, Least);
type(Tokens, Least) ->
    {Type, Rest} = plain(Tokens),
    type_infix(Type, Rest, Least).

type_infix(Left, [{Op, Anno} | Tokens] = All, Least) ->
    case level(Op) of
        Level when Level >= Least ->
            {Right, Rest} = type(Tokens, Level + 1),
            Type = case Op of
                '..' -> {type, element(2, Left), range, [Left, Right]};
                _ -> {op, Anno, Op, Left, Right}
            end,
            case Rest of
                [{'..', _} | _] when Op =:= '..' -> unexpected(Rest);
                _ -> type_infix(Type, Rest, Least)
            end;
        _ -> {Left, All}
    end;
type_infix(Left, Tokens, _) -> {Left, Tokens}.

level('..') -> 200;
level(Op) when Op =:= '+'; Op =:= '-'; Op =:= 'bor'; Op =:= 'bxor'; Op =:= 'bsl'; Op =:= 'bsr' ->
    400;
level(Op) when Op =:= '*'; Op =:= 'div'; Op =:= 'rem'; Op =:= 'band' -> 500;
level(_) -> -1.

plain([{'(', _} | Tokens]) ->
    {Type, Tokens1} = top_type(Tokens),
    {_, Rest} = expect(')', Tokens1),
    {Type, Rest};
plain([{Category, _, _} = Token | Rest])
  when Category =:= var; Category =:= integer; Category =:= char ->
    {Token, Rest};
plain([{atom, Anno, _} = Module, {':', _}, {atom, _, _} = Name | Tokens]) ->
    {_, Tokens1} = expect('(', Tokens),
    {Types, Rest} = types(')', Tokens1),
    {{remote_type, Anno, [Module, Name, Types]}, Rest};
plain([{atom, _, _}, {':', _} | Tokens]) -> unexpected(Tokens);
plain([{atom, Anno, Name}, {'(', _} | Tokens]) ->
    {Types, Rest} = types(')', Tokens),
    {named(Anno, Name, Types), Rest};
plain([{atom, _, _} = Atom | Rest]) -> {Atom, Rest};
plain([{'[', Anno}, {']', _} | Rest]) -> {{type, Anno, nil, []}, Rest};
plain([{'[', Anno} | Tokens]) ->
    {Type, Tokens1} = top_type(Tokens),
    case Tokens1 of
        [{',', _}, {'...', _} | Tokens2] ->
            {_, Rest} = expect(']', Tokens2),
            {{type, Anno, nonempty_list, [Type]}, Rest};
        [{',', _} | Tokens2] -> unexpected(Tokens2);
        _ ->
            {_, Rest} = expect(']', Tokens1),
            {{type, Anno, list, [Type]}, Rest}
    end;
plain([{'{', Anno} | Tokens]) ->
    {Types, Rest} = types('}', Tokens),
    {{type, Anno, tuple, Types}, Rest};
plain([{'#', Anno}, {'{', _}, {'}', _} | Rest]) -> {{type, Anno, map, []}, Rest};
plain([{'#', Anno}, {'{', _} | Tokens]) ->
    {Pairs, Rest} = pairs(fun map_pair/1, Tokens),
    {{type, Anno, map, Pairs}, Rest};
plain([{'#', Anno}, {atom, _, _} = Name, {'{', _}, {'}', _} | Rest]) ->
    {{type, Anno, record, [Name]}, Rest};
plain([{'#', Anno}, {atom, _, _} = Name, {'{', _} | Tokens]) ->
    {Fields, Rest} = pairs(fun field_type/1, Tokens),
    {{type, Anno, record, [Name | Fields]}, Rest};
plain([{'#', _}, {atom, _, _} | Tokens]) -> unexpected(Tokens);
plain([{'#', _} | Tokens]) -> unexpected(Tokens);
plain([{'<<', Anno} | Tokens]) -> binary_type(Anno, Tokens);
plain([{'fun', Anno}, {'(', _}, {')', _} | Rest]) -> {{type, Anno, 'fun', []}, Rest};
plain([{'fun', _}, {'(', _}, {'(', Anno}, {'...', _} | Tokens]) ->
    {_, Tokens1} = expect(')', Tokens),
    {_, Tokens2} = expect('->', Tokens1),
    {Type, Tokens3} = top_type(Tokens2),
    {_, Rest} = expect(')', Tokens3),
    {{type, Anno, 'fun', [{type, Anno, any}, Type]}, Rest};
plain([{'fun', _}, {'(', _} | Tokens]) ->
    {Type, Tokens1} = signature(Tokens),
    {_, Rest} = expect(')', Tokens1),
    {Type, Rest};
plain([{'fun', _} | Tokens]) -> unexpected(Tokens);
plain(Tokens) -> unexpected(Tokens).

named(Anno, tuple, []) -> {type, Anno, tuple, any};
named(Anno, map, []) -> {type, Anno, map, any};
named(Anno, Name, Types) ->
    case is_builtin(Name, length(Types)) of
        true -> {type, Anno, Name, Types};
        false -> {user_type, Anno, Name, Types}
    end.

is_builtin(Name, 0) ->
    lists:member(Name, [any, arity, atom, binary, bitstring, bool, boolean, byte, char, dynamic,
                        float, function, identifier, integer, iodata, iolist, list,
                        maybe_improper_list, mfa, module, neg_integer, nil, no_return, node, non_neg_integer, none,
                        nonempty_binary, nonempty_bitstring, nonempty_list,
                        nonempty_maybe_improper_list, nonempty_string, number, pid, port,
                        pos_integer, reference, string, term, timeout]);
is_builtin(Name, 1) -> Name =:= list orelse Name =:= nonempty_list;
is_builtin(Name, 2) ->
    lists:member(Name, [maybe_improper_list, nonempty_improper_list,
                        nonempty_maybe_improper_list]);
is_builtin(_, _) -> false.

pairs(Read, Tokens) ->
    {Pair, Tokens1} = Read(Tokens),
    case Tokens1 of
        [{',', _} | Tokens2] ->
            {More, Rest} = pairs(Read, Tokens2),
            {[Pair | More], Rest};
        _ ->
            {_, Rest} = expect('}', Tokens1),
            {[Pair], Rest}
    end.

map_pair(Tokens) ->
    case top_type(Tokens) of
        {Key, [{'=>', Anno} | Tokens1]} -> map_pair(map_field_assoc, Anno, Key, Tokens1);
        {Key, [{':=', Anno} | Tokens1]} -> map_pair(map_field_exact, Anno, Key, Tokens1);
        {_, Rest} -> unexpected(Rest)
    end.

map_pair(Kind, Anno, Key, Tokens) ->
    {Value, Rest} = top_type(Tokens),
    {{type, Anno, Kind, [Key, Value]}, Rest}.

field_type([{atom, Anno, _} = Name, {'::', _} | Tokens]) ->
    {Type, Rest} = top_type(Tokens),
    {{type, Anno, field_type, [Name, Type]}, Rest};
field_type([{atom, _, _} | Tokens]) -> unexpected(Tokens);
field_type(Tokens) -> unexpected(Tokens).

%% <<_:Base, _:_*Unit>>, either or both.
binary_type(Anno, [{'>>', _} | Rest]) -> {a_binary(Anno, zero(Anno), zero(Anno)), Rest};
binary_type(Anno, [{var, _, '_'}, {':', _}, {var, _, '_'}, {'*', _} | Tokens]) ->
    {Unit, Tokens1} = type(Tokens, 600),
    {_, Rest} = expect('>>', Tokens1),
    {a_binary(Anno, zero(Anno), Unit), Rest};
binary_type(Anno, [{var, _, '_'}, {':', _} | Tokens]) ->
    {Base, Tokens1} = type(Tokens, 600),
    case Tokens1 of
        [{',', _}, {var, _, '_'}, {':', _}, {var, _, '_'}, {'*', _} | Tokens2] ->
            {Unit, Tokens3} = type(Tokens2, 600),
            {_, Rest} = expect('>>', Tokens3),
            {a_binary(Anno, Base, Unit), Rest};
        [{',', _} | Tokens2] -> unexpected(Tokens2);
        _ ->
            {_, Rest} = expect('>>', Tokens1),
            {a_binary(Anno, Base, zero(Anno)), Rest}
    end;
binary_type(_, Tokens) -> unexpected(Tokens).

a_binary(Anno, Base, Unit) -> {type, Anno, binary, [Base, Unit]}.

zero(Anno) -> {integer, erl_anno:new(erl_anno:line(Anno)), 0}.
