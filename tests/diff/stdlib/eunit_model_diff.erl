%% Random test sets for eunit: every form of simple test, group, fixture and control, nested, some of which fail in
%% some way; what runs, in which order. What a listener hears is compared with MODEL_EVENTS=1 alone: on a busy machine
%% OTP 25 loses some of it where groups are cancelled.
-module(eunit_model_diff).
-export([start/1, init/1, handle_begin/3, handle_end/3, handle_cancel/3, terminate/2]).
-export([good/0, bad/0, a_test/0, gen_test_/0, twice/1]).
-define(RUNS, 200).
-include("model.hrl").

scenario(_) ->
    Set = set(4, true),
    Result = outcome(fun() -> eunit:test(Set, [no_tty, {report, {?MODULE, [self()]}}]) end),
    heard({result, Result}),
    receive {listener, done} -> ok after 60000 -> note(no_end) end,
    note({bodies, bodies()}).

%% The tests and their listener tell on their own.
bodies() -> receive {body, What, N} -> [{What, N} | bodies()] after 0 -> [] end.

%% ---- the listener ----

heard(What) ->
    case os:getenv("MODEL_EVENTS") of
        false -> ok;
        _ -> note(What)
    end.

start([Harness]) -> eunit_listener:start(?MODULE, [Harness]).

init([Harness]) ->
    put(harness, Harness),
    receive {start, _} -> Harness end.

handle_begin(Kind, Data, S) -> heard({'begin', Kind, seen(Data, [id, desc, source, line])}), S.
handle_end(Kind, Data, S) -> heard({'end', Kind, seen(Data, [id, size, status, output])}), S.
handle_cancel(Kind, Data, S) -> heard({cancel, Kind, seen(Data, [id, size, reason])}), S.

terminate(Result, Harness) ->
    heard({terminate, Result}),
    Harness ! {listener, done}.

%% Names of funs and lines differ where the compilers' do.
seen(Data, Keys) -> [{K, shown(K, V)} || {K, V} <- lists:sort(Data), lists:member(K, Keys)].

shown(line, _) -> line;
shown(source, {M, F, A}) ->
    case atom_to_list(F) of
        "-" ++ _ -> {M, 'fun', A};
        _ -> {M, F, A}
    end;
shown(desc, D) when is_binary(D); is_list(D) -> unicode:characters_to_binary(D);
shown(status, {error, {C, R, _}}) -> {error, C, R};
shown(reason, {abort, {What, {C, R, _}}}) -> {abort, What, C, R};
shown(reason, {timeout, _}) -> timeout;
shown(_, V) -> V.

%% ---- tests ----

good() -> ok.
bad() -> error(bad).
a_test() -> ok.
gen_test_() -> [fun good/0, {"titled", fun bad/0}].
twice(X) -> {twice, X}.

%% Notes: whether bodies say that they run, for what runs in parallel has no order.
body(Says) ->
    Harness = self(),
    N = rand:uniform(1000000),
    Run = fun(Value) -> fun() -> Says andalso (Harness ! {body, runs, N}), Value() end end,
    weighed([{20, fun() -> Run(fun() -> ok end) end},
             {2, fun() -> Run(fun() -> error(N) end) end},
             {1, fun() -> Run(fun() -> exit(N) end) end},
             {1, fun() -> Run(fun() -> throw(N) end) end},
             {1, fun() -> Run(fun() -> exit(self(), kill), receive never -> ok end end) end},
             {2, fun() -> Run(fun() -> io:format("~w written~n", [N]) end) end},
             {2, fun() -> fun good/0 end},
             {1, fun() -> fun bad/0 end}]).

simple(Says) ->
    weighed([{10, fun() -> body(Says) end},
             {2, fun() -> {?MODULE, good} end},
             {1, fun() -> {?MODULE, bad} end},
             {1, fun() -> {?MODULE, not_there} end},
             {1, fun() -> {test, ?MODULE, a_test} end},
             {3, fun() -> {rand:uniform(100), body(Says)} end},
             {1, fun() -> {?MODULE, good, []} end}]).

