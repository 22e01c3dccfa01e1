%% Expressions a compiler can see to fail still fail only when reached.
-module(constant_expressions_that_fail_at_run_time).
-export([main/0]).

main() ->
    io:format("~w~n", [[try F() catch C:R -> {C, R} end
                        || F <- [fun() -> 1 / 0 end, fun() -> 1 div 0 end, fun() -> a + 1 end, fun() -> hd([]) end, fun() -> element(5, {a}) end, fun() -> atom_to_list(1) end,
                                 fun() -> {a, b} = {a, c} end, fun() -> case 1 of 2 -> x end end, fun() -> if false -> x end end, fun() -> <<a>> end, fun() -> length(a) end,
                                 fun() -> tuple_size([]) end, fun() -> #{a := 1} = #{} end, fun() -> not 1 end, fun() -> true and 1 end, fun() -> [1 | 2] ++ [3] end]]]),
    io:format("~w~n", [case id(no) of yes -> 1 / 0; no -> fine end]),
    io:format("~w~n", [begin _ = catch 1 rem 0, still_here end]).

id(X) -> X.
