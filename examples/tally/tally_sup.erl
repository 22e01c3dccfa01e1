%% What keeps the service alive: the counter first, for the reporter asks it. Should the counter end, what was
%% started after it starts anew with it (rest_for_one); more than 5 restarts in 10 seconds are no accident: then
%% the supervisor gives up, and with it the application.
-module(tally_sup).
-behaviour(supervisor).
-export([start_link/0, init/1]).

start_link() -> supervisor:start_link({local, ?MODULE}, ?MODULE, []).

init([]) ->
    {ok, {#{strategy => rest_for_one, intensity => 5, period => 10},
          [#{id => counter, start => {tally_counter, start_link, []}},
           #{id => reporter, start => {tally_reporter, start_link, []}}]}}.
