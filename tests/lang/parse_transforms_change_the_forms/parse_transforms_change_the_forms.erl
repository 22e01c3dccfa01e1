%% Parse transforms: forms in and out, options, order, what they say and how they fail.
-module(parse_transforms_change_the_forms).
-compile({parse_transform, a_transform}).
-compile([{parse_transform, b_lines}, {nowarn_unused_function, [{unused, 0}]}]).
-export([main/0]).

main() ->
    log({hello, self() =:= self()}),
    log([X || X <- [1, 2, 3], X > 1]),
    io:format("~p~n~p~n", [forms(), lines()]),
    io:format("~p~n", [proplists:get_value(attributes, module_info(), none) =/= none]),
    in_other_modules().

lines() -> unknown.

unused() -> ok.

%% Modules made here: each transform's forms are compiled to a module of its own first.
in_other_modules() ->
    transform(t_errors, "{error, [{\"x.erl\", [{{3, 1}, t_errors, wrong}]}], "
              "[{\"x.erl\", [{1, t_errors, odd}]}]}"),
    transform(t_warns, "{warning, Forms, [{\"x.erl\", [{{1, 2}, t_warns, odd}]}]}"),
    transform(t_crashes, "error({crash, length(Forms)})"),
    transform(t_throws, "throw(out)"),
    transform(t_drops, "[F || F <- Forms, element(1, F) =/= function]"),
    transform(t_same, "Forms"),
    Bad = "-module(m).\n-export([f/0, g/0]).\nf() -> X.\ng( -> ok.\n",
    Good = "-module(m).\n-export([f/0]).\nf() -> Y = ok.\ng() -> 1.\n",
    [io:format("~p ~s ~p~n", [T, Name, cut(compile:forms(forms_of(Text),
                                                         [return, {parse_transform, T}]))])
     || T <- [t_errors, t_warns, t_crashes, t_throws, t_drops, t_same, t_nosuch, lists],
        {Name, Text} <- [{"bad", Bad}, {"good", Good}]],
    Two = [return_warnings, {parse_transform, t_warns}, {parse_transform, t_same}],
    io:format("~p~n", [cut(compile:forms(forms_of(Good), Two))]),
    io:format("~p~n", [cut(compile:forms(forms_of(Good), [warnings_as_errors, return | Two]))]),
    io:format("~ts~n", [compile:format_error({undef_parse_transform, t_nosuch})]).

transform(Name, Body) ->
    Text = io_lib:format("-module(~s).\n-export([parse_transform/2, format_error/1]).\n"
                         "parse_transform(Forms, _) -> ~s.\nformat_error(X) -> atom_to_list(X).\n",
                         [Name, Body]),
    {ok, Name, Code} = compile:forms(forms_of(lists:flatten(Text)), [binary]),
    {module, Name} = code:load_binary(Name, atom_to_list(Name), Code).

forms_of(Text) -> forms_of(Text, {1, 1}, []).

forms_of(Text, Location, Forms) ->
    case erl_scan:tokens([], Text, Location) of
        {done, {ok, Tokens, Next}, Rest} ->
            Form = case erl_parse:parse_form(Tokens) of
                       {ok, Good} -> Good;
                       {error, Error} -> {error, Error}
                   end,
            forms_of(Rest, Next, [Form | Forms]);
        _ -> lists:reverse(Forms, [{eof, Location}])
    end.

%% Without code and stacks.
cut({ok, M, Code}) when is_binary(Code) -> {ok, M, code};
cut({ok, M, Code, Ws}) when is_binary(Code) -> {ok, M, code, Ws};
cut({error, Es, Ws}) -> {error, [{File, [cut_info(Info) || Info <- Infos]} || {File, Infos} <- Es], Ws};
cut(Other) -> Other.

cut_info({L, M, {parse_transform, T, {Class, Reason, _}}}) -> {L, M, {parse_transform, T, Class, Reason}};
cut_info(Info) -> Info.
