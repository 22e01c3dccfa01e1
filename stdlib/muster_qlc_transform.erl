%% What a module's qlc:q([Template || Qualifiers], Options) becomes: in the place of the comprehension stands
%% {qlc_query, Fun, Text}, where Fun() is the first node of
%%
%%     {generator, Number, Keys, Fixed, fun() -> Handle end, fun(Pattern) -> Node; (_) -> none end}
%%     {filter, fun() -> boolean() end, fun() -> Node end}
%%     {answer, fun() -> Template end}
%%
%% so that each expression sees the variables that it sees in a comprehension, and nothing is computed before it is
%% needed. Keys says which elements of a generator's tuples can only have one value, {Position, '=:=' or '==', fun() ->
%% Value end}: the pattern has a constant there, or a filter compares it with what is known before. Fixed: the handle
%% is the same for all values of the earlier generators' variables, so that it need be looked at only once.
-module(muster_qlc_transform).
-export([forms/1, expression/1, format_error/1]).

-type expr() :: erl_parse:abstract_expr().

-spec forms([erl_parse:abstract_form()]) ->
          [erl_parse:abstract_form()] | {error, [{file:filename(), [tuple()]}], []}.
forms(Forms) ->
    Imported = [Arity || {attribute, _, import, {qlc, Functions}} <- Forms, {q, Arity} <- Functions, Arity =< 2],
    {New, {_, Errors}} = lists:mapfoldl(fun(Form, {File, Wrong}) -> form(Form, File, Wrong, Imported) end,
                                        {"nofile", []}, Forms),
    case lists:reverse(Errors) of
        [] -> New;
        All -> {error, [{File, [Info || {F, Info} <- All, F =:= File]} || File <- lists:uniq([F || {F, _} <- All])], []}
    end.

form({attribute, _, file, {File, _}} = Form, _, Errors, _) -> {Form, {File, Errors}};
form({function, _, _, _, _} = Form, File, Errors, Imported) ->
    {New, Wrong} = walk(Form, Imported, []),
    {New, {File, [{File, {Where, ?MODULE, What}} || {Where, What} <- Wrong] ++ Errors}};
form(Form, File, Errors, _) -> {Form, {File, Errors}}.

%% A comprehension alone, for qlc:string_to_handle/3.
-spec expression(expr()) -> {ok, expr()} | {error, term()}.
expression(Expr) ->
    case walk(Expr, [], []) of
        {{lc, _, _, _} = Query, []} -> query(Query, []);
        {_, [{_, What} | _]} -> {error, What};
        _ -> {error, not_a_query_list_comprehension}
    end.

-spec format_error(term()) -> io_lib:chars().
format_error(not_a_query_list_comprehension) -> "argument is not a query list comprehension";
format_error(binary_generator) -> "a query list comprehension has no generators over binaries";
format_error(Other) -> io_lib:format("~tp", [Other]).

%% Queries within others come first.
walk({call, Anno, {remote, _, {atom, _, qlc}, {atom, _, q}} = Q, Args}, Imported, Wrong) when length(Args) =< 2, Args =/= [] ->
    query_call(Anno, Q, Args, Imported, Wrong);
walk({call, Anno, {atom, _, q}, Args}, Imported, Wrong) ->
    case lists:member(length(Args), Imported) of
        true -> query_call(Anno, {remote, Anno, {atom, Anno, qlc}, {atom, Anno, q}}, Args, Imported, Wrong);
        false ->
            {New, More} = walk(Args, Imported, Wrong),
            {{call, Anno, {atom, Anno, q}, New}, More}
    end;
walk(Tuple, Imported, Wrong) when is_tuple(Tuple) ->
    {List, More} = walk(tuple_to_list(Tuple), Imported, Wrong),
    {list_to_tuple(List), More};
walk([Head | Tail], Imported, Wrong) ->
    {NewHead, More} = walk(Head, Imported, Wrong),
    {NewTail, Most} = walk(Tail, Imported, More),
    {[NewHead | NewTail], Most};
walk(Other, _, Wrong) -> {Other, Wrong}.

query_call(Anno, Q, Args, Imported, Wrong) ->
    {[Query | Options], More} = walk(Args, Imported, Wrong),
    case query(Query, element(2, hd(Args))) of
        {ok, New} -> {{call, Anno, Q, [New | Options]}, More};
        {error, What} -> {{call, Anno, Q, Args}, [{erl_anno:location(element(2, hd(Args))), What} | More]}
    end.

query({lc, Anno, Template, Qualifiers} = Query, _) ->
    case [Q || {b_generate, _, _, _} = Q <- Qualifiers] ++ [Q || {m_generate, _, _, _} = Q <- Qualifiers] of
        [] ->
            Text = lists:flatten(erl_pp:expr(plain(Query))),
            G = erl_anno:set_generated(true, Anno),
            {ok, {tuple, G, [{atom, G, qlc_query}, lambda(G, node(Qualifiers, [], 1, Template, G)), {string, G, Text}]}};
        _ -> {error, binary_generator}
    end;
