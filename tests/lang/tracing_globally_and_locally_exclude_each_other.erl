%% A function is traced either globally or by what looks at each call of it: setting one ends the other.
-module(tracing_globally_and_locally_exclude_each_other).
-export([main/0, f/1]).

main() ->
    Tracer = spawn(fun() -> receive stop -> ok end end),
    erlang:trace(self(), true, [call, {tracer, Tracer}]),
    lists:foreach(fun steps/1,
                  [[{true, []}, {false, [local]}, {false, [global]}],
                   [{true, [local]}, {false, [global]}, {false, [local]}],
                   [{true, [local]}, {true, [global]}, {false, [local]}, {false, [global]}],
                   [{true, [global]}, {true, [local]}, {false, [global]}, {false, [local]}],
                   [{true, [call_count]}, {true, [global]}, {false, [global]}, {false, [call_count]}],
                   [{true, [call_count]}, {false, [global]}, {false, [call_count]}],
                   [{true, [global]}, {true, [call_count]}, {false, [call_count]}, {false, [global]}],
                   [{true, [global]}, {true, [meta]}, {false, [meta]}, {false, [global]}],
                   [{true, [meta]}, {true, [global]}, {false, [meta]}, {false, [global]}],
                   [{true, [meta]}, {false, [global]}, {false, [meta]}],
                   [{true, [meta,local]}, {false, [global]}, {false, [meta]}, {false, [local]}],
                   [{true, [local,meta]}, {false, [local]}, {false, [meta]}]]).

steps(Steps) ->
    io:format("~p~n", [Steps]),
    [begin
         1 = erlang:trace_pattern({?MODULE, f, 1}, On, Flags),
         io:format("  ~p: ~p~n", [Flags, [case erlang:trace_info({?MODULE, f, 1}, Item) of
                                              {Item, Pid} when is_pid(Pid) -> {Item, pid};
                                              Info -> Info
                                          end || Item <- [traced, call_count, meta]]])
     end || {On, Flags} <- Steps].

f(X) -> X.
