%% Where no columns tell them apart, errors stay in the order in which they were met.
-module(errors_of_one_line_come_as_found).
-export([main/0]).

main() ->
    [io:format("~p~n", [element(2, erl_lint:exprs(exprs(Text), []))])
     || Text <- ["{B, A, Z}.", "[X || <<A:B>> <- W].", "Z + f(Y, X)."]],
    io:format("~p~n", [try erl_eval:exprs(exprs("{B, A}."), []) catch error:Reason -> Reason end]).

exprs(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Exprs} = erl_parse:parse_exprs(Tokens),
    Exprs.
