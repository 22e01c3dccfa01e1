%% Strings: chardata seen as grapheme clusters, and below that the older functions on lists.
%%
%% A function whose argument is a binary returns binaries, which are parts of it where possible.
%% Lists of plain characters (below 16#300, no CR) have clauses of their own: no cluster can be
%% made of two of them.
-module(string).

-compile({no_auto_import, [length/1, list_to_integer/1, list_to_float/1]}).

-export([is_empty/1, length/1, to_graphemes/1, reverse/1, equal/2, equal/3, equal/4, slice/2,
         slice/3, pad/2, pad/3, pad/4, trim/1, trim/2, trim/3, chomp/1, take/2, take/3, take/4,
         uppercase/1, lowercase/1, titlecase/1, casefold/1, to_integer/1, to_float/1, prefix/2,
         split/2, split/3, replace/3, replace/4, find/2, find/3, lexemes/2, nth_lexeme/3,
         next_codepoint/1, next_grapheme/1, jaro_similarity/2]).
%% The older functions, on lists of characters.
-export([len/1, concat/2, chr/2, rchr/2, str/2, rstr/2, span/2, cspan/2, substr/2, substr/3,
         tokens/2, join/2, chars/2, chars/3, copies/2, words/1, words/2, sub_word/2, sub_word/3,
         strip/1, strip/2, strip/3, left/2, left/3, right/2, right/3, centre/2, centre/3,
         sub_string/2, sub_string/3, to_upper/1, to_lower/1, list_to_float/1, list_to_integer/1]).

-export_type([grapheme_cluster/0]).

-type grapheme_cluster() :: char() | [char()].
-type direction() :: leading | trailing.

-define(FIRST_MARK, 16#300).
-define(PLAIN(C), is_integer(C), C < ?FIRST_MARK, C =/= $\r).

%%% Looking at a string

%% Whether there is nothing in it.
-spec is_empty(unicode:chardata()) -> boolean().
is_empty([]) -> true;
is_empty(<<>>) -> true;
is_empty([L | Rest]) when is_list(L); is_binary(L) -> is_empty(L) andalso is_empty(Rest);
is_empty(_) -> false.

%% How many grapheme clusters it has.
-spec length(unicode:chardata()) -> non_neg_integer().
length(<<C1, C2, Rest/binary>>) when C1 < 128, C1 =/= $\r, C2 < 128 ->
    length_ascii(Rest, C2, 1);
length(Chars) ->
    length_of(Chars, 0).

%% N clusters, then C.
length_ascii(<<C2, Rest/binary>>, C1, N) when C1 =/= $\r, C2 < 128 ->
    length_ascii(Rest, C2, N + 1);
length_ascii(Rest, C, N) ->
    length_of([C | Rest], N).

length_of([C1 | [C2 | _] = Rest], N) when ?PLAIN(C1), ?PLAIN(C2) -> length_of(Rest, N + 1);
length_of(Chars, N) ->
    case unicode_util:gc(Chars) of
        [_ | Rest] -> length_of(Rest, N + 1);
        [] -> N;
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% A list of grapheme clusters.
-spec to_graphemes(unicode:chardata()) -> [grapheme_cluster()].
to_graphemes(Chars) ->
    case unicode_util:gc(Chars) of
        [G | Rest] -> [G | to_graphemes(Rest)];
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% The grapheme clusters in reverse.
-spec reverse(unicode:chardata()) -> [grapheme_cluster()].
reverse(Chars) -> reverse_to(Chars, []).

reverse_to([C1 | [C2 | _] = Rest], Out) when ?PLAIN(C1), ?PLAIN(C2) ->
    reverse_to(Rest, [C1 | Out]);
reverse_to(Chars, Out) ->
    case unicode_util:gc(Chars) of
        [G | Rest] -> reverse_to(Rest, [G | Out]);
        [] -> Out;
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% The first code point and the rest.
-spec next_codepoint(unicode:chardata()) ->
    maybe_improper_list(char(), unicode:chardata()) | {error, unicode:chardata()}.
next_codepoint(Chars) -> unicode_util:cp(Chars).

%% The first grapheme cluster and the rest.
-spec next_grapheme(unicode:chardata()) ->
    maybe_improper_list(grapheme_cluster(), unicode:chardata()) | {error, unicode:chardata()}.
next_grapheme(Chars) -> unicode_util:gc(Chars).

%%% Comparing

%% Whether two strings are, maybe without regard to case or after normalisation, the same.
-spec equal(unicode:chardata(), unicode:chardata()) -> boolean().
equal(A, B) when is_binary(A), is_binary(B) -> A =:= B;
equal(A, B) ->
    case muster_string:equal(A, B) of
        unknown -> equal_by(A, B, fun unicode_util:cp/1);
        Equal -> Equal
    end.

-spec equal(unicode:chardata(), unicode:chardata(), boolean()) -> boolean().
equal(A, B, false) -> equal(A, B);
equal(A, B, true) -> casefolded(A) =:= casefolded(B).

-spec equal(unicode:chardata(), unicode:chardata(), boolean(), none | muster_unicode:form()) ->
    boolean().
equal(A, B, Case, none) -> equal(A, B, Case);
equal(A, B, false, Form) -> normalized(A, Form) =:= normalized(B, Form);
equal(A, B, true, Form) ->
    normalized(casefolded(A), Form) =:= normalized(casefolded(B), Form).

casefolded(Chars) -> map_case(Chars, fun unicode_util:fold/1).

normalized(Chars, nfc) -> unicode:characters_to_nfc_list(Chars);
normalized(Chars, nfd) -> unicode:characters_to_nfd_list(Chars);
normalized(Chars, nfkc) -> unicode:characters_to_nfkc_list(Chars);
normalized(Chars, nfkd) -> unicode:characters_to_nfkd_list(Chars).

equal_by([C | A], [C | B], Next) when is_integer(C) -> equal_by(A, B, Next);
equal_by(A0, B0, Next) ->
    case {Next(A0), Next(B0)} of
        {[C | A], [C | B]} -> equal_by(A, B, Next);
        {A, B} -> A =:= [] andalso B =:= []
    end.

%%% Parts

%% From a position, so many grapheme clusters.
-spec slice(S, non_neg_integer()) -> S when S :: unicode:chardata().
slice(Chars, Start) when is_integer(Start), Start >= 0 ->
    case drop(Chars, Start) of
        [] when is_binary(Chars) -> <<>>;
        Rest -> Rest
    end.

-spec slice(S, non_neg_integer(), infinity | non_neg_integer()) -> S when S :: unicode:chardata().
slice(Chars, Start, 0) when is_integer(Start), Start >= 0 -> empty(Chars);
slice(Chars, Start, Length) when is_integer(Start), Start >= 0, is_integer(Length), Length > 0 ->
    case drop(Chars, Start) of
        [] when is_binary(Chars) -> <<>>;
        Binary when is_binary(Binary), is_binary(Chars) ->
            binary:part(Binary, 0, byte_size(Binary) - bytes(drop(Binary, Length)));
        Binary when is_binary(Binary) -> unicode:characters_to_list(slice(Binary, 0, Length));
        Rest -> take_graphemes(Rest, Length)
    end;
slice(Chars, Start, infinity) ->
    case slice(Chars, Start) of
        Rest when is_binary(Chars); is_list(Rest) -> Rest;
        Rest -> unicode:characters_to_list(Rest)
    end.

bytes(Binary) when is_binary(Binary) -> byte_size(Binary);
bytes([]) -> 0;
bytes([C | Rest]) when is_integer(C) -> byte_size(<<C/utf8>>) + bytes(Rest);
bytes([Chars | Rest]) -> bytes(Chars) + bytes(Rest).

drop(Chars, 0) -> Chars;
drop([C1 | [C2 | _] = Rest], N) when ?PLAIN(C1), ?PLAIN(C2) -> drop(Rest, N - 1);
drop(<<C1, C2, _/binary>> = Binary, N) when C1 < 128, C1 =/= $\r, C2 < 128 ->
    <<_, Rest/binary>> = Binary,
    drop(Rest, N - 1);
drop(Chars, N) ->
    case unicode_util:gc(Chars) of
        [_ | Rest] -> drop(Rest, N - 1);
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

take_graphemes(_, 0) -> [];
take_graphemes([C1 | [C2 | _] = Rest], N) when ?PLAIN(C1), ?PLAIN(C2) ->
    [C1 | take_graphemes(Rest, N - 1)];
take_graphemes(Chars, N) ->
    case unicode_util:gc(Chars) of
        [C | Rest] when is_integer(C) -> [C | take_graphemes(Rest, N - 1)];
        [G | Rest] -> G ++ take_graphemes(Rest, N - 1);
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

%%% Padding

%% Padded to a length: trailing, leading or both.
-spec pad(unicode:chardata(), non_neg_integer()) -> unicode:charlist().
pad(Chars, Length) -> pad(Chars, Length, trailing, $\s).

-spec pad(unicode:chardata(), non_neg_integer(), direction() | both) -> unicode:charlist().
pad(Chars, Length, Direction) -> pad(Chars, Length, Direction, $\s).

-spec pad(unicode:chardata(), non_neg_integer(), direction() | both, grapheme_cluster()) ->
    unicode:charlist().
pad(Chars, Length, leading, Char) when is_integer(Length) ->
    [lists:duplicate(max(0, Length - length(Chars)), Char), Chars];
pad(Chars, Length, trailing, Char) when is_integer(Length) ->
    [Chars | lists:duplicate(max(0, Length - length(Chars)), Char)];
pad(Chars, Length, both, Char) when is_integer(Length) ->
    Missing = max(0, Length - length(Chars)),
    Half = lists:duplicate(Missing div 2, Char),
    [Half, Chars, Half | lists:duplicate(Missing rem 2, Char)].

%%% Trimming and taking

%% Without white space (or characters of a set) at the ends.
-spec trim(unicode:chardata()) -> unicode:chardata().
trim(Chars) -> trim(Chars, both).

-spec trim(unicode:chardata(), direction() | both) -> unicode:chardata().
trim(Chars, Direction) -> trim(Chars, Direction, unicode_util:whitespace()).

-spec trim(unicode:chardata(), direction() | both, [grapheme_cluster()]) -> unicode:chardata().
trim(Chars, _, []) -> Chars;
trim(Chars, leading, Set) when is_list(Set) -> or_empty(drop_while(Chars, Set), Chars);
trim(Chars, trailing, Set) when is_list(Set) -> drop_last(Chars, Set);
trim(Chars, both, Set) when is_list(Set) ->
    drop_last(or_empty(drop_while(Chars, Set), Chars), Set).

or_empty([], Chars) when is_binary(Chars) -> <<>>;
or_empty(Rest, _) -> Rest.

%% Without line ends at the end.
-spec chomp(unicode:chardata()) -> unicode:chardata().
chomp(Chars) -> trim(Chars, trailing, ["\r\n", $\n]).

drop_while([C1 | [C2 | _] = Rest] = Chars, Set) when ?PLAIN(C1), ?PLAIN(C2) ->
    case lists:member(C1, Set) of
        true -> drop_while(Rest, Set);
        false -> Chars
    end;
drop_while(<<C1, C2, _/binary>> = Binary, Set) when C1 < 128, C1 =/= $\r, C2 < 128 ->
    case lists:member(C1, Set) of
        true ->
            <<_, Rest/binary>> = Binary,
            drop_while(Rest, Set);
        false -> Binary
    end;
drop_while(Chars, Set) ->
    case unicode_util:gc(Chars) of
        [G | Rest] ->
            case lists:member(G, Set) of
                true -> drop_while(Rest, Set);
                false when is_binary(Chars) -> Chars;
                false -> prepend(G, Rest)
            end;
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

prepend(C, Rest) when is_integer(C) -> [C | Rest];
prepend(G, Rest) -> append(G, Rest).

%% Of a binary the length of what stays is counted; of a list what may have to go is held back.
drop_last(Binary, Set) when is_binary(Binary) ->
    binary:part(Binary, 0, kept_bytes(Binary, Binary, Set, 0, 0));
drop_last(Chars, Set) ->
    drop_last_list(Chars, Set).

%% At bytes have been seen, the first Kept of them end with what is not in the set.
kept_bytes(<<C1, C2, _/binary>> = Rest0, Binary, Set, At, Kept)
        when C1 < 128, C1 =/= $\r, C2 < 128 ->
    <<_, Rest/binary>> = Rest0,
    case lists:member(C1, Set) of
        true -> kept_bytes(Rest, Binary, Set, At + 1, Kept);
        false -> kept_bytes(Rest, Binary, Set, At + 1, At + 1)
    end;
kept_bytes(Rest0, Binary, Set, _, Kept) ->
    case unicode_util:gc(Rest0) of
        [G | Rest] ->
            At = byte_size(Binary) - bytes(Rest),
            Left = binary:part(Binary, At, byte_size(Binary) - At),
            case lists:member(G, Set) of
                true -> kept_bytes(Left, Binary, Set, At, Kept);
                false -> kept_bytes(Left, Binary, Set, At, At)
            end;
        [] -> Kept;
        {error, _} -> byte_size(Binary)
    end.

drop_last_list([C1 | [C2 | _] = Rest] = Chars, Set) when ?PLAIN(C1), ?PLAIN(C2) ->
    case lists:member(C1, Set) of
        false -> [C1 | drop_last_list(Rest, Set)];
        true ->
            case drop_while(Rest, Set) of
                [] -> [];
                _ -> held_back(Chars, Set)
            end
    end;
drop_last_list(Chars, Set) ->
    case unicode_util:gc(Chars) of
        [G | Rest] ->
            case lists:member(G, Set) of
                false when is_binary(Rest) ->
                    case drop_last(Rest, Set) of
                        <<>> -> prepend(G, []);
                        Kept -> prepend(G, Kept)
                    end;
                false -> prepend(G, drop_last_list(Rest, Set));
                true -> held_back(Chars, Set)
            end;
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% Chars start with some of the set: they go if nothing else follows.
held_back(Chars, Set) ->
    {Held, Rest} = split_while(Chars, Set, true, []),
    case Rest of
        [] -> [];
        <<>> -> [];
        _ when is_binary(Rest) -> append(lists:reverse(Held), drop_last(Rest, Set));
        _ -> append(flat_reverse(Held, []), drop_last_list(Rest, Set))
    end.

flat_reverse([C | T], Out) when is_integer(C) -> flat_reverse(T, [C | Out]);
flat_reverse([G | T], Out) -> flat_reverse(T, append(G, Out));
flat_reverse([], Out) -> Out.

append([H | T], Tail) -> [H | append(T, Tail)];
append([], Tail) -> Tail.

%% The clusters as long as (they are in the set) =:= In, in reverse, and the rest.
split_while(Chars, Set, In, Taken) ->
    case unicode_util:gc(Chars) of
        [G | Rest] ->
            case lists:member(G, Set) of
                In -> split_while(Rest, Set, In, [G | Taken]);
                _ when is_binary(Chars) -> {Taken, Chars};
                _ -> {Taken, prepend(G, Rest)}
            end;
        [] -> {Taken, []};
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% What begins (or ends) with characters of a set, or of none, and the rest.
-spec take(unicode:chardata(), [grapheme_cluster()]) -> {unicode:chardata(), unicode:chardata()}.
take(Chars, Set) -> take(Chars, Set, false, leading).

-spec take(unicode:chardata(), [grapheme_cluster()], boolean()) ->
    {unicode:chardata(), unicode:chardata()}.
take(Chars, Set, Complement) -> take(Chars, Set, Complement, leading).

-spec take(unicode:chardata(), [grapheme_cluster()], boolean(), direction()) ->
    {unicode:chardata(), unicode:chardata()}.
take(Chars, [], false, leading) -> {empty(Chars), Chars};
take(Chars, [], false, trailing) -> {Chars, empty(Chars)};
take(Chars, [], true, leading) -> {Chars, empty(Chars)};
take(Chars, [], true, trailing) -> {empty(Chars), Chars};
take(Chars, Set, Complement, leading) when is_boolean(Complement) ->
    {Taken, Rest} = split_while(Chars, Set, not Complement, []),
    case is_binary(Chars) of
        true ->
            At = byte_size(Chars) - bytes(Rest),
            {binary:part(Chars, 0, At), binary:part(Chars, At, byte_size(Chars) - At)};
        false -> {flat_reverse(Taken, []), Rest}
    end;
take(Chars, Set, Complement, trailing) when is_boolean(Complement) ->
    case is_binary(Chars) of
        true ->
            At = kept_before(Chars, Set, not Complement),
            {binary:part(Chars, 0, At), binary:part(Chars, At, byte_size(Chars) - At)};
        false ->
            {Trailing, Leading} = lists:splitwith(
                fun(G) -> lists:member(G, Set) =/= Complement end, reverse(Chars)),
            {flat_reverse(Leading, []), flat_reverse(Trailing, [])}
    end.

empty(Chars) when is_binary(Chars) -> <<>>;
empty(_) -> [].

kept_before(Binary, Set, In) ->
    Trailing = lists:takewhile(fun(G) -> lists:member(G, Set) =:= In end, reverse(Binary)),
    byte_size(Binary) - bytes(Trailing).

%%% Case

%% In upper case.
-spec uppercase(S) -> S when S :: unicode:chardata().
uppercase(Chars) when is_binary(Chars); is_list(Chars) ->
    cased(Chars, upper, fun unicode_util:upper/1);
uppercase(Other) -> erlang:error({badarg, Other}).

%% In lower case.
-spec lowercase(S) -> S when S :: unicode:chardata().
lowercase(Chars) when is_binary(Chars); is_list(Chars) ->
    cased(Chars, lower, fun unicode_util:lower/1);
lowercase(Other) -> erlang:error({badarg, Other}).

%% For comparing without regard to case.
-spec casefold(S) -> S when S :: unicode:chardata().
casefold(Chars) when is_binary(Chars); is_list(Chars) ->
    cased(Chars, ascii_lower, fun unicode_util:fold/1);
casefold(Other) -> erlang:error({badarg, Other}).

%% With the first letter in title case.
-spec titlecase(S) -> S when S :: unicode:chardata().
titlecase(Chars) when is_binary(Chars); is_list(Chars) ->
    case unicode_util:titlecase(Chars) of
        [G | Rest] when is_binary(Chars) ->
            <<(unicode:characters_to_binary([G]))/binary, (rest_binary(Rest))/binary>>;
        [G | Rest] when is_binary(Rest) -> prepend(G, [Rest]);
        [G | Rest] -> prepend(G, Rest);
        [] -> empty(Chars)
    end.

rest_binary(Rest) when is_binary(Rest) -> Rest;
rest_binary(Rest) -> unicode:characters_to_binary(Rest).

%% Natively, if all becomes one codepoint each.
cased(Chars, How, F) ->
    case muster_string:cased(Chars, How) of
        false when is_binary(Chars) -> cased_binary(Chars, F, <<>>);
        false -> map_case(Chars, F);
        Cased -> Cased
    end.

cased_binary(<<C/utf8, Rest/binary>>, F, Out) ->
    case F(C) of
        C1 when is_integer(C1) -> cased_binary(Rest, F, <<Out/binary, C1/utf8>>);
        Cs -> cased_binary(Rest, F, <<Out/binary, (unicode:characters_to_binary(Cs))/binary>>)
    end;
cased_binary(<<>>, _, Out) -> Out;
cased_binary(Binary, _, _) -> erlang:error({badarg, Binary}).

map_case([C | Rest], F) when is_integer(C) ->
    case F(C) of
        C1 when is_integer(C1) -> [C1 | map_case(Rest, F)];
        Cs -> append(Cs, map_case(Rest, F))
    end;
map_case([], _) -> [];
map_case(Chars, F) ->
    case unicode_util:cp(Chars) of
        [C | Rest] ->
            case F(C) of
                C1 when is_integer(C1) -> [C1 | map_case(Rest, F)];
                Cs -> append(Cs, map_case(Rest, F))
            end;
        [] -> [];
        {error, Error} -> erlang:error({badarg, Error})
    end.

%%% Numbers

%% An integer at the start, and the rest.
-spec to_integer(unicode:chardata()) -> {integer(), unicode:chardata()} | {error, no_integer | badarg}.
to_integer(Chars) -> muster_string_number:to_integer(Chars).

%% A float at the start, and the rest.
-spec to_float(unicode:chardata()) -> {float(), unicode:chardata()} | {error, no_float | badarg}.
to_float(Chars) -> muster_string_number:to_float(Chars).

%%% Finding. A pattern is found where its codepoints are and no cluster is cut at its end.

%% What follows the prefix, or nomatch.
-spec prefix(unicode:chardata(), unicode:chardata()) -> nomatch | unicode:chardata().
prefix(Chars, Prefix) ->
    case prefix_rest(Chars, unicode:characters_to_list(Prefix)) of
        [] when is_binary(Chars) -> <<>>;
        Result -> Result
    end.

prefix_rest(Chars, []) -> Chars;
prefix_rest([C | Chars], [C | Prefix]) when ?PLAIN(C), Prefix =/= [] -> prefix_rest(Chars, Prefix);
prefix_rest(Chars, Prefix) ->
    case unicode_util:gc(Chars) of
        [G | Rest] ->
            case without_prefix(G, Prefix) of
                nomatch -> nomatch;
                Prefix1 -> prefix_rest(Rest, Prefix1)
            end;
        [] -> nomatch;
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% Prefix after the codepoints of a cluster, all of which must be there.
without_prefix(C, [C | Prefix]) when is_integer(C) -> Prefix;
without_prefix([C | Cs], [C | Prefix]) -> without_prefix(Cs, Prefix);
without_prefix([], Prefix) -> Prefix;
without_prefix(_, _) -> nomatch.

%% What begins with the first (or last) occurrence of a pattern, or nomatch.
-spec find(unicode:chardata(), unicode:chardata()) -> unicode:chardata() | nomatch.
find(Chars, Pattern) -> find(Chars, Pattern, leading).

-spec find(unicode:chardata(), unicode:chardata(), direction()) -> unicode:chardata() | nomatch.
find(Chars, "", _) -> Chars;
find(Chars, <<>>, _) -> Chars;
find(Chars, Pattern0, Direction) when Direction =:= leading; Direction =:= trailing ->
    Pattern = unicode:characters_to_list(Pattern0),
    case muster_string:seek(Chars, Pattern, Direction) of
        false ->
            case positions(Chars, Pattern, Direction) of
                [{At, _} | _] -> at(Chars, At);
                [] -> nomatch
            end;
        Found -> Found
    end.

%% Where to cut: a place is a number of bytes in a binary; of a list the number of codepoints before
%% it and the rest.
at(Binary, At) when is_binary(Binary), is_integer(At) ->
    binary:part(Binary, At, byte_size(Binary) - At);
at(_, {_, Rest}) -> Rest.

%% [{Start, After}] of the first, the last or all places of Pattern, which is not empty.
positions(Binary, Pattern, all) when is_binary(Binary) ->
    Bytes = unicode:characters_to_binary(Pattern),
    Last = lists:last(Pattern),
    Places = [{Start, Start + Size} || {Start, Size} <- binary:matches(Binary, Bytes)],
    case lists:all(fun({_, End}) -> is_boundary(Last, Binary, End) end, Places) of
        true -> Places;
        false -> in_binary(Binary, Bytes, Last, 0, all, [])
    end;
positions(Binary, Pattern, Which) when is_binary(Binary) ->
    in_binary(Binary, unicode:characters_to_binary(Pattern), lists:last(Pattern), 0, Which, []);
positions(Chars, Pattern, Which) when is_list(Chars) ->
    in_list(Chars, 0, Pattern, Which, []);
positions(Other, _, _) ->
    erlang:error({badmatch, Other}).

in_binary(Binary, Pattern, Last, From, Which, Found) ->
    Scope = {From, byte_size(Binary) - From},
    case binary:match(Binary, Pattern, [{scope, Scope}]) of
        nomatch -> lists:reverse(Found);
        {Start, Size} ->
            End = Start + Size,
            case is_boundary(Last, Binary, End) of
                false -> in_binary(Binary, Pattern, Last, Start + 1, Which, Found);
                true when Which =:= leading -> [{Start, End}];
                true when Which =:= trailing ->
                    in_binary(Binary, Pattern, Last, Start + 1, Which, [{Start, End}]);
                true -> in_binary(Binary, Pattern, Last, End, Which, [{Start, End} | Found])
            end
    end.

is_boundary(Last, Binary, End) ->
    case Binary of
        <<_:End/binary, C/utf8, _/binary>> ->
            (Last < ?FIRST_MARK andalso C < ?FIRST_MARK andalso Last =/= $\r)
                orelse muster_unicode:joined(Last, C, 0) =:= false;
        _ -> true
    end.

%% N codepoints after the last place.
in_list(Chars, N, Pattern, Which, Found) ->
    case match_here(Chars, Pattern) of
        nomatch ->
            case unicode_util:cp(Chars) of
                [_ | Rest] -> in_list(Rest, N + 1, Pattern, Which, Found);
                [] -> lists:reverse(Found);
                {error, Error} -> erlang:error({badarg, Error})
            end;
        After when Which =:= leading -> [{{N, Chars}, After}];
        After when Which =:= trailing ->
            [_ | Rest] = unicode_util:cp(Chars),
            in_list(Rest, N + 1, Pattern, Which, [{{N, Chars}, After}]);
        After -> in_list(After, 0, Pattern, Which, [{{N, Chars}, After} | Found])
    end.

match_here([C | Chars], [C | Pattern]) when Pattern =/= [] -> match_here(Chars, Pattern);
match_here([C | _], [P | _]) when is_integer(C), C =/= P -> nomatch;
match_here(Chars, [P]) ->
    case unicode_util:gc(Chars) of
        [P | Rest] -> Rest;
        [G | Rest] when is_list(G) ->
            case G of
                [P] -> Rest;
                _ -> nomatch
            end;
        _ -> nomatch
    end;
match_here(Chars, [P | Pattern]) ->
    case unicode_util:cp(Chars) of
        [P | Rest] -> match_here_rest(P, Rest, Pattern);
        _ -> nomatch
    end.

%% A cluster that the pattern holds whole may be matched by codepoints.
match_here_rest(_, Rest, [P]) ->
    case unicode_util:cp(Rest) of
        [P | After] ->
            case unicode_util:cp(After) of
                [C | _] when P >= ?FIRST_MARK; C >= ?FIRST_MARK; P =:= $\r ->
                    case muster_unicode:joined(P, C, 0) of
                        false -> After;
                        _ -> nomatch
                    end;
                _ -> After
            end;
        _ -> nomatch
    end;
match_here_rest(_, Rest, [P | Pattern]) ->
    case unicode_util:cp(Rest) of
        [P | Rest1] -> match_here_rest(P, Rest1, Pattern);
        _ -> nomatch
    end.

%% The parts around the first, last or all occurrences of a pattern.
-spec split(unicode:chardata(), unicode:chardata()) -> [unicode:chardata()].
split(Chars, Pattern) -> split(Chars, Pattern, leading).

-spec split(unicode:chardata(), unicode:chardata(), direction() | all) -> [unicode:chardata()].
split(Chars, Pattern, Which) when Which =:= leading; Which =:= trailing; Which =:= all ->
    case is_empty(Pattern) of
        true -> [Chars];
        false ->
            Codepoints = unicode:characters_to_list(Pattern),
            case muster_string:parts(Chars, Codepoints, Which) of
                false -> cut(Chars, positions(Chars, Codepoints, Which));
                Parts -> Parts
            end
    end.

cut(Binary, Places) when is_binary(Binary) -> cut_binary(Binary, 0, Places);
cut(Chars, Places) -> cut_list(Chars, Places).

cut_binary(Binary, From, [{Start, After} | Places]) ->
    [binary:part(Binary, From, Start - From) | cut_binary(Binary, After, Places)];
cut_binary(Binary, From, []) ->
    [binary:part(Binary, From, byte_size(Binary) - From)].

cut_list(Chars, [{{N, _}, After} | Places]) ->
    [codepoints(Chars, N) | cut_list(After, Places)];
cut_list(Chars, []) ->
    [Chars].

codepoints(_, 0) ->
    [];
codepoints(Chars, N) ->
    [C | Rest] = unicode_util:cp(Chars),
    [C | codepoints(Rest, N - 1)].

%% The parts around the first, last or all occurrences, with the replacement between them.
-spec replace(unicode:chardata(), unicode:chardata(), unicode:chardata()) -> [unicode:chardata()].
replace(Chars, Pattern, New) -> lists:join(New, split(Chars, Pattern)).

-spec replace(unicode:chardata(), unicode:chardata(), unicode:chardata(), direction() | all) ->
    [unicode:chardata()].
replace(Chars, Pattern, New, Which) -> lists:join(New, split(Chars, Pattern, Which)).

%%% Lexemes

%% The parts between separators, none of them empty.
-spec lexemes(unicode:chardata(), [grapheme_cluster()]) -> [unicode:chardata()].
lexemes([], []) -> [];
lexemes(Chars, []) -> [Chars];
lexemes(Chars, Separators) when is_list(Separators) ->
    case next_lexeme(Chars, Separators) of
        [Lexeme | Rest] -> [Lexeme | lexemes(Rest, Separators)];
        none -> []
    end.

%% The first one, before what is behind it.
next_lexeme(Binary, Separators) when is_binary(Binary) ->
    case drop_while(Binary, Separators) of
        [] -> none;
        <<>> -> none;
        Rest0 ->
            Size = lexeme_bytes(Rest0, Rest0, Separators),
            <<Lexeme:Size/binary, Rest/binary>> = Rest0,
            [Lexeme | Rest]
    end;
next_lexeme(Chars, Separators) ->
    case drop_while(Chars, Separators) of
        [] -> none;
        Rest0 ->
            {Lexeme, Rest} = split_while(Rest0, Separators, false, []),
            case flat_reverse(Lexeme, []) of
                [] -> next_lexeme(Rest, Separators);
                Text -> [Text | Rest]
            end
    end.

%% How many bytes come before a separator.
lexeme_bytes(<<C1, C2, _/binary>> = Rest0, Binary, Separators)
        when C1 < 128, C1 =/= $\r, C2 < 128 ->
    <<_, Rest/binary>> = Rest0,
    case lists:member(C1, Separators) of
        true -> byte_size(Binary) - byte_size(Rest0);
        false -> lexeme_bytes(Rest, Binary, Separators)
    end;
lexeme_bytes(Rest0, Binary, Separators) ->
    case unicode_util:gc(Rest0) of
        [G | Rest] ->
            case lists:member(G, Separators) of
                true -> byte_size(Binary) - byte_size(Rest0);
                false -> lexeme_bytes(rest_binary(Rest), Binary, Separators)
            end;
        [] -> byte_size(Binary);
        {error, Error} -> erlang:error({badarg, Error})
    end.

%% The Nth of the lexemes.
-spec nth_lexeme(unicode:chardata(), non_neg_integer(), [grapheme_cluster()]) ->
    unicode:chardata().
nth_lexeme(Chars, 1, []) -> Chars;
nth_lexeme(Chars, N, Separators) when is_list(Separators), is_integer(N), N > 0 ->
    case next_lexeme(Chars, Separators) of
        [Lexeme | _] when N =:= 1 -> Lexeme;
        [_ | Rest] -> nth_lexeme(Rest, N - 1, Separators);
        none -> empty(Chars)
    end.

%%% Similarity

-spec jaro_similarity(unicode:chardata(), unicode:chardata()) -> float().
jaro_similarity(A, B) -> muster_string_similarity:jaro(A, B).

%%% The older functions

%% The length as a list.
-spec len(string()) -> non_neg_integer().
len(S) -> erlang:length(S).

%% One after the other.
-spec concat(string(), string()) -> string().
concat(A, B) -> A ++ B.

%% The first position of a character, or 0.
-spec chr(string(), char()) -> non_neg_integer().
chr(S, C) when is_integer(C) -> chr(S, C, 1).

chr([C | _], C, I) -> I;
chr([_ | Cs], C, I) -> chr(Cs, C, I + 1);
chr([], _, _) -> 0.

%% The last position of a character, or 0.
-spec rchr(string(), char()) -> non_neg_integer().
rchr(S, C) when is_integer(C) -> rchr(S, C, 1, 0).

rchr([C | Cs], C, I, _) -> rchr(Cs, C, I + 1, I);
rchr([_ | Cs], C, I, Last) -> rchr(Cs, C, I + 1, Last);
rchr([], _, _, Last) -> Last.

%% The first position of a substring, or 0.
-spec str(string(), string()) -> non_neg_integer().
str(S, Sub) when is_list(Sub) -> str(S, Sub, 1).

str([C | S], [C | Sub], I) ->
    case lists:prefix(Sub, S) of
        true -> I;
        false -> str(S, [C | Sub], I + 1)
    end;
str([_ | S], Sub, I) -> str(S, Sub, I + 1);
str([], _, _) -> 0.

%% The last position of a substring, or 0.
-spec rstr(string(), string()) -> non_neg_integer().
rstr(S, Sub) when is_list(Sub) -> rstr(S, Sub, 1, 0).

rstr([C | S], [C | Sub], I, Last) ->
    case lists:prefix(Sub, S) of
        true -> rstr(S, [C | Sub], I + 1, I);
        false -> rstr(S, [C | Sub], I + 1, Last)
    end;
rstr([_ | S], Sub, I, Last) -> rstr(S, Sub, I + 1, Last);
rstr([], _, _, Last) -> Last.

%% How many characters at the start are among some.
-spec span(string(), string()) -> non_neg_integer().
span(S, Set) when is_list(Set) -> span(S, Set, true, 0).

%% How many characters at the start are not among some.
-spec cspan(string(), string()) -> non_neg_integer().
cspan(S, Set) when is_list(Set) -> span(S, Set, false, 0).

span([C | Cs], Set, In, N) ->
    case lists:member(C, Set) of
        In -> span(Cs, Set, In, N + 1);
        _ -> N
    end;
span([], _, _, N) -> N.

%% From a position, so many characters.
-spec substr(string(), pos_integer()) -> string().
substr(S, 1) when is_list(S) -> S;
substr(S, Start) when is_integer(Start), Start > 1 -> substr_from(S, Start).

substr_from(S, 1) -> S;
substr_from([_ | S], N) when is_list(S) -> substr_from(S, N - 1).

-spec substr(string(), pos_integer(), non_neg_integer()) -> string().
substr(S, Start, Length) when is_integer(Start), Start >= 1, is_integer(Length), Length >= 0 ->
    first(substr_from(S, Start), Length).

first([C | Cs], N) when N > 0 -> [C | first(Cs, N - 1)];
first(Cs, _) when is_list(Cs) -> [].

%% The parts between separators, none of them empty.
-spec tokens(string(), string()) -> [nonempty_string()].
tokens(S, Separators) ->
    case Separators of
        [] ->
            case S of
                [] -> [];
                [_ | _] -> [S]
            end;
        [C] -> tokens_between(lists:reverse(S), C, [], []);
        [_ | _] -> tokens(lists:reverse(S), Separators, [], [])
    end.

%% One separator, as most calls have.
tokens_between([C | S], C, [], Tokens) -> tokens_between(S, C, [], Tokens);
tokens_between([C | S], C, Token, Tokens) -> tokens_between(S, C, [], [Token | Tokens]);
tokens_between([X | S], C, Token, Tokens) -> tokens_between(S, C, [X | Token], Tokens);
tokens_between([], _, [], Tokens) -> Tokens;
tokens_between([], _, Token, Tokens) -> [Token | Tokens].

tokens([C | S], Separators, Token, Tokens) ->
    case lists:member(C, Separators) of
        true when Token =:= [] -> tokens(S, Separators, [], Tokens);
        true -> tokens(S, Separators, [], [Token | Tokens]);
        false -> tokens(S, Separators, [C | Token], Tokens)
    end;
tokens([], _, [], Tokens) -> Tokens;
tokens([], _, Token, Tokens) -> [Token | Tokens].

%% With the separator between each two.
-spec join([string()], string()) -> string().
join([], Separator) when is_list(Separator) -> [];
join([H | T], Separator) -> H ++ lists:append([Separator ++ S || S <- T]).

%% So many times the character.
-spec chars(char(), non_neg_integer()) -> string().
chars(C, N) -> chars(C, N, []).

-spec chars(char(), non_neg_integer(), string()) -> string().
chars(C, N, Tail) when N > 0 -> chars(C, N - 1, [C | Tail]);
chars(C, 0, Tail) when is_integer(C) -> Tail.

%% So many times the string.
-spec copies(string(), non_neg_integer()) -> string().
copies(S, N) when is_list(S), is_integer(N), N >= 0 -> copies(S, N, []).

copies(_, 0, Out) -> Out;
copies(S, N, Out) -> copies(S, N - 1, S ++ Out).

%% How many words there are.
-spec words(string()) -> pos_integer().
words(S) -> words(S, $\s).

-spec words(string(), char()) -> pos_integer().
words(S, C) when is_integer(C) -> count_words(strip(S, both, C), C, 1).

count_words([C | S], C, N) -> count_words(strip(S, left, C), C, N + 1);
count_words([_ | S], C, N) -> count_words(S, C, N);
count_words([], _, N) -> N.

%% The Nth word.
-spec sub_word(string(), integer()) -> string().
sub_word(S, Index) -> sub_word(S, Index, $\s).

-spec sub_word(string(), integer(), char()) -> string().
sub_word(S, Index, C) when is_integer(Index), is_integer(C) ->
    nth_word(strip(S, left, C), Index, C).

nth_word([], _, _) -> [];
nth_word(S, 1, C) -> strip(lists:takewhile(fun(X) -> X =/= C end, S), both, C);
nth_word([C | S], N, C) when N > 1 -> nth_word(strip(S, left, C), N - 1, C);
nth_word([_ | S], N, C) when N > 1 -> nth_word(S, N, C).

%% Without blanks at the ends.
-spec strip(string()) -> string().
strip(S) -> strip(S, both).

-spec strip(string(), left | right | both) -> string().
strip(S, left) -> strip(S, left, $\s);
strip(S, right) -> strip(S, right, $\s);
strip(S, both) -> strip(S, both, $\s).

-spec strip(string(), left | right | both, char()) -> string().
strip(S, left, C) when is_integer(C) -> strip_left(S, C);
strip(S, right, C) when is_integer(C) -> strip_right(S, C);
strip(S, both, C) when is_integer(C) -> strip_right(strip_left(S, C), C).

strip_left([C | S], C) -> strip_left(S, C);
strip_left([_ | _] = S, _) -> S;
strip_left([], _) -> [].

strip_right([C | S], C) ->
    case strip_right(S, C) of
        [] -> [];
        T -> [C | T]
    end;
strip_right([H | S], C) -> [H | strip_right(S, C)];
strip_right([], _) -> [].

%% The first so many characters, padded.
-spec left(string(), non_neg_integer()) -> string().
left(S, N) when is_integer(N) -> left(S, N, $\s).

-spec left(string(), non_neg_integer(), char()) -> string().
left(S, N, C) when is_integer(N), is_integer(C) ->
    case erlang:length(S) of
        L when L > N -> substr(S, 1, N);
        L -> S ++ chars(C, N - L)
    end.

%% The last so many characters, padded.
-spec right(string(), non_neg_integer()) -> string().
right(S, N) when is_integer(N) -> right(S, N, $\s).

-spec right(string(), non_neg_integer(), char()) -> string().
right(S, N, C) when is_integer(N), is_integer(C) ->
    case erlang:length(S) of
        L when L > N -> lists:nthtail(L - N, S);
        L -> chars(C, N - L, S)
    end.

%% Centred in so many characters; of old, by code points, as those that follow.
-spec centre(string(), non_neg_integer()) -> string().
centre(S, N) when is_integer(N) -> centre(S, N, $\s).

-spec centre(string(), non_neg_integer(), char()) -> string().
centre(S, 0, C) when is_list(S), is_integer(C) -> [];
centre(S, N, C) when is_integer(N), is_integer(C) ->
    case erlang:length(S) of
        L when L > N -> substr(S, (L - N) div 2 + 1, N);
        L ->
            Left = (N - L) div 2,
            chars(C, Left, S ++ chars(C, N - L - Left))
    end.

%% From position to position.
-spec sub_string(string(), pos_integer()) -> string().
sub_string(S, Start) -> substr(S, Start).

-spec sub_string(string(), pos_integer(), pos_integer()) -> string().
sub_string(S, Start, Stop) ->
    substr(S, Start, Stop - Start + 1).

%% In upper case: letters of Latin-1.
-spec to_upper(string()) -> string(); (char()) -> char().
to_upper(S) when is_list(S) -> [upper_latin1(C) || C <- S];
to_upper(C) when is_integer(C) -> upper_latin1(C).

%% In lower case: letters of Latin-1.
-spec to_lower(string()) -> string(); (char()) -> char().
to_lower(S) when is_list(S) -> [lower_latin1(C) || C <- S];
to_lower(C) when is_integer(C) -> lower_latin1(C).

upper_latin1(C) when is_integer(C), C >= $a, C =< $z -> C - 32;
upper_latin1(C) when is_integer(C), C >= 16#E0, C =< 16#F6 -> C - 32;
upper_latin1(C) when is_integer(C), C >= 16#F8, C =< 16#FE -> C - 32;
upper_latin1(C) -> C.

lower_latin1(C) when is_integer(C), C >= $A, C =< $Z -> C + 32;
lower_latin1(C) when is_integer(C), C >= 16#C0, C =< 16#D6 -> C + 32;
lower_latin1(C) when is_integer(C), C >= 16#D8, C =< 16#DE -> C + 32;
lower_latin1(C) -> C.

-spec list_to_integer(string()) -> {integer(), string()} | {error, no_integer | badarg | not_a_list}.
list_to_integer(S) when is_list(S) -> to_integer(plain(S));
list_to_integer(_) -> {error, not_a_list}.

-spec list_to_float(string()) -> {float(), string()} | {error, no_float | badarg | not_a_list}.
list_to_float(S) when is_list(S) -> to_float(plain(S));
list_to_float(_) -> {error, not_a_list}.

%% A list that begins with no character has no number at its front.
plain([C | _] = S) when is_integer(C) -> S;
plain(_) -> "".
