%% Random sequences of operations on a behaviour: the same on erl and on muster, for each follows from its
%% number. A test module defines scenario(Seed), which runs in a process of its own, calls the behaviour, and
%% notes what comes of it by note/1, as do the behaviour's callbacks. One line a sequence: its number and what
%% was noted, by whomever, in order. Nothing in it depends on how fast anything is.
%%
%%   MODEL_RUNS   how many sequences, ?RUNS unless said      MODEL_SEED   the first one's number, 1
%%   MODEL_SHOW   anything: one note a line

-export([main/0, main/1, log/2]).
-compile([nowarn_unused_function]).

main() -> main([]).

main(_) ->
    application:which_applications(), %% what it runs in is begun by nobody in particular
    logger:remove_handler(default),
    logger:set_primary_config(level, all),
    ok = logger:add_handler(model, ?MODULE, #{level => all}),
    First = setting("MODEL_SEED", 1),
    Show = os:getenv("MODEL_SHOW") =/= false,
    Numbers = lists:seq(First, First + setting("MODEL_RUNS", ?RUNS) - 1),
    rounds(Numbers, fun(Line) -> print(Show, Line) end).

setting(Name, Default) ->
    case os:getenv(Name) of
        false -> Default;
        Text -> list_to_integer(Text)
    end.

%% Fifty at a time: most of them wait most of the time.
rounds([], _) -> ok;
rounds(Numbers, Print) ->
    {Some, Rest} = lists:split(min(50, length(Numbers)), Numbers),
    Started = [{N, spawn_monitor(fun() -> alone(N) end)} || N <- Some],
    [receive {'DOWN', Ref, process, Pid, Notes} -> Print({N, Notes}) end || {N, {Pid, Ref}} <- Started],
    rounds(Rest, Print).

%% The process of one sequence: what it and others note comes to it as messages, so in order.
alone(N) ->
    process_flag(trap_exit, true),
    rand:seed(exsss, N),
    put(harness, self()),
    try scenario(N)
    catch C:R:St -> note({failed, C, R, St})
    end,
    exit(noted()).

noted() ->
    receive
        {note, Note} -> [Note | noted()]
    after 0 -> []
    end.

%% Notes something; from a process of the behaviour, whoever started it first is told.
note(What) ->
    case harness() of
        none -> ok;
        Harness -> Harness ! {note, plain(What, Harness)}
    end,
    ok.

harness() ->
    case get(harness) of
        undefined ->
            case get('$ancestors') of
                [application_controller | _] -> none;
                [_ | _] = Ancestors -> case lists:last(Ancestors) of P when is_pid(P) -> P; _ -> none end;
                _ -> none
            end;
        Harness -> Harness
    end.

%% The handler of logger: who logs is a process of the behaviour.
log(Event, Config) ->
    try logged(Event, Config)
    catch C:R:St -> note({handler_failed, C, R, [{M, F} || {M, F, _, _} <- St]})
    end.

logged(#{msg := Message, level := Level, meta := Meta}, _) ->
    case Message of
        {report, #{label := {proc_lib, crash}, report := [Own | _]}} ->
            note({crash, [lists:keyfind(K, 1, Own) || K <- [initial_call, registered_name, error_info]]});
        {report, #{label := {gen_server, terminate}, state := State} = Report} when element(1, State) =:= state ->
            note({logged, Level, maps:remove(state, Report)}); %% a supervisor's is its own affair
        {report, #{label := {gen_event, terminate}} = Report} -> note({logged, Level, maps:remove(log, Report)});
        {report, Report} -> note({logged, Level, Report, maps:get(domain, Meta, none)});
        Other -> note({logged, Level, Other})
    end.

%% Pids and the like without what differs from run to run; lists of calls are stack traces.
plain(F, _) when is_function(F) -> '#fun';
plain(P, Harness) when is_pid(P) -> case P of Harness -> '#harness'; _ -> '#pid' end;
plain(R, _) when is_reference(R) -> '#ref';
plain([alias | R], _) when is_reference(R) -> '#ref';
plain(I, _) when is_integer(I), abs(I) > 1000000 -> '#time';
plain([{M, F, A, Place} | T] = L, H)
  when is_atom(M), is_atom(F), is_list(Place), (is_integer(A) orelse is_list(A)) ->
    case M of
        ?MODULE -> {stack, F, case is_list(A) of true -> length(A); false -> A end};
        _ ->
            case lists:keymember(file, 1, Place) orelse Place =:= [] orelse lists:keymember(error_info, 1, Place) of
                true -> stack;
                false -> plain_list(L, T, H)
            end
    end;
plain([C | T] = L, H) when is_integer(C) ->
    case io_lib:printable_latin1_list(L) andalso lists:max(L) < 127 of
        true -> re:replace(L, "<0\\.[0-9.]*>", "<>", [global, {return, binary}]);
        false -> plain_list(L, T, H)
    end;
plain([_ | T] = L, H) -> plain_list(L, T, H);
plain(T, H) when is_tuple(T) -> list_to_tuple([plain(E, H) || E <- tuple_to_list(T)]);
plain(M, H) when is_map(M) -> {'#map', [{plain(K, H), plain(V, H)} || {K, V} <- lists:sort(maps:to_list(M))]};
plain(T, _) -> T.

plain_list([X | _], T, H) -> [plain(X, H) | plain(T, H)].

print(false, {N, Notes}) -> io:format("~w ~99999999tp~n", [N, Notes]);
print(true, {N, Notes}) when is_list(Notes) -> [io:format("~w ~99999999tp~n", [N, Note]) || Note <- Notes];
print(true, Line) -> io:format("~tp~n", [Line]).

%% ---- chance, from the process's own sequence ----

one_of(List) -> lists:nth(rand:uniform(length(List)), List).

%% One of what is weighed: [{Weight, Fun}].
weighed(Choices) -> weighed(rand:uniform(lists:sum([W || {W, _} <- Choices])), Choices).
weighed(N, [{W, Fun} | _]) when N =< W -> Fun();
weighed(N, [{W, _} | Rest]) -> weighed(N - W, Rest).

chance(Percent) -> rand:uniform(100) =< Percent.

times(0, _) -> [];
times(N, Fun) -> [Fun() | times(N - 1, Fun)].

%% The outcome of a call.
outcome(Fun) ->
    try Fun() of
        Value -> {ok, Value}
    catch
        Class:Reason -> {Class, Reason}
    end.
