# status: 0
# stdout: {raw_abstract_v1,[{attribute,1,file,
# stdout: renamed: 42
# stdout: as it was loaded: 7
printf -- '-module(source).\n-export([f/0]).\nf() -> 42.\n' >source.erl
printf -- '-module(macros).\n-export([?F/0]).\n?F() -> ?VALUE.\n' >macros.erl
cat >main.erl <<'END'
-module(main).
-export([main/0]).
main() ->
    {source, Code, _} = code:get_object_code(source),
    {ok, {source, [{abstract_code, {raw_abstract_v1, Forms} = Abstract}]}} = beam_lib:chunks(Code, [abstract_code]),
    io:format("~0p~n", [erl_parse_lines(Abstract)]),
    Renamed = [case Form of {attribute, Anno, module, _} -> {attribute, Anno, module, other}; _ -> Form end || Form <- Forms],
    {ok, other, New} = compile:forms(Renamed),
    {module, other} = code:load_binary(other, "other.erl", New),
    io:format("renamed: ~p~n", [other:f()]),
    {macros, Same, _} = code:get_object_code(macros),
    {module, macros} = code:load_binary(macros, "macros.erl", Same),
    io:format("as it was loaded: ~p~n", [macros:g()]).
erl_parse_lines({Kind, Forms}) ->
    {Kind, [erl_parse:map_anno(fun erl_anno:line/1, Form) || Form <- Forms, element(1, Form) =/= eof]}.
END
exec "$MUSTER" run -D F=g -D VALUE=7 main.erl
