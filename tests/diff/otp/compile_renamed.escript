#!/usr/bin/env escript
%% compile_renamed.escript LIBRARY OUT MODULE...: compiles modules of OTP's stdlib under other names.
-mode(compile).
main([Library, Out | Modules]) ->
    Dir = filename:join(Library, "stdlib/src"),
    Includes = [filename:join(Library, D) || D <- ["stdlib/include", "kernel/include", "stdlib/src"]],
    lists:foreach(fun(Module) -> compile(filename:join(Dir, Module), Includes, Out) end, Modules).

compile(File, Includes, Out) ->
    Options = [binary, return, nowarn_unused_function, {parse_transform, otp_rename}
               | [{i, I} || I <- Includes]],
    case compile:file(File, Options) of
        {ok, Module, Code, _} ->
            ok = file:write_file(filename:join(Out, atom_to_list(Module) ++ ".mbc"), Code);
        Error -> io:format("~ts: ~tp~n", [File, Error])
    end.
