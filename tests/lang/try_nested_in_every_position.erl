%% try inside of body, of, handler and after of another try.
-module(try_nested_in_every_position).
-export([main/0]).

main() ->
    [io:format("~w~n", [r(fun() -> f(A, B, C) end)]) || A <- [ok, throw], B <- [ok, error], C <- [ok, exit]].

f(A, B, C) ->
    try
        try act(A, inner) catch throw:T -> {inner, T} end
    of
        V ->
            try act(B, of_part) catch throw:_ -> never end,
            V
    catch
        error:E ->
            try act(C, handler), {handled, E} catch exit:X -> {exit_in_handler, X, E} end
    after
        try act(C, after_part) catch exit:Y -> io:format("(~w) ", [Y]) end
    end.

act(ok, W) -> {fine, W};
act(throw, W) -> throw({t, W});
act(error, W) -> error({e, W});
act(exit, W) -> exit({x, W}).

r(F) -> try F() catch C:R -> {C, R} end.
