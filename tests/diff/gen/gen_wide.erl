%% gen_wide.erl: random functions for what those of gen_expr and gen_hot reach seldom.
%%
%% Helpers for gen_expr: straight arithmetic of which everything is looked at, leaves that a compiler puts into their callers, switches over many integers or atoms,
%% more floats than there are registers, arguments that change places, integers that step over the borders of
%% words, many arguments, the order of effects in nested try, maps of more than 32 keys in every operation, funs
%% as values, several processes that answer in an order of their own.
-module(gen_wide).
-export([helper/2, loop/2, leaf/2, constant_arith/2, unseen/3, caught/3, wide_fun/3]).
-import(gen_expr, [random/1, chance/1, one_of/1, weighed/1, fresh/0, join/2, f/2, type/1, flat_type/0, literal/2, integer/0, float_literal/0,
                   expr/3, cut/2, bind/2, guard_test/1]).

-include("gen.hrl").

helper(Name, Ctx0) ->
    Ctx = case chance(80) of true -> gen_hot:leaves(Ctx0); false -> Ctx0 end,
    weighed([{2, fun() -> straight(Name) end},
             {3, fun() -> switch(Name, Ctx) end},
             {3, fun() -> floats(Name, Ctx) end},
             {3, fun() -> places(Name, Ctx) end},
             {3, fun() -> borders(Name, Ctx) end},
             {2, fun() -> arguments(Name, Ctx) end},
             {3, fun() -> effects(Name, Ctx) end},
             {2, fun() -> big_maps(Name, Ctx) end},
             {2, fun() -> funs(Name, Ctx) end},
             {2, fun() -> workers(Name, Ctx) end}]).

%% Those that compute.
loop(Name, Ctx0) ->
    Ctx = gen_hot:leaves(Ctx0),
    weighed([{10, fun() -> straight(Name) end},
             {2, fun() -> switch(Name, Ctx) end},
             {2, fun() -> floats(Name, Ctx) end},
             {2, fun() -> places(Name, Ctx) end},
             {3, fun() -> borders(Name, Ctx) end},
             {1, fun() -> big_maps(Name, Ctx) end},
             {3, fun() -> gen_hot:helper(Name, Ctx) end}]).

vars(Types) -> [{fresh(), T} || T <- Types].
names(Vars) -> join([V || {V, _} <- Vars], ", ").

%% ---- parts of expressions ----------------------------------------------------------------------

%% An integer and a constant: what compilers have a shorter way for. One in another, for they know ranges.
constant_arith(Ctx, D) ->
    E = case chance(45) of true -> constant_arith(Ctx, D); false -> expr(int, Ctx, D) end,
    weighed([{3, fun() -> f("(~s ~s ~w)", [E, one_of(["div", "rem"]), one_of([1, -1]) * one_of([1, 2, 3, 4, 5, 7, 8, 10, 16, 60, 64, 100, 1000, 1 bsl 31, 1 bsl 59, 1 bsl 61])]) end},
             {2, fun() -> f("(~s bsl ~w)", [E, random(20)]) end},
             {2, fun() -> f("(~s bsr ~w)", [E, one_of([0, 1, 2, 3, 4, 8, 31, 58, 59, 60, 61, 62, 63, 64, 65])]) end},
             {2, fun() -> f("(~s ~s ~s)", [E, one_of(["band", "bor", "bxor"]), one_of(["1", "3", "16#FF", "16#FFFF", "-1", "-2", "-256", "16#FFFFFFFFFFFFFFF", "16#1FFFFFFFFFFFFFFF"])]) end},
             {2, fun() -> f("(~s * ~w)", [E, one_of([-1, 0, 1, 2, 3, 4, 8, 10, -3, 1 bsl 30])]) end},
             {1, fun() -> f("(~w ~s ~s)", [random(5) - 2, one_of(["-", "*", "+"]), E]) end}]).

%% A value that nobody looks at. (Of a failing one erlc leaves nothing now and then: the evaluator decides.)
unseen(T, Ctx, D) ->
    f("begin ~s, ~s end", [one_of([f("_ = ~s", [expr(type(1), Ctx, D - 1)]), f("{~s, ~s}", [expr(type(1), Ctx, D - 1), expr(type(0), Ctx, D - 1)]),
                                   f("_ = (~s)#{~s := ~s}", [expr({map, int}, Ctx, D - 1), one_of(["a", "b", "1"]), expr(int, Ctx, D - 1)]),
                                   f("[~s || _ <- ~s]", [expr(type(0), Ctx, D - 1), expr({list, int}, Ctx, D - 1)]),
                                   f("element(~w, ~s)", [1 + random(3), expr({tuple, [int, int]}, Ctx, D - 1)])]),
                           expr(T, Ctx, D)]).

