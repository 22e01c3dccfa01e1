%% What an operand binds is hidden in funs and comprehensions of the operands to its right: a
%% variable of that name is a new one there. Elsewhere in those operands it is compared, and a fun
%% behind that sees it. Maps and binaries are built of operands that do not hide.
-module(funs_in_operands_see_no_siblings).
-compile(nowarn_unused_vars).
-export([main/0]).

main() ->
    show(1, fun() -> {A = 1, [A = 5 || _ <- [x]]} end),
    show(2, fun() -> {A = 1, (fun() -> case 5 of A -> A end end)()} end),
    show(3, fun() -> begin A = 1, 7 end + begin B = 2, (fun() -> A = 5, B = 2 end)() end end),
    show(4, fun() -> {A = 1, begin A = 5, (fun() -> A end)() end} end),
    show(5, fun() -> {A = 1, begin A = 1, (fun() -> A = 3 end)() end} end),
    show(6, fun() -> {A = 1, [(fun() -> A = 3, A end)(), begin B = 3, (fun() -> B = 4 end)() end]} end),
    show(7, fun() -> {A = 1, try (fun() -> A = 4 end)() catch _:_ -> no end} end),
    show(8, fun() -> {A = 1, << <<(A = 5)>> || _ <- [x]>>} end),
    show(9, fun() -> [{A = 1, 2}, (fun() -> A = 4 end)()] end),
    show(10, fun() -> erlang:max(A = 1, (fun() -> A = 4 end)()) end),
    show(11, fun() -> #{k => A = 1, l => (fun() -> A = 4 end)()} end),
    show(12, fun() -> <<(A = 1), ((fun() -> A = 4 end)())>> end),
    show(13, fun() -> (fun(P) -> P end)({A = 1, (fun() -> A = 4 end)()}) end),
    show(14, fun() -> {A = 1, (fun() -> {A = 4, (fun() -> A = 9 end)()} end)()} end),
    show(15, fun() -> {A = 1, begin {B = 2, (fun() -> A = 4, B = 3 end)()} end} end),
    show(16, fun() -> (A = 1) + (fun() -> A = 4 end)() end),
    show(17, fun() -> {A = 1, case 2 of A -> a; _ -> b end} end),
    show(18, fun() -> begin A = 1, true end and begin F = fun() -> A = 2 end, F() =:= 2 end end),
    show(19, fun() -> [A = 1 | (fun() -> A = 4 end)()] end),
    show(20, fun() -> (A = 1) =:= 1 andalso (fun() -> A = 4 end)() end),
    %% What was bound before the operands is hidden in none, whatever an operand compares with it.
    show(21, fun() -> compared_in_operands([3]) end),
    show(22, fun() -> A = 1, {A = 1, (fun() -> A = 4 end)()} end),
    show(23, fun() -> A = 1, {case 2 of A -> a; _ -> b end, [A || A <- [1, 2]], (fun() -> case [1] of [A] -> {one, A}; _ -> A end end)()} end).

compared_in_operands(A) ->
    (fun() ->
         {{[], case [] of _B -> []; A -> no end}, (fun() -> {case [[3]] of [A] -> same; _ -> other end, A} end)()}
     end)().

show(N, F) ->
    try F() of
        V -> io:format("~w ~p~n", [N, V])
    catch
        C:R -> io:format("~w ~p~n", [N, {C, R}])
    end.
