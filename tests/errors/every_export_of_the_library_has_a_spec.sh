# Callbacks have theirs in the behaviour; natives that stand in for nothing are listed by none.
# status: 0
# stdout: modules looked at, exports without a spec: []
cat >specs.erl <<'END'
-module(specs).
-export([main/1]).

main(Files) ->
    true = length(Files) > 100,
    Without = lists:append([without_spec(F) || F <- Files]),
    io:format("modules looked at, exports without a spec: ~w~n", [Without]).

without_spec(File) ->
    {ok, Forms} = epp:parse_file(File, []),
    [Module] = [M || {attribute, _, module, M} <- Forms],
    Exports = lists:append([E || {attribute, _, export, E} <- Forms]),
    Behaviours = [B || {attribute, _, Name, B} <- Forms, Name =:= behaviour orelse Name =:= behavior],
    Callbacks = lists:append([B:behaviour_info(callbacks) || B <- Behaviours]) ++ [{behaviour_info, 1}],
    Specs = [case Of of {_, F, A} -> {F, A}; _ -> Of end || {attribute, _, spec, {Of, _}} <- Forms],
    [{Module, F, A} || {F, A} <- (Exports -- Specs) -- Callbacks].
END
exec "$MUSTER" run -I "$HERE/../../stdlib" specs.erl "$HERE"/../../stdlib/*.erl
