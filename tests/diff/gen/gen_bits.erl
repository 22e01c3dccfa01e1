%% gen_bits.erl: random functions over bits: each is a few clauses of one binary pattern each.
%%
%% Segments of every kind and size, sizes that earlier segments say, units, tails of each type, text, floats of three
%% sizes, with the rest handed on, kept, put into what is built or given to another function; over inputs that begin
%% within a byte, too. What a step takes is at least a bit, so each ends.
-module(gen_bits).
-export([helper/2]).
-import(gen_expr, [random/1, chance/1, one_of/1, weighed/1, fresh/0, join/2, f/2, expr/3, bind/2]).

-include("gen.hrl").

%% Per clause. size: variables that hold a small number; seen: all, as expressions
-record(clause, {size = [], seen = [], vars = []}).

%% What it returns are hashes: of each answer, exceptions among them.
helper(Name, Ctx0) ->
    Ctx = gen_hot:leaves(Ctx0),
    Clauses = [clause(Name, Ctx) || _ <- lists:seq(1, 1 + random(3))],
    Last = case chance(80) of true -> [f("~s_l(B, A, P, L) ->\n    {B, A, P, L}", [Name])]; false -> [] end,
    Text = f("~s(B, A) ->\n    Inputs = [B, ~s],\n    Offset = [begin <<_:~w, Y/bits>> = X, Y end || X <- Inputs, bit_size(X) > 10],\n"
             "    [erlang:phash2(~s_c(X, A band 16#FFFFF, ~s)) || _ <- lists:seq(1, 3), X <- Inputs ++ Offset].\n\n"
             "~s_c(X, A, P) ->\n    try ~s_l(X, A, P, []) catch error:R when is_tuple(R) -> element(1, R); error:R -> R end.\n\n~s.\n\n",
             [Name, join([input() || _ <- lists:seq(1, 3 + random(6))], ", "), 1 + random(7), Name, one_of(["<<>>", "<<1:3>>", "B", "<<\"xy\">>"]),
              Name, Name, join(Clauses ++ Last, ";\n")]),
    {{Name, [bits, int], {list, int}}, Text}.

input() ->
    weighed([{4, fun() -> f("<<~s:~w>>", [gen_expr:integer(), one_of([1, 8, 30, 100, 200, 600]) + random(8)]) end},
             {2, fun() -> f("binary:copy(<<~s>>, ~w)", [join([integer_to_list(random(256)) || _ <- lists:seq(1, 1 + random(4))], ", "), 1 + random(30)]) end},
             {1, fun() -> f("<<\"aababab\", ~w, 1, 2, ~w>>", [random(4), random(200)]) end},
             {1, fun() -> f("binary:copy(<<\"\\x{e5}\\x{20ac}z\\x{10348}\"/~s>>, ~w)", [one_of(["utf8", "utf16", "utf32", "utf16-little"]), 1 + random(4)]) end},
             {1, fun() -> f("<<~s/float, ~s:32/float-little, ~w:5>>", [gen_expr:float_literal(), one_of(["1.5", "-2.0", "0.1"]), random(32)]) end},
             {1, fun() -> "<<>>" end}]).

