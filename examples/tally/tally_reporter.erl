%% Counts its own ticks, and says every report_every_ms milliseconds what there is, through logger: where that
%% goes is the configuration's affair. It traps exits, so that terminate/2 is called when the service stops.
-module(tally_reporter).
-behaviour(gen_server).
-include_lib("kernel/include/logger.hrl").
-export([start_link/0]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

start_link() -> gen_server:start_link({local, ?MODULE}, ?MODULE, [], []).

init([]) ->
    process_flag(trap_exit, true),
    {ok, Every} = application:get_env(tally, report_every_ms),
    {ok, _} = timer:send_interval(Every, report),
    {ok, nothing}.

handle_call(_, _From, State) -> {reply, ok, State}.
handle_cast(_, State) -> {noreply, State}.

handle_info(report, State) ->
    _ = tally_counter:add(ticks, 1),
    ?LOG_NOTICE("counts: ~0p", [tally_counter:total()]),
    {noreply, State}.

%% When the service stops (shutdown) the counter, which was started before, is still there. When it crashed it
%% is not, and there is nothing to say.
terminate(shutdown, _State) -> ?LOG_NOTICE("stopping with ~0p", [tally_counter:total()]);
terminate(_, _State) -> ok.
