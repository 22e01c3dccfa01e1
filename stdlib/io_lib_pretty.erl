%% Pretty printing (~p, ~P). A term is a document, and a document is laid out from the outside in:
%% what fits into the room that is left of its line is written there, anything else is opened and
%% its parts are placed one by one.
%%
%% Usually nothing is measured before. A document is {term, Term}: whether that fits is found out by
%% having it written natively with the room as its limit (muster_format:fit/4), so that the work is
%% in proportion to the text. Where that does not do (a depth, a limit on the number of characters,
%% fields of records, an order of keys, characters beyond Latin-1) documents are measured:
%%
%%     {text, Length, Cut, Chars}            cannot be broken
%%     {bytes, Length, Cut, Chars}           a bitstring as numbers, broken between them
%%     {block, Length, Cut, Kind, Items}     Kind: list, tuple, tagged, map or {record, Length, Name}
%%     {pair, Length, Cut, Key, Value}       an association of a map
%%     {field, Length, Cut, {NameLength, Name}, Value}
%%
%% An item is a document, {tail, Document} at the end of an improper list, or {rest, Parts, Depth,
%% Each}: parts that are left out and shown as "...". Cut tells whether all is there: no; inside, if
%% something in it is left out; or {Term, Depth}: to show more, measure Term again with a greater
%% depth.
%%
%% A limit on the number of characters is spread over the whole term: the depth grows until the
%% limit is reached.
-module(io_lib_pretty).

-export([print/1, print/2, print/4, print/5, print/6]).
-export([line/5, associations/2, less/2]).

-define(LINE_LENGTH, 80).
-define(NO_LIMIT, 1 bsl 40).

%% How to write: a fun that knows the fields of records, encoding, whether strings are recognised,
%% the order of map keys.
-record(how, {fields, encoding, strings, order}).

%% Where to: the line length, the greatest number of characters besides indentation, by how much is
%% indented what stands under a tag (0: as far as the tag is long), whether columns too far to the
%% right are refused.
-record(page, {width, chars, hang, strict, how}).

-type fields_fun() :: no_fun | fun((atom(), non_neg_integer()) -> no | [atom()]).
-type option() ::
    {chars_limit, integer()} | {column, integer()} | {depth, integer()}
    | {encoding, latin1 | utf8 | unicode} | {line_length, pos_integer()}
    | {line_max_chars, integer()} | {record_print_fun, fields_fun()} | {strings, boolean()}
    | {maps_order, maps:iterator_order()}.

-spec print(term()) -> io_lib:chars().
print(Term) -> print(Term, 1, ?LINE_LENGTH, -1).

-spec print(term(), fields_fun() | [option()]) -> io_lib:chars().
print(Term, Options) when is_list(Options) ->
    Given = #{Key => Value || {Key, Value} <- lists:reverse(Options)},
    How = #how{fields = maps:get(record_print_fun, Given, no_fun),
               encoding = maps:get(encoding, Given, utf8),
               strings = maps:get(strings, Given, true),
               order = maps:get(maps_order, Given, undefined)},
    print(Term, maps:get(column, Given, 1), maps:get(line_length, Given, ?LINE_LENGTH),
          maps:get(depth, Given, -1), maps:get(line_max_chars, Given, -1),
          maps:get(chars_limit, Given, -1), How);
print(Term, Fields) ->
    print(Term, 1, ?LINE_LENGTH, -1, Fields).

-spec print(term(), integer(), integer(), integer()) -> io_lib:chars().
print(Term, Column, LineLength, Depth) -> print(Term, Column, LineLength, Depth, no_fun).

-spec print(term(), integer(), integer(), integer(), fields_fun()) -> io_lib:chars().
print(Term, Column, LineLength, Depth, Fields) ->
    print(Term, Column, LineLength, Depth, -1, Fields).

-spec print(term(), integer(), integer(), integer(), integer(), fields_fun()) -> io_lib:chars().
print(Term, Column, LineLength, Depth, MaxChars, Fields) ->
    How = #how{fields = Fields, encoding = latin1, strings = true, order = undefined},
    print(Term, Column, LineLength, Depth, MaxChars, -1, How).

