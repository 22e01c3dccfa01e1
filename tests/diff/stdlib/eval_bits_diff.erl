%% eval_bits: binaries built by an evaluator of one's own.
-module(eval_bits_diff).
-include("diff.hrl").

run() ->
    Elements = [{bin_element, 1, {integer, 1, 1}, default, default},
                {bin_element, 1, {var, 1, 'X'}, {integer, 1, 3}, [integer]}, {bin_element, 1, {var, 1, 'Y'}, {var, 1, 'X'}, [bitstring]}],
    value(built, fun() -> eval_bits:expr_grp(Elements, #{'X' => 5, 'Y' => <<17:9>>}, fun evaluate/2) end),
    value(empty, fun() -> eval_bits:expr_grp([], [], fun evaluate/2) end),
    value(bindings, fun() -> eval_bits:expr_grp([{bin_element, 1, {set, 'A', 7}, default, default}, {bin_element, 1, {var, 1, 'A'}, default, default}], #{}, fun evaluate/2) end).

evaluate({integer, _, N}, Bs) -> {value, N, Bs};
evaluate({var, _, Name}, Bs) -> {value, maps:get(Name, Bs), Bs};
evaluate({set, Name, N}, Bs) -> {value, N, Bs#{Name => N}}.
