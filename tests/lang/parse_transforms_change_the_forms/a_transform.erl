%% log(Term) becomes a call with the line; every module gets a function forms/0.
-module(a_transform).
-export([parse_transform/2, format_error/1]).

parse_transform(Forms, Options) ->
    Kinds = [element(1, Form) || Form <- Forms],
    Asked = [O || {d, _} = O <- Options],
    {Before, [{eof, _} = Eof]} = lists:split(length(Forms) - 1, Forms),
    New = {function, 1, forms, 0,
           [{clause, 1, [], [], [erl_parse:abstract({length(Kinds), lists:usort(Kinds), Asked})]}]},
    add_export(lists:map(fun change/1, Before)) ++ [New, Eof].

add_export([{attribute, Anno, module, _} = Module | Forms]) ->
    [Module, {attribute, Anno, export, [{forms, 0}]} | Forms];
add_export([Form | Forms]) -> [Form | add_export(Forms)].

change({call, Anno, {atom, A, log}, [Arg]}) ->
    {call, Anno, {remote, A, {atom, A, io}, {atom, A, format}},
     [{string, A, "line ~w: ~p~n"},
      {cons, A, {integer, A, erl_anno:line(Anno)}, {cons, A, change(Arg), {nil, A}}}]};
change(Tuple) when is_tuple(Tuple) -> list_to_tuple(change(tuple_to_list(Tuple)));
change(List) when is_list(List) -> [change(Item) || Item <- List];
change(Other) -> Other.

format_error(What) -> io_lib:format("the transform says ~p", [What]).
