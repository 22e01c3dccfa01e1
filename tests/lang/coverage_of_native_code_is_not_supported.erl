%% The functions of module code about coverage, of OTP 27, where the machine has none.
-module(coverage_of_native_code_is_not_supported).
-export([main/0]).

main() ->
    io:format("~p~n", [[code:coverage_support(), code:get_coverage_mode(), code:get_coverage_mode(?MODULE)]]),
    io:format("~p~n", [[try apply(code, F, Args) catch error:Why -> {F, Why} end
                        || {F, Args} <- [{get_coverage_mode, [no_such_module]}, {set_coverage_mode, [line]},
                                         {get_coverage, [line, ?MODULE]}, {reset_coverage, [?MODULE]}]]]).
