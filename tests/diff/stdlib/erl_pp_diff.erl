%% erl_pp against OTP's on what fits a line or has clauses; and everything it prints is read back
%% as the same tree.
-module(erl_pp_diff).
-include("diff.hrl").

run() ->
    [one(exprs, parse_exprs, X) || X <- exprs()],
    [one(form, parse_form, X) || X <- forms()],
    [value({back, X}, fun() -> back(exprs, parse_exprs, X) end) || X <- exprs() ++ long()],
    [value({back, X}, fun() -> back(form, parse_form, X) end) || X <- forms()],
    [value({indent, N}, fun() -> M = module(erl_pp), lists:flatten(M:exprs(parsed(parse_exprs, "case a of b -> c end, d."), N, none)) end) || N <- [0, 4]],
    value(guard, fun() -> M = module(erl_pp), lists:flatten(M:guard([[{atom, 1, a}, {atom, 1, b}], [{atom, 1, c}]])) end),
    value(hook, fun() -> M = module(erl_pp), lists:flatten(M:expr({tuple, 1, [{special, 1}]}, fun({special, 1}, _, _, _) -> "special" end)) end).

parsed(F, Text) ->
    {ok, Tokens, _} = erl_scan:string(Text),
    {ok, Tree} = erl_parse:F(Tokens),
    Tree.

one(F, Parse, Text) ->
    Tree = parsed(Parse, Text),
    value({F, Text}, fun() -> M = module(erl_pp), lists:flatten(M:F(Tree)) end).

back(F, Parse, Text) ->
    Tree = parsed(Parse, Text),
    M = module(erl_pp),
    Printed = lists:flatten(M:F(Tree)),
    Again = parsed(Parse, case F of form -> Printed; exprs -> Printed ++ "." end),
    plain_anno(Again) =:= plain_anno(Tree).

plain_anno(Tree) -> erl_parse:map_anno(fun(_) -> erl_anno:new(0) end, Tree).

exprs() ->
    ["f(X,  1).", "case X of 1 -> a; Y when Y>1,b;c -> b,c end.", "if a->b;true->c end.", "fun(X)->X end.", "fun(X)->X;(Y)->Z,W end.", "fun F(X)->X end.", "fun a/1.", "fun a:b/1.", "fun M:F/A.", "[1,2|T].", "{a,b}.",
     "<<1:2/integer-unit:3,A/binary,\"x\">>.", "#{a=>1,b:=2}.", "M#{a=>1}.", "M#{a=>1}#{b=>2}.", "#r{a=1}.", "X#r.a.", "#r.a.", "X#r{a=2}.", "[X||X<-Y,Z].", "<<<<X>>||<<X>> <= Y>>.", "try a of b->c catch d:e->f; g->h after i end.",
     "try a catch _:_ -> b end.", "try a,b catch A:B:C when c -> b,d end.", "receive a->b after 1->c end.", "receive a->b end.", "receive after 1->c end.", "begin a,b end.", "catch f().", "1+2*3.", "(1+2)*3.", "-1.", "- -1.", "not a.", "A=B=C.", "A!B.",
     "(A=B)!C.", "a:b(c).", "M:F(A).", "(f())().", "(a:b(c))(d).", "\"abc\".", "$a.", "1.0.", "'a b'.", "1-(2-3).", "1-2-3.", "[]++[]++[].", "([]++[])++[].", "fun()->a end().", "[a,b,c].", "begin catch a end.", "X=catch a.", "#{}.", "<<>>.", "<<(X+1):8>>.",
     "<<(-1):8>>.", "a,b.", "X == (Y==Z).", "-(1).", "+a.", "bnot 1.", "(-1) + 2.", "\"a\\nb\".", "[$a].", "1 bsl 2.", "f(fun(X)->X end,b).", "{case a of b -> c end, d}.", "X = case a of b -> c end.", "a rem b div c.", "f(X#r.a#r.b).", "#r{a=1}#r.b.", "{}.", "'X'.", "[[]].", "$\\n."].

long() ->
    ["f(aaaaaaaaaaaaaaaaaaaaaaaaa, bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, {ccccccccccccccccccccccccc, ddddddddddddddddddddddddd}, [eeeeeeeeeeeeeee, fffffffffffffffff | ggggggggggggggg]).",
     "Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa + Bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb * Cccccccccccccccccccccccccccccc - Dddddddddddddddddddddddd.", "a andalso (b orelse c).", "maybe_x(a andalso b).",
     "#{aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa => bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb, cccccccccccccccccccc => ddddddddddddddddddddddd}.", "[{X, Y, case X of 1 -> 2 end} || {X, Y} <- lists:zip(A, B), X > 1, Y < 2, begin f(), g() end]."].

forms() ->
    ["f(X)->X.", "f(X) when X>1->a,b;f(_)->c.", "-module(a).", "-export([a/1,b/2]).", "-record(r,{a,b=1,c::integer()}).", "-type t()::a|b.", "-spec f(X)->Y when X::a,Y::b.", "-spec f(a)->b;(c)->d.", "-foo({a,[b]}).", "-import(a,[b/1]).",
     "-compile(export_all).", "-type t(A)::#{a=>b,c:=[A]}.", "-opaque t()::fun((a,b)->c)|fun()|fun((...)->x).", "-callback f(a)->b.", "-file(\"a\",1).",
     "-type t()::<<_:8>>|1..2|#r{a::b}|{a,b}|m:t()|[a,...]|[]|$a|-1.", "-export_type([a/1]).", "-behaviour(a).", "-record(r,{}).", "f()->fun(X)->X end.", "f()->case a of b->c end.", "-spec m:f(X :: a) -> b.", "-type t() :: <<_:8,_:_*4>> | 'A b' | tuple() | map()."].
