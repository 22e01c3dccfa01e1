%% Format strings: reading them into items, and the text of each item.
%%
%% An item is a character or a map with the control character, its arguments and its modifiers (see
%% io_lib:format_spec()). All but ~p, ~P, ~w, ~W and ~s of lists and binaries become text at once;
%% these five are done last, as they share what a limit on the number of characters leaves.
-module(io_lib_format).

-export([fwrite/2, fwrite/3, fwrite_g/1, indentation/2, scan/2, unscan/1, build/1, build/2]).

-spec fwrite(io:format(), [term()]) -> io_lib:chars().
fwrite(Format, Args) -> build(scan(Format, Args), -1, 0).

-spec fwrite(io:format(), [term()], [{chars_limit, integer()}]) -> io_lib:chars().
fwrite(Format, Args, Options) -> build(scan(Format, Args), Options).

-spec build([char() | io_lib:format_spec()]) -> io_lib:chars().
build(Items) -> build(Items, -1, 0).

-spec build([char() | io_lib:format_spec()], [{chars_limit, integer()}]) -> io_lib:chars().
build(Items, Options) ->
    case lists:keyfind(chars_limit, 1, Options) of
        {_, Limit} -> build(Items, Limit, 0);
        false -> build(Items, -1, 0)
    end.

%%% Reading

-spec scan(io:format(), [term()]) -> [char() | io_lib:format_spec()].
scan(Format, Args) when is_atom(Format) -> items(atom_to_list(Format), Args);
scan(Format, Args) when is_binary(Format) -> items(binary_to_list(Format), Args);
scan(Format, Args) when is_list(Format) -> items(Format, Args).

items([$~ | Format0], Args0) ->
    {Width, Format1, Args1} = width(Format0, Args0),
    {Precision, Format2, Args2} = precision(Format1, Args1),
    {Pad, Format3, Args3} = pad_char(Format2, Args2),
    {Encoding, Strings, Order, [Control | Format], Args4} =
        modifiers(Format3, Args3, latin1, true, undefined),
    {ControlArgs, Args} = arguments(Control, Args4),
    {W, Adjust} = case Width of
        N when is_integer(N), N < 0 -> {-N, left};
        _ -> {Width, right}
    end,
    Item = #{control_char => Control, args => ControlArgs, width => W, adjust => Adjust,
             precision => Precision, pad_char => Pad, encoding => Encoding, strings => Strings,
             maps_order => Order},
    [Item | items(Format, Args)];
items([C | Format], Args) -> [C | items(Format, Args)];
items([], []) -> [].

width([$- | Format0], Args0) ->
    {N, Format, Args} = number(Format0, Args0),
    {-N, Format, Args};
width(Format, Args) ->
    number(Format, Args).

number([$* | Format], [N | Args]) when is_integer(N) -> {N, Format, Args};
number([C | Format], Args) when C >= $0, C =< $9 -> digits(Format, C - $0, Args);
number(Format, Args) -> {none, Format, Args}.

digits([C | Format], N, Args) when C >= $0, C =< $9 -> digits(Format, 10 * N + C - $0, Args);
digits(Format, N, Args) -> {N, Format, Args}.

precision([$. | Format], Args) -> number(Format, Args);
precision(Format, Args) -> {none, Format, Args}.

pad_char([$., $* | Format], [C | Args]) -> {C, Format, Args};
pad_char([$., C | Format], Args) -> {C, Format, Args};
pad_char(Format, Args) -> {$\s, Format, Args}.

modifiers([$t | Format], Args, _, Strings, Order) ->
    true = Format =/= [],
    modifiers(Format, Args, unicode, Strings, Order);
modifiers([$l | Format], Args, Encoding, _, Order) ->
    modifiers(Format, Args, Encoding, false, Order);
modifiers([$k | Format], Args, Encoding, Strings, _) ->
    modifiers(Format, Args, Encoding, Strings, ordered);
modifiers([$K | Format], [Order | Args], Encoding, Strings, _) ->
    modifiers(Format, Args, Encoding, Strings, Order);
modifiers(Format, Args, Encoding, Strings, Order) ->
    {Encoding, Strings, Order, Format, Args}.

arguments(C, [A, B | Args]) when C =:= $W; C =:= $P; C =:= $x; C =:= $X -> {[A, B], Args};
arguments(C, Args) when C =:= $n; C =:= $~ -> {[], Args};
arguments(C, [A | Args]) when C =:= $w; C =:= $p; C =:= $c; C =:= $s; C =:= $e; C =:= $f;
                              C =:= $g; C =:= $b; C =:= $B; C =:= $#; C =:= $+; C =:= $i ->
    {[A], Args}.

