%% gen_more.erl: random functions for what programs do besides computing.
%%
%% Helpers for gen_expr: families of linked processes, monitors, names and aliases, messages taken by keys that are known
%% already, tables, the process dictionary, funs that hold floats and that are called by name, exceptions handed on with their
%% stacks, records in records, lists and binaries in the library's hands, comprehensions over several things; as
%% expressions: maybe, keys of maps that are computed in patterns. What processes answer depends on nobody's speed.
-module(gen_more).
-export([helper/2, maybe_/3, comprehension/3, map_comprehension/3, library/3, computed_key/1]).
-import(gen_expr, [random/1, chance/1, one_of/1, weighed/1, fresh/0, join/2, f/2, type/1, flat_type/0, literal/2, integer/0, float_literal/0,
                   expr/3, cut/2, bind/2, pattern/3, maybe_guard/1, guard_test/1, key/0]).

-include("gen.hrl").

helper(Name, Ctx0) ->
    Ctx = case chance(80) of true -> gen_hot:leaves(Ctx0); false -> Ctx0 end,
    weighed([{2, fun() -> family(Name) end},
             {2, fun() -> names_and_monitors(Name, Ctx) end},
             {4, fun() -> by_key(Name, Ctx) end},
             {3, fun() -> table(Name, Ctx) end},
             {1, fun() -> dictionary(Name, Ctx) end},
             {4, fun() -> captured(Name, Ctx) end},
             {2, fun() -> by_name(Name, Ctx) end},
             {4, fun() -> handed_on(Name, Ctx) end},
             {3, fun() -> records(Name, Ctx) end}]).

%% ---- expressions -------------------------------------------------------------------------------

maybe_(T, Ctx, D) ->
    {Steps, Inner} = lists:mapfoldl(fun(_, C) -> maybe_step(C, D - 1) end, Ctx, lists:seq(1, 1 + random(3))),
    Else = case chance(60) of
               true ->
                   S = type(1),
                   Clauses = [gen_expr:clause(S, T, Ctx, D - 2) || _ <- lists:seq(1, random(3))],
                   [" else ", join(Clauses ++ [["_ -> ", expr(T, Ctx, D - 2)]], "; ")];
               false -> []
           end,
    f("maybe ~s, ~s~s end", [join(Steps, ", "), expr(T, Inner, D - 1), Else]).

maybe_step(Ctx, D) ->
    S = type(1),
    {P, Vars} = pattern(S, Ctx, 2),
    V = fresh(),
    weighed([{5, fun() -> {f("~s ?= ~s", [P, expr(S, Ctx, D)]), bind(Vars, Ctx)} end},
             {2, fun() -> {f("~s = ~s", [V, expr(S, Ctx, D)]), bind([{V, S}], Ctx)} end},
             {2, fun() -> {f("true ?= ~s", [expr(bool, Ctx, D)]), Ctx} end},
             {1, fun() -> {f("{~s, ~s} ?= {~s, ~s}", [V, P, expr(int, Ctx, D), expr(S, Ctx, D)]), bind([{V, int} | Vars], Ctx)} end}]).

