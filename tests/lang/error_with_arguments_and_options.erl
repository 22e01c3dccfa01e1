%% error/1,2,3, exit/1 and throw/1 with all kinds of reasons.
-module(error_with_arguments_and_options).
-export([main/0]).

main() ->
    [io:format("~w~n", [t(F)])
     || F <- [fun() -> error({any, [term]}) end, fun() -> error(r, [1, 2]) end, fun() -> error(r, none) end,
              fun() -> error(r, [a], [{error_info, #{cause => c}}]) end, fun() -> exit({shutdown, x}) end,
              fun() -> exit(normal) end, fun() -> throw([1, 2]) end, fun() -> throw(#{m => 1}) end,
              fun() -> throw({'EXIT', fake}) end]],
    io:format("~w~n", [catch throw({'EXIT', fake})]),
    try error(r, [a1, a2]) catch error:r:Stack -> io:format("~w~n", [element(3, hd(Stack))]) end.

t(F) -> try F() catch C:R -> {C, R} end.