title() -> one_of(["a title", <<"binary">>, "two\nlines", "", "\x{3b1}"]).

set(0, Says) -> simple(Says);
set(D, Says) ->
    Sub = fun() -> set(D - 1, Says) end,
    Some = fun() -> times(rand:uniform(4) - 1, Sub) end,
    weighed([{6, fun() -> simple(Says) end},
             {8, Some},
             {3, fun() -> {title(), Sub()} end},
             {1, fun() -> {title(), {title(), Sub()}} end},
             {2, fun() -> {inorder, Some()} end},
             {2, fun() -> {inparallel, quietly()} end},
             {1, fun() -> {inparallel, rand:uniform(3), quietly()} end},
             {2, fun() -> {timeout, 50, Sub()} end},
             {1, fun() -> {timeout, 0.02, fun() -> timer:sleep(20000) end} end},
             {1, fun() -> S = Sub(), {generator, fun() -> S end} end},
             {1, fun() -> {generator, fun() -> error(no_tests) end} end},
             {1, fun() -> {generator, ?MODULE, gen_test_} end},
             {1, fun() -> {generator, ?MODULE, not_there} end},
             {1, fun() -> {with, 17, [fun(X) -> X = 17 end, fun(X) -> X = none end]} end},
             {1, fun() -> one_of([bad, {bad, bad}, {module, not_a_module}]) end},
             {8, fun() -> fixture(D, Says) end}]).

%% Plain tests alone, none of which is cancelled: OTP 25 loses some of what comes after.
quietly() -> times(rand:uniform(3), fun() -> one_of([fun() -> ok end, fun() -> error(quiet) end, fun good/0]) end).

fixture(D, Says) ->
    Harness = self(),
    N = rand:uniform(1000000),
    Tell = fun(What, Value) -> Says andalso (Harness ! {body, What, N}), Value end,
    Setup = weighed([{12, fun() -> fun() -> Tell(setup, N) end end}, {1, fun() -> fun() -> error(setup) end end}]),
    Cleanup = weighed([{12, fun() -> fun(X) -> Tell({cleanup, X}, ok) end end}, {1, fun() -> fun(_) -> exit(cleanup) end end}]),
    Tests = [set(D - 1, Says), set(D - 1, Says)],
    Instance = weighed([{6, fun() -> fun(_) -> Tests end end},
                        {3, fun() -> Tests end},
                        {2, fun() -> {with, [fun(X) -> X = N end]} end},
                        {1, fun() -> fun(_) -> error(instance) end end}]),
    Where = local, %% OTP 25 loses groups that have a process of their own, now and then
    Pair = fun(X, Y) -> Tell({X, Y}, ok), [hd(Tests)] end,
    SetupX = fun(X) -> Tell({setup, X}, {X, N}) end,
    CleanupX = fun(X, Y) -> Tell({cleanup, X, Y}, ok) end,
    weighed([{3, fun() -> {setup, Setup, Instance} end},
             {4, fun() -> {setup, Setup, Cleanup, Instance} end},
             {2, fun() -> {setup, Where, Setup, Instance} end},
             {2, fun() -> {setup, Where, Setup, Cleanup, Instance} end},
             {2, fun() -> {foreach, Setup, [fun(_) -> T end || T <- Tests]} end},
             {2, fun() -> {foreach, Setup, Cleanup, [fun(_) -> T end || T <- Tests]} end},
             {1, fun() -> {foreach, Where, Setup, Cleanup, [fun(_) -> T end || T <- Tests]} end},
             {1, fun() -> {foreachx, SetupX, [{x, Pair}, {y, Pair}]} end},
             {2, fun() -> {foreachx, SetupX, CleanupX, [{x, Pair}, {y, Pair}]} end},
             {1, fun() -> {foreachx, Where, SetupX, CleanupX, [{x, Pair}]} end}]).
