%% Record tests, fields and patterns in guards and function heads.
-module(records_in_guards_and_heads).
-export([main/0]).

-record(shape, {kind, w = 0, h = 0}).
-record(box, {inside}).

main() ->
    Shapes = [#shape{kind = square, w = 2, h = 2}, #shape{kind = rect, w = 2, h = 3}, #shape{}, #box{inside = #shape{kind = rect}}, junk],
    [io:format("~w ~w ~w~n", [area(S), big(S), inside(S)]) || S <- Shapes],
    I = #shape.w,
    io:format("~w~n", [element(I, hd(Shapes))]).

area(#shape{kind = square, w = W}) -> W * W;
area(#shape{w = W, h = H}) -> W * H;
area(_) -> none.

big(S) when S#shape.w + S#shape.h > 4 -> big;
big(S) when is_record(S, shape), S#shape.kind =/= undefined -> small;
big(#shape{} = _S) -> undefined;
big(_) -> not_shape.

inside(#box{inside = #shape{kind = K}}) -> K;
inside(#box{}) -> other_box;
inside(X) when X#shape.kind =:= rect; X =:= junk -> rect_or_junk;
inside(_) -> nothing.
