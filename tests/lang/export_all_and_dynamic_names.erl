%% -compile(export_all) exports everything; names built at run time find it.
-module(export_all_and_dynamic_names).
-export([main/0]).

-compile([export_all, nowarn_export_all]).

main() ->
    io:format("~w~n", [[apply(?MODULE, list_to_atom("step_" ++ integer_to_list(N)), [N]) || N <- [1, 2, 3]]]),
    io:format("~w~n", [lists:sort([F || {F, _} <- ?MODULE:module_info(exports)])]),
    M = list_to_atom(?MODULE_STRING),
    io:format("~w~n", [M:step_2(x)]).

step_1(X) -> {one, X}.
step_2(X) -> {two, X}.
step_3(X) -> {three, X}.
