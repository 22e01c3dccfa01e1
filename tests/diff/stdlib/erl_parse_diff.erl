%% erl_parse against OTP's: forms, expressions and terms, whole, with tokens left out, doubled,
%% exchanged or cut off; terms to the abstract format and back; precedences; annotations.
-module(erl_parse_diff).
-include("diff.hrl").

run() ->
    [text(parse_exprs, X) || X <- exprs()],
    [text(parse_form, X) || X <- forms()],
    [text(parse_term, X) || X <- terms()],
    times(6000, fun() -> broken(parse_exprs, pick(list_to_tuple(exprs()))) end),
    times(3000, fun() -> broken(parse_form, pick(list_to_tuple(forms()))) end),
    times(600, fun() -> broken(parse_term, pick(list_to_tuple(terms()))) end),
    times(1500, fun() -> T = term(), call(erl_parse, abstract, [T]), call(erl_parse, abstract, [T, [{encoding, latin1}, {line, 3}]]), back(T) end),
    [call(erl_parse, abstract, [T, O]) || T <- ["abc", [300], <<1>>, a, #{a => "x"}],
        O <- [5, {3, 4}, [{encoding, none}], [{location, {1, 2}}], [foo], [{encoding, fun(C) -> C > 200 end}]]],
    [call(erl_parse, abstract, [T]) || T <- [fun lists:map/2, [a | b], [$a | b], [55296], [1114112], [-1], fun() -> a end, self()]],
    [call(erl_parse, F, [O]) || F <- [inop_prec, preop_prec, type_inop_prec, type_preop_prec],
        O <- ['=', '!', 'orelse', 'andalso', '==', '++', '+', '*', '#', ':', '.', '(', foo, '-', 'not', 'catch', 'bnot', '?=', ',', '|', '::', '..', 'xor', 'and', 'bsl']],
    call(erl_parse, func_prec, []), call(erl_parse, max_prec, []),
    [call(erl_parse, normalise, [T]) || T <- [{var, 1, a}, x, {op, 1, '-', {atom, 1, a}}, {'fun', 1, {function, a, 2}}, {call, 1, {atom, 1, f}, []}]],
    [call(erl_parse, format_error, [T]) || T <- ["abc", ["syntax error before: ", "x"], foo]].

back(T) ->
    M = module(erl_parse),
    value({back, T}, fun() -> A = M:abstract(T), {M:normalise(A), M:normalise(A) =:= T} end).

text(F, Text) -> parse(F, tokens(Text)).

tokens(Text) ->
    {ok, Tokens, _} = erl_scan:string(Text, {1, 1}),
    Tokens.

parse(F, Tokens) -> parse(F, Tokens, exact).

%% What is wrong first in a broken attribute can be told in several ways.
parse(F, Tokens, How) ->
    M = module(erl_parse),
    value({F, Tokens}, fun() ->
        case M:F(Tokens) of
            {ok, Tree} when F =:= parse_term -> {ok, Tree};
            {ok, Tree} -> {ok, Tree, M:map_anno(fun erl_anno:line/1, Tree), lists:sort(M:fold_anno(fun(A, Acc) -> [A | Acc] end, [], Tree))};
            {error, _} when How =:= roughly -> error;
            {error, {L, _, Message}} -> {error, L, catch lists:flatten(Message)}
        end end).

broken(F, Text) ->
    Tokens = tokens(Text),
    N = length(Tokens),
    {A, B} = lists:split(pick(N), Tokens),
    parse(F, case pick(5) of
        0 -> A;
        1 -> A ++ tl(B);
        2 -> A ++ [hd(B) | B];
        3 -> A ++ [setelement(2, pick({{'(', {9, 1}}, {')', {9, 1}}, {',', {9, 1}}, {'end', {9, 1}}, {atom, {9, 1}, x}, {'->', {9, 1}}, {'#', {9, 1}}, {':', {9, 1}}, {'-', {9, 1}}, {'|', {9, 1}},
            {string, {9, 1}, "s"}, {dot, {9, 1}}, {'=', {9, 1}}, {'{', {9, 1}}, {integer, {9, 1}, 7}, {var, {9, 1}, 'V'}, {'::', {9, 1}}, {'when', {9, 1}}, {';', {9, 1}}, {'==', {9, 1}}}), element(2, hd(B))) | B];
        4 -> lists:droplast(A ++ B)
    end, case F of parse_form -> roughly; _ -> exact end).

exprs() ->
    ["1 + catch 2 + 3.", "a = catch b, c.", "a == b == c.", "f()().", "f(1)#r.a.", "#r{}#{}.", "R#r{}#r{a = 1}#r.b.", "M#{a => 1}#{b := 2}.", "a:b.", "a:b(c, d).",
     "fun f/1.", "fun M:F/A.", "fun m:f/1.", "fun (X) -> X; (Y) when Y, a; b -> Z end.", "fun G(X) -> X; G(Y) -> Y end.", "[1, 2 | T].", "[X || X <- Y, Z].", "<< X || <<X>> <= Y >>.",
     "<< 1:2/integer-unit:3, -A, \"x\"/utf8, (f()):N >>.", "if a -> b; c; d, e -> f end.", "case X of {1, Y} when a -> b; _ -> c end.",
     "try a of b -> c catch d:e:F -> g; H:{I, J = K} -> j; k -> l after m end.", "try a after b end.", "receive after 1 -> b end.", "receive a -> b after c -> d end.",
     "begin a, b end.", "- - 1.", "not a == b.", "#r.a.", "#r{_ = 1, a = 2}.", "a ! b ! c.", "\"a\" \"b\".", "a:b:c.", "- catch a.", "#{a := b}.", "#{}.", "a orelse b andalso c or d.",
     "- a # r.b.", "1 bsl 2 bsr 3 ++ [] ++ [] -- [x].", "a = b = c.", "[X || <<X>> <= Y].", "{a, [b | c], 1.5, $c}.", "f(X, g(Y), fun() -> ok end).", "(fun(X) -> X end)(1).",
     "X = f(Y) + g(Z) * 2 - 1, {ok, X}.", "A < B, C >= D, E =/= F, G =:= H, I =< J, K > L.", "a band b bor c bxor d div e rem f.", "[{K, V} || {K, V} <- L, is_atom(K), V > 0, x]."].

forms() ->
    ["-module(a).", "-module(a, [B, C]).", "-export([a/1, b/2]).", "-record(r, {a, b = 1, c :: integer(), d = 2 :: atom() | b}).", "-file(\"a\", 1).", "-foo(bar).",
     "-foo bar.", "-foo({a, b/1, [c/2 | d]}).", "-foo(a, b).", "-compile([x, {y, z}]).", "-export(a).", "-export([a]).", "f(X) -> X; f(Y) when Y > 1; a, b -> Z, 1.", "f() -> a; g() -> b.",
     "f() -> a; f(X) -> b.", "f(X + Y) -> a.", "f(g(X)) -> a.", "f({X, [g(Y) | _]} = Z) -> a.", "-type t() :: a | b.", "-type t(A, B) :: {A, B}.", "-opaque t() :: [integer()].",
     "-spec f(A) -> B when A :: integer(), B :: a.", "-spec m:f() -> a.", "-spec f(x) -> a; (b) -> c when X :: y.", "-callback f(X :: integer()) -> [a, ...].",
     "-type t() :: #{a => b, c := d} | #r{a :: b} | <<_:8, _:_*4>> | fun() | fun((...) -> a) | fun((a, b) -> c) | 1..2 | -1 | [] | {} | {a} | $a | m:t(a) | (a) | <<>> | <<_:8>> | <<_:_*4>>.",
     "-type t() :: 1 + 2 * 3 | X :: a | maybe_improper_list(a, b) | bnot 1 | tuple() | map() | tuple(a) | list(x) | u() | 1 bsl 2 .. 3.", "-record(r, {}).", "-record(r, a).", "-foo(X).",
     "-foo(f(a)).", "-foo([a | b]).", "-foo(<<1, \"ab\">>).", "-foo(fun a:b/1).", "-endif(a).", "-optional_callbacks([a/1]).", "-type t :: a.", "-type t(a) :: a.", "-file(a).",
     "-dialyzer({nowarn, [f/1]}).", "-type(t() :: a).", "-spec(f() -> a).", "-record(r, {a :: b | c, 'x y' = {}}).", "-spec f() -> X when is_subtype(X, a)."].

terms() ->
    ["a.", "f(a).", "[1, 2 | a].", "#{a => b, 1 => #{}}.", "-1.", "+1.5.", "- a.", "<<1, 2>>.", "<<\"ab\">>.", "<<1:4, 2:4/little>>.", "<<1:X>>.", "X.", "a, b.", "\"abc\".", "{$a, 1.0, []}.",
     "fun m:f/1.", "#{a := b}.", "1 + 1.", "<<1.0/float>>.", "<<-1>>.", "- - 1.", "<<1, \"a\"/utf16, \"b\"/utf8>>.", "{}.", "\"a\" \"b\".", "<<1:2/unit:8>>."].
