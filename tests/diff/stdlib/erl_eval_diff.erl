%% erl_eval against OTP's: many expressions with values, new bindings and exceptions, and random
%% ones put together from pieces.
-module(erl_eval_diff).
-include("diff.hrl").

run() ->
    [one(X) || X <- fixed()],
    times(4000, fun() -> one(piece(3) ++ ".") end),
    times(1500, fun() -> one("case " ++ piece(2) ++ " of " ++ pattern(3) ++ " -> {1, [X || X <- [a]]}; " ++ pattern(2) ++ " when " ++ guard() ++ " -> 2; _ -> 3 end.") end),
    [value({handlers, X}, fun() -> handled(X) end) || X <- ["f(1, 2).", "lists:reverse([1]).", "f(X = 1), X.", "length([1]).", "1 + 2.", "F = fun(A) -> A end, F(1).", "self().", "foo:bar()."]],
    [value({binding, B}, fun() -> M = module(erl_eval), {M:binding(a, B), M:bindings(B), M:add_binding(b, 1, B), M:del_binding(a, B)} end) || B <- [[], [{a, 1}], #{}, #{a => 1}]],
    value(map_bindings, fun() -> (module(erl_eval)):exprs(parsed("X = 1, Y = X + 1."), #{}) end),
    value(expr, fun() -> M = module(erl_eval), {M:expr({atom, 1, a}, []), M:expr({atom, 1, a}, [], none, none, value), M:expr_list([{integer, 1, 1}, {integer, 1, 2}], [])} end).

parsed(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Es} = erl_parse:parse_exprs(Tokens),
    Es.

one(Text) ->
    value(Text, fun() ->
        {value, V, Bs} = (module(erl_eval)):exprs(parsed(Text), [{'Y', 1}, {'Z', [a, {b, "c"}]}]),
        {V, Bs} end).

handled(Text) ->
    M = module(erl_eval),
    {value, V, _} = M:exprs(parsed(Text), [], {value, fun(N, As) -> {local, N, As} end}, {value, fun(F, As) -> {other, F, As} end}),
    {value, V2, _} = M:exprs(parsed(Text), [], {eval, fun(N, As, Bs) -> {value, {N, length(As)}, Bs} end}),
    {V, V2}.

piece(0) -> pick({"1", "a", "Y", "Z", "\"ab\"", "[]", "2.5", "<<1,2>>", "#{a => 1}", "$c", "true", "false"});
piece(N) ->
    P = fun() -> piece(N - 1) end,
    case pick(30) of
        0 -> ["{", P(), ", ", P(), "}"];
        1 -> ["[", P(), " | ", P(), "]"];
        2 -> ["(", P(), pick({" + ", " - ", " * ", " div ", " rem ", " ++ ", " -- ", " == ", " =:= ", " < ", " =/= ", " band ", " bsl ", " and ", " xor "}), P(), ")"];
        3 -> ["(", P(), pick({" andalso ", " orelse "}), P(), ")"];
        4 -> ["hd(", P(), ")"];
        5 -> ["[V || V <- ", P(), "]"];
        6 -> ["[V || V <- ", P(), ", is_atom(V)]"];
        7 -> ["(fun(A) -> {A, ", P(), "} end)(", P(), ")"];
        8 -> ["case ", P(), " of ", pattern(2), " -> ", P(), "; _ -> ", P(), " end"];
        9 -> ["if ", guard(), " -> ", P(), "; true -> ", P(), " end"];
        10 -> ["try ", P(), " catch C:R -> {C, R} end"];
        11 -> ["catch throw(", P(), ")"];
        12 -> ["<<", pick({"1:4, 2:4", "Y:16/little", "\"ab\"/utf16", "2.5/float", "(", "-1/signed"}), ">>"];
        13 -> ["#{", P(), " => ", P(), "}"];
        14 -> ["<<B || <<B:4>> <= ", P(), ">>"];
        15 -> ["begin Q = ", P(), ", Q end"];
        16 -> ["lists:reverse(", P(), ")"];
        17 -> ["[W || <<W:4>> <= ", P(), "]"];
        18 -> ["(", P(), ")#{k => ", P(), "}"];
        19 -> ["-", P()];
        20 -> ["is_list(", P(), ")"];
        _ -> P()
    end.

pattern(0) -> pick({"1", "a", "P", "_", "Y", "\"ab\"", "[]", "<<P:4, _/bits>>", "#{a := P}"});
pattern(N) ->
    case pick(8) of
        0 -> ["{", pattern(N - 1), ", ", pattern(N - 1), "}"];
        1 -> ["[", pattern(N - 1), " | ", pattern(N - 1), "]"];
        2 -> ["\"a\" ++ ", pattern(N - 1)];
        3 -> ["(1 + 1)"];
        4 -> [pattern(N - 1), " = R"];
        _ -> pattern(N - 1)
    end.

guard() -> pick({"true", "Y > 0", "is_list(Z)", "hd(Z) =:= a", "hd(a) =:= a", "Y < 0; Y =:= 1", "Y, true", "length(Z) > 1, Y == 1.0", "false", "not (Y > 3)", "element(1, Z) == a", "1"}).

fixed() ->
    ["X.", "X = 1, X.", "Y = 2.", "Y = 1.", "foo_(1).", "foo:bar(1).", "case 1 of 2 -> a end.", "if false -> a end.", "try 1 of 2 -> a catch _:_ -> b end.", "try 1 of 1 -> a after b end.",
     "(fun(X) -> X end)(1, 2).", "(fun(1) -> x end)(2).", "1 + a.", "length(a).", "[X || X <- a].", "<< <<X>> || X <- [1, 2, 300] >>.", "<< <<X>> || <<X>> <= a >>.", "<<a>>.", "<<1:a>>.", "<<1:(-1)>>.",
     "#{}#{a := 1}.", "a#{}.", "{X = 1, X = 2}.", "{W = 1, X = 1}, W + X.", "a andalso b.", "true andalso 1.", "1 orelse 2.", "(1)().", "fun lists:map/2.", "begin X = 1 end, X.",
     "case 1 of Q -> W = 2 end, {Q, W}.", "catch exit(a).", "catch throw(b).", "receive after 0 -> x end.", "receive after a -> x end.", "X = fun(A) -> A end, X(7).",
     "(fun F(0) -> 0; F(N) -> N + F(N - 1) end)(10).", "<<A:4, B/bits>> = <<1, 2>>, {A, B}.", "<<N, S:N/binary, R/binary>> = <<2, 1, 2, 3>>, {N, S, R}.", "<<A/utf8, \"b\", _/binary>> = <<\"abc\">>, A.",
     "<<A:16/little-signed, B:64/float>> = <<255, 255, 1.5/float>>, {A, B}.", "{A, A} = {1, 2}.", "{A, A} = {1, 1}, A.", "\"ab\" ++ X = \"abc\", X.", "#{a := X} = #{a => 1}, X.", "K = a, #{K := X} = #{a => 2}, X.",
     "1 + 2 = 3.", "[A | B] = [1].", "not 1.", "a ! b.", "self() ! hej, receive X -> X end.", "self() ! 1, self() ! 2, receive 2 -> b end, receive X -> X end.", "receive never -> a after 10 -> b end.",
     "self() ! {x, 1}, self() ! y, [receive y -> got_y end, receive {x, V} when V > 0 -> V end].", "[{A, B} || A <- [1, 2, 3], A > 1, B <- [x, y]].", "[X || {ok, X} <- [{ok, 1}, no, {ok, 2}]].", "[B || <<B:3>> <= <<1, 2, 3>>].",
     "[X || <<1, X>> <= <<1, 5, 2, 6, 1, 7>>].", "[Y || Y <- [5, 6]], Y.", "F = fun(Y) -> Y * 2 end, {F(4), Y}.", "try throw(x) catch x -> y end.", "try throw(x) catch error:x -> y end.", "try exit(x) catch exit:E -> E end.",
     "try error(x) catch error:E:S -> {E, is_list(S), S = []} end.", "try a catch _:_ -> b after throw(c) end.", "try X = 1 after ok end.", "lists:map(fun(X) -> X * 2 end, [1, 2, 3]).", "lists:foldl(fun(X, A) -> X + A end, 0, lists:seq(1, 100)).",
     "M = lists, F = reverse, M:F([1, 2]).", "erlang:'+'(1, 2).", "is_function(fun(A, B) -> A + B end, 2).", "if is_list([]), 1 > 0 -> yes end.", "case {1, 2} of {A, B} when A > B -> gt; {A, B} when A < B -> {lt, A, B} end.",
     "#r{}.", "#r.a.", "Y#r.a.", "(fun() -> ok end)().", "(fun(A, B, C, D, E, F, G) -> [A, B, C, D, E, F, G] end)(1, 2, 3, 4, 5, 6, 7).", "[1, 2 | 3].", "- 1.", "bnot 5.", "\"a\" \"b\".", "{}.",
     "put(k, v), get(k).", "[X || X <- [1, 2], begin Z1 = X, Z1 > 1 end].", "[X || X <- [1, 2], lists:member(X, [2])].", "[X || X <- [1, 2], foo].", "spawn_monitor(fun() -> exit(bye) end), receive {'DOWN', _, _, _, R} -> R end."].
