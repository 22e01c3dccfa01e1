%% Internet addresses as texts, in both directions, and the texts of names.
%%
%% IPv4 as the C library reads it: one to four numbers, decimal, octal (0…) or hexadecimal (0x…), of
%% which the last one fills all the bytes that are left ("127.1"). Strictly: four decimal numbers.
%% IPv6: eight groups of up to four hexadecimal digits; :: stands once for one or more groups of
%% zero, the last two groups may be an IPv4 address, and %zone behind link-local ones is passed over.
-module(inet_parse).
-export([address/1, strict_address/1, ipv4_address/1, ipv4strict_address/1, ipv6_address/1,
         ipv6strict_address/1, ntoa/1, domain/1, visible_string/1, dots/1]).

-type answer(Address) :: {ok, Address} | {error, einval}.
-type ip4() :: {byte(), byte(), byte(), byte()}.
-type ip6() :: {char(), char(), char(), char(), char(), char(), char(), char()}.

-define(IS_BYTE(X), is_integer(X), X >= 0, X =< 255).
-define(IS_GROUP(X), is_integer(X), X >= 0, X =< 65535).

-spec address(term()) -> answer(ip4() | ip6()).
address(Text) when is_list(Text) -> either(Text, fun ipv4_address/1);
address(_) -> {error, einval}.

-spec strict_address(term()) -> answer(ip4() | ip6()).
strict_address(Text) when is_list(Text) -> either(Text, fun ipv4strict_address/1);
strict_address(_) -> {error, einval}.

either(Text, Ip4) ->
    case Ip4(Text) of
        {ok, _} = Found -> Found;
        {error, _} -> ipv6strict_address(Text)
    end.

%% ---- IPv4 ----

-spec ipv4_address(string()) -> answer(ip4()).
ipv4_address(Text) when is_list(Text) ->
    answer(fun() -> fill([any_number(Field) || Field <- fields(Text, $.)]) end).

-spec ipv4strict_address(string()) -> answer(ip4()).
ipv4strict_address(Text) when is_list(Text) -> answer(fun() -> strict4(Text) end).

strict4(Text) ->
    [A, B, C, D] = [decimal(Field) || Field <- fields(Text, $.)],
    {A, B, C, D}.

%% The last number takes the bytes that the others leave.
fill([N]) -> bytes([], N, 4);
fill([A, N]) -> bytes([A], N, 3);
fill([A, B, N]) -> bytes([A, B], N, 2);
fill([A, B, C, N]) -> bytes([A, B, C], N, 1).

bytes(First, Last, Count) ->
    true = lists:all(fun(Byte) -> Byte =< 255 end, First),
    true = Last < 1 bsl (8 * Count),
    list_to_tuple(First ++ binary_to_list(<<Last:Count/unit:8>>)).

any_number([$0, X | Digits]) when X =:= $x; X =:= $X -> number(Digits, 16);
any_number([$0 | [_ | _] = Digits]) -> number(Digits, 8);
any_number([$+ | Digits]) -> number(Digits, 10);
any_number(Digits) -> number(Digits, 10).

number([Digit | _] = Digits, Base) when Digit =/= $-, Digit =/= $+ ->
    list_to_integer(Digits, Base).

decimal([$0]) -> 0;
decimal([Digit | _] = Digits) when Digit >= $1, Digit =< $9, length(Digits) =< 3 ->
    N = list_to_integer(Digits),
    true = N =< 255,
    N.

%% ---- IPv6 ----

%% An IPv4 address becomes one of IPv6.
-spec ipv6_address(string()) -> answer(ip6()).
ipv6_address(Text) when is_list(Text) ->
    case address(Text) of
        {ok, {A, B, C, D}} -> {ok, {0, 0, 0, 0, 0, 65535, A * 256 + B, C * 256 + D}};
        Answer -> Answer
    end.

-spec ipv6strict_address(term()) -> answer(ip6()).
ipv6strict_address(Text) when is_list(Text) -> answer(fun() -> ip6(Text) end);
ipv6strict_address(_) -> {error, einval}.

ip6(Text) ->
    {Groups, Zone} = lists:splitwith(fun(C) -> C =/= $% end, Text),
    true = Zone =:= [] orelse has_zone(string:lowercase(Groups)),
    without_zone(Groups).

%% What is known on one link only.
has_zone("fe80::" ++ Rest) -> not lists:member($., Rest);
has_zone("ff02::" ++ Rest) -> not lists:member($., Rest);
has_zone(_) -> false.

without_zone(Text) ->
    Groups = case halves(Text, []) of
                 {Head, Tail} ->
                     First = groups(Head, false),
                     Last = groups(Tail, true),
                     Gap = 8 - length(First) - length(Last),
                     true = Gap >= 1,
                     First ++ lists:duplicate(Gap, 0) ++ Last;
                 none -> groups(Text, true)
             end,
    8 = length(Groups),
    list_to_tuple(Groups).

