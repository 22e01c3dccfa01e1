%% Pretty printing (~p, ~P): a term is first measured, giving a tree of nodes with their lengths on
%% one line; what does not fit on a line is then broken, from the outside in.
%%
%% A node is a tuple whose second and third elements are its length and the number of characters in
%% it that stand for something left out ("..."):
%%
%%     {text, Length, Dots, Chars, Resume}       cannot be broken
%%     {bytes, Length, Dots, Chars, Resume}      a bitstring as numbers, broken between them
%%     {list, Length, Dots, Nodes, Resume}       Nodes: a list, improper as the printed list is
%%     {tuple | tagged, Length, Dots, Nodes}     tagged: the first of several elements is an atom
%%     {map, Length, Dots, Pairs}, {pair, Length, Dots, Key, Value}
%%     {record, Length, Dots, Name, Fields}, {field, Length, Dots, Name, Value}
%%
%% Resume is none, or says how to measure the same once more with a greater depth. That is what a
%% limit on the number of characters needs: the depth is raised until the limit is reached, so that
%% the characters are spread over the whole term instead of being spent on its beginning.
-module(io_lib_pretty).

-export([print/1, print/2, print/4, print/5, print/6]).
-export([intermediate/6, intermediate/7, write/1, associations/2, less/2]).

-define(LINE_LENGTH, 80).
-define(BYTES_PER_LEVEL, 4).

%% How to measure: a fun that knows record fields, encoding, whether strings are recognised, the
%% order of map keys.
-record(how, {fields, encoding, strings, order}).

%% How to break: the line length, the greatest number of characters besides indentation, the
%% indentation after a tag (none, if not positive), and whether columns too far to the right mean
%% that another indentation is wanted.
-record(page, {width, chars, tag, strict}).

-type fields_fun() :: no_fun | fun((atom(), non_neg_integer()) -> no | [atom()]).
-type option() ::
    {chars_limit, integer()} | {column, integer()} | {depth, integer()}
    | {encoding, latin1 | utf8 | unicode} | {line_length, pos_integer()}
    | {line_max_chars, integer()} | {record_print_fun, fields_fun()} | {strings, boolean()}
    | {maps_order, maps:iterator_order()}.
-type layout_node() :: tuple().

-spec print(term()) -> io_lib:chars().
print(Term) -> print(Term, 1, ?LINE_LENGTH, -1).

-spec print(term(), fields_fun() | [option()]) -> io_lib:chars().
print(Term, Options) when is_list(Options) ->
    Get = fun(Key, Default) ->
        case lists:keyfind(Key, 1, Options) of
            {_, Value} -> Value;
            false -> Default
        end
    end,
    How = #how{fields = Get(record_print_fun, no_fun), encoding = Get(encoding, utf8),
               strings = Get(strings, true), order = Get(maps_order, undefined)},
    print(Term, Get(column, 1), Get(line_length, ?LINE_LENGTH), Get(depth, -1),
          Get(line_max_chars, -1), Get(chars_limit, -1), How);
print(Term, Fields) ->
    print(Term, -1, Fields).

print(Term, Depth, Fields) ->
    print(Term, 1, ?LINE_LENGTH, Depth, Fields).

-spec print(term(), integer(), integer(), integer()) -> io_lib:chars().
print(Term, Column, LineLength, Depth) ->
    print(Term, Column, LineLength, Depth, no_fun).

-spec print(term(), integer(), integer(), integer(), fields_fun()) -> io_lib:chars().
print(Term, Column, LineLength, Depth, Fields) ->
    print(Term, Column, LineLength, Depth, -1, Fields).

-spec print(term(), integer(), integer(), integer(), integer(), fields_fun()) -> io_lib:chars().
print(Term, Column, LineLength, Depth, MaxChars, Fields) ->
    How = #how{fields = Fields, encoding = latin1, strings = true, order = undefined},
    print(Term, Column, LineLength, Depth, MaxChars, -1, How).

print(_, _, _, 0, _, _, _) -> "...";
print(_, _, _, _, _, 0, _) -> "...";
print(Term, Column, LineLength, Depth, MaxChars, Limit, How) when Column =< 0 ->
    print(Term, 1, LineLength, Depth, MaxChars, Limit, How);