query(_, _) -> {error, not_a_query_list_comprehension}.

%% As it was written: queries within it, too.
plain({tuple, _, [{atom, _, qlc_query}, _, {string, Anno, Text}]}) ->
    {ok, Tokens, _} = erl_scan:string(Text ++ "."),
    {ok, [Expr]} = erl_parse:parse_exprs(Tokens),
    erl_parse:map_anno(fun(_) -> Anno end, Expr);
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Other) -> Other.

lambda(G, Body) -> {'fun', G, {clauses, [{clause, G, [], [], [Body]}]}}.

%% Earlier: the variables of the generators before.
node([], _, _, Template, G) -> {tuple, G, [{atom, G, answer}, lambda(G, Template)]};
node([{generate, _, Pattern, Handle} | Rest], Earlier, N, Template, G) ->
    Own = variables(Pattern),
    Clause = {clause, G, [Pattern], [], [node(Rest, Own ++ Earlier, N + 1, Template, G)]},
    Others = case Pattern of
                 {var, _, _} -> [];
                 _ -> [{clause, G, [{var, G, '_'}], [], [{atom, G, none}]}]
             end,
    Fixed = not lists:any(fun(V) -> lists:member(V, Earlier) end, variables(Handle)),
    {tuple, G, [{atom, G, generator}, {integer, G, N}, list(G, [key(Key, G) || Key <- keys(Pattern, Own, Rest)]),
                {atom, G, Fixed}, lambda(G, Handle), {'fun', G, {clauses, [Clause | Others]}}]};
node([Filter | Rest], Earlier, N, Template, G) ->
    %% As in a comprehension: a guard that fails is false.
    Test = case erl_lint:is_guard_test(Filter) of
               true -> {op, G, '=/=', {lc, G, {atom, G, true}, [Filter]}, {nil, G}};
               false -> Filter
           end,
    {tuple, G, [{atom, G, filter}, lambda(G, Test), lambda(G, node(Rest, Earlier, N, Template, G))]}.

list(G, Exprs) -> lists:foldr(fun(Expr, Tail) -> {cons, G, Expr, Tail} end, {nil, G}, Exprs).

key({Position, Op, Expr}, G) -> {tuple, G, [{integer, G, Position}, {atom, G, Op}, lambda(G, Expr)]}.

%% ---- which elements can have one value only ----

keys({match, _, Left, Right}, Own, Rest) -> keys(Left, Own, Rest) ++ keys(Right, Own, Rest);
keys({tuple, _, Elements}, Own, Rest) ->
    Comparisons = comparisons(Rest, Own),
    lists:append([element_keys(Position, Element, Comparisons) || {Position, Element} <- lists:enumerate(Elements)]);
keys(_, _, _) -> [].

element_keys(Position, {var, _, Name}, Comparisons) -> [{Position, Op, Expr} || {V, Op, Expr} <- Comparisons, V =:= Name];
element_keys(Position, Element, _) ->
    case is_constant(Element) of
        true -> [{Position, '=:=', Element}];
        false -> []
    end.

is_constant({Kind, _, _}) when Kind =:= atom; Kind =:= integer; Kind =:= float; Kind =:= char; Kind =:= string -> true;
is_constant({nil, _}) -> true;
is_constant({tuple, _, Elements}) -> lists:all(fun is_constant/1, Elements);
is_constant({cons, _, Head, Tail}) -> is_constant(Head) andalso is_constant(Tail);
is_constant(_) -> false.

%% {Variable of the generator, operator, what it is compared with}, from the filters that see the generator's
%% variables; what it is compared with must be known before the generator is asked.
comparisons([{generate, _, Pattern, _} | Rest], Own) ->
    Hidden = variables(Pattern),
    [Comparison || {V, _, Expr} = Comparison <- comparisons(Rest, Own), not lists:member(V, Hidden),
                   not uses(Expr, Hidden)];
comparisons([Filter | Rest], Own) -> compared(Filter, Own) ++ comparisons(Rest, Own);
comparisons([], _) -> [].

compared({op, _, 'andalso', Left, Right}, Own) -> compared(Left, Own) ++ compared(Right, Own);
compared({op, _, Op, Left, Right}, Own) when Op =:= '=:='; Op =:= '==' ->
    [{V, Op, Expr} || {{var, _, V}, Expr} <- [{Left, Right}, {Right, Left}], lists:member(V, Own),
                      not uses(Expr, Own), erl_lint:is_guard_test({op, 0, '=:=', Expr, Expr})];
compared(_, _) -> [].

uses(Expr, Names) -> lists:any(fun(V) -> lists:member(V, Names) end, variables(Expr)).

variables({var, _, '_'}) -> [];
variables({var, _, Name}) -> [Name];
variables(Tuple) when is_tuple(Tuple) -> variables(tuple_to_list(Tuple));
variables([Head | Tail]) -> variables(Head) ++ variables(Tail);
variables(_) -> [].
