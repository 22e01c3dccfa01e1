%% Modules get the prefix otp_; functions that are stubs of native ones call the module of the old name.
-module(otp_rename).
-export([parse_transform/2]).

parse_transform(Forms, _) ->
    [Old] = [M || {attribute, _, module, M} <- Forms],
    [form(Form, Old) || Form <- Forms].

form({attribute, Anno, module, Old}, Old) ->
    {attribute, Anno, module, list_to_atom("otp_" ++ atom_to_list(Old))};
form({function, Anno, Name, Arity, [{clause, A, Args, [], [{call, _, {remote, _, {atom, _, erlang}, {atom, _, nif_error}}, [_]}]}]}, Old) ->
    Vars = [{var, A, list_to_atom("A" ++ integer_to_list(I))} || {I, _} <- lists:zip(lists:seq(1, Arity), Args)],
    {function, Anno, Name, Arity, [{clause, A, Vars, [], [{call, A, {remote, A, {atom, A, Old}, {atom, A, Name}}, Vars}]}]};
form(Form, _) -> Form.
