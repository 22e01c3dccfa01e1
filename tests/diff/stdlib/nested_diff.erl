%% unicode_util and string on nested character data. How results are nested is not told by the manual:
%% they are compared as text.
-module(nested_diff).
-include("diff.hrl").

run() ->
    times(3000, fun() ->
        Data = data(3),
        text(unicode_util, cp, [Data]),
        text(unicode_util, gc, [Data]),
        text(string, next_codepoint, [Data]),
        text(string, length, [Data]),
        text(string, uppercase, [Data]),
        text(string, to_graphemes, [Data]),
        text(string, slice, [Data, pick(4)]),
        text(string, slice, [Data, pick(3), pick(4)]),
        text(string, trim, [Data]),
        text(string, chomp, [Data]),
        text(string, find, [Data, pick({"a", "b", "c", "ab", " ", [769]})]),
        text(string, split, [Data, pick({"a", "b", "c", "ab", " "}), pick({leading, trailing, all})]),
        text(string, lexemes, [Data, pick({"a", " b", "c"})]),
        text(string, take, [Data, pick({"a", "ab", "c "}), pick({true, false}), pick({leading, trailing})]),
        text(string, prefix, [Data, pick({"a", "b", "ab", " "})]),
        text(string, reverse, [Data]),
        text(string, titlecase, [Data]),
        text(string, trim, [Data, pick({leading, trailing, both}), pick({"a", "ab", "c "})])
    end).

text(M, F, Args) -> value({F, Args}, fun() -> flat(apply(module(M), F, Args)) end).

flat(T) when is_tuple(T) -> list_to_tuple([flat(X) || X <- tuple_to_list(T)]);
flat(X) ->
    try unicode:characters_to_list(X) catch error:_ -> X end.

data(0) -> pick({"", "a", "b ", "abc", <<>>, <<"a">>, <<"bc">>, [769], <<769/utf8>>, "  ", <<" ">>, "\r", "\n"});
data(Depth) ->
    case pick(4) of
        0 -> data(0);
        _ ->
            Items = some(pick(4), fun() -> pick({data(Depth - 1), pick("ab c"), data(0)}) end),
            case pick(5) of
                0 -> tail(Items, pick({<<"x">>, <<>>, <<"a b">>}));
                _ -> Items
            end
    end.

tail([], _) -> [];
tail(Items, Tail) -> Items ++ Tail.
