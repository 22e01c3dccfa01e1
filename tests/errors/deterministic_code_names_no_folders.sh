# With the option deterministic, code says of its files only what they are called.
# status: 0
# stdout: [{file,"inc/h.hrl"},{line,1}]
# stdout: [{file,"h.hrl"},{line,1}]
# stdout: [version]
mkdir inc
echo 'f() -> error(x).' >inc/h.hrl
printf -- '-module(dt).\n-export([f/0]).\n-include("inc/h.hrl").\n' >dt.erl
printf -- '-module(own).\n-compile([deterministic, debug_info]).\n' >own.erl
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    [io:format("~p~n", [place(Options)]) || Options <- [[], [deterministic]]],
    {ok, own, Code} = compile:file("own", [binary]),
    {module, own} = code:load_binary(own, "own", Code),
    io:format("~p~n", [[Key || {Key, _} <- own:module_info(compile)]]).

place(Options) ->
    {ok, dt, Code} = compile:file("dt", [binary | Options]),
    {module, dt} = code:load_binary(dt, "dt", Code),
    try dt:f() catch _:_:Stack -> element(4, hd(Stack)) end.
END
exec "$MUSTER" run main.erl
