%% A whole program: tokens, a parser with precedence, an evaluator with errors.
-module(program_recursive_descent_calculator).
-export([main/0]).

main() ->
    [io:format("~s = ~w~n", [E, calculate(E)])
     || E <- ["1 + 2 * 3", "(1 + 2) * 3", "2 ^ 3 ^ 2", "-4 + 10 / 4", "7 % 4 - -1", "2 * (3 + (4 - 1)) ^ 2", "1 / 0", "1 +", "(1", "2 $ 3", "999999999999 * 999999999999", "1.5 * 4"]].

calculate(Text) ->
    try
        {Tree, []} = expr(tokens(Text)),
        {ok, eval(Tree)}
    catch
        error:badarith -> {error, arithmetic};
        error:{badmatch, {_, Rest}} -> {error, {unexpected, Rest}};
        throw:What -> {error, What}
    end.

tokens([$\s | T]) -> tokens(T);
tokens([C | _] = T) when C >= $0, C =< $9 ->
    {Digits, Rest} = lists:splitwith(fun(D) -> D >= $0 andalso D =< $9 orelse D =:= $. end, T),
    Number = case lists:member($., Digits) of true -> list_to_float(Digits); false -> list_to_integer(Digits) end,
    [{num, Number} | tokens(Rest)];
tokens([C | T]) ->
    case lists:member(C, "+-*/%^()") of
        true -> [list_to_atom([C]) | tokens(T)];
        false -> throw({bad_character, C})
    end;
tokens([]) -> [].

expr(T) -> {L, R} = term(T), expr_rest(L, R).
expr_rest(L, [Op | T]) when Op =:= '+'; Op =:= '-' -> {R, Rest} = term(T), expr_rest({Op, L, R}, Rest);
expr_rest(L, T) -> {L, T}.

term(T) -> {L, R} = power(T), term_rest(L, R).
term_rest(L, [Op | T]) when Op =:= '*'; Op =:= '/'; Op =:= '%' -> {R, Rest} = power(T), term_rest({Op, L, R}, Rest);
term_rest(L, T) -> {L, T}.

power(T) ->
    case factor(T) of
        {B, ['^' | R]} -> {E, Rest} = power(R), {{'^', B, E}, Rest};
        Other -> Other
    end.

factor([{num, N} | T]) -> {N, T};
factor(['-' | T]) -> {F, R} = factor(T), {{neg, F}, R};
factor(['(' | T]) ->
    case expr(T) of
        {E, [')' | R]} -> {E, R};
        {_, _} -> throw(missing_parenthesis)
    end;
factor([]) -> throw(unexpected_end);
factor([X | _]) -> throw({unexpected, X}).

eval(N) when is_number(N) -> N;
eval({neg, A}) -> -eval(A);
eval({'+', A, B}) -> eval(A) + eval(B);
eval({'-', A, B}) -> eval(A) - eval(B);
eval({'*', A, B}) -> eval(A) * eval(B);
eval({'/', A, B}) -> eval(A) / eval(B);
eval({'%', A, B}) -> eval(A) rem eval(B);
eval({'^', A, B}) -> pow(eval(A), eval(B)).

pow(_, 0) -> 1;
pow(A, N) -> A * pow(A, N - 1).
