%% Internet addresses, names of hosts and this machine's interfaces. There are no sockets yet, so what
%% asks for one is not here; addresses as texts are inet_parse's, what the system knows comes from
%% muster_net as bytes.
-module(inet).
-include_lib("kernel/include/inet.hrl").
-export([parse_address/1, parse_strict_address/1, parse_ipv4_address/1, parse_ipv4strict_address/1,
         parse_ipv6_address/1, parse_ipv6strict_address/1, ntoa/1,
         is_ip_address/1, is_ipv4_address/1, is_ipv6_address/1, ipv4_mapped_ipv6_address/1]).
-export([gethostname/0, getifaddrs/0, getaddr/2, getaddrs/2, gethostbyname/1, gethostbyname/2,
         gethostbyname/3, gethostbyaddr/1, format_error/1]).
-export_type([ip_address/0, ip4_address/0, ip6_address/0, hostname/0, address_family/0, posix/0,
              hostent/0, port_number/0, getifaddrs_ifopts/0]).

-type ip4_address() :: {byte(), byte(), byte(), byte()}.
-type ip6_address() :: {char(), char(), char(), char(), char(), char(), char(), char()}.
-type ip_address() :: ip4_address() | ip6_address().
-type hostname() :: atom() | string().
-type address_family() :: inet | inet6.
-type port_number() :: 0..65535.
-type posix() :: atom().
-type hostent() :: #hostent{}.
-type getifaddrs_ifopts() :: [{flags, [up | broadcast | loopback | pointtopoint | running | multicast]}
                              | {addr | netmask | broadaddr | dstaddr, ip_address()}
                              | {hwaddr, [byte()]}].

%% ---- addresses and texts ----

-spec parse_address(term()) -> {ok, ip_address()} | {error, einval}.
parse_address(Text) -> inet_parse:address(Text).
-spec parse_strict_address(term()) -> {ok, ip_address()} | {error, einval}.
parse_strict_address(Text) -> inet_parse:strict_address(Text).
-spec parse_ipv4_address(string()) -> {ok, ip4_address()} | {error, einval}.
parse_ipv4_address(Text) -> inet_parse:ipv4_address(Text).
-spec parse_ipv4strict_address(string()) -> {ok, ip4_address()} | {error, einval}.
parse_ipv4strict_address(Text) -> inet_parse:ipv4strict_address(Text).
-spec parse_ipv6_address(string()) -> {ok, ip6_address()} | {error, einval}.
parse_ipv6_address(Text) -> inet_parse:ipv6_address(Text).
-spec parse_ipv6strict_address(term()) -> {ok, ip6_address()} | {error, einval}.
parse_ipv6strict_address(Text) -> inet_parse:ipv6strict_address(Text).

-spec ntoa(term()) -> string() | {error, einval}.
ntoa(Address) -> inet_parse:ntoa(Address).

-spec is_ip_address(term()) -> boolean().
is_ip_address(Address) -> is_ipv4_address(Address) orelse is_ipv6_address(Address).
-spec is_ipv4_address(term()) -> boolean().
is_ipv4_address({_, _, _, _} = Address) -> all_below(256, Address);
is_ipv4_address(_) -> false.
-spec is_ipv6_address(term()) -> boolean().
is_ipv6_address({_, _, _, _, _, _, _, _} = Address) -> all_below(65536, Address);
is_ipv6_address(_) -> false.

all_below(Limit, Address) ->
    lists:all(fun(N) -> is_integer(N) andalso N >= 0 andalso N < Limit end, tuple_to_list(Address)).

%% ::ffff:1.2.3.4 of 1.2.3.4, and of an address of IPv6 what its last four bytes are.
-spec ipv4_mapped_ipv6_address(ip_address()) -> ip_address().
ipv4_mapped_ipv6_address({A, B, C, D})
  when A bor B bor C bor D >= 0, A bor B bor C bor D < 256 ->
    {0, 0, 0, 0, 0, 65535, A bsl 8 bor B, C bsl 8 bor D};
ipv4_mapped_ipv6_address({_, _, _, _, _, _, G, H}) when G bor H >= 0, G bor H < 65536 ->
    {G bsr 8, G band 255, H bsr 8, H band 255}.

%% ---- what the system knows ----

%% Without the domain.
-spec gethostname() -> {ok, string()}.
gethostname() -> {ok, lists:takewhile(fun(C) -> C =/= $. end, muster_net:hostname())}.

-spec getaddr(ip_address() | hostname(), address_family()) -> {ok, ip_address()} | {error, posix()}.
getaddr(Host, Family) ->
    case getaddrs(Host, Family) of
        {ok, [Address | _]} -> {ok, Address};
        {error, _} = Error -> Error
    end.

-spec getaddrs(ip_address() | hostname(), address_family()) ->
    {ok, [ip_address()]} | {error, posix()}.
getaddrs(Address, Family) when is_tuple(Address) ->
    case {is_ipv4_address(Address), is_ipv6_address(Address)} of
        {true, _} when Family =:= inet -> {ok, [Address]};
        {_, true} when Family =:= inet6 -> {ok, [Address]};
        {false, false} -> {error, einval};
        _ -> {error, eafnosupport}
    end;
