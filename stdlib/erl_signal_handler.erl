%% What the machine does when it gets a signal that os:set_signal/2 says it handles: an event handler of
%% erl_signal_server, which may be replaced by another.
-module(erl_signal_handler).
-behaviour(gen_event).
-export([start/0, init/1, handle_event/2, handle_info/2, handle_call/2, format_status/1,
         code_change/3, terminate/2]).

-spec start() -> ok | {error, term()} | term().
start() ->
    case whereis(erl_signal_server) of
        undefined -> ok;
        _ -> gen_event:swap_sup_handler(erl_signal_server, {?MODULE, []}, {?MODULE, []})
    end.

-spec init(term()) -> {ok, running}.
init(_) -> {ok, running}.

-spec handle_event(atom(), State) -> {ok, State}.
handle_event(sigusr1, State) ->
    halt("Received SIGUSR1"),
    {ok, State};
handle_event(sigquit, State) ->
    halt(),
    {ok, State};
handle_event(sigint, stopping) ->
    halt(130),
    {ok, stopping};
handle_event(Signal, _) when Signal =:= sigterm; Signal =:= sigint ->
    logger:log(notice, "~s received - shutting down~n", [string:uppercase(atom_to_list(Signal))],
               #{domain => [otp], error_logger => #{tag => info_msg}}),
    init:stop(),
    {ok, stopping};
handle_event(_, State) -> {ok, State}.

-spec handle_info(term(), State) -> {ok, State}.
handle_info(_, State) -> {ok, State}.

-spec handle_call(term(), State) -> {ok, ok, State}.
handle_call(_, State) -> {ok, ok, State}.

-spec format_status(map()) -> map().
format_status(Status) -> Status.

-spec code_change(term(), State, term()) -> {ok, State}.
code_change(_, State, _) -> {ok, State}.

-spec terminate(term(), term()) -> ok.
terminate(_, _) -> ok.
