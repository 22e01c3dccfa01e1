%% The state of the service, in a store: what add/2 has answered is not lost, whatever happens.
-module(tally_counter).
-behaviour(gen_server).
-export([start_link/0, add/2, total/0]).
-export([init/1, handle_call/3, handle_cast/2]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

%% The new count of Name.
add(Name, N) when is_atom(Name), is_integer(N) -> gen_server:call(?MODULE, {add, Name, N}).

%% All counts, in order.
total() -> gen_server:call(?MODULE, total).

%% The store is linked: it closes its file when this process ends.
init([]) ->
    {ok, File} = application:get_env(tally, file),
    store:open(File).

handle_call({add, Name, N}, _From, Store) ->
    {reply, store:update(Store, Name, fun(Old) -> Old + N end, N), Store};
handle_call(total, _From, Store) ->
    {reply, store:range(Store, #{}), Store}.

handle_cast(_, Store) -> {noreply, Store}.
