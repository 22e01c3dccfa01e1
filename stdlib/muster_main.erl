%% The first process of `muster run` and `muster eval`. The program runs in a process of its own, so
%% that its end, whatever it is, ends the machine with the right status.
-module(muster_main).
-export([run/3, eval/1]).

-spec run(module(), atom(), [term()]) -> no_return().
run(Module, Function, Args) ->
    start_io(),
    main(fun() -> apply(Module, Function, Args), halt(0) end,
         "escript: ", #{column => 1, depth => -1}).

-spec eval(module()) -> no_return().
eval(Module) ->
    start_io(),
    main(fun() ->
                 Value = Module:run(),
                 io:format("~tp~n", [Value]),
                 halt(0)
         end, "** ", #{column => 4}).

start_io() ->
    User = user:start(),
    group_leader(User, self()).

main(Main, Prefix, Options) ->
    {Pid, Ref} = spawn_monitor(fun() ->
                                       try Main()
                                       catch
                                           Class:Reason:Stack -> fail(Prefix, Options, Class, Reason, Stack)
                                       end
                               end),
    receive
        {'DOWN', Ref, process, Pid, normal} -> halt(0);
        {'DOWN', Ref, process, Pid, Reason} ->
            io:format(standard_error, "muster: the main process ended: ~tp~n", [Reason]),
            halt(1)
    end.

fail(Prefix, Options, Class, Reason, Stack) ->
    Text = muster_error:format_exception(Class, Reason, Stack, Options),
    io:put_chars(standard_error, [Prefix, Text, $\n]),
    halt(1).
