%% URIs (RFC 3986) as maps of their parts and back; normalising, resolving, quoting; and query strings
%% of HTML forms. The work is done on lists of characters; a binary given makes binaries come out.
-module(uri_string).

-export([parse/1, recompose/1, normalize/1, normalize/2, resolve/2, resolve/3, transcode/2,
         compose_query/1, compose_query/2, dissect_query/1, percent_decode/1, quote/1, quote/2,
         unquote/1, allowed_characters/0]).

-export_type([uri_string/0, uri_map/0, error/0]).

-type uri_string() :: iodata().
-type uri_map() :: #{fragment => unicode:chardata(), host => unicode:chardata(),
                     path => unicode:chardata(), port => non_neg_integer() | undefined,
                     query => unicode:chardata(), scheme => unicode:chardata(),
                     userinfo => unicode:chardata()}.
-type error() :: {error, atom(), term()}.

-define(IS_ALPHA(C), (C >= $a andalso C =< $z orelse C >= $A andalso C =< $Z)).
-define(IS_DIGIT(C), (C >= $0 andalso C =< $9)).

%%% Classes of characters

is_unreserved(C) when ?IS_ALPHA(C); ?IS_DIGIT(C) -> true;
is_unreserved(C) -> lists:member(C, "-._~").

is_sub_delimiter(C) -> lists:member(C, "!$&'()*+,;=").

is_scheme(C) when ?IS_ALPHA(C); ?IS_DIGIT(C) -> true;
is_scheme(C) -> lists:member(C, "+-.").

is_userinfo(C) -> is_unreserved(C) orelse is_sub_delimiter(C) orelse C =:= $: orelse C =:= $%.

is_host(C) -> is_unreserved(C) orelse is_sub_delimiter(C) orelse C =:= $%.

is_path(C) -> is_userinfo(C) orelse C =:= $@ orelse C =:= $/.

is_query(C) -> is_path(C) orelse C =:= $?.

%% Which characters each part of a URI may have.
-spec allowed_characters() -> [{atom(), [char()]}].
allowed_characters() ->
    Among = fun(Is) -> [C || C <- lists:seq(0, 127), Is(C)] end,
    Host = fun(C) -> is_unreserved(C) orelse is_sub_delimiter(C) orelse C =:= $: end,
    [{scheme, Among(fun is_scheme/1)}, {userinfo, Among(fun is_userinfo/1)}, {host, Among(Host)},
     {ipv4, ".0123456789"}, {ipv6, ".0123456789:ABCDEFabcdef"},
     {regname, Among(fun is_host/1)}, {path, Among(fun is_path/1)}, {query, Among(fun is_query/1)},
     {fragment, Among(fun is_query/1)}, {reserved, "!#$&'()*+,/:;=?@[]"},
     {unreserved, Among(fun is_unreserved/1)}].

%% Characters in, and a fun that gives results the same shape.
chars(Data) when is_binary(Data) ->
    case unicode:characters_to_list(Data) of
        Chars when is_list(Chars) -> {Chars, fun unicode:characters_to_binary/1};
        _ -> throw({error, invalid_uri, Data})
    end;
chars(Data) ->
    case unicode:characters_to_list(Data) of
        Chars when is_list(Chars) -> {Chars, fun(Result) -> Result end};
        _ -> throw({error, invalid_uri, Data})
    end.

shaped(Map, Shape) ->
    maps:map(fun(_, Part) when is_list(Part) -> Shape(Part); (_, Part) -> Part end, Map).

%%% Parsing

%% The parts of a URI, a map.
-spec parse(uri_string()) -> uri_map() | error().
parse(Uri) when is_list(Uri); is_binary(Uri) ->
    try
        {Chars, Shape} = chars(Uri),
        shaped(parse_chars(Chars), Shape)
    catch
        throw:{error, _, _} = Error -> Error
    end.

