-module(meaning_mistakes).
-compile([export_all, nowarn_export_all]).
-record(r, {a, b}).
g(A, B) -> {A, B}.
h() -> ok.
f0(X) -> Y.
f1(X) -> Xs.
f2(X) -> x.
f3(_X) -> _X.
f4(X) -> X = 1, X = 2, X.
f5(X) -> case X of {A, 1} -> A; {B, 2} -> B end, A.
f6(X) -> case X of {A, 1} -> A; {A, 2} -> A end, A.
f7(X) -> if X -> Y = 1; true -> ok end, Y.
f8(X) -> try Y = X catch _:_ -> Y end.
f9(X) -> try Y = X after Y end.
f10(X) -> try X of Y -> Y catch _:Y -> Y end, Y.
f11(X) -> catch Y = X, Y.
f12(X) -> [Y || Z <- X].
f13(X) -> [Z || Z <- X], Z.
f14(X) -> fun() -> Y = X end, Y.
f15(X) -> fun(X) -> X end.
f16(X) -> F = fun G(Y) -> G end, G.
f17(X) -> receive Y -> ok after 0 -> ok end, Y.
f18(X) -> X andalso (Y = 1), Y.
f19(X) -> {Y = 1, Y}.
f20(X) -> g(Y = 1, Y).
f22(X) -> undefined_fun(X).
f23(X) -> g(X).
f24(X) -> h(X).
f25(X) -> lenght(X).
f26(X) -> list:map(X).
f27(X) -> fun g/3.
f28(X) -> fun nofun/1.
f29(X) -> f(X, 1).
f30(X) -> self(X).
f31(X) -> spawn().
f32(X) -> lists:map(fun(A, B) -> A end, X).
f33(X) when foo(X) -> X.
f34(X) when g(X, 1) -> X.
f35(X) when lists:member(X, [1]) -> X.
f36(X) when X ! 1 -> X.
f37(X) when fun() -> X end -> X.
f38(X) when [Y || Y <- X] -> X.
f39(X) when case X of a -> true end -> X.
f40(X) when Y > 1 -> X.
f41(X) when is_foo(X) -> X.
f42(X) when list(X) -> X.
f43(X) when X++[1] == [] -> X.
f44(X) when begin X end -> X.
f45(X) when #r{} -> X.
f46(X) when X#r.a -> X.
f47(X) when (catch X) -> X.
f48(X) when size(X) -> X.
f49(X) when length(X), Y -> X.
f50(X + 1) -> X.
f51(g(X)) -> X.
f52(X ++ Y) -> X.
f53([X] ++ Y) -> X.
f54("a" ++ Y) -> Y.
f55(1 + 2) -> 3.
f56({X, _} = {_, X}) -> X.
f57(#{X := Y}) -> Y.
f58(#{a => Y}) -> Y.
f59(<<X, Y/binary, Z>>) -> X.
f60(<<X:Y>>) -> X.
f61(<<Y, X:Y>>) -> X.
f62(<<X/foo>>) -> X.
f63(<<X/integer-float>>) -> X.
f64(<<X:4/binary-unit:300>>) -> X.
f65(<<X:8/utf8>>) -> X.
f66(<<X/unit:8>>) -> X.
f67(<<"abc":8>>) -> x.
f68(<<X/binary, _/binary>>) -> X.
f69(fun() -> 1 end) -> x.
f70(catch X) -> X.
f71(X#r.a) -> X.
f72(#r{a = X}) -> X.
f73(#r.a) -> x.
f74(self()) -> x.
f75(X = Y = Z) -> X.
f76(not X) -> X.
f77(-X) -> X.
f78(?MODULE) -> x.
f79([X | X]) -> X.
f80(X) -> {X, Y} = {1, 2}, Y.
f81(X) -> [X || X <- X].
f171(X) -> ?assert(X).
f172(X) -> ?FUNCTION_NAME(X).
f199(X) -> erlang:now().
f200(X) -> erlang:get_stacktrace().
f201(X) -> erlang:hash(X, 1).
f202(X) -> random:uniform().
f203(X) -> httpd:foo().
f204(X) -> crypto:rand_uniform(1,2).
f205(X) -> lists:keysearch(a, 1, X).
f206(X) -> gen_fsm:start(a,b,c).
f208(X) -> string:len(X).
f209(X) -> string:to_lower(X).
f210(X) -> code:is_module_native(X).
f211(X) -> erlang:phash(X, 1).
f212(X) -> filename:find_src(X).
f213(X) -> dict:new().
f214(X) -> pg2:join(a,b).
f215(X) -> sys:get_debug(a,b,c).
f216(X) -> ssh:foo().
f217(X) -> wx:new().
f218(X) -> http_uri:parse(X).
f219(X) -> megaco:x().
f220(X) -> {X}, ok.
f221(X) -> X + 1, ok.
f222(X) -> [X], ok.
f223(X) -> "abc", ok.
f224(X) -> fun() -> X end, ok.
f225(X) -> <<X>>, ok.
f226(X) -> #{a => X}, ok.
f227(X) -> is_atom(X), ok.
f228(X) -> X =:= 1, ok.
f229(X) -> element(1, X), ok.
f230(X) -> self(), ok.
f231(X) -> a, ok.
f232(X) -> X, ok.
f233(X) -> [Y || Y <- X], ok.
f234(X) -> case X of a -> 1; b -> 2 end, ok.
f235(X) -> lists:map(X, X), ok.
f236(X) -> not X, ok.
f237(X) -> X andalso true, ok.
f238(X) -> _ = {X}, ok.
f239(X) -> case X of Y -> 1; Z -> 2 end.
f240(X) -> case X of _ -> 1; a -> 2 end.
f241(X) -> if true -> 1; X -> 2 end.
f244(X) -> case {X, 1} of {a, 2} -> 1; {b, 1} -> 2 end.
f245(X) -> case [X] of [] -> 1; [a] -> 2 end.
f246(X) -> case 1 of 2 -> a end.
f247(X) -> case X of 1 when false -> a; _ -> b end.
f248(X) -> {a, Y} = [X], Y.
f249(X) -> {ok, Y} = ok, Y.
f250(X) -> 1 = 2.
f251(X) -> a = X, b = X.
f252(X) -> try 1 of 2 -> a catch _:_ -> b end.
f253(X) -> 1 + a.
f254(X) -> 1 / 0.
f255(X) -> 1 div 0.
f256(X) -> hd([]).
f257(X) -> length(a).
f258(X) -> element(0, {a}).
f259(X) -> element(3, {a, b}).
f260(X) -> atom_to_list(1).
f261(X) -> not 1.
f262(X) -> 1 and true.
f264(X) -> (1)(X).
f265(X) -> a:1(X).
f266(X) -> 1:a(X).
f267(X) -> "a"(X).
f268(X) -> {a}#{b => X}.
f269(X) -> <<a>>.
f270(X) -> <<1.5>>.
f271(X) -> <<X:a>>.
f272(X) -> <<X:(-1)>>.
f273(X) -> <<"a"/binary>>.
f274(X) -> <<{}/bits>>.
f275(X) -> io:format("~s~n").
f276(X) -> io:format("~s~n", X).
f277(X) -> io:format("~s ~p", [X]).
f278(X) -> io:format("~y", [X]).
f279(X) -> io:format(X, "~p", []).
f280(X) -> io_lib:format("~p ~p", [X]).
f281(X) -> io:fwrite("~w", [X, X]).
f282(X) -> logger:info("~p", []).
f283(X) -> Unused = X, ok.
f284(X) -> {A, B} = X, A.
f285({A, B}) -> A.
f286(X) -> case X of {A, B} -> B end.
f287(X) -> fun(Y) -> 1 end.
f288(X) -> [1 || Y <- X].
f289(X) -> receive Z -> 1 end.
f290(X) -> try X catch C:R:S -> C end.
f291(X) -> try X catch _:_:S when S == [] -> 1 end.
f292(X) -> S = 1, try X catch _:_:S -> S end.
f293(X) -> Y = 1, Z = Y.
f294(X) -> _Y = X, _Y.
f295(_X) -> case 1 of _X -> 1; _ -> 2 end.
f296(_A) -> _A = 1.
f298(X) -> A = A.
f299(X) -> A = A + 1.
f300(X) -> F = fun(N) -> F(N) end, F.
