%% proplists against OTP's.
-module(proplists_diff).
-include("diff.hrl").

run() ->
    Lists = [[], [a], [{a, 1}], [{a, 1, 2}, a, {a, 3}], [a, b, {c, d}, {b, false}, {}, "x", 7, {d, [1, 2]}, {d, e}],
             [{a, true}, {b, true}, {1, true}], [{d, [x]}, {d, y}, d], [{b}, {b, 2}], a, [a | b], [{1.0, x}, {1, y}]],
    Keys = [a, b, c, d, z, 1, 1.0],
    One = [unfold, compact, get_keys, to_map],
    Two = [lookup, lookup_all, is_defined, get_value, get_all_values, append_values, get_bool, delete],
    [value({F, L}, fun() -> R = (module(proplists)):F(L), case is_list(R) of true -> lists:sort(R); false -> R end end)
        || F <- One, L <- lists:droplast(Lists)],
    [call(proplists, F, [K, L]) || F <- Two, K <- Keys, L <- Lists],
    [call(proplists, get_value, [K, L, default]) || K <- Keys, L <- Lists],
    [call(proplists, property, [P]) || P <- [a, {a, true}, {a, 1}, {1, true}, {"a", true}, 7]],
    [call(proplists, property, [K, V]) || K <- [a, 1, "x"], V <- [true, false, 1]],
    Aliases = [[], [{a, x}], [{a, b}, {b, c}], [{d, q}, {1, one}], [{b, x}, {b, y}]],
    [call(proplists, F, [A, L]) || F <- [substitute_aliases, substitute_negations], A <- Aliases, L <- Lists],
    Expansions = [[{a, [x, y]}], [{{a, 1}, [one]}, {b, []}], [{{b, true}, [t]}], [{c, [a]}, {a, [z]}], [{{c, d}, [q, {c, d}]}]],
    [call(proplists, expand, [E, L]) || E <- Expansions, L <- Lists],
    [call(proplists, normalize, [L, S]) || L <- Lists,
        S <- [[], [{aliases, [{a, x}]}], [{negations, [{b, y}]}, {expand, [{a, [q, {r, true}]}]}], [{bad, []}]]],
    [call(proplists, to_map, [L, S]) || L <- Lists, S <- [[], [{aliases, [{a, x}]}], [{expand, [{a, [q]}]}]]],
    [call(proplists, split, [L, K]) || L <- Lists, K <- [[], [a], [b, a, z], [1, d], [{}], a]],
    [value({from_map, M}, fun() -> lists:sort((module(proplists)):from_map(M)) end) || M <- [#{}, #{a => 1, "b" => c}, a]],
    times(300, fun() ->
        L = some(pick(12), fun() -> pick({atom(), {pick(Keys), int()}, {pick(Keys), pick({true, false})}, pick(Keys), {atom(), atom()}}) end),
        [call(proplists, F, [pick(Keys), L]) || F <- Two],
        call(proplists, split, [L, some(pick(4), fun() -> pick(Keys) end)]),
        call(proplists, expand, [[{pick(Keys), [new]}, {{pick(Keys), pick({true, false})}, [pick(Keys)]}], L]),
        call(proplists, substitute_negations, [[{pick(Keys), not_it}], L])
    end).
