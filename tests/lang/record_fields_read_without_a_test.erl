%% -compile(no_strict_record_tests): a field is read from whatever tuple is there; of several such options the first holds,
%% and attributes come before what compile is given.
-module(record_fields_read_without_a_test).
-compile(no_strict_record_tests).
-export([main/1]).

-record(r, {a, b}).

read(R) -> R#r.b.
set(R) -> R#r{a = x}.
guarded(R) when R#r.b > 1 -> yes;
guarded(_) -> no.

things() -> [#r{a = 1, b = 2}, {s, 1, 2}, {s, 1, 2, 3}, {r, 1}, {}, a].

main(_) ->
    io:format("~p~n", [outcomes(fun read/1)]),
    io:format("~p~n", [outcomes(fun set/1)]),
    io:format("~p~n", [outcomes(fun guarded/1)]),
    [compiled(Attribute, Options) || Attribute <- [no_strict_record_tests, strict_record_tests],
                                     Options <- [[], [strict_record_tests], [no_strict_record_tests],
                                                 [strict_record_tests, no_strict_record_tests],
                                                 [no_strict_record_tests, strict_record_tests]]],
    ok.

outcomes(F) -> [try F(T) catch C:R -> {C, R} end || T <- things()].

compiled(Attribute, Options) ->
    Forms = [{attribute, 1, module, made}, {attribute, 1, export, [{read, 1}]}, {attribute, 1, compile, Attribute},
             {attribute, 1, record, {r, [{record_field, 1, {atom, 1, a}}, {record_field, 1, {atom, 1, b}}]}},
             {function, 2, read, 1, [{clause, 2, [{var, 2, 'R'}], [], [{record_field, 2, {var, 2, 'R'}, r, {atom, 2, b}}]}]}],
    {ok, made, Code} = compile:forms(Forms, Options),
    {module, made} = code:load_binary(made, "made", Code),
    io:format("~p ~p ~p~n", [Attribute, Options, try made:read({s, 1, 2}) catch C:R -> {C, R} end]),
    code:purge(made).
