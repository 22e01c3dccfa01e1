%% The trace starts with the failing function; BIFs and function_clause carry arguments.
-module(stack_traces_name_module_function_arity).
-export([main/0]).

main() ->
    show(fun() -> a(1) end),
    show(fun() -> clause(x) end),
    show(fun() -> atom_to_list(id(1)) end),
    show(fun() -> nomod:nofun(a, b) end),
    show(fun() -> error(custom, [arg1, arg2]) end),
    show(fun() -> throw(ball) end),
    show(fun() -> exit(out) end).

a(X) -> {ok, b(X)}.

b(X) -> {ok, c(X)}.

c(X) -> {bad, Y} = get(X), Y.

clause(1) -> ok.

show(F) ->
    try F()
    catch C:R:Stack ->
        [{M, Fn, A, L} | Rest] = Stack,
        Shown = [{M1, F1, case A1 of _ when is_list(A1) -> length(A1); _ -> A1 end}
                 || {M1, F1, A1, _} <- Rest, M1 =:= ?MODULE, F1 =:= b orelse F1 =:= a],
        Name = case lists:prefix("-", atom_to_list(Fn)) of true -> a_fun; false -> Fn end,
        io:format("~w ~w: ~w:~w/~w line? ~w rest ~w~n", [C, R, M, Name, A, lists:keymember(line, 1, L), Shown])
    end.

id(X) -> X.
