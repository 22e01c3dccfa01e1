%% Every BIF that guards allow, used in one.
-module(guard_bifs_in_guards).
-export([main/0]).

main() ->
    Checks = [abs, binary_part, bit_size, byte_size, ceil, element, float, floor, hd, length, map_get, map_size,
              node, round, self, size, tl, trunc, tuple_size, is_map_key, max_min, arith, bits],
    [io:format("~w ~w~n", [C, check(C)]) || C <- Checks].

check(What) -> g(What, id(-3), id(2.6), id({a, b}), id([x, y]), id(#{k => v}), id(<<1, 2, 3>>)).

g(abs, I, _, _, _, _, _) when abs(I) =:= 3 -> ok;
g(binary_part, _, _, _, _, _, B) when binary_part(B, 1, 2) =:= <<2, 3>>, binary_part(B, {0, 1}) =:= <<1>> -> ok;
g(bit_size, _, _, _, _, _, B) when bit_size(B) =:= 24 -> ok;
g(byte_size, _, _, _, _, _, B) when byte_size(B) =:= 3 -> ok;
g(ceil, _, F, _, _, _, _) when ceil(F) =:= 3 -> ok;
g(element, _, _, T, _, _, _) when element(2, T) =:= b -> ok;
g(float, I, _, _, _, _, _) when float(I) =:= -3.0 -> ok;
g(floor, _, F, _, _, _, _) when floor(F) =:= 2 -> ok;
g(hd, _, _, _, L, _, _) when hd(L) =:= x -> ok;
g(length, _, _, _, L, _, _) when length(L) =:= 2 -> ok;
g(map_get, _, _, _, _, M, _) when map_get(k, M) =:= v -> ok;
g(map_size, _, _, _, _, M, _) when map_size(M) =:= 1 -> ok;
g(node, _, _, _, _, _, _) when node() =:= node(self()) -> ok;
g(round, _, F, _, _, _, _) when round(F) =:= 3 -> ok;
g(self, _, _, _, _, _, _) when is_pid(self()) -> ok;
g(size, _, _, T, _, _, B) when size(T) =:= 2, size(B) =:= 3 -> ok;
g(tl, _, _, _, L, _, _) when tl(L) =:= [y] -> ok;
g(trunc, _, F, _, _, _, _) when trunc(F) =:= 2 -> ok;
g(tuple_size, _, _, T, _, _, _) when tuple_size(T) =:= 2 -> ok;
g(is_map_key, _, _, _, _, M, _) when is_map_key(k, M), not is_map_key(z, M) -> ok;
g(max_min, I, _, _, _, _, _) when I < 0, -I > 2 -> ok;
g(arith, I, F, _, _, _, _) when I * 2 + 7 =:= 1, I div 2 =:= -1, I rem 2 =:= -1, F / 2 =:= 1.3, I - 1 =:= -4 -> ok;
g(bits, I, _, _, _, _, _) when I band 15 =:= 13, I bor 1 =:= -3, I bxor 1 =:= -4, bnot I =:= 2, I bsl 1 =:= -6, I bsr 1 =:= -2 -> ok;
g(_, _, _, _, _, _, _) -> failed.

id(X) -> X.