%%% Back to a format string

-spec unscan([char() | io_lib:format_spec()]) -> {io:format(), [term()]}.
unscan(Items) -> {lists:flatmap(fun unscan_item/1, Items), lists:flatmap(fun item_args/1, Items)}.

item_args(#{args := Args, maps_order := Order}) when is_function(Order); Order =:= reversed ->
    [Order | Args];
item_args(#{args := Args}) -> Args;
item_args(_) -> [].

unscan_item(#{control_char := C, width := Width, adjust := Adjust, precision := Precision,
              pad_char := Pad, encoding := Encoding, strings := Strings} = Item) ->
    [$~ | unscan_width(Width, Adjust)]
        ++ case Precision of none when Pad =:= $\s -> ""; none -> "."; _ -> [$. | integer_to_list(Precision)] end
        ++ case Pad of $\s -> ""; _ -> [$., Pad] end
        ++ case Encoding of unicode -> "t"; latin1 -> "" end
        ++ case Strings of false -> "l"; true -> "" end
        ++ case Item of
               #{maps_order := Order} when is_function(Order); Order =:= reversed -> "K";
               #{maps_order := ordered} -> "k";
               #{} -> ""
           end
        ++ [C];
unscan_item(C) ->
    [C].

unscan_width(none, _) -> "";
unscan_width(N, left) -> [$- | integer_to_list(N)];
unscan_width(N, right) -> integer_to_list(N).

%%% Building

build(Items, Limit, Column) ->
    Done = [plain(Item) || Item <- Items],
    case late_items(Done, 0, 0) of
        {0, _} -> Done;
        {Late, Pretty} when Limit < 0 -> build_late(Done, Late, Pretty, Limit, Column);
        {Late, Pretty} ->
            Used = lists:sum([text_length(Text) || Text <- Done, not is_map(Text)]),
            build_late(Done, Late, Pretty, io_lib_pretty:less(Limit, Used), Column)
    end.

late_items([#{control_char := C} | Items], Late, Pretty) when C =:= $p; C =:= $P ->
    late_items(Items, Late + 1, Pretty + 1);
late_items([Item | Items], Late, Pretty) when is_map(Item) -> late_items(Items, Late + 1, Pretty);
late_items([_ | Items], Late, Pretty) -> late_items(Items, Late, Pretty);
late_items([], Late, Pretty) -> {Late, Pretty}.

text_length(C) when is_integer(C) -> 1;
text_length(Chars) -> io_lib:chars_length(Chars).

%% Late items share the limit equally; what one leaves goes to those after it. The column matters
%% only as long as pretty printing follows.
build_late([#{control_char := C} = Item | Items], Late, Pretty, Limit, Column) ->
    Share = if
        Limit < 0 -> Limit;
        true -> Limit div Late
    end,
    Text = late(Item, Share, Column),
    Rest = if
        Limit < 0 -> Limit;
        true -> io_lib_pretty:less(Limit, io_lib:chars_length(Text))
    end,
    case C =:= $p orelse C =:= $P of
        true when Pretty =:= 1 -> [Text | build_late(Items, Late - 1, 0, Rest, Column)];
        true -> [Text | build_late(Items, Late - 1, Pretty - 1, Rest, indentation(Text, Column))];
        false when Pretty > 0 ->
            [Text | build_late(Items, Late - 1, Pretty, Rest, indentation(Text, Column))];
        false -> [Text | build_late(Items, Late - 1, Pretty, Rest, Column)]
    end;
build_late(Items, 0, _, _, _) -> Items;
build_late([Text | Items], Late, 0, Limit, Column) ->
    [Text | build_late(Items, Late, 0, Limit, Column)];
build_late([Text | Items], Late, Pretty, Limit, Column) ->
    [Text | build_late(Items, Late, Pretty, Limit, indentation([Text], Column))];
build_late([], _, _, _, _) ->
    [].

%% The column after Chars have been written from Column on.
-spec indentation(io_lib:chars(), integer()) -> integer().
indentation([$\n | Chars], _) -> indentation(Chars, 0);
indentation([$\t | Chars], Column) -> indentation(Chars, (Column div 8 + 1) * 8);
indentation([C | Chars], Column) when is_integer(C) -> indentation(Chars, Column + 1);
indentation([Text | Chars], Column) -> indentation(Chars, indentation(Text, Column));
indentation([], Column) -> Column.

%% The text of an item, or the item itself if it has to wait.
plain(#{control_char := $s, args := [Atom], encoding := latin1} = Item) when is_atom(Atom) ->
    text(atom_to_latin1(Atom), Item);
plain(#{control_char := $s, args := [Atom]} = Item) when is_atom(Atom) ->
    text(atom_to_list(Atom), Item);
plain(#{control_char := $e, args := [X]} = Item) when is_float(X) -> scientific(X, Item);
plain(#{control_char := $f, args := [X]} = Item) when is_float(X) -> decimal(X, Item);
plain(#{control_char := $g, args := [X]} = Item) when is_float(X) -> general(X, Item);
plain(#{control_char := $b, args := [N]} = Item) when is_integer(N) ->
    field(string:lowercase(in_base(N, Item)), no_precision(Item));
plain(#{control_char := $B, args := [N]} = Item) when is_integer(N) ->
    field(in_base(N, Item), no_precision(Item));
plain(#{control_char := $x, args := [N, Prefix]} = Item) when is_integer(N) ->
    prefixed(N, prefix_text(Prefix), fun string:lowercase/1, Item);
plain(#{control_char := $X, args := [N, Prefix]} = Item) when is_integer(N) ->
    prefixed(N, prefix_text(Prefix), fun(Digits) -> Digits end, Item);
plain(#{control_char := $+, args := [N]} = Item) when is_integer(N) ->
    prefixed(N, [integer_to_list(base(Item)), $#], fun string:lowercase/1, Item);
plain(#{control_char := $#, args := [N]} = Item) when is_integer(N) ->
    prefixed(N, [integer_to_list(base(Item)), $#], fun(Digits) -> Digits end, Item);
plain(#{control_char := $c, args := [C], encoding := unicode} = Item) when is_integer(C) ->
    character(C, Item);
plain(#{control_char := $c, args := [C]} = Item) when is_integer(C) -> character(C band 255, Item);
plain(#{control_char := $~} = Item) -> character($~, Item);
plain(#{control_char := $n, width := none}) -> "\n";
plain(#{control_char := $n, width := N, adjust := right}) -> copies($\n, N);
plain(#{control_char := $i}) -> "";
plain(#{control_char := C} = Item) when C =:= $w; C =:= $W; C =:= $p; C =:= $P; C =:= $s -> Item;
plain(C) when not is_map(C) -> C.

late(#{control_char := $s, args := [Text], encoding := latin1} = Item, Limit, _)
        when is_list(Text); is_binary(Text) ->
    limited_text(bytes(Text), Limit, Item);
late(#{control_char := $s, args := [Text], encoding := unicode} = Item, Limit, _)
        when is_list(Text); is_binary(Text) ->
    limited_text(characters(Text), Limit, Item);
late(#{control_char := $w, args := [Term]} = Item, Limit, _) -> write(Term, -1, Limit, Item);
late(#{control_char := $W, args := [Term, Depth]} = Item, Limit, _) when is_integer(Depth) ->
    write(Term, Depth, Limit, Item);
late(#{control_char := $p, args := [Term]} = Item, Limit, Column) ->
    print(Term, -1, Limit, Column, Item);
late(#{control_char := $P, args := [Term, Depth]} = Item, Limit, Column) when is_integer(Depth) ->
    print(Term, Depth, Limit, Column, Item).

%% What ~s shows.
bytes(Text) ->
    case is_text(Text, 255) of
        true -> Text;
        false -> binary_to_list(iolist_to_binary(Text))
    end.

%% What ~ts shows: a binary that is not UTF-8 is taken for Latin-1.
characters(Text) ->
    case is_text(Text, 16#10FFFF) of
        true -> Text;
        false -> pieces(Text)
    end.

pieces(Binary) when is_binary(Binary) ->
    case unicode:characters_to_list(Binary) of
        Chars when is_list(Chars) -> Chars;
        _ -> binary_to_list(Binary)
    end;
pieces([C | Text]) when is_integer(C), C >= 0, C =< 16#10FFFF -> [C | pieces(Text)];
pieces([Text | More]) when not is_integer(Text) -> pieces(Text) ++ pieces(More);
pieces([]) -> [].

%% Whether it is a list of nothing but characters.
is_text([C | Text], Most) when is_integer(C), C >= 0, C =< Most -> is_text(Text, Most);
is_text(Rest, _) -> Rest =:= [].

%% A text of at most Limit characters, "..." included; a wider field is made narrower.
limited_text(Chars, Limit, Item) when Limit < 0 ->
    text(Chars, Item);
limited_text(Chars, Limit, #{width := none} = Item) ->
    text(shortened(Chars, max(3, Limit)), Item);
limited_text(Chars, Limit, #{width := Width} = Item) when Width =< Limit ->
    text(Chars, Item);
limited_text(Chars, Limit, #{width := Width} = Item) ->
    Room = min(Width, max(3, Limit)),
    text(shortened(Chars, Room), Item#{width := Room}).

shortened(Chars, Room) ->
    case io_lib:chars_length(Chars) > Room of
        true -> [string:slice(Chars, 0, Room - 3) | "..."];
        false -> Chars
    end.

write(Term, Depth, Limit, #{encoding := Encoding} = Item) ->
    Order = maps:get(maps_order, Item, undefined),
    field(io_lib:write(Term, [{depth, Depth}, {encoding, Encoding}, {chars_limit, Limit},
                              {maps_order, Order}]), Item).

print(Term, Depth, Limit, Column, #{width := Width, precision := Precision, adjust := right,
                                    encoding := Encoding, strings := Strings} = Item) ->
    LineLength = case Width of
        none -> 80;
        _ -> Width
    end,
    From = case Precision of
        none -> Column + 1;
        _ -> Precision
    end,
    io_lib_pretty:print(Term, [{chars_limit, Limit}, {column, From}, {line_length, LineLength},
                               {depth, Depth}, {encoding, Encoding}, {strings, Strings},
                               {maps_order, maps:get(maps_order, Item, undefined)}]).

%%% Fields

%% A value in a field: asterisks, if it is too long for it.
field(Chars, #{width := none, precision := none}) -> Chars;
field(Chars, #{width := none, precision := P} = Item) -> field(Chars, P, P, Item);
field(Chars, #{width := W, precision := none} = Item) -> field(Chars, W, W, Item);
field(Chars, #{width := W, precision := P} = Item) -> field(Chars, W, min(P, W), Item).

field(Chars, Width, Precision, Item) ->
    Length = io_lib:chars_length(Chars),
    Fits = min(Length, Precision),
    case Length > Fits of
        true -> padded(copies($*, Fits), Width - Fits, Item);
        false -> padded(Chars, Width - Fits, Item)
    end.

no_precision(Item) -> Item#{precision := none}.

padded(Chars, N, #{pad_char := Pad, adjust := left}) -> [Chars | copies(Pad, N)];
padded(Chars, N, #{pad_char := Pad, adjust := right}) -> [copies(Pad, N) | Chars].

copies(_, N) when N =< 0 -> [];
copies(C, N) -> [C | copies(C, N - 1)].

%% Text in a field: cut off, if it is too long for it.
text(Chars, #{width := none, precision := none}) -> Chars;
text(Chars, #{width := none, precision := P} = Item) -> text_field(Chars, P, Item#{adjust := left});
text(Chars, #{width := W, precision := none} = Item) -> text_field(Chars, W, Item);
text(Chars, #{width := W, precision := P} = Item) when W > P ->
    padded(text_field(Chars, P, Item#{adjust := left}), W - P, Item);
text(Chars, #{width := W, precision := W} = Item) -> text_field(Chars, W, Item).

text_field(Chars, Width, Item) ->
    case io_lib:chars_length(Chars) of
        Length when Length > Width -> string:slice(Chars, 0, Width);
        Length -> padded(Chars, Width - Length, Item)
    end.

character(C, #{width := none, precision := none}) -> [C];
character(C, #{width := none, precision := P}) -> copies(C, P);
character(C, #{width := W, precision := none}) -> copies(C, W);
character(C, #{width := W, precision := P} = Item) when W >= P -> padded(copies(C, P), W - P, Item).

atom_to_latin1(Atom) ->
    Name = atom_to_list(Atom),
    true = io_lib:latin1_char_list(Name),
    Name.

%%% Integers

base(#{precision := none}) -> 10;
base(#{precision := Base}) when Base >= 2, Base =< 36 -> Base.

in_base(N, Item) -> integer_to_list(N, base(Item)).

prefix_text(Prefix) when is_atom(Prefix) -> atom_to_list(Prefix);
prefix_text(Prefix) ->
    true = io_lib:deep_char_list(Prefix),
    Prefix.

prefixed(N, Prefix, Case, Item) ->
    Chars = case Case(in_base(N, Item)) of
        [$- | Digits] -> [$-, Prefix | Digits];
        Digits -> [Prefix | Digits]
    end,
    field(Chars, no_precision(Item)).

%%% Floats

%% The shortest text that reads back as the same float.
-spec fwrite_g(float()) -> string().
fwrite_g(X) -> float_to_list(X, [short]).

scientific(X, #{precision := Precision} = Item) ->
    P = case Precision of
        none -> 6;
        N when N >= 2 -> N
    end,
    field(scientific_text(X, P), no_precision(Item)).

decimal(X, #{precision := Precision} = Item) ->
    P = case Precision of
        none -> 6;
        N when N >= 1 -> N
    end,
    field(decimal_text(X, P), no_precision(Item)).

%% As a decimal, if the value is between 0.1 and 10000 and there are digits enough for it.
general(X, #{precision := Precision} = Item) ->
    P = case Precision of
        none -> 6;
        N when N >= 1 -> N
    end,
    Exponent = magnitude(abs(X)),
    Chars = if
        P =< 1, Exponent =:= -1; P - 1 > Exponent, Exponent >= -1 ->
            decimal_text(X, P - 1 - Exponent);
        true ->
            scientific_text(X, max(P, 2))
    end,
    field(Chars, no_precision(Item)).

magnitude(X) when X < 0.1 -> -2;
magnitude(X) when X < 1.0 -> -1;
magnitude(X) when X < 10.0 -> 0;
magnitude(X) when X < 100.0 -> 1;
magnitude(X) when X < 1000.0 -> 2;
magnitude(X) when X < 10000.0 -> 3;
magnitude(_) -> 16#FFFFFF.

%% P significant digits.
scientific_text(X, P) ->
    {Sign, [First | Digits], E} = digits(X),
    case rounded([First | Digits], P) of
        {carry, [D | Ds]} -> [Sign, D, $., without_last(Ds) | exponent(E)];
        {ok, [D | Ds]} -> [Sign, D, $., Ds | exponent(E - 1)]
    end.

without_last(Digits) -> lists:droplast(Digits).

exponent(E) when E >= 0 -> [$e, $+ | integer_to_list(E)];
exponent(E) -> [$e | integer_to_list(E)].

%% P digits after the point.
decimal_text(X, P) ->
    {Sign, Digits, E} = digits(X),
    if
        E > 0 ->
            {Carry, Rounded} = rounded(Digits, E + P),
            point(Sign, Rounded, case Carry of carry -> E + 1; ok -> E end);
        E < -P ->
            [Sign, $0, $. | copies($0, P)];
        true ->
            %% Zeros between the point and the first digit, one before it.
            {_, Rounded} = rounded(copies($0, 1 - E) ++ Digits, P + 1),
            point(Sign, Rounded, 1)
    end.

point(Sign, Digits, E) ->
    {Whole, Fraction} = lists:split(E, Digits),
    [Sign, Whole, $. | Fraction].

%% X is 0.Digits times 10 to the power of E; Digits are about 20, more than a float can tell.
digits(X) ->
    case float_to_list(X, [{scientific, 20}]) of
        [$- | Chars] -> digits("-", Chars);
        Chars -> digits("", Chars)
    end.

digits(Sign, [First, $. | Chars]) ->
    {Digits, [$e | Exponent]} = lists:splitwith(fun(C) -> C =/= $e end, Chars),
    {Sign, [First | Digits], list_to_integer(Exponent) + 1}.

%% The first N digits, the last of them rounded; {carry, N + 1 digits} if that made one more.
rounded(Digits, N) ->
    case round_digits(Digits, N) of
        {1, Rounded} -> {carry, [$1 | Rounded]};
        {0, Rounded} -> {ok, Rounded}
    end.

round_digits([D | _], 0) when D >= $5 -> {1, []};
round_digits(_, 0) -> {0, []};
round_digits([D | Ds], N) ->
    case round_digits(Ds, N - 1) of
        {1, Rounded} when D =:= $9 -> {1, [$0 | Rounded]};
        {Carry, Rounded} -> {0, [D + Carry | Rounded]}
    end;
round_digits([], N) -> {0, copies($0, N)}.
