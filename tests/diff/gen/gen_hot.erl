%% gen_hot.erl: random functions that run long enough to be compiled and entered midway.
%%
%% Helpers for gen_expr: loops with several accumulators, loops that carry a tuple, recursion with values kept over calls, binaries
%% grown step by step, maps on both sides of 32 keys, more variables than there are registers or bits in a
%% word, servers, selective receive, processes that end with a reason. Each is finite: a loop counts down from a
%% few dozen, and what it calls is no loop. Expressions in other processes never raise (a report of that
%% would be printed).
-module(gen_hot).
-export([helper/2, zero_float/2, leaves/1]).
-import(gen_expr, [random/1, chance/1, one_of/1, weighed/1, fresh/0, join/2, f/2, type/1, flat_type/0, literal/2, integer/0, float_literal/0,
                   expr/3, cut/2, clause/4, bind/2, guard_test/1]).

-include("gen.hrl").

%% {{Name, ArgumentTypes, Type}, Text}
helper(Name, Ctx0) ->
    Ctx = case chance(80) of true -> leaves(Ctx0); false -> Ctx0 end,
    weighed([{6, fun() -> loop(Name, Ctx) end},
             {5, fun() -> carried(Name, Ctx) end},
             {4, fun() -> inner(Name, Ctx) end},
             {3, fun() -> deep(Name, Ctx) end},
             {2, fun() -> builder(Name, Ctx) end},
             {4, fun() -> scanner(Name, Ctx) end},
             {2, fun() -> map_loop(Name, Ctx) end},
             {1, fun() -> many(Name, Ctx) end},
             {2, fun() -> server(Name, Ctx) end},
             {2, fun() -> mailbox(Name, Ctx) end},
             {1, fun() -> exiting(Name, Ctx) end},
             {2, fun() -> raising(Name, Ctx) end}]).

%% Only such helpers as are no loops.
leaves(Ctx) -> Ctx#ctx{helpers = [H || {[$t | _], _, _} = H <- Ctx#ctx.helpers]}.

vars(Types) -> [{fresh(), T} || T <- Types].
names(Vars) -> join([V || {V, _} <- Vars], ", ").
steps(Vars, Ctx, D) -> join([cut(T, expr(T, Ctx, D)) || {_, T} <- Vars], ", ").
types(N) -> [flat_type() || _ <- lists:seq(1, N)].

%% A double that may be a negative zero. It must not be matched, or compared exactly. (erl 25 makes -X of a
%% float operation's result 0.0 - X, hence the calls of id/1, and leaves -0.0 as it is in abs/1.)
zero_float(Ctx, D) when D =< 0 ->
    weighed([{3, fun() -> one_of(["(-id(0.0))", "(0.0 * id(-1))", "id(0.0)", "(id(0) / -3)", "(-1.0e-300 * id(1.0e-300))"]) end},
             {3, fun() -> float_literal() end},
             {4, fun() -> expr(float, Ctx, 0) end}]);
zero_float(Ctx, D) ->
    weighed([{8, fun() -> f("(~s ~s ~s)", [zero_float(Ctx, D - 1), one_of(["+", "-", "*", "*", "/"]), zero_float(Ctx, D - 1)]) end},
             {2, fun() -> f("(~s ~s ~s)", [expr(int, Ctx, D - 1), one_of(["+", "-", "*", "*", "/"]), zero_float(Ctx, D - 1)]) end},
             {2, fun() -> f("(~s ~s ~s)", [zero_float(Ctx, D - 1), one_of(["+", "-", "*", "/"]), expr(int, Ctx, D - 1)]) end},
             {2, fun() -> f("(- id(~s))", [zero_float(Ctx, D - 1)]) end},
             {1, fun() -> f("float(~s)", [expr(int, Ctx, D - 1)]) end},
             {2, fun() -> f("case ~s of true -> ~s; _ -> ~s end", [expr(bool, Ctx, D - 1), zero_float(Ctx, D - 1), zero_float(Ctx, D - 1)]) end},
             {2, fun() -> zero_float(Ctx, 0) end}]).

%% Counts down; each clause makes all accumulators anew.
loop(Name, Ctx) ->
    Types = types(1 + random(5)),
    T = flat_type(),
    N = fresh(),
    Clauses = [begin
                   Vars = vars(Types),
                   Inner = bind([{N, int} | Vars], Ctx),
                   f("~s_l(~s, ~s) when ~s > 0~s ->\n    ~s~s_l(~s - ~s, ~s)",
                     [Name, N, names(Vars), N, Guard(Inner), Before, Name, N, one_of(["1", "1", "1", "2", "3"]), steps(Vars, Inner, D)])
               end || {Guard, Before, D} <- [{fun(C) -> [", ", guard_test(C)] end, "", 2} || _ <- lists:seq(1, random(3))] ++
                                            [{fun(_) -> "" end, one_of(["", "", f("put(~s, 1), ", [Name])]), 3}]],
    Last = vars(Types),
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s).\n\n~s;\n~s_l(_, ~s) ->\n    ~s.\n\n",
             [Name, names(Last), Name, one_of([7, 31, 63]), names(Last), join(Clauses, ";\n"), Name, names(Last),
              expr(T, bind(Last, Ctx), 2)]),
    {{Name, [int | Types], T}, Text}.