%% A key that the pattern computes from what is bound; one that cannot be computed fits nothing.
computed_key(#ctx{vars = []}) -> key();
computed_key(Ctx) ->
    {V, T} = one_of(Ctx#ctx.vars),
    case T of
        int -> f(one_of(["(~s)", "(~s rem 4)", "(~s band 3)", "{a, ~s}", "(~s * 1.0)", "(-~s)", "<<~s:8>>", "[~s]"]), [V]);
        float -> f(one_of(["(~s)", "trunc(~s)", "round(~s)"]), [V]);
        bool -> f("(not ~s)", [V]);
        bin -> f(one_of(["(~s)", "<<~s/binary, 1>>", "byte_size(~s)"]), [V]);
        {list, _} -> f(one_of(["hd(~s)", "length(~s)", "(~s)"]), [V]);
        {tuple, _} -> f(one_of(["element(1, ~s)", "tuple_size(~s)", "{~s}"]), [V]);
        {map, _} -> f(one_of(["map_size(~s)", "map_get(a, ~s)"]), [V]);
        {rec, r} -> f(one_of(["~s#r.a", "~s#r.c"]), [V]);
        _ -> f("(~s)", [V])
    end.

%% Two or three generators, over lists and bits, each with what those before it bound; filters between them.
comprehension(T, Ctx, D) ->
    {Parts, Inner} = several(Ctx, D),
    case T of
        bits -> f("<< ~s || ~s >>", [bits_made(Inner, D - 1), join(Parts, ", ")]);
        bin -> f("<< ~s || ~s >>", [bytes_made(Inner, D - 1), join(Parts, ", ")]);
        {list, S} -> f("[~s || ~s]", [expr(S, Inner, D - 1), join(Parts, ", ")])
    end.

several(Ctx, D) ->
    {Parts, Inner} = lists:mapfoldl(fun(_, C) -> generated(C, D) end, Ctx, lists:seq(1, 2 + random(2))),
    {lists:append(Parts), Inner}.

generated(Ctx, D) ->
    {Text, Inner} = weighed([{3, fun() -> over_list(Ctx, D) end},
                             {2, fun() -> over_bits(Ctx, D) end},
                             {case get(level) of 27 -> 2; _ -> 0 end, fun() -> over_map(Ctx, D) end}]),
    case chance(30) of
        true -> {[Text, one_of([guard_test(Inner), expr(bool, Inner, 1)])], Inner};
        false -> {[Text], Inner}
    end.

over_list(Ctx, D) ->
    S = type(1),
    {P, Vars} = pattern(S, Ctx, 2),
    {f("~s <- lists:sublist(~s, 4)", [P, expr({list, S}, Ctx, D - 2)]), bind(Vars, Ctx)}.

over_bits(Ctx, D) ->
    [V, W] = [fresh(), fresh()],
    {P, Vars} = one_of([{f("<<~s:8>>", [V]), [{V, int}]}, {f("<<~s:12/signed>>", [V]), [{V, int}]}, {f("<<~s:3, ~s:~s/bits>>", [V, W, V]), [{V, int}, {W, bits}]},
                        {f("<<~s:16/float>>", [V]), []}, {f("<<~s:2/binary-unit:6, _:1>>", [V]), [{V, bits}]}, {f("<<~s/utf8>>", [V]), [{V, int}]}]),
    {f("~s <= binary:part(iolist_to_binary([~s, \"abcdef\"]), 0, 6)", [P, expr(bin, Ctx, D - 2)]), bind(Vars, Ctx)}.

over_map(Ctx, D) ->
    S = type(0),
    [K, V] = [fresh(), fresh()],
    {f("~s := ~s <- ~s", [K, V, expr({map, S}, Ctx, D - 2)]), bind([{V, S}], Ctx)}.

bits_made(Ctx, D) ->
    one_of([f("<<(~s):~w, 1:1>>", [expr(int, Ctx, D), random(20)]), f("<<(~s)/bits>>", [expr(bits, Ctx, D)]), f("<<(~s)/bits, 0:3>>", [expr(bits, Ctx, D)]), bytes_made(Ctx, D)]).

bytes_made(Ctx, D) ->
    one_of([f("<<(~s)/binary>>", [expr(bin, Ctx, D)]), f("<<(~s):16/little>>", [expr(int, Ctx, D)]), f("<<(~s)/float>>", [expr(float, Ctx, D)]),
            f("<<((~s) band 16#7FF)/utf8>>", [expr(int, Ctx, D)]), f("<<\"~s\">>", [one_of(["a", "bc", ""])]),
            f("(case ~s of true -> ~s; false -> <<\"f\">> end)", [expr(bool, Ctx, D), expr(bin, Ctx, D)])]).

%% Of OTP 27.
map_comprehension(T, Ctx, D) ->
    {Parts, Inner} = several(Ctx, D),
    f("#{~s => ~s || ~s}", [one_of([key(), f("(~s) band 15", [expr(int, Inner, 1)]), expr(atom, Inner, 1)]), expr(T, Inner, D - 1), join(Parts, ", ")]).

%% What the library does with lists and binaries.
library({list, T}, Ctx, D) ->
    L = fun() -> expr({list, T}, Ctx, D) end,
    V = fresh(),
    Test = fun() -> f("fun(~s) -> ~s end", [V, expr(bool, bind([{V, T}], Ctx), D - 1)]) end,
    weighed([{1, fun() -> f("element(~w, lists:partition(~s, ~s))", [1 + random(2), Test(), L()]) end},
             {1, fun() -> f("element(~w, lists:splitwith(~s, ~s))", [1 + random(2), Test(), L()]) end},
             {1, fun() -> f("lists:~s(~s, ~s)", [one_of(["dropwhile", "takewhile"]), Test(), L()]) end},
             {1, fun() -> f("lists:nthtail(~w, ~s)", [random(3), L()]) end},
             {1, fun() -> f("lists:append([~s, ~s, ~s])", [L(), L(), L()]) end},
             {1, fun() -> f(one_of(["lists:merge(lists:sort(~s), lists:sort(~s))", "lists:umerge(lists:usort(~s), lists:usort(~s))"]), [L(), L()]) end},
             {1, fun() -> f("lists:~s(~s, ~s)", [one_of(["subtract", "append"]), L(), L()]) end},
             {1, fun() -> f("lists:filtermap(fun(~s) -> case ~s of true -> {true, ~s}; _ -> false end end, ~s)", [V, expr(bool, bind([{V, T}], Ctx), D - 1), expr(T, bind([{V, T}], Ctx), D - 1), L()]) end},
             {1, fun() -> f("begin ~s = ~s, element(1, lists:unzip(lists:zip(~s, ~s))) end", [V, L(), V, V]) end},
             {1, fun() -> f("[~s || {~s, _} <- lists:keysort(2, [{~s, I} || {I, ~s} <- lists:enumerate(~s)])]", [V, V, V, V, L()]) end},
             {1, fun() -> f("element(1, lists:mapfoldl(fun(~s, N) -> {~s, N + 1} end, 0, ~s))", [V, expr(T, bind([{V, T}, {"N", int}], Ctx), D - 1), L()]) end},
             {1, fun() -> f("lists:usort(fun(X, Y) -> X ~s Y end, ~s)", [one_of(["=<", ">="]), L()]) end},
             {1, fun() -> f("lists:flatten([~s, [~s, []]])", [L(), L()]) end},
             {1, fun() -> f("maps:values(maps:from_list(lists:sublist([{I, X} || {I, X} <- lists:enumerate(~s)], 20)))", [L()]) end}]);
library(int, Ctx, D) ->
    B = fun() -> expr(bin, Ctx, D) end,
    V = fresh(),
    weighed([{1, fun() -> f("case binary:match(~s, ~s) of {~s, _} -> ~s; nomatch -> -1 end", [B(), one_of(["<<\"a\">>", "<<1>>", "[<<\"b\">>, <<\"l\">>]", "<<\"ab\">>"]), V, V]) end},
             {1, fun() -> f("length(binary:split(~s, ~s~s))", [B(), one_of(["<<\"l\">>", "[<<\"a\">>, <<2>>]"]), one_of(["", ", [global]", ", [global, trim_all]"])]) end},
             {1, fun() -> f("erlang:phash2(~s, ~w)", [expr(type(2), Ctx, D), 1 + random(1000)]) end},
             {1, fun() -> f("erlang:crc32(~s)", [B()]) end},
             {1, fun() -> f("binary:decode_unsigned(~s, ~s)", [B(), one_of(["big", "little"])]) end},
             {1, fun() -> f("element(2, lists:mapfoldr(fun(X, N) -> {X, N * 3 rem 1001 + erlang:phash2(X)} end, 1, ~s))", [expr({list, type(1)}, Ctx, D)]) end},
             {1, fun() -> f("case lists:keyfind(~s, ~w, ~s) of false -> 0; ~s -> erlang:phash2(~s) end", [expr(int, Ctx, D), 1 + random(2), expr({list, {tuple, [int, int]}}, Ctx, D), V, V]) end},
             {1, fun() -> f("lists:max([~s | ~s])", [expr(int, Ctx, D), expr({list, int}, Ctx, D)]) end},
             {1, fun() -> f("byte_size(term_to_binary(~s))", [expr(one_of([int, float, bin, {list, int}]), Ctx, D)]) end},
             {1, fun() -> f("erlang:phash2(binary_to_term(term_to_binary(~s)))", [expr(type(2), Ctx, D)]) end},
             {1, fun() -> f("maps:fold(fun(_, X, N) -> N + erlang:phash2(X) end, 0, maps:merge(#{}, ~s))", [expr({map, type(1)}, Ctx, D)]) end},
             {1, fun() -> f("length(string:~s(~s, ~s))", [one_of(["tokens", "split", "lexemes"]), expr(str, Ctx, D), one_of(["\"l\"", "\"a\"", "\" \""])]) end},
             {1, fun() -> f("erlang:phash2(lists:flatten(io_lib:format(\"~~~s\", [~s])))", [one_of(["w", "p", "0p", "20.5w"]), expr(type(1), Ctx, D)]) end},
             {1, fun() -> f("erlang:list_to_integer(erlang:integer_to_list(~s, ~w), ~s)", [expr(int, Ctx, D), 16, one_of(["16", "16", "17"])]) end}]).

%% ---- processes ---------------------------------------------------------------------------------

%% A chain of links. The last is told, or made, to end; each that traps hands on what it heard, the others end with it, or go
%% on when it was normal: those are ended by hand.
family(Name) ->
    Traps = [one_of(["true", "false"]) || _ <- lists:seq(1, 1 + random(4))],
    End = one_of(["P ! {do, {r, A}}", "P ! {do, normal}", "exit(P, kill)", "exit(P, {r, A})", "exit(P, shutdown), P ! {do, late}", "exit(P, normal), P ! {do, A}", "P ! {do, kill}",
                  "P ! {fail, A}", "unlink(P), P ! {do, x}"]),
    Text = f("~s(A) ->\n    Self = self(),\n    spawn(fun() -> ~s_p([~s], Self) end),\n    [{P, _, _} | _] = Refs = ~s_w(~w, []),\n    ~s,\n    {R, _} = lists:mapfoldl(fun ~s_d/2, last, Refs),\n    erlang:phash2(R).\n\n"
             "~s_p([T | Ts], Top) ->\n    process_flag(trap_exit, T),\n    Top ! {up, self(), T},\n    case Ts of [] -> ok; _ -> spawn_link(fun() -> ~s_p(Ts, Top) end) end,\n"
             "    receive\n        {'EXIT', _, R} -> exit({t, R});\n        {do, R} -> exit(R);\n        {fail, R} -> _ = (catch error(R)), exit({failed, R})\n    after 10000 -> exit(forgotten)\n    end.\n\n"
             "~s_w(0, L) -> L;\n~s_w(N, L) -> receive {up, P, T} -> ~s_w(N - 1, [{P, T, monitor(process, P)} | L]) after 5000 -> L end.\n\n"
             "~s_d({P, T, Ref}, Before) ->\n    case Before =:= normal andalso not T of true -> exit(P, fin); false -> ok end,\n    receive {'DOWN', Ref, process, P, R} -> {R, R} after 5000 -> {none, none} end.\n\n",
             [Name, Name, join(Traps, ", "), Name, length(Traps), End, Name, Name, Name, Name, Name, Name, Name]),
    {{Name, [int], int}, Text}.

%% Registered names, monitors taken away, aliases.
names_and_monitors(Name, Ctx) ->
    V = fun() -> f("try ~s catch _:_ -> 0 end", [expr(int, bind([{"A", int}, {"I", int}], Ctx), 1)]) end,
    Step = fun() ->
               one_of(["begin Nm = list_to_atom(pid_to_list(self())), true = register(Nm, self()), W = whereis(Nm) =:= self(), Nm ! {n, I, A}, X = receive {n, I, Y} -> Y after 0 -> none end, true = unregister(Nm), {W, X, whereis(Nm)} end",
                       "try register(id(undefined), self()) catch error:E -> E end",
                       "begin Al = alias(), Al ! {al, I}, X = receive {al, I} -> got after 0 -> none end, U = unalias(Al), Al ! {al, I}, {X, U, receive {al, I} -> got after 0 -> none end} end",
                       "begin {P, R} = spawn_monitor(fun() -> exit({I, A}) end), receive {'DOWN', R, process, P, W} -> W end end",
                       "begin P = spawn(fun() -> receive stop -> ok end end), R = monitor(process, P), true = demonitor(R), exit(P, kill), receive {'DOWN', R, _, _, _} -> down after 0 -> silent end end",
                       "begin P = spawn(fun() -> ok end), R0 = monitor(process, P), receive {'DOWN', R0, _, _, _} -> ok end, R = monitor(process, P), receive {'DOWN', R, process, _, W} -> W end end",
                       "begin P = spawn(fun() -> ok end), R = monitor(process, P), F = receive {'DOWN', R, _, _, _} = M -> self() ! M, demonitor(R, [flush]) end, {F, receive {'DOWN', R, _, _, _} -> left after 0 -> gone end} end",
                       "begin R = erlang:start_timer(0, self(), {t, I}), receive {timeout, R, {t, I}} -> I end end",
                       "begin R = erlang:send_after(60000, self(), x), {is_integer(erlang:cancel_timer(R)), erlang:cancel_timer(R)} end",
                       f("begin P = spawn(fun() -> receive {From, X} -> From ! {self(), [X, ~s]} end end), P ! {self(), A}, receive {P, Y} -> Y end end", [V()]),
                       "{is_process_alive(self()), element(2, process_info(self(), trap_exit)), process_flag(trap_exit, false)}"])
           end,
    N = 1 + random(4),
    Steps = [f("~s_s(~w, A) ->\n    I = ~w,\n    _ = I,\n    ~s", [Name, I, I, Step()]) || I <- lists:seq(1, N)],
    Text = f("~s(A) ->\n    [erlang:phash2(try ~s_s(I, A) catch C:E when is_atom(E) -> {C, E}; C:_ -> C end) || I <- lists:seq(1, ~w)].\n\n~s.\n\n",
             [Name, Name, N, join(Steps, ";\n")]),
    {{Name, [int], {list, int}}, Text}.

%% Messages in one order, taken in another; what was taken decides what is looked for next. What is left is told.
by_key(Name, Ctx) ->
    [S, T] = [type(0), flat_type()],
    Inner = bind([{"X", S}, {"A", T}, {"K", int}], Ctx),
    {P, Vars} = pattern(S, bind([{"A", T}, {"K", int}], Ctx), 2),
    Known = bind(Vars, bind([{"A", T}, {"K", int}], Ctx)),
    Nested = f("receive {~s, ~s, ~s} when ~s -> ~s; {~s, other, _} -> A after 0 -> ~s end",
               [Name, one_of(["K", "0", "1"]), "Z", guard_test(bind([{"Z", S}], Inner)), cut(T, expr(T, bind([{"Z", S}], Inner), 1)), Name, cut(T, expr(T, Inner, 1))]),
    Text = f("~s(L, A) ->\n    Keys = [(I * ~w) rem ~w || {I, _} <- lists:enumerate(L)],\n    [self() ! {~s, K, X} || {K, X} <- lists:zip(Keys, L)],\n    ~s\n    R = ~s_k(~s, A),\n    {R, ~s_n(0)}.\n\n"
             "~s_k([K | Ks], A) ->\n    A2 = receive\n        {~s, K, ~s}~s -> ~s;\n        {~s, K, X} ~s-> ~s\n    after ~s -> A\n    end,\n    ~s_k(Ks, A2);\n~s_k([], A) -> A.\n\n"
             "~s_n(N) -> receive M when element(1, M) =:= ~s -> ~s_n(N * 31 + erlang:phash2(M, 97)) after 0 -> N band 16#FFFFFF end.\n\n",
             [Name, 1 + random(5), 2 + random(5), Name,
              case chance(30) of true -> f("self() ! {~s, other, 1},", [Name]); false -> "" end, Name,
              one_of(["Keys", "lists:reverse(Keys)", "lists:sort(Keys)", "lists:usort(Keys) ++ Keys", "[0, 1, 2, 1, 0]"]), Name,
              Name, Name, P, maybe_guard(Known), cut(T, expr(T, Known, 2)),
              Name, case chance(40) of true -> f("when ~s ", [guard_test(Inner)]); false -> "" end,
              case chance(50) of true -> Nested; false -> cut(T, expr(T, Inner, 2)) end,
              one_of(["0", "0", "(0 * length(Ks))"]), Name, Name, Name, Name, Name]),
    {{Name, [{list, S}, T], {tuple, [T, int]}}, Text}.

%% ---- what is kept elsewhere --------------------------------------------------------------------

%% A table of each type; every step's answer is kept.
table(Name, Ctx) ->
    Type = one_of(["set", "ordered_set", "bag", "duplicate_bag"]),
    Unique = Type =:= "set" orelse Type =:= "ordered_set",
    K = fun() -> one_of(["I", "I rem 3", "1", "1.0", "{k, I rem 2}", "a", "<<I>>", "A", "[I]"]) end,
    V = fun() -> one_of(["A", "I", "{I, A}", "[A]", f("(~s)", [expr(int, bind([{"A", int}, {"I", int}], Ctx), 1)])]) end,
    Ordered = Type =:= "ordered_set",
    Step = fun() ->
               weighed([{5, fun() -> f("ets:insert(T, {~s, ~s})", [K(), V()]) end},
                        {2, fun() -> f("ets:insert(T, [{~s, ~s}, {~s, ~s, x}])", [K(), V(), K(), V()]) end},
                        {2, fun() -> f("ets:insert_new(T, {~s, ~s})", [K(), V()]) end},
                        {3, fun() -> f("ets:lookup(T, ~s)", [K()]) end},
                        {2, fun() -> f("ets:~s(T, ~s)", [one_of(["member", "delete", "take"]), K()]) end},
                        {case Unique of true -> 3; false -> 0 end, fun() -> f("ets:update_counter(T, ~s, {2, ~s}, {k, 10})", [K(), one_of(["1", "-3", "I", "A"])]) end},
                        {case Unique of true -> 2; false -> 0 end, fun() -> f("ets:update_element(T, ~s, {2, ~s})", [K(), V()]) end},
                        {case Unique of true -> 1; false -> 0 end, fun() -> f("ets:lookup_element(T, ~s, 2)", [K()]) end},
                        {case Ordered of true -> 3; false -> 0 end, fun() -> f("[ets:first(T), ets:last(T), ets:next(T, ~s), ets:prev(T, ~s)]", [K(), K()]) end},
                        {2, fun() -> f("lists:sort(ets:select(T, [{{'$1', '$2'}, [~s], [~s]}]))", [one_of(["{is_integer, '$2'}", "{'>', '$2', 3}", "{'=:=', '$1', a}", ""]), one_of(["'$1'", "{{'$2', '$1'}}", "'$_'"])]) end},
                        {1, fun() -> f("ets:select_delete(T, [{{'$1', '$2'}, [{~s, '$2', {const, ~s}}], [true]}])", [one_of(["'=='", "'<'"]), K()]) end},
                        {1, fun() -> f("lists:sort(ets:match(T, {~s, '$1'}))", [one_of(["'_'", "'$2'", "1", "{k, '$3'}"])]) end},
                        {1, fun() -> f("ets:match_delete(T, {~s, '_'})", [one_of(["1", "a", "{k, 0}"])]) end},
                        {1, fun() -> "ets:info(T, size)" end},
                        {1, fun() -> "ets:select_count(T, [{{'_', '$1'}, [{is_list, '$1'}], [true]}])" end},
                        {1, fun() -> f("ets:delete_object(T, {~s, ~s})", [K(), V()]) end}])
           end,
    N = 3 + random(6),
    Steps = [f("~s_s(~w, T, I, A) ->\n    ~s", [Name, J, Step()]) || J <- lists:seq(0, N - 1)],
    Text = f("~s(N, A) ->\n    T = ets:new(t, [~s]),\n    R = [erlang:phash2(try ~s_s(I rem ~w, T, I, A) catch C:E when is_atom(E) -> {C, E}; C:_ -> C end) || I <- lists:seq(1, N band 31)],\n"
             "    Left = ~s,\n    true = ets:delete(T),\n    [erlang:phash2(Left) | R].\n\n~s.\n\n",
             [Name, Type, Name, N, one_of(["lists:sort(ets:tab2list(T))", "ets:foldl(fun(O, S) -> S + erlang:phash2(O) end, 0, T)"]), join(Steps, ";\n")]),
    {{Name, [int, int], {list, int}}, Text}.

dictionary(Name, Ctx) ->
    Inner = bind([{"A", int}, {"I", int}], Ctx),
    Step = fun() ->
               one_of([f("put({~s, I rem ~w}, ~s)", [Name, 1 + random(5), cut(int, expr(int, Inner, 1))]), f("get({~s, I rem 3})", [Name]), f("erase({~s, I rem 4})", [Name]),
                       f("length([K || {{~s, _} = K, _} <- get()])", [Name]), f("lists:sort([K || {~s, _} = K <- get_keys()])", [Name]), f("put({~s, A rem 3}, I)", [Name])])
           end,
    Steps = [Step() || _ <- lists:seq(1, 2 + random(4))],
    Text = f("~s(N, A) ->\n    R = [erlang:phash2([~s]) || I <- lists:seq(1, N band 31)],\n    [erase(K) || {~s, _} = K <- get_keys()],\n    R.\n\n", [Name, join(Steps, ", "), Name]),
    {{Name, [int, int], {list, int}}, Text}.

%% ---- funs --------------------------------------------------------------------------------------

%% Funs that hold what a loop had in that round: floats, large integers, binaries; called often, and by another loop.
captured(Name, Ctx) ->
    [S, T] = [one_of([int, float, float]), one_of([int, float, float])],
    Held = [{"F", float}, {"K", int}, {"A", T}],
    Body = cut(T, expr(T, bind([{"X", S} | Held], Ctx), 2)),
    Body2 = one_of(["X * F + K", "F - X", "(K + X) * F", "X / (abs(F) + 1.0)", "F * F - X * K", "max(F, X)", "-F", "abs(F) + X"]),
    Text = f("~s(N, A, F, L) ->\n    Fs = ~s_m(N band 15, A, F, []),\n    Zero = 0.0,\n    R = [lists:foldl(fun(X, Acc) -> ~s end, 1.5, lists:seq(1, 40)) || {_, G} <- Fs, K <- [N band 7], F1 <- [G(2)], is_float(F1)],\n"
             "    [0.0 + X || X <- R, is_float(X)] ++ [Zero + G(Y) || {_, G} <- Fs, Y <- [1, 2.5, -0.75, 1 bsl 62], is_float(G(Y))] ++ [float(erlang:phash2(G(X))) || {G, _} <- Fs, X <- lists:sublist(L, 3)].\n\n"
             "~s_m(0, _, _, Fs) -> Fs;\n~s_m(K, A, F, Fs) ->\n    G = fun(X) -> ~s end,\n    H = fun(X) -> 0.0 + (~s) end,\n    ~s_m(K - 1, ~s, 0.0 + (~s), [{G, H} | Fs]).\n\n",
             [Name, Name, one_of(["Acc * 0.5 + F1 * X - K", "Acc + F1 / X", "max(Acc, F1) - K * 1.0e-3", "case X rem 3 of 0 -> Acc - F1; _ -> Acc * 0.25 end", "abs(F1) * 1.0e-6 + Acc"]), Name, Name, Body, Body2, Name,
              cut(T, expr(T, bind(Held, Ctx), 1)), one_of(["F * -0.5", "F + K", "K - F", "F / 3", "-F"])]),
    {{Name, [int, T, float, {list, S}], {list, float}}, Text}.

%% Functions whose names are known when they are called.
by_name(Name, Ctx) ->
    Inner = bind([{"A", int}, {"B", int}], Ctx),
    N = 2 + random(4),
    Targets = [f("~s_~w(A, B) -> ~s", [Name, I, cut(int, expr(int, Inner, 2))]) || I <- lists:seq(0, N - 1)],
    Call = one_of(["?MODULE:F(A, B)", "apply(?MODULE, F, [A, B])", "(fun ?MODULE:F/2)(A, B)", "apply(fun ?MODULE:F/2, [A, B])", "erlang:apply(id(?MODULE), F, id([A, B]))",
                   "begin M = id(?MODULE), M:F(A, B) end"]),
    Text = f("~s(N, A) ->\n    ~s_l(N band ~w, A, 1, [~s]).\n\n~s_l(N, A, B, Fs) when N > 0 ->\n    F = lists:nth(N rem ~w + 1, Fs),\n    ~s_l(N - 1, B, ~s, Fs);\n~s_l(_, A, B, _) ->\n    A bxor B.\n\n~s.\n\n",
             [Name, Name, one_of([7, 31, 63]), join([f("~s_~w", [Name, I]) || I <- lists:seq(0, N - 1)], ", "), Name, N, Name,
              case chance(30) of true -> f("try ~s catch error:_ -> B bxor 5; throw:_ -> 1 end", [Call]); false -> Call end, Name, join(Targets, ".\n\n")]),
    {{Name, [int, int], int}, Text}.

%% ---- exceptions --------------------------------------------------------------------------------

%% Raised some calls below, seen, changed and handed on on the way up. How deep the stack was is told where erlc is not
%% asked: it makes a tail call of what never returns.
handed_on(Name, Ctx) ->
    N = 1 + random(4),
    Inner = bind([{"A", int}, {"I", int}], Ctx),
    Ways = [f("~s_~w(I, A) ->\n    ~s", [Name, J, way(f("~s_~w(I, A)", [Name, J + 1]), Inner)]) || J <- lists:seq(1, N)],
    Raise = one_of(["error({at, I})", "throw(I)", "exit(A)", "I + id(a)", "hd(id([]))", "element(5, id({A}))", "{b, _} = id({c, A})", "case I rem 5 of 6 -> a; 0 when A > 0 -> b end", "erlang:error(badarg, [I])",
                    "apply(id(lists), nth, [0, []])", "(id(fun(X) when X > I -> X end))(I)", "binary_to_integer(<<A:8>>)", "(id(#{}))#{a := 1}", "erlang:raise(error, mine, [])"]),
    Text = f("~s(N, A) ->\n    [begin {C, R, S} = try {value, ~s_1(I, A), []} catch C0:R0:S0 -> {C0, R0, S0} end, _ = S, erlang:phash2({C, R})~s end || I <- lists:seq(1, N band 15)].\n\n"
             "~s.\n\n~s_~w(I, A) ->\n    _ = {I, A},\n    X = case I rem ~w of 0 -> ~s; _ -> ~s end,\n    id(X).\n\n",
             [Name, Name, case get(level) of 27 -> " + length([1 || {M, _, _, _} <- S, M =:= ?MODULE])"; _ -> "" end, join(Ways, ".\n\n"), Name, N + 1, 1 + random(4), Raise, expr(int, Inner, 2)]),
    {{Name, [int, int], {list, int}}, Text}.

way(Next, Ctx) ->
    V = fresh(),
    one_of([f("X = ~s,\n    id(X)", [Next]),
            f("try ~s catch C:R:S -> erlang:raise(C, ~s, S) end", [Next, one_of(["R", "R", "{again, R}"])]),
            f("try ~s catch error:R -> throw({was, R}); throw:~s when ~s -> ~s end", [Next, V, guard_test(bind([{V, int}], Ctx)), expr(int, Ctx, 1)]),
            f("try ~s after put(k, I) end", [Next]),
            f("case n(catch ~s) of {'EXIT', R} when I > ~w -> exit(R); O -> O end", [Next, random(8)]),
            f("[R] = [~s || I < ~w orelse A > 0],\n    id(R)", [Next, random(12)]),
            f("lists:foldl(fun(I2, S) -> S + I2 + erlang:phash2(~s) end, A, [1, 2])", [Next]),
            f("try ~s of X when is_integer(X), X > ~w -> throw(X); X -> X catch exit:E -> {e, E} end", [Next, random(100)]),
            f("~s", [Next]),
            f("X = ~s,\n    ~s,\n    id(X)", [Next, expr(int, Ctx, 1)])]).

%% ---- records -----------------------------------------------------------------------------------

records(Name, Ctx) ->
    Inner = bind([{"A", int}, {"R", {rec, r}}, {"S", {rec, s}}], Ctx),
    I = fun() -> cut(int, expr(int, Inner, 1)) end,
    Step = fun() ->
               one_of([f("S#s{x = (S#s.x)#r{a = ~s}}", [I()]), f("S#s{x = R#r{b = [A | lists:sublist(R#r.b, 3)]}}", []), f("S#s{y = 0.0 + (~s)}", [expr(float, Inner, 1)]),
                       "setelement(#s.y, S, 2.5)", f("case S of #s{x = #r{a = ~s}} -> S#s{y = 1.0}; #s{x = #r{b = [H | _]} = X} -> S#s{x = X#r{a = H}}; #s{} -> S end", [one_of(["A", "1", "_"])]),
                       f("if S#s.x#r.a > ~s; element(#r.a, R) < A -> S#s{x = R}; is_record(S, s, 3) -> S; true -> #s{} end", [integer()]),
                       "(fun(#s{x = #r{c = C} = X, y = Y}) -> #s{x = X#r{c = id(C)}, y = Y} end)(S)", "#s{_ = S#s.y, x = S#s.x}", "begin #s{x = #r{a = A1} = X, y = Y} = S, #s{y = Y, x = X#r{a = A1 + 1}} end",
                       f("(id(S))#s{x = #r{a = ~s, _ = a}}", [I()]), "case lists:keyfind(S#s.y, #s.y, [S, #s{}]) of false -> S; O -> O end"])
           end,
    N = 1 + random(4),
    Steps = [f("~s_s(~w, A, R, S) ->\n    _ = {A, R},\n    ~s", [Name, J, Step()]) || J <- lists:seq(0, N - 1)],
    Text = f("~s(N, R, S) ->\n    ~s_l(N band 31, 1, R, S).\n\n~s_l(N, A, R, S) when N > 0 ->\n    ~s_l(N - 1, ~s, ~s, ~s_s(N rem ~w, A, R, S));\n~s_l(_, A, _, S) ->\n    {A, S}.\n\n~s.\n\n",
             [Name, Name, Name, Name, I(), one_of(["R", "R", "S#s.x", f("R#r{a = ~s}", [I()])]), Name, N, Name, join(Steps, ";\n")]),
    {{Name, [int, {rec, r}, {rec, s}], {tuple, [int, {rec, s}]}}, Text}.
