%% What code:purge/1, soft_purge/1, delete/1 and check_process_code/2 do; funs and literals of a
%% version that is gone.
-module(purging_frees_old_code_and_its_literals).
-export([main/0]).

main() ->
    {V1, V2, V3} = {version(1), version(2), version(3)},
    load(V1),
    Fun = pm:f(),
    Closure = pm:closure(7),
    Lit = pm:lit(),
    ets:new(kept, [named_table, public]),
    ets:insert(kept, {lit, pm:lit()}),
    persistent_term:put(kept, pm:lit()),
    put(kept, pm:lit()),
    Timer = erlang:send_after(500, self(), {timer, pm:lit()}),
    Self = self(),
    Holder = spawn(fun() -> Held = pm:lit(), Self ! holds, holder(Held) end),
    receive holds -> ok end,
    Holder ! {queued, pm:lit()},
    Holder ! pm:lit(),
    Tag = monitor(process, Holder, [{tag, pm:lit()}]),
    Loop = spawn(pm, loop, []),
    1 = ask(Loop),
    load(V2),
    io:format("old ~p, uses it ~p ~p~n",
              [erlang:check_old_code(pm), erlang:check_process_code(Loop, pm),
               erlang:check_process_code(self(), pm)]),
    io:format("old fun ~P ~p~n", [Fun(1), 12, Closure(1)]),
    io:format("third ~p~n", [erlang:load_module(pm, V3)]),
    io:format("soft ~p~n", [code:soft_purge(pm)]),
    io:format("still ~p ~P ~p~n", [ask(Loop), Fun(1), 12, Closure(2)]),
    Loop ! upgrade,
    io:format("new ~p~n", [ask(Loop)]),
    io:format("soft ~p ~p~n", [code:soft_purge(pm), erlang:check_old_code(pm)]),
    io:format("soft again ~p, hard ~p~n", [code:soft_purge(pm), code:purge(pm)]),
    io:format("gone ~p ~p~n", [bad(Fun, [1]), bad(Closure, [1])]),
    io:format("fun ~p ~p ~p~n", [erlang:fun_info(Closure, env), erlang:fun_info(Fun, name), is_function(Fun, 1)]),
    churn(50),
    garbage_collect(),
    io:format("~P~n~P~n~P~n~P~n", [Lit, 12, ets:lookup(kept, lit), 12, persistent_term:get(kept), 12, get(kept), 12]),
    Holder ! {self(), all},
    receive {Holder, All} -> io:format("~P~n", [All, 40]) end,
    exit(Holder, kill),
    receive Down when element(2, Down) =:= Tag -> io:format("~P~n", [element(1, Down), 12]) end,
    erlang:cancel_timer(Timer),
    %% The same code again: the fun is what it was.
    code:purge(pm),
    load(V1),
    io:format("again ~P ~p ~p~n", [Fun(2), 12, Closure(2), Fun =:= pm:f()]),
    code:purge(pm),
    %% One that does not leave is killed.
    Stays = spawn(pm, loop, []),
    1 = ask(Stays),
    load(V3),
    MRef = monitor(process, Stays),
    io:format("purge ~p~n", [code:purge(pm)]),
    receive {'DOWN', MRef, process, _, Why} -> io:format("~p~n", [Why]) end,
    io:format("purge ~p~n", [code:purge(pm)]),
    io:format("delete ~p ~p ~p~n", [code:delete(pm), erlang:check_old_code(pm), code:is_loaded(pm)]),
    io:format("undefined ~p~n", [bad(fun pm:lit/0, [])]),
    io:format("purge ~p ~p~n", [code:purge(pm), erlang:check_old_code(pm)]),
    io:format("~p~n", [catch element(1, element(2, catch erlang:purge_module(pm)))]),
    io:format("lambda ~p~n", [bad(Fun, [3])]),
    many().

holder(Lit) ->
    receive {From, all} -> From ! {self(), [Lit | queue()]}, holder(Lit) end.

queue() ->
    receive M -> [M | queue()] after 0 -> [] end.

bad(Fun, Args) ->
    try apply(Fun, Args)
    catch
        error:{badfun, F} -> {badfun, F =:= Fun};
        error:undef:Stack ->
            case Stack of
                [{What, A, _} | _] -> {undef, What =:= Fun, A};
                [{M, F, A, _} | _] -> {undef, M, F, A}
            end
    end.

ask(Pid) ->
    Pid ! {self(), state},
    receive {Pid, State} -> State end.

%% Memory of the versions before is used again by these.
churn(0) -> ok;
churn(N) ->
    code:purge(pm),
    load(version(1000 + N rem 7)),
    io_lib:format("~p", [pm:lit()]),
    churn(N - 1).

%% Many processes hold a literal while its module goes.
many() ->
    load(version(5)),
    Self = self(),
    Pids = [spawn(fun() -> many(Self, N, [pm:lit() || _ <- lists:seq(1, N rem 10)]) end)
            || N <- lists:seq(1, 300)],
    lists:foreach(fun(P) -> receive {P, ready} -> ok end end, Pids),
    load(version(6)),
    true = code:soft_purge(pm),
    churn(10),
    Sums = [begin P ! go, receive {P, L} -> length(lists:flatten(io_lib:format("~w", [L]))) end end || P <- Pids],
    io:format("~p~n", [lists:sum(Sums)]).

many(Parent, N, Lits) ->
    Parent ! {self(), ready},
    receive go -> Parent ! {self(), {N rem 2, Lits}} end.

load(Code) ->
    {module, pm} = erlang:load_module(pm, Code).

version(V) ->
    Number = integer_to_list(V),
    Text = ["-module(pm).\n"
            "-export([f/0, closure/1, loop/0, lit/0]).\n"
            "f() -> fun(X) -> {v, X, ", Number, ", lit()} end.\n"
            "closure(Y) -> fun(X) -> {closure, X, Y} end.\n"
            "lit() -> {a, \"literal of ", Number, "\", [", Number, "], #{k => {", Number,
            ", <<\"bytes\">>}}, <<\"0123456789\", 0:90/unit:8>>}.\n"
            "loop() -> receive {P, state} -> P ! {self(), ", Number, "}, loop();"
            " upgrade -> ?MODULE:loop() end.\n"],
    {ok, Tokens, _} = erl_scan:string(lists:flatten(Text)),
    {ok, pm, Code} = compile:forms(forms(Tokens), [binary]),
    Code.

forms([]) -> [];
forms(Tokens) ->
    {Form, [Dot | Rest]} = lists:splitwith(fun(T) -> element(1, T) =/= dot end, Tokens),
    {ok, Parsed} = parse(Form ++ [Dot]),
    [Parsed | forms(Rest)].

parse(Tokens) -> erl_parse:parse_form(expand(Tokens)).

%% There is no preprocessor on this way.
expand([{'?', _}, {var, L, 'MODULE'} | T]) -> [{atom, L, pm} | expand(T)];
expand([H | T]) -> [H | expand(T)];
expand([]) -> [].