%% Counts down; what it carries is a tuple, of tuples, too: made anew, changed by another function, handed on as it is,
%% wanted as a whole in a round, or of another size.
carried(Name, Ctx) ->
    Types = [one_of([int, float, flat_type()]) || _ <- lists:seq(1, 2 + random(3))],
    Split = random(length(Types) + 1),
    Last = vars(Types),
    Clauses = [carried_clause(Name, Types, Split, Ctx) || _ <- lists:seq(1, 1 + random(3))],
    Step = vars(Types),
    Inner = bind([{"N", int} | Step], Ctx),
    Other = case chance(25) of true -> carried_tuple(Split, [V || {V, _} <- Step] ++ ["N"]); false -> carried_tuple(Split, made(Step, Inner, 1)) end,
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s).\n\n~s;\n"
             "~s_l(N, S) when N > 0 ->\n    case ~s_s(N, S) of\n        {ok, S2} -> ~s_l(N - 1, S2);\n        {other, S2} -> ~s_l(N - 2, S2);\n        _ -> erlang:phash2({N, S})\n    end;\n"
             "~s_l(_, S) ->\n    erlang:phash2(S).\n\n"
             "~s_s(N, ~s) when ~s -> {ok, ~s};\n~s_s(N, ~s) when N rem 3 =:= 0 -> {other, ~s};\n~s_s(_, S) -> {~s, S}.\n\n",
             [Name, names(Last), Name, one_of([7, 31, 63]), carried_tuple(Split, [V || {V, _} <- Last]), join(Clauses, ";\n"),
              Name, Name, Name, Name, Name,
              Name, carried_tuple(Split, [V || {V, _} <- Step]), guard_test(Inner), carried_tuple(Split, made(Step, Inner, 1)),
              Name, carried_tuple(Split, [V || {V, _} <- Step]), Other,
              Name, one_of(["ok", "ok", "other", "none"])]),
    {{Name, [int | Types], int}, Text}.

made(Vars, Ctx, D) -> [cut(T, expr(T, Ctx, D)) || {_, T} <- Vars].

%% {A, B, {C, D}}
carried_tuple(Split, Values) ->
    case lists:split(min(Split, length(Values)), Values) of
        {All, []} -> f("{~s}", [join(All, ", ")]);
        {[], All} -> f("{~s}", [join(All, ", ")]);
        {Some, Rest} -> f("{~s, {~s}}", [join(Some, ", "), join(Rest, ", ")])
    end.

carried_clause(Name, Types, Split, Ctx) ->
    Vars = vars(Types),
    Inner = bind([{"N", int} | Vars], Ctx),
    Whole = carried_tuple(Split, [V || {V, _} <- Vars]),
    New = weighed([{6, fun() -> carried_tuple(Split, made(Vars, Inner, random(2))) end},
                   {2, fun() -> carried_tuple(Split, lists:droplast([V || {V, _} <- Vars]) ++ [lists:last(made(Vars, Inner, 1))]) end},
                   {1, fun() -> "S" end},
                   {1, fun() -> "id(S)" end},
                   {1, fun() -> f("begin put(~s, S), ~s end", [Name, Whole]) end}]),
    f("~s_l(N, ~s = S) when N > 0, ~s ->\n    _ = S,\n    ~s_l(N - 1, ~s)", [Name, Whole, guard_test(Inner), Name, New]).

