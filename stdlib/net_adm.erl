%% Finding other nodes, as a node does that is not alive: it finds none (see net_kernel).
-module(net_adm).
-export([ping/1, names/0, names/1, localhost/0, dns_hostname/1, host_file/0, world/0, world/1,
         world_list/1, world_list/2]).

-include_lib("kernel/include/inet.hrl").

%% Of this node, too: it has no name that one could ask for.
-spec ping(atom()) -> pang.
ping(Node) when is_atom(Node) -> pang.

%% Nobody who knows names listens.
-spec names() -> {error, address}.
names() -> {error, address}.
-spec names(atom() | string() | inet:ip_address()) -> {error, address}.
names(_) -> {error, address}.

%% The name of this machine, with its domain where it is known.
-spec localhost() -> string().
localhost() ->
    {ok, Name} = inet:gethostname(),
    case inet:gethostbyname(Name) of
        {ok, #hostent{h_name = Full}} ->
            case lists:prefix(Name ++ ".", Full) of
                true -> Full;
                false -> Name
            end;
        {error, _} -> Name
    end.

-spec dns_hostname(atom() | string()) -> {ok, string()} | {error, atom() | string()}.
dns_hostname(Host) ->
    case inet:gethostbyname(Host) of
        {ok, #hostent{h_name = Name}} -> {ok, Name};
        {error, _} -> {error, Host}
    end.

%% Hosts on which nodes may run: of .hosts.erlang here, at home or where the runtime lies.
-spec host_file() -> [atom()] | {error, term()}.
host_file() ->
    Home = [Home || {ok, [[Home]]} <- [init:get_argument(home)]],
    case file:path_consult(["." | Home] ++ [code:root_dir()], ".hosts.erlang") of
        {ok, Hosts, _} -> Hosts;
        {error, _} = Error -> Error
    end.

-spec world() -> [node()].
world() -> world(silent).
-spec world(silent | verbose) -> [node()].
world(Verbosity) ->
    case host_file() of
        {error, Reason} -> exit({error, Reason});
        Hosts -> world_list(Hosts, Verbosity)
    end.
-spec world_list([atom()]) -> [node()].
world_list(Hosts) -> world_list(Hosts, silent).
-spec world_list([atom()], silent | verbose) -> [node()].
world_list(Hosts, _) when is_list(Hosts) -> [].
