%% drive.erl: runs main/0 of many modules in one start of erl or muster.
%%
%%     drive:main([Dir | Modules])     what each prints goes to Dir/MODULE.out; Dir/MODULE.done: it came to its end
-module(drive).
-export([main/1]).

-define(LIMIT_MS, 300000).

main([Dir | Modules]) ->
    lists:foreach(fun(Module) -> run(filename:join(Dir, Module), list_to_atom(Module)) end, Modules).

run(Base, Module) ->
    {ok, File} = file:open(Base ++ ".out", [write, {encoding, utf8}]),
    {Pid, Ref} = spawn_monitor(fun() -> group_leader(File, self()), Module:main() end),
    receive
        {'DOWN', Ref, process, Pid, normal} ->
            file:close(File),
            ok = file:write_file(Base ++ ".done", []);
        {'DOWN', Ref, process, Pid, Reason} ->
            io:format(File, "~nended: ~0p~n", [Reason]),
            file:close(File)
    after ?LIMIT_MS ->
            exit(Pid, kill),
            file:close(File)
    end,
    code:purge(Module),
    code:delete(Module),
    code:purge(Module).