%% catch inside an expression; n/1 takes the stack away.
caught(T, Ctx, D) ->
    Body = Ctx#ctx{in_try = true},
    case random(3) of
        0 -> f("element(2, {n(catch ~s), ~s})", [expr(type(1), Body, D), expr(T, Ctx, D - 1)]);
        1 -> f("hd([~s | n(catch ~s)])", [expr(T, Ctx, D - 1), expr({list, T}, Body, D)]);
        2 -> V = fresh(), f("case {n(catch ~s), ~s} of {{'EXIT', _}, ~s} -> ~s; {_, ~s} -> ~s end",
                            [expr(type(1), Body, D), expr(T, Ctx, D - 1), V, V, V, V])
    end.

%% Funs of many arguments, also by name.
wide_fun(T, Ctx, D) ->
    Vars = vars([type(0) || _ <- lists:seq(1, 4 + random(5))]),
    F = fresh(),
    case chance(70) of
        true -> f("begin ~s = fun(~s) -> ~s end, ~s(~s) end",
                  [F, names(Vars), expr(T, bind(Vars, Ctx), D), F, join([expr(S, Ctx, D - 2) || {_, S} <- Vars], ", ")]);
        false -> f("apply(fun ~s(~s) -> ~s end, [~s])",
                   [F, names(Vars), expr(T, bind(Vars, Ctx), D), join([expr(S, Ctx, D - 2) || {_, S} <- Vars], ", ")])
    end.

%% ---- helpers -----------------------------------------------------------------------------------

