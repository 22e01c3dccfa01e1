%% Blocks as expressions, deep nesting of control flow.
-module(begin_end_blocks_and_nested_case).
-export([main/0]).

main() ->
    io:format("~w~n", [[f(A, B) || A <- [1, 2, 3], B <- [x, y]]]),
    V = begin X = 1, begin Y = X + 1, Y * 2 end end,
    io:format("~w ~w ~w~n", [V, X, Y]).

f(A, B) ->
    case A of
        1 ->
            case B of
                x -> if A =:= 1 -> one_x; true -> never end;
                y -> begin C = {A, B}, C end
            end;
        2 -> try case B of x -> throw(two_x); y -> two_y end catch T -> {caught, T} end;
        _ when B =:= x -> (fun(P) -> case P of x -> fun_x; _ -> fun_other end end)(B);
        _ -> case catch error(B) of {'EXIT', {E, _}} -> {exit, E} end
    end.
