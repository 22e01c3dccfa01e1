#!/usr/bin/env escript
%% core_listing.escript OUT FILE...: Core Erlang as OTP's compiler writes it.
-mode(compile).
main([Out | Files]) ->
    lists:foreach(
      fun(File) ->
              {ok, _, Core} = compile:noenv_file(File, [to_core, binary]),
              Name = filename:join(Out, filename:basename(File, ".erl") ++ ".core"),
              ok = file:write_file(Name, unicode:characters_to_binary(core_pp:format(Core)))
      end, Files).
