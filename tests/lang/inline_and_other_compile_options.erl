%% -compile options that change nothing visible.
-module(inline_and_other_compile_options).
-export([main/0]).

-compile([{inline, [{sq, 1}]}, inline_list_funcs, warn_unused_vars]).
-compile({nowarn_unused_function, [{unused, 0}]}).
-compile(nowarn_shadow_vars).

main() ->
    io:format("~w~n", [[sq(X) || X <- [1, 2, 3]]]),
    X = 1,
    F = fun(X) -> X + 1 end,
    io:format("~w ~w~n", [F(5), X]).

sq(X) -> X * X.

unused() -> ok.
