%% Class:Reason:Stack gives a list of {M, F, A, Info} for every class.
-module(stacktrace_variable_of_each_class).
-export([main/0]).

main() ->
    [show(F) || F <- [fun() -> throw(t) end, fun() -> error(e) end, fun() -> exit(x) end, fun() -> hd(id([])) end, fun() -> id(a) + 1 end,
                      fun() -> lists:nth(id(0), [1]) end, fun() -> (id(a)):b() end]],
    try try error(first) catch error:first:_ -> error(second) end
    catch error:Reason:S2 -> io:format("~w ~w~n", [Reason, element(1, hd(S2))]) end.

show(F) ->
    try F()
    catch C:R:S ->
        Ok = lists:all(fun({M, N, A, I}) -> is_atom(M) andalso is_atom(N) andalso (is_integer(A) orelse is_list(A)) andalso is_list(I) end, S),
        Mine = lists:any(fun({M, _, _, _}) -> M =:= ?MODULE end, S),
        io:format("~w ~w ~w ~w~n", [C, R, Ok, Mine])
    end.

id(X) -> X.
