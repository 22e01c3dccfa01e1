%% What the evaluator needs to know of trees, and its selective receive.
-module(erl_eval_tree).

-export([variables/1, partial_eval/1, is_constant/1, receive_by/2]).

-type expression() :: erl_parse:abstract_expr().

%% All variables that occur, in whatever nesting.
-spec variables(expression() | [expression()]) -> [atom()].
variables(Tree) -> lists:usort(variables(Tree, [])).

variables({var, _, '_'}, Acc) -> Acc;
variables({var, _, Name}, Acc) -> [Name | Acc];
variables({Category, _, _}, Acc)
  when Category =:= atom; Category =:= integer; Category =:= float; Category =:= char;
       Category =:= string; Category =:= value ->
    Acc;
variables([H | T], Acc) -> variables(T, variables(H, Acc));
variables(Tree, Acc) when tuple_size(Tree) > 2 ->
    [_, _ | Parts] = tuple_to_list(Tree),
    variables(Parts, Acc);
variables(_, Acc) -> Acc.

%% Operators on numbers are evaluated, where that succeeds.
-spec partial_eval(expression()) -> expression().
partial_eval({op, Anno, Op, A}) ->
    A1 = partial_eval(A),
    computed({op, Anno, Op, A1}, Anno, Op, [A1]);
partial_eval({op, Anno, Op, A, B}) ->
    {A1, B1} = {partial_eval(A), partial_eval(B)},
    computed({op, Anno, Op, A1, B1}, Anno, Op, [A1, B1]);
partial_eval({cons, Anno, H, T}) -> {cons, Anno, partial_eval(H), partial_eval(T)};
partial_eval({tuple, Anno, Es}) -> {tuple, Anno, [partial_eval(E) || E <- Es]};
partial_eval(E) -> E.

computed(E, Anno, Op, Operands) ->
    case [V || {Category, _, V} <- Operands,
               Category =:= integer orelse Category =:= float orelse Category =:= char] of
        Vs when length(Vs) =:= length(Operands) ->
            try apply(erlang, Op, Vs) of
                N when is_integer(N) -> {integer, Anno, N};
                F when is_float(F) -> {float, Anno, F};
                _ -> E
            catch
                error:_ -> E
            end;
        _ -> E
    end.

-spec is_constant(expression()) -> boolean().
is_constant({nil, _}) -> true;
is_constant({cons, _, H, T}) -> is_constant(H) andalso is_constant(T);
is_constant({tuple, _, Es}) -> lists:all(fun is_constant/1, Es);
is_constant({Category, _, _}) ->
    lists:member(Category, [atom, integer, float, char, string, value]);
is_constant(_) -> false.

%% Receives the first message for which Choose gives something else than nomatch. The messages
%% that are there are looked at where they lie, and the one chosen is then taken by its value. If
%% there is none, only a message that equals none of those refused can be it; one that is not goes
%% back to the end.
-spec receive_by(fun((term()) -> Chosen | nomatch), timeout()) -> Chosen | timeout.
receive_by(Choose, infinity) -> look(Choose, infinity);
receive_by(Choose, Time) when is_integer(Time), Time >= 0 ->
    look(Choose, erlang:monotonic_time(millisecond) + Time);
receive_by(_, _) -> erlang:error(timeout_value).

look(Choose, End) ->
    {messages, Messages} = process_info(self(), messages),
    case first(Choose, Messages) of
        {Message, Chosen} ->
            receive
                M when M =:= Message -> Chosen
            end;
        none -> wait(Choose, End, maps:from_keys(Messages, refused))
    end.

first(Choose, [Message | Messages]) ->
    case Choose(Message) of
        nomatch -> first(Choose, Messages);
        Chosen -> {Message, Chosen}
    end;
first(_, []) -> none.

wait(Choose, End, Refused) ->
    receive
        Message when not is_map_key(Message, Refused) ->
            case Choose(Message) of
                nomatch ->
                    self() ! Message,
                    wait(Choose, End, Refused#{Message => refused});
                Chosen -> Chosen
            end
    after left(End) -> timeout
    end.

left(infinity) -> infinity;
left(End) -> max(0, End - erlang:monotonic_time(millisecond)).
