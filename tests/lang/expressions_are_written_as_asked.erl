%% erl_pp's options: one line, indentation, quotes, hooks; odd forms; variables that source can have.
-module(expressions_are_written_as_asked).
-export([main/0]).

main() ->
    E = expr("case f(x) of {ok, A} when A > 1 -> [A, begin B = 2, B end]; _ -> fun(X) -> X end end."),
    put_line(erl_pp:expr(E, -1, none)),
    put_line(erl_pp:expr(E, 0, [{indent, 2}])),
    put_line(erl_pp:expr(E, 10, none)),
    put_line(erl_pp:expr(expr("try a, b of c -> d catch error:_ -> e after f end."), -1, none)),
    T = form("-type t() :: a | b() | {c, #r{}} | lists:t()."),
    put_line(erl_pp:form(T, [{quote_singleton_atom_types, true}])),
    put_line(erl_pp:form(T)),
    put_line(erl_pp:form({error, {some, "error"}})),
    put_line(erl_pp:form({attribute, 1, optional_callbacks, [{bar, 1, bad}]})),
    put_line(erl_pp:expr({foo, bar})),
    put_line(erl_pp:guard([{op, 1, '>', {atom, 1, a}, {atom, 1, b}}])),
    {function, _, f, 1, [{clause, _, [{var, _, V}], [], [{var, _, V}]}]} =
        erl_pp:legalize_vars({function, 1, f, 1, [{clause, 1, [{var, 1, rec0}], [], [{var, 1, rec0}]}]}),
    true = lists:member(hd(atom_to_list(V)), "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
    %% Long chains are laid out at once.
    Chain = lists:foldr(fun(I, Rest) -> {op, 1, '++', {atom, 1, list_to_atom(lists:duplicate(30, $a) ++ integer_to_list(I))}, Rest} end,
                        {atom, 1, x}, lists:seq(1, 60)),
    io:format("~w~n", [without_places(expr(lists:flatten(erl_pp:expr(Chain)) ++ ".")) =:= without_places(Chain)]).

without_places(Tree) -> erl_parse:map_anno(fun(_) -> 1 end, Tree).

expr(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, [Expr]} = erl_parse:parse_exprs(Tokens),
    Expr.

form(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Form} = erl_parse:parse_form(Tokens),
    Form.

put_line(Text) -> io:format("~ts~n", [Text]).