%% What stands before and behind the first ::.
halves("::" ++ Tail, Head) -> {lists:reverse(Head), Tail};
halves([C | Rest], Head) -> halves(Rest, [C | Head]);
halves([], _) -> none.

groups("", _) -> [];
groups(Text, AtEnd) -> group_list(fields(Text, $:), AtEnd).

group_list([Last], true) ->
    case lists:member($., Last) of
        true ->
            {A, B, C, D} = strict4(Last),
            [A * 256 + B, C * 256 + D];
        false -> [group(Last)]
    end;
group_list([Field | Rest], AtEnd) -> [group(Field) | group_list(Rest, AtEnd)];
group_list([], _) -> [].

group([_ | _] = Digits) when length(Digits) =< 4, hd(Digits) =/= $+, hd(Digits) =/= $- ->
    list_to_integer(Digits, 16).

%% Whatever does not fit on the way is no address.
answer(Parse) ->
    try {ok, Parse()} catch error:_ -> {error, einval} end.

fields(Text, Separator) ->
    case lists:splitwith(fun(C) -> C =/= Separator end, Text) of
        {Field, [_ | Rest]} -> [Field | fields(Rest, Separator)];
        {Field, []} -> [Field]
    end.

%% ---- addresses to texts ----

-spec ntoa(term()) -> string() | {error, einval}.
ntoa({A, B, C, D}) when ?IS_BYTE(A), ?IS_BYTE(B), ?IS_BYTE(C), ?IS_BYTE(D) -> dotted([A, B, C, D]);
ntoa({0, 0, 0, 0, 0, 0, 0, 0}) -> "::";
ntoa({0, 0, 0, 0, 0, 0, 0, 1}) -> "::1";
ntoa({0, 0, 0, 0, 0, 0, G, H}) when ?IS_GROUP(G), ?IS_GROUP(H) -> "::" ++ dotted(G, H);
ntoa({0, 0, 0, 0, 0, 65535, G, H}) when ?IS_GROUP(G), ?IS_GROUP(H) -> "::ffff:" ++ dotted(G, H);
ntoa({_, _, _, _, _, _, _, _} = Address) ->
    Groups = tuple_to_list(Address),
    case lists:all(fun(Group) -> is_integer(Group) andalso Group bsr 16 =:= 0 end, Groups) of
        true -> shortened(Groups);
        false -> {error, einval}
    end;
ntoa(_) -> {error, einval}.

dotted(G, H) -> dotted([G bsr 8, G band 255, H bsr 8, H band 255]).
dotted(Bytes) -> lists:append(lists:join(".", [integer_to_list(Byte) || Byte <- Bytes])).

%% The longest run of zeros, if it has two or more, becomes ::; of equally long ones the first.
shortened(Groups) ->
    case longest(Groups, 0, {0, 0}) of
        {_, Count} when Count < 2 -> hexadecimal(Groups);
        {At, Count} ->
            {Head, Rest} = lists:split(At, Groups),
            hexadecimal(Head) ++ "::" ++ hexadecimal(lists:nthtail(Count, Rest))
    end.

longest([], _, Best) -> Best;
longest(Groups, At, {_, Most} = Best) ->
    {Zeros, Rest} = lists:splitwith(fun(Group) -> Group =:= 0 end, Groups),
    {Others, Next} = lists:splitwith(fun(Group) -> Group =/= 0 end, Rest),
    Count = length(Zeros),
    longest(Next, At + Count + length(Others),
            if Count > Most -> {At, Count}; true -> Best end).

hexadecimal(Groups) ->
    lists:append(lists:join(":", [string:lowercase(integer_to_list(G, 16)) || G <- Groups])).

%% ---- names ----

%% Labels of letters, digits, - and _, that begin with no -, with one dot between.
-spec domain(term()) -> boolean().
domain([_ | _] = Name) ->
    lists:all(fun(C) -> is_integer(C) end, Name) andalso lists:all(fun is_label/1, fields(Name, $.));
domain(_) -> false.

is_label([$- | _]) -> false;
is_label([_ | _] = Label) -> lists:all(fun is_label_character/1, Label);
is_label([]) -> false.

is_label_character(C) ->
    C >= $a andalso C =< $z orelse C >= $A andalso C =< $Z orelse C >= $0 andalso C =< $9 orelse
        C =:= $- orelse C =:= $_.

%% One or more characters of ASCII that can be seen.
-spec visible_string(term()) -> boolean().
visible_string([_ | _] = Text) ->
    lists:all(fun(C) -> is_integer(C) andalso C > $\s andalso C < 127 end, Text);
visible_string(_) -> false.

%% How many dots stand within, and whether one stands last.
-spec dots(string()) -> {non_neg_integer(), boolean()}.
dots(Name) when is_list(Name) ->
    AtEnd = Name =/= [] andalso lists:last(Name) =:= $.,
    {length([C || C <- Name, C =:= $.]) - if AtEnd -> 1; true -> 0 end, AtEnd}.