%% What cannot be read after a scheme is no relative reference either: its first segment has a colon.
parse_chars(Chars) ->
    case lists:splitwith(fun(C) -> not lists:member(C, ":/?#") end, Chars) of
        {[C | Cs] = Scheme, [$: | Rest]} when ?IS_ALPHA(C) ->
            valid(Scheme, fun is_path/1),
            try
                true = lists:all(fun is_scheme/1, Cs),
                (hierarchy(Rest))#{scheme => Scheme}
            catch
                _:_ -> throw({error, invalid_uri, ":"})
            end;
        {_, [$: | _]} -> throw({error, invalid_uri, ":"});
        _ -> hierarchy(Chars)
    end.

hierarchy(Chars) ->
    {Before, Fragment} = cut(Chars, $#),
    {Hierarchy, Query} = cut(Before, $?),
    Map = case Hierarchy of
        [$/, $/ | Rest] ->
            {Authority, Path} = lists:splitwith(fun(C) -> C =/= $/ end, Rest),
            (authority(Authority))#{path => valid(Path, fun is_path/1)};
        Path ->
            #{path => valid(Path, fun is_path/1)}
    end,
    with(fragment, Fragment, fun is_query/1, with(query, Query, fun is_query/1, Map)).

cut(Chars, C) ->
    case lists:splitwith(fun(X) -> X =/= C end, Chars) of
        {Before, [C | After]} -> {Before, After};
        {_, []} -> {Chars, none}
    end.

with(_, none, _, Map) -> Map;
with(Key, Chars, Is, Map) -> Map#{Key => valid(Chars, Is)}.

valid(Chars, Is) ->
    case lists:dropwhile(Is, Chars) of
        [] -> Chars;
        [C | _] -> throw({error, invalid_uri, [C]})
    end.

authority(Chars) ->
    {UserInfo, HostPort} = case cut(Chars, $@) of
        {_, none} -> {none, Chars};
        Parts -> Parts
    end,
    Map = case HostPort of
        [$[ | Rest] ->
            {Address, After} = cut(Rest, $]),
            After =:= none andalso throw({error, invalid_uri, <<>>}),
            check_inet_address(Address),
            case After of
                [] -> #{host => Address};
                [$: | Port] -> #{host => Address, port => port(Port)};
                [C | _] -> throw({error, invalid_uri, [C]})
            end;
        _ ->
            case cut(HostPort, $:) of
                {Host, none} -> #{host => valid(Host, fun is_host/1)};
                {Host, Port} -> #{host => valid(Host, fun is_host/1), port => port(Port)}
            end
    end,
    with(userinfo, UserInfo, fun is_userinfo/1, Map).

port([]) -> undefined;
port(Digits) -> list_to_integer(valid(Digits, fun(C) -> ?IS_DIGIT(C) end)).

check_inet_address(Address) ->
    valid(Address, fun(C) -> is_hex(C) orelse C =:= $: orelse C =:= $. end),
    try
        {ok, _} = inet_address(Address)
    catch
        error:_ -> throw({error, invalid_uri, Address})
    end.

%% An IPv6 address: groups of up to four hexadecimal digits, eight of them or fewer with one "::"; the
%% last two may be an IPv4 address.
inet_address(Chars) ->
    case string:split(Chars, "::", all) of
        [All] -> 8 = groups(All), {ok, Chars};
        [Left, Right] ->
            true = group_count(Left) + group_count(Right) < 8,
            {ok, Chars}
    end.

group_count("") -> 0;
group_count(Chars) -> groups(Chars).

groups(Chars) ->
    Groups = string:split(Chars, ":", all),
    lists:sum([group(Group) || Group <- lists:droplast(Groups)]) + last_group(lists:last(Groups)).

group([_ | _] = Digits) when length(Digits) =< 4 ->
    true = lists:all(fun is_hex/1, Digits),
    1.

last_group(Group) ->
    case string:split(Group, ".", all) of
        [_] -> group(Group);
        [_, _, _, _] = Parts ->
            true = lists:all(fun(Part) -> list_to_integer(Part) =< 255 end, Parts),
            2
    end.

is_hex(C) -> ?IS_DIGIT(C) orelse C >= $a andalso C =< $f orelse C >= $A andalso C =< $F.

%%% Putting together

%% A URI of its parts.
-spec recompose(uri_map()) -> uri_string() | error().
recompose(#{path := Path} = Map) ->
    IsBinary = lists:all(fun is_binary/1, maps:values(maps:remove(port, Map))),
    Chars = lists:append([scheme_part(Map), authority_part(Map), path_part(Path, Map),
                          part($?, query, Map), part($#, fragment, Map)]),
    case IsBinary of
        true -> unicode:characters_to_binary(Chars);
        false -> Chars
    end;
recompose(Map) when is_map(Map) ->
    {error, invalid_map, Map}.

scheme_part(#{scheme := Scheme}) -> list(Scheme) ++ ":";
scheme_part(_) -> "".

authority_part(#{host := Host0} = Map) ->
    Host = list(Host0),
    "//" ++ userinfo_part(Map)
        ++ case lists:member($:, Host) of
               true -> "[" ++ Host ++ "]";
               false -> encoded(Host, fun is_host/1)
           end
        ++ case Map of
               #{port := undefined} -> ":";
               #{port := Port} -> ":" ++ integer_to_list(Port);
               #{} -> ""
           end;
authority_part(#{userinfo := UserInfo}) -> "//" ++ encoded(list(UserInfo), fun is_userinfo/1);
authority_part(#{port := _} = Map) -> erlang:error(function_clause, [Map]);
authority_part(_) -> "".

userinfo_part(#{userinfo := UserInfo}) -> encoded(list(UserInfo), fun is_userinfo/1) ++ "@";
userinfo_part(_) -> "".

path_part(Path0, Map) ->
    case encoded(list(Path0), fun is_path/1) of
        [C | _] = Path when C =/= $/, is_map_key(host, Map) -> [$/ | Path];
        Path -> Path
    end.

part(Mark, Key, Map) ->
    case Map of
        #{Key := Text} -> [Mark | encoded(list(Text), fun is_query/1)];
        #{} -> ""
    end.

list(Text) -> unicode:characters_to_list(Text).

%% Characters that Is does not allow, by percent signs and their bytes in UTF-8.
encoded(Chars, Is) -> lists:flatmap(fun(C) -> encoded_char(C, Is) end, Chars).

encoded_char(C, Is) ->
    case C < 128 andalso Is(C) of
        true -> [C];
        false -> percent_bytes(<<C/utf8>>)
    end.

percent_bytes(Bytes) -> lists:append([[$%, hex(B bsr 4), hex(B band 15)] || <<B>> <= Bytes]).

hex(N) when N < 10 -> $0 + N;
hex(N) -> $A + N - 10.

%%% Normalising

%% A URI in its normal form.
-spec normalize(uri_string() | uri_map()) -> uri_string() | error().
normalize(Uri) -> normalize(Uri, []).

-spec normalize(uri_string() | uri_map(), [return_map]) -> uri_string() | uri_map() | error().
normalize(#{path := _} = Map, Options) ->
    try
        IsBinary = lists:any(fun is_binary/1, maps:values(Map)),
        Normal = normal(maps:map(fun(port, Port) -> Port; (_, Text) -> list(Text) end, Map)),
        returned(case IsBinary of
                     true -> shaped(Normal, fun unicode:characters_to_binary/1);
                     false -> Normal
                 end, Options)
    catch
        throw:{error, _, _} = Error -> Error
    end;
normalize(Map, Options) when is_map(Map) ->
    erlang:error(function_clause, [Map, Options]);
normalize(Uri, Options) when is_list(Options) ->
    try
        {Chars, Shape} = chars(Uri),
        returned(shaped(normal(parse_chars(Chars)), Shape), Options)
    catch
        throw:{error, _, _} = Error -> Error
    end.

returned(Map, [return_map]) -> Map;
returned(Map, []) -> recompose(Map).

normal(Map) -> by_scheme(segments(percents(cases(Map)))).

cases(Map) ->
    maps:map(fun(Key, Text) when Key =:= scheme; Key =:= host -> string:lowercase(Text);
                (_, Text) -> Text
             end, Map).

percents(Map) ->
    maps:map(fun(Key, Text) when Key =:= port; Key =:= scheme -> Text;
                (_, Text) -> normal_percents(Text)
             end, Map).

%% Unreserved characters stand for themselves; other bytes have digits in upper case.
normal_percents([$%, A, B | Chars] = Text) ->
    case is_hex(A) andalso is_hex(B) of
        true ->
            Byte = list_to_integer([A, B], 16),
            case is_unreserved(Byte) of
                true -> [Byte | normal_percents(Chars)];
                false -> [$%, hex(Byte bsr 4), hex(Byte band 15) | normal_percents(Chars)]
            end;
        false -> throw({error, invalid_percent_encoding, list_to_binary(lists:sublist(Text, 3))})
    end;
normal_percents([C | Chars]) -> [C | normal_percents(Chars)];
normal_percents([]) -> [].

segments(#{path := Path} = Map) -> Map#{path := without_dots(Path)};
segments(Map) -> Map.

%% RFC 3986, 5.2.4. Out has the output in reverse.
without_dots(Path) -> without_dots(Path, []).

without_dots("../" ++ Path, Out) -> without_dots(Path, Out);
without_dots("./" ++ Path, Out) -> without_dots(Path, Out);
without_dots("/./" ++ Path, Out) -> without_dots([$/ | Path], Out);
without_dots("/.", Out) -> without_dots("/", Out);
without_dots("/../" ++ Path, Out) -> without_dots([$/ | Path], drop_segment(Out));
without_dots("/..", Out) -> without_dots("/", drop_segment(Out));
without_dots(".", Out) -> without_dots("", Out);
without_dots("..", Out) -> without_dots("", Out);
without_dots([C | Path], Out) ->
    {Segment, Rest} = lists:splitwith(fun(X) -> X =/= $/ end, Path),
    without_dots(Rest, lists:reverse([C | Segment], Out));
without_dots([], Out) -> lists:reverse(Out).

drop_segment([$/ | Out]) -> Out;
drop_segment([_ | Out]) -> drop_segment(Out);
drop_segment([]) -> [].

by_scheme(#{scheme := Scheme, path := Path} = Map0) ->
    Map = case Map0 of
        #{port := Port} ->
            case default_port(Scheme) of
                Default when Port =:= Default; Port =:= undefined -> maps:remove(port, Map0);
                _ -> Map0
            end;
        #{} -> Map0
    end,
    case Path =:= "" andalso lists:member(Scheme, ["http", "https"]) of
        true -> Map#{path := "/"};
        false -> Map
    end;
by_scheme(Map) -> Map.

default_port("http") -> 80;
default_port("https") -> 443;
default_port("ftp") -> 21;
default_port("ssh") -> 22;
default_port("sftp") -> 22;
default_port("tftp") -> 69;
default_port(_) -> none.

%%% Resolving a reference against a base

%% A reference against a base URI.
-spec resolve(uri_string() | uri_map(), uri_string() | uri_map()) -> uri_string() | error().
resolve(Reference, Base) -> resolve(Reference, Base, []).

-spec resolve(uri_string() | uri_map(), uri_string() | uri_map(), [return_map]) ->
    uri_string() | uri_map() | error().
resolve(Reference, Base, Options) when is_list(Options) ->
    %% An absolute reference needs no base.
    Read = case as_map(Reference) of
        #{scheme := _} = Absolute -> {Absolute, #{}};
        Relative -> {Relative, as_map(Base)}
    end,
    case Read of
        {{error, _, _} = Error, _} -> Error;
        {_, {error, _, _} = Error} -> Error;
        {R, B} ->
            IsBinary = lists:any(fun is_binary/1, case R of
                #{path := Path} when map_size(R) =:= 1, Path =:= ""; Path =:= <<>> -> maps:values(B);
                #{} -> maps:values(R)
            end),
            case resolved(as_lists(R), as_lists(B)) of
                {error, _, _} = Error -> Error;
                Map when IsBinary ->
                    returned(shaped(Map, fun unicode:characters_to_binary/1), Options);
                Map -> returned(Map, Options)
            end
    end.

as_map(Map) when is_map(Map) -> Map;
as_map(Uri) -> parse(Uri).

as_lists(Map) ->
    maps:map(fun(port, Port) -> Port; (_, Text) -> list(Text) end, Map).

resolved(#{scheme := _, path := Path} = R, _) -> R#{path := without_dots(Path)};
resolved(R, #{scheme := Scheme} = Base) ->
    Map = case R of
        #{host := _, path := Path} -> R#{path := without_dots(Path)};
        #{path := ""} ->
            Query = case R of
                #{query := _} -> R;
                #{} -> maps:with([query], Base)
            end,
            maps:merge(authority_of(Base, maps:with([query], Query)), maps:with([path], Base));
        #{path := [$/ | _] = Path} ->
            (authority_of(Base, maps:with([query], R)))#{path => without_dots(Path)};
        #{path := Path} ->
            (authority_of(Base, maps:with([query], R)))#{path => without_dots(merged(Path, Base))}
    end,
    maps:merge(Map#{scheme => Scheme}, maps:with([fragment], R));
resolved(_, _) ->
    {error, invalid_scheme, ""}.

authority_of(Base, Map) -> maps:merge(maps:with([host, port, userinfo], Base), Map).

merged(Path, #{host := _, path := ""}) -> [$/ | Path];
merged(Path, #{path := Base}) ->
    lists:reverse(lists:dropwhile(fun(C) -> C =/= $/ end, lists:reverse(Base))) ++ Path.

%%% Percent encoding

%% Percent-encoded but for what is unreserved.
-spec quote(unicode:chardata()) -> unicode:chardata().
quote(Data) -> quote(Data, "").

-spec quote(unicode:chardata(), string()) -> unicode:chardata().
quote(Data, Safe) when (is_list(Data) orelse is_binary(Data)), is_list(Safe) ->
    try
        {Chars, Shape} = chars(Data),
        Shape(encoded(Chars, fun(C) -> is_unreserved(C) orelse lists:member(C, Safe) end))
    catch
        throw:_ -> erlang:error(badarg, [Data, Safe])
    end.

%% Percent-decoded.
-spec unquote(unicode:chardata()) -> unicode:chardata() | error().
unquote(Data) when is_list(Data); is_binary(Data) -> percent_decode(Data).

%% With what is percent-encoded decoded.
-spec percent_decode(uri_string() | uri_map()) -> uri_string() | uri_map() | error()
    | {error, {invalid, {atom(), {term(), term()}}}}.
percent_decode(Map) when is_map(Map) ->
    try
        maps:map(fun(Key, Text) when Key =:= port; Key =:= scheme -> Text;
                    (Key, Text) ->
                        case percent_decode(Text) of
                            {error, Reason, Info} -> throw({invalid, {Key, {Reason, Info}}});
                            Decoded -> Decoded
                        end
                 end, Map)
    catch
        throw:Invalid -> {error, Invalid}
    end;
percent_decode(Data) when is_list(Data); is_binary(Data) ->
    case decoded_bytes(unicode:characters_to_binary(Data), <<>>) of
        {error, _, _} = Error -> Error;
        Bytes ->
            case unicode:characters_to_list(Bytes) of
                _ when is_binary(Data), is_binary(Bytes) ->
                    case unicode:characters_to_binary(Bytes) of
                        Bytes -> Bytes;
                        _ -> {error, invalid_utf8, Bytes}
                    end;
                Chars when is_list(Chars) -> Chars;
                _ -> {error, invalid_utf8, Bytes}
            end
    end.

decoded_bytes(<<$%, A, B, Rest/binary>>, Out) ->
    case is_hex(A) andalso is_hex(B) of
        true -> decoded_bytes(Rest, <<Out/binary, (list_to_integer([A, B], 16))>>);
        false -> {error, invalid_percent_encoding, <<$%, A, B>>}
    end;
decoded_bytes(<<B, Rest/binary>>, Out) -> decoded_bytes(Rest, <<Out/binary, B>>);
decoded_bytes(<<>>, Out) -> Out.

%% From one encoding of characters, percent signs included, to another.
-spec transcode(uri_string(), [{in_encoding, unicode:encoding()}
                               | {out_encoding, unicode:encoding()}]) -> uri_string() | error().
transcode(Data, Options) when is_list(Data); is_binary(Data) ->
    In = proplists:get_value(in_encoding, Options, utf8),
    Out = proplists:get_value(out_encoding, Options, utf8),
    try
        Chars = case unicode:characters_to_list(Data, In) of
            List when is_list(List) -> List;
            {_, _, Rest} -> throw({error, invalid_input, Rest})
        end,
        transcoded(Chars, In, Out)
    of
        Result when is_binary(Data) -> unicode:characters_to_binary(Result, utf8, Out);
        Result -> Result
    catch
        throw:{error, _, _} = Error -> Error
    end.

transcoded([$% | _] = Chars, In, Out) ->
    {Bytes, Rest} = percent_run(Chars, []),
    case unicode:characters_to_binary(list_to_binary(Bytes), In, Out) of
        Encoded when is_binary(Encoded) -> percent_bytes(Encoded) ++ transcoded(Rest, In, Out);
        {_, _, <<Bad, _/binary>>} -> throw({error, invalid_input, <<Bad>>})
    end;
transcoded([C | Chars], In, Out) -> [C | transcoded(Chars, In, Out)];
transcoded([], _, _) -> [].

percent_run([$%, A, B | Chars], Bytes) ->
    case is_hex(A) andalso is_hex(B) of
        true -> percent_run(Chars, [list_to_integer([A, B], 16) | Bytes]);
        false -> throw({error, invalid_percent_encoding, [$%, A, B | Chars]})
    end;
percent_run(Chars, Bytes) -> {lists:reverse(Bytes), Chars}.

%%% Query strings of forms

-type query_list() :: [{unicode:chardata(), unicode:chardata() | true}].

%% A query of keys and values, as forms send it.
-spec compose_query(query_list()) -> uri_string() | error().
compose_query(List) -> compose_query(List, [{encoding, utf8}]).

-spec compose_query(query_list(), [{encoding, atom()}]) -> uri_string() | error().
compose_query([], Options) when is_list(Options) -> [];
compose_query(List, Options) when is_list(List) ->
    try
        Encoding = case Options of
            [{encoding, E}] when E =:= utf8; E =:= unicode; E =:= latin1 -> E;
            [{encoding, E}] -> throw({error, invalid_encoding, E});
            _ -> throw({error, invalid_input, element(1, hd(List))})
        end,
        Chars = lists:append(lists:join("&", [form_pair(Pair, Encoding) || Pair <- List])),
        case lists:all(fun({K, V}) -> is_binary(K) andalso not is_list(V) end, List) of
            true -> list_to_binary(Chars);
            false -> Chars
        end
    catch
        throw:{error, _, _} = Error -> Error
    end.

form_pair({Key, true}, Encoding) -> form_text(Key, Encoding);
form_pair({Key, Value}, Encoding) ->
    Start = form_text(Key, Encoding),
    Start ++ [$= | form_text(Value, Encoding)].

-define(IS_PLAIN(C),
        (?IS_ALPHA(C) orelse ?IS_DIGIT(C) orelse C =:= $* orelse C =:= $- orelse C =:= $.
         orelse C =:= $_)).

form_text(Text, Encoding) when is_binary(Text), Encoding =/= latin1 ->
    escaped(Text, []);
form_text(Text, Encoding) when is_list(Text); is_binary(Text) ->
    case unicode:characters_to_list(Text) of
        Chars when is_list(Chars) -> form_chars(Chars, Encoding);
        _ -> throw({error, invalid_input, Text})
    end;
form_text(Text, _) -> throw({error, invalid_input, Text}).

form_chars([C | Chars], Encoding) when ?IS_PLAIN(C) -> [C | form_chars(Chars, Encoding)];
form_chars([C | Chars], Encoding) ->
    escaped(form_char(C, Encoding), form_chars(Chars, Encoding));
form_chars([], _) -> [].

%% Characters that Latin-1 lacks are written as HTML does: &#21512;
form_char(C, latin1) when C > 255 -> <<"&#", (integer_to_binary(C))/binary, ";">>;
form_char(C, latin1) -> <<C>>;
form_char(C, _) -> <<C/utf8>>.

escaped(<<B, Rest/binary>>, Tail) when ?IS_PLAIN(B) -> [B | escaped(Rest, Tail)];
escaped(<<$\s, Rest/binary>>, Tail) -> [$+ | escaped(Rest, Tail)];
escaped(<<High:4, Low:4, Rest/binary>>, Tail) ->
    [$%, hex(High), hex(Low) | escaped(Rest, Tail)];
escaped(<<>>, Tail) -> Tail.

%% The keys and values of a query.
-spec dissect_query(uri_string()) -> query_list() | error().
dissect_query(Data) ->
    try
        case chars(Data) of
            {[], _} -> [];
            {Chars, Shape} -> [form_entry(Entry, Shape) || Entry <- string:split(Chars, "&", all)]
        end
    catch
        throw:{error, invalid_uri, Data} -> no_characters(Data);
        throw:{error, _, _} = Error -> Error
    end.

%% Of a binary the first byte that is none, of a list all from there on.
no_characters(Data) ->
    {_, _, Rest} = unicode:characters_to_binary(Data),
    case Rest of
        <<Bad, _/binary>> when is_binary(Data) -> {error, invalid_character, [Bad]};
        _ when is_binary(Rest) -> {error, invalid_input, Rest};
        _ ->
            Flat = lists:flatten(Rest),
            {error, invalid_input, case lists:all(fun is_integer/1, Flat) of
                                       true -> Flat;
                                       false -> iolist_to_binary(Flat)
                                   end}
    end.

form_entry(Entry, Shape) ->
    case cut(Entry, $=) of
        {Key, none} -> {Shape(form_decoded(Key)), true};
        {Key, Value} -> {Shape(form_decoded(Key)), Shape(form_decoded(Value))}
    end.

form_decoded(Chars) ->
    Bytes = form_bytes(Chars),
    case unicode:characters_to_list(Bytes) of
        Decoded when is_list(Decoded) -> without_references(Decoded);
        {_, _, <<Bad, _/binary>>} -> throw({error, invalid_input, [Bad]})
    end.

%% &#21512; stands for that character.
without_references("&#" ++ Chars) ->
    case lists:splitwith(fun(C) -> ?IS_DIGIT(C) end, Chars) of
        {[_ | _] = Digits, [$; | Rest]} ->
            C = list_to_integer(Digits),
            C =< 16#10FFFF orelse throw({error, invalid_input, Digits}),
            [C | without_references(Rest)];
        {_, [C | _]} -> throw({error, invalid_input, [C]});
        {_, []} -> throw({error, invalid_input, ""})
    end;
without_references([C | Chars]) -> [C | without_references(Chars)];
without_references([]) -> [].

form_bytes(Chars) -> form_bytes(Chars, <<>>).

form_bytes([$+ | Chars], Out) -> form_bytes(Chars, <<Out/binary, $\s>>);
form_bytes([$%, A, B | Chars], Out) ->
    case is_hex(A) andalso is_hex(B) of
        true -> form_bytes(Chars, <<Out/binary, (list_to_integer([A, B], 16))>>);
        false -> throw({error, invalid_percent_encoding, [$%, A, B | Chars]})
    end;
form_bytes([C | Chars], Out) -> form_bytes(Chars, <<Out/binary, C/utf8>>);
form_bytes([], Out) -> Out.
