%% The first process of `muster run` and `muster eval`. The program runs in a process of its own, so
%% that its end, whatever it is, ends the machine with the right status.
-module(muster_main).
-export([run/3, run/4, eval/1, run_source/4, compile_files/2, disassemble_files/2]).

%% The program of a file.
-spec run(file:filename(), module(), atom(), [term()]) -> no_return().
run(File, Module, Function, Args) ->
    ok = muster_escript:started(File),
    run(Module, Function, Args).

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
                 muster_io:is_at_line_start(1) orelse io:nl(),
                 io:format("~tp~n", [Value]),
                 halt(0)
         end, "** ", #{column => 4}).

%% A program whose compilation needs Erlang code: parse transforms, behaviours of its own.
-spec run_source(binary(), binary(), boolean(), [string()]) -> term().
run_source(Name, Text, IsScript, Args) ->
    Options = [{shebang, true}] ++
        case IsScript of
            true -> [{default_name, escript_main}, export_all, nowarn_export_all];
            false -> []
        end,
    case compile:load_text(Name, Text, Options) of
        {ok, Module} -> start(Module, Name, Args);
        error -> halt(1)
    end.

start(Module, Name, Args) ->
    Is = fun(Function, Arity) -> erlang:function_exported(Module, Function, Arity) end,
    case {Is(main, 1), Is(main, 0), Is(start, 0)} of
        {true, _, _} -> Module:main(Args);
        {_, true, _} -> Module:main();
        {_, _, true} -> Module:start();
        _ ->
            stop(fun() ->
                         io:format(standard_error, "muster: ~ts: exports none of main/1, main/0, start/0~n",
                                   [Name])
                 end)
    end.

%% Those of `muster compile` that the machine could not compile by itself.
-spec compile_files([file:filename()], file:filename() | none) -> no_return().
compile_files(Files, Dir) ->
    Results = [compile_file(File, Dir) || File <- Files],
    halt(case lists:all(fun(Result) -> Result =:= ok end, Results) of true -> 0; false -> 1 end).

compile_file(File, Dir) ->
    maybe
        {ok, Module, Code} ?= compile:to_code(File),
        Name = filename:join(case Dir of none -> "."; _ -> Dir end, atom_to_list(Module) ++ ".mbc"),
        ok ?= file:write_file(Name, Code)
    else
        {error, Why} -> io:format(standard_error, "muster: ~ts: ~ts~n", [File, file:format_error(Why)]);
        error -> error
    end.

-spec disassemble_files([file:filename()], none) -> no_return().
disassemble_files(Files, none) ->
    [case compile:to_code(File) of
         {ok, _, Code} -> io:put_chars(muster_compiler:disassemble(Code));
         _ -> halt(1)
     end || File <- Files],
    halt(0).

start_io() ->
    User = user:start(),
    group_leader(User, self()).

main(Main, Prefix, Options) ->
    {Pid, Ref} = spawn_monitor(fun() ->
                                       trace(),
                                       try Main()
                                       catch
                                           Class:Reason:Stack -> fail(Prefix, Options, Class, Reason, Stack)
                                       end
                               end),
    receive
        {'DOWN', Ref, process, Pid, normal} -> halt(0);
        {'DOWN', Ref, process, Pid, Reason} ->
            stop(fun() -> io:format(standard_error, "muster: the main process ended: ~tp~n", [Reason]) end)
    end.

%% --trace
trace() ->
    [begin
         _ = code:ensure_loaded(Module),
         erlang:trace_pattern({Module, '_', '_'}, true, [local])
     end || Module <- muster_machine:trace_modules()],
    muster_machine:trace_program().

fail(Prefix, Options, Class, Reason, Stack) ->
    stop(fun() ->
                 Text = muster_error:format_exception(Class, Reason, Stack, Options),
                 io:put_chars(standard_error, [Prefix, Text, $\n, muster_error:hint(Class, Reason, Stack)])
         end).

%% Says why, then ends, even where nobody reads it.
-spec stop(fun(() -> term())) -> no_return().
stop(Say) ->
    try Say() catch _:_ -> ok end,
    halt(1).
