%% What an event handler of error_logger is told, and what format_log/1 of behaviours gives.
-module(old_events).
-export([main/0, init/1, handle_event/2, handle_call/2, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

init(server) -> {ok, state};
init(Tester) -> {ok, Tester}.
handle_event(Event, Tester) ->
    Tester ! Event,
    {ok, Tester}.
handle_call(_, State) -> {ok, answer, State}.
handle_call(_, _, State) -> {reply, ok, State}.
handle_cast(die, _) -> exit(bad).
handle_info(_, State) -> {ok, State}.
terminate(_, State) -> State.

main() ->
    logger:remove_handler(default),
    p([error_logger:which_report_handlers(), error_logger:delete_report_handler(?MODULE),
       error_logger:add_report_handler(?MODULE, self()), error_logger:which_report_handlers()]),
    error_logger:error_msg("f ~p", [a]),
    error_logger:warning_msg("f ~p", [a]),
    error_logger:info_msg("f ~p", [a]),
    error_logger:error_msg("bad ~p", []),
    error_logger:error_report([{a, b}]),
    error_logger:error_report(typ, [{a, b}]),
    error_logger:warning_report("str"),
    error_logger:warning_report(t2, x),
    error_logger:info_report(rep),
    error_logger:info_report(typ, rep),
    told(10),
    %% Nothing of this is told.
    logger:error("l ~p", [b]),
    logger:error(#{k => v}),
    logger:warning("w"),
    logger:notice([{k, v}]),
    told(0),
    proc_lib:spawn(fun() -> exit(bad) end),
    told(1),
    {ok, Server} = gen_server:start(?MODULE, server, []),
    gen_server:cast(Server, die),
    told(2),
    p([error_logger:delete_report_handler(?MODULE) =:= self(), whereis(error_logger), logger:get_handler_ids()]),
    formats().

told(0) -> receive X -> p([unexpected, X]) after 100 -> ok end;
told(N) ->
    receive
        {Tag, _, {_, crash_report, [Own, Linked]}} -> p([Tag, [Key || {Key, _} <- Own], Linked]);
        {Tag, _, {_, Format, [_, Message, State, {Reason, _}]}} -> p([Tag, lists:sublist(Format, 120), Message, State, Reason]);
        {Tag, _, {_, X, Y}} -> p([Tag, X, Y])
    after 2000 -> p([nothing])
    end,
    told(N - 1).

formats() ->
    Client = {self(), {name, [stack]}},
    Reports = [{gen_server, #{label => {gen_server, terminate}, name => n, last_message => m, state => s, log => [],
                              reason => r, client_info => Client}},
               {gen_server, #{label => {gen_server, terminate}, name => n, last_message => m, state => lists:seq(1, 30),
                              log => [a, b], reason => r, client_info => undefined}},
               {gen_server, #{label => {gen_server, no_handle_info}, module => mod, message => m}},
               {gen_event, #{label => {gen_event, terminate}, handler => h, name => n, last_message => m, state => s,
                             log => [], reason => r}},
               {gen_event, #{label => {gen_event, no_handle_info}, module => mod, message => m}},
               {gen_statem, #{label => {gen_statem, terminate}, name => n, queue => [{info, a}, {info, b}],
                              postponed => [a], modules => [m], callback_mode => state_functions, state_enter => true,
                              state => s, timeouts => {1, [{a, b}]}, log => [x], reason => {error, foo, []},
                              client_info => undefined}},
               {supervisor, #{label => {supervisor, x}, report => [{supervisor, a}, {errorContext, b}, {reason, c},
                                                                   {offender, [{pid, x}, {id, i}]}]}}],
    [begin
         _ = [application:set_env(kernel, error_logger_format_depth, Depth) || Depth =/= none],
         p([Module:format_log(Report)]),
         [begin
              {Text} = {unicode:characters_to_list(Module:format_log(Report, Extra))},
              p([Text])
          end || Extra <- [#{}, #{single_line => true}, #{depth => 12}]]
     end || Depth <- [none, 15], {Module, Report} <- Reports],
    ok.

p(Terms) -> [io:format("~tp~n", [Term]) || Term <- Terms].
