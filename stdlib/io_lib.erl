%% Terms to characters and back: quoting, printable ranges, ~w, and the helpers of I/O servers.
%% Format strings live in io_lib_format, ~p in io_lib_pretty, reading in io_lib_fread.
%%
%% A depth of D shows D levels or elements, the rest is "..."; -1 shows everything.
-module(io_lib).

-export([fwrite/2, fwrite/3, fread/2, fread/3, format/2, format/3, scan_format/2, unscan_format/1,
         build_text/1, build_text/2, print/1, print/4, indentation/2, limit_term/2, bformat/2,
         bformat/3, bfwrite/2, bfwrite/3]).
-export([write/1, write/2, write/3, nl/0, format_prompt/1, format_prompt/2, write_binary/3,
         write_atom/1, write_atom_as_latin1/1, quote_atom/2,
         write_string/1, write_string/2, write_latin1_string/1, write_latin1_string/2,
         write_unicode_string/1, write_string_as_latin1/1, write_string_as_latin1/2,
         write_char/1, write_latin1_char/1, write_unicode_char/1, write_char_as_latin1/1]).
-export([latin1_char_list/1, char_list/1, deep_char_list/1, deep_latin1_char_list/1,
         deep_unicode_char_list/1, printable_list/1, printable_latin1_list/1,
         printable_unicode_list/1, chars_length/1]).
-export([collect_chars/3, collect_chars/4, collect_line/3, collect_line/4, get_until/3,
         get_until/4]).

-export_type([chars/0, latin1_string/0, continuation/0, fread_error/0, fread_item/0,
              format_spec/0, chars_limit/0, depth/0]).

-type chars() :: [char() | chars()].
-type latin1_string() :: [unicode:latin1_char()].
-type depth() :: -1 | non_neg_integer().
-type continuation() :: term().
-type fread_error() :: atom | based | character | float | format | input | integer | string
    | unsigned.
-type fread_item() :: string() | atom() | integer() | float().
-type chars_limit() :: integer().
-type format_spec() :: #{control_char := char(), args := [any()], width := none | integer(),
                         adjust := left | right, precision := none | integer(), pad_char := char(),
                         encoding := unicode | latin1, strings := boolean(),
                         maps_order => maps:iterator_order()}.

%%% Format strings

%% Text with terms in it, as the format says.
-spec fwrite(io:format(), [term()]) -> chars().
fwrite(Format, Args) -> format(Format, Args).

-spec fwrite(io:format(), [term()], [{chars_limit, chars_limit()}]) -> chars().
fwrite(Format, Args, Options) -> format(Format, Args, Options).

%% Text with terms in it, as the format says.
-spec format(io:format(), [term()]) -> chars().
format(Format, Args) ->
    case muster_format:list(Format, Args) of
        false ->
            try io_lib_format:fwrite(Format, Args)
            catch error:_ -> erlang:error(badarg, [Format, Args])
            end;
        Chars -> Chars
    end.

-spec format(io:format(), [term()], [{chars_limit, chars_limit()}]) -> chars().
format(Format, Args, Options) ->
    try io_lib_format:fwrite(Format, Args, Options)
    catch error:_ -> erlang:error(badarg, [Format, Args, Options])
    end.

-spec bformat(io:format(), [term()]) -> unicode:unicode_binary().
bformat(Format, Args) ->
    case muster_format:binary(Format, Args) of
        false -> unicode:characters_to_binary(format(Format, Args));
        Binary -> Binary
    end.

-spec bformat(io:format(), [term()], [{chars_limit, chars_limit()}]) -> unicode:unicode_binary().
bformat(Format, Args, Options) -> unicode:characters_to_binary(format(Format, Args, Options)).

-spec bfwrite(io:format(), [term()]) -> unicode:unicode_binary().
bfwrite(Format, Args) -> bformat(Format, Args).

