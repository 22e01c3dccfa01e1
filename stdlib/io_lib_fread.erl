%% Formatted input: ~d and its kin, read from a string at once or from pieces as they come.
%%
%% A reading is a chain of steps over the format; when the characters run out before the format does,
%% the place in the format, the count of characters and the results so far are kept.
-module(io_lib_fread).

-export([fread/2, fread/3]).

-define(IS_SPACE(C), C =:= $\s; C =:= $\t; C =:= $\r; C =:= $\n).

%%% Pieces, as an I/O server gets them: a continuation starts as [], ends with {done, ...}

-spec fread(io_lib:continuation() | [], string() | eof, string()) ->
    {more, io_lib:continuation()} | {done, term(), string() | eof}.
fread([], Chars, Format) ->
    fread({Format, [], 0, []}, Chars, Format);
fread({Format, [], N, Results}, eof, _) ->
    case read(Format, [], N, Results) of
        {ok, _, _} = Done -> done(Done, []);
        _ when N > 0 -> {done, {error, {fread, input}}, eof};
        _ -> {done, eof, eof}
    end;
fread({Format, [$\r | Line], N, Results}, eof, _) ->
    case whole_line([], "\r", Line, Format, N, Results) of
        {more, Continuation} -> fread(Continuation, eof, Format);
        {done, {error, _} = Error, _} -> {done, Error, eof};
        Done -> Done
    end;
fread({Format, Started, N, Results}, eof, _) ->
    done(read(Format, lists:reverse(Started), N, Results), eof);
fread({Format, Started, N, Results}, Chars, _) ->
    lines(Chars, Started, Format, N, Results).

%% Reads line by line: a number may go on in the next piece, but not on the next line, which begins after \n, \r\n
%% or \r; a \r that ends a piece waits for what follows it.
lines([$\n | Rest], [$\r | Line], Format, N, Results) ->
    whole_line(Rest, "\r\n", Line, Format, N, Results);
lines([_ | _] = Rest, [$\r | Line], Format, N, Results) ->
    whole_line(Rest, "\r", Line, Format, N, Results);
lines([$\n | Rest], Line, Format, N, Results) ->
    whole_line(Rest, "\n", Line, Format, N, Results);
lines([C | Cs], Line, Format, N, Results) ->
    lines(Cs, [C | Line], Format, N, Results);
lines([], Line, Format, N, Results) ->
    {more, {Format, Line, N, Results}}.

whole_line(Rest, End, Line, Format, N, Results) ->
    case read(Format, lists:reverse(Line), N, Results) of
        {more, Format1, N1, Results1} -> lines(Rest, [], Format1, N1 + 1, Results1);
        {ok, Final, [_ | _] = Left} -> {done, {ok, Final}, Left ++ End ++ Rest};
        Done -> done(Done, Rest)
    end.

done({ok, Final, Left}, eof) -> {done, {ok, Final}, Left};
done({ok, Final, []}, Rest) -> {done, {ok, Final}, Rest};
done({error, _} = Error, Rest) -> {done, Error, Rest};
done({more, _, _, _}, Rest) -> {done, {error, {fread, input}}, Rest}.

%%% One string

-spec fread(string(), string()) ->
    {ok, [term()], string()} | {more, string(), non_neg_integer(), [term()]}
    | {error, {fread, io_lib:fread_error()}}.
fread(Format, String) ->
    read(Format, String, 0, []).

%% N characters have been read before, Results are in reverse.
read(Format, Chars, N, Results) -> steps(Format, Chars, N + count(Chars, 0), Results).

count([_ | Chars], N) -> count(Chars, N + 1);
count([], N) -> N.

%% All is how many characters there are with those read before.
steps([$~ | Format0] = Here, Chars, All, Results) ->
    {Skip, Format1} = suppress(Format0),
    {Width, Format2} = width(Format1),
    {Unicode, Format} = translation(Format2),
    case Format of
        [$l | Rest] when not Skip, Width =:= none ->
            steps(Rest, Chars, All, [All - length(Chars) | Results]);
        _ when Chars =:= [] -> {more, Here, All, Results};
        [Control | Rest] ->
            case item(Control, Width, Unicode, Chars) of
                {value, Value, Left} when not Skip -> steps(Rest, Left, All, [Value | Results]);
                {value, _, Left} -> steps(Rest, Left, All, Results);
                {none, Left} -> steps(Rest, Left, All, Results);
                {error, What} -> {error, {fread, What}}
            end;
        [] ->
            {error, {fread, format}}
    end;
steps([C | Format], Chars, All, Results) when ?IS_SPACE(C) ->
    steps(Format, skip(Chars), All, Results);
steps([C | Format], [C | Chars], All, Results) ->
    steps(Format, Chars, All, Results);
steps([_ | _], [_ | _], _, _) ->
    {error, {fread, input}};
steps([_ | _] = Format, [], All, Results) ->
    {more, Format, All, Results};
steps([], Chars, _, Results) ->
    {ok, lists:reverse(Results), Chars}.

suppress([$* | Format]) -> {true, Format};
suppress(Format) -> {false, Format}.

width([C | Format]) when C >= $0, C =< $9 -> width(Format, C - $0);
width(Format) -> {none, Format}.

width([C | Format], N) when C >= $0, C =< $9 -> width(Format, 10 * N + C - $0);
width(Format, N) -> {N, Format}.

translation([$t | Format]) -> {true, Format};
translation(Format) -> {false, Format}.

skip([C | Chars]) when ?IS_SPACE(C) -> skip(Chars);
skip(Chars) -> Chars.

%%% Items: {value, Value, Rest} or {error, What}