%% Calls nobody and is small; some raise.
leaf(Name, _) ->
    Types = [one_of([int, int, float, bool, {tuple, [int, float]}, {list, int}]) || _ <- lists:seq(1, 1 + random(3))],
    T = one_of([int, int, float, bool, {tuple, [int, float]}]),
    Clauses = [begin
                   Vars = vars(Types),
                   Inner = bind(Vars, #ctx{}),
                   f("~s(~s)~s ->\n    ~s", [Name, names(Vars), Guard(Inner), leaf_expr(T, Vars, 1 + random(2))])
               end || Guard <- [fun(C) -> [" when ", guard_test(C)] end || _ <- lists:seq(1, random(3))] ++ [fun(_) -> "" end]],
    {{Name, Types, T}, [join(Clauses, ";\n"), ".\n\n"]}.

leaf_expr(T, Vars, D) when D =< 0 ->
    case [V || {V, S} <- Vars, S =:= T] of
        [] -> literal(T, 1);
        Names -> case chance(80) of true -> one_of(Names); false -> literal(T, 1) end
    end;
leaf_expr(int, Vars, D) ->
    weighed([{6, fun() -> f("(~s ~s ~s)", [leaf_expr(int, Vars, D - 1), one_of(["+", "-", "*", "band", "bor", "bxor", "div", "rem"]), leaf_expr(int, Vars, D - 1)]) end},
             {1, fun() -> f("(~s ~s ~w)", [leaf_expr(int, Vars, D - 1), one_of(["bsl", "bsr", "div", "rem"]), 1 + random(8)]) end},
             {1, fun() -> f("element(1, ~s)", [leaf_expr({tuple, [int, float]}, Vars, 0)]) end},
             {1, fun() -> f("hd(~s)", [leaf_expr({list, int}, Vars, 0)]) end},
             {1, fun() -> f("case ~s of true -> ~s; false -> ~s end", [leaf_expr(bool, Vars, D - 1), leaf_expr(int, Vars, D - 1), leaf_expr(int, Vars, 0)]) end}]);
leaf_expr(float, Vars, D) ->
    weighed([{6, fun() -> f("(0.0 + ~s ~s ~s)", [leaf_expr(float, Vars, D - 1), one_of(["+", "-", "*", "/"]), leaf_expr(one_of([float, float, int]), Vars, D - 1)]) end},
             {1, fun() -> f("float(~s)", [leaf_expr(int, Vars, D - 1)]) end},
             {1, fun() -> f("element(2, ~s)", [leaf_expr({tuple, [int, float]}, Vars, 0)]) end}]);
leaf_expr(bool, Vars, D) ->
    T = one_of([int, float, bool, {list, int}]),
    f("(~s ~s ~s)", [leaf_expr(T, Vars, D - 1), one_of(["<", ">", "=<", ">=", "==", "/=", "=:=", "=/="]), leaf_expr(T, Vars, D - 1)]);
leaf_expr({tuple, _}, Vars, D) -> f("{~s, ~s}", [leaf_expr(int, Vars, D - 1), leaf_expr(float, Vars, D - 1)]);
leaf_expr(T, Vars, _) -> leaf_expr(T, Vars, 0).

%% A loop of many small steps, each on what those before it made, for integers of all sizes or for small ones, and for
%% floats. All of it is done, and all of it is seen.
straight(Name) ->
    Inputs = [case Small of true -> f("~w", [random(4000) - 2000]); false -> integer() end
              || Small <- [chance(70)], _ <- lists:seq(1, 4 + random(12))],
    {Steps, Ints, Floats} =
        lists:foldl(fun(_, {Steps, Ints, Floats}) ->
                        V = fresh(),
                        case Floats =/= [] andalso chance(25) of
                            true -> {[f("~s = ~s", [V, straight_float(Ints, Floats)]) | Steps], Ints, [V | Floats]};
                            false -> {[f("~s = ~s", [V, straight_int(Ints, Floats)]) | Steps], [V | Ints], Floats}
                        end
                    end, {[], ["X", "A", "N"], one_of([[], [], ["F"]])}, lists:seq(1, 5 + random(30))),
    Text = f("~s(N, A) ->\n    ~s_l(N band ~w, A, ~s, []).\n\n~s_l(N, A, F, R) when N > 0 ->\n    X = element(N rem ~w + 1, {~s}),\n    ~s,\n    ~s_l(N - 1, ~s, ~s, [[~s] | R]);\n"
             "~s_l(_, _, _, R) ->\n    [erlang:phash2(L) || L <- R] ++ case R of [] -> []; [L | _] -> [trunc(V) || V <- L] end.\n\n",
             [Name, Name, one_of([15, 31, 63]), float_literal(), Name, length(Inputs), join(Inputs, ", "), join(lists:reverse(Steps), ",\n    "), Name,
              [hd(Ints), " rem ", one_of(["1000", "100003", "16#1_0000_0000_0000_000D"])],
              case Floats of [] -> "F"; [Last | _] -> f("max(-1.0e9, min(1.0e9, 0.0 + ~s))", [Last]) end, join(Ints -- ["N"], ", ") ++ [[", 0.0 + ", V] || V <- Floats], Name]),
    {{Name, [int, int], {list, int}}, Text}.

straight_int(Ints, Floats) ->
    [A, B] = [one_of(lists:sublist(Ints, 5)), one_of(Ints)],
    C = one_of(["0", "1", "-1", "2", "7", "8", "15", "16", "64", "100", "255", "256", "1000", "-8", "-100", "16#FFFF", "16#FFFFFFFF", "16#100000000"]),
    Y = fresh(),
    weighed([{6, fun() -> f("~s ~s ~s", [A, one_of(["+", "-"]), one_of([B, C])]) end},
             {3, fun() -> f("~s - ~s", [C, A]) end},
             {4, fun() -> f("~s ~s ~s", [A, one_of(["band", "bor", "bxor"]), one_of([B, C])]) end},
             {3, fun() -> f("~s ~s ~s", [A, one_of(["rem", "div"]), one_of(["1", "2", "3", "4", "7", "8", "10", "16", "100", "128", "1000", "-2", "-4", "-10", "4096"])]) end},
             {2, fun() -> f("~s ~s (~s bor 1)", [A, one_of(["rem", "div"]), B]) end},
             {2, fun() -> f("~s bsr ~s", [A, one_of(["1", "2", "3", "8", "31", "59", "60", "61", "62", "63", "64", f("(~s band 63)", [B])])]) end},
             {2, fun() -> f("(~s band ~s) bsl ~s", [A, one_of(["255", "16#FFFF", "16#FFFFFFFFFF"]), one_of(["0", "1", "3", "8", "16", "20", f("(~s band 31)", [B])])]) end},
             {2, fun() -> f("(~s * ~s) ~s", [A, one_of([B, C]), one_of(["rem 1000003", "band 16#FFFFFFFFFFFFFFF", "rem 16#2000_0000_0000_0000", "bxor 1 rem 16#4000_0000_0000_0000"])]) end},
             {1, fun() -> f("(~s band 16#FFFF) * ~s rem 16#4000_0000_0000_0000", [A, C]) end},
             {2, fun() -> f("~s(~s)", [one_of(["-", "bnot", "abs"]), A]) end},
             {2, fun() -> f("~s(~s, ~s)", [one_of(["max", "min"]), A, one_of([B, C])]) end},
             {4, fun() -> f("if ~s ~s ~s -> ~s; true -> ~s end", [A, one_of(["<", ">", "=<", ">=", "=:=", "/=", "=="]), one_of([B, C, C]), straight_int([A | Ints], []), straight_int([B, A], [])]) end},
             {1, fun() -> f("case ~s of ~s -> ~s; X~s when X~s > ~s, X~s < ~s -> X~s - 1; X~s -> X~s bxor ~s end",
                            [A, C, B, Y, Y, one_of(["-1", "0", "9", "-100"]), Y, one_of(["10", "255", "1000"]), Y, Y, Y, C]) end},
             {1, fun() -> f("case ~s < ~s of true -> 1; false -> 0 end + ~s", [A, B, A]) end},
             {1, fun() -> f("element(~s band 1 + 1, {~s, ~s})", [A, B, C]) end},
             {1, fun() -> f("hd([~s | ~s])", [A, B]) end},
             {case Floats of [] -> 0; _ -> 3 end, fun() -> f("trunc(~s) rem ~s", [one_of(Floats), one_of(["1000", "100003", "16#100000000"])]) end},
             {case Floats of [] -> 0; _ -> 1 end, fun() -> f("case ~s ~s ~s of true -> ~s; false -> ~s end", [one_of(Floats), one_of(["<", ">", "=<", ">=", "==", "/="]), one_of(Floats ++ [A]), A, B]) end}]).

%% Not beyond what a double holds.
straight_float(Ints, Floats) ->
    [A, B] = [one_of(lists:sublist(Floats, 4)), one_of(Floats)],
    I = ["(", one_of(Ints), " rem 100003)"],
    weighed([{5, fun() -> f("~s ~s ~s", [A, one_of(["+", "-"]), one_of([B, I, float_small()])]) end},
             {3, fun() -> f("~s * ~s", [A, float_small()]) end},
             {2, fun() -> f("~s / ~s", [one_of([A, I]), one_of(["3.0", "-0.5", "7", "1000", "1.0e5"])]) end},
             {2, fun() -> f("~s ~s ~s", [I, one_of(["+", "-", "*"]), one_of(["0.5", "-1.5", "1.0e-3", "0.0"])]) end},
             {1, fun() -> f("float(~s)", [I]) end},
             {1, fun() -> f("abs(~s)", [A]) end},
             {1, fun() -> f("~s(~s, ~s)", [one_of(["max", "min"]), A, float_small()]) end},
             {1, fun() -> f("(~s ~s ~s) * 1.0e-9", [A, one_of(["*", "+"]), B]) end},
             {2, fun() -> f("if ~s ~s ~s -> ~s; true -> ~s end", [A, one_of(["<", ">", "=<", ">=", "==", "/="]), one_of([B, "0.0", I]), A, float_small()]) end}]).

float_small() -> one_of(["1.0", "0.5", "-2.0", "1.5", "0.1", "-0.75", "3.0e-5", "1.0e-9", "0.0", "100.25"]).

%% Many cases: integers side by side, integers far from each other, atoms, or all of them.
switch(Name, Ctx) ->
    T = flat_type(),
    A = {fresh(), T},
    Inner = bind([A], Ctx),
    First = one_of([0, 1, -3, 100, (1 bsl 61) - 8, -(1 bsl 61) - 4, (1 bsl 59) - 6, (1 bsl 31) - 5]),
    Count = 4 + random(24),
    Dense = [integer_to_list(First + I) || I <- lists:seq(0, Count), not chance(10)],
    Keys = weighed([{4, fun() -> Dense end},
                    {2, fun() -> lists:usort([integer() || _ <- lists:seq(1, Count)]) end},
                    {1, fun() -> ["k" ++ integer_to_list(I) || I <- lists:seq(1, Count)] end},
                    {1, fun() -> Dense ++ ["a", "b", "1.5", "[]", "{}"] end}]),
    Steps = [f("        ~s~s -> ~s", [K, case chance(10) of true -> [" when ", guard_test(Inner)]; false -> "" end, cut(T, expr(T, Inner, 1))]) || K <- Keys, K =/= "$a"],
    Key = one_of([f("(X + ~w)", [First - 1]), f("(X rem ~w + ~w)", [Count, First]), "X", f("list_to_atom(\"k\" ++ integer_to_list(abs(X) rem ~w))", [Count + 2])]),
    Text = f("~s(N, A) ->\n    ~s_l((N band 31) + ~w, A).\n\n~s_l(X, ~s) when X > 0 ->\n    ~s_l(X - 1, case ~s of\n~s;\n        _ -> ~s\n    end);\n~s_l(_, A) ->\n    A.\n\n",
             [Name, Name, random(10), Name, element(1, A), Name, Key, join(Steps, ";\n"), cut(T, expr(T, Inner, 1)), Name]),
    {{Name, [int, T], T}, Text}.

%% A loop over more floats than registers; some of its steps leave the range of doubles, and raise.
floats(Name, Ctx) ->
    Count = one_of([3, 8, 17, 20, 24]),
    Vars = vars([float || _ <- lists:seq(1, Count)]),
    Names = [V || {V, _} <- Vars],
    Inner = bind(Vars ++ [{"N", int}], Ctx),
    Calls = case chance(40) of true -> 1; false -> 0 end, % calls end the life of all registers
    Step = fun() ->
               weighed([{4, fun() -> f("(~s ~s ~s * ~s)", [one_of(Names), one_of(["+", "-"]), one_of(Names), one_of(["0.5", "0.25", "-0.125", "1.0e-3", "N"])]) end},
                        {3, fun() -> one_of(Names) end}, % a few change places
                        {1, fun() -> f("(~s / ~s)", [one_of(Names), one_of(["3.0", "2", "-7.0", "1.0e10", "N"])]) end},
                        {1, fun() -> V = one_of(Names), f("math:sqrt(~s * ~s)", [V, V]) end},
                        {1, fun() -> f("math:sqrt(abs(~s + ~s))", [one_of(Names), one_of(Names)]) end},
                        {1, fun() -> f("~s(~s)", [one_of(["abs", "float", "0.0 + "]), one_of(Names)]) end},
                        {Calls, fun() -> f("~s(~s)", [one_of(["math:floor", "math:ceil"]), one_of(Names)]) end},
                        {1, fun() -> f("(~s * ~s)", [one_of(Names), one_of(Names)]) end},
                        {1, fun() -> f("(0.0 * ~s)", [one_of(Names)]) end},
                        {1, fun() -> f("~s(~s, ~s)", [one_of(["max", "min"]), one_of(Names), float_literal()]) end},
                        {1, fun() -> f("float(trunc(~s) band 16#FFFFF)", [one_of(Names)]) end},
                        {1, fun() -> f("case ~s ~s ~s of true -> ~s; false -> ~s end", [one_of(Names), one_of(["<", ">", "=<", "==", "/="]), one_of(Names), one_of(Names), one_of(Names)]) end},
                        {Calls, fun() -> expr(float, Inner, 1) end}])
           end,
    Text = f("~s(N, A) ->\n    ~s_l(N band ~w, ~s).\n\n~s_l(N, ~s) when N > 0 ->\n    ~s_l(N - 1, ~s);\n~s_l(_, ~s) ->\n    [0.0 + X || X <- [~s]].\n\n",
             [Name, Name, one_of([7, 31, 63]), join(["A" | [float_literal() || _ <- tl(Names)]], ", "), Name, join(Names, ", "),
              Name, join(mixed([case chance(50) of true -> Step(); false -> V end || V <- Names]), ", "), Name, join(Names, ", "), join(Names, ", ")]),
    {{Name, [int, float], {list, float}}, Text}.

mixed(L) -> lists:foldl(fun(_, M) -> swap(1 + random(length(M)), 1 + random(length(M)), M) end, L, lists:seq(1, random(6))).

%% A loop whose arguments change places.
places(Name, Ctx) ->
    Types = [one_of([int, float, atom, {list, int}, bin, {tuple, [int, float]}]) || _ <- lists:seq(1, 2 + random(14))],
    Vars = vars(Types),
    Inner = bind(Vars, Ctx),
    Next = fun() ->
               lists:foldl(fun(_, L) ->
                               case chance(60) of
                                   true -> swap(1 + random(length(L)), 1 + random(length(L)), L);
                                   false -> I = 1 + random(length(L)), S = lists:nth(I, Types),
                                            lists:sublist(L, I - 1) ++ [cut(S, expr(one_of([S, int]), Inner, 1))] ++ lists:nthtail(I, L)
                               end
                           end, [V || {V, _} <- Vars], lists:seq(1, 1 + random(5)))
           end,
    Text = f("~s(N, ~s) ->\n    ~s_l(N band ~w, ~s).\n\n~s_l(N, ~s) when N rem ~w =:= 1 ->\n    ~s_l(N - 1, ~s);\n~s_l(N, ~s) when N > 0 ->\n    ~s_l(N - 1, ~s);\n~s_l(_, ~s) ->\n    {~s}.\n\n",
             [Name, names(Vars), Name, one_of([7, 15]), names(Vars), Name, names(Vars), 2 + random(3), Name, join(Next(), ", "), Name, names(Vars), Name, join(Next(), ", "),
              Name, names(Vars), names(Vars)]),
    {{Name, [int | Types], {tuple, Types}}, Text}.

swap(I, J, L) ->
    T = list_to_tuple(L),
    tuple_to_list(setelement(I, setelement(J, T, element(I, T)), element(J, T))).

%% Steps over the borders of small integers, of words, and back.
borders(Name, Ctx) ->
    Border = one_of([59, 60, 61, 62, 63, 64, 31, 32, 53]),
    Start = f("~w", [one_of([1, -1]) * (1 bsl Border) + random(40) - 20]),
    Op = fun() -> one_of(["+ N", "- N", f("+ ~w", [random(9)]), f("- ~w", [random(9)]), f("bxor ~w", [random(1 bsl 20)]), "bxor N", "bor 1", "band -2",
                          f("+ ~w - ~w", [1 bsl Border, 1 bsl Border]), "* 1", "+ B", "- B", "* -1", f("* 3 div ~w", [one_of([3, 2, 4])])]) end,
    B = fun() -> one_of(["B", "-B", "B + 1", "bnot B", "B bxor N", "abs(B)", f("(B * 3) rem ~w", [1 bsl Border]), "A bsr 3", "A - B", "(A + B) bsr 1",
                         f("~s(A, B)", [one_of(["max", "min"])]), f("A rem ~w", [(1 bsl Border) - 1]), f("(A bsl ~w) bsr ~w", [random(4), random(4)])]) end,
    T = one_of([int, bool]),
    Inner = bind([{"A", int}, {"B", int}, {"N", int}], Ctx),
    Text = f("~s(N, B) ->\n    ~s_l(N band ~w, ~s, B band 16#FFFF, []).\n\n~s_l(N, A, B, R) when N > 0, A ~s ~s ->\n    ~s_l(N - 1, A ~s, ~s, [A | R]);\n"
             "~s_l(N, A, B, R) when N > 0 ->\n    ~s_l(N - 1, A ~s ~s, ~s, [~s | R]);\n~s_l(_, A, B, R) ->\n    [A, B | R].\n\n",
             [Name, Name, one_of([15, 31, 63]), Start, Name, one_of(["<", ">", "=<", "=:=", "/=", ">="]), one_of(["B", Start, "0"]), Name, Op(), B(),
              Name, Name, Op(), Op(), B(), expr(T, Inner, 1), Name]),
    {{Name, [int, int], {list, T}}, Text}.

%% More arguments than there are registers for them, over calls that are not the last thing.
arguments(Name, Ctx) ->
    Types = [type(0) || _ <- lists:seq(1, 6 + random(20))],
    T = flat_type(),
    [Vars, Vars2] = [vars(Types), vars(Types)],
    Given = [{"N", int}, {"X", T}],
    Inner = bind(lists:sublist(Vars, 12), Ctx),
    Text = f("~s(N, X) ->\n    ~s_l(N band 7, X, ~s).\n\n~s_l(N, X, ~s) when N > 0 ->\n    Y = ~s_l(N - 1, ~s, ~s),\n    ~s;\n~s_l(_, X, ~s) ->\n    _ = {~s}, X.\n\n",
             [Name, Name, join([expr(S, bind(Given, Ctx), 1) || S <- Types], ", "), Name, names(Vars), Name, cut(T, expr(T, bind(Given, Inner), 1)),
              join([cut(S, expr(S, Inner, 1)) || S <- Types], ", "), cut(T, expr(T, bind([{"Y", T} | Given], Inner), 2)),
              Name, names(Vars2), names(Vars2)]),
    {{Name, [int, T], T}, Text}.

%% What happens in which order where try, catch and after are inside each other.
effects(Name, Ctx) ->
    Text = f("~s(N, A) ->\n    erase(log),\n    R = try {v, ~s_t(N, A)} catch C:E -> {C, E} end,\n    {lists:reverse(get_log()), R =:= {v, A}, element(1, R)}.\n\n"
             "~s_t(N, A) ->\n    ~s.\n\n",
             [Name, Name, Name, attempt(bind([{"N", int}, {"A", int}], Ctx), 3)]),
    {{Name, [int, int], {tuple, [{list, int}, bool, atom]}}, Text}.

attempt(Ctx, D) when D =< 0 ->
    Say = f("say(~w, ~s)", [random(100), expr(int, Ctx, 1)]),
    weighed([{5, fun() -> Say end},
             {2, fun() -> f("begin ~s, ~s(~s) end", [Say, one_of(["throw", "error", "exit"]), one_of(["a", "b", "{c, N}", "A"])]) end},
             {1, fun() -> f("say(~s, hd(id([])))", [expr(int, Ctx, 1)]) end}]);
attempt(Ctx, D) ->
    Inner = fun() -> attempt(Ctx, D - 1 - random(2)) end,
    V = fresh(),
    weighed([{3, fun() -> f("try ~s after ~s end", [Inner(), Inner()]) end},
             {3, fun() -> f("try ~s catch ~s -> ~s after ~s end", [Inner(), one_of(["throw:a", "error:_", "exit:{c, _}", "_:b", "_:_", "throw:_"]), Inner(), Inner()]) end},
             {2, fun() -> f("try ~s of ~s when ~s > 50 -> ~s; _ -> ~s catch ~s -> ~s end", [Inner(), V, V, Inner(), Inner(), one_of(["throw:_", "error:badarg", "_:_"]), Inner()]) end},
             {2, fun() -> f("begin ~s = ~s, ~s, ~s end", [V, Inner(), Inner(), V]) end},
             {1, fun() -> f("case n(catch ~s) of {'EXIT', ~s} -> say(1, ~s), ~s; ~s -> ~s end", [Inner(), V, V, Inner(), V, V]) end},
             {1, fun() -> f("case ~s of 7 -> ~s; ~s when is_integer(~s), ~s > 20 -> ~s; _ -> ~s end", [Inner(), Inner(), V, V, V, Inner(), Inner()]) end},
             {1, fun() -> f("(fun() -> ~s end)()", [Inner()]) end},
             {1, fun() -> f("[~s | ~s]", [Inner(), Inner()]) end},
             {1, fun() -> f("begin self() ! {~w, ~s}, receive {_, ~s} when ~s > 3 -> ~s; _ -> ~s after 0 -> ~s end end", [random(9), Inner(), V, V, Inner(), Inner(), Inner()]) end}]).

%% Maps around and above 32 keys. What is told does not depend on an order that nobody promises.
big_maps(Name, Ctx) ->
    Inner = bind([{"K", int}, {"V", int}], Ctx),
    Size = one_of([30, 31, 32, 33, 34, 40, 70, 130, 600]),
    Key = one_of(["I", "I * 7", "{I}", "<<I:16>>", "[I]", "I * 1.5", "I bsl 55", "-I", "list_to_atom([$a, $a + I rem 20, $a + I div 20])"]),
    Step = fun() ->
               one_of(["M#{~s => A}", "M#{~s => A, b => I}", "maps:remove(~s, M)", "maps:put(~s, I, M)", "maps:merge(M, #{~s => 1, c => A})", "maps:without([~s, a], M)",
                       "maps:update_with(~s, fun(X) -> X + 1 end, A, M)", "begin Ki = ~s, case M of #{Ki := X} -> M#{x => X}; _ -> M end end",
                       "case maps:take(~s, M) of {X, M2} -> M2#{took => X}; error -> M end", "try M#{~s := A} catch error:{badkey, _} -> M#{no => A} end",
                       "maps:filter(fun(_, X) -> X =/= A end, M#{~s => A})", "maps:map(fun(_, X) -> X bxor 1 end, M#{~s => 5})",
                       "maps:from_list([{~s, 1} | maps:to_list(M)])", "case is_map_key(~s, M) of true -> M; false -> M#{n => I} end"])
           end,
    Steps = [f("~s_s(I, A, M) when I rem ~w =:= ~w ->\n    ~s", [Name, N + 1, N, f(Step(), [Key])]) || N <- lists:seq(1 + random(3), 1, -1)],
    Text = f("~s(N, A) ->\n    M0 = #{~s},\n    M = lists:foldl(fun(I, M) -> ~s_s(I, A, M) end, M0, lists:seq(1, ~w)),\n"
             "    M1 = lists:foldl(fun(I, Mi) -> maps:remove(~s, Mi) end, M, lists:seq(N band 15, N band 63)),\n"
             "    Sum = maps:fold(fun(K, V, S) when is_integer(V) -> ~s; (_, _, S) -> S end, 0, maps:merge(#{}, M)),\n"
             "    [map_size(M), map_size(M1), erlang:phash2(M), Sum, length([1 || X <- [M =:= M1, M == M1, M < M1, M1 =< M, maps:merge(M1, M) =:= M, M#{~s => 1} > M, #{M => 1} =:= #{M1 => 1}], X])"
             " | [V || {_, V} <- lists:sort(maps:to_list(M1)), is_integer(V)]].\n\n~s;\n~s_s(I, A, M) ->\n    M#{~s => ~s}.\n\n",
             [Name, one_of(["", "a => 1", "a => A, b => 2, c => 3"]), Name, Size, f("~s", [Key]), one_of(["S + V", "S bxor V", "S + length([K]) * V", f("(S + V) band 16#FFFFFFFF + 0 * length([K, ~s])", [expr(int, Inner, 1)])]),
              one_of(["a", "zz", "1"]), join(Steps, ";\n"), Name, Key, one_of(["I", "A", "I + A", "[I]", "{I, A}"])]),
    {{Name, [int, int], {list, int}}, Text}.

%% Funs that are kept, composed, and called later; by name, too.
funs(Name, Ctx) ->
    T = one_of([int, float]),
    [A, B] = vars([T, T]),
    Made = fun() ->
               weighed([{4, fun() -> X = fresh(), f("fun(~s) -> ~s end", [X, cut(T, expr(T, bind([{X, T}, A, B], Ctx), 2))]) end},
                        {1, fun() -> "fun id/1" end},
                        {1, fun() -> "fun erlang:abs/1" end},
                        {1, fun() -> X = fresh(), f("fun R(~s) when ~s > 1000 -> ~s; R(~s) -> R(abs(~s) * 2 + 1) end", [X, X, X, X, X]) end},
                        {1, fun() -> f("(fun(F) -> fun(X) -> F(F(X)) end end)(fun(X) -> ~s end)", [cut(T, expr(T, bind([{"X", T}, A], Ctx), 1))]) end}])
           end,
    Text = f("~s(~s, L) ->\n    ~s = hd(L ++ [~s]),\n    Fs = [~s],\n    Composed = lists:foldl(fun(F, G) -> fun(X) -> F(G(X)) end end, fun(X) -> X end, Fs),\n"
             "    [Composed(~s) | [~s || F <- Fs, X <- L]].\n\n",
             [Name, element(1, A), element(1, B), literal(T, 0), join([Made() || _ <- lists:seq(1, 2 + random(4))], ", "), element(1, A),
              one_of(["F(X)", "apply(F, [X])", "n(catch F(X))", "hd(lists:map(F, [X]))", "(fun(Y) -> F(Y) end)(X)"])]),
    {{Name, [T, {list, T}], {list, T}}, Text}.

%% Several processes at once; their answers are put in order. They work when all has come, for what they take from
%% their mailboxes then is their own.
workers(Name, Ctx) ->
    [S, T] = [type(1), type(1)],
    A = {fresh(), S},
    Work = f("try ~s catch _:_ -> ~s end", [expr(T, bind([A, {"I", int}], Ctx#ctx{in_try = true}), 3), literal(T, 1)]),
    Text = f("~s(L, N) ->\n    Self = self(),\n    Pids = [{I, spawn_monitor(fun() -> ~s end)} || I <- lists:seq(1, ~w)],\n    [Pid ! {work, Self, X} || X <- L, {_, {Pid, _}} <- Pids],\n"
             "    [Pid ! stop || {_, {Pid, _}} <- Pids],\n    R = [receive {Pid, Rs} -> Rs; {'DOWN', Ref, _, _, _} -> [] end || {_, {Pid, Ref}} <- ~s],\n    lists:append(R).\n\n"
             "~s_w(I, Parent, R) ->\n    receive\n        {work, From, X} when From =:= Parent -> ~s_w(I, Parent, [X | R]);\n        stop -> Parent ! {self(), [~s || ~s <- ~s]}\n    end.\n\n",
             [Name, f("~s_w(I + N, Self, [])", [Name]), 1 + random(4), one_of(["Pids", "lists:reverse(Pids)"]), Name, Name, Work, element(1, A), one_of(["R", "lists:reverse(R)"])]),
    {{Name, [{list, S}, int], {list, T}}, Text}.
