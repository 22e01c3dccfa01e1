%% From characters to the tokens of Erlang. scan/2 finds the next thing and how many characters it
%% takes; where it stands, its text and its annotation follow from the count alone. A token that
%% the end of the input may have cut off says `more`, and is scanned again from its beginning when
%% more is there: a continuation is the tokens so far and the characters not yet taken.
-module(erl_scan).

-export([string/1, string/2, string/3, tokens/3, tokens/4, continuation_location/1,
         format_error/1, reserved_word/1, f_reserved_word/1]).
-export([category/1, column/1, end_location/1, line/1, location/1, text/1, symbol/1]).

-export_type([error_info/0, error_description/0, options/0, token/0, tokens/0, tokens_result/0,
              return_cont/0, category/0, symbol/0]).

-type category() :: atom().
-type symbol() :: atom() | float() | integer() | string().
-type token() :: {category(), erl_anno:anno(), symbol()} | {category(), erl_anno:anno()}.
-type tokens() :: [token()].
-type option() :: return | return_white_spaces | return_comments | text
    | {reserved_word_fun, fun((atom()) -> boolean())}
    | {text_fun, fun((category(), string()) -> boolean())}.
-type options() :: option() | [option()].
-type error_description() :: term().
-type error_info() :: {erl_anno:location(), module(), error_description()}.
-type tokens_result() :: {ok, tokens(), erl_anno:location()} | {eof, erl_anno:location()}
    | {error, error_info(), erl_anno:location()}.
-opaque return_cont() :: tuple().

-record(options, {reserved :: fun((atom()) -> boolean()),
                  text :: none | fun((category(), string()) -> boolean()),
                  spaces :: boolean(), comments :: boolean()}).

-record(erl_scan_continuation, {chars, line, tokens, column, options}).

-define(IS_DIGIT(C), C >= $0, C =< $9).
-define(IS_HEX(C),
        C >= $0 andalso C =< $9 orelse C >= $a andalso C =< $f orelse C >= $A andalso C =< $F).
-define(IS_LOWER(C), C >= $a andalso C =< $z orelse C >= $ß andalso C =< $ÿ andalso C =/= $÷).
-define(IS_UPPER(C),
        C >= $A andalso C =< $Z orelse C =:= $_ orelse C >= $À andalso C =< $Þ andalso C =/= $×).
