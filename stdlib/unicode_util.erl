%% Chardata taken apart, codepoint by codepoint (cp/1) or grapheme cluster by grapheme cluster
%% (gc/1), and the case and normalisation of what comes next. The tables are muster_unicode's.
%%
%% Each function returns [First | Rest], Rest being chardata again, [] at the end, and
%% {error, Rest} where a binary is not UTF-8.
-module(unicode_util).

-export([cp/1, gc/1, nfd/1, nfc/1, nfkd/1, nfkc/1, uppercase/1, lowercase/1, titlecase/1,
         casefold/1, whitespace/0, is_whitespace/1, upper/1, lower/1, title/1, fold/1]).

-export_type([gc/0]).

-type gc() :: char() | [char()].
-type result(T) :: maybe_improper_list(T, unicode:chardata()) | {error, unicode:chardata()}.

%%% Codepoints

-spec cp(unicode:chardata()) -> result(char()).
cp([C | _] = Chars) when is_integer(C) -> Chars;
cp([First | Rest]) -> first(First, Rest, []);
cp([]) -> [];
cp(<<C/utf8, Rest/binary>>) -> [C | Rest];
cp(<<>>) -> [];
cp(Binary) when is_binary(Binary) -> {error, Binary}.

%% The first codepoint of what is nested; after it come Tail, then the tails of the lists around it.
%% All is flat then, up to the first binary.
first(List, [], []) when is_list(List) -> cp(List);
first([C | Rest], Tail, Tails) when is_integer(C) -> [C | flat(Rest, add(Tail, Tails))];
first([First | Rest], Tail, Tails) -> first(First, Rest, add(Tail, Tails));
first([], [First | Rest], Tails) -> first(First, Rest, Tails);
first([], [], [Tail | Tails]) -> first(Tail, [], Tails);
first([], Tail, Tails) -> first(Tail, [], Tails);
first(<<C/utf8, Rest/binary>>, Tail, Tails) -> [C | before(Rest, add(Tail, Tails))];
first(<<>>, [], []) -> [];
first(<<>>, Tail, Tails) -> first([], Tail, Tails);
first(Binary, Tail, Tails) when is_binary(Binary) -> {error, before(Binary, add(Tail, Tails))};
first(C, Tail, Tails) when is_integer(C) -> [C | flat([], add(Tail, Tails))].

add([], Tails) -> Tails;
add(Tail, Tails) -> [Tail | Tails].

flat([C | Rest], Tails) when is_integer(C) -> [C | flat(Rest, Tails)];
flat([List | Rest], Tails) when is_list(List) -> flat(List, add(Rest, Tails));
flat([X | Rest], Tails) -> before(X, add(Rest, Tails));
flat([], [Tail | Tails]) -> flat(Tail, Tails);
flat([], []) -> [];
flat(X, Tails) -> before(X, Tails).

before(X, []) -> X;
before(X, Tails) -> [X | nested(Tails)].

nested([Tail]) -> Tail;
nested([Tail | Tails]) -> [Tail | nested(Tails)].

%%% Grapheme clusters