%% A loop that calls a small one, over a list, which calls nobody: there it is put into the other.
inner(Name, Ctx) ->
    Types = types(1 + random(3)),
    [E, T] = [flat_type(), flat_type()],
    Alone = Ctx#ctx{helpers = []},
    [Last, Before, After, Inside, Passed, End] = [vars(Types) || _ <- lists:seq(1, 6)],
    H = fresh(),
    List = fresh(),
    Behind = bind([{"N", int}, {List, {list, E}} | After], Ctx),
    In = bind([{H, E} | Inside], Alone),
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s).\n\n"
             "~s_l(N, ~s) when N > 0 ->\n    {~s, ~s} = ~s_s(~s, ~s, []),\n    ~s_l(N - 1, ~s);\n~s_l(_, ~s) ->\n    ~s.\n\n"
             "~s_s([~s | R], ~s, D) when ~s ->\n    ~s_s(R, ~s, [~s | D]);\n~s_s([_ | R], ~s, D) ->\n    ~s_s(R, ~s, D);\n~s_s(_, ~s, D) ->\n    {~s, ~s}.\n\n",
             [Name, names(Last), Name, one_of([7, 31, 63]), names(Last),
              Name, names(Before), names(After), List, Name, expr({list, E}, bind([{"N", int} | Before], Ctx), 2), names(Before),
              Name, steps(After, Behind, 1), Name, names(Last), expr(T, bind(Last, Ctx), 2),
              Name, H, names(Inside), guard_test(In), Name, steps(Inside, In, 1), cut(E, expr(E, In, 1)),
              Name, names(Passed), Name, steps(Passed, bind(Passed, Alone), 1),
              Name, names(End), names(End), one_of(["D", "lists:reverse(D)", "lists:reverse(D, D)", "D ++ lists:reverse(D)"])]),
    {{Name, [int | Types], T}, Text}.

%% Values are kept over a call of itself.
deep(Name, Ctx) ->
    T = flat_type(),
    Types = types(1 + random(3)),
    [Arguments, Kept] = [vars(Types), vars([type(1) || _ <- lists:seq(1, 1 + random(5))])],
    R = fresh(),
    Inner = bind(Arguments, Ctx),
    All = bind(Kept ++ [{R, T}], Inner),
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s).\n\n~s_l(N, ~s) when N > 0 ->\n    ~s,\n    ~s = ~s_l(N - 1, ~s),\n    ~s;\n~s_l(_, ~s) ->\n    ~s.\n\n",
             [Name, names(Arguments), Name, one_of([7, 15]), names(Arguments), Name, names(Arguments),
              join([[V, " = ", expr(S, Inner, 2)] || {V, S} <- Kept], ",\n    "), R, Name, steps(Arguments, Inner, 1),
              cut(T, expr(T, All, 3)), Name, names(Arguments), expr(T, Inner, 1)]),
    {{Name, [int | Types], T}, Text}.

