%% Programs that compare what is logged. Events are printed as logger_formatter has them, on many lines
%% and on one, by the process `printer`: in the order in which they come, and what the program says
%% itself comes after what was logged before.
-export([main/0, log/2, ended/1]).

main() ->
    {Pid, Ref} = spawn_monitor(fun() ->
                                       process_flag(trap_exit, true),
                                       start_printing(),
                                       run()
                               end),
    receive {'DOWN', Ref, process, Pid, Reason} -> io:format("ended: ~p~n", [Reason]) end.

start_printing() ->
    io:setopts(user, [{encoding, unicode}]),
    register(printer, spawn(fun print/0)),
    logger:update_primary_config(#{level => info}),
    ok = logger:add_handler(printing, ?MODULE,
                            #{formatter => {logger_formatter, #{legacy_header => true,
                                                                single_line => false}}}),
    logger:remove_handler(default).

log(#{meta := Meta, msg := Given, level := Level} = Original, #{formatter := {Formatter, Config}}) ->
    Message = normal(Given),
    Event = Original#{msg := Message},
    Text = unicode:characters_to_binary(Formatter:format(Event, Config)),
    Single = unicode:characters_to_binary(
               Formatter:format(Event, #{single_line => true, template => [level, " ", msg, "\n"]})),
    Deep = unicode:characters_to_binary(
             Formatter:format(Event, #{single_line => false, depth => 9, template => [msg, "\n"]})),
    Label = case Message of
                {report, #{label := L}} -> L;
                _ -> none
            end,
    printer ! {Level, Label, maps:get(domain, Meta, none), Text, Single, Deep}.

%% What differs from run to run, and inner functions of the library. Lengths decide where lines end: so
%% it is made equal before it is formatted.
normal(Pid) when is_pid(Pid) -> '<pid>';
normal(Ref) when is_reference(Ref) -> '#ref';
normal(Fun) when is_function(Fun) ->
    case erlang:fun_info(Fun, type) of
        {type, external} -> Fun;
        _ -> '#fun'
    end;
normal({M, F, A, At}) when is_atom(M), is_atom(F), is_list(At) ->
    case is_inner(M) of
        true -> {M, inner, 0, [{file, "inner.erl"}, {line, 1}]};
        false -> {M, without_number(F), normal(A), [normal(Item) || Item <- At]}
    end;
normal({line, N}) when is_integer(N) -> {line, 1};
normal({Key, _}) when Key =:= reductions; Key =:= heap_size; Key =:= stack_size -> {Key, 1};
normal({dictionary, D}) -> {dictionary, lists:sort(normal(D))};
normal({initial_call, {M, F, A}}) -> {initial_call, {M, without_number(F), A}};
%% How many frames there are of proc_lib, at the end, depends on how many there were before.
normal([{proc_lib, _, A, [{file, _} | _]}]) when is_integer(A) -> [];
normal([{M, _, A, At} = Frame | Rest])
  when is_atom(M), is_list(At), is_list(A) orelse is_integer(A) ->
    case {normal(Frame), normal(Rest)} of
        {{M, inner, _, _} = Inner, [Inner | Others]} -> [Inner | Others];
        {First, Others} -> [First | Others]
    end;
normal([H | T]) -> [normal(H) | normal(T)];
normal(T) when is_tuple(T) -> list_to_tuple(normal(tuple_to_list(T)));
normal(#{format := _, args := Args} = M) -> M#{args := normal(Args)};
normal(M) when is_map(M) -> maps:map(fun(K, V) when is_function(V), K =:= report_cb -> V;
                                        (_, V) -> normal(V) end, M);
normal(T) -> T.

is_inner(M) ->
    lists:member(M, [gen_server, gen_statem, gen_event, gen, supervisor, proc_lib,
                     supervisor_bridge, application_master, lists, erlang]).

%% Funs are numbered in another order.
without_number(Name) ->
    case re:replace(atom_to_list(Name), "-fun-[0-9]+-", "-fun-", [{return, list}]) of
        Text -> list_to_atom(Text)
    end.

print() ->
    receive
        {say, From, Text} ->
            io:put_chars(Text),
            From ! said;
        {Level, Label, Domain, Text, Single, Deep} ->
            io:format("~p ~p ~p~n~ts~ts~ts", [Level, Label, Domain, Text, Single, Deep])
    end,
    print().

say(Format, Args) ->
    settled:wait(),
    printer ! {say, self(), io_lib:format(Format, normal(Args))},
    receive said -> ok end.

title(Text) -> say("~n=== ~ts~n", [Text]).

%% Who waits for a time must have been waited for by then.
ended(P) ->
    Ref = monitor(process, P),
    receive {'DOWN', Ref, process, _, _} -> P end.
