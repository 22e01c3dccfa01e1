%% Text for the abstract format. Everything is laid out as a box, a list of lines, at a known
%% column; boxes are put beside or below one another. What stands between brackets goes on one
%% line if there is room, else each part on a line of its own; bodies of clauses always do that.
-module(erl_pp).

-export([form/1, form/2, attribute/1, attribute/2, function/1, function/2, guard/1, guard/2,
         exprs/1, exprs/2, exprs/3, expr/1, expr/2, expr/3, expr/4, legalize_vars/1]).

-export_type([option/0, options/0]).

-type hook_function() :: none
    | fun((erl_parse:abstract_expr(), integer(), non_neg_integer(), options()) -> io_lib:chars()).
-type option() :: {hook, hook_function()} | {encoding, latin1 | unicode | utf8}
    | {quote_singleton_atom_types, boolean()} | {linewidth, pos_integer()}
    | {indent, pos_integer()}.
-type options() :: hook_function() | [option()].

-record(how, {hook :: hook_function(), options :: options(), width :: pos_integer(),
              indent = 4 :: pos_integer(), quotes = false :: boolean(), ascii :: boolean()}).

-define(INDENT, (H#how.indent)).

%%% Entrances

-spec form(erl_parse:abstract_form()) -> io_lib:chars().
form(Form) -> form(Form, none).

-spec form(erl_parse:abstract_form(), options()) -> io_lib:chars().
form({attribute, _, _, _} = Attribute, Options) -> attribute(Attribute, Options);
form({function, _, _, _, _} = Function, Options) -> function(Function, Options);
form({eof, _}, _) -> "\n";
form({Kind, Info}, _) when Kind =:= error; Kind =:= warning ->
    io_lib:format("~p\n", [{Kind, Info}]).

-spec attribute(erl_parse:abstract_form()) -> io_lib:chars().
attribute(Form) -> attribute(Form, none).

-spec attribute(erl_parse:abstract_form(), options()) -> io_lib:chars().
attribute({attribute, _, Name, Value}, Options) ->
    H = how(Options),
    Open = "-" ++ name(Name, H),
    lines(beside([[Open], attribute(Name, Value, length(Open), H), ["."]])) ++ "\n".

-spec function(erl_parse:abstract_form()) -> io_lib:chars().
function(Form) -> function(Form, none).

-spec function(erl_parse:abstract_form(), options()) -> io_lib:chars().
function({function, _, Name, _, Clauses}, Options) ->
    H = how(Options),
    Boxes = [function_clause(name(Name, H), C, 0, H) || C <- Clauses],
    lines(beside([stacked(Boxes, ";"), ["."]])) ++ "\n".

-spec guard([[erl_parse:abstract_expr()]]) -> io_lib:chars().
guard(Guard) -> guard(Guard, none).

-spec guard([[erl_parse:abstract_expr()]], options()) -> io_lib:chars().
guard(Guard, Options) -> lines(pair(["when "], guard_box(Guard, 5, how(Options)))).

-spec exprs([erl_parse:abstract_expr()]) -> io_lib:chars().
exprs(Es) -> exprs(Es, 0, none).

-spec exprs([erl_parse:abstract_expr()], options()) -> io_lib:chars().
exprs(Es, Options) -> exprs(Es, 0, Options).

-spec exprs([erl_parse:abstract_expr()], integer(), options()) -> io_lib:chars().
exprs(Es, Indent, Options) ->
    margin(Indent, group("", Es, "", max(Indent, 0), how(Indent, Options))).

-spec expr(erl_parse:abstract_expr()) -> io_lib:chars().
expr(E) -> expr(E, 0, 0, none).

-spec expr(erl_parse:abstract_expr(), options()) -> io_lib:chars().
expr(E, Options) -> expr(E, 0, 0, Options).

-spec expr(erl_parse:abstract_expr(), integer(), options()) -> io_lib:chars().
expr(E, Indent, Options) -> expr(E, Indent, 0, Options).

-spec expr(erl_parse:abstract_expr(), integer(), non_neg_integer(), options()) -> io_lib:chars().
expr(E, Indent, Prec, Options) ->
    margin(Indent, box(E, Prec, max(Indent, 0), how(Indent, Options))).

%% The function with variables that source can have: names that begin as no variable's does (those
%% that other passes make) are replaced by new ones.
-spec legalize_vars(erl_parse:abstract_form()) -> erl_parse:abstract_form().
legalize_vars({function, Anno, Name, Arity, Clauses}) ->
    Names = erl_eval_tree:variables(Clauses),
    {Legal, Illegal} = lists:partition(fun is_variable/1, Names),
    {New, _} = lists:foldl(fun(Old, {Map, Taken}) ->
        Fresh = fresh(string:uppercase(name_text(Old)), Taken),
        {Map#{Old => Fresh}, [Fresh | Taken]}
    end, {#{}, Legal}, Illegal),
    {function, Anno, Name, Arity, renamed(Clauses, New)}.

is_variable(Name) when is_atom(Name) ->
    [First | _] = atom_to_list(Name),
    First =:= $_ orelse First >= $A andalso First =< $Z
        orelse First >= $À andalso First =< $Þ andalso First =/= $×;
is_variable(_) -> false.

name_text(Name) when is_atom(Name) ->
    case atom_to_list(Name) of
        [First | _] = Text when First >= $a, First =< $z -> Text;
        Text -> "V" ++ [C || C <- Text, C =:= $_ orelse C >= $0 andalso C =< $9
                                 orelse C >= $a andalso C =< $z orelse C >= $A andalso C =< $Z]
    end;
name_text(Name) -> "V" ++ [C || C <- lists:flatten(io_lib:format("~p", [Name])), C >= $0, C =< $9].

fresh(Text, Taken) ->
    Name = list_to_atom(Text),
    case lists:member(Name, Taken) of
        true -> fresh(Text ++ "_1", Taken);
        false -> Name
    end.

renamed({var, Anno, Name}, New) -> {var, Anno, maps:get(Name, New, Name)};
renamed({value, _, _} = Value, _) -> Value;
renamed(Tree, New) when is_tuple(Tree) -> list_to_tuple(renamed(tuple_to_list(Tree), New));
renamed([H | T], New) -> [renamed(H, New) | renamed(T, New)];
renamed(Leaf, _) -> Leaf.

%% No new lines where the indentation is negative.
how(Indent, Options) when Indent < 0 -> (how(Options))#how{width = 1000000000};
how(_, Options) -> how(Options).

how(Options) when is_list(Options) ->
    #how{hook = proplists:get_value(hook, Options, none), options = Options,
         width = proplists:get_value(linewidth, Options, 72),
         indent = proplists:get_value(indent, Options, 4),
         quotes = proplists:get_value(quote_singleton_atom_types, Options, false),
         ascii = proplists:get_value(encoding, Options, unicode) =:= latin1};
how(Hook) -> #how{hook = Hook, options = Hook, width = 72, ascii = false}.

%%% Boxes

lines(Box) -> lists:flatten(lists:join($\n, Box)).

%% All lines but the first begin at that column.
margin(Indent, [First | Rest]) when Indent < 0 ->
    lists:flatten(lists:foldl(fun(Line, Before) ->
        Text = string:trim(Line, leading, " "),
        case lists:last([$x | Before]) of
            $\s -> Before ++ Text;
            _ -> Before ++ " " ++ Text
        end
    end, First, Rest));
margin(Indent, [First | Rest]) -> lines([First | indented(max(Indent, 0), Rest)]).

indented(N, Lines) -> [lists:duplicate(N, $\s) ++ Line || Line <- Lines].

beside([Box]) -> Box;
beside([Left, Right | More]) -> beside([pair(Left, Right) | More]).

pair(Left, [First | Rest]) ->
    {Above, [Last]} = lists:split(length(Left) - 1, Left),
    Above ++ [Last ++ First | indented(length(Last), Rest)].

%% Below one another, the separator after all but the last.
stacked(Boxes, Separator) -> lists:append(separated(Boxes, Separator)).

separated([Box], _) -> [Box];
separated([Box | Boxes], Separator) -> [pair(Box, [Separator]) | separated(Boxes, Separator)].

%% On one line if all of it fits, else aligned below one another.
fit(Open, Boxes, Separator, Close, Column, H) ->
    OneLine = lists:all(fun(Box) -> tl(Box) =:= [] end, Boxes),
    Line = Open ++ joined(Separator ++ " ", [hd(B) || B <- Boxes]) ++ Close,
    case OneLine andalso (Column + length(Line) =< H#how.width orelse length(Boxes) < 2) of
        true -> [Line];
        false -> beside([[Open], stacked(Boxes, Separator), [Close]])
    end.

joined(Separator, Texts) -> lists:append(lists:join(Separator, Texts)).

group(Open, [], Close, _, _) -> [Open ++ Close];
group(Open, Es, Close, Column, H) ->
    fit(Open, [box(E, 0, Column + length(Open), H) || E <- Es], ",", Close, Column, H).

name(Atom, #how{ascii = true}) -> lists:flatten(io_lib:write_atom_as_latin1(Atom));
name(Atom, _) -> lists:flatten(io_lib:write_atom(Atom)).

%%% Expressions

box(E, Prec, Column, H) ->
    case simple(E, H) of
        none -> compound(E, Prec, Column, H);
        Text -> [Text]
    end.

simple({var, _, Name}, _) when is_atom(Name) -> atom_to_list(Name);
simple({var, _, Name}, _) -> lists:flatten(io_lib:format("_~p", [Name]));
simple({atom, _, Name}, H) -> name(Name, H);
simple({char, _, Char}, #how{ascii = true}) -> lists:flatten(io_lib:write_char_as_latin1(Char));
simple({char, _, Char}, _) -> lists:flatten(io_lib:write_char(Char));
simple({integer, _, N}, _) -> integer_to_list(N);
simple({float, _, F}, _) -> lists:flatten(io_lib:write(F));
simple({string, _, Chars}, #how{ascii = true}) ->
    lists:flatten(io_lib:write_string_as_latin1(Chars));
simple({string, _, Chars}, _) -> lists:flatten(io_lib:write_string(Chars));
simple({nil, _}, _) -> "[]";
simple({'fun', _, {function, Name, Arity}}, H) ->
    lists:append(["fun ", name(Name, H), "/", integer_to_list(Arity)]);
simple(_, _) -> none.

parens(Box, Inner, Outer) when Inner < Outer -> beside([["("], Box, [")"]]);
parens(Box, _, _) -> Box.

compound({op, _, Op, A}, Prec, Column, H) ->
    {Own, Right} = erl_parse:preop_prec(Op),
    Text = case lists:member(Op, ['not', 'bnot']) of
        true -> atom_to_list(Op) ++ " ";
        false -> atom_to_list(Op)
    end,
    parens(pair([Text], box(A, Right, Column + length(Text), H)), Own, Prec);
compound({op, _, Op, A, B}, Prec, Column, H) -> infix(Op, A, B, Prec, Column, H);
compound({match, _, A, B}, Prec, Column, H) -> infix('=', A, B, Prec, Column, H);
compound({maybe_match, _, A, B}, _, Column, H) ->
    Left = box(A, 0, Column, H),
    beside([Left, [" ?= "], box(B, 0, Column, H)]);
compound({'catch', _, E}, Prec, Column, H) ->
    {Own, Right} = erl_parse:preop_prec('catch'),
    parens(pair(["catch "], box(E, Right, Column + 6, H)), min(Own, 100), Prec);
compound({remote, _, M, F}, Prec, Column, H) ->
    {Left, Own, Right} = erl_parse:inop_prec(':'),
    parens(beside([box(M, Left, Column, H), [":"], box(F, Right, Column, H)]), Own, Prec);
compound({call, Anno, {remote, _, {atom, _, erlang}, {atom, _, Name} = F} = Remote, Arguments},
         Prec, Column, H) ->
    %% As it is called without naming the module.
    Function = case erl_internal:bif(Name, length(Arguments)) of
                   true -> F;
                   false -> {long, Remote}
               end,
    compound({call, Anno, Function, Arguments}, Prec, Column, H);
compound({call, Anno, {long, Remote}, Arguments}, Prec, Column, H) ->
    {Left, Own} = erl_parse:func_prec(),
    Function = box(Remote, Left, Column, H),
    _ = Anno,
    At = Column + length(lists:last(Function)),
    parens(pair(Function, group("(", Arguments, ")", At, H)), Own, Prec);
compound({call, _, F, Arguments}, Prec, Column, H) ->
    {Left, Own} = erl_parse:func_prec(),
    Function = box(F, Left, Column, H),
    At = Column + length(lists:last(Function)),
    parens(pair(Function, group("(", Arguments, ")", At, H)), Own, Prec);
compound({tuple, _, Es}, _, Column, H) -> group("{", Es, "}", Column, H);
compound({cons, _, Head, Tail}, _, Column, H) ->
    {Es, Last} = elements(Tail, [Head]),
    Boxes = [box(E, 0, Column + 1, H) || E <- Es],
    case Last of
        nil -> fit("[", Boxes, ",", "]", Column, H);
        _ -> improper(Boxes, box(Last, 0, Column + 3, H), Column, H)
    end;
compound({map, _, Fields}, _, Column, H) -> fields("#{", Fields, Column, H);
compound({map, _, E, Fields}, Prec, Column, H) ->
    {Left, Own, _} = erl_parse:inop_prec('#'),
    Map = box(E, Left, Column, H),
    At = Column + length(lists:last(Map)),
    parens(pair(Map, fields("#{", Fields, At, H)), Own, Prec);
compound({record, _, Name, Fields}, Prec, Column, H) ->
    {_, Own, _} = erl_parse:inop_prec('#'),
    parens(fields("#" ++ name(Name, H) ++ "{", Fields, Column, H), Own, Prec);
compound({record, _, E, Name, Fields}, Prec, Column, H) ->
    {_, Own, _} = erl_parse:inop_prec('#'),
    Record = updated(E, Column, H),
    At = Column + length(lists:last(Record)),
    parens(pair(Record, fields("#" ++ name(Name, H) ++ "{", Fields, At, H)), Own, Prec);
compound({record_index, _, Name, Field}, Prec, Column, H) ->
    {_, Own, _} = erl_parse:inop_prec('#'),
    Text = "#" ++ name(Name, H) ++ ".",
    parens(pair([Text], box(Field, 0, Column + length(Text), H)), Own, Prec);
compound({record_field, _, E, Name, Field}, Prec, Column, H) ->
    {_, Own, _} = erl_parse:inop_prec('#'),
    Record = updated(E, Column, H),
    parens(beside([Record, ["#" ++ name(Name, H) ++ "."], box(Field, 0, Column, H)]), Own, Prec);
compound({bin, _, Elements}, _, Column, H) ->
    ["<<" ++ joined(",", [segment(E, Column, H) || E <- Elements]) ++ ">>"];
compound({lc, _, E, Qualifiers}, _, Column, H) ->
    comprehension("[", " ", box(E, 0, Column + 1, H), Qualifiers, "]", Column, H);
compound({bc, _, E, Qualifiers}, _, Column, H) ->
    comprehension("<<", "  ", box(E, 0, Column + 2, H), Qualifiers, ">>", Column, H);
compound({mc, _, Field, Qualifiers}, _, Column, H) ->
    comprehension("#{", "  ", field(Field, Column + 2, H), Qualifiers, "}", Column, H);
compound({generate, _, P, E}, _, Column, H) -> arrow(P, " <- ", E, Column, H);
compound({b_generate, _, P, E}, _, Column, H) -> arrow(P, " <= ", E, Column, H);
compound({m_generate, _, P, E}, _, Column, H) ->
    beside([field(P, Column, H), [" <- "], box(E, 0, Column, H)]);
compound({'fun', _, {function, M, F, A}}, _, Column, H) ->
    [M1, F1, A1] = [case X of
        _ when is_atom(X) -> [name(X, H)];
        _ when is_integer(X) -> [integer_to_list(X)];
        _ -> box(X, 900, Column, H)
    end || X <- [M, F, A]],
    beside([["fun "], M1, [":"], F1, ["/"], A1]);
compound({'fun', _, {clauses, Clauses}}, _, Column, H) -> fun_box("fun", "", Clauses, Column, H);
compound({named_fun, _, Name, Clauses}, _, Column, H) ->
    fun_box("fun ", atom_to_list(Name), Clauses, Column, H);
compound({value, _, Value}, Prec, Column, H) -> box(erl_parse:abstract(Value), Prec, Column, H);
compound({block, _, Es}, _, Column, H) ->
    case [box(E, 0, Column + ?INDENT, H) || E <- Es] of
        [[Line]] -> ["begin " ++ Line ++ " end"];
        Boxes -> ["begin"] ++ indented(?INDENT, stacked(Boxes, ",")) ++ ["end"]
    end;
compound({'if', _, Clauses}, _, Column, H) ->
    ["if"] ++ clauses(fun if_clause/3, Clauses, Column, H) ++ ["end"];
compound({'case', _, E, Clauses}, _, Column, H) ->
    beside([["case "], box(E, 0, Column + 5, H), [" of"]])
        ++ clauses(fun case_clause/3, Clauses, Column, H) ++ ["end"];
compound({'receive', _, Clauses}, _, Column, H) ->
    ["receive"] ++ clauses(fun case_clause/3, Clauses, Column, H) ++ ["end"];
compound({'receive', _, [], Time, Body}, _, Column, H) ->
    case {box(Time, 0, Column, H), [box(E, 0, Column + 2 * ?INDENT, H) || E <- Body]} of
        {[Line], [[Only]]} -> ["receive after " ++ Line ++ " -> " ++ Only ++ " end"];
        {T, Boxes} ->
            ["receive", "after"] ++ indented(?INDENT, pair(T, [" ->"]))
                ++ indented(2 * ?INDENT, stacked(Boxes, ",")) ++ ["end"]
    end;
compound({'receive', _, Clauses, Time, Body}, _, Column, H) ->
    After = case {box(Time, 0, Column + ?INDENT, H), [box(E, 0, Column + 2 * ?INDENT, H) || E <- Body]} of
        {[Line], [[Only]]} -> [Line ++ " -> " ++ Only];
        {T, Boxes} -> pair(T, [" ->"]) ++ indented(?INDENT, stacked(Boxes, ","))
    end,
    ["receive"] ++ clauses(fun case_clause/3, Clauses, Column, H) ++ ["after"]
        ++ indented(?INDENT, After) ++ ["end"];
compound({'try', _, Es, Clauses, Catches, After}, _, Column, H) ->
    try_head(Es, Clauses, Column, H)
        ++ case Catches of
               [] -> [];
               _ -> ["catch"] ++ clauses(fun catch_clause/3, Catches, Column, H)
           end
        ++ case After of
               [] -> [];
               _ -> ["after"] ++ indented(?INDENT, body(After, Column + ?INDENT, H))
           end
        ++ ["end"];
compound({'maybe', _, Es}, _, Column, H) ->
    case body(Es, Column + ?INDENT, H) of
        [Line] when tl(Es) =:= [], length(Line) + Column + 10 =< H#how.width ->
            ["maybe " ++ Line ++ " end"];
        Lines -> ["maybe"] ++ indented(?INDENT, Lines) ++ ["end"]
    end;
compound({'maybe', _, Es, {'else', _, Clauses}}, _, Column, H) ->
    ["maybe"] ++ indented(?INDENT, body(Es, Column + ?INDENT, H)) ++ ["else"]
        ++ clauses(fun case_clause/3, Clauses, Column, H) ++ ["end"];
compound(E, Prec, Column, #how{hook = Hook, options = Options}) when is_function(Hook, 4) ->
    string:split(lists:flatten(Hook(E, Column, Prec, Options)), "\n", all);
compound(E, Prec, Column, #how{hook = {M, F, More}, options = Options}) ->
    Text = apply(M, F, [E, Column, Prec, Options | More]),
    string:split(lists:flatten(Text), "\n", all);
compound(E, _, _, _) -> [lists:flatten(io_lib:format("INVALID-FORM:~0tp:", [E]))].

%% The right operand goes on a line of its own where there is no room beside the left one. In a
%% chain of them each part may be tried at many columns: Known has what was laid out, by place in
%% the chain and column.
infix(Op, A, B, Prec, Column, H) ->
    {_, Own, _} = erl_parse:inop_prec(Op),
    {Box, _} = chain(Op, A, B, 1, Column, H, #{}),
    parens(Box, Own, Prec).

chain(Op, A, B, Place, Column, H, Known) ->
    {Left, _, _} = erl_parse:inop_prec(Op),
    ABox = box(A, Left, Column, H),
    Text = " " ++ atom_to_list(Op),
    At = Column + length(lists:last(ABox)) + length(Text) + 1,
    {BBox, Known1} = chained(Op, B, Place + 1, At, H, Known),
    case At + length(hd(BBox)) =< H#how.width orelse Column + ?INDENT >= At of
        true -> {beside([ABox, [Text ++ " "], BBox]), Known1};
        false ->
            {Below, Known2} = chained(Op, B, Place + 1, Column + ?INDENT, H, Known1),
            {pair(ABox, [Text]) ++ indented(?INDENT, Below), Known2}
    end.

chained(Op, E, Place, Column, H, Known) ->
    case Known of
        #{{Place, Column} := Box} -> {Box, Known};
        #{} ->
            {Box, Known1} = chained_box(Op, E, Place, Column, H, Known),
            {Box, Known1#{{Place, Column} => Box}}
    end.

chained_box(Op, E, Place, Column, H, Known) ->
    {_, Own, Right} = erl_parse:inop_prec(Op),
    case E of
        {op, _, Op, A, B} when Own >= Right -> chain(Op, A, B, Place, Column, H, Known);
        {match, _, A, B} when Op =:= '=' -> chain(Op, A, B, Place, Column, H, Known);
        _ -> {box(E, Right, Column, H), Known}
    end.

updated(E, Column, H) ->
    {Left, _, _} = erl_parse:inop_prec('#'),
    box(E, Left, Column, H).

elements({cons, _, Head, Tail}, Es) -> elements(Tail, [Head | Es]);
elements({nil, _}, Es) -> {lists:reverse(Es), nil};
elements(Tail, Es) -> {lists:reverse(Es), Tail}.

improper(Boxes, [Last] = LastBox, Column, H) ->
    Heads = fit("[", Boxes, ",", "", Column, H),
    case Heads of
        [Line] when Column + length(Line) + length(Last) + 4 =< H#how.width ->
            [Line ++ " | " ++ Last ++ "]"];
        _ -> Heads ++ beside([[" | "], LastBox, ["]"]])
    end;
improper(Boxes, Last, Column, H) ->
    fit("[", Boxes, ",", "", Column, H) ++ beside([[" | "], Last, ["]"]]).

fields(Open, Fields, Column, H) ->
    Boxes = [field(F, Column + length(Open), H) || F <- Fields],
    case Boxes of
        [] -> [Open ++ "}"];
        _ -> fit(Open, Boxes, ",", "}", Column, H)
    end.

field({map_field_assoc, _, K, V}, Column, H) -> arrow(K, " => ", V, Column, H);
field({map_field_exact, _, K, V}, Column, H) -> arrow(K, " := ", V, Column, H);
field({record_field, _, Name}, Column, H) -> box(Name, 0, Column, H);
field({record_field, _, Name, V}, Column, H) -> arrow(Name, " = ", V, Column, H);
field({typed_record_field, Field, Type}, Column, H) ->
    beside([field(Field, Column, H), [" :: "], erl_pp_type:box(Type, Column, box_of(H))]);
field(E, Column, H) -> box(E, 0, Column, H).

arrow(A, Text, B, Column, H) ->
    Left = box(A, 0, Column, H),
    beside([Left, [Text], box(B, 0, Column + length(lists:last(Left)) + length(Text), H)]).

segment({bin_element, _, E, Size, Types}, Column, H) ->
    lists:append([bit_value(E, Column, H),
                  case Size of
                      default -> "";
                      _ -> ":" ++ bit_value(Size, Column, H)
                  end,
                  case Types of
                      default -> "";
                      _ -> "/" ++ joined("-", [bit_type(T) || T <- Types])
                  end]).

bit_value(E, Column, H) -> joined(" ", box(E, 900, Column, H)).

bit_type({Name, N}) -> atom_to_list(Name) ++ ":" ++ integer_to_list(N);
bit_type(Name) -> atom_to_list(Name).

comprehension(Open, Indent, E, Qualifiers, Close, Column, H) ->
    N = length(Indent),
    [Open ++ " "] ++ indented(N, pair(E, [" ||"]))
        ++ indented(N + ?INDENT, stacked([box(Q, 0, Column + N + ?INDENT, H) || Q <- Qualifiers], ","))
        ++ [Close].

%%% Clauses

body(Es, Column, H) -> stacked([box(E, 0, Column, H) || E <- Es], ",").

clauses(Layout, Clauses, Column, H) ->
    indented(?INDENT, stacked([Layout(C, Column + ?INDENT, H) || C <- Clauses], ";")).

clause(Head, Guard, Body, Column, H) ->
    guarded(Head, Guard, Column, H) ++ indented(?INDENT, body(Body, Column + ?INDENT, H)).

guarded(Head, [], _, _) -> pair(Head, [" ->"]);
guarded(Head, Guard, Column, H) ->
    At = Column + length(lists:last(Head)) + 6,
    beside([Head, [" when "], guard_box(Guard, At, H), [" ->"]]).

guard_box([Test | _] = Tests, Column, H) when is_tuple(Test) -> guard_box([Tests], Column, H);
guard_box(Guard, Column, H) ->
    fit("", [group("", Tests, "", Column, H) || Tests <- Guard], ";", "", Column, H).

case_clause({clause, _, [Pattern], Guard, Body}, Column, H) ->
    clause(box(Pattern, 0, Column, H), Guard, Body, Column, H).

if_clause({clause, _, [], Guard, Body}, Column, H) ->
    pair(guard_box(Guard, Column, H), [" ->"]) ++ indented(?INDENT, body(Body, Column + ?INDENT, H)).

catch_clause({clause, _, [{tuple, _, [Class, Pattern, Stack]}], Guard, Body}, Column, H) ->
    Head = beside([box(Class, 0, Column, H), [":"], box(Pattern, 0, Column, H)]
                  ++ case Stack of
                         {var, _, '_'} -> [];
                         _ -> [[":"], box(Stack, 0, Column, H)]
                     end),
    clause(Head, Guard, Body, Column, H);
catch_clause(Clause, Column, H) -> case_clause(Clause, Column, H).

function_clause(Name, {clause, _, Patterns, Guard, Body}, Column, H) ->
    Head = pair([Name], group("(", Patterns, ")", Column + length(Name), H)),
    clause(Head, Guard, Body, Column, H).

fun_box(Fun, Name, Clauses, Column, H) ->
    Left = Column + length(Fun),
    Boxes = [function_clause(Name, C, Left, H) || C <- Clauses],
    pair([Fun], stacked(Boxes, ";")) ++ ["end"].

try_head(Es, [], Column, H) -> ["try"] ++ indented(?INDENT, body(Es, Column + ?INDENT, H));
try_head(Es, Clauses, Column, H) ->
    Head = case [box(E, 0, Column + ?INDENT, H) || E <- Es] of
        [[Line]] -> ["try " ++ Line ++ " of"];
        Boxes -> ["try"] ++ indented(?INDENT, stacked(Boxes, ",")) ++ ["of"]
    end,
    Head ++ clauses(fun case_clause/3, Clauses, Column, H).

%%% Attributes

attribute(Name, Value, Column, H) when Name =:= type; Name =:= opaque ->
    erl_pp_type:definition(Value, Column + 1, box_of(H));
attribute(Name, Value, _, H) when Name =:= spec; Name =:= callback ->
    erl_pp_type:specification(Value, box_of(H));
attribute(record, {Name, Fields}, Column, H) ->
    Open = "(" ++ name(Name, H) ++ ",",
    beside([[Open], fields("{", Fields, Column + length(Open), H), [")"]]);
attribute(Name, List, Column, H)
  when Name =:= export; Name =:= export_type; Name =:= optional_callbacks ->
    case [Other || Other <- List, not is_name(Other)] of
        [] -> ["([" ++ names(List, H) ++ "])"];
        _ -> beside([["("], box(erl_parse:abstract(List), 0, Column + 1, H), [")"]])
    end;
attribute(import, {Module, List}, _, H) ->
    ["(" ++ name(Module, H) ++ ", [" ++ names(List, H) ++ "])"];
attribute(file, {File, Line}, _, _) ->
    [lists:flatten(io_lib:format("(~p, ~w)", [File, Line]))];
attribute(module, {Module, Parameters}, _, H) ->
    Variables = joined(", ", [atom_to_list(P) || P <- Parameters]),
    ["(" ++ name(Module, H) ++ ", [" ++ Variables ++ "])"];
attribute(_, Value, Column, H) ->
    beside([["("], box(erl_parse:abstract(Value), 0, Column + 1, H), [")"]]).

is_name({Name, Arity}) -> is_atom(Name) andalso is_integer(Arity);
is_name(_) -> false.

names(List, H) ->
    joined(",", [name(N, H) ++ "/" ++ integer_to_list(A) || {N, A} <- List]).

%% What erl_pp_type needs of an expression's layout.
box_of(#how{quotes = true} = H) ->
    {Box, Name, Width} = box_of(H#how{quotes = false}),
    {fun({atom, _, Atom}, _) -> [quoted_atom(Name(Atom))];
        (E, Column) -> Box(E, Column)
     end, Name, Width};
box_of(H) -> {fun(E, Column) -> box(E, 900, Column, H) end,
              fun(Name) -> name(Name, H) end, H#how.width}.

quoted_atom("'" ++ _ = Text) -> Text;
quoted_atom(Text) -> "'" ++ Text ++ "'".