-define(IS_WHITE(C), (is_integer(C) andalso (C >= 0 andalso C =< $\s orelse C >= 128 andalso C =< 160))).
-define(IS_UNICODE(C),
        is_integer(C) andalso (C >= 0 andalso C < 16#D800 orelse C > 16#DFFF andalso C < 16#FFFE
                               orelse C > 16#FFFF andalso C =< 16#10FFFF)).
-define(IS_START(L), is_integer(L) orelse is_integer(element(1, L)), is_integer(L) orelse
        tuple_size(L) =:= 2 andalso is_integer(element(2, L)) andalso element(2, L) >= 1).

%%% All at once, and piece by piece

-spec string(string()) -> {ok, tokens(), erl_anno:location()}
                              | {error, error_info(), erl_anno:location()}.
string(Chars) -> string(Chars, 1, []).

-spec string(string(), erl_anno:location()) ->
          {ok, tokens(), erl_anno:location()} | {error, error_info(), erl_anno:location()}.
string(Chars, Start) -> string(Chars, Start, []).

-spec string(string(), erl_anno:location(), options()) ->
          {ok, tokens(), erl_anno:location()} | {error, error_info(), erl_anno:location()}.
string(Chars, Start, Options) when is_list(Chars), ?IS_START(Start) ->
    {Line, Column} = split_location(Start),
    all(Chars, Line, Column, [], options(Options)).

all(Chars, Line, Column, Tokens, Options) ->
    case next(Chars, eof, Line, Column, Options) of
        {token, Token, Rest, Line1, Column1} ->
            all(Rest, Line1, Column1, [Token | Tokens], Options);
        {tokens, Several, Rest, Line1, Column1} ->
            all(Rest, Line1, Column1, lists:reverse(Several, Tokens), Options);
        {skip, Rest, Line1, Column1} -> all(Rest, Line1, Column1, Tokens, Options);
        eof -> {ok, lists:reverse(Tokens), location(Line, Column)};
        {error, Error, Line1, Column1, _} -> {error, Error, location(Line1, Column1)}
    end.

-spec tokens([] | return_cont(), string() | eof, erl_anno:location()) ->
          {done, tokens_result(), string() | eof} | {more, return_cont()}.
tokens(Continuation, Chars, Start) -> tokens(Continuation, Chars, Start, []).

-spec tokens([] | return_cont(), string() | eof, erl_anno:location(), options()) ->
          {done, tokens_result(), string() | eof} | {more, return_cont()}.
tokens([], Chars, Start, Options) when ?IS_START(Start) ->
    {Line, Column} = split_location(Start),
    tokens(#erl_scan_continuation{chars = [], tokens = [], line = Line, column = Column,
                                  options = options(Options)}, Chars, Start, Options);
tokens(#erl_scan_continuation{chars = Before} = C, eof, _, _) ->
    up_to_dot(Before, eof, C#erl_scan_continuation.tokens, C);
tokens(#erl_scan_continuation{chars = Before} = C, Chars, _, _) when is_list(Chars) ->
    try length(Chars) of
        _ -> up_to_dot(Before ++ Chars, more, C#erl_scan_continuation.tokens, C)
    catch
        error:badarg -> with_eof(up_to_dot(Before ++ without_eof(Chars), eof, C#erl_scan_continuation.tokens, C))
    end.

%% Some write Chars ++ eof for text that is whole.
without_eof([C | Cs]) -> [C | without_eof(Cs)];
without_eof(eof) -> [].

with_eof({done, Result, Left}) when is_list(Left) -> {done, Result, Left ++ eof};
with_eof(Done) -> Done.

up_to_dot(Chars, End, Tokens, #erl_scan_continuation{line = Line, column = Column} = C) ->
    case next(Chars, End, Line, Column, C#erl_scan_continuation.options) of
        {token, Token, Rest, Line1, Column1} when element(1, Token) =:= dot ->
            Left = case Rest of
                [] when End =:= eof -> eof;
                _ -> Rest
            end,
            {done, {ok, lists:reverse(Tokens, [Token]), location(Line1, Column1)}, Left};
        {token, Token, Rest, Line1, Column1} ->
            C1 = C#erl_scan_continuation{line = Line1, column = Column1},
            up_to_dot(Rest, End, [Token | Tokens], C1);
        {tokens, Several, Rest, Line1, Column1} ->
            C1 = C#erl_scan_continuation{line = Line1, column = Column1},
            up_to_dot(Rest, End, lists:reverse(Several, Tokens), C1);
        {skip, Rest, Line1, Column1} ->
            C1 = C#erl_scan_continuation{line = Line1, column = Column1},
            up_to_dot(Rest, End, Tokens, C1);
        more -> {more, C#erl_scan_continuation{chars = Chars, tokens = Tokens}};
        eof when Tokens =:= [] -> {done, {eof, location(Line, Column)}, eof};
        eof -> {done, {ok, lists:reverse(Tokens), location(Line, Column)}, eof};
        {error, Error, Line1, Column1, Rest} ->
            Left = case Rest of
                [] when End =:= eof -> eof;
                _ -> Rest
            end,
            {done, {error, Error, location(Line1, Column1)}, Left}
    end.

-spec continuation_location(return_cont()) -> erl_anno:location().
continuation_location(#erl_scan_continuation{line = Line, column = Column}) ->
    location(Line, Column).

options(Option) when is_atom(Option); is_tuple(Option) -> options([Option]);
options(List) when is_list(List) ->
    Has = fun(Option) -> lists:member(Option, List) end,
    #options{reserved = fun_option(reserved_word_fun, 1, List, fun reserved_word/1),
             text = case Has(text) of
                 true -> fun(_, _) -> true end;
                 false -> fun_option(text_fun, 2, List, none)
             end,
             spaces = Has(return) orelse Has(return_white_spaces),
             comments = Has(return) orelse Has(return_comments)};
options(Other) -> erlang:error(badarg, [Other]).

fun_option(Key, Arity, List, Default) ->
    case lists:keyfind(Key, 1, List) of
        {_, F} when is_function(F, Arity) -> F;
        false -> Default;
        _ -> erlang:error(badarg, [List])
    end.

split_location({Line, Column}) -> {Line, Column};
split_location(Line) -> {Line, no_column}.

location(Line, no_column) -> Line;
location(Line, Column) -> {Line, Column}.

%%% One token, at its place

next([], End, _, _, _) -> End;
next(Chars, End, Line, Column, Options) ->
    case scan(Chars, End) of
        more -> more;
        {error, Reason, From, Count, Rest} ->
            {Line1, Column1} = advance(Chars, From, Line, Column),
            {Line2, Column2} = advance(Chars, Count, Line, Column),
            {error, {location(Line1, Column1), ?MODULE, Reason}, Line2, Column2, Rest};
        {white_space, _, Count, Rest} when not Options#options.spaces ->
            skip(Chars, Count, Rest, Line, Column);
        {comment, _, Count, Rest} when not Options#options.comments ->
            skip(Chars, Count, Rest, Line, Column);
        {sigil, Parts, _, Rest} ->
            {Tokens, Line1, Column1} = parts(Parts, Chars, Line, Column, Options),
            {tokens, Tokens, Rest, Line1, Column1};
        {Category, Value, Count, Rest} ->
            {Line1, Column1} = advance(Category, Chars, Count, Line, Column),
            Text = fun() -> lists:sublist(Chars, Count) end,
            {token, token(Category, Value, Text, location(Line, Column), Options), Rest, Line1,
             Column1}
    end.

%% The tokens of a sigil follow each other without anything between.
parts([{Category, Value, Count} | Parts], Chars, Line, Column, Options) ->
    {Line1, Column1} = advance(Chars, Count, Line, Column),
    {Text, Chars1} = lists:split(Count, Chars),
    Token = token(Category, Value, fun() -> Text end, location(Line, Column), Options),
    {Tokens, Line2, Column2} = parts(Parts, Chars1, Line1, Column1, Options),
    {[Token | Tokens], Line2, Column2};
parts([], _, Line, Column, _) -> {[], Line, Column}.

skip(Chars, Count, Rest, Line, Column) ->
    {Line1, Column1} = advance(Chars, Count, Line, Column),
    {skip, Rest, Line1, Column1}.

token(name, Name, Text, Location, #options{reserved = IsReserved} = Options) ->
    case IsReserved(Name) of
        true -> {Name, anno(Name, Text, Location, Options)};
        false -> {atom, anno(atom, Text, Location, Options), Name}
    end;
token(symbol, Symbol, Text, Location, Options) ->
    {Symbol, anno(Symbol, Text, Location, Options)};
token(Category, {text}, Text, Location, Options) ->
    {Category, anno(Category, Text, Location, Options), Text()};
token(Category, Value, Text, Location, Options) ->
    {Category, anno(Category, Text, Location, Options), Value}.

anno(_, _, Location, #options{text = none}) -> erl_anno:new(Location);
anno(Category, Text, Location, #options{text = Wanted}) ->
    Anno = erl_anno:new(Location),
    String = Text(),
    case Wanted(Category, String) of
        true -> erl_anno:set_text(String, Anno);
        false -> Anno
    end.

%% Most tokens hold no line feed.
advance(Category, Chars, Count, Line, Column)
  when Category =:= string; Category =:= char; Category =:= atom; Category =:= white_space;
       Category =:= symbol ->
    advance(Chars, Count, Line, Column);
advance(_, _, _, Line, no_column) -> {Line, no_column};
advance(_, _, Count, Line, Column) -> {Line, Column + Count}.

advance(_, 0, Line, Column) -> {Line, Column};
advance([$\n | T], Count, Line, no_column) -> advance(T, Count - 1, Line + 1, no_column);
advance([$\n | T], Count, Line, _) -> advance(T, Count - 1, Line + 1, 1);
advance([_ | T], Count, Line, no_column) -> advance(T, Count - 1, Line, no_column);
advance([_ | T], Count, Line, Column) -> advance(T, Count - 1, Line, Column + 1).

%%% One token: {Category, Value, Count, Rest}, {error, Reason, From, Count, Rest} or more. End is
%%% eof if nothing comes after the characters, else more. A sigil is three at once: its Value is
%%% a list of {Category, Value, Count}.

scan([C | T], End) when ?IS_LOWER(C) -> name(name, T, [C], 1, End);
scan([C | T], End) when ?IS_UPPER(C) -> name(var, T, [C], 1, End);
scan([C | _] = Chars, End) when ?IS_DIGIT(C) -> number(Chars, End);
scan([$\n | T], End) -> after_newline(T, End);
scan([$\r | T], _) -> {white_space, {text}, 1, T};
scan([C | T], End) when C =:= $\s -> white(T, C, 1, 16, End);
scan([C | T], End) when C =:= $\t -> white(T, C, 1, 10, End);
scan([C | T], End) when ?IS_WHITE(C) -> other_white(T, 1, End);
scan([$% | T], End) -> comment(T, 1, End);
scan([$", $", $" | _] = Chars, End) -> triple_quoted(Chars, End);
scan([$" | T], End) -> quoted(T, $", End);
scan([$' | T], End) -> quoted(T, $', End);
scan([$~ | T], End) -> sigil(T, End);
scan([$$ | T], End) -> character(T, End);
scan([C | _] = Chars, End) when is_integer(C), C =< 255 -> symbol(Chars, End);
scan([C | T], _) when is_integer(C) -> {error, {illegal, character}, 0, 1, T};
scan(Chars, _) -> erlang:error(function_clause, [Chars]).

name(Category, Chars, Name, Count, End) ->
    case name_end(Chars, Name, Count) of
        {_, _, []} when End =:= more -> more;
        {Name1, Count1, Rest} -> an_atom(Category, Name1, Count1, Rest)
    end.

name_end([C | T], Name, Count)
  when ?IS_LOWER(C); ?IS_UPPER(C); C >= $0 andalso C =< $9; C =:= $@ ->
    name_end(T, [C | Name], Count + 1);
name_end(Rest, Name, Count) -> {lists:reverse(Name), Count, Rest}.

an_atom(Category, Name, Count, Rest) ->
    try list_to_atom(Name) of
        Atom -> {Category, Atom, Count, Rest}
    catch
        error:_ when Category =:= var -> {error, {illegal, var}, 0, Count, Rest};
        error:_ -> {error, {illegal, atom}, 0, Count, Rest}
    end.

%% Spaces or tabs, up to a limit; a line feed takes those that indent the next line along.
after_newline([$\s | T], End) -> white(T, $\s, 2, 17, End);
after_newline([$\t | T], End) -> white(T, $\t, 2, 11, End);
after_newline([], more) -> more;
after_newline(Rest, _) -> {white_space, {text}, 1, Rest}.

white([C | T], C, Count, Most, End) when Count < Most -> white(T, C, Count + 1, Most, End);
white([], _, _, _, more) -> more;
white(Rest, _, Count, _, _) -> {white_space, {text}, Count, Rest}.

other_white([C | T], Count, End) when ?IS_WHITE(C), C =/= $\n -> other_white(T, Count + 1, End);
other_white([], _, more) -> more;
other_white(Rest, Count, _) -> {white_space, {text}, Count, Rest}.

comment([C | T], Count, End) when C =/= $\n, ?IS_UNICODE(C) -> comment(T, Count + 1, End);
comment([], _, more) -> more;
comment([C | T], Count, _) when is_integer(C), C =/= $\n -> {error, {illegal, character}, 0, Count + 1, T};
comment(Rest, Count, _) -> {comment, {text}, Count, Rest}.

%%% Quoted things

quoted(Chars, Quote, End) ->
    case delimited(Chars, Quote, escapes, [], 1, End) of
        {closed, Name, Count, Rest} when Quote =:= $' -> an_atom(atom, Name, Count, Rest);
        {closed, String, Count, Rest} -> a_string(String, Count, Rest, End);
        {open, Text, Count} -> {error, {string, Quote, lists:sublist(Text, 16)}, 0, Count, []};
        Other -> Other
    end.

%% Where the text ends: {closed, Text, Count, Rest}, or {open, Text, Count} if it does not.
delimited([Close | Rest], Close, _, Chars, Count, _) ->
    {closed, lists:reverse(Chars), Count + 1, Rest};
delimited([$\\ | T], Close, escapes, Chars, Count, End) ->
    case escape(T, End) of
        {ok, C, N, Rest} -> delimited(Rest, Close, escapes, [C | Chars], Count + N + 1, End);
        cut when End =:= more -> more;
        cut -> {open, lists:reverse(Chars), Count + 1 + length(T)};
        {illegal, N, Rest} -> {error, {illegal, character}, Count, Count + N + 1, Rest}
    end;
delimited([C | T], Close, Mode, Chars, Count, End) when ?IS_UNICODE(C) ->
    delimited(T, Close, Mode, [C | Chars], Count + 1, End);
delimited([], _, _, _, _, more) -> more;
delimited([], _, _, Chars, Count, eof) -> {open, lists:reverse(Chars), Count};
delimited([C | T], _, _, _, Count, _) when is_integer(C) ->
    {error, {illegal, character}, Count, Count + 1, T}.

%% Strings are joined only if something stands between them: quotes in a row say something else.
a_string(_, _, [], more) -> more;
a_string(_, Count, [$" | _] = Rest, _) -> {error, string_concat, Count, Count, Rest};
a_string(String, Count, Rest, _) -> {string, String, Count, Rest}.

character([$\\ | T], End) ->
    case escape(T, End) of
        {ok, C, N, Rest} -> {char, C, N + 2, Rest};
        cut when End =:= more -> more;
        cut -> {error, char, 0, 2 + length(T), []};
        {illegal, N, Rest} -> {error, {illegal, character}, 0, N + 2, Rest}
    end;
character([C | T], _) when ?IS_UNICODE(C) -> {char, C, 2, T};
character([C | T], _) when is_integer(C) -> {error, {illegal, character}, 0, 1, T};
character([], more) -> more;
character([], eof) -> {error, char, 0, 1, []}.

%% After a backslash: the character, how many make it, and the rest.
escape([A, B, C | T], _) when A >= $0, A =< $7, B >= $0, B =< $7, C >= $0, C =< $7 ->
    {ok, (A - $0) * 64 + (B - $0) * 8 + C - $0, 3, T};
escape([A], more) when A >= $0, A =< $7 -> cut;
escape([A, B], more) when A >= $0, A =< $7, B >= $0, B =< $7 -> cut;
escape([A, B | T], _) when A >= $0, A =< $7, B >= $0, B =< $7 -> {ok, (A - $0) * 8 + B - $0, 2, T};
escape([A | T], _) when A >= $0, A =< $7 -> {ok, A - $0, 1, T};
escape([$x, ${ | T], _) -> braced(T, 0, 2);
escape([$x, A, B | T], _) when ?IS_HEX(A), ?IS_HEX(B) -> {ok, hex(A) * 16 + hex(B), 3, T};
escape([$x], _) -> cut;
escape([$x, A], more) when ?IS_HEX(A) -> cut;
escape([$x, A], _) when ?IS_HEX(A) -> {illegal, 1, [A]};
escape([$x | T], _) -> {illegal, 1, T};
escape([$^, C | T], _) when is_integer(C), C >= 0 -> {ok, C band 31, 2, T};
escape([$^], _) -> cut;
escape([$n | T], _) -> {ok, $\n, 1, T};
escape([$r | T], _) -> {ok, $\r, 1, T};
escape([$t | T], _) -> {ok, $\t, 1, T};
escape([$v | T], _) -> {ok, $\v, 1, T};
escape([$b | T], _) -> {ok, $\b, 1, T};
escape([$f | T], _) -> {ok, $\f, 1, T};
escape([$e | T], _) -> {ok, $\e, 1, T};
escape([$s | T], _) -> {ok, $\s, 1, T};
escape([$d | T], _) -> {ok, $\d, 1, T};
escape([C | T], _) when ?IS_UNICODE(C) -> {ok, C, 1, T};
escape([_ | T], _) -> {illegal, 1, T};
escape([], _) -> cut.

braced([$} | T], C, Count) when Count > 2, ?IS_UNICODE(C) -> {ok, C, Count + 1, T};
braced([$} | T], _, Count) -> {illegal, Count + 1, T};
braced([D | T], C, Count) when ?IS_HEX(D) -> braced(T, min(C * 16 + hex(D), 16#110000), Count + 1);
braced([], _, _) -> cut;
braced(Rest, _, Count) -> {illegal, Count, Rest}.

hex(C) when C =< $9 -> C - $0;
hex(C) -> (C bor 32) - $a + 10.

%%% Triple-quoted strings: from a line that ends in three or more quotes to the first one that
%%% begins with as many. The white space before those is the indentation of every line between.

triple_quoted(Chars, End) ->
    case block(Chars, verbatim, 0, End) of
        {closed, String, Count, Rest} -> a_string(String, Count, Rest, End);
        {open, Quotes, Head, Count} ->
            {error, {unterminated, {string, Quotes}, Head}, Quotes, Count, []};
        Other -> Other
    end.

%% What begins At characters after the beginning of the token.
block(Chars, Mode, At, End) ->
    {Quotes, Text} = quotes(Chars, 0),
    case indentation(Text, []) of
        {_, []} when End =:= more -> more;
        {_, []} -> {open, Quotes, lists:sublist(Text, 16), At + length(Chars)};
        {White, [$\n | Lines]} ->
            case block_lines(Lines, Quotes, At + Quotes + length(White) + 1, [], End) of
                {closed, Indentation, Found, Count, Rest} ->
                    block_text(Found, Indentation, Mode, Count, Rest);
                open -> {open, Quotes, lists:sublist(Text, 16), At + length(Chars)};
                Other -> Other
            end;
        {White, Rest} ->
            From = At + Quotes + length(White),
            {error, white_space, From, From, Rest}
    end.

quotes([$" | T], Count) -> quotes(T, Count + 1);
quotes(Rest, Count) -> {Count, Rest}.

indentation([C | T], White) when C =/= $\n, ?IS_WHITE(C) -> indentation(T, [C | White]);
indentation(Rest, White) -> {lists:reverse(White), Rest}.

%% Lines with where they begin, last one first, up to the closing quotes.
block_lines(Chars, Quotes, Count, Lines, End) ->
    {White, Text} = indentation(Chars, []),
    case quotes(Text, 0) of
        {N, _} when N >= Quotes ->
            {closed, White, Lines, Count + length(White) + Quotes, lists:nthtail(Quotes, Text)};
        _ ->
            case delimited(Chars, $\n, verbatim, [], Count, End) of
                {closed, Line, Count1, Rest} ->
                    block_lines(Rest, Quotes, Count1, [{Count, Line} | Lines], End);
                {open, _, _} -> open;
                Other -> Other
            end
    end.

%% The break of the last line is not part of the text.
block_text([{At, Last} | Lines], Indentation, Mode, Count, Rest) ->
    Last1 = case lists:reverse(Last) of
        [$\r | Reversed] -> lists:reverse(Reversed);
        _ -> Last
    end,
    try
        Texts = [block_line(Line, Indentation, Mode)
                 || Line <- lists:reverse(Lines, [{At, Last1}])],
        {closed, lists:append(lists:join("\n", Texts)), Count, Rest}
    catch
        throw:{indentation, From} -> {error, indentation, From, Count, Rest};
        throw:{escape, From} -> {error, {illegal, character}, From, Count, Rest}
    end;
block_text([], _, _, Count, Rest) -> {closed, [], Count, Rest}.

block_line({_, []}, _, _) -> [];
block_line({_, "\r" = Line}, _, _) -> Line;
block_line({At, Line}, Indentation, Mode) ->
    case lists:prefix(Indentation, Line) of
        false -> throw({indentation, At});
        true ->
            Size = length(Indentation),
            unescaped(lists:nthtail(Size, Line), Mode, At + Size)
    end.

unescaped(Line, verbatim, _) -> Line;
unescaped("\\", escapes, _) -> [];
unescaped([$\\ | T], escapes, At) ->
    case escape(T, eof) of
        {ok, C, N, Rest} -> [C | unescaped(Rest, escapes, At + N + 1)];
        _ -> throw({escape, At})
    end;
unescaped([C | T], escapes, At) -> [C | unescaped(T, escapes, At + 1)];
unescaped([], escapes, _) -> [].

%%% Sigils: after ~ a name, a text in delimiters, and another name. Both names may be missing.

sigil(Chars, End) ->
    case name_end(Chars, [], 1) of
        {_, _, []} when End =:= more -> more;
        {Name, Count, Rest} ->
            try list_to_atom(Name) of
                Prefix -> sigil(Prefix, Count, Rest, End)
            catch
                error:_ -> {error, {illegal, sigil_prefix}, 0, Count, Rest}
            end
    end.

sigil(Prefix, At, [$", $", $" | _] = Chars, End) ->
    case block(Chars, sigil_mode(Prefix, verbatim), At, End) of
        {closed, String, Count, Rest} -> sigil_end(Prefix, At, String, Count, Rest, End);
        {open, Quotes, Head, Count} ->
            {error, {unterminated, {sigil, Prefix, Quotes}, Head}, At + Quotes, Count, []};
        Other -> Other
    end;
sigil(Prefix, At, [Open | T] = Chars, End) ->
    case closing(Open) of
        none -> {error, {illegal, string}, At, At, Chars};
        Close ->
            case delimited(T, Close, sigil_mode(Prefix, escapes), [], At + 1, End) of
                {closed, String, Count, Rest} -> sigil_end(Prefix, At, String, Count, Rest, End);
                {open, Text, Count} ->
                    Reason = {unterminated, {sigil, Prefix, Open, Close}, lists:sublist(Text, 16)},
                    {error, Reason, At + 1, Count, []};
                Other -> Other
            end
    end;
sigil(_, At, [], _) -> {error, {illegal, string}, At, At, []}.

%% Without a name a sigil is what the string would be.
sigil_mode('', Mode) -> Mode;
sigil_mode(Prefix, _) when Prefix =:= 'S'; Prefix =:= 'B' -> verbatim;
sigil_mode(_, _) -> escapes.

closing($() -> $);
closing($[) -> $];
closing(${) -> $};
closing($<) -> $>;
closing(C) when C =:= $/; C =:= $|; C =:= $"; C =:= $'; C =:= $`; C =:= $# -> C;
closing(_) -> none.

%% At and Count are where the text begins and ends.
sigil_end(Prefix, At, String, Count, Chars, End) ->
    case name_end(Chars, [], Count) of
        {_, _, []} when End =:= more -> more;
        {[], _, [$" | _]} -> {error, string_concat, Count, Count, Chars};
        {Suffix, Count1, Rest} when length(Suffix) > 255 ->
            {error, {illegal, sigil_suffix}, Count, Count1, Rest};
        {Suffix, Count1, Rest} ->
            {sigil, [{sigil_prefix, Prefix, At}, {string, String, Count - At},
                     {sigil_suffix, Suffix, Count1 - Count}], Count1, Rest}
    end.

%%% Numbers

number(Chars, End) ->
    case digits(Chars, 10, [], 0) of
        {_, _, []} when End =:= more -> more;
        {Digits, Count, [$# | Rest]} -> based(list_to_integer(Digits), Count, Rest, End);
        {Digits, Count, [$., C | _] = [_ | Rest]} when ?IS_DIGIT(C) ->
            fraction(Digits, Count, Rest, End);
        {_, _, [C]} when End =:= more, C =:= $. orelse C =:= $_ -> more;
        {Digits, Count, Rest} -> {integer, list_to_integer(Digits), Count, Rest}
    end.

%% Underscores may stand between two digits.
digits([$_, C | T] = Chars, Base, Digits, Count) when Digits =/= [] ->
    case is_digit(C, Base) of
        true -> digits(T, Base, [C | Digits], Count + 2);
        false -> {lists:reverse(Digits), Count, Chars}
    end;
digits([C | T] = Chars, Base, Digits, Count) ->
    case is_digit(C, Base) of
        true -> digits(T, Base, [C | Digits], Count + 1);
        false -> {lists:reverse(Digits), Count, Chars}
    end;
digits([], _, Digits, Count) -> {lists:reverse(Digits), Count, []}.

is_digit(C, _) when C < $0 -> false;
is_digit(C, Base) when C =< $9 -> C - $0 < Base;
is_digit(C, Base) when C >= $A, C =< $Z; C >= $a, C =< $z -> hex(C) < Base;
is_digit(_, _) -> false.

based(Base, Count, Rest, _) when Base < 2; Base > 36 ->
    {error, {base, Base}, 0, Count, [$# | Rest]};
based(Base, Count, Chars, End) ->
    case digits(Chars, Base, [], 0) of
        {_, _, []} when End =:= more -> more;
        {[], _, Rest} -> {error, {illegal, integer}, 0, Count + 1, Rest};
        {Digits, N, Rest} -> {integer, list_to_integer(Digits, Base), Count + 1 + N, Rest}
    end.

fraction(Whole, Count, Chars, End) ->
    case digits(Chars, 10, [], 0) of
        {_, _, []} when End =:= more -> more;
        {Digits, N, [E | Rest]} when E =:= $e; E =:= $E ->
            exponent(Whole ++ [$. | Digits] ++ "e", Count + N + 2, Rest, End);
        {Digits, N, Rest} -> a_float(Whole ++ [$. | Digits], Count + N + 1, Rest)
    end.

exponent(Before, Count, [Sign | Chars], End) when Sign =:= $+; Sign =:= $- ->
    power(Before ++ [Sign], Count + 1, Chars, End);
exponent(Before, Count, Chars, End) -> power(Before, Count, Chars, End).

power(Before, Count, Chars, End) ->
    case digits(Chars, 10, [], 0) of
        {_, _, []} when End =:= more -> more;
        {[], _, Rest} -> {error, {illegal, float}, 0, Count, Rest};
        {Digits, N, Rest} -> a_float(Before ++ Digits, Count + N, Rest)
    end.

a_float(Text, Count, Rest) ->
    try list_to_float(Text) of
        Float -> {float, Float, Count, Rest}
    catch
        error:badarg -> {error, {illegal, float}, 0, Count, Rest}
    end.

%%% Symbols

symbol(".", more) -> more;
symbol("..", more) -> more;
symbol([$. | T], _) when T =:= []; hd(T) =:= $% -> {symbol, dot, 1, T};
symbol([$., C | T], _) when ?IS_WHITE(C) -> {symbol, dot, 2, T};
symbol(Chars, more) when length(Chars) < 3 ->
    case is_begun(Chars) of
        true -> more;
        false -> symbol(Chars, eof)
    end;
symbol("..." ++ T, _) -> {symbol, '...', 3, T};
symbol("=:=" ++ T, _) -> {symbol, '=:=', 3, T};
symbol("=/=" ++ T, _) -> {symbol, '=/=', 3, T};
symbol("<<" ++ T, _) -> {symbol, '<<', 2, T};
symbol("<-" ++ T, _) -> {symbol, '<-', 2, T};
symbol("<=" ++ T, _) -> {symbol, '<=', 2, T};
symbol(">>" ++ T, _) -> {symbol, '>>', 2, T};
symbol(">=" ++ T, _) -> {symbol, '>=', 2, T};
symbol("->" ++ T, _) -> {symbol, '->', 2, T};
symbol("--" ++ T, _) -> {symbol, '--', 2, T};
symbol("++" ++ T, _) -> {symbol, '++', 2, T};
symbol("=<" ++ T, _) -> {symbol, '=<', 2, T};
symbol("=>" ++ T, _) -> {symbol, '=>', 2, T};
symbol("==" ++ T, _) -> {symbol, '==', 2, T};
symbol("/=" ++ T, _) -> {symbol, '/=', 2, T};
symbol("||" ++ T, _) -> {symbol, '||', 2, T};
symbol(":=" ++ T, _) -> {symbol, ':=', 2, T};
symbol("::" ++ T, _) -> {symbol, '::', 2, T};
symbol("?=" ++ T, _) -> {symbol, '?=', 2, T};
symbol(".." ++ T, _) -> {symbol, '..', 2, T};
symbol([C | T], _) when C >= 0 -> {symbol, list_to_atom([C]), 1, T}.

%% Whether what ends the input could go on to be a longer symbol.
is_begun([C]) -> lists:member(C, "<>-+=/|:?");
is_begun([C, D]) -> C =:= $= andalso (D =:= $: orelse D =:= $/).

%%% What went wrong, and parts of tokens

-spec format_error(error_description()) -> string().
format_error({string, Quote, Head}) ->
    lists:flatten(["unterminated ", thing(Quote), " starting with ",
                   io_lib:write_string(Head, Quote)]);
format_error({unterminated, What, Head}) ->
    Thing = case What of
        {string, _} -> "triple-quoted string";
        {sigil, _, _} -> "triple-quoted sigil";
        {sigil, _, _, _} -> "sigil"
    end,
    lists:flatten(["unterminated ", Thing, " starting with ", io_lib:write_string(Head, $")]);
format_error(indentation) -> "bad indentation in triple-quoted string";
format_error(white_space) -> "not white space after start of triple-quoted string";
format_error(string_concat) -> "adjacent string literals without intervening white space";
%% The next two are the compiler's, whose scanner knows which sigils there are.
format_error(sigil_prefix) -> "illegal sigil prefix";
format_error(sigil_suffix) -> "illegal sigil suffix";
format_error({illegal, Thing}) -> lists:flatten(io_lib:format("illegal ~w", [Thing]));
format_error(char) -> "unterminated character";
format_error({base, Base}) -> lists:flatten(io_lib:format("illegal base '~w'", [Base]));
format_error(Other) -> lists:flatten(io_lib:write(Other)).

thing($') -> "atom";
thing($") -> "string".

-spec category(token()) -> category().
category(Token) when tuple_size(Token) =:= 2; tuple_size(Token) =:= 3 -> element(1, Token);
category(Token) -> erlang:error(badarg, [Token]).

-spec symbol(token()) -> symbol().
symbol({Category, _}) -> Category;
symbol({_, _, Symbol}) -> Symbol;
symbol(Token) -> erlang:error(badarg, [Token]).

-spec column(token()) -> erl_anno:column() | undefined.
column(Token) -> erl_anno:column(element(2, Token)).

-spec end_location(token()) -> erl_anno:location() | undefined.
end_location(Token) -> erl_anno:end_location(element(2, Token)).

-spec line(token()) -> erl_anno:line().
line(Token) -> erl_anno:line(element(2, Token)).

-spec location(token()) -> erl_anno:location().
location(Token) -> erl_anno:location(element(2, Token)).

-spec text(token()) -> erl_anno:text() | undefined.
text(Token) -> erl_anno:text(element(2, Token)).

-spec f_reserved_word(atom()) -> boolean().
f_reserved_word(Word) -> reserved_word(Word) orelse Word =:= 'maybe' orelse Word =:= 'else'.

-spec reserved_word(atom()) -> boolean().
reserved_word('after') -> true;
reserved_word('and') -> true;
reserved_word('andalso') -> true;
reserved_word('band') -> true;
reserved_word('begin') -> true;
reserved_word('bnot') -> true;
reserved_word('bor') -> true;
reserved_word('bsl') -> true;
reserved_word('bsr') -> true;
reserved_word('bxor') -> true;
reserved_word('case') -> true;
reserved_word('catch') -> true;
reserved_word('cond') -> true;
reserved_word('div') -> true;
reserved_word('end') -> true;
reserved_word('fun') -> true;
reserved_word('if') -> true;
reserved_word('let') -> true;
reserved_word('not') -> true;
reserved_word('of') -> true;
reserved_word('or') -> true;
reserved_word('orelse') -> true;
reserved_word('receive') -> true;
reserved_word('rem') -> true;
reserved_word('try') -> true;
reserved_word('when') -> true;
reserved_word('xor') -> true;
reserved_word(_) -> false.
