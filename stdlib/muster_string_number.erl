%% string:to_integer/1 and to_float/1: the number that a text begins with, and the rest of the text.
-module(muster_string_number).
-export([to_integer/1, to_float/1]).

-spec to_integer(unicode:chardata()) ->
    {integer(), unicode:chardata()} | {error, no_integer | badarg}.
to_integer(Chars) ->
    try
        {Sign, Chars1} = number_start(Chars, [$-, $+]),
        case digits(Chars1, []) of
            {[], _} -> {error, no_integer};
            {Digits, Rest} ->
                {list_to_integer(Sign ++ lists:reverse(Digits)), unread(Rest, Chars)}
        end
    catch
        error:_ -> {error, badarg}
    end.

-spec to_float(unicode:chardata()) -> {float(), unicode:chardata()} | {error, no_float | badarg}.
to_float(Chars) ->
    try
        {Sign, Chars1} = number_start(Chars, [$-, $+]),
        to_float(Sign, digits(Chars1, []), Chars)
    catch
        error:_ -> {error, badarg}
    end.

%% What follows a number, which must be text.
unread(Rest, Chars) ->
    case unicode_util:gc(Rest) of
        [] when Rest =:= <<>> -> Rest;
        [] when is_binary(Chars) -> <<>>;
        [] -> [];
        _ -> Rest
    end.

to_float(_, {[], _}, _) -> {error, no_float};
to_float(Sign, {Whole, Rest}, Chars) ->
    case number_start(Rest, [$., $,]) of
        {"", _} -> {error, no_float};
        {_, Rest1} ->
            case digits(Rest1, []) of
                {[], _} -> {error, no_float};
                {Fraction, Rest2} ->
                    {Exponent, Rest3} = exponent(Rest2),
                    Text = Sign ++ lists:reverse(Whole, [$. | lists:reverse(Fraction, Exponent)]),
                    try list_to_float(Text) of
                        X -> {X, unread(Rest3, Chars)}
                    catch
                        error:_ -> {error, no_float}
                    end
            end
    end.

exponent(Chars) ->
    case number_start(Chars, [$e, $E]) of
        {"", _} -> {"", Chars};
        {E, Rest} ->
            {Sign, Rest1} = number_start(Rest, [$-, $+]),
            case digits(Rest1, []) of
                {[], _} -> {"", Chars};
                {Digits, Rest2} -> {E ++ Sign ++ lists:reverse(Digits), Rest2}
            end
    end.

%% The next codepoint, if it is one of the set.
number_start(Chars, Set) ->
    case unicode_util:cp(Chars) of
        [C | Rest] ->
            case lists:member(C, Set) of
                true -> {[C], Rest};
                false -> {"", Chars}
            end;
        [] -> {"", Chars}
    end.

digits(Chars, Digits) ->
    case unicode_util:cp(Chars) of
        [C | Rest] when C >= $0, C =< $9 -> digits(Rest, [C | Digits]);
        _ -> {Digits, Chars}
    end.