getaddrs(Name, Family) ->
    case gethostbyname(Name, Family) of
        {ok, #hostent{h_addr_list = Addresses}} -> {ok, Addresses};
        {error, _} = Error -> Error
    end.

-spec gethostbyname(hostname()) -> {ok, hostent()} | {error, posix()}.
gethostbyname(Name) -> gethostbyname(Name, inet).

-spec gethostbyname(hostname(), address_family()) -> {ok, hostent()} | {error, posix()}.
gethostbyname(Name, Family) when is_atom(Name) -> gethostbyname(atom_to_list(Name), Family);
gethostbyname([_ | _] = Name, Family) when Family =:= inet; Family =:= inet6 ->
    try by_name(Name, Family) catch error:badarg -> {error, einval} end;
gethostbyname([], Family) when Family =:= inet; Family =:= inet6 -> {error, nxdomain};
gethostbyname(_, Family) when Family =:= inet; Family =:= inet6 -> {error, einval};
gethostbyname(_, _) -> {error, eafnosupport}.

%% The system's own time limits hold.
-spec gethostbyname(hostname(), address_family(), timeout()) -> {ok, hostent()} | {error, posix()}.
gethostbyname(Name, Family, _Timeout) -> gethostbyname(Name, Family).

by_name(Name, Family) ->
    case Family =:= inet andalso inet_parse:ipv4_address(Name) of
        {ok, Address} -> {ok, host(Name, inet, [Address])};
        _ -> looked_up(Name, Family)
    end.

looked_up(Name, Family) ->
    case muster_net:addresses(Name, if Family =:= inet -> 4; true -> 6 end) of
        {ok, Bytes} ->
            [Canonical, Addresses] = binary:split(Bytes, <<0>>),
            {ok, host(binary_to_list(Canonical), Family, addresses(Family, Addresses))};
        {error, _} = Error -> Error
    end.

addresses(inet, Bytes) -> [address(Address) || <<Address:4/binary>> <= Bytes];
addresses(inet6, Bytes) -> [address(Address) || <<Address:16/binary>> <= Bytes].

address(<<A, B, C, D>>) -> {A, B, C, D};
address(<<_:16/binary>> = Bytes) -> list_to_tuple([Group || <<Group:16>> <= Bytes]).

host(Name, Family, Addresses) ->
    #hostent{h_name = Name, h_addrtype = Family, h_length = if Family =:= inet -> 4; true -> 16 end,
             h_addr_list = Addresses}.

-spec gethostbyaddr(ip_address() | hostname()) -> {ok, hostent()} | {error, posix()}.
gethostbyaddr(Address) when is_tuple(Address) ->
    case {is_ipv4_address(Address), is_ipv6_address(Address)} of
        {true, _} -> named(Address, inet, list_to_binary(tuple_to_list(Address)));
        {_, true} -> named(Address, inet6, << <<Group:16>> || Group <- tuple_to_list(Address) >>);
        _ -> {error, einval}
    end;
gethostbyaddr(Name) when is_atom(Name) -> gethostbyaddr(atom_to_list(Name));
gethostbyaddr(Text) ->
    case parse_address(Text) of
        {ok, Address} -> gethostbyaddr(Address);
        {error, _} = Error -> Error
    end.

named(Address, Family, Bytes) ->
    case muster_net:name(Bytes) of
        {ok, Name} -> {ok, host(binary_to_list(Name), Family, [Address])};
        {error, _} = Error -> Error
    end.

%% ---- interfaces ----

-spec getifaddrs() -> {ok, [{string(), getifaddrs_ifopts()}]}.
getifaddrs() ->
    {ok, Bytes} = muster_net:interfaces(),
    Parts = [{binary_to_list(Name), Flags, Address, Mask, Far}
             || <<N, Name:N/binary, Flags, A, Address:A/binary, M, Mask:M/binary, F, Far:F/binary>>
                    <= Bytes],
    Names = lists:uniq([Name || {Name, _, _, _, _} <- Parts]),
    {ok, [{Name, interface([Part || {Of, _, _, _, _} = Part <- Parts, Of =:= Name])}
          || Name <- Names]}.

interface([{_, Bits, _, _, _} | _] = Parts) ->
    Flags = [Flag || {Bit, Flag} <- lists:enumerate(0, [up, broadcast, loopback, pointtopoint,
                                                        running, multicast]),
                     Bits band (1 bsl Bit) =/= 0],
    {Internet, Others} = lists:partition(fun is_internet/1, Parts),
    [{flags, Flags} | lists:append([options(Part, Flags) || Part <- Internet])] ++
        [{hwaddr, binary_to_list(Address)} || {_, _, Address, _, _} <- Others, Address =/= <<>>].

is_internet({_, _, Address, _, _}) -> byte_size(Address) =:= 4 orelse byte_size(Address) =:= 16.

options({_, _, Address, Mask, Far}, Flags) ->
    [{addr, address(Address)}] ++
        [{netmask, address(Mask)} || byte_size(Mask) =:= byte_size(Address)] ++
        [{Kind, address(Far)} || byte_size(Far) =:= byte_size(Address),
                                 {Kind, Flag} <- [{broadaddr, broadcast}, {dstaddr, pointtopoint}],
                                 lists:member(Flag, Flags)].

%% ---- errors as texts ----

-spec format_error(term()) -> string().
format_error(exbadport) -> "invalid port state";
format_error(exbadseq) -> "bad command sequence";
format_error(system_limit) -> "a system limit was hit, probably not enough ports";
format_error(Reason) -> erl_posix_msg:message(Reason).