%% Over a binary, head by head; the rest goes on, is kept, looked at, or given away.
scanner(Name, Ctx) ->
    Types = types(1 + random(3)),
    T = flat_type(),
    Clauses = [begin
                   Accs = vars(Types),
                   [H, R] = [fresh(), fresh()],
                   {Head, Vars} = one_of([{H, [{H, int}]}, {[H, ":16"], [{H, int}]}, {[H, ":4, _:4"], [{H, int}]}, {"$a", []}, {"\"b\"", []}, {"1, 2", []},
                                          {[H, "/utf8"], [{H, int}]}, {[H, ":2/binary"], [{H, bin}]}, {[H, ":24/little-signed"], [{H, int}]},
                                          {[H, "/float"], []}, {["_:8, ", H, ":8/signed"], [{H, int}]}]),
                   Inner = bind([{R, bin} | Vars ++ Accs], Ctx),
                   Small = bind(Vars ++ Accs, Ctx),
                   Next = weighed([{6, fun() -> f("~s_l(~s, ~s)", [Name, R, steps(Accs, Small, 2)]) end},
                                   {2, fun() -> f("~s_l(~s, ~s)", [Name, R, steps(Accs, Inner, 2)]) end},
                                   {1, fun() -> f("id(~s_l(~s, ~s))", [Name, R, steps(Accs, Small, 1)]) end},
                                   {1, fun() -> f("case ~s of true -> ~s_l(~s, ~s); _ -> ~s end",
                                                  [expr(bool, Inner, 1), Name, R, steps(Accs, Small, 1), expr(T, Inner, 2)]) end},
                                   {1, fun() -> f("try ~s catch _:_ -> ~s_l(~s, ~s) end",
                                                  [expr(T, Inner#ctx{in_try = true}, 2), Name, R, steps(Accs, Small, 1)]) end},
                                   {1, fun() -> f("begin X = {~s, ~s}, ~s_l(element(1, id(X)), ~s) end", [R, R, Name, steps(Accs, Small, 1)]) end},
                                   {1, fun() -> f("~s_l(<<~s/binary, ~s/binary>>, ~s)", [Name, one_of(["(id(<<>>))", R]), "<<>>", steps(Accs, Small, 1)]) end},
                                   {1, fun() -> expr(T, Inner, 2) end}]),
                   f("~s_l(<<~s, ~s/binary>>, ~s)~s ->\n    ~s", [Name, Head, R, names(Accs),
                     case chance(50) of true -> [" when ", guard_test(Inner)]; false -> "" end, Next])
               end || _ <- lists:seq(1, 1 + random(4))],
    [Last, Other] = [vars(Types), vars(Types)],
    Text = f("~s(B, ~s) ->\n    ~s_l(binary:copy(B, ~w), ~s).\n\n~s;\n~s_l(<<_, R/binary>>, ~s) ->\n    ~s_l(R, ~s);\n~s_l(~s, ~s) ->\n    ~s.\n\n",
             [Name, names(Last), Name, 1 + random(8), names(Last), join(Clauses, ";\n"), Name, names(Other), Name, names(Other),
              Name, one_of(["_", "<<>>"]), names(Last), expr(T, bind(Last, Ctx), 2)]),
    {{Name, [bin | Types], T}, Text}.

%% A binary that grows at its end, or at both.
builder(Name, Ctx) ->
    Bits = chance(30),
    T = case Bits of true -> bits; false -> bin end,
    S = flat_type(),
    A = {fresh(), S},
    Inner = bind([A, {"B", T}, {"N", int}], Ctx),
    Segment = fun() ->
                  weighed([{4, fun() -> f("(~s):~w", [expr(int, Inner, 1), one_of([8, 16, 24, 32, 40, 64])]) end},
                           {2, fun() -> f("(~s):~w/little", [expr(int, Inner, 1), one_of([16, 32, 64, 24])]) end},
                           {1, fun() -> f("(~s)/float", [zero_float(Inner, 1)]) end},
                           {1, fun() -> "\"xyz\"" end},
                           {1, fun() -> f("((~s) band 16#7FF)/utf8", [expr(int, Inner, 1)]) end},
                           {1, fun() -> f("(~s)/binary", [literal(bin, 1)]) end},
                           {case Bits of true -> 4; false -> 0 end, fun() -> f("(~s):~w", [expr(int, Inner, 1), 1 + random(20)]) end}])
              end,
    New = join([Segment() || _ <- lists:seq(1, 1 + random(4))], ", "),
    Tail = case T of bin -> "binary"; bits -> "bits" end,
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s, <<~s>>).\n\n~s_l(N, ~s, B) when N > 0 ->\n    ~s_l(N - 1, ~s, <<~s>>);\n~s_l(_, _, B) ->\n    B.\n\n",
             [Name, element(1, A), Name, one_of([7, 31]), element(1, A), one_of(["", "\"abc\"", "1, 2"]),
              Name, element(1, A), Name, cut(S, expr(S, Inner, 2)),
              case chance(85) of true -> f("B/~s, ~s", [Tail, New]); false -> f("~s, B/~s", [New, Tail]) end, Name]),
    {{Name, [int, S], T}, Text}.

%% Maps of few keys, and of more than 32.
map_loop(Name, Ctx) ->
    Inner = bind([{"N", int}, {"A", int}], Ctx),
    Key = one_of(["N", "A rem 7", "{k, A rem 5}", "N rem 3", "<<N>>", "N * 1.0", "-N", "(N bsl 60)"]),
    Fixed = one_of(["a", "b", "1", "k"]),
    Text = f("~s(N, A) ->\n    ~s_l(N band ~w, A, #{~s}).\n\n"
             "~s_l(N, A, #{~s := V} = M) when N > 0, V ~s A ->\n    ~s_l(N - 1, ~s, M#{~s := A});\n"
             "~s_l(N, A, M) when N > 0 ->\n    ~s_l(N - 1, ~s, M#{~s => ~s, ~s => A});\n"
             "~s_l(_, _, M) ->\n    [V || {_, V} <- lists:sort(maps:to_list(M))].\n\n",
             [Name, Name, one_of([7, 31, 127]), one_of(["", "a => 1", "a => 1, b => 2, c => 3", "1 => 2, 1.0 => 3"]),
              Name, Fixed, one_of(["<", ">", "=/=", ">="]), Name, cut(int, expr(int, Inner, 1)), Fixed,
              Name, Name, cut(int, expr(int, Inner, 2)), Key, cut(int, expr(int, Inner, 1)), one_of([Fixed, Key]), Name]),
    {{Name, [int, int], {list, int}}, Text}.

%% Dozens of variables.
many(Name, Ctx) ->
    [A, B] = vars([int, float]),
    All = lists:foldl(fun(_, Vars) ->
                          T = one_of([int, int, float, bool]),
                          V = fresh(),
                          [{{V, T}, [V, " = ", expr(T, bind([X || {X, _} <- lists:sublist(Vars, 6)] ++ [A, B], Ctx), 1)]} | Vars]
                      end, [], lists:seq(1, 30 + random(60))),
    Ints = [V || {{V, int}, _} <- All],
    Floats = [V || {{V, float}, _} <- All],
    Bools = [V || {{V, bool}, _} <- All],
    Text = f("~s(~s, ~s) ->\n    ~s,\n    [~s, length([F || F <- [~s], F > 0.5]), length([x || true <- [~s]])].\n\n",
             [Name, element(1, A), element(1, B), join([E || {_, E} <- lists:reverse(All)], ",\n    "), join(["0" | Ints], ", "), join(["1.0" | Floats], ", "),
              join(["true" | Bools], ", ")]),
    {{Name, [int, float], {list, int}}, Text}.

%% A process with a state, asked for each element of a list. It answers when its new state is known: what that
%% takes from its mailbox depends on nobody's speed.
server(Name, Ctx) ->
    [S, T] = [type(1), flat_type()],
    A = {fresh(), T},
    Step = fun() -> f("try ~s catch _:_ -> ~s end", [cut(T, expr(T, bind([A], Ctx), 2)), element(1, A)]) end,
    Inner = bind([A], Ctx),
    {P, Vars} = gen_expr:pattern(S, Inner, 2),
    Text = f("~s(L, A) ->\n    Self = self(),\n    Pid = spawn(fun() -> ~s_s(Self, A) end),\n"
             "    R = [begin Ref = make_ref(), Pid ! {Ref, X}, receive {Ref, Y} -> Y after 10000 -> late end end || X <- L],\n"
             "    Pid ! stop,\n    receive {Pid, V} -> [V | R] after 10000 -> [] end.\n\n"
             "~s_s(P, ~s) ->\n    receive\n        {Ref, ~s}~s -> New = try ~s catch _:_ -> ~s end, P ! {Ref, ~s}, ~s_s(P, New);\n"
             "        {Ref, _} -> New = ~s, P ! {Ref, ~s}, ~s_s(P, New);\n        stop -> P ! {self(), ~s}\n    end.\n\n",
             [Name, Name, Name, element(1, A), P, gen_expr:maybe_guard(bind(Vars, Inner)),
              cut(T, expr(T, bind(Vars, Inner), 2)), element(1, A), element(1, A), Name, Step(), element(1, A), Name, element(1, A)]),
    {{Name, [{list, S}, T], {list, T}}, Text}.

%% Messages of its own, taken selectively.
mailbox(Name, Ctx) ->
    [S, T] = [type(1), flat_type()],
    A = {fresh(), T},
    Inner = bind([A], Ctx),
    {P, Vars} = gen_expr:pattern(S, Inner, 2),
    Text = f("~s(L, A) ->\n    [self() ! {~s, X} || X <- L],\n    ~s_r(A).\n\n"
             "~s_r(~s) ->\n    receive\n        {~s, ~s}~s -> ~s_r(~s)\n    after 0 -> ~s_f(~s, 0)\n    end.\n\n"
             "~s_f(A, N) ->\n    receive {~s, _} -> ~s_f(A, N + 1) after 0 -> {A, N} end.\n\n",
             [Name, Name, Name, Name, element(1, A), Name, P, gen_expr:maybe_guard(bind(Vars, Inner)), Name,
              cut(T, expr(T, bind(Vars, Inner), 2)), Name, element(1, A), Name, Name, Name]),
    {{Name, [{list, S}, T], {tuple, [T, int]}}, Text}.

%% A process that ends with a reason, watched.
exiting(Name, Ctx) ->
    [S, T] = [flat_type(), flat_type()],
    A = {fresh(), S},
    Inner = bind([A], Ctx),
    Watch = one_of(["{Pid, Ref} = spawn_monitor(fun() -> ~s end),\n    receive {'DOWN', Ref, process, Pid, {v, V}} -> V; {'DOWN', Ref, _, _, _} -> A after 10000 -> A end",
                    "Old = process_flag(trap_exit, true),\n    Pid = spawn_link(fun() -> ~s end),\n"
                    "    R = receive {'EXIT', Pid, {v, V}} -> V; {'EXIT', Pid, _} -> A after 10000 -> A end,\n    process_flag(trap_exit, Old),\n    R"]),
    Body = f("~s_x(A)", [Name]),
    Text = f("~s(A) ->\n    ~s.\n\n~s_x(~s) ->\n    V = try {v, ~s} catch C:_ -> {caught, C} end,\n    exit(V).\n\n",
             [Name, f(Watch, [Body]), Name, element(1, A), expr(T, Inner, 3)]),
    case S =:= T of
        true -> {{Name, [S], T}, Text};
        false -> raising(Name, Ctx)
    end.

%% A loop in which some steps raise; values before the step are seen by the handler.
raising(Name, Ctx) ->
    T = flat_type(),
    [A, B] = vars([T, int]),
    Inner = bind([A, B, {"N", int}], Ctx#ctx{in_try = true}),
    Raise = one_of(["throw({N, ~s})", "error({N, ~s})", "exit({N, ~s})", "throw(~s)"]),
    V = fresh(),
    Text = f("~s(N, ~s, ~s) ->\n    ~s_l(N band ~w, ~s, ~s).\n\n"
             "~s_l(N, ~s, ~s) when N > 0 ->\n    X = ~s,\n    ~s = try\n        ~s_s(N, ~s, ~s)\n    catch\n        _:{~s, _} when is_integer(~s) -> ~s;\n        throw:_ -> ~s;\n"
             "        error:badarith -> ~s;\n        _:_ -> X\n    ~send,\n    ~s_l(N - 1, ~s, ~s);\n"
             "~s_l(_, ~s, _) ->\n    ~s.\n\n"
             "~s_s(N, ~s, ~s) when N rem ~w =:= ~w ->\n    ~s;\n~s_s(N, ~s, ~s) ->\n    id(~s).\n\n",
             [Name, element(1, A), element(1, B), Name, one_of([7, 31]), element(1, A), element(1, B),
              Name, element(1, A), element(1, B), cut(T, expr(T, bind([A, B], Ctx), 2)), "Y", Name, element(1, A), element(1, B),
              V, V, expr(T, bind([A, B, {V, int}], Ctx), 1), expr(T, bind([A, B, {"X", T}], Ctx), 1), expr(T, bind([A, B], Ctx), 1),
              case chance(30) of true -> f("after put(~s, X)\n    ", [Name]); false -> "" end,
              Name, cut(T, expr(T, bind([{"X", T}, {"Y", T}, A, B], Ctx), 1)), cut(int, expr(int, bind([A, B, {"N", int}], Ctx), 1)),
              Name, element(1, A), element(1, A),
              Name, element(1, A), element(1, B), 2 + random(5), random(2), f(Raise, [expr(type(1), Inner, 1)]), Name, element(1, A), element(1, B),
              cut(T, expr(T, Inner, 2))]),
    {{Name, [int, T, int], T}, Text}.
