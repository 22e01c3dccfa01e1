%% What a node says of others that is not alive: there is no distribution. Who asks whether other
%% nodes come and go, or wants one connected, hears so, and goes on alone.
-module(net_kernel).
-export([start/1, start/2, stop/0, get_state/0, monitor_nodes/1, monitor_nodes/2, connect_node/1,
         hidden_connect_node/1, allow/1, allowed/0, get_net_ticktime/0, set_net_ticktime/1,
         set_net_ticktime/2, getopts/2, setopts/2, longnames/0, nodename/0, epmd_module/0,
         verbose/1]).

-spec start(atom() | [atom() | pos_integer()]) -> {error, term()}.
start(_) -> {error, nodistribution}.
-spec start(atom(), map()) -> {error, term()}.
start(_, _) -> {error, nodistribution}.
-spec stop() -> {error, not_found}.
stop() -> {error, not_found}.
-spec get_state() -> #{started := no}.
get_state() -> #{started => no}.

%% Nothing will come.
-spec monitor_nodes(boolean()) -> ok | error.
monitor_nodes(Flag) when is_boolean(Flag) -> ok;
monitor_nodes(_) -> error.

-spec monitor_nodes(boolean(), [term()] | map()) -> ok | error | {error, term()}.
monitor_nodes(Flag, Options) when is_map(Options) -> monitor_nodes(Flag, maps:to_list(Options));
monitor_nodes(Flag, Options) when is_list(Options) ->
    case [Option || Option <- Options, not is_option(Option)] of
        [] -> monitor_nodes(Flag);
        Unknown -> {error, {unknown_options, Unknown}}
    end;
monitor_nodes(_, _) -> error.

is_option(nodedown_reason) -> true;
is_option(connection_id) -> true;
is_option({nodedown_reason, Flag}) -> is_boolean(Flag);
is_option({connection_id, Flag}) -> is_boolean(Flag);
is_option({node_type, Type}) -> lists:member(Type, [visible, hidden, all]);
is_option(_) -> false.

-spec connect_node(node()) -> ignored.
connect_node(Node) when is_atom(Node) -> ignored.
-spec hidden_connect_node(node()) -> ignored.
hidden_connect_node(Node) when is_atom(Node) -> ignored.
-spec allow([node()]) -> ignored.
allow(_) -> ignored.
-spec allowed() -> ignored.
allowed() -> ignored.
-spec get_net_ticktime() -> ignored.
get_net_ticktime() -> ignored.
-spec set_net_ticktime(pos_integer()) -> ignored.
set_net_ticktime(Seconds) when is_integer(Seconds), Seconds > 0 -> ignored.
-spec set_net_ticktime(pos_integer(), non_neg_integer()) -> ignored.
set_net_ticktime(Seconds, Transition)
  when is_integer(Seconds), Seconds > 0, is_integer(Transition), Transition >= 0 ->
    ignored.
-spec getopts(node(), [atom()]) -> ignored.
getopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.
-spec setopts(node() | new, [term()]) -> ignored.
setopts(Node, Options) when is_atom(Node), is_list(Options) -> ignored.
-spec longnames() -> ignored.
longnames() -> ignored.
-spec nodename() -> ignored.
nodename() -> ignored.
-spec verbose(integer()) -> ignored.
verbose(_) -> ignored.
-spec epmd_module() -> module().
epmd_module() -> erl_epmd.
