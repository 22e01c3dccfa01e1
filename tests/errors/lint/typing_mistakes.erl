-module(typing_mistakes).
-compile([export_all, nowarn_export_all]).
-record(r, {a, b}).
g(A, B) -> {A, B}.
h() -> ok.
f1(X) -> X;.
f2(X) -> X..
f3(X) -> X,.
f4(X) - > X.
f6(X) -> case X of a -> 1 b -> 2 end.
f7(X) -> case X of a -> 1; end.
f8(X) -> case X of a -> 1; b -> 2.
f9(X) -> case X a -> 1 end.
f10(X) -> case of a -> 1 end.
f12(X) -> if X > 1 -> a; true b end.
f13(X) -> if X -> a end end.
f14(X) -> begin X.
f15(X) -> begin end.
f16(X) -> fun(Y) -> Y.
f17(X) -> fun Y -> Y end.
f18(X) -> fun(Y) Y end.
f19(X) -> {X, 1.
f20(X) -> [X, 1.
f21(X) -> [X | 1, 2].
f22(X) -> [X || Y <- X, ].
f23(X) -> [X | Y <- X].
f24(X) -> [|| Y <- X].
f25(X) -> << X.
f26(X) -> <<X:>>.
f27(X) -> <<X/>>.
f28(X) -> <<X/integer-/little>>.
f29(X) -> <<X:8:8>>.
f30(X) -> #{a = 1}.
f31(X) -> #{a -> 1}.
f32(X) -> #{a : 1}.
f33(X) -> #{a => }.
f34(X) -> #{a => 1, }.
f35(X) -> {a, }.
f36(X) -> [a, ].
f37(X, ) -> X.
f38(,X) -> X.
f39(X) -> g(X,).
f40(X) -> g(X Y).
f41(X) when -> X.
f42(X) when X > -> X.
f43(X) when X = 1 -> X.
f44(X) where X -> X.
f45(X) -> receive a -> 1 after end.
f46(X) -> receive after 10 end.
f47(X) -> receive a -> 1 after 10 -> end.
f48(X) -> try X end.
f49(X) -> try X of a -> 1 end.
f50(X) -> try X catch end.
f51(X) -> try X catch a b -> 1 end.
f52(X) -> try X after end.
f53(X) -> try X catch _ : _ : _ : _ -> 1 end.
f54(X) -> catch.
f55(X) -> not.
f56(X) -> X +.
f57(X) -> + + .
f58(X) -> X == .
f59(X) -> X === 1.
f60(X) -> X != 1.
f61(X) -> X <= 1.
f62(X) -> X => 1.
f63(X) -> X && 1.
f64(X) -> X || 1.
f66(X) -> X++.
f67(X) -> X += 1.
f68(X) -> X ? 1 : 2.
f69(X) -> return X.
f70(X) -> X.Y.
f71(X) -> X[1].
f72(X) -> X->y.
f73(X) { X }.
f75(X) = X.
f76(X) := X.
f78(X) -> let Y = 1 in Y end.
f83(X) -> 1.e5.
f84(X) -> 1e5.
f85(X) -> .5.
f86(X) -> 0x1F.
f87(X) -> 16#G.
f88(X) -> 37#1.
f89(X) -> 1#0.
f90(X) -> 2#2.
f91(X) -> 1__0.
f92(X) -> 1_.
f93(X) -> _1.
f94(X) -> 1.5.5.
f95(X) -> 1a.
f96(X) -> a-b.c.
f97(X) -> @a.
f98(X) -> X@.
f99(X) -> `X`.
f100(X) -> X # y.
f101(X) -> #r.
f102(X) -> X#r.
f103(X) -> #r{a.
f104(X) -> #{}.a.
f105(X) -> ?.
f106(X) -> ??X.
f107(X) -> ?UNDEF.
f108(X) -> ?UNDEF(1).
f109(X) -> ?MODULE_NAME.
f110(X) -> ?LINE().
f111(X) -> X end.
f113(X) -> X).
f114(X) -> (X.
f115(X) -> ((X).
f116(X) -> [X)].
f117(X) -> {X].
f122(X) -> and.
f123(X) -> X and.
f124(X) -> X andalso.
f125(X) -> X div.
f126(X) -> X when X.
f127(X) -> of.
f134(X) -> fun(1) -> a; (X, Y) -> b end.
f135(X) -> fun F(1) -> a; G(2) -> b end.
f136(X) -> fun F(1) -> a; (2) -> b end.
f143(X) -> F(X) -> X end.
f144(X) -> g (X, 1).
f145(X) -> g . (X).
f146(X)-> if true -> 1 ; true -> 2; end.
f147(X) -> [Y || Y <- X, Y > 1; Y < 2].
f148(X) -> [Y || Y <= X].
f149(X) -> << Y || Y <- X >>.
f150(X) -> << <<Y>> | Y <- X >>.
f152(X) -> #{K := V || K := V <- X}.