print(Atom, _, _, _, _, _, How) when is_atom(Atom) ->
    write_atom(Atom, How#how.encoding);
print(Term, Column, LineLength, Depth, MaxChars, Limit, How)
        when is_tuple(Term); is_list(Term); is_map(Term); is_bitstring(Term) ->
    Node = measure_limited(Term, Depth, Limit, How),
    Length = element(2, Node),
    Chars = if
        MaxChars < 0 -> Length;
        true -> MaxChars
    end,
    if
        LineLength =:= 0 -> write(Node);
        Length < LineLength - Column, Length =< Chars -> write(Node);
        true -> break(Node, Column, #page{width = LineLength, chars = Chars, strict = true}, [-1, 4])
    end;
print(Term, _, _, _, _, _, _) ->
    io_lib:write(Term).

%% Elements of a tagged tuple stand under the first one, if that is not too far to the right; else
%% by four columns under the brace; else by one.
break(Node, Column, Page, [Tag | Tags]) ->
    try place(Node, Column, Page#page{tag = Tag}, indent(Column - 1, ""), 0, 0)
    catch throw:too_far_right -> break(Node, Column, Page, Tags)
    end;
break(Node, Column, Page, []) ->
    place(Node, Column, Page#page{tag = 1, strict = false}, indent(Column - 1, ""), 0, 0).

%%% Measuring under a limit

-spec intermediate(term(), integer(), pos_integer(), fields_fun(), atom(), boolean()) ->
    layout_node().
intermediate(Term, Depth, Limit, Fields, Encoding, Strings) ->
    intermediate(Term, Depth, Limit, Fields, Encoding, Strings, undefined).

-spec intermediate(term(), integer(), pos_integer(), fields_fun(), atom(), boolean(),
                   maps:iterator_order()) -> layout_node().
intermediate(Term, Depth, Limit, Fields, Encoding, Strings, Order) ->
    How = #how{fields = Fields, encoding = Encoding, strings = Strings, order = Order},
    measure_limited(Term, Depth, Limit, How).

measure_limited(Term, Depth, Limit, How) when Limit < 0 ->
    measure(Term, Depth, Limit, How);
measure_limited(Term, Depth, Limit, How) ->
    Node = measure(Term, 1, Limit, How),
    if
        element(3, Node) =:= 0; element(2, Node) > Limit; Depth =:= 1 -> Node;
        true -> deepen(Node, Limit, 1, 2, Depth, How)
    end.

%% Node has depth D and fits: goes deeper by doubling steps until it does not.
deepen(Node, Limit, D, Step0, Depth, How) ->
    Step = Step0 * 2,
    D1 = if
        Depth < 0 -> D + Step;
        true -> min(D + Step, Depth)
    end,
    case expand(Node, Limit, D1 - D, How) of
        Deeper when element(3, Deeper) =:= 0 -> Deeper;
        Deeper when element(2, Deeper) > Limit -> search(Node, Deeper, Limit, D, D1, How);
        Deeper when D1 =:= Depth -> Deeper;
        Deeper -> deepen(Deeper, Limit, D1, Step, Depth, How)
    end.

%% Low of depth D fits, High of depth D1 does not.
search(Low, High, Limit, D, D1, _) when D1 - D =:= 1 ->
    case element(2, Low) of
        Limit -> Low;
        _ -> High
    end;
search(Low, High, Limit, D, D1, How) ->
    Middle = (D + D1) div 2,
    case expand(Low, Limit, Middle - D, How) of
        Node when element(2, Node) > Limit -> search(Low, Node, Limit, D, Middle, How);
        Node -> search(Node, High, Limit, Middle, D1, How)
    end.

%%% Measuring. Limit: how many characters may be used, negative if any number may.

%% A limit after Chars characters.
-spec less(integer(), non_neg_integer()) -> integer().
less(Limit, _) when Limit < 0 -> Limit;
less(Limit, Chars) when Limit >= Chars -> Limit - Chars;
less(_, _) -> 0.

text(Chars) -> {text, io_lib:chars_length(Chars), 0, Chars, none}.

%% Stands for something that was left out.
cut(Chars, Resume) -> {text, length(Chars), 3, Chars, Resume}.

measure([], _, _, _) -> {text, 2, 0, "[]", none};
measure({}, _, _, _) -> {text, 2, 0, "{}", none};
measure(<<>>, _, _, _) -> {text, 4, 0, "<<>>", none};
measure(Atom, _, _, How) when is_atom(Atom) -> text(write_atom(Atom, How#how.encoding));
measure(N, _, _, _) when is_integer(N) ->
    Chars = integer_to_list(N),
    {text, length(Chars), 0, Chars, none};
measure([_ | _] = List, D, Limit, How) ->
    case How#how.strings andalso printable(List, D, Limit, How#how.encoding) of
        true ->
            text(write_string(List, How#how.encoding));
        {true, Prefix} ->
            %% No dots: more depth would not make the prefix longer.
            text([write_string(Prefix, How#how.encoding) | "..."]);
        false ->
            case measure_list(List, D, Limit, How) of
                {Kind, Length, Dots, Content, _} when Dots > 0 ->
                    {Kind, Length, Dots, Content, {term, List, D}};
                Node -> Node
            end
    end;
measure(Tuple, D, Limit, How) when is_tuple(Tuple) -> measure_tuple(Tuple, D, Limit, How);
measure(Map, _, _, _) when is_map(Map), map_size(Map) =:= 0 -> {text, 3, 0, "#{}", none};
measure(Map, 1, _, _) when is_map(Map) -> cut("#{...}", {term, Map, 1});
measure(Map, D, Limit, How) when is_map(Map) ->
    Pairs = associations(Map, How#how.order),
    Nodes = measure_pairs(Pairs, D, D - 1, less(Limit, 3), How),
    {map, nodes_length(Nodes, 3), nodes_dots(Nodes), Nodes};
measure(Bits, 1, _, _) when is_bitstring(Bits) -> cut("<<...>>", {term, Bits, 1});
measure(Bits, D, Limit, How) when is_bitstring(Bits) -> measure_bits(Bits, D, Limit, How);
measure(Term, _, _, _) -> text(io_lib:write(Term)).

measure_list(List, D, Limit, How) ->
    Nodes = measure_nodes(List, D, less(Limit, 2), How),
    {list, nodes_length(Nodes, 2), nodes_dots(Nodes), Nodes, none}.

measure_nodes([], _, _, _) -> [];
measure_nodes(Rest, D, Limit, _) when D =:= 1; Limit =:= 0 -> cut("...", {nodes, Rest, D});
measure_nodes([Term], D, Limit, How) ->
    [measure(Term, D - 1, Limit, How)];
measure_nodes([Term | Terms], D, Limit, How) ->
    Node = measure(Term, D - 1, less(Limit, 1), How),
    [Node | measure_nodes(Terms, D - 1, less(Limit, 1 + element(2, Node)), How)];
measure_nodes(Tail, D, Limit, How) ->
    measure(Tail, D - 1, Limit, How).

measure_tuple(Tuple, 1, _, _) ->
    cut("{...}", {term, Tuple, 1});
measure_tuple(Tuple, D, Limit, How) ->
    case record_fields(Tuple, How#how.fields) of
        no ->
            Nodes = measure_elements(Tuple, 1, D, less(Limit, 2), How),
            Kind = case is_atom(element(1, Tuple)) andalso tuple_size(Tuple) > 1 of
                true -> tagged;
                false -> tuple
            end,
            {Kind, nodes_length(Nodes, 2), nodes_dots(Nodes), Nodes};
        Names ->
            Name = text([$# | write_atom(element(1, Tuple), How#how.encoding)]),
            NameLength = element(2, Name),
            Fields = measure_fields(Names, Tuple, 2, D - 1, less(Limit, NameLength + 2), How),
            {record, nodes_length(Fields, NameLength + 2), nodes_dots(Fields), Name, Fields}
    end.

record_fields(Tuple, Fields) when is_function(Fields, 2), is_atom(element(1, Tuple)) ->
    Fields(element(1, Tuple), tuple_size(Tuple) - 1);
record_fields(_, _) ->
    no.

measure_elements(Tuple, I, _, _, _) when I > tuple_size(Tuple) -> [];
measure_elements(Tuple, I, D, Limit, _) when D =:= 1; Limit =:= 0 ->
    cut("...", {elements, Tuple, I, D});
measure_elements(Tuple, I, D, Limit, How) when I =:= tuple_size(Tuple) ->
    [measure(element(I, Tuple), D - 1, Limit, How)];
measure_elements(Tuple, I, D, Limit, How) ->
    Node = measure(element(I, Tuple), D - 1, less(Limit, 1), How),
    [Node | measure_elements(Tuple, I + 1, D - 1, less(Limit, 1 + element(2, Node)), How)].

measure_fields([], _, _, _, _, _) -> [];
measure_fields(Names, Tuple, I, D, Limit, _) when D =:= 1; Limit =:= 0 ->
    cut("...", {fields, Names, Tuple, I, D});
measure_fields([Name], Tuple, I, D, Limit, How) ->
    [measure_field(Name, element(I, Tuple), D - 1, Limit, How)];
measure_fields([Name | Names], Tuple, I, D, Limit, How) ->
    Field = measure_field(Name, element(I, Tuple), D - 1, less(Limit, 1), How),
    [Field | measure_fields(Names, Tuple, I + 1, D - 1, less(Limit, 1 + element(2, Field)), How)].

measure_field(Name, Value, D, Limit, How) ->
    NameNode = text(write_atom(Name, How#how.encoding)),
    NameLength = element(2, NameNode) + 3,
    Node = measure(Value, D, less(Limit, NameLength), How),
    {field, NameLength + element(2, Node), element(3, Node), NameNode, Node}.

%% All pairs have the same depth: the order of keys means nothing.
measure_pairs([], _, _, _, _) -> [];
measure_pairs(Pairs, D, D0, Limit, _) when D =:= 1; Limit =:= 0 ->
    cut("...", {pairs, Pairs, D, D0});
measure_pairs([{K, V}], _, D0, Limit, How) ->
    [measure_pair(K, V, D0, Limit, How)];
measure_pairs([{K, V} | Pairs], D, D0, Limit, How) ->
    Pair = measure_pair(K, V, D0, less(Limit, 1), How),
    [Pair | measure_pairs(Pairs, D - 1, D0, less(Limit, 1 + element(2, Pair)), How)].

measure_pair(K, V, D, Limit, How) ->
    Key = measure(K, D, Limit, How),
    pair(Key, measure(V, D, less(Limit, element(2, Key) + 4), How)).

pair(Key, Value) ->
    {pair, element(2, Key) + element(2, Value) + 4, element(3, Key) + element(3, Value), Key, Value}.

%% The associations of a map in printing order.
-spec associations(map(), maps:iterator_order()) -> [{term(), term()}].
associations(Map, undefined) -> maps:to_list(Map);
associations(Map, Order) -> maps:to_list(maps:iterator(Map, Order)).

measure_bits(Bits, D, Limit, How) ->
    case How#how.strings andalso bit_size(Bits) rem 8 =:= 0
            andalso printable_bytes(Bits, D - 1, less(Limit, 6), How#how.encoding) of
        {all, ascii, List} ->
            text(["<<", io_lib:write_string(List), ">>"]);
        {all, utf8, List} ->
            text(["<<", io_lib:write_string(List), "/utf8>>"]);
        {prefix, ascii, List} ->
            prefix(["<<", io_lib:write_string(List), "...>>"], Bits, D);
        {prefix, utf8, List} ->
            prefix(["<<", io_lib:write_string(List), "/utf8...>>"], Bits, D);
        false ->
            case io_lib:write_binary(Bits, D, Limit) of
                {Chars, <<>>} -> {bytes, iolist_size(Chars), 0, Chars, none};
                {Chars, _} -> {bytes, iolist_size(Chars), 3, Chars, {term, Bits, D}}
            end
    end.

prefix(Chars, Bits, D) -> {text, io_lib:chars_length(Chars), 3, Chars, {term, Bits, D}}.

nodes_length([], N) -> N;
nodes_length([Node | Nodes], N) -> nodes_tail_length(Nodes, N + element(2, Node));
nodes_length(Node, N) -> N + element(2, Node).

nodes_tail_length([], N) -> N;
nodes_tail_length([Node | Nodes], N) -> nodes_tail_length(Nodes, N + 1 + element(2, Node));
nodes_tail_length(Node, N) -> N + 1 + element(2, Node).

nodes_dots(Nodes) -> nodes_dots(Nodes, 0).

nodes_dots([], N) -> N;
nodes_dots([Node | Nodes], N) -> nodes_dots(Nodes, N + element(3, Node));
nodes_dots(Node, N) -> N + element(3, Node).

%%% Measuring again what was cut, D levels deeper; what is complete stays as it is

expand(Node, _, _, _) when element(3, Node) =:= 0, element(1, Node) =/= record -> Node;
expand({Kind, _, _, Nodes0}, Limit, D, How) when Kind =:= tuple; Kind =:= tagged ->
    Nodes = expand_nodes(Nodes0, less(Limit, 2), D, How),
    {Kind, nodes_length(Nodes, 2), nodes_dots(Nodes), Nodes};
expand({map, _, _, Pairs0}, Limit, D, How) ->
    Pairs = expand_nodes(Pairs0, less(Limit, 3), D, How),
    {map, nodes_length(Pairs, 3), nodes_dots(Pairs), Pairs};
expand({pair, _, _, Key0, Value0}, Limit, D, How) ->
    Key = expand(Key0, less(Limit, 1), D, How),
    pair(Key, expand(Value0, less(Limit, element(2, Key) + 4), D, How));
expand({record, _, _, Name, Fields0}, Limit, D, How) ->
    Start = element(2, Name) + 2,
    Fields = expand_nodes(Fields0, less(Limit, Start), D, How),
    {record, nodes_length(Fields, Start), nodes_dots(Fields), Name, Fields};
expand({field, _, _, Name, Value0}, Limit, D, How) ->
    Start = element(2, Name) + 3,
    Value = expand(Value0, less(Limit, Start), D, How),
    {field, Start + element(2, Value), element(3, Value), Name, Value};
expand({_, _, _, _, Resume}, Limit, D, How) ->
    resume(Resume, Limit, D, How).

expand_nodes([], _, _, _) -> [];
expand_nodes([Node], Limit, D, How) ->
    [expand(Node, Limit, D, How)];
expand_nodes([Node0 | Nodes], Limit, D, How) ->
    Node = expand(Node0, less(Limit, 1), D, How),
    [Node | expand_nodes(Nodes, less(Limit, 1 + element(2, Node)), D, How)];
expand_nodes({_, _, _, _, Resume}, Limit, D, How) ->
    resume(Resume, Limit, D, How).

resume({term, Term, D0}, Limit, D, How) -> measure(Term, D0 + D, Limit, How);
resume({nodes, Terms, D0}, Limit, D, How) -> measure_nodes(Terms, D0 + D, Limit, How);
resume({elements, Tuple, I, D0}, Limit, D, How) -> measure_elements(Tuple, I, D0 + D, Limit, How);
resume({pairs, Pairs, D0, Each}, Limit, D, How) -> measure_pairs(Pairs, D0 + D, Each, Limit, How);
resume({fields, Names, Tuple, I, D0}, Limit, D, How) ->
    measure_fields(Names, Tuple, I, D0 + D, Limit, How).

%%% Text: what is shown as a string

write_atom(Atom, latin1) -> io_lib:write_atom_as_latin1(Atom);
write_atom(Atom, _) -> io_lib:write_atom(Atom).

write_string(S, latin1) -> io_lib:write_latin1_string(S);
write_string(S, _) -> io_lib:write_string(S).

%% true, false or {true, Prefix}, as long as the limit allows.
printable(_, 1, _, _) -> false;
printable(List, _, Limit, Encoding) when Limit < 0 -> printable(List, Encoding);
printable(List, _, Limit, Encoding) ->
    case slice(List, less(Limit, 2), Encoding) of
        false -> false;
        all -> printable(List, Encoding);
        {prefix, Prefix} -> printable(Prefix, Encoding) andalso {true, Prefix}
    end.

printable(List, latin1) -> io_lib:printable_latin1_list(List);
printable(List, _) -> io_lib:printable_list(List).

slice(List, N, latin1) ->
    try lists:split(N, List) of
        {_, []} -> all;
        {Prefix, _} -> {prefix, Prefix}
    catch
        error:_ -> all
    end;
slice(List, N, _) ->
    case io_lib:char_list(List) andalso string:length(List) > N of
        false -> all;
        true when N =:= 0 -> false;
        true -> {prefix, string:slice(List, 0, N)}
    end.

%% {all | prefix, ascii | utf8, Chars}, or false: too little of Bin can be shown as text.
printable_bytes(Bin, D, Limit, Encoding) ->
    Size = byte_size(Bin),
    Length = if
        D >= 0, Limit < 0 -> min(?BYTES_PER_LEVEL * D, Size);
        D >= 0 -> min(Limit, min(?BYTES_PER_LEVEL * D, Size));
        Limit < 0 -> Size;
        true -> min(Limit, Size)
    end,
    if
        Length =:= 0 -> false;
        Encoding =:= latin1 -> printable_latin1(Bin, Size, Length, D);
        true ->
            case printable_utf8(Bin, Length, D) of
                invalid -> printable_latin1(Bin, Size, Length, D);
                Result -> Result
            end
    end.

printable_latin1(Bin, Size, Length, D) ->
    N = latin1_prefix(Bin, Length, 0),
    if
        N =:= Size -> {all, ascii, binary_to_list(Bin)};
        N =:= Length, N =< 20; D > 0, N >= D -> {prefix, ascii, binary_to_list(Bin, 1, N)};
        true -> false
    end.

latin1_prefix(<<C, Rest/binary>>, Length, N) when N < Length ->
    case C >= $\s andalso C =< $~ orelse C >= 160 orelse C >= 8 andalso C =< 13 orelse C =:= $\e of
        true -> latin1_prefix(Rest, Length, N + 1);
        false -> N
    end;
latin1_prefix(_, _, N) ->
    N.

printable_utf8(Bin, Length, D) ->
    case is_utf8(Bin, Length) of
        false -> invalid;
        true ->
            {N, Rest, Chars} = utf8_prefix(Bin, Length, 0, [], io:printable_range()),
            Kind = case byte_size(Bin) - byte_size(Rest) of
                N -> ascii;
                _ -> utf8
            end,
            if
                Rest =:= <<>> -> {all, Kind, Chars};
                D > 0, N >= D -> {prefix, Kind, Chars};
                true -> false
            end
    end.

is_utf8(<<_/utf8, _/binary>>, 0) -> true;
is_utf8(_, 0) -> true;
is_utf8(<<_/utf8, Rest/binary>>, N) -> is_utf8(Rest, N - 1);
is_utf8(Rest, _) -> Rest =:= <<>>.

utf8_prefix(<<C/utf8, Rest/binary>> = Bin, Length, N, Chars, Range) when N < Length ->
    Printable = case Range of
        latin1 -> io_lib:printable_latin1_list([C]);
        unicode -> io_lib:printable_unicode_list([C])
    end,
    case Printable of
        true -> utf8_prefix(Rest, Length, N + 1, [C | Chars], Range);
        false -> {N, Bin, lists:reverse(Chars)}
    end;
utf8_prefix(Rest, _, N, Chars, _) ->
    {N, Rest, lists:reverse(Chars)}.

%%% A node on one line

-spec write(layout_node()) -> io_lib:chars().
write({text, _, _, Chars, _}) -> Chars;
write({bytes, _, _, Chars, _}) -> Chars;
write({list, _, _, Nodes, _}) -> [$[, write_nodes(Nodes, $|), $]];
write({map, _, _, Pairs}) -> ["#{", write_nodes(Pairs, $,), $}];
write({pair, _, _, Key, Value}) -> [write(Key), " => ", write(Value)];
write({record, _, _, Name, Fields}) -> [write(Name), ${, write_nodes(Fields, $,), $}];
write({field, _, _, Name, Value}) -> [write(Name), " = ", write(Value)];
write({_, _, _, Nodes}) -> [${, write_nodes(Nodes, $,), $}].

write_nodes([], _) -> "";
write_nodes([Node | Nodes], Bar) -> [write(Node) | write_nodes_tail(Nodes, Bar)];
write_nodes(Node, _) -> write(Node).

write_nodes_tail([], _) -> [];
write_nodes_tail([Node | Nodes], Bar) -> [$,, write(Node) | write_nodes_tail(Nodes, Bar)];
write_nodes_tail(Node, Bar) -> [Bar | write(Node)].

%%% A node over several lines
%%
%% Column: where the node starts. Indent: the blanks before that column. Closing: how many closing
%% brackets follow the node on its last line. Used: characters besides blanks before it on its line.

place(Node, Column, Page, Indent, Closing, Used) ->
    case fits(element(2, Node), Column, Page, Closing, Used) of
        true -> write(Node);
        false -> place_broken(Node, Column, Page, Indent, Closing, Used)
    end.

fits(Length, Column, #page{width = Width, chars = Chars}, Closing, Used) ->
    Length < Width - Column - Closing andalso Length + Used + Closing =< Chars.

place_broken({list, _, _, Nodes, _}, Column, Page, Indent, Closing, Used) ->
    [$[, place_nodes(Nodes, Column + 1, Page, indent(1, Indent), Closing, $|, Used + 1), $]];
place_broken({tuple, _, _, Nodes}, Column, Page, Indent, Closing, Used) ->
    [${, place_nodes(Nodes, Column + 1, Page, indent(1, Indent), Closing, $,, Used + 1), $}];
place_broken({tagged, _, _, Nodes}, Column, Page, Indent, Closing, Used) ->
    [${, place_tagged(Nodes, Column, Page, Indent, Closing, Used + 1), $}];
place_broken({map, _, _, Pairs}, Column, Page, Indent, Closing, Used) ->
    ["#{", place_pairs(Pairs, Column + 2, Page, indent(2, Indent), Closing, Used + 1), $}];
place_broken({record, _, _, Name, Fields}, Column, Page, Indent, Closing, Used) ->
    NameLength = element(2, Name),
    [write(Name), ${,
     place_record(Fields, NameLength + 1, Column, Page, Indent, Closing, Used + NameLength + 1), $}];
place_broken({pair, _, _, Key, Value}, Column, Page, Indent, Closing, Used) ->
    By = if
        Page#page.tag > 0 -> Page#page.tag;
        true -> 4
    end,
    ValueIndent = indent(By, Indent),
    [place(Key, Column, Page, Indent, Closing, Used), " =>\n", ValueIndent
     | place(Value, Column + By, Page, ValueIndent, Closing, 0)];
place_broken({field, _, _, Name, Value}, Column, Page, Indent, Closing, Used) ->
    NameLength = element(2, Name) + 3,
    {NewLine, By, Used1} = after_tag(NameLength, Column, Page, Used + NameLength),
    ValueIndent = indent(By, Indent),
    Chars = place(Value, Column + By, Page, ValueIndent, Closing, Used1),
    case NewLine of
        true -> [write(Name), " =\n", ValueIndent | Chars];
        false -> [write(Name), " = " | Chars]
    end;
place_broken({bytes, _, _, ["<<", Bytes, ">>"], _}, Column, Page, Indent, Closing, Used) ->
    #page{width = Width, chars = Chars} = Page,
    Room = max(8, min(Width - Column - 2, Chars - 4 - Used) - Closing),
    ["<<", place_bytes(Bytes, Room, Room, indent(2, Indent)), ">>"];
place_broken(Node, _, _, _, _, _) ->
    write(Node).

place_tagged([Tag | Nodes], Column, Page, Indent, Closing, Used) ->
    Length = element(2, Tag),
    By = Page#page.tag,
    if
        By > 0, Length + 2 > By ->
            check_column(Column + By, Page),
            [write(Tag)
             | place_tail(Nodes, Column + By, Column + Length + 2, Page, indent(By, Indent), Closing,
                          $,, Used + Length)];
        Nodes =:= [] ->
            write(Tag);
        true ->
            check_column(Column + Length + 3, Page),
            [write(Tag), $,
             | place_nodes(Nodes, Column + Length + 2, Page, indent(Length + 2, Indent), Closing, $,,
                           Used + Length + 1)]
    end;
place_tagged(Cut, _, _, _, _, _) ->
    write(Cut).

place_record([Field | Fields], NameLength, Column0, Page, Indent0, Closing, Used0) ->
    {NewLine, By, Used} = after_tag(NameLength, Column0, Page, Used0),
    Column = Column0 + By,
    Indent = indent(By, Indent0),
    {Chars, Length} = place_node(Field, Column, Page, Indent, closing(Fields, Closing), Used),
    [case NewLine of true -> [$\n | Indent]; false -> "" end,
     Chars | place_tail(Fields, Column, Column + Length, Page, Indent, Closing, $,, Used + Length)];
place_record([], _, _, _, _, _, _) -> "";
place_record(Cut, _, _, _, _, _, _) -> write(Cut).

%% Where a value stands after a name of that length: on a new line?, by how many columns.
after_tag(Length, Column, #page{tag = Tag} = Page, Used) ->
    NewLine = Tag > 0 andalso Length > Tag,
    By = case NewLine of
        true -> Tag;
        false -> Length
    end,
    check_column(Column + By, Page),
    {NewLine, By, case NewLine of true -> 0; false -> Used end}.

check_column(Column, #page{strict = true, width = Width, chars = Chars})
        when Chars + Column > Width, Column > Width div 2 ->
    throw(too_far_right);
check_column(_, _) ->
    ok.

%% Nodes that start at Column0, separated by commas, the last one by Bar if it is a tail.
place_nodes([Node | Nodes], Column0, Page, Indent, Closing, Bar, Used) ->
    {Chars, Length} = place_node(Node, Column0, Page, Indent, closing(Nodes, Closing), Used),
    [Chars | place_tail(Nodes, Column0, Column0 + Length, Page, Indent, Closing, Bar, Used + Length)];
place_nodes([], _, _, _, _, _, _) -> "";
place_nodes(Cut, _, _, _, _, _, _) -> write(Cut).

%% What stands before a map on its line counts for the first association only, "#{" as one.
place_pairs([Pair | Pairs], Column, Page, Indent, Closing, Used) ->
    {Chars, Length} = place_node(Pair, Column, Page, Indent, closing(Pairs, Closing), Used),
    [Chars | place_tail(Pairs, Column, Column + Length, Page, Indent, Closing, $,, Length)];
place_pairs(Cut, _, _, _, _, _) -> write(Cut).

place_tail([], _, _, _, _, _, _, _) ->
    [];
place_tail([Node | Nodes], Column0, Column, Page, Indent, Closing0, Bar, Used) ->
    #page{width = Width, chars = MaxChars} = Page,
    Closing = closing(Nodes, Closing0),
    Length = 1 + element(2, Node),
    %% A comma or brackets follow.
    After = max(Closing, 1),
    case Length < Width - Column - After andalso Used + Length + After =< MaxChars
            andalso is_simple(Node) of
        true ->
            [$,, write(Node)
             | place_tail(Nodes, Column0, Column + Length, Page, Indent, Closing0, Bar, Used + Length)];
        false ->
            {Chars, Length1} = place_node(Node, Column0, Page, Indent, Closing, 0),
            [$,, $\n, Indent, Chars
             | place_tail(Nodes, Column0, Column0 + Length1, Page, Indent, Closing0, Bar, Length1)]
    end;
place_tail({text, _, 3, "...", _}, _, _, _, _, _, Bar, _) ->
    [Bar | "..."];
place_tail(Node, Column0, Column, Page, Indent, Closing, Bar, Used) ->
    case fits(element(2, Node) + 1, Column, Page, Closing + 1, Used) andalso is_simple(Node) of
        true -> [Bar | write(Node)];
        false -> [Bar, $\n, Indent | place(Node, Column0, Page, Indent, Closing + 1, 0)]
    end.

%% After something composed comes a new line: it counts as filling its own.
place_node(Node, Column, Page, Indent, Closing, Used) ->
    Length = element(2, Node),
    case is_simple(Node) andalso fits(Length, Column, Page, Closing, Used) of
        true -> {write(Node), Length};
        false -> {place(Node, Column, Page, Indent, Closing, Used), Page#page.width}
    end.

is_simple({text, _, _, _, _}) -> true;
is_simple({pair, _, _, Key, Value}) -> is_simple(Key) andalso is_simple(Value);
is_simple({field, _, _, _, Value}) -> is_simple(Value);
is_simple(_) -> false.

closing([_ | _], _) -> 0;
closing(_, Closing) -> Closing + 1.

place_bytes([Byte, $, | Bytes], Room, Line, Indent) ->
    Length = length(Byte) + 1,
    if
        Room >= Length -> [Byte, $, | place_bytes(Bytes, Room - Length, Line, Indent)];
        true -> [$\n, Indent, Byte, $, | place_bytes(Bytes, Line - Length, Line, Indent)]
    end;
place_bytes(Last, Room, _, Indent) ->
    case iolist_size(Last) > Room of
        true -> [$\n, Indent | Last];
        false -> Last
    end.

indent(N, Indent) when N >= 8 -> indent(N - 8, "        " ++ Indent);
indent(N, Indent) when N > 0 -> indent(N - 1, [$\s | Indent]);
indent(_, Indent) -> Indent.