clause(Name, Ctx) ->
    {Segments, C0} = lists:mapfoldl(fun(_, C) -> segment(C) end, #clause{}, lists:seq(1, 1 + random(5))),
    {Tail, HasTail} = one_of([{[", T/binary"], true}, {[", T/bits"], true}, {[", T/bits"], true}, {[", T/binary-unit:16"], true}, {[", _/bits"], false}, {[], false}]),
    C = C0#clause{seen = ["A" | C0#clause.seen]},
    Guard = case chance(30) andalso C#clause.vars =/= [] of
                true -> [" when ", one_of([f("~s =/= 7", [hd(C#clause.vars)]), f("is_integer(~s)", [lists:last(C#clause.vars)]), "A < 1000000", "is_binary(P)",
                                           f("bit_size(B) > ~w", [random(60)]), f("~s > A", [hd(C#clause.vars)])])];
                false -> ""
            end,
    f("~s_l(<<~s~s>> = B, A, P, L)~s ->\n    _ = B,\n    ~s", [Name, join(Segments, ", "), Tail, Guard, body(Name, C, HasTail, Ctx)]).

body(Name, C, true, Ctx) ->
    New = fun() -> weighed([{4, fun() -> "A" end}, {3, fun() -> ["erlang:phash2({A, ", join(C#clause.seen, ", "), "})"] end},
                            {4, fun() -> ["erlang:phash2(", one_of(C#clause.seen), ")"] end},
                            {2, fun() -> f("(~s)", [expr(int, bind([{"A", int}, {"B", bits}], Ctx), 1)]) end}]) end,
    P = weighed([{4, fun() -> "P" end}, {3, fun() -> built(C) end}, {1, fun() -> "T" end}]),
    On = weighed([{7, fun() -> f("~s_l(T, (~s) band 16#FFFFF, ~s, L)", [Name, New(), P]) end},
                  {2, fun() -> f("~s_l(T, (~s) band 16#FFFFF, ~s, [~s | L])", [Name, New(), P, one_of(["T" | C#clause.seen])]) end},
                  {1, fun() -> f("~s_l(id(T), A, ~s, [B | L])", [Name, P]) end},
                  {1, fun() -> f("case T of <<0:2, T2/bits>> -> ~s_l(T2, A, P, L); <<1:1, _/bits>> -> ~s_l(T, A + 1, ~s, L); _ -> {B, L} end", [Name, Name, P]) end}]),
    weighed([{6, fun() -> On end},
             {1, fun() -> f("[~s | ~s]", [one_of(["T", "A" | C#clause.seen]), On]) end},
             {1, fun() -> f("try ~s catch error:_ -> {caught, T, A} end", [On]) end}]);
body(_, C, false, _) ->
    ["{", join([one_of(["A", "B"]), "P", "L" | C#clause.seen], ", "), "}"].

built(C) ->
    Segments = [one_of([f("(A band 255):~w", [one_of([8, 8, 16, 3, 6, 32, 1, 64])]), f("(erlang:phash2(~s)):~w/little", [one_of(C#clause.seen), one_of([16, 32, 8, 24])]),
                        "\"x\"", "1:1", "5:3", "(A band 127)/utf8", "1.5/float", "(A band 16#7FFF)/utf16", "(A * 3):(A band 31)", "(<<A:13>>)/bits", "<<(A bor 1):7, 1:1>>/binary"])
                || _ <- lists:seq(1, 1 + random(3))],
    f("<<~s~s>>", [one_of(["P/bits, ", "P/bits, ", "(id(P))/bits, ", "0:2, P/bits, "]), join(Segments, ", ")]).

segment(C) ->
    V = fresh(),
    Flags = one_of(["", "/signed", "/little", "/little-signed", "/big"]),
    Bound = fun(Size, Text) -> {Text, C#clause{size = case Size of small -> [V | C#clause.size]; _ -> C#clause.size end, seen = [V | C#clause.seen], vars = [V | C#clause.vars]}} end,
    weighed([{42, fun() ->
                      Size = one_of([1, 2, 3, 4, 5, 6, 7, 8, 8, 8, 8, 12, 16, 16, 24, 32, 32, 40, 48, 56, 57, 58, 59, 60, 61, 62, 63, 64, 64, 65, 70, 13, 29]),
                      Bound(case Size =< 8 andalso (Flags =:= "" orelse Flags =:= "/little") of true -> small; false -> large end, f("~s:~w~s", [V, Size, Flags]))
                  end},
             {case C#clause.size of [] -> 0; _ -> 10 end,
              fun() -> N = one_of(C#clause.size),
                       Bound(large, f("~s:~s~s", [V, one_of([N, f("(~s * 3)", [N]), f("(~s band 7 + 1)", [N]), f("(~s - 2)", [N])]), Flags])) end},
             {10, fun() -> {f("~w:~w", [random(4), one_of([2, 3, 8, 8, 16])]), C} end},
             {8, fun() -> {f("_:~w", [one_of([1, 3, 8, 16, 24, 33])]), C} end},
             {6, fun() -> Bound(large, f("~s/utf8", [V])) end},
             {3, fun() -> Bound(large, f("~s/~s", [V, one_of(["utf16", "utf32", "utf16-little"])])) end},
             {4, fun() -> {f("~s:~w/float~s", [V, one_of([64, 32, 16]), one_of(["", "-little"])]), C#clause{seen = [f("(0.0 + ~s)", [V]) | C#clause.seen]}} end},
             {9, fun() -> Size = case C#clause.size =/= [] andalso chance(60) of true -> one_of(C#clause.size); false -> one_of(["1", "2", "3", "17", "20"]) end,
                          Bound(large, f("~s:~s/~s", [V, Size, one_of(["binary", "bits", "binary-unit:4", "binary-unit:3", "bitstring"])])) end},
             {3, fun() -> {f("~s:~s/~s", ["_", one_of(["2", "3"]), one_of(["binary", "unit:5", "binary-unit:7"])]), C} end},
             {case C#clause.vars of [] -> 0; _ -> 3 end, fun() -> {f("~s:8", [one_of(C#clause.vars)]), C} end},
             {6, fun() -> {f("\"~s\"", [one_of(["a", "ab", "\\0"])]), C} end}]).