%% Two codepoints below this never belong together, but for CR LF.
-define(FIRST_MARK, 16#300).

-spec gc(unicode:chardata()) -> result(gc()).
gc([C]) when is_integer(C), C >= 0 -> [C];
gc([C1, C2 | _] = Chars) when is_integer(C1), C1 < ?FIRST_MARK, C1 =/= $\r,
                              is_integer(C2), C2 < ?FIRST_MARK ->
    Chars;
gc(<<C1, C2, _/binary>> = Binary) when C1 < 128, C1 =/= $\r, C2 < 128 ->
    <<_, Rest/binary>> = Binary,
    [C1 | Rest];
gc([]) -> [];
gc(Chars) ->
    case cp(Chars) of
        [C | Rest] -> cluster(C, Rest);
        Other -> Other
    end.

cluster(C, Rest) ->
    case cp(Rest) of
        [C2 | _] when C < ?FIRST_MARK, C2 < ?FIRST_MARK, C =/= $\r -> [C | Rest];
        [C2 | Rest2] ->
            case muster_unicode:joined(C, C2, 0) of
                false -> [C | Rest];
                State -> cluster([C2, C], C2, State, Rest2)
            end;
        _ -> [C | Rest]
    end.

cluster(Reversed, Last, State, Rest) ->
    case cp(Rest) of
        [C | Rest1] ->
            case muster_unicode:joined(Last, C, State) of
                false -> [lists:reverse(Reversed) | Rest];
                State1 -> cluster([C | Reversed], C, State1, Rest1)
            end;
        _ -> [lists:reverse(Reversed) | Rest]
    end.

%%% Normalisation of the next cluster

-spec nfd(unicode:chardata()) -> result(gc()).
nfd(Chars) -> normalized(nfd, 192, Chars).

-spec nfc(unicode:chardata()) -> result(gc()).
nfc(Chars) -> normalized(nfc, 256, Chars).

-spec nfkd(unicode:chardata()) -> result(gc()).
nfkd(Chars) -> normalized(nfkd, 160, Chars).

-spec nfkc(unicode:chardata()) -> result(gc()).
nfkc(Chars) -> normalized(nfkc, 160, Chars).

%% Below Limit nothing changes.
normalized(Form, Limit, Chars) ->
    case gc(Chars) of
        [C | _] = Result when is_integer(C), C < Limit -> Result;
        [C | Rest] when is_integer(C) -> one(muster_unicode:normalize(Form, [C]), Rest);
        [Cs | Rest] -> one(muster_unicode:normalize(Form, Cs), Rest);
        Other -> Other
    end.

one([C], Rest) -> [C | Rest];
one(Cs, Rest) -> [Cs | Rest].

%%% Case of the next codepoint; a list where it becomes several

-spec uppercase(unicode:chardata()) -> result(gc()).
uppercase(Chars) ->
    case cp(Chars) of
        [C | Rest] -> [upper(C) | Rest];
        [] -> [];
        {error, Rest} -> erlang:error({badarg, Rest})
    end.

-spec lowercase(unicode:chardata()) -> result(gc()).
lowercase(Chars) ->
    case cp(Chars) of
        [C | Rest] -> [lower(C) | Rest];
        [] -> [];
        {error, Rest} -> erlang:error({badarg, Rest})
    end.

-spec titlecase(unicode:chardata()) -> result(gc()).
titlecase(Chars) ->
    case cp(Chars) of
        [C | Rest] -> [title(C) | Rest];
        [] -> [];
        {error, Rest} -> erlang:error({badarg, Rest})
    end.

-spec casefold(unicode:chardata()) -> result(gc()).
casefold(Chars) ->
    case cp(Chars) of
        [C | Rest] -> [fold(C) | Rest];
        [] -> [];
        {error, Rest} -> erlang:error({badarg, Rest})
    end.

-spec upper(char()) -> gc().
upper(C) when C >= $a, C =< $z -> C - 32;
upper(C) when C < 128 -> C;
upper(C) ->
    case special_upper(C) of
        false -> muster_unicode:upper(C);
        Cs -> Cs
    end.

-spec lower(char()) -> gc().
lower(C) when C >= $A, C =< $Z -> C + 32;
lower(C) when C < 128 -> C;
lower(16#130) -> [$i, 16#307];
lower(C) -> muster_unicode:lower(C).

-spec title(char()) -> gc().
title(C) when C >= $a, C =< $z -> C - 32;
title(C) when C < 128 -> C;
title(C) ->
    case special_title(C) of
        false -> muster_unicode:title(C);
        Cs -> Cs
    end.

-spec fold(char()) -> gc().
fold(C) when C >= $A, C =< $Z -> C + 32;
fold(C) when C < 128 -> C;
fold(16#130) -> [$i, 16#307];
fold(16#1E9E) -> "ss";
fold(C) ->
    case special_upper(C) of
        false -> muster_unicode:fold(C);
        Cs -> lists:map(fun muster_unicode:fold/1, Cs)
    end.

%% The unconditional mappings to several codepoints of Unicode's SpecialCasing. Greek letters with
%% an iota below come in rows of eight small and eight capital ones.
special_upper(16#DF) -> "SS";
special_upper(16#149) -> [16#2BC, $N];
special_upper(16#1F0) -> [$J, 16#30C];
special_upper(16#390) -> [16#399, 16#308, 16#301];
special_upper(16#3B0) -> [16#3A5, 16#308, 16#301];
special_upper(16#587) -> [16#535, 16#552];
special_upper(C) when C < 16#1E96 -> false;
special_upper(16#1E96) -> [$H, 16#331];
special_upper(16#1E97) -> [$T, 16#308];
special_upper(16#1E98) -> [$W, 16#30A];
special_upper(16#1E99) -> [$Y, 16#30A];
special_upper(16#1E9A) -> [$A, 16#2BE];
special_upper(16#1F50) -> [16#3A5, 16#313];
special_upper(16#1F52) -> [16#3A5, 16#313, 16#300];
special_upper(16#1F54) -> [16#3A5, 16#313, 16#301];
special_upper(16#1F56) -> [16#3A5, 16#313, 16#342];
special_upper(C) when C >= 16#1F80, C =< 16#1F8F -> [16#1F08 + C rem 8, 16#399];
special_upper(C) when C >= 16#1F90, C =< 16#1F9F -> [16#1F28 + C rem 8, 16#399];
special_upper(C) when C >= 16#1FA0, C =< 16#1FAF -> [16#1F68 + C rem 8, 16#399];
special_upper(16#1FB2) -> [16#1FBA, 16#399];
special_upper(16#1FB3) -> [16#391, 16#399];
special_upper(16#1FB4) -> [16#386, 16#399];
special_upper(16#1FB6) -> [16#391, 16#342];
special_upper(16#1FB7) -> [16#391, 16#342, 16#399];
special_upper(16#1FBC) -> [16#391, 16#399];
special_upper(16#1FC2) -> [16#1FCA, 16#399];
special_upper(16#1FC3) -> [16#397, 16#399];
special_upper(16#1FC4) -> [16#389, 16#399];
special_upper(16#1FC6) -> [16#397, 16#342];
special_upper(16#1FC7) -> [16#397, 16#342, 16#399];
special_upper(16#1FCC) -> [16#397, 16#399];
special_upper(16#1FD2) -> [16#399, 16#308, 16#300];
special_upper(16#1FD3) -> [16#399, 16#308, 16#301];
special_upper(16#1FD6) -> [16#399, 16#342];
special_upper(16#1FD7) -> [16#399, 16#308, 16#342];
special_upper(16#1FE2) -> [16#3A5, 16#308, 16#300];
special_upper(16#1FE3) -> [16#3A5, 16#308, 16#301];
special_upper(16#1FE4) -> [16#3A1, 16#313];
special_upper(16#1FE6) -> [16#3A5, 16#342];
special_upper(16#1FE7) -> [16#3A5, 16#308, 16#342];
special_upper(16#1FF2) -> [16#1FFA, 16#399];
special_upper(16#1FF3) -> [16#3A9, 16#399];
special_upper(16#1FF4) -> [16#38F, 16#399];
special_upper(16#1FF6) -> [16#3A9, 16#342];
special_upper(16#1FF7) -> [16#3A9, 16#342, 16#399];
special_upper(16#1FFC) -> [16#3A9, 16#399];
special_upper(16#FB00) -> "FF";
special_upper(16#FB01) -> "FI";
special_upper(16#FB02) -> "FL";
special_upper(16#FB03) -> "FFI";
special_upper(16#FB04) -> "FFL";
special_upper(16#FB05) -> "ST";
special_upper(16#FB06) -> "ST";
special_upper(16#FB13) -> [16#544, 16#546];
special_upper(16#FB14) -> [16#544, 16#535];
special_upper(16#FB15) -> [16#544, 16#53B];
special_upper(16#FB16) -> [16#54E, 16#546];
special_upper(16#FB17) -> [16#544, 16#53D];
special_upper(_) -> false.

%% As in upper case, with the rest small; an iota below stays below.
special_title(C) when C < 16#DF -> false;
special_title(C) when C >= 16#1F80, C =< 16#1FAF -> false;
special_title(C) ->
    case special_upper(C) of
        [First, 16#399] when C >= 16#1FB2, C band 16#F =:= 2; C band 16#F =:= 4 -> [First, 16#345];
        [_, 16#399] -> false;
        [First, 16#342, 16#399] -> [First, 16#342, 16#345];
        [16#2BC, $N] = Cs -> Cs;
        [First | Rest] when C =:= 16#DF; C =:= 16#587; C >= 16#FB00 ->
            [First | lists:map(fun muster_unicode:lower/1, Rest)];
        Other -> Other
    end.

%%% White space

-spec whitespace() -> [gc()].
whitespace() -> ["\r\n", $\t, $\n, $\v, $\f, $\r, $\s, 16#85, 16#200E, 16#200F, 16#2028, 16#2029].

-spec is_whitespace(gc()) -> boolean().
is_whitespace($\s) -> true;
is_whitespace(C) when C >= $\t, C =< $\r -> true;
is_whitespace(16#85) -> true;
is_whitespace(C) when C >= 16#200E, C =< 16#200F; C >= 16#2028, C =< 16#2029 -> true;
is_whitespace("\r\n") -> true;
is_whitespace(_) -> false.