-spec bfwrite(io:format(), [term()], [{chars_limit, chars_limit()}]) -> unicode:unicode_binary().
bfwrite(Format, Args, Options) -> bformat(Format, Args, Options).

%% The parts of a format with their arguments.
-spec scan_format(io:format(), [term()]) -> [char() | format_spec()].
scan_format(Format, Args) ->
    try io_lib_format:scan(Format, Args)
    catch error:_ -> erlang:error(badarg, [Format, Args])
    end.

%% Format and arguments of what scan_format/2 made.
-spec unscan_format([char() | format_spec()]) -> {io:format(), [term()]}.
unscan_format(Items) -> io_lib_format:unscan(Items).

%% The text of what scan_format/2 made.
-spec build_text([char() | format_spec()]) -> chars().
build_text(Items) ->
    try io_lib_format:build(Items)
    catch error:_ -> erlang:error(badarg, [Items])
    end.

-spec build_text([char() | format_spec()], [{chars_limit, chars_limit()}]) -> chars().
build_text(Items, Options) ->
    try io_lib_format:build(Items, Options)
    catch error:_ -> erlang:error(badarg, [Items, Options])
    end.

%% What the format reads from a string.
-spec fread(Format :: string(), String :: string()) ->
    {ok, [fread_item()], string()} | {more, string(), non_neg_integer(), [fread_item()]}
    | {error, {fread, fread_error()}}.
fread(Format, String) -> io_lib_fread:fread(Format, String).

-spec fread(continuation() | [], string() | eof, Format :: string()) ->
    {more, continuation()} | {done, Result :: term(), string() | eof}.
fread(Continuation, Chars, Format) -> io_lib_fread:fread(Continuation, Chars, Format).

%% A term on lines as ~p writes it.
-spec print(term()) -> chars().
print(Term) -> io_lib_pretty:print(Term).

-spec print(term(), non_neg_integer(), non_neg_integer(), depth()) -> chars().
print(Term, Column, LineLength, Depth) -> io_lib_pretty:print(Term, Column, LineLength, Depth).

%% In which column one is behind the text.
-spec indentation(string(), integer()) -> integer().
indentation(Chars, Column) -> io_lib_format:indentation(Chars, Column).

%%% Writing terms as ~w does

%% A term as ~w writes it.
-spec write(term()) -> chars().
write(Term) -> write_term(Term, -1, latin1, undefined).

-spec write(term(), depth() | [{chars_limit, chars_limit()} | {depth, depth()}
                               | {encoding, latin1 | utf8 | unicode}
                               | {maps_order, maps:iterator_order()}]) -> chars().
write(Term, Options) when is_list(Options) ->
    Depth = option(depth, Options, -1),
    Encoding = option(encoding, Options, epp_default_encoding()),
    Order = option(maps_order, Options, undefined),
    case option(chars_limit, Options, -1) of
        Limit when Depth =:= 0; Limit =:= 0 ->
            "...";
        Limit when is_integer(Limit), Limit < 0, is_integer(Depth) ->
            write_term(Term, Depth, Encoding, Order);
        Limit when is_integer(Limit), Limit > 0 ->
            io_lib_pretty:line(Term, Depth, Limit, Encoding, Order)
    end;
write(Term, Depth) ->
    write_term(Term, Depth, latin1, undefined).

-spec write(term(), depth(), boolean()) -> chars().
write(Term, Depth, true) -> io_lib_pretty:print(Term, 1, 80, Depth);
write(Term, Depth, false) -> write(Term, Depth).

option(Key, Options, Default) ->
    case lists:keyfind(Key, 1, Options) of
        {_, Value} -> Value;
        false -> Default
    end.

%% The encoding of source files, in which terms are written unless told otherwise.
epp_default_encoding() -> utf8.

write_term(Term, -1, Encoding, undefined) ->
    case muster_format:write(Term, Encoding =:= latin1) of
        false -> written(Term, -1, Encoding, undefined);
        Chars -> Chars
    end;
