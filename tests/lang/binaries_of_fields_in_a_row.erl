%% Fields of many sizes built in a row, new and behind a binary, then taken apart again.
-module(binaries_of_fields_in_a_row).
-export([main/0]).

f0(V0) -> <<V0:2, "aybaaxxaba", (5):2/signed, (3):4>>.
g0(<<X0:2, "aybaaxxaba", X2:2/signed, _:4, R/bits>>) -> {X0, X2, R};
g0(_) -> no.
f1(V0, V2, V3, V4) -> <<V0:20, "cxb", V2:48, V3:4/signed, V4:64/float>>.
g1(<<X0:20, "cxb", X2:48, X3:4/signed, _:64/float, R/bits>>) -> {X0, X2, X3, R};
g1(_) -> no.
f2(V0) -> <<V0:32/little-signed>>.
g2(<<X0:32/little-signed, R/bits>>) -> {X0, R};
g2(_) -> no.
f3(V0, V1, V2, V3) -> <<V0:12, V1:8, V2:16/little-signed, V3:3, (3):1>>.
g3(<<X0:12, X1:8, X2:16/little-signed, X3:3, _:1, R/bits>>) -> {X0, X1, X2, X3, R};
g3(_) -> no.
f4(A, V1) -> <<A/bitstring, (123456789):2/little-signed, V1:16, (1):48/little>>.
g4(<<X0:2/little-signed, X1:16, X2:48/little, R/bits>>) -> {X0, X1, X2, R};
g4(_) -> no.
f5(V2, V3, V5) -> <<"zyzxc", (-300):60, V2:56, V3:12, (65535):32, V5:5/little, (3):3>>.
g5(<<"zyzxc", X1:60, X2:56, X3:12, X4:32, X5:5/little, _:3, R/bits>>) -> {X1, X2, X3, X4, X5, R};
g5(_) -> no.
f6(V1, V3) -> <<(-1):20, V1:64/float, "bccabxycyy", V3:5/little-signed>>.
g6(<<X0:20, _:64/float, "bccabxycyy", X3:5/little-signed, R/bits>>) -> {X0, X3, R};
g6(_) -> no.
f7(V2, V4) -> <<"yxxxxaxzxab", "xbac", V2:4, (5):16/signed, V4:5/little-signed, (-300):16/little>>.
g7(<<"yxxxxaxzxab", "xbac", X2:4, X3:16/signed, X4:5/little-signed, X5:16/little, R/bits>>) -> {X2, X3, X4, X5, R};
g7(_) -> no.
f8(A, V0, V3) -> <<A/bitstring, V0:5, (0):32/little-signed, (123456789):33, V3:33>>.
g8(<<X0:5, X1:32/little-signed, X2:33, X3:33, R/bits>>) -> {X0, X1, X2, X3, R};
g8(_) -> no.
f9(A, V0, V1, V2, V3, V4) -> <<A/binary, V0:64/float, V1:33, V2:8, V3:8, V4:1, (3):6>>.
g9(<<_:64/float, X1:33, X2:8, X3:8, X4:1, _:6, R/bits>>) -> {X1, X2, X3, X4, R};
g9(_) -> no.
f10(V0, V1, V2, V3, V4) -> <<V0:72, V1:8, V2:64/float, V3:56, V4:57, "zbxbxzc", (3):7>>.
g10(<<X0:72, X1:8, _:64/float, X3:56, X4:57, "zbxbxzc", _:7, R/bits>>) -> {X0, X1, X3, X4, R};
g10(_) -> no.
f11(A, V2, V3, V4, V5) -> <<A/binary, (-1):3/little-signed, "xzbyyxzcby", V2:1, V3:4/signed, V4:64/float, V5:8>>.
g11(<<X0:3/little-signed, "xzbyyxzcby", X2:1, X3:4/signed, _:64/float, X5:8, R/bits>>) -> {X0, X2, X3, X5, R};
g11(_) -> no.
f12(A, V0, V1, V3) -> <<A/bitstring, V0:5, V1:32/little-signed, (-1):24/signed, V3:1/little, (1):5, (3):5>>.
g12(<<X0:5, X1:32/little-signed, X2:24/signed, X3:1/little, X4:5, _:5, R/bits>>) -> {X0, X1, X2, X3, X4, R};
g12(_) -> no.
f13(V1, V3, V4, V5) -> <<(5):4/signed, V1:4/signed, "xc", V3:33/signed, V4:32/signed, V5:8/little-signed>>.
g13(<<X0:4/signed, X1:4/signed, "xc", X3:33/signed, X4:32/signed, X5:8/little-signed, R/bits>>) -> {X0, X1, X3, X4, X5, R};
g13(_) -> no.
f14(V1, V2) -> <<(1):8/little, V1:16, V2:8/little-signed>>.
g14(<<X0:8/little, X1:16, X2:8/little-signed, R/bits>>) -> {X0, X1, X2, R};
g14(_) -> no.
f15(V0, V1) -> <<V0:16, V1:64/little-float>>.
g15(<<X0:16, _:64/little-float, R/bits>>) -> {X0, R};
g15(_) -> no.
f16(A) -> <<A/bitstring, (65535):60>>.
g16(<<X0:60, R/bits>>) -> {X0, R};
g16(_) -> no.
f17(A, V0, V1, V2) -> <<A/binary, V0:3/little-signed, V1:32/little, V2:33/signed>>.
g17(<<X0:3/little-signed, X1:32/little, X2:33/signed, R/bits>>) -> {X0, X1, X2, R};
g17(_) -> no.
f18(V1) -> <<"cabcb", V1:60, (3):4>>.
g18(<<"cabcb", X1:60, _:4, R/bits>>) -> {X1, R};
g18(_) -> no.
f19(V1, V2, V3, V4) -> <<(-1):3, V1:3, V2:8, V3:8, V4:40/little, (3):2>>.
g19(<<X0:3, X1:3, X2:8, X3:8, X4:40/little, _:2, R/bits>>) -> {X0, X1, X2, X3, X4, R};
g19(_) -> no.
f20(A, V0, V1) -> <<A/binary, V0:4, V1:64/little-float, (3):4>>.
g20(<<X0:4, _:64/little-float, _:4, R/bits>>) -> {X0, R};
g20(_) -> no.
f21(A, V0, V2) -> <<A/binary, V0:8, (123456789):2, V2:8/signed>>.
g21(<<X0:8, X1:2, X2:8/signed, R/bits>>) -> {X0, X1, X2, R};
g21(_) -> no.
f22(V0, V1, V2, V3, V5) -> <<V0:32/signed, V1:33, V2:16, V3:57, (255):2, V5:2, (3):2>>.
g22(<<X0:32/signed, X1:33, X2:16, X3:57, X4:2, X5:2, _:2, R/bits>>) -> {X0, X1, X2, X3, X4, X5, R};
g22(_) -> no.
f23(V0, V1, V2, V4) -> <<V0:8/little-signed, V1:7, V2:16/signed, "bcbac", V4:32, (3):1>>.
g23(<<X0:8/little-signed, X1:7, X2:16/signed, "bcbac", X4:32, _:1, R/bits>>) -> {X0, X1, X2, X4, R};
g23(_) -> no.
f24(V1, V2, V3, V4) -> <<"bx", V1:20, V2:3/signed, V3:5/little-signed, V4:56/little>>.
g24(<<"bx", X1:20, X2:3/signed, X3:5/little-signed, X4:56/little, R/bits>>) -> {X1, X2, X3, X4, R};
g24(_) -> no.
f25(A, V1, V2, V3) -> <<A/binary, (123456789):57, V1:72/little-signed, V2:64/float, V3:48/little-signed, (3):7>>.
g25(<<X0:57, X1:72/little-signed, _:64/float, X3:48/little-signed, _:7, R/bits>>) -> {X0, X1, X3, R};
g25(_) -> no.
f26(A, V0) -> <<A/bitstring, V0:64/little-float>>.
g26(<<_:64/little-float, R/bits>>) -> {R};
g26(_) -> no.
f27(V0, V1) -> <<V0:57/signed, V1:1/little, (123456789):33/signed, "cacbzbbz", (3):5>>.
g27(<<X0:57/signed, X1:1/little, X2:33/signed, "cacbzbbz", _:5, R/bits>>) -> {X0, X1, X2, R};
g27(_) -> no.
f28(A, V0, V2, V3) -> <<A/bitstring, V0:32/little-signed, "zbaybcczzzc", V2:5, V3:60, (3):7>>.
g28(<<X0:32/little-signed, "zbaybcczzzc", X2:5, X3:60, _:7, R/bits>>) -> {X0, X2, X3, R};
g28(_) -> no.
f29(V0, V1, V3, V4, V5) -> <<V0:32, V1:12, "ayxcxbba", V3:5/little-signed, V4:5/signed, V5:4/little-signed, (3):6>>.
g29(<<X0:32, X1:12, "ayxcxbba", X3:5/little-signed, X4:5/signed, X5:4/little-signed, _:6, R/bits>>) -> {X0, X1, X3, X4, X5, R};
g29(_) -> no.
f30(A, V0, V1) -> <<A/bitstring, V0:64/little-float, V1:20, (256):20, "xabzaz">>.
g30(<<_:64/little-float, X1:20, X2:20, "xabzaz", R/bits>>) -> {X1, X2, R};
g30(_) -> no.
f31(A, V0) -> <<A/bitstring, V0:48>>.
g31(<<X0:48, R/bits>>) -> {X0, R};
g31(_) -> no.
f32(A) -> <<A/bitstring, "czbbcxycbcx">>.
g32(<<"czbbcxycbcx", R/bits>>) -> {R};
g32(_) -> no.
f33(V0, V1, V3, V4) -> <<V0:2/little-signed, V1:5/little-signed, (65535):40, V3:12, V4:8/little, (3):5>>.
g33(<<X0:2/little-signed, X1:5/little-signed, X2:40, X3:12, X4:8/little, _:5, R/bits>>) -> {X0, X1, X2, X3, X4, R};
g33(_) -> no.
f34(V1, V2, V3, V4) -> <<"babyxybxcxx", V1:64/float, V2:7, V3:16, V4:1/little-signed>>.
g34(<<"babyxybxcxx", _:64/float, X2:7, X3:16, X4:1/little-signed, R/bits>>) -> {X2, X3, X4, R};
g34(_) -> no.
f35(V0, V1, V2, V3) -> <<V0:16, V1:16, V2:8, V3:20/little-signed, (-300):1, (123456789):32>>.
g35(<<X0:16, X1:16, X2:8, X3:20/little-signed, X4:1, X5:32, R/bits>>) -> {X0, X1, X2, X3, X4, X5, R};
g35(_) -> no.
f36(A, V2) -> <<A/binary, "byz", "xayaabbyazz", V2:5/little-signed, (255):64, (3):3>>.
g36(<<"byz", "xayaabbyazz", X2:5/little-signed, X3:64, _:3, R/bits>>) -> {X2, X3, R};
g36(_) -> no.
f37(A, V0, V1, V2, V3) -> <<A/binary, V0:1, V1:8, V2:32/signed, V3:24/little-signed, (3):7>>.
g37(<<X0:1, X1:8, X2:32/signed, X3:24/little-signed, _:7, R/bits>>) -> {X0, X1, X2, X3, R};
g37(_) -> no.
f38(V0, V1, V2, V3) -> <<V0:3, V1:16, V2:64/little, V3:1, (3):4>>.
g38(<<X0:3, X1:16, X2:64/little, X3:1, _:4, R/bits>>) -> {X0, X1, X2, X3, R};
g38(_) -> no.
f39(A, V0, V1) -> <<A/binary, V0:8, V1:12, (3):4>>.
g39(<<X0:8, X1:12, _:4, R/bits>>) -> {X0, X1, R};
g39(_) -> no.
f40(A) -> <<A/binary, (65535):2/signed, "y", (3):6>>.
g40(<<X0:2/signed, "y", _:6, R/bits>>) -> {X0, R};
g40(_) -> no.
f41(A, V0, V2, V3, V5) -> <<A/bitstring, V0:64, (123456789):7, V2:2, V3:16, "ca", V5:4/signed, (3):3>>.
g41(<<X0:64, X1:7, X2:2, X3:16, "ca", X5:4/signed, _:3, R/bits>>) -> {X0, X1, X2, X3, X5, R};
g41(_) -> no.
f42(V0, V1, V2) -> <<V0:2/little-signed, V1:32, V2:32, (3):6>>.
g42(<<X0:2/little-signed, X1:32, X2:32, _:6, R/bits>>) -> {X0, X1, X2, R};
g42(_) -> no.
f43(V2, V3, V4, V5) -> <<"x", "c", V2:64/float, V3:16, V4:56, V5:16>>.
g43(<<"x", "c", _:64/float, X3:16, X4:56, X5:16, R/bits>>) -> {X3, X4, X5, R};
g43(_) -> no.
f44(V0, V2, V3) -> <<V0:3, "xcxxbxba", V2:72, V3:56, (5):16/signed, (3):5>>.
g44(<<X0:3, "xcxxbxba", X2:72, X3:56, X4:16/signed, _:5, R/bits>>) -> {X0, X2, X3, X4, R};
g44(_) -> no.
f45(A, V1) -> <<A/binary, "x", V1:16>>.
g45(<<"x", X1:16, R/bits>>) -> {X1, R};
g45(_) -> no.
f46(V0, V2) -> <<V0:24/little, (-300):7, V2:60>>.
g46(<<X0:24/little, X1:7, X2:60, R/bits>>) -> {X0, X1, X2, R};
g46(_) -> no.
f47(V0, V1, V2, V3, V4, V5) -> <<V0:12, V1:8/little-signed, V2:7, V3:48, V4:8/signed, V5:4/little-signed, (3):1>>.
g47(<<X0:12, X1:8/little-signed, X2:7, X3:48, X4:8/signed, X5:4/little-signed, _:1, R/bits>>) -> {X0, X1, X2, X3, X4, X5, R};
g47(_) -> no.
f48(A) -> <<A/binary, (255):32>>.
g48(<<X0:32, R/bits>>) -> {X0, R};
g48(_) -> no.
f49(V0, V1) -> <<V0:8, V1:32/signed>>.
g49(<<X0:8, X1:32/signed, R/bits>>) -> {X0, X1, R};
g49(_) -> no.
f50(A, V0) -> <<A/binary, V0:56>>.
g50(<<X0:56, R/bits>>) -> {X0, R};
g50(_) -> no.
f51(A, V0) -> <<A/binary, V0:56/little-signed>>.
g51(<<X0:56/little-signed, R/bits>>) -> {X0, R};
g51(_) -> no.
f52(A) -> <<A/binary, (0):56, (1):40/little, (123456789):60/signed, (3):4>>.
g52(<<X0:56, X1:40/little, X2:60/signed, _:4, R/bits>>) -> {X0, X1, X2, R};
g52(_) -> no.
f53(V0, V1, V2) -> <<V0:12/little-signed, V1:12/little-signed, V2:24, (65535):16/little-signed>>.
g53(<<X0:12/little-signed, X1:12/little-signed, X2:24, X3:16/little-signed, R/bits>>) -> {X0, X1, X2, X3, R};
g53(_) -> no.
f54(A, V0) -> <<A/bitstring, V0:64/float>>.
g54(<<_:64/float, R/bits>>) -> {R};
g54(_) -> no.
f55(V1, V3) -> <<(123456789):7, V1:64/little-float, "czybbccbyb", V3:4/little, (0):8>>.
g55(<<X0:7, _:64/little-float, "czybbccbyb", X3:4/little, X4:8, R/bits>>) -> {X0, X3, X4, R};
g55(_) -> no.
f56(A, V1, V2) -> <<A/binary, (-1):57/little, V1:8/signed, V2:32, "bxcabbzba">>.
g56(<<X0:57/little, X1:8/signed, X2:32, "bxcabbzba", R/bits>>) -> {X0, X1, X2, R};
g56(_) -> no.
f57(V1, V2, V3, V4, V5) -> <<"xyzczxcybx", V1:16/little, V2:64/float, V3:32/little, V4:32, V5:3, (3):5>>.
g57(<<"xyzczxcybx", X1:16/little, _:64/float, X3:32/little, X4:32, X5:3, _:5, R/bits>>) -> {X1, X3, X4, X5, R};
g57(_) -> no.
f58(V3) -> <<(256):2/little-signed, (123456789):33, (1):57, V3:72/little-signed, (3):4>>.
g58(<<X0:2/little-signed, X1:33, X2:57, X3:72/little-signed, _:4, R/bits>>) -> {X0, X1, X2, X3, R};
g58(_) -> no.
f59(A, V0, V1, V2, V3) -> <<A/binary, V0:7/little-signed, V1:3, V2:16/signed, V3:5>>.
g59(<<X0:7/little-signed, X1:3, X2:16/signed, X3:5, R/bits>>) -> {X0, X1, X2, X3, R};
g59(_) -> no.
main() ->
    show(0, fun() -> f0((1 bsl 60)) end, fun(B) -> g0(B) end),
    show(0, fun() -> f0(255) end, fun(B) -> g0(B) end),
    show(0, fun() -> f0((1 bsl 60)) end, fun(B) -> g0(B) end),
    show(0, fun() -> f0(<<1>>) end, fun(B) -> g0(B) end),
    show(1, fun() -> f1(-129, -129, 0, -0.0) end, fun(B) -> g1(B) end),
    show(1, fun() -> f1(-1, 65535, -1, 1.0e300) end, fun(B) -> g1(B) end),
    show(1, fun() -> f1(255, (1 bsl 61) - 1, -129, -2.75e10) end, fun(B) -> g1(B) end),
    show(1, fun() -> f1(atom, -(1 bsl 70) + 5, -(1 bsl 70) + 5, 1.5) end, fun(B) -> g1(B) end),
    show(2, fun() -> f2(-(1 bsl 70) + 5) end, fun(B) -> g2(B) end),
    show(2, fun() -> f2(-16#7654321) end, fun(B) -> g2(B) end),
    show(2, fun() -> f2(0) end, fun(B) -> g2(B) end),
    show(2, fun() -> f2([]) end, fun(B) -> g2(B) end),
    show(3, fun() -> f3(16#123456789AB, -16#7654321, -16#7654321, (1 bsl 60)) end, fun(B) -> g3(B) end),
    show(3, fun() -> f3((1 bsl 63), 1, 255, -16#7654321) end, fun(B) -> g3(B) end),
    show(3, fun() -> f3((1 bsl 61) - 1, 65535, (1 bsl 63), -(1 bsl 70) + 5) end, fun(B) -> g3(B) end),
    show(3, fun() -> f3(<<1>>, 255, 65535, -129) end, fun(B) -> g3(B) end),
    show(4, fun() -> f4(grown(3), -129) end, fun(B) -> g4(B) end),
    show(4, fun() -> f4(grown(0), -(1 bsl 70) + 5) end, fun(B) -> g4(B) end),
    show(4, fun() -> f4(grown(1), 16#123456789AB) end, fun(B) -> g4(B) end),
    show(4, fun() -> f4(grown(3), atom) end, fun(B) -> g4(B) end),
    show(5, fun() -> f5(-16#7654321, 255, 255) end, fun(B) -> g5(B) end),
    show(5, fun() -> f5((1 bsl 61) - 1, (1 bsl 60), (1 bsl 61) - 1) end, fun(B) -> g5(B) end),
    show(5, fun() -> f5(-129, (1 bsl 63), 0) end, fun(B) -> g5(B) end),
    show(5, fun() -> f5(<<1>>, 0, 127) end, fun(B) -> g5(B) end),
    show(6, fun() -> f6(1.5, (1 bsl 60)) end, fun(B) -> g6(B) end),
    show(6, fun() -> f6(1.0e300, 65535) end, fun(B) -> g6(B) end),
    show(6, fun() -> f6(-2.75e10, -16#7654321) end, fun(B) -> g6(B) end),
    show(6, fun() -> f6(atom, 0) end, fun(B) -> g6(B) end),
    show(7, fun() -> f7(16#123456789AB, 127) end, fun(B) -> g7(B) end),
    show(7, fun() -> f7((1 bsl 60), (1 bsl 61) - 1) end, fun(B) -> g7(B) end),
    show(7, fun() -> f7(0, 0) end, fun(B) -> g7(B) end),
    show(7, fun() -> f7([], 0) end, fun(B) -> g7(B) end),
    show(8, fun() -> f8(grown(100), 255, 1) end, fun(B) -> g8(B) end),
    show(8, fun() -> f8(grown(1), -129, -16#7654321) end, fun(B) -> g8(B) end),
    show(8, fun() -> f8(grown(3), 65535, (1 bsl 60)) end, fun(B) -> g8(B) end),
    show(8, fun() -> f8(grown(3), <<1>>, -1) end, fun(B) -> g8(B) end),
    show(9, fun() -> f9(grown(1), 1.0e-300, 16#123456789AB, -1, -1, 0) end, fun(B) -> g9(B) end),
    show(9, fun() -> f9(grown(300), 1.0e300, -1, 16#123456789AB, 1, 1) end, fun(B) -> g9(B) end),
    show(9, fun() -> f9(grown(3), -0.0, (1 bsl 61) - 1, -(1 bsl 70) + 5, 255, 65535) end, fun(B) -> g9(B) end),
    show(9, fun() -> f9(grown(100), 3, 0, (1 bsl 61) - 1, -16#7654321, -129) end, fun(B) -> g9(B) end),
    show(10, fun() -> f10(-16#7654321, (1 bsl 63), -2.75e10, 127, -1) end, fun(B) -> g10(B) end),
    show(10, fun() -> f10(0, 0, 0.0, -16#7654321, 0) end, fun(B) -> g10(B) end),
    show(10, fun() -> f10(65535, -1, -0.0, -1, 0) end, fun(B) -> g10(B) end),
    show(10, fun() -> f10(<<1>>, 1, 0.0, (1 bsl 60), -16#7654321) end, fun(B) -> g10(B) end),
    show(11, fun() -> f11(grown(100), -1, 65535, -0.0, -16#7654321) end, fun(B) -> g11(B) end),
    show(11, fun() -> f11(grown(20), (1 bsl 61) - 1, -16#7654321, 1.0e300, (1 bsl 61) - 1) end, fun(B) -> g11(B) end),
    show(11, fun() -> f11(grown(0), (1 bsl 60), -1, 1.0e-300, 255) end, fun(B) -> g11(B) end),
    show(11, fun() -> f11(grown(300), 1.5, (1 bsl 61) - 1, 0.0, (1 bsl 63)) end, fun(B) -> g11(B) end),
    show(12, fun() -> f12(grown(20), -16#7654321, 0, 65535) end, fun(B) -> g12(B) end),
    show(12, fun() -> f12(grown(300), (1 bsl 63), 16#123456789AB, 1) end, fun(B) -> g12(B) end),
    show(12, fun() -> f12(grown(1), (1 bsl 61) - 1, 16#123456789AB, -1) end, fun(B) -> g12(B) end),
    show(12, fun() -> f12(grown(0), atom, 255, 127) end, fun(B) -> g12(B) end),
    show(13, fun() -> f13(-129, (1 bsl 63), (1 bsl 63), 255) end, fun(B) -> g13(B) end),
    show(13, fun() -> f13((1 bsl 63), 0, 255, (1 bsl 61) - 1) end, fun(B) -> g13(B) end),
    show(13, fun() -> f13(-16#7654321, (1 bsl 61) - 1, 65535, (1 bsl 61) - 1) end, fun(B) -> g13(B) end),
    show(13, fun() -> f13(<<1>>, -16#7654321, 255, 255) end, fun(B) -> g13(B) end),
    show(14, fun() -> f14(1, -16#7654321) end, fun(B) -> g14(B) end),
    show(14, fun() -> f14(0, -1) end, fun(B) -> g14(B) end),
    show(14, fun() -> f14(255, 127) end, fun(B) -> g14(B) end),
    show(14, fun() -> f14(<<1>>, 127) end, fun(B) -> g14(B) end),
    show(15, fun() -> f15((1 bsl 63), 1.5) end, fun(B) -> g15(B) end),
    show(15, fun() -> f15(127, -2.75e10) end, fun(B) -> g15(B) end),
    show(15, fun() -> f15(-129, 1.0e-300) end, fun(B) -> g15(B) end),
    show(15, fun() -> f15(1.5, -2.75e10) end, fun(B) -> g15(B) end),
    show(16, fun() -> f16(grown(20)) end, fun(B) -> g16(B) end),
    show(16, fun() -> f16(grown(100)) end, fun(B) -> g16(B) end),
    show(16, fun() -> f16(grown(300)) end, fun(B) -> g16(B) end),
    show(16, fun() -> f16(grown(0)) end, fun(B) -> g16(B) end),
    show(17, fun() -> f17(grown(1), 0, 65535, (1 bsl 63)) end, fun(B) -> g17(B) end),
    show(17, fun() -> f17(grown(1), (1 bsl 60), 255, -(1 bsl 70) + 5) end, fun(B) -> g17(B) end),
    show(17, fun() -> f17(grown(0), 65535, (1 bsl 60), (1 bsl 60)) end, fun(B) -> g17(B) end),
    show(17, fun() -> f17(grown(0), atom, -1, -1) end, fun(B) -> g17(B) end),
    show(18, fun() -> f18(1) end, fun(B) -> g18(B) end),
    show(18, fun() -> f18(1) end, fun(B) -> g18(B) end),
    show(18, fun() -> f18((1 bsl 60)) end, fun(B) -> g18(B) end),
    show(18, fun() -> f18([]) end, fun(B) -> g18(B) end),
    show(19, fun() -> f19(-1, (1 bsl 63), 0, 0) end, fun(B) -> g19(B) end),
    show(19, fun() -> f19(0, -1, (1 bsl 63), (1 bsl 61) - 1) end, fun(B) -> g19(B) end),
    show(19, fun() -> f19((1 bsl 61) - 1, 0, (1 bsl 63), 1) end, fun(B) -> g19(B) end),
    show(19, fun() -> f19([], 0, 1, (1 bsl 60)) end, fun(B) -> g19(B) end),
    show(20, fun() -> f20(grown(300), 127, 1.0e-300) end, fun(B) -> g20(B) end),
    show(20, fun() -> f20(grown(20), 1, 1.0e300) end, fun(B) -> g20(B) end),
    show(20, fun() -> f20(grown(1), 1, -0.0) end, fun(B) -> g20(B) end),
    show(20, fun() -> f20(grown(0), atom, 0.0) end, fun(B) -> g20(B) end),
    show(21, fun() -> f21(grown(300), -(1 bsl 70) + 5, -(1 bsl 70) + 5) end, fun(B) -> g21(B) end),
    show(21, fun() -> f21(grown(300), 1, -(1 bsl 70) + 5) end, fun(B) -> g21(B) end),
    show(21, fun() -> f21(grown(20), (1 bsl 61) - 1, 255) end, fun(B) -> g21(B) end),
    show(21, fun() -> f21(grown(300), atom, -1) end, fun(B) -> g21(B) end),
    show(22, fun() -> f22(127, 255, -129, -129, 65535) end, fun(B) -> g22(B) end),
    show(22, fun() -> f22(255, 0, -129, 255, 255) end, fun(B) -> g22(B) end),
    show(22, fun() -> f22(0, (1 bsl 63), -(1 bsl 70) + 5, -129, -129) end, fun(B) -> g22(B) end),
    show(22, fun() -> f22(atom, (1 bsl 60), -16#7654321, 16#123456789AB, 255) end, fun(B) -> g22(B) end),
    show(23, fun() -> f23(-(1 bsl 70) + 5, 65535, 0, 65535) end, fun(B) -> g23(B) end),
    show(23, fun() -> f23(-16#7654321, -(1 bsl 70) + 5, 1, -129) end, fun(B) -> g23(B) end),
    show(23, fun() -> f23(16#123456789AB, (1 bsl 63), 0, -16#7654321) end, fun(B) -> g23(B) end),
    show(23, fun() -> f23([], 127, (1 bsl 63), 1) end, fun(B) -> g23(B) end),
    show(24, fun() -> f24(-1, 65535, 0, -16#7654321) end, fun(B) -> g24(B) end),
    show(24, fun() -> f24(127, 255, -(1 bsl 70) + 5, -(1 bsl 70) + 5) end, fun(B) -> g24(B) end),
    show(24, fun() -> f24(0, 0, -129, 16#123456789AB) end, fun(B) -> g24(B) end),
    show(24, fun() -> f24(<<1>>, 16#123456789AB, (1 bsl 63), -(1 bsl 70) + 5) end, fun(B) -> g24(B) end),
    show(25, fun() -> f25(grown(100), 16#123456789AB, 1.0e-300, -129) end, fun(B) -> g25(B) end),
    show(25, fun() -> f25(grown(3), 255, 1.0e-300, -1) end, fun(B) -> g25(B) end),
    show(25, fun() -> f25(grown(20), 127, 1.0e300, 127) end, fun(B) -> g25(B) end),
    show(25, fun() -> f25(grown(20), atom, 0.0, (1 bsl 61) - 1) end, fun(B) -> g25(B) end),
    show(26, fun() -> f26(grown(100), 1.0e300) end, fun(B) -> g26(B) end),
    show(26, fun() -> f26(grown(300), 0.0) end, fun(B) -> g26(B) end),
    show(26, fun() -> f26(grown(3), 1.5) end, fun(B) -> g26(B) end),
    show(26, fun() -> f26(grown(20), 3) end, fun(B) -> g26(B) end),
    show(27, fun() -> f27((1 bsl 63), 1) end, fun(B) -> g27(B) end),
    show(27, fun() -> f27(65535, (1 bsl 61) - 1) end, fun(B) -> g27(B) end),
    show(27, fun() -> f27(0, -129) end, fun(B) -> g27(B) end),
    show(27, fun() -> f27([], 255) end, fun(B) -> g27(B) end),
    show(28, fun() -> f28(grown(1), 65535, -16#7654321, -16#7654321) end, fun(B) -> g28(B) end),
    show(28, fun() -> f28(grown(20), 65535, (1 bsl 61) - 1, 127) end, fun(B) -> g28(B) end),
    show(28, fun() -> f28(grown(300), -1, -16#7654321, (1 bsl 60)) end, fun(B) -> g28(B) end),
    show(28, fun() -> f28(grown(3), atom, (1 bsl 60), (1 bsl 61) - 1) end, fun(B) -> g28(B) end),
    show(29, fun() -> f29((1 bsl 60), -129, -16#7654321, -1, 16#123456789AB) end, fun(B) -> g29(B) end),
    show(29, fun() -> f29((1 bsl 61) - 1, -16#7654321, (1 bsl 63), -129, -1) end, fun(B) -> g29(B) end),
    show(29, fun() -> f29(16#123456789AB, 16#123456789AB, (1 bsl 63), -(1 bsl 70) + 5, 255) end, fun(B) -> g29(B) end),
    show(29, fun() -> f29(<<1>>, 127, -1, -129, 16#123456789AB) end, fun(B) -> g29(B) end),
    show(30, fun() -> f30(grown(3), 1.0e-300, 127) end, fun(B) -> g30(B) end),
    show(30, fun() -> f30(grown(300), 1.5, -(1 bsl 70) + 5) end, fun(B) -> g30(B) end),
    show(30, fun() -> f30(grown(300), 1.0e-300, -1) end, fun(B) -> g30(B) end),
    show(30, fun() -> f30(grown(100), 3, 127) end, fun(B) -> g30(B) end),
    show(31, fun() -> f31(grown(3), -16#7654321) end, fun(B) -> g31(B) end),
    show(31, fun() -> f31(grown(1), -1) end, fun(B) -> g31(B) end),
    show(31, fun() -> f31(grown(1), -129) end, fun(B) -> g31(B) end),
    show(31, fun() -> f31(grown(1), atom) end, fun(B) -> g31(B) end),
    show(32, fun() -> f32(grown(300)) end, fun(B) -> g32(B) end),
    show(32, fun() -> f32(grown(0)) end, fun(B) -> g32(B) end),
    show(32, fun() -> f32(grown(1)) end, fun(B) -> g32(B) end),
    show(32, fun() -> f32(grown(20)) end, fun(B) -> g32(B) end),
    show(33, fun() -> f33(-1, -1, -(1 bsl 70) + 5, 255) end, fun(B) -> g33(B) end),
    show(33, fun() -> f33((1 bsl 63), 255, 65535, 255) end, fun(B) -> g33(B) end),
    show(33, fun() -> f33(127, 1, (1 bsl 61) - 1, 1) end, fun(B) -> g33(B) end),
    show(33, fun() -> f33(atom, 127, 65535, 16#123456789AB) end, fun(B) -> g33(B) end),
    show(34, fun() -> f34(0.0, 65535, -(1 bsl 70) + 5, 65535) end, fun(B) -> g34(B) end),
    show(34, fun() -> f34(1.0e300, 127, -16#7654321, (1 bsl 61) - 1) end, fun(B) -> g34(B) end),
    show(34, fun() -> f34(1.5, 16#123456789AB, 0, -1) end, fun(B) -> g34(B) end),
    show(34, fun() -> f34(atom, (1 bsl 60), (1 bsl 63), 65535) end, fun(B) -> g34(B) end),
    show(35, fun() -> f35((1 bsl 63), 127, 65535, (1 bsl 63)) end, fun(B) -> g35(B) end),
    show(35, fun() -> f35((1 bsl 60), (1 bsl 60), (1 bsl 63), (1 bsl 61) - 1) end, fun(B) -> g35(B) end),
    show(35, fun() -> f35(65535, 127, (1 bsl 61) - 1, (1 bsl 63)) end, fun(B) -> g35(B) end),
    show(35, fun() -> f35(<<1>>, -(1 bsl 70) + 5, (1 bsl 61) - 1, (1 bsl 63)) end, fun(B) -> g35(B) end),
    show(36, fun() -> f36(grown(1), (1 bsl 61) - 1) end, fun(B) -> g36(B) end),
    show(36, fun() -> f36(grown(0), (1 bsl 61) - 1) end, fun(B) -> g36(B) end),
    show(36, fun() -> f36(grown(20), 16#123456789AB) end, fun(B) -> g36(B) end),
    show(36, fun() -> f36(grown(300), []) end, fun(B) -> g36(B) end),
    show(37, fun() -> f37(grown(20), (1 bsl 63), 1, 65535, 127) end, fun(B) -> g37(B) end),
    show(37, fun() -> f37(grown(3), (1 bsl 63), (1 bsl 63), (1 bsl 61) - 1, -1) end, fun(B) -> g37(B) end),
    show(37, fun() -> f37(grown(100), 65535, 16#123456789AB, 16#123456789AB, 0) end, fun(B) -> g37(B) end),
    show(37, fun() -> f37(grown(300), <<1>>, -16#7654321, (1 bsl 61) - 1, (1 bsl 61) - 1) end, fun(B) -> g37(B) end),
    show(38, fun() -> f38(-129, -(1 bsl 70) + 5, 0, 65535) end, fun(B) -> g38(B) end),
    show(38, fun() -> f38(16#123456789AB, 1, 0, 255) end, fun(B) -> g38(B) end),
    show(38, fun() -> f38(-16#7654321, 127, -1, (1 bsl 63)) end, fun(B) -> g38(B) end),
    show(38, fun() -> f38(atom, 127, -16#7654321, -129) end, fun(B) -> g38(B) end),
    show(39, fun() -> f39(grown(100), (1 bsl 60), 16#123456789AB) end, fun(B) -> g39(B) end),
    show(39, fun() -> f39(grown(20), 127, (1 bsl 63)) end, fun(B) -> g39(B) end),
    show(39, fun() -> f39(grown(300), -16#7654321, 0) end, fun(B) -> g39(B) end),
    show(39, fun() -> f39(grown(20), [], -129) end, fun(B) -> g39(B) end),
    show(40, fun() -> f40(grown(300)) end, fun(B) -> g40(B) end),
    show(40, fun() -> f40(grown(20)) end, fun(B) -> g40(B) end),
    show(40, fun() -> f40(grown(1)) end, fun(B) -> g40(B) end),
    show(40, fun() -> f40(grown(300)) end, fun(B) -> g40(B) end),
    show(41, fun() -> f41(grown(0), -1, 65535, -16#7654321, -(1 bsl 70) + 5) end, fun(B) -> g41(B) end),
    show(41, fun() -> f41(grown(0), (1 bsl 63), (1 bsl 60), -129, (1 bsl 61) - 1) end, fun(B) -> g41(B) end),
    show(41, fun() -> f41(grown(0), 255, 255, 65535, 65535) end, fun(B) -> g41(B) end),
    show(41, fun() -> f41(grown(100), [], 1, 65535, 65535) end, fun(B) -> g41(B) end),
    show(42, fun() -> f42(255, 1, 127) end, fun(B) -> g42(B) end),
    show(42, fun() -> f42(255, (1 bsl 63), 65535) end, fun(B) -> g42(B) end),
    show(42, fun() -> f42(-16#7654321, 127, -(1 bsl 70) + 5) end, fun(B) -> g42(B) end),
    show(42, fun() -> f42(<<1>>, 16#123456789AB, 127) end, fun(B) -> g42(B) end),
    show(43, fun() -> f43(-0.0, -(1 bsl 70) + 5, 1, -(1 bsl 70) + 5) end, fun(B) -> g43(B) end),
    show(43, fun() -> f43(1.0e300, 127, 16#123456789AB, (1 bsl 61) - 1) end, fun(B) -> g43(B) end),
    show(43, fun() -> f43(1.0e-300, (1 bsl 63), 127, -1) end, fun(B) -> g43(B) end),
    show(43, fun() -> f43(3, (1 bsl 61) - 1, (1 bsl 61) - 1, -(1 bsl 70) + 5) end, fun(B) -> g43(B) end),
    show(44, fun() -> f44(16#123456789AB, 255, -(1 bsl 70) + 5) end, fun(B) -> g44(B) end),
    show(44, fun() -> f44(-16#7654321, (1 bsl 61) - 1, -1) end, fun(B) -> g44(B) end),
    show(44, fun() -> f44(-(1 bsl 70) + 5, 16#123456789AB, -129) end, fun(B) -> g44(B) end),
    show(44, fun() -> f44(1.5, 127, 255) end, fun(B) -> g44(B) end),
    show(45, fun() -> f45(grown(3), (1 bsl 61) - 1) end, fun(B) -> g45(B) end),
    show(45, fun() -> f45(grown(300), 65535) end, fun(B) -> g45(B) end),
    show(45, fun() -> f45(grown(20), -1) end, fun(B) -> g45(B) end),
    show(45, fun() -> f45(grown(3), []) end, fun(B) -> g45(B) end),
    show(46, fun() -> f46(127, (1 bsl 61) - 1) end, fun(B) -> g46(B) end),
    show(46, fun() -> f46(255, -129) end, fun(B) -> g46(B) end),
    show(46, fun() -> f46(16#123456789AB, 16#123456789AB) end, fun(B) -> g46(B) end),
    show(46, fun() -> f46(atom, (1 bsl 60)) end, fun(B) -> g46(B) end),
    show(47, fun() -> f47((1 bsl 61) - 1, -129, -1, 255, 65535, 0) end, fun(B) -> g47(B) end),
    show(47, fun() -> f47(1, (1 bsl 60), -129, -(1 bsl 70) + 5, -1, -16#7654321) end, fun(B) -> g47(B) end),
    show(47, fun() -> f47(-129, (1 bsl 61) - 1, (1 bsl 60), 0, (1 bsl 61) - 1, 0) end, fun(B) -> g47(B) end),
    show(47, fun() -> f47(atom, 1, (1 bsl 61) - 1, 255, 255, (1 bsl 60)) end, fun(B) -> g47(B) end),
    show(48, fun() -> f48(grown(100)) end, fun(B) -> g48(B) end),
    show(48, fun() -> f48(grown(1)) end, fun(B) -> g48(B) end),
    show(48, fun() -> f48(grown(1)) end, fun(B) -> g48(B) end),
    show(48, fun() -> f48(grown(1)) end, fun(B) -> g48(B) end),
    show(49, fun() -> f49(-(1 bsl 70) + 5, 16#123456789AB) end, fun(B) -> g49(B) end),
    show(49, fun() -> f49(-129, -(1 bsl 70) + 5) end, fun(B) -> g49(B) end),
    show(49, fun() -> f49(-1, 127) end, fun(B) -> g49(B) end),
    show(49, fun() -> f49(<<1>>, -(1 bsl 70) + 5) end, fun(B) -> g49(B) end),
    show(50, fun() -> f50(grown(300), (1 bsl 60)) end, fun(B) -> g50(B) end),
    show(50, fun() -> f50(grown(0), (1 bsl 60)) end, fun(B) -> g50(B) end),
    show(50, fun() -> f50(grown(100), (1 bsl 61) - 1) end, fun(B) -> g50(B) end),
    show(50, fun() -> f50(grown(1), []) end, fun(B) -> g50(B) end),
    show(51, fun() -> f51(grown(300), 16#123456789AB) end, fun(B) -> g51(B) end),
    show(51, fun() -> f51(grown(100), 127) end, fun(B) -> g51(B) end),
    show(51, fun() -> f51(grown(300), 1) end, fun(B) -> g51(B) end),
    show(51, fun() -> f51(grown(100), atom) end, fun(B) -> g51(B) end),
    show(52, fun() -> f52(grown(0)) end, fun(B) -> g52(B) end),
    show(52, fun() -> f52(grown(3)) end, fun(B) -> g52(B) end),
    show(52, fun() -> f52(grown(20)) end, fun(B) -> g52(B) end),
    show(52, fun() -> f52(grown(1)) end, fun(B) -> g52(B) end),
    show(53, fun() -> f53(-1, 16#123456789AB, 16#123456789AB) end, fun(B) -> g53(B) end),
    show(53, fun() -> f53(-16#7654321, 0, 16#123456789AB) end, fun(B) -> g53(B) end),
    show(53, fun() -> f53(16#123456789AB, -1, (1 bsl 63)) end, fun(B) -> g53(B) end),
    show(53, fun() -> f53(<<1>>, 127, 16#123456789AB) end, fun(B) -> g53(B) end),
    show(54, fun() -> f54(grown(100), 1.0e-300) end, fun(B) -> g54(B) end),
    show(54, fun() -> f54(grown(0), 1.0e300) end, fun(B) -> g54(B) end),
    show(54, fun() -> f54(grown(3), -0.0) end, fun(B) -> g54(B) end),
    show(54, fun() -> f54(grown(300), 3) end, fun(B) -> g54(B) end),
    show(55, fun() -> f55(1.5, 16#123456789AB) end, fun(B) -> g55(B) end),
    show(55, fun() -> f55(1.5, 65535) end, fun(B) -> g55(B) end),
    show(55, fun() -> f55(-2.75e10, (1 bsl 61) - 1) end, fun(B) -> g55(B) end),
    show(55, fun() -> f55(3, -1) end, fun(B) -> g55(B) end),
    show(56, fun() -> f56(grown(0), (1 bsl 61) - 1, (1 bsl 61) - 1) end, fun(B) -> g56(B) end),
    show(56, fun() -> f56(grown(0), 0, (1 bsl 60)) end, fun(B) -> g56(B) end),
    show(56, fun() -> f56(grown(3), (1 bsl 61) - 1, (1 bsl 63)) end, fun(B) -> g56(B) end),
    show(56, fun() -> f56(grown(20), 1.5, 1) end, fun(B) -> g56(B) end),
    show(57, fun() -> f57(-(1 bsl 70) + 5, -0.0, 0, 127, (1 bsl 63)) end, fun(B) -> g57(B) end),
    show(57, fun() -> f57(65535, 1.0e300, -1, -129, 1) end, fun(B) -> g57(B) end),
    show(57, fun() -> f57((1 bsl 61) - 1, 1.5, -129, 16#123456789AB, -(1 bsl 70) + 5) end, fun(B) -> g57(B) end),
    show(57, fun() -> f57(1.5, 1.0e-300, -(1 bsl 70) + 5, 127, 255) end, fun(B) -> g57(B) end),
    show(58, fun() -> f58(-129) end, fun(B) -> g58(B) end),
    show(58, fun() -> f58(65535) end, fun(B) -> g58(B) end),
    show(58, fun() -> f58(255) end, fun(B) -> g58(B) end),
    show(58, fun() -> f58(atom) end, fun(B) -> g58(B) end),
    show(59, fun() -> f59(grown(20), 255, 255, -129, 16#123456789AB) end, fun(B) -> g59(B) end),
    show(59, fun() -> f59(grown(3), -129, -16#7654321, 255, -16#7654321) end, fun(B) -> g59(B) end),
    show(59, fun() -> f59(grown(0), 127, (1 bsl 61) - 1, 16#123456789AB, -(1 bsl 70) + 5) end, fun(B) -> g59(B) end),
    show(59, fun() -> f59(grown(1), [], 127, -129, (1 bsl 63)) end, fun(B) -> g59(B) end).

grown(0) -> <<>>;
grown(N) -> B = grown(N - 1), <<B/binary, N>>.

show(I, F, G) ->
    case catch F() of
        {'EXIT', {R, _}} -> io:format("~w: ~w~n", [I, R]);
        B ->
            B = F(),
            io:format("~w: ~w ~w~n", [I, erlang:crc32(<<B/bits, 0:(-bit_size(B) band 7)>>), bit_size(B)]),
            io:format("   ~w~n", [G(B)])
    end.
