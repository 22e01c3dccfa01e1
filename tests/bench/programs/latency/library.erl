%% The library: how long the first use of a module takes that the binary carries, and how many children a
%% second a supervisor restarts.
-module(library).
-behaviour(supervisor).
-export([main/0, init/1, child/0]).

-define(MODULES, [supervisor, gen_server, gen_statem, gen_event, application, sofs, string, json, argparse,
                  digraph, erl_scan, erl_parse, re, timer, queue, array, dict, calendar, uri_string]).
-define(CHILDREN, 1000).
-define(ROUNDS, 50).

main() ->
    Times = lists:sort([load(M) || M <- ?MODULES, not erlang:module_loaded(M)]),
    case Times of
        [] -> ok;
        _ ->
            io:format("  ~-34s ~12s ~12.1f~n",
                      ["load a library module, median, us", "", lists:nth((length(Times) + 1) div 2, Times)])
    end,
    io:format("  ~-34s ~25w~n", ["supervisor, restarts a second", restarts()]).

load(M) ->
    Start = erlang:monotonic_time(nanosecond),
    {module, M} = code:ensure_loaded(M),
    (erlang:monotonic_time(nanosecond) - Start) / 1000.

init([]) -> {ok, {#{strategy => one_for_one, intensity => 1000000000, period => 1}, []}}.

child() -> {ok, proc_lib:spawn_link(fun() -> receive die -> exit(shutdown) end end)}.

restarts() ->
    logger:set_primary_config(level, none),
    {ok, S} = supervisor:start_link(?MODULE, []),
    [{ok, _} = supervisor:start_child(S, #{id => I, start => {?MODULE, child, []}})
     || I <- lists:seq(1, ?CHILDREN)],
    Start = erlang:monotonic_time(microsecond),
    [P ! die || _ <- lists:seq(1, ?ROUNDS), {_, P, _, _} <- supervisor:which_children(S), is_pid(P)],
    _ = supervisor:which_children(S),
    ?ROUNDS * ?CHILDREN * 1000000 div (erlang:monotonic_time(microsecond) - Start).
