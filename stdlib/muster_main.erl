%% The first process of `muster run` and `muster eval`.
-module(muster_main).
-export([run/3, eval/1]).

-spec run(module(), atom(), [term()]) -> no_return().
run(Module, Function, Args) ->
    start_io(),
    try apply(Module, Function, Args) of
        _ -> halt(0)
    catch
        Class:Reason:Stack -> fail("escript: ", Class, Reason, Stack)
    end.

-spec eval(module()) -> no_return().
eval(Module) ->
    start_io(),
    try Module:run() of
        Value ->
            io:format("~tp~n", [Value]),
            halt(0)
    catch
        Class:Reason:Stack -> fail("** ", Class, Reason, Stack)
    end.

start_io() ->
    User = user:start(),
    group_leader(User, self()).

fail(Prefix, Class, Reason, Stack) ->
    Text = muster_error:format_exception(Class, Reason, Stack),
    io:put_chars(standard_error, [Prefix, Text, $\n]),
    halt(1).
