# status: 0
# stdout: source make.escript ["a","b"] true
# stdout: archive 42 packed ["x"]
# stdout: application {ok,"1.2"} <<"no module">>
# stdout: bytecode 7
# stderr: BEAM code
# stderr: there is no other:main/1 in it
cat >make.escript <<'END'
#!/usr/bin/env escript
%% -*- erlang -*-
main(Args) ->
    io:format("source ~ts ~p ~p~n", [escript:script_name(), Args, ?MODULE =:= list_to_atom(?MODULE_STRING)]),
    Prog = <<"-module(prog).\n-export([main/1]).\n"
             "main(A) -> io:format(\"archive ~p ~ts ~p~n\", [helper:f(1), escript:script_name(), A]).\n">>,
    Helper = <<"-module(helper).\n-export([f/1]).\nf(X) -> X + 41.\n">>,
    Modules = {archive, [{"app/ebin/prog.erl", Prog}, {"app/ebin/helper.erl", Helper}], []},
    ok = escript:create("packed", [shebang, {emu_args, "-escript main prog"}, Modules]),
    App = <<"-module(app).\n-export([main/1]).\nmain(_) -> ok = application:load(app),\n"
            "  {ok, S} = escript:extract(escript:script_name(), []), {ok, F} = zip:unzip(proplists:get_value(archive, S), [memory]),\n"
            "  io:format(\"application ~p ~p~n\", [application:get_key(app, vsn), proplists:get_value(\"priv/t.erl\", F)]).\n">>,
    {ok, app, Code} = compile_text(App),
    AppFile = <<"%% coding: utf-8\n{application, app, [{vsn, \"1.2\"}]}.\n">>,
    ok = escript:create("app", [shebang, {archive, [{"app/ebin/app.beam", Code}, {"app/ebin/app.app", AppFile},
                                                    {"priv/t.erl", <<"no module">>}], []}]),
    ok = escript:create("foreign", [shebang, {archive, [{"foreign.beam", <<"FOR1", 0:32, "BEAM">>}], []}]),
    ok = escript:create("empty", [shebang, {emu_args, "-escript main other"}, Modules]),
    ok = file:write_file("plain", "#!/usr/bin/env escript\nmain(_) -> io:format(\"bytecode ~p~n\", [3 + 4]).\n"),
    {ok, Sections} = escript:extract("plain", [compile_source]),
    ok = escript:create("compiled", Sections).
compile_text(Text) ->
    ok = file:write_file("app.erl", Text),
    compile:file("app", [binary]).
END
"$MUSTER" run make.escript a b || exit 3
"$MUSTER" run packed x || exit 4
"$MUSTER" run app || exit 7
"$MUSTER" run compiled || exit 5
"$MUSTER" run foreign && exit 8
"$MUSTER" run empty && exit 6
exit 0
