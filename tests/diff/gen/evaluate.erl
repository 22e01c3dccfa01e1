%% evaluate.erl: what a case of a generated module says when erl evaluates its source, without a compiler.
%%
%%     evaluate:main([Source, Case])       prints "Case: {value, V}" or "Case: {Class, Reason}"
%%
%% The optimiser of erl's compiler has bugs that random programs find. Where erl and muster differ this decides.
-module(evaluate).
-export([main/1, answer/2]).

main([Source, Case]) -> io:put_chars(answer(Source, Case)).

answer(Source, Case) ->
    {ok, Forms} = epp:parse_file(Source, []),
    Functions = maps:from_list([{{Name, Arity}, Clauses} || {function, _, Name, Arity, Clauses} <- erl_expand_records:module(Forms, [])]),
    [{clause, _, [], [], Calls}] = maps:get({main, 0}, Functions),
    [Fun] = [F || {call, _, {atom, _, run}, [{integer, _, I}, F]} <- Calls, integer_to_list(I) =:= Case],
    {value, F, _} = erl_eval:expr(Fun, [], handler(Functions)),
    R = try {value, F()} catch Class:Reason -> {Class, Reason} end,
    Text = lists:flatten(io_lib:format("~w", [R])),
    io_lib:format("~s: ~s~n", [Case, lists:sublist(Text, 4000)]).

%% Calls of the module's own functions.
handler(Functions) ->
    {value, fun(Name, Arguments) ->
                Clauses = maps:get({Name, length(Arguments)}, Functions),
                call(Clauses, Arguments, handler(Functions))
            end}.

%% erl_eval has no funs of more than 20 arguments.
call(Clauses, Arguments, Handler) when length(Arguments) =< 20 ->
    {value, F, _} = erl_eval:expr({'fun', 1, {clauses, Clauses}}, [], Handler),
    apply(F, Arguments);
call(Clauses, Arguments, Handler) ->
    Cases = [{clause, L, [{tuple, L, Patterns}], Guards, Body} || {clause, L, Patterns, Guards, Body} <- Clauses],
    {value, Value, _} = erl_eval:expr({'case', 1, {var, 1, 'Arguments'}, Cases},
                                      [{'Arguments', list_to_tuple(Arguments)}], Handler),
    Value.
