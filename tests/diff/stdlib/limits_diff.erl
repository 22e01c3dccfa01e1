%% ~p, ~P, ~w and ~W with limits on characters or depths: the same text, however it is nested.
%% (Both limits at once on ~P: docs/COMPATIBILITY.md.)
-module(limits_diff).
-include("diff.hrl").

run() ->
    times(4000, fun() ->
        T = term(1 + pick(4)),
        Limit = pick(160),
        Depth = 1 + pick(12),
        written(format, [pick({"~p", "~tp", "~w", "~tw", "x ~p~n", "~30p"}), [T], [{chars_limit, Limit}]]),
        written(format, [pick({"~W", "~tW"}), [T, Depth], [{chars_limit, Limit}]]),
        written(format, [pick({"~P", "~tP", "~W", "~tW", "~40P"}), [T, Depth]]),
        written(format, ["~p~s~W", [T, "some text", T, Depth], [{chars_limit, Limit}]]),
        written(write, [T, [{depth, Depth}, {chars_limit, Limit}, {encoding, pick({latin1, unicode})}]]),
        written(write, [T, Depth])
    end).

written(F, Args) -> value({F, Args}, fun() -> lists:flatten(apply(module(io_lib), F, Args)) end).
