%% Signals of the operating system: where they go, and what they do when nobody says otherwise.
-module(muster_signal).
-export([set/2, deliver/1]).

%% As os:set_signal/2; false: there is no such signal.
-spec set(atom(), default | ignore | handle) -> boolean().
set(Signal, handle) ->
    start_server(),
    muster_machine:signal(Signal, handle);
set(Signal, Option) -> muster_machine:signal(Signal, Option).

start_server() ->
    case whereis(erl_signal_server) of
        undefined ->
            case gen_event:start({local, erl_signal_server}) of
                {ok, Pid} ->
                    group_leader(whereis(user), Pid),
                    gen_event:add_handler(erl_signal_server, erl_signal_handler, []);
                {error, {already_started, _}} -> ok
            end;
        _ -> ok
    end.

%% A process of its own for each signal that has come in (runtime/bif_signal.c).
-spec deliver(atom()) -> ok.
deliver(Signal) -> gen_event:notify(erl_signal_server, Signal).
