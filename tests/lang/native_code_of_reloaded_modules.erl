%% A module is loaded again and again, hot each time: calls, funs and stack traces are those of the
%% version at hand, and what a purged one built stays usable.
-module(native_code_of_reloaded_modules).
-export([main/0]).

main() ->
    Kept = [version(I) || I <- lists:seq(1, 40)],
    io:format("~w~n", [lists:usort([Ok || {_, _, Ok} <- Kept])]),
    io:format("~w~n", [lists:sum([maps:get({key, I}, M) + maps:get(sum, M) || {I, M, _} <- Kept])]),
    io:format("~p~n", [lists:last(Kept)]).

version(I) ->
    Name = list_to_atom("f" ++ integer_to_list(I rem 7)),
    load(forms(I, Name)),
    Sum = lists:sum([reloaded:run(N) || N <- lists:seq(1, 60)]),
    Map = reloaded:map(Sum),
    Fun = reloaded:a_fun(I),
    Sum = 60 * I + lists:sum(lists:seq(1, 60)),
    Called = Fun(1) =:= I + 1,
    Trace = try reloaded:fail(60) of _ -> none
            catch error:{bad, I}:Stack -> [F || {reloaded, F, _, _} <- Stack]
            end,
    {I, Map, {Called, lists:usort(Trace -- [Name, run])}}.

load(Forms) ->
    {ok, reloaded, Code} = compile:forms(Forms, []),
    code:purge(reloaded),
    code:delete(reloaded),
    code:purge(reloaded),
    {module, reloaded} = code:load_binary(reloaded, "reloaded.erl", Code),
    ok.

%% fail(N) recurses through a function that has another name in each version.
forms(I, Name) ->
    Text = io_lib:format(
        "-module(reloaded). -export([run/1, fail/1, map/1, a_fun/1]). "
        "run(N) -> ~w(N, ~w). "
        "~w(N, I) -> N + I. "
        "map(S) -> #{sum => S, {key, ~w} => ~w, \"text\" => <<\"a literal that is long enough for this\">>}. "
        "a_fun(I) -> fun(X) -> X + I end. "
        "fail(0) -> error({bad, ~w}); "
        "fail(N) -> 1 + fail(N - 1). ",
        [Name, I, Name, I, I, I]),
    {ok, Tokens, _} = erl_scan:string(lists:flatten(Text)),
    [begin {ok, F} = erl_parse:parse_form(T), F end || T <- split(Tokens, [], [])].

split([], [], Forms) -> lists:reverse(Forms);
split([{dot, _} = Dot | Rest], Form, Forms) -> split(Rest, [], [lists:reverse([Dot | Form]) | Forms]);
split([T | Rest], Form, Forms) -> split(Rest, [T | Form], Forms).