write_term(Term, Depth, Encoding, Order) -> written(Term, Depth, Encoding, Order).

written(_, 0, _, _) -> "...";
written(Term, _, _, _) when is_integer(Term) -> integer_to_list(Term);
written(Term, _, latin1, _) when is_atom(Term) -> write_atom_as_latin1(Term);
written(Term, _, _, _) when is_atom(Term) -> write_atom(Term);
written([], _, _, _) -> "[]";
written({}, _, _, _) -> "{}";
written([_ | _], 1, _, _) -> "[...]";
written([H | T], D, E, O) ->
    [$[, written(H, D - 1, E, O) | write_tail(T, D - 1, E, O)];
written(Term, D, E, O) when is_tuple(Term) ->
    case D of
        1 -> "{...}";
        _ ->
            [${, written(element(1, Term), D - 1, E, O)
             | write_elements(Term, 2, tuple_size(Term), D - 1, E, O)]
    end;
written(Term, _, _, _) when is_float(Term) -> io_lib_format:fwrite_g(Term);
written(Term, D, _, _) when is_bitstring(Term) -> write_bits(Term, D);
written(Term, 1, _, _) when is_map(Term) -> "#{}";
written(Term, D, E, O) when is_map(Term) -> write_map(Term, D, E, O);
written(Term, _, _, _) when is_pid(Term) -> pid_to_list(Term);
written(Term, _, _, _) when is_function(Term) -> erlang:fun_to_list(Term);
written(Term, _, _, _) when is_reference(Term) -> erlang:ref_to_list(Term);
written(Term, _, _, _) when is_port(Term) -> erlang:port_to_list(Term).

write_tail([], _, _, _) -> "]";
write_tail(_, 1, _, _) -> "|...]";
write_tail([H | T], D, E, O) -> [$,, written(H, D - 1, E, O) | write_tail(T, D - 1, E, O)];
write_tail(Other, D, E, O) -> [$|, written(Other, D - 1, E, O), $]].

write_elements(_, I, Size, _, _, _) when I > Size -> "}";
write_elements(_, _, _, 1, _, _) -> ",...}";
write_elements(T, I, Size, D, E, O) ->
    [$,, written(element(I, T), D - 1, E, O) | write_elements(T, I + 1, Size, D - 1, E, O)].

write_map(Map, _, _, _) when map_size(Map) =:= 0 -> "#{}";
write_map(Map, D, E, O) ->
    [{K, V} | Pairs] = io_lib_pretty:associations(Map, O),
    ["#{", write_pair(K, V, D - 1, E, O) | write_pairs(Pairs, D - 1, D - 1, E, O)].

%% All pairs have the same depth: the order of keys means nothing.
write_pairs(_, 1, _, _, _) -> ",...}";
write_pairs([], _, _, _, _) -> "}";
write_pairs([{K, V} | Pairs], D, D0, E, O) ->
    [$,, write_pair(K, V, D0, E, O) | write_pairs(Pairs, D - 1, D0, E, O)].

write_pair(K, V, D, E, O) -> [written(K, D, E, O), " => ", written(V, D, E, O)].

write_bits(Bits, D) ->
    {Chars, _} = write_binary(Bits, D, -1),
    Chars.

%% The bytes of a bitstring as <<1,2,3:4>>, at most Depth - 1 of them and about Limit characters;
%% with what did not fit.
-spec write_binary(bitstring(), depth(), integer()) -> {chars(), bitstring()}.
write_binary(Bits, 1, _) when Bits =/= <<>> -> {"<<...>>", Bits};
write_binary(Bits, D, Limit) ->
    {Reversed, Rest} = write_bytes(Bits, D, io_lib_pretty:less(Limit, 4), []),
    {["<<", lists:reverse(Reversed), ">>"], Rest}.

write_bytes(<<>>, _, _, Out) -> {Out, <<>>};
write_bytes(Bits, D, Limit, Out) when D =:= 1; Limit =:= 0 -> {["..." | Out], Bits};
write_bytes(<<Byte>>, _, _, Out) -> {[integer_to_list(Byte) | Out], <<>>};
write_bytes(<<Byte, Rest/bitstring>>, D, Limit, Out) ->
    Chars = integer_to_list(Byte),
    write_bytes(Rest, D - 1, io_lib_pretty:less(Limit, length(Chars) + 1), [$,, Chars | Out]);
write_bytes(Bits, _, _, Out) ->
    Size = bit_size(Bits),
    <<X:Size>> = Bits,
    {[integer_to_list(Size), $:, integer_to_list(X) | Out], <<>>}.

%% A line end.
-spec nl() -> string().
nl() -> "\n".

-spec format_prompt(term()) -> chars().
format_prompt(Prompt) -> format_prompt(Prompt, latin1).

-spec format_prompt(term(), latin1 | unicode | utf8) -> chars().
format_prompt({format, Format, Args}, _) ->
    prompt(Format, Args);
format_prompt(Prompt, Encoding) when is_list(Prompt); is_atom(Prompt); is_binary(Prompt) ->
    prompt(prompt_control(Encoding), [Prompt]);
format_prompt(Prompt, Encoding) ->
    prompt(case Encoding of latin1 -> "~p"; _ -> "~tp" end, [Prompt]).

prompt_control(latin1) -> "~s";
prompt_control(_) -> "~ts".

prompt(Format, Args) ->
    try format(Format, Args)
    catch error:_ -> "???"
    end.

%% A smaller term that prints the same as Term with depth Depth.
-spec limit_term(term(), depth()) -> term().
limit_term(Term, Depth) -> limit(Term, Depth).

limit(_, 0) -> '...';
limit(Term, D) when D < 0 -> Term;
limit([_ | _], 1) -> ['...'];
limit([_ | _] = List, D) ->
    case printable_list(List) of
        true -> List;
        false -> limit_list(List, D)
    end;
limit(Tuple, 1) when is_tuple(Tuple), Tuple =/= {} -> {'...'};
limit(Tuple, D) when is_tuple(Tuple) ->
    list_to_tuple(limit_elements(tuple_to_list(Tuple), D));
limit(Map, D) when is_map(Map) ->
    %% One more than are shown: it stands for the others. Keys are whole, lest they become equal.
    Pairs = lists:sublist(io_lib_pretty:associations(Map, undefined), D + 1),
    maps:from_list([{K, limit(V, D - 1)} || {K, V} <- Pairs]);
limit(Bits, D) when is_bitstring(Bits) -> limit_bits(Bits, D);
limit(Term, _) -> Term.

limit_list([], _) -> [];
limit_list([H | T], D) when D > 1 -> [limit(H, D - 1) | limit_list(T, D - 1)];
limit_list([_ | _], 1) -> ['...'];
limit_list(Tail, D) when D > 1 -> limit(Tail, D - 1);
limit_list(_, _) -> '...'.

limit_elements([], _) -> [];
limit_elements(_, 1) -> ['...'];
limit_elements([H | T], D) -> [limit(H, D - 1) | limit_elements(T, D - 1)].

%% Enough bytes for a printable prefix.
limit_bits(Bits, D) ->
    Bytes = 4 * (D + 1),
    case Bits of
        <<Prefix:Bytes/binary, _, _/bitstring>> -> Prefix;
        _ -> Bits
    end.

%%% Atoms

%% An atom as it is written in source.
-spec write_atom(atom()) -> chars().
write_atom(Atom) ->
    Name = atom_to_list(Atom),
    case quote_atom(Atom, Name) of
        true -> write_string(Name, $');
        false -> Name
    end.

%% The same, with escapes for what is not Latin-1.
-spec write_atom_as_latin1(atom()) -> latin1_string().
write_atom_as_latin1(Atom) ->
    Name = atom_to_list(Atom),
    case quote_atom(Atom, Name) of
        true -> write_string_as_latin1(Name, $');
        false -> Name
    end.

%% Whether an atom with that name must be quoted to be read back.
-spec quote_atom(atom(), string()) -> boolean().
quote_atom(Atom, [C | Cs]) when C >= $a, C =< $z; C >= $ß, C =< $ÿ, C =/= $÷ ->
    not name_chars(Cs) orelse reserved(Atom);
quote_atom(_, _) -> true.

name_chars([C | Cs]) when C >= $a, C =< $z; C >= $A, C =< $Z; C >= $0, C =< $9; C =:= $_;
                          C =:= $@; C >= $À, C =< $ÿ, C =/= $×, C =/= $÷ ->
    name_chars(Cs);
name_chars([]) -> true;
name_chars(_) -> false.

reserved('after') -> true;
reserved('begin') -> true;
reserved('case') -> true;
reserved('try') -> true;
reserved('cond') -> true;
reserved('catch') -> true;
reserved('andalso') -> true;
reserved('orelse') -> true;
reserved('end') -> true;
reserved('fun') -> true;
reserved('if') -> true;
reserved('let') -> true;
reserved('of') -> true;
reserved('receive') -> true;
reserved('when') -> true;
reserved('bnot') -> true;
reserved('not') -> true;
reserved('div') -> true;
reserved('rem') -> true;
reserved('band') -> true;
reserved('and') -> true;
reserved('bor') -> true;
reserved('bxor') -> true;
reserved('bsl') -> true;
reserved('bsr') -> true;
reserved('or') -> true;
reserved('xor') -> true;
reserved('maybe') -> true;
reserved('else') -> true;
reserved(_) -> false.

%%% Strings and characters

%% A string as it is written in source.
-spec write_string(string()) -> chars().
write_string(S) -> write_string(S, $").

-spec write_string(string(), char()) -> chars().
write_string(S, Quote) -> [Quote | escape(S, Quote)].

-spec write_unicode_string(string()) -> chars().
write_unicode_string(S) -> write_string(S).

%% A string of Latin-1 as it is written in source.
-spec write_latin1_string(latin1_string()) -> latin1_string().
write_latin1_string(S) -> write_latin1_string(S, $").

-spec write_latin1_string(latin1_string(), char()) -> latin1_string().
write_latin1_string(S, Quote) -> [Quote | escape_latin1(S, Quote)].

%% The same, with escapes for what is not Latin-1.
-spec write_string_as_latin1(string()) -> latin1_string().
write_string_as_latin1(S) -> write_string_as_latin1(S, $").

-spec write_string_as_latin1(string(), char()) -> latin1_string().
write_string_as_latin1(S, Quote) -> [Quote | escape_as_latin1(S, Quote)].

escape([], Quote) -> [Quote];
escape([C | Cs], Quote) -> escape_char(C, Quote, escape(Cs, Quote)).

escape_latin1([], Quote) -> [Quote];
escape_latin1([C | Cs], Quote) when C =< 255 -> escape_char(C, Quote, escape_latin1(Cs, Quote)).

escape_as_latin1([], Quote) -> [Quote];
escape_as_latin1([C | Cs], Quote) when C > 255 ->
    "\\x{" ++ string_lower_hex(C) ++ [$} | escape_as_latin1(Cs, Quote)];
escape_as_latin1([C | Cs], Quote) -> escape_char(C, Quote, escape_as_latin1(Cs, Quote)).

string_lower_hex(C) -> integer_to_list(C, 16).

%% C as it stands between quotes, before Tail.
escape_char(C, Quote, Tail) when C =:= Quote; C =:= $\\ -> [$\\, C | Tail];
escape_char(C, _, Tail) when C >= $\s, C =< $~; C >= 160 -> [C | Tail];
escape_char($\n, _, Tail) -> [$\\, $n | Tail];
escape_char($\r, _, Tail) -> [$\\, $r | Tail];
escape_char($\t, _, Tail) -> [$\\, $t | Tail];
escape_char($\v, _, Tail) -> [$\\, $v | Tail];
escape_char($\b, _, Tail) -> [$\\, $b | Tail];
escape_char($\f, _, Tail) -> [$\\, $f | Tail];
escape_char($\e, _, Tail) -> [$\\, $e | Tail];
escape_char($\d, _, Tail) -> [$\\, $d | Tail];
escape_char(C, _, Tail) when C >= 0, C < 160 ->
    [$\\, (C bsr 6) + $0, ((C bsr 3) band 7) + $0, (C band 7) + $0 | Tail].

%% A character as it is written in source.
-spec write_char(char()) -> chars().
write_char($\s) -> "$\\s";
write_char(C) when is_integer(C), C >= 0 -> [$$ | escape_char(C, -1, [])].

-spec write_unicode_char(char()) -> chars().
write_unicode_char(C) -> write_char(C).

%% A character of Latin-1 as it is written in source.
-spec write_latin1_char(unicode:latin1_char()) -> latin1_string().
write_latin1_char(C) when is_integer(C), C >= 0, C =< 255 -> [$$ | escape_char(C, -1, [])].

%% The same, with escapes for what is not Latin-1.
-spec write_char_as_latin1(char()) -> latin1_string().
write_char_as_latin1(C) when is_integer(C), C > 255 -> "$\\x{" ++ string_lower_hex(C) ++ "}";
write_char_as_latin1(C) when is_integer(C), C >= 0 -> [$$ | escape_char(C, -1, [])].

%%% What is text?

%% Whether it is a list of characters below 256.
-spec latin1_char_list(term()) -> boolean().
latin1_char_list([C | Cs]) when is_integer(C), C >= 0, C =< 255 -> latin1_char_list(Cs);
latin1_char_list(Tail) -> Tail =:= [].

%% Whether it is a list of characters.
-spec char_list(term()) -> boolean().
char_list([C | Cs]) when is_integer(C), C >= 0, C < 16#D800;
                         is_integer(C), C > 16#DFFF, C < 16#FFFE;
                         is_integer(C), C > 16#FFFF, C =< 16#10FFFF ->
    char_list(Cs);
char_list(Tail) -> Tail =:= [].

%% The same, of characters below 256.
-spec deep_latin1_char_list(term()) -> boolean().
deep_latin1_char_list(Term) -> deep(Term, [], 255).

%% Whether it is a list of characters, or of such lists.
-spec deep_char_list(term()) -> boolean().
deep_char_list(Term) -> deep(Term, [], 16#10FFFF).

-spec deep_unicode_char_list(term()) -> boolean().
deep_unicode_char_list(Term) -> deep(Term, [], 16#10FFFF).

%% Rest: the lists that surround this one, innermost first.
deep([H | T], Rest, Max) when is_list(H) -> deep(H, [T | Rest], Max);
deep([C | T], Rest, Max) when is_integer(C), C >= 0, C < 16#D800, C =< Max -> deep(T, Rest, Max);
deep([C | T], Rest, Max) when is_integer(C), C > 16#DFFF, C < 16#FFFE, C =< Max ->
    deep(T, Rest, Max);
deep([C | T], Rest, Max) when is_integer(C), C > 16#FFFF, C =< Max -> deep(T, Rest, Max);
deep([], [T | Rest], Max) -> deep(T, Rest, Max);
deep([], [], _) -> true;
deep(_, _, _) -> false.

%% Whether all characters are printable ones of Latin-1.
-spec printable_latin1_list(term()) -> boolean().
printable_latin1_list([C | Cs]) when is_integer(C), C >= $\s, C =< $~ -> printable_latin1_list(Cs);
printable_latin1_list([C | Cs]) when is_integer(C), C >= 160, C =< 255 -> printable_latin1_list(Cs);
printable_latin1_list([C | Cs]) when is_integer(C), C >= 8, C =< 13 -> printable_latin1_list(Cs);
printable_latin1_list([$\e | Cs]) -> printable_latin1_list(Cs);
printable_latin1_list(Tail) -> Tail =:= [].

%% Printable in the range that the runtime was started with.
-spec printable_list(term()) -> boolean().
printable_list(Term) ->
    case io:printable_range() of
        latin1 -> printable_latin1_list(Term);
        unicode -> printable_unicode_list(Term)
    end.

%% Whether all characters are printable ones.
-spec printable_unicode_list(term()) -> boolean().
printable_unicode_list([C | Cs]) when is_integer(C), C >= $\s, C =< $~ -> printable_unicode_list(Cs);
printable_unicode_list([C | Cs]) when is_integer(C), C >= 160, C < 16#D800;
                                      is_integer(C), C > 16#DFFF, C < 16#FFFE;
                                      is_integer(C), C > 16#FFFF, C =< 16#10FFFF ->
    printable_unicode_list(Cs);
printable_unicode_list([C | Cs]) when is_integer(C), C >= 8, C =< 13 -> printable_unicode_list(Cs);
printable_unicode_list([$\e | Cs]) -> printable_unicode_list(Cs);
printable_unicode_list(Tail) -> Tail =:= [].

%% How many places text takes: grapheme clusters, which are characters as long as all are below 256.
-spec chars_length(chars()) -> non_neg_integer().
chars_length(Chars) ->
    try plain_length(Chars, 0)
    catch throw:clusters -> string:length(Chars)
    end.

plain_length([C | T], N) when is_integer(C) ->
    if
        C > 255 -> throw(clusters);
        true -> plain_length(T, N + 1)
    end;
plain_length([H | T], N) -> plain_length(T, plain_length(H, N));
plain_length([], N) -> N;
plain_length(_, _) -> throw(clusters).

%%% For I/O servers: taking what a request wants from the characters that have come

%% A state of [] or start begins; {done, Result, Rest} or {stop, Result, Rest} ends.
-spec collect_chars(term(), string() | binary() | eof, non_neg_integer()) -> term().
collect_chars(State, Data, Count) -> collect_chars(State, Data, latin1, Count).

-spec collect_chars(term(), string() | binary() | eof, latin1 | unicode, non_neg_integer()) -> term().
collect_chars(start, Data, Encoding, Count) when is_binary(Data) ->
    collect_chars({binary, [], Count}, Data, Encoding, Count);
collect_chars(start, Data, Encoding, Count) when is_list(Data) ->
    collect_chars({list, [], Count}, Data, Encoding, Count);
collect_chars(start, eof, _, _) ->
    {stop, eof, eof};
collect_chars({binary, [<<>>], _}, eof, _, _) -> {stop, eof, eof};
collect_chars({binary, [], _}, eof, _, _) -> {stop, eof, eof};
collect_chars({binary, Got, _}, eof, _, _) -> {stop, binary_so_far(Got), eof};
collect_chars({list, [], _}, eof, _, _) -> {stop, eof, eof};
collect_chars({list, Got, _}, eof, _, _) -> {stop, lists:append(lists:reverse(Got)), eof};
collect_chars({binary, Got, N}, Data, Encoding, _) ->
    case take_bytes(Data, N, Encoding) of
        {Chars, Rest, 0} -> {stop, binary_so_far([Chars | Got]), Rest};
        {Chars, _, Left} -> {binary, [Chars | Got], Left}
    end;
collect_chars({list, Got, N}, Data, _, _) ->
    case take_chars(N, Data, []) of
        {Chars, Rest, 0} -> {stop, lists:append(lists:reverse(Got, [Chars])), Rest};
        {Chars, _, Left} -> {list, [Chars | Got], Left}
    end;
collect_chars([], Data, Encoding, Count) ->
    collect_chars(start, Data, Encoding, Count).

-spec collect_line(term(), string() | binary() | eof, term()) -> term().
collect_line(State, Data, Arg) -> collect_line(State, Data, latin1, Arg).

-spec collect_line(term(), string() | binary() | eof, latin1 | unicode, term()) -> term().
collect_line(start, Data, Encoding, Arg) when is_binary(Data) -> collect_line([], Data, Encoding, Arg);
collect_line(start, Data, _, _) when is_list(Data) -> line(Data, []);
collect_line(start, eof, _, _) -> {stop, eof, eof};
collect_line([], eof, _, _) -> {stop, eof, eof};
collect_line(Got, eof, _, _) -> {stop, line_so_far(Got), eof};
collect_line(Got, Data, _, _) when is_binary(Data) ->
    case binary:split(Data, <<"\n">>) of
        [Line, Rest] -> {stop, <<(crlf(binary_so_far([Line | Got])))/binary, $\n>>, Rest};
        [_] -> [Data | Got]
    end;
collect_line(Got, Data, _, _) when is_list(Data) -> line(Data, Got).

line(Data, Got) ->
    {Part, Rest} = lists:splitwith(fun(C) -> C =/= $\n end, Data),
    case {lists:reverse(Part, Got), Rest} of
        {More, []} -> More;
        {[$\r | Line], [_ | Next]} -> {stop, lists:reverse(Line, "\n"), Next};
        {Line, [_ | Next]} -> {stop, lists:reverse(Line, "\n"), Next}
    end.

line_so_far([B | _] = Got) when is_binary(B) -> binary_so_far(Got);
line_so_far(Got) -> lists:reverse(Got).

binary_so_far(Got) -> iolist_to_binary(lists:reverse(Got)).

crlf(Line) ->
    Size = byte_size(Line) - 1,
    case Line of
        <<Body:Size/binary, $\r>> -> Body;
        _ -> Line
    end.

take_chars(0, Rest, Got) -> {lists:reverse(Got), Rest, 0};
take_chars(N, [C | Cs], Got) -> take_chars(N - 1, Cs, [C | Got]);
take_chars(N, [], Got) -> {lists:reverse(Got), [], N}.

take_bytes(Data, N, latin1) ->
    case Data of
        <<Chars:N/binary, Rest/binary>> -> {Chars, Rest, 0};
        _ -> {Data, <<>>, N - byte_size(Data)}
    end;
take_bytes(Data, N, _) -> take_utf8(Data, Data, 0, N).

take_utf8(Data, _, Bytes, 0) ->
    <<Chars:Bytes/binary, Rest/binary>> = Data,
    {Chars, Rest, 0};
take_utf8(Data, <<C/utf8, Rest/binary>>, Bytes, N) ->
    take_utf8(Data, Rest, Bytes + byte_size(<<C/utf8>>), N - 1);
take_utf8(Data, _, _, N) ->
    {Data, <<>>, N}.

-spec get_until(term(), string() | binary() | eof, {module(), atom(), [term()]}) -> term().
get_until(State, Data, MFA) -> get_until(State, Data, latin1, MFA).

-spec get_until(term(), string() | binary() | eof, latin1 | unicode, {module(), atom(), [term()]}) ->
    term().
get_until(start, Data, Encoding, MFA) -> get_until([], Data, Encoding, MFA);
get_until(Continuation, Data, Encoding, {M, F, Args}) ->
    Chars = case is_binary(Data) of
        true -> unicode:characters_to_list(Data, Encoding);
        false -> Data
    end,
    case apply(M, F, [Continuation, Chars | Args]) of
        {done, Result, Rest} when is_binary(Data), is_list(Rest) ->
            {stop, Result, unicode:characters_to_binary(Rest, Encoding, Encoding)};
        {done, Result, Rest} -> {stop, Result, Rest};
        {more, Next} -> Next
    end.
