%% Applications that others name among those they need, and that the machine carries.
-module(applications_that_the_machine_carries).
-export([main/1]).

main(_) ->
    Needs = [kernel, stdlib, erts, compiler, crypto, sasl, eunit],
    ok = application:load({application, mine, [{vsn, "1"}, {modules, []}, {registered, []}, {applications, Needs}]}),
    {ok, Started} = application:ensure_all_started(mine),
    io:format("~p~n", [lists:member(mine, Started)]),
    Running = [Name || {Name, _, _} <- application:which_applications()],
    io:format("~p~n", [[Name || Name <- Needs, not lists:member(Name, Running)]]),
    io:format("~p~n", [application:get_key(erts, applications)]),
    io:format("~p~n", [[Name || Name <- Needs, not has_version(application:get_key(Name, vsn))]]).

has_version({ok, [_ | _]}) -> true;
has_version(_) -> false.