item($~, none, _, [$~ | Chars]) -> {none, Chars};
item($-, _, _, [$- | Chars]) -> {value, -1, Chars};
item($-, _, _, [$+ | Chars]) -> {value, 1, Chars};
item($-, _, _, Chars) -> {value, 1, Chars};
item($c, Width, Unicode, Chars) ->
    case field(Chars, case Width of none -> 1; _ -> Width end) of
        short -> {error, character};
        {Text, Rest} -> text(Unicode, Text, character, Rest)
    end;
item($d, Width, _, Chars) -> in_field(Width, Chars, integer, fun integer/1);
item($u, none, _, Chars) -> in_field(none, Chars, unsigned, fun(Text) -> unsigned(Text, 10) end);
item($u, Base, _, Chars) when Base >= 2, Base =< 36 -> % the manual knows no such thing, programs do
    in_field(none, Chars, unsigned, fun(Text) -> unsigned(Text, Base) end);
item($#, Width, _, Chars) -> in_field(Width, Chars, based, fun based/1);
item($f, Width, _, Chars) -> in_field(Width, Chars, float, fun float/1);
item($s, Width, Unicode, Chars) ->
    case word(Width, Unicode, Chars) of
        short -> {error, string};
        {Text, Rest} -> text(Unicode, Text, string, Rest)
    end;
item($a, Width, Unicode, Chars) ->
    case word(Width, Unicode, Chars) of
        short -> {error, atom};
        {Text, Rest} ->
            try text(Unicode, Text, atom, Rest) of
                {value, _, _} -> {value, list_to_atom(Text), Rest};
                Error -> Error
            catch
                error:_ -> {error, atom}
            end
    end;
item(_, _, _, _) ->
    {error, format}.

text(true, Text, _, Rest) -> {value, Text, Rest};
text(false, Text, Error, Rest) ->
    case io_lib:latin1_char_list(Text) of
        true -> {value, Text, Rest};
        false -> {error, Error}
    end.

%% The next N characters, all on one line.
field(Chars, N) -> field(Chars, N, []).

field(Chars, 0, Text) -> {lists:reverse(Text), Chars};
field([C | Chars], N, Text) when C =/= $\n -> field(Chars, N - 1, [C | Text]);
field(_, _, _) -> short.

%% Parses a field, which must hold nothing else, or what comes next.
in_field(none, Chars, Error, Parse) ->
    case Parse(Chars) of
        {Value, Rest} -> {value, Value, Rest};
        error -> {error, Error}
    end;
in_field(Width, Chars, Error, Parse) ->
    case field(Chars, Width) of
        short -> {error, Error};
        {Text, Rest} ->
            case Parse(Text) of
                {Value, []} -> {value, Value, Rest};
                _ -> {error, Error}
            end
    end.

%% Without `t` a word ends before what is not of Latin-1, too.
word(none, Unicode, Chars) ->
    InWord = fun(C) when ?IS_SPACE(C) -> false; (C) -> Unicode orelse C < 256 end,
    case lists:splitwith(InWord, skip(Chars)) of
        {[], [C | _]} when C > 255 -> short;
        Word -> Word
    end;
word(Width, _, Chars) ->
    case field(Chars, Width) of
        short -> short;
        {Text, Rest} -> {lists:reverse(skip(lists:reverse(skip(Text)))), Rest}
    end.

integer(Chars) ->
    {Sign, Digits} = sign(skip(Chars)),
    case digits(Digits, 10) of
        {[], _} -> error;
        {Text, Rest} -> {list_to_integer(Sign ++ Text), Rest}
    end.

%% A decimal digit that the base has not is an error, and does not end the number.
unsigned(Chars, Base) ->
    case digits(Chars, max(Base, 10)) of
        {[], _} -> error;
        {Text, Rest} ->
            case lists:all(fun(C) -> digit(C) < Base end, Text) of
                true -> {list_to_integer(Text, Base), Rest};
                false -> error
            end
    end.

based(Chars) ->
    {Sign, Unsigned} = sign(skip(Chars)),
    case digits(Unsigned, 10) of
        {[_ | _] = BaseText, [$# | Rest]} ->
            case list_to_integer(BaseText) of
                Base when Base >= 2, Base =< 36 ->
                    case digits(Rest, Base) of
                        {[], _} -> error;
                        {Text, Rest1} -> {list_to_integer(Sign ++ Text, Base), Rest1}
                    end;
                _ -> error
            end;
        _ -> error
    end.

%% Digits, a point, digits, perhaps an exponent.
float(Chars) ->
    {Sign, Unsigned} = sign(skip(Chars)),
    case digits(Unsigned, 10) of
        {[_ | _] = Whole, [$. | Rest]} ->
            case digits(Rest, 10) of
                {[_ | _] = Fraction, Rest1} ->
                    {Exponent, Rest2} = exponent(Rest1),
                    try {list_to_float(Sign ++ Whole ++ [$. | Fraction] ++ Exponent), Rest2}
                    catch error:_ -> error
                    end;
                _ -> error
            end;
        _ -> error
    end.

exponent([E | Chars]) when E =:= $e; E =:= $E ->
    {Sign, Unsigned} = sign(Chars),
    case digits(Unsigned, 10) of
        {[], _} -> {[E | Sign], Unsigned};
        {Digits, Rest} -> {[E | Sign] ++ Digits, Rest}
    end;
exponent(Chars) ->
    {"", Chars}.

sign([C | Chars]) when C =:= $-; C =:= $+ -> {[C], Chars};
sign(Chars) -> {"", Chars}.

digits(Chars, Base) -> lists:splitwith(fun(C) -> digit(C) < Base end, Chars).

digit(C) when C >= $0, C =< $9 -> C - $0;
digit(C) when C >= $a, C =< $z -> C - $a + 10;
digit(C) when C >= $A, C =< $Z -> C - $A + 10;
digit(_) -> 99.
