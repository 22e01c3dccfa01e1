%% Wrong control sequences and argument counts raise badarg.
-module(io_format_reports_bad_arguments).
-export([main/0]).

main() ->
    [io:format("~w~n", [try lists:flatten(io_lib:format(F, A)) catch C:R -> {C, R} end])
     || {F, A} <- [{"~w", []}, {"~w", [1, 2]}, {"~s", [a1]}, {"~s", [1]}, {"~b", [1.5]}, {"~f", [a]}, {"~c", [a]}, {"~z", [1]}, {"~", []}, {"x", []}, {"~s", [[256]]}, {"~w~n", [1]}]].
