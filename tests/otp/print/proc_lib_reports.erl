%% What processes of proc_lib log when they end badly, and the older ways to log.
-module(proc_lib_reports).
-export([run/1]).
-include("reports.hrl").

run(F) -> F().
sleep() -> receive never -> ok end.
spawned(F) -> P = proc_lib:spawn(fun() -> F() end), Ref = monitor(process, P), receive {'DOWN', Ref, _, _, R} -> say("~P~n", [R, 6]) end.

run() ->
    [begin title(T), spawned(F) end
     || {T, F} <- [{"error", fun() -> error(oops) end}, {"exit", fun() -> exit(gone) end}, {"throw", fun() -> throw(ball) end}, {"normal", fun() -> exit(normal) end},
                   {"shutdown", fun() -> exit(shutdown) end}, {"shutdown reason", fun() -> exit({shutdown, x}) end},
                   {"badarith", fun() -> list_to_integer("1") / list_to_integer("0") end}, {"badmatch", fun() -> {a, _} = element(1, {b}) end},
                   {"case", fun() -> case self() of 1 -> ok end end}, {"if", fun() -> if node() =:= x -> ok end end}, {"fun arity", fun() -> (fun(X) -> X end)(1, 2) end},
                   {"badfun", fun() -> X = element(1, {a}), X(1) end}, {"try clause", fun() -> try self() of 1 -> 1 catch _ -> 2 end end}, {"undef", fun() -> nomodule:nofun(a, [1]) end},
                   {"function clause", fun() -> lists:map(fun run/1, b) end}, {"badarg", fun() -> atom_to_list([self()]) end}, {"system limit", fun() -> list_to_atom(lists:duplicate(300, $a)) end},
                   {"long reason", fun() -> error(lists:seq(1, 200)) end}, {"strings", fun() -> error({"a string that is not that short", <<"and a binary that is not that short either">>, 'and an atom'}) end},
                   {"badkey", fun() -> error({badkey, k}) end}, {"badmap", fun() -> map_size(self()) end},
                   {"registered", fun() -> register(a_name, self()), put(key, [value]), error(oops) end},
                   {"messages", fun() -> self() ! {m, 1}, self() ! "text", error(oops) end},
                   {"trapping", fun() -> process_flag(trap_exit, true), error(oops) end}]],
    title("by mfa"), proc_lib:spawn(?MODULE, run, [fun() -> error(by_mfa) end]),
    title("neighbours"),
    Self = self(),
    Neighbour = proc_lib:spawn(fun() ->
                           N = proc_lib:spawn_link(fun() -> register(neighbour, self()), Self ! here, sleep() end),
                           receive after 20 -> ok end, _ = N, error(with_neighbour)
                   end),
    receive here -> ok end, ended(Neighbour),
    title("start_link"), say("~P~n", [proc_lib:start_link(?MODULE, run, [fun() -> error(starting) end]), 6]),
    title("start error"), say("~p~n", [proc_lib:start_link(?MODULE, run, [fun() -> proc_lib:init_ack({error, no}) end])]),
    title("start timeout"), say("~p~n", [proc_lib:start(?MODULE, run, [fun sleep/0], 20)]),
    title("plain process"), spawn(fun() -> error(plain) end),
    title("error_logger"), error_logger:error_msg("an error ~p~n", [x]), error_logger:warning_msg("a warning ~p", [y]), error_logger:info_msg("info ~p~n", [z]),
    error_logger:error_report([{a, 1}, {b, "text"}, c]), error_logger:warning_report(plain), error_logger:info_report("a string"), error_logger:error_report(my_type, [{x, y}]),
    error_logger:format("format ~s~n", ["x"]), error_logger:error_msg("bad ~p ~p", [1]),
    title("logger"), logger:error("text"), logger:warning("~p and ~p", [1, {2}]), logger:notice(#{a => 1, b => [x], c => "str"}), logger:info([{k, v}, {l, "w"}]), logger:debug("never"),
    logger:error(#{label => {x, y}, report => [{a, b}]}), logger:error("multi~nline", []), logger:error(<<"binary">>), logger:error("unicode ~ts", [[1234]]), logger:error(fun(X) -> {"lazy ~p", [X]} end, 7),
    logger:error("meta", #{domain => [my, domain], mfa => {a, b, 1}, line => 7}), logger:log(error, "bad ~p ~p", [1]), logger:error(#{x => y}, #{report_cb => fun(R) -> {"cb ~p", [R]} end}),
    logger:error(#{x => y}, #{report_cb => fun(R, C) -> io_lib:format("cb2 ~p ~p", [R, lists:sort(maps:keys(C))]) end}), logger:error(#{x => y}, #{report_cb => fun(_) -> bad end}),
    logger:error(#{x => y}, #{report_cb => fun(_) -> error(crash) end}),
    title("done").
