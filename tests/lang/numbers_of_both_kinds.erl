%% Arithmetic of integers and floats, at the borders of both.
-module(numbers_of_both_kinds).
-export([main/0]).

main() ->
    [io:format("~w ~w ~w: ~w~n", [O, A, B, op(O, A, B)]) || O <- ['+', '-', '*', '/', add1, sub1, mul3, neg], A <- values(), B <- values(),
                                                            is_float(A) orelse is_float(B) orelse O =:= '/',
                                                            B =:= 3 orelse not lists:member(O, [add1, sub1, mul3, neg])].

values() -> [0, -1, 3, 1 bsl 53 + 1, -(1 bsl 61), 1 bsl 61, 0.0, 1.5, -2.5e100, 1.7976931348623157e308, 5.0e-324, a].

%% (Zeros may be negative, which erl 25 does not always get right.)
op(O, A, B) ->
    try
        case O of
            '+' -> A + B;
            '-' -> A - B;
            '*' -> A * B;
            '/' -> A / B;
            add1 -> A + 1;
            sub1 -> A - 1;
            mul3 -> A * 3;
            neg -> -A
        end
    of
        V when V == 0 -> {zero, is_float(V)};
        V -> V
    catch
        _:E -> E
    end.
