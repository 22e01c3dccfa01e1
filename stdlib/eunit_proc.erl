%% Runs tests. A group that is to have a process of its own gets two: one runs the tests, and its
%% keeper outlives whatever they do. The keeper is their group leader, holds what they write, ends
%% them when they take too long, and passes on what happens.
%%
%% What happens is told as {eunit, Tag, Id, Event}, Event being {'begin', Type, Data},
%% {'end', Type, Data} or {cancel, Reason}, to the process given as Super. Id is the place of the item
%% in the tree of groups: [2, 1] is the first of the second. In parallel groups the Tag is the number
%% of the item, so that the events of one can be held back until those before it have ended.
-module(eunit_proc).
-export([start/3]).

-define(TEST_TIMEOUT, 5).
%% keeper: of this process; options: scale (of timeouts) and those of eunit_data
-record(state, {keeper :: pid(), options :: map()}).

%% Runs the tests in a process of their own; the one whose pid this is ends when they have.
-spec start(eunit_data:tests(), map(), pid()) -> pid().
start(Tests, Options, Super) ->
    Root = #{type => group, desc => undefined, order => undefined, spawn => undefined,
             timeout => undefined, context => undefined, tests => Tests},
    keep(Root, [], Options, Super, undefined).

%% ---- the keeper ----

-record(keeper, {super, tag, id, runner, output = []}).

