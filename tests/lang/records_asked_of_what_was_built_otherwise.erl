%% A tuple that is built, then taken for a record of another size on a way that is never gone: the optimiser knows what was
%% built.
-module(records_asked_of_what_was_built_otherwise).
-feature(maybe_expr, enable).
-export([main/0]).

-record(r, {a}).

main() ->
    [io:format("~w~n", [[(catch element(1, element(2, catch unmatched([], [])))), looped(3, {1, 2}), looped(0, {7})]]) || _ <- [1, 2, 3]].

unmatched([], []) ->
    maybe
        [] ?= {[] = []}
    else
        V when V#r.a ->
            case V of
                <<>> -> []
            end
    end.

looped(0, T) -> T;
looped(N, _) ->
    T = {N},
    case T of
        #r{a = A} -> looped(N - 1, {A, A});
        {A, B} -> looped(N - 2, {B, A, 1});
        _ -> looped(N - 1, T)
    end.
