%% The types of attributes as boxes, for erl_pp: a box is a list of lines. The last argument
%% lays out expressions and names and says how wide a line may be.
-module(erl_pp_type).

-export([box/3, definition/3, specification/2]).

-type layout() :: {fun((erl_parse:abstract_expr(), integer()) -> [string()]),
                   fun((atom()) -> string()), pos_integer()}.

-spec definition({atom(), erl_parse:abstract_type(), [term()]}, integer(), layout()) -> [string()].
definition({Name, Type, Arguments}, Column, {Expr, Write, Width} = L) ->
    Vars = [hd(Expr(A, 0)) || A <- Arguments],
    Head = " " ++ Write(Name) ++ "(" ++ commas(Vars) ++ ") ::",
    Line = text(Type, L),
    case {Column + length(Head) + length(Line) + 2 =< Width, Type} of
        {true, _} -> [Head ++ " " ++ Line];
        {false, {type, _, union, Types}} -> [Head | alternatives(Types, 11 - Column, L)];
        {false, _} -> [Head, spaces(11 - Column) ++ Line]
    end.

alternatives(Types, Indent, L) ->
    {_, _, Right} = erl_parse:type_inop_prec('|'),
    barred([spaces(Indent) ++ text(Type, Right, L) || Type <- Types]).

barred([Last]) -> [Last];
barred([Text | Texts]) -> [Text ++ " |" | barred(Texts)].

spaces(N) -> lists:duplicate(max(N, 0), $\s).

-spec specification({tuple(), [erl_parse:abstract_type()]}, layout()) -> [string()].
specification({Function, Types}, {_, Write, _} = L) ->
    Name = case Function of
        {M, F, _} -> Write(M) ++ ":" ++ Write(F);
        {F, _} -> Write(F)
    end,
    [First | Rest] = [signature(T, L) || T <- Types],
    Indent = spaces(length(Name) + 1),
    ends([" " ++ Name ++ First | [Indent ++ S || S <- Rest]]).

ends([Line]) -> [Line];
ends([Line | Lines]) -> [Line ++ ";" | ends(Lines)].

signature({type, _, bounded_fun, [Fun, Constraints]}, L) ->
    signature(Fun, L) ++ " when " ++ commas([constraint(C, L) || C <- Constraints]);
signature({type, _, 'fun', [{type, _, product, Arguments}, Type]}, L) ->
    "(" ++ texts(Arguments, L) ++ ") -> " ++ text(Type, L).

constraint({type, _, constraint, [{atom, _, is_subtype}, [Var, Type]]}, L) ->
    text(Var, L) ++ " :: " ++ text(Type, L).

-spec box(erl_parse:abstract_type(), integer(), layout()) -> [string()].
box(Type, _, L) -> [text(Type, L)].

commas(Texts) -> lists:append(lists:join(", ", Texts)).

texts(Types, L) -> commas([text(T, L) || T <- Types]).

text(Type, L) -> text(Type, 0, L).

text({ann_type, _, [Var, Type]}, Prec, L) ->
    {Left, Own, Right} = erl_parse:type_inop_prec('::'),
    parens(text(Var, Left, L) ++ " :: " ++ text(Type, Right, L), Own, Prec);
text({type, _, union, Types}, Prec, L) ->
    {_, Own, Right} = erl_parse:type_inop_prec('|'),
    parens(lists:append(lists:join(" | ", [text(T, Right, L) || T <- Types])), Own, Prec);
text({type, _, range, [From, To]}, Prec, L) ->
    {Left, Own, Right} = erl_parse:type_inop_prec('..'),
    parens(text(From, Left, L) ++ ".." ++ text(To, Right, L), Own, Prec);
text({op, _, Op, A}, Prec, L) ->
    {Own, Right} = erl_parse:type_preop_prec(Op),
    Text = case Op of
        'bnot' -> "bnot ";
        _ -> atom_to_list(Op)
    end,
    parens(Text ++ text(A, Right, L), Own, Prec);
text({op, _, Op, A, B}, Prec, L) ->
    {Left, Own, Right} = erl_parse:type_inop_prec(Op),
    Text = [text(A, Left, L), " ", atom_to_list(Op), " ", text(B, Right, L)],
    parens(lists:append(Text), Own, Prec);
text({type, _, nil, []}, _, _) -> "[]";
text({type, _, list, [T]}, _, L) -> "[" ++ text(T, L) ++ "]";
text({type, _, nonempty_list, [T]}, _, L) -> "[" ++ text(T, L) ++ ", ...]";
text({type, _, tuple, any}, _, _) -> "tuple()";
text({type, _, tuple, Types}, _, L) -> "{" ++ texts(Types, L) ++ "}";
text({type, _, map, any}, _, _) -> "map()";
text({type, _, map, Fields}, _, L) -> "#{" ++ texts(Fields, L) ++ "}";
text({type, _, map_field_assoc, [K, V]}, _, L) -> text(K, L) ++ " => " ++ text(V, L);
text({type, _, map_field_exact, [K, V]}, _, L) -> text(K, L) ++ " := " ++ text(V, L);
text({type, _, record, [{atom, _, Name} | Fields]}, _, {_, Write, _} = L) ->
    "#" ++ Write(Name) ++ "{" ++ texts(Fields, L) ++ "}";
text({type, _, field_type, [{atom, _, Name}, Type]}, _, {_, Write, _} = L) ->
    Write(Name) ++ " :: " ++ text(Type, L);
text({type, _, binary, [{integer, _, 0}, {integer, _, 0}]}, _, _) -> "<<>>";
text({type, _, binary, [Base, {integer, _, 0}]}, _, L) -> "<<_:" ++ text(Base, L) ++ ">>";
text({type, _, binary, [{integer, _, 0}, Unit]}, _, L) -> "<<_:_*" ++ text(Unit, L) ++ ">>";
text({type, _, binary, [Base, Unit]}, _, L) ->
    "<<_:" ++ text(Base, L) ++ ", _:_*" ++ text(Unit, L) ++ ">>";
text({type, _, 'fun', []}, _, _) -> "fun()";
text({type, _, 'fun', [{type, _, any}, Type]}, _, L) -> "fun((...) -> " ++ text(Type, L) ++ ")";
text({type, _, 'fun', _} = Fun, _, L) -> "fun(" ++ signature(Fun, L) ++ ")";
text({remote_type, _, [{atom, _, M}, {atom, _, Name}, Arguments]}, _, {_, Write, _} = L) ->
    lists:append([Write(M), ":", Write(Name), "(", texts(Arguments, L), ")"]);
text({Kind, _, Name, Arguments}, _, {_, Write, _} = L) when Kind =:= type; Kind =:= user_type ->
    Write(Name) ++ "(" ++ texts(Arguments, L) ++ ")";
text(Literal, _, {Expr, _, _}) -> hd(Expr(Literal, 0)).

parens(Text, Inner, Outer) when Inner < Outer -> "(" ++ Text ++ ")";
parens(Text, _, _) -> Text.