keep(Item, Id, Options, Super, Tag) ->
    Parent = self(),
    spawn(fun() ->
                  process_flag(trap_exit, true),
                  put('$eunit_keeper', true),
                  _ = monitor(process, Parent),
                  Self = self(),
                  State = #state{keeper = Self, options = Options},
                  Runner = spawn_runner(Item, fun() -> run_alone(Item, Id, State) end),
                  keeper(#keeper{super = Super, tag = Tag, id = Id, runner = Runner}, Parent)
          end).

spawn_runner(#{spawn := {remote, Node}}, F) when Node =/= node() -> spawn_link(Node, F);
spawn_runner(_, F) -> spawn_link(F).

run_alone(Item, Id, #state{keeper = Keeper} = State) ->
    group_leader(Keeper, self()),
    try run_here(Item, Id, State) of
        _ -> Keeper ! {done, self()}
    catch
        throw:{abort, Reason} -> Keeper ! {aborted, self(), Reason}
    end,
    unlink(Keeper).

keeper(#keeper{id = Id, runner = Runner} = K, Parent) ->
    receive
        {eunit, _, _, {'begin', test, _}} = Event ->
            pass(Event, K),
            keeper(K#keeper{output = []}, Parent);
        {eunit, T, At, {'end', test, Data, Runner}} ->
            Text = unicode:characters_to_binary(lists:reverse(K#keeper.output)),
            pass({eunit, T, At, {'end', test, [{output, [Text]} | Data]}}, K),
            keeper(K#keeper{output = []}, Parent);
        {eunit, _, _, _} = Event ->
            pass(Event, K),
            keeper(K, Parent);
        {io_request, From, ReplyAs, Request} ->
            {Reply, Output} = io(Request, K#keeper.output),
            From ! {io_reply, ReplyAs, Reply},
            keeper(K#keeper{output = Output}, Parent);
        {get_output, From} ->
            From ! {output, self(), lists:reverse(K#keeper.output)},
            keeper(K, Parent);
        {late, Late} ->
            Stack = stack_of(Runner),
            stop(Runner),
            cancel(K, Late, {timeout, #{stacktrace => Stack}}),
            _ = [cancel(K, Id, {blame, Late}) || Late =/= Id],
            ok;
        {done, Runner} -> ok;
        {aborted, Runner, Reason} -> cancel(K, Id, {abort, Reason});
        {'EXIT', Runner, Reason} -> cancel(K, Id, {exit, Reason});
        {'DOWN', _, process, Parent, _} -> stop(Runner);
        _ -> keeper(K, Parent)
    end.

pass({eunit, _, At, Event}, #keeper{super = Super, tag = Tag}) ->
    Super ! {eunit, Tag, At, Event}.

cancel(#keeper{super = Super, tag = Tag}, At, Reason) ->
    Super ! {eunit, Tag, At, {cancel, Reason}}.

stop(Runner) ->
    exit(Runner, kill),
    receive {'EXIT', Runner, _} -> ok end.

stack_of(Runner) ->
    case process_info(Runner, current_stacktrace) of
        {current_stacktrace, Stack} ->
            lists:takewhile(fun({M, _, _, _}) -> M =/= ?MODULE andalso M =/= eunit_test end, Stack);
        _ -> []
    end.

%% The I/O protocol, of a device that keeps what is written and has nothing to read.
io({put_chars, Encoding, Chars}, Output) ->
    case unicode:characters_to_binary(Chars, Encoding) of
        Text when is_binary(Text) -> {ok, [Text | Output]};
        _ -> {{error, {error, {put_chars, Encoding, Chars}}}, Output}
    end;
io({put_chars, Encoding, M, F, A}, Output) ->
    try apply(M, F, A) of
        Chars -> io({put_chars, Encoding, Chars}, Output)
    catch
        _:_ -> {{error, F}, Output}
    end;
io({put_chars, Chars}, Output) -> io({put_chars, latin1, Chars}, Output);
io({put_chars, M, F, A}, Output) -> io({put_chars, latin1, M, F, A}, Output);
io({requests, Requests}, Output) ->
    lists:foldl(fun(Request, {ok, Done}) -> io(Request, Done);
                   (_, Failed) -> Failed
                end, {ok, Output}, Requests);
io({setopts, _}, Output) -> {ok, Output};
io(getopts, Output) -> {{error, enotsup}, Output};
io({get_geometry, _}, Output) -> {{error, enotsup}, Output};
io(Request, Output) when is_tuple(Request) ->
    case atom_to_list(element(1, Request)) of
        "get_" ++ _ -> {eof, Output};
        _ -> {{error, request}, Output}
    end;
io(_, Output) -> {{error, request}, Output}.

%% ---- the runner ----

tell(Id, Event, #state{keeper = Keeper}) ->
    Keeper ! {eunit, undefined, Id, Event},
    ok.

%% Runs an item, in this process or in one of its own.
run(#{type := group, spawn := Spawn} = Item, Id, #state{keeper = Keeper, options = Options})
  when Spawn =/= undefined ->
    wait(keep(Item, Id, Options, Keeper, undefined));
run(Item, Id, State) -> run_here(Item, Id, State).

wait(Pid) ->
    Ref = monitor(process, Pid),
    receive {'DOWN', Ref, process, Pid, _} -> ok end.

run_here(#{type := test} = Test, Id, State) ->
    #{run := Run, source := Source, line := Line, desc := Desc} = Test,
    Data = [{id, Id}, {desc, Desc}, {source, Source}, {line, Line}],
    tell(Id, {'begin', test, Data}, State),
    Timeout = case Test of
                  #{timeout := undefined} -> ?TEST_TIMEOUT;
                  #{timeout := Seconds} -> Seconds
              end,
    {Time, Status} = timed(Timeout, Id, State, fun() -> status(eunit_test:run_testfun(Run)) end),
    tell(Id, {'end', test, [{status, Status}, {time, Time} | Data], self()}, State);
run_here(#{type := group} = Group, Id, State) ->
    #{desc := Desc, order := Order, spawn := Spawn, timeout := Timeout} = Group,
    Data = [{id, Id}, {desc, Desc}, {spawn, Spawn}, {order, Order}],
    tell(Id, {'begin', group, Data}, State),
    try timed(Timeout, Id, State, fun() -> run_group(Group, Id, State) end) of
        {Time, Size} ->
            tell(Id, {'end', group, [{size, Size}, {time, Time}, {output, []} | Data]}, State)
    catch
        throw:{context_error, Part, Exception} ->
            tell(Id, {cancel, {abort, {Part, Exception}}}, State)
    end.

status({ok, _}) -> ok;
status({error, {_, _, _} = Exception}) -> {error, Exception};
status({error, Reason}) -> {skipped, Reason}.

%% {Milliseconds, F()}. When it takes too long, this process does not come back from here.
timed(undefined, _, _, F) ->
    Start = erlang:monotonic_time(millisecond),
    Result = F(),
    {erlang:monotonic_time(millisecond) - Start, Result};
timed(Timeout, Id, #state{keeper = Keeper, options = #{scale := Scale}}, F) ->
    Timer = erlang:send_after(max(1, round(Timeout * 1000 * Scale)), Keeper, {late, Id}),
    Start = erlang:monotonic_time(millisecond),
    try F() of
        Result -> {erlang:monotonic_time(millisecond) - Start, Result}
    after
        case erlang:cancel_timer(Timer) of
            false -> receive after infinity -> ok end;
            _ -> ok
        end
    end.

run_group(#{context := undefined, order := Order, tests := Tests}, Id, State) ->
    case Order of
        {inparallel, Most} -> in_parallel(Tests, Most, Id, State);
        _ -> in_order(Tests, 1, Id, State)
    end;
run_group(#{context := {Setup, Cleanup, Instantiate}} = Group, Id, State) ->
    Run = fun(Tests) ->
                  run_group(Group#{context := undefined, tests := eunit_data:tests(Tests)}, Id,
                            State)
          end,
    eunit_test:enter_context(Setup, Cleanup, Instantiate, Run).

in_order(Tests, N, Id, #state{options = Options} = State) ->
    case eunit_data:next(Tests, Options) of
        none -> N - 1;
        {Item, Left} ->
            _ = run(Item, Id ++ [N], State),
            in_order(Left, N + 1, Id, State)
    end.

%% ---- parallel groups ----
%% Every item has a process of its own, at most Most at a time (0: no limit). Their events come here.
%% first: the number of the first item that has not ended; its events go on at once, those of the
%% others are in held, newest first. running: numbers by monitor.
-record(parallel, {first = 1, held = #{}, ended = #{}, running = #{}}).

in_parallel(Tests, Most, Id, State) -> in_parallel(Tests, Most, 1, Id, State, #parallel{}).

in_parallel(Tests, Most, N, Id, State, #parallel{running = Running} = P)
  when Most > 0, map_size(Running) >= Most ->
    in_parallel(Tests, Most, N, Id, State, in_parallel_event(P, State));
in_parallel(Tests, Most, N, Id, #state{options = Options} = State, P) ->
    case eunit_data:next(Tests, Options) of
        none ->
            finish_parallel(P, State),
            N - 1;
        {Item, Left} ->
            Ref = monitor(process, keep(Item, Id ++ [N], Options, self(), N)),
            Running = (P#parallel.running)#{Ref => N},
            in_parallel(Left, Most, N + 1, Id, State, P#parallel{running = Running})
    end.

finish_parallel(#parallel{running = Running}, _) when map_size(Running) =:= 0 -> ok;
finish_parallel(P, State) -> finish_parallel(in_parallel_event(P, State), State).

in_parallel_event(#parallel{first = First, running = Running} = P, State) ->
    receive
        {eunit, First, At, Event} ->
            tell(At, Event, State),
            P;
        {eunit, N, At, Event} when is_integer(N) ->
            Held = maps:get(N, P#parallel.held, []),
            P#parallel{held = (P#parallel.held)#{N => [{At, Event} | Held]}};
        {'DOWN', Ref, process, _, _} when is_map_key(Ref, Running) ->
            {N, Left} = maps:take(Ref, Running),
            Ended = (P#parallel.ended)#{N => true},
            advance(P#parallel{running = Left, ended = Ended}, State)
    end.

%% Tells what was held of items that come first now.
advance(#parallel{first = First, ended = Ended, held = Held} = P, State)
  when is_map_key(First, Ended) ->
    Next = First + 1,
    _ = [tell(At, Event, State) || {At, Event} <- lists:reverse(maps:get(Next, Held, []))],
    advance(P#parallel{first = Next, held = maps:remove(Next, Held)}, State);
advance(P, _) -> P.