print(_, _, _, Depth, _, Limit, _) when Depth =:= 0; Limit =:= 0 ->
    "...";
print(Term, Column, Width, Depth, MaxChars, Limit, How)
        when is_tuple(Term); is_list(Term); is_map(Term); is_bitstring(Term) ->
    Left = max(Column, 1),
    case fit(document(Term, Depth, Limit, How), all_room(Width), How) of
        {_, Length, Text} when Width =:= 0;
                               Length < Width - Left, MaxChars < 0 orelse Length =< MaxChars ->
            Text;
        {_, Length, _} ->
            Document = opened(document(Term, Depth, Limit, How), How),
            broken(Document, Left, page(Width, Length, MaxChars, How));
        {broken, Document} ->
            broken(Document, Left, page(Width, ?NO_LIMIT, MaxChars, How))
    end;
print(Atom, _, _, _, _, _, How) when is_atom(Atom) ->
    atom(Atom, How#how.encoding);
print(Term, _, _, _, _, _, _) ->
    io_lib:write(Term).

%% More than a line can take by so much that the whole length does not limit any line.
all_room(0) -> ?NO_LIMIT;
all_room(Width) -> 2 * Width + 20.

page(Width, Length, MaxChars, How) ->
    Chars = case MaxChars < 0 of
        true -> Length;
        false -> MaxChars
    end,
    #page{width = Width, chars = Chars, how = How}.

%% A term in one line, with a limit on the number of characters.
-spec line(term(), integer(), pos_integer(), atom(), maps:iterator_order() | undefined) ->
    io_lib:chars().
line(Term, Depth, Limit, Encoding, Order) ->
    How = #how{fields = no_fun, encoding = Encoding, strings = false, order = Order},
    text(measured(Term, Depth, Limit, How)).

%%% Documents

document(Term, Depth, Limit, #how{fields = no_fun, order = undefined} = How) ->
    case (Depth < 0 orelse muster_format:within(Term, Depth)) andalso keeps_to(Limit, Term, How) of
        true -> {term, Term};
        false -> measured(Term, Depth, Limit, How)
    end;
document(Term, Depth, Limit, How) ->
    measured(Term, Depth, Limit, How).

%% Whether a limit does not matter. Where something is left out a term can be longer than in full, but
%% not twice as long.
keeps_to(Limit, _, _) when Limit < 0 -> true;
keeps_to(Limit, Term, #how{encoding = Encoding, strings = Strings}) ->
    is_tuple(muster_format:fit(Term, Limit div 2, Encoding =:= latin1, Strings)).

%% {simple | whole, Length, Chars}, if the document takes at most Room characters; simple: nothing
%% in it could be broken. Else {broken, Document}, opened.
fit({pair, _, _, Key, Value} = Pair, Room, How) ->
    case fit(Key, Room - 4, How) of
        {KeyIs, KeyLength, KeyText} ->
            case fit(Value, Room - 4 - KeyLength, How) of
                {ValueIs, Length, Text} ->
                    {both(KeyIs, ValueIs), KeyLength + 4 + Length, [KeyText, " => " | Text]};
                _ -> {broken, Pair}
            end;
        _ -> {broken, Pair}
    end;
fit({term, Term} = Document, Room, #how{encoding = Encoding, strings = Strings} = How) ->
    case muster_format:fit(Term, Room, Encoding =:= latin1, Strings) of
        {_, _, _} = Fits -> Fits;
        false -> {broken, opened(Document, How)};
        unknown -> fit(measure(Term, -1, -1, How), Room, How)
    end;
fit(Document, Room, _) when element(2, Document) =< Room ->
    {case is_simple(Document) of true -> simple; false -> whole end, element(2, Document),
     text(Document)};
fit(Document, _, _) ->
    {broken, Document}.

both(simple, simple) -> simple;
both(_, _) -> whole.

is_simple({text, _, _, _}) -> true;
is_simple({field, _, _, _, Value}) -> is_simple(Value);
is_simple({pair, _, _, Key, Value}) -> is_simple(Key) andalso is_simple(Value);
is_simple(_) -> false.

%% A document whose parts can be seen.
opened({term, [_ | _] = List}, How) ->
    case How#how.strings andalso printable(List, How#how.encoding) of
        true -> measure(List, -1, -1, How);
        false -> {block, unknown, no, list, list_items(List)}
    end;
opened({term, Tuple}, _) when is_tuple(Tuple), Tuple =/= {} ->
    {block, unknown, no, tuple_kind(Tuple), [{term, E} || E <- tuple_to_list(Tuple)]};
opened({term, Map}, _) when is_map(Map), map_size(Map) > 0 ->
    Pairs = associations(Map, undefined),
    {block, unknown, no, map, [{pair, unknown, no, {term, K}, {term, V}} || {K, V} <- Pairs]};
opened({term, Term}, How) ->
    measure(Term, -1, -1, How);
opened(Document, _) ->
    Document.

list_items([Term | Terms]) -> [{term, Term} | list_items(Terms)];
list_items([]) -> [];
list_items(Tail) -> [{tail, {term, Tail}}].

tuple_kind(Tuple) when tuple_size(Tuple) > 1, is_atom(element(1, Tuple)) -> tagged;
tuple_kind(_) -> tuple.

%% The associations of a map in printing order.
-spec associations(map(), maps:iterator_order() | undefined) -> [{term(), term()}].
associations(Map, undefined) -> maps:to_list(Map);
associations(Map, Order) -> maps:to_list(maps:iterator(Map, Order)).

%%% Layout

%% What stands under a tag starts where the tag ends, if that is not too far to the right; else four
%% columns further in than the tag; else one.
broken(Document, Column, Page) ->
    Indent = blanks(Column - 1, ""),
    Try = fun(Hang) ->
        try broken(Document, Column, Indent, 0, 0, Page#page{hang = Hang, strict = true})
        catch throw:too_far_right -> too_far_right
        end
    end,
    case Try(0) of
        too_far_right ->
            case Try(4) of
                too_far_right ->
                    broken(Document, Column, Indent, 0, 0, Page#page{hang = 1, strict = false});
                Text -> Text
            end;
        Text -> Text
    end.

%% Column: where the document starts. Indent: the blanks before that column. Closing: how many
%% brackets are closed after it on its last line. Used: characters besides blanks before it on its
%% line.
broken({text, _, _, Chars}, _, _, _, _, _) ->
    Chars;
broken({bytes, _, _, ["<<", Bytes, ">>"]}, Column, Indent, Closing, Used, Page) ->
    #page{width = Width, chars = Most} = Page,
    Room = max(8, min(Width - Column - 2, Most - 4 - Used) - Closing),
    ["<<", fill(Bytes, Room, Room, [$\n | blanks(2, Indent)]), ">>"];
broken({pair, _, _, Key, Value}, Column, Indent, Closing, Used, Page) ->
    By = case Page#page.hang of
        0 -> 4;
        Hang -> Hang
    end,
    Further = blanks(By, Indent),
    {KeyText, _} = placed(Key, Column, Indent, Closing, Used, Page),
    {Text, _} = placed(Value, Column + By, Further, Closing, 0, Page),
    [KeyText, " =>\n", Further | Text];
broken({field, _, _, {Length, Name}, Value}, Column, Indent, Closing, Used, Page) ->
    {By, Break, Used1} = hanging(Length + 3, Column, Indent, Used + Length + 3, Page),
    {Text, _} = placed(Value, Column + By, blanks(By, Indent), Closing, Used1, Page),
    [Name, case Break of "" -> " = "; _ -> [" =" | Break] end | Text];
broken({block, _, _, list, Items}, Column, Indent, Closing, Used, Page) ->
    [$[, items(Items, Column + 1, blanks(1, Indent), Closing, Used + 1, Used + 1, Page), $]];
broken({block, _, _, tuple, Items}, Column, Indent, Closing, Used, Page) ->
    [${, items(Items, Column + 1, blanks(1, Indent), Closing, Used + 1, Used + 1, Page), $}];
broken({block, _, _, map, Items}, Column, Indent, Closing, Used, Page) ->
    %% What stands before a map on its line counts for the first association only, "#{" as one.
    ["#{", items(Items, Column + 2, blanks(2, Indent), Closing, Used + 1, 0, Page), $}];
broken({block, _, _, tagged, [{rest, _, _, _}]}, _, _, _, _, _) ->
    "{...}";
broken({block, _, _, tagged, [Tag | Items]}, Column, Indent, Closing, Used, Page) ->
    {_, Length, Name} = fit(Tag, ?NO_LIMIT, Page#page.how),
    case Page#page.hang of
        Hang when Hang > 0, Length + 2 > Hang ->
            check_column(Column + Hang, Page),
            [${, Name, more(Items, Column + Hang, blanks(Hang, Indent), Closing,
                            Column + Length + 2, Used + 1 + Length, Page), $}];
        _ ->
            check_column(Column + Length + 3, Page),
            Used1 = Used + Length + 2,
            [${, Name, $,, items(Items, Column + Length + 2, blanks(Length + 2, Indent), Closing,
                                 Used1, Used1, Page), $}]
    end;
broken({block, _, _, {record, _, Name}, [{rest, _, _, _}]}, _, _, _, _, _) ->
    [Name, "{...}"];
broken({block, _, _, {record, _, Name}, []}, _, _, _, _, _) ->
    [Name, "{}"];
broken({block, _, _, {record, Length, Name}, Items}, Column, Indent, Closing, Used, Page) ->
    {By, Break, Used1} = hanging(Length + 1, Column, Indent, Used + Length + 1, Page),
    [Name, ${, Break,
     items(Items, Column + By, blanks(By, Indent), Closing, Used1, Used1, Page), $}].

%% What follows a name of that length: by how many columns it is indented, the line break, and how
%% many characters are before it then.
hanging(Length, Column, Indent, Used, #page{hang = Hang} = Page) ->
    case Hang > 0 andalso Length > Hang of
        true ->
            check_column(Column + Hang, Page),
            {Hang, [$\n | blanks(Hang, Indent)], 0};
        false ->
            check_column(Column + Length, Page),
            {Length, "", Used}
    end.

check_column(Column, #page{strict = true, width = Width, chars = Chars})
        when Chars + Column > Width, Column > Width div 2 ->
    throw(too_far_right);
check_column(_, _) ->
    ok.

%% A document somewhere, with the length that its last line counts for: after something that could
%% be broken comes a new line always, so it fills its line.
placed(Document, Column, Indent, Closing, Used, #page{width = Width, how = How} = Page) ->
    case fit(Document, room(Column, Closing, Used, Page), How) of
        {simple, Length, Text} -> {Text, Length};
        {whole, _, Text} -> {Text, Width};
        {broken, Open} -> {broken(Open, Column, Indent, Closing, Used, Page), Width}
    end.

room(Column, Closing, Used, #page{width = Width, chars = Chars}) ->
    min(Width - Column - Closing - 1, Chars - Used - Closing).

%% Items of a block, the first one at Column. Before: the characters that count before the second.
items([Rest], _, _, _, _, _, _) when element(1, Rest) =:= rest; element(1, Rest) =:= tail ->
    "...";
items([Item | Items], Column, Indent, Closing, Used, Before, Page) ->
    {Text, Length} = placed(Item, Column, Indent, closing(Items, Closing), Used, Page),
    [Text | more(Items, Column, Indent, Closing, Column + Length, Before + Length, Page)].

%% The other items: on the same line, which has come to column At, if nothing in them could be
%% broken and there is room; else on a line of their own.
more([], _, _, _, _, _, _) ->
    [];
more([{rest, _, _, _}], _, _, _, _, _, _) ->
    [$, | "..."];
more([{tail, {rest, _, _, _}}], _, _, _, _, _, _) ->
    [$| | "..."];
more([{tail, Item}], Column, Indent, Closing, At, Used, Page) ->
    more_1($|, Item, [], Column, Indent, Closing, At, Used, Page);
more([Item | Items], Column, Indent, Closing, At, Used, Page) ->
    more_1($,, Item, Items, Column, Indent, Closing, At, Used, Page).

more_1(Separator, Item, Items, Column, Indent, Closing0, At, Used, #page{width = Width} = Page) ->
    Closing = closing(Items, Closing0),
    case fit(Item, room(Column, Closing, 0, Page), Page#page.how) of
        {simple, Length, Text} ->
            %% The separator before it, and one or the brackets after it.
            case Length < room(At, max(Closing, 1), Used, Page) of
                true ->
                    [Separator, Text
                     | more(Items, Column, Indent, Closing0, At + 1 + Length, Used + 1 + Length,
                            Page)];
                false ->
                    [Separator, $\n, Indent, Text
                     | more(Items, Column, Indent, Closing0, Column + Length, Length, Page)]
            end;
        {whole, _, Text} ->
            [Separator, $\n, Indent, Text
             | more(Items, Column, Indent, Closing0, Column + Width, Width, Page)];
        {broken, Open} ->
            [Separator, $\n, Indent, broken(Open, Column, Indent, Closing, 0, Page)
             | more(Items, Column, Indent, Closing0, Column + Width, Width, Page)]
    end.

%% How many brackets are closed after an item: the block's own comes if nothing else is to follow.
closing([Item | _], _) when element(1, Item) =/= tail, element(1, Item) =/= rest -> 0;
closing(_, Closing) -> Closing + 1.

%% Numbers and their commas; one that does not fit begins a line of Line characters.
fill([Byte, $, | Bytes], Room, Line, Break) ->
    case Room - length(Byte) - 1 of
        Left when Left >= 0 -> [Byte, $, | fill(Bytes, Left, Line, Break)];
        _ -> [Break, Byte, $, | fill(Bytes, Line - length(Byte) - 1, Line, Break)]
    end;
fill(Last, Room, _, Break) ->
    case iolist_size(Last) > Room of
        true -> [Break | Last];
        false -> Last
    end.

blanks(N, Tail) when N >= 8 -> blanks(N - 8, "        " ++ Tail);
blanks(N, Tail) when N > 0 -> blanks(N - 1, [$\s | Tail]);
blanks(_, Tail) -> Tail.

%%% A measured document on one line

text({text, _, _, Chars}) -> Chars;
text({bytes, _, _, Chars}) -> Chars;
text({pair, _, _, Key, Value}) -> [text(Key), " => " | text(Value)];
text({field, _, _, {_, Name}, Value}) -> [Name, " = " | text(Value)];
text({rest, _, _, _}) -> "...";
text({block, _, _, list, Items}) -> [$[, texts(Items), $]];
text({block, _, _, map, Items}) -> ["#{", texts(Items), $}];
text({block, _, _, {record, _, Name}, Items}) -> [Name, ${, texts(Items), $}];
text({block, _, _, _, Items}) -> [${, texts(Items), $}].

texts([]) -> [];
texts([{tail, Item}]) -> text(Item);
texts([Item]) -> text(Item);
texts([Item, {tail, Last}]) -> [text(Item), $| | text(Last)];
texts([Item | Items]) -> [text(Item), $, | texts(Items)].

%%% Measuring
%%
%% Limit: how many characters may be used, negative if any number may.

measured(Term, Depth, Limit, How) when Limit < 0 ->
    measure(Term, Depth, Limit, How);
measured(Term, Depth, Limit, How) ->
    Document = measure(Term, 1, Limit, How),
    case settled(Document, Limit) orelse Depth =:= 1 of
        true -> Document;
        false -> deepen(Document, 1, 4, Depth, Limit, How)
    end.

%% Nothing is left out, or the limit is passed.
settled(Document, Limit) -> element(3, Document) =:= no orelse element(2, Document) > Limit.

%% Document has depth D and keeps to the limit: goes deeper in growing steps until it does not. The
%% greatest depth that does is between the last two.
deepen(Document, D, Step, Depth, Limit, How) ->
    Goal = if
        Depth < 0 -> D + Step;
        true -> min(D + Step, Depth)
    end,
    Deeper = grown(Document, Goal - D, Limit, How),
    case settled(Deeper, Limit) of
        true when element(3, Deeper) =:= no -> Deeper;
        true -> narrow(Document, D, Deeper, Goal, Limit, How);
        false when Goal =:= Depth -> Deeper;
        false -> deepen(Deeper, Goal, 2 * Step, Depth, Limit, How)
    end.

%% Bisection. Where no depth hits the limit, the next deeper document is the answer: it has used the
%% limit up.
narrow(Within, D, Beyond, D1, Limit, _) when D1 - D =:= 1 ->
    case element(2, Within) =:= Limit of
        true -> Within;
        false -> Beyond
    end;
narrow(Within, D, Beyond, D1, Limit, How) ->
    Middle = (D + D1) div 2,
    Document = grown(Within, Middle - D, Limit, How),
    case element(2, Document) > Limit of
        true -> narrow(Within, D, Document, Middle, Limit, How);
        false -> narrow(Document, Middle, Beyond, D1, Limit, How)
    end.

%% A limit after Chars characters.
-spec less(integer(), non_neg_integer()) -> integer().
less(Limit, Chars) when Limit >= 0 -> max(Limit - Chars, 0);
less(Limit, _) -> Limit.

leaf(Chars) -> {text, io_lib:chars_length(Chars), no, Chars}.

measure(Term, 1, _, _) when is_tuple(Term), Term =/= {} -> {text, 5, {Term, 1}, "{...}"};
measure(Term, 1, _, _) when is_map(Term), map_size(Term) > 0 -> {text, 6, {Term, 1}, "#{...}"};
measure(Term, 1, _, _) when is_bitstring(Term), Term =/= <<>> -> {text, 7, {Term, 1}, "<<...>>"};
measure([_ | _] = List, D, Limit, How) ->
    case shown_as_string(List, D, Limit, How) of
        false -> measure_list(List, D, Limit, How);
        Chars -> leaf(Chars)
    end;
measure(Tuple, D, Limit, How) when is_tuple(Tuple), Tuple =/= {} ->
    case field_names(Tuple, How#how.fields) of
        no ->
            block(tuple_kind(Tuple),
                  measure_items(tuple_to_list(Tuple), D, elements, less(Limit, 2), How));
        Names ->
            [Tag | Values] = tuple_to_list(Tuple),
            Name = [$# | atom(Tag, How#how.encoding)],
            Length = io_lib:chars_length(Name),
            Fields = lists:zipwith(fun(N, V) -> {field, N, V} end, Names, Values),
            block({record, Length, Name},
                  measure_items(Fields, D - 1, fields, less(Limit, Length + 2), How))
    end;
measure(Map, D, Limit, How) when is_map(Map), map_size(Map) > 0 ->
    %% All have the same depth, though fewer of them are shown: the order of keys means nothing.
    Pairs = associations(Map, How#how.order),
    block(map, measure_items(Pairs, D, D - 1, less(Limit, 3), How));
measure(Bits, D, Limit, How) when is_bitstring(Bits), Bits =/= <<>> ->
    measure_bits(Bits, D, Limit, How);
measure(Atom, _, _, How) when is_atom(Atom) -> leaf(atom(Atom, How#how.encoding));
measure(N, _, _, _) when is_integer(N) ->
    Digits = integer_to_list(N),
    {text, length(Digits), no, Digits};
measure(Term, _, _, _) -> leaf(io_lib:write(Term)).

measure_list(List, D, Limit, How) ->
    case block(list, measure_items(List, D, list, less(Limit, 2), How)) of
        {block, Length, inside, list, Items} -> {block, Length, {List, D}, list, Items};
        Block -> Block
    end.

%% Parts: terms, perhaps with a tail, {Key, Value} or {field, Name, Value}. Each: the depth of each
%% of them (of a map), or list, elements, fields: it goes down with the place.
measure_items([], _, _, _, _) ->
    [];
measure_items(Parts, D, list, Limit, _) when D =:= 1; Limit =:= 0 ->
    [{tail, {rest, Parts, D, list}}];
measure_items(Parts, D, Each, Limit, _) when D =:= 1; Limit =:= 0 ->
    [{rest, Parts, D, Each}];
measure_items([Part], D, Each, Limit, How) ->
    [measure_part(Part, D, Each, Limit, How)];
measure_items([Part | Parts], D, Each, Limit, How) ->
    Item = measure_part(Part, D, Each, less(Limit, 1), How),
    [Item | measure_items(Parts, D - 1, Each, less(Limit, 1 + element(2, Item)), How)];
measure_items(Tail, D, list, Limit, How) ->
    [{tail, measure_part(Tail, D, list, Limit, How)}].

measure_part({K, V}, _, D, Limit, How) when is_integer(D) ->
    Key = measure(K, D, Limit, How),
    pair(Key, measure(V, D, less(Limit, element(2, Key) + 4), How));
measure_part({field, N, V}, D, fields, Limit, How) ->
    Text = atom(N, How#how.encoding),
    Length = io_lib:chars_length(Text),
    field({Length, Text}, measure(V, D - 1, less(Limit, Length + 3), How));
measure_part(Term, D, _, Limit, How) ->
    measure(Term, D - 1, Limit, How).

pair(Key, Value) ->
    Cut = case {element(3, Key), element(3, Value)} of
        {no, no} -> no;
        _ -> inside
    end,
    {pair, element(2, Key) + 4 + element(2, Value), Cut, Key, Value}.

field({Length, _} = Name, Value) ->
    Cut = case element(3, Value) of
        no -> no;
        _ -> inside
    end,
    {field, Length + 3 + element(2, Value), Cut, Name, Value}.

block(Kind, Items) ->
    {Length, Cut} = items_length(Items, brackets(Kind), no),
    {block, Length, Cut, Kind, Items}.

brackets(map) -> 3;
brackets({record, Length, _}) -> Length + 2;
brackets(_) -> 2.

items_length([{tail, Item}], Sum, Cut) -> items_length([Item], Sum, Cut);
items_length([{rest, _, _, _}], Sum, _) -> {Sum + 3, inside};
items_length([Item | Items], Sum0, Cut0) ->
    Sum = Sum0 + element(2, Item),
    Cut = case element(3, Item) of
        no -> Cut0;
        _ -> inside
    end,
    case Items of
        [] -> {Sum, Cut};
        _ -> items_length(Items, Sum + 1, Cut)
    end;
items_length([], Sum, Cut) -> {Sum, Cut}.

%% The same By levels deeper. What is complete stays as it is; a list is measured anew.
grown(Document, _, _, _) when element(3, Document) =:= no -> Document;
grown({block, _, inside, Kind, Items}, By, Limit, How) ->
    block(Kind, grown_items(Items, By, less(Limit, brackets(Kind)), How));
grown({pair, _, _, Key0, Value}, By, Limit, How) ->
    Key = grown(Key0, By, less(Limit, 1), How),
    pair(Key, grown(Value, By, less(Limit, element(2, Key) + 4), How));
grown({field, _, _, {Length, _} = Name, Value}, By, Limit, How) ->
    field(Name, grown(Value, By, less(Limit, Length + 3), How));
grown(Document, By, Limit, How) ->
    {Term, D} = element(3, Document),
    measure(Term, D + By, Limit, How).

grown_items([], _, _, _) ->
    [];
grown_items([{rest, Parts, D, Each}], By, Limit, How) ->
    measure_items(Parts, D + By, Each, Limit, How);
grown_items([Item], By, Limit, How) ->
    [grown(Item, By, Limit, How)];
grown_items([Item0 | Items], By, Limit, How) ->
    Item = grown(Item0, By, less(Limit, 1), How),
    [Item | grown_items(Items, By, less(Limit, 1 + element(2, Item)), How)].

%%% Leaves

field_names(Tuple, Fields) when is_function(Fields, 2), is_atom(element(1, Tuple)) ->
    Fields(element(1, Tuple), tuple_size(Tuple) - 1);
field_names(_, _) ->
    no.

atom(Atom, latin1) -> io_lib:write_atom_as_latin1(Atom);
atom(Atom, _) -> io_lib:write_atom(Atom).

string(Chars, latin1) -> io_lib:write_latin1_string(Chars);
string(Chars, _) -> io_lib:write_string(Chars).

printable(List, latin1) -> io_lib:printable_latin1_list(List);
printable(List, _) -> io_lib:printable_list(List).

%% The text of a list that is a string, or of as much of it as the limit allows.
shown_as_string(_, 1, _, _) ->
    false;
shown_as_string(_, _, _, #how{strings = false}) ->
    false;
shown_as_string(List, _, Limit, #how{encoding = Encoding}) ->
    {Shown, Dots} = case beginning(List, less(Limit, 2), Encoding) of
        all -> {List, ""};
        Beginning -> {Beginning, "..."}
    end,
    case Shown =/= none andalso printable(Shown, Encoding) of
        true when Dots =:= "" -> string(Shown, Encoding);
        true -> [string(Shown, Encoding) | Dots];
        false -> false
    end.

%% At most N characters, none if not even one could be shown, or all. What is no text is looked at
%% as a whole.
beginning(_, N, _) when N < 0 ->
    all;
beginning(List, N, latin1) ->
    try lists:split(N, List) of
        {_, []} -> all;
        {Beginning, _} -> Beginning
    catch
        error:_ -> all
    end;
beginning(List, N, _) ->
    try
        Beginning = string:slice(List, 0, N),
        Rest = lists:nthtail(length(Beginning), List),
        case lists:prefix(Beginning, List) andalso string:length(Beginning) =:= N of
            true when Rest =:= [] -> all;
            true when Beginning =:= [] -> none;
            true -> Beginning;
            false -> all
        end
    catch
        error:_ -> all
    end.

measure_bits(Bits, D, Limit, #how{strings = true, encoding = Encoding}) when is_binary(Bits) ->
    case bytes_as_text(Bits, D - 1, less(Limit, 6), Encoding) of
        {all, Text, Type} ->
            leaf(["<<", io_lib:write_string(Text), Type, ">>"]);
        {some, Text, Type} ->
            Chars = ["<<", io_lib:write_string(Text), Type, "...>>"],
            {text, io_lib:chars_length(Chars), {Bits, D}, Chars};
        none ->
            measure_bytes(Bits, D, Limit)
    end;
measure_bits(Bits, D, Limit, _) ->
    measure_bytes(Bits, D, Limit).

measure_bytes(Bits, D, Limit) ->
    {Chars, Rest} = io_lib:write_binary(Bits, D, Limit),
    Cut = case Rest of
        <<>> -> no;
        _ -> {Bits, D}
    end,
    {bytes, iolist_size(Chars), Cut, Chars}.

%% Each level of depth shows four characters. A beginning is shown if it has as many characters as
%% there are levels.
bytes_as_text(Bin, D, Limit, Encoding) ->
    Size = byte_size(Bin),
    Most = lists:min([Size | [4 * D || D >= 0] ++ [Limit || Limit >= 0]]),
    Utf8 = Encoding =/= latin1 andalso utf8(Bin, Most, []),
    if
        Most =:= 0 ->
            none;
        Utf8 =:= false ->
            <<Head:Most/binary, _/binary>> = Bin,
            Bytes = binary_to_list(Head),
            Text = lists:takewhile(fun latin1_printable/1, Bytes),
            case length(Text) of
                Size -> {all, Text, ""};
                Most when Most =< 20 -> {some, Text, ""};
                N when D > 0, N >= D -> {some, Text, ""};
                _ -> none
            end;
        true ->
            {Chars, Complete} = Utf8,
            Text = lists:takewhile(fun(C) -> io_lib:printable_list([C]) end, Chars),
            N = length(Text),
            Type = case lists:all(fun(C) -> C < 128 end, Text) of
                true -> "";
                false -> "/utf8"
            end,
            if
                Complete, N =:= length(Chars) -> {all, Text, Type};
                D > 0, N >= D -> {some, Text, Type};
                true -> none
            end
    end.

latin1_printable(C) -> io_lib:printable_latin1_list([C]).

%% The first N characters and whether these are all, or false.
utf8(Rest, 0, Chars) -> {lists:reverse(Chars), Rest =:= <<>>};
utf8(<<C/utf8, Rest/binary>>, N, Chars) -> utf8(Rest, N - 1, [C | Chars]);
utf8(<<>>, _, Chars) -> {lists:reverse(Chars), true};
utf8(_, _, _) -> false.
