%% Wrong arities, more arguments than a function can have, and system_flag(backtrace_depth).
-module(what_cannot_be_applied_and_how_deep_traces_are).
-export([main/0, f/1]).
main() ->
  try spawn_monitor(fun(_X) -> ok end) catch _:E00:S00 -> io:format("~p ~p~n", [E00, element(2, hd(S00))]) end,
  process_flag(trap_exit, true),
  [try Pd = S(), receive {'EXIT', Pd, W} -> io:format("~p~n", [plain(W)]) after 5000 -> io:format("none~n") end catch _:E0:S0 -> io:format("~p ~p~n", [E0, hd(S0)]) end || S <- [fun() -> spawn_link(fun(_X) -> ok end) end, fun() -> spawn_opt(fun(_X) -> ok end, [link]) end, fun() -> spawn_link(erlang, apply, [fun(_X) -> ok end, []]) end, fun() -> spawn_link(fun ?MODULE:f/1) end, fun() -> spawn_link(node(), fun(_X) -> ok end) end]],
  {_, R3} = spawn_monitor(erlang, apply, [fun(_X) -> ok end, [1,2]]),
  receive {'DOWN', R3, _, _, W3} -> io:format("~p~n", [plain(W3)]) end,
  {_, R4} = spawn_monitor(?MODULE, nofun, [1,2]),
  receive {'DOWN', R4, _, _, W4} -> io:format("~p~n", [W4]) end,
  L = lists:seq(1, 256),
  P = fun(E, [H|_]) ->  io:format("~p ~P~n", [E, H, 12]) end,
  try apply(?MODULE, f, L) catch _:E1:S1 -> P(E1, S1) end,
  try apply(erlang, apply, [?MODULE, f, L]) catch _:E2:S2 -> P(E2, S2) end,
  try apply(fun ?MODULE:f/1, L) catch _:E5:S5 -> io:format("~P ", [E5, 20]), P(x, S5) end,
  try erlang:apply(?MODULE, f, [1|2]) catch _:E3:S3 -> P(E3, S3) end,
  {_, R2} = spawn_monitor(?MODULE, f, L),
  receive {'DOWN', R2, _, _, W2} -> io:format("~P~n", [W2, 20]) end,
  try spawn(?MODULE, f, [a|b]) catch _:E6:S6 -> P(E6, S6) end,
  io:format("~p~n", [erlang:system_flag(backtrace_depth, 20)]),
  try deep(30) catch _:_:S8 -> io:format("~p~n", [length(S8)]) end,
  erlang:system_flag(backtrace_depth, 3),
  try deep(30) catch _:_:S9 -> io:format("~p~n", [length(S9)]) end,
  erlang:system_flag(backtrace_depth, 0),
  try deep(30) catch _:_:S10 -> io:format("~p~n", [length(S10)]) end,
  try error(x, [1]) catch _:_:S11 -> io:format("~p~n", [S11]) end,
  erlang:system_flag(backtrace_depth, 1),
  try error(x, [1]) catch _:_:S12 -> io:format("~p~n", [length(S12)]) end,
  try deep(30) catch _:_:S13 -> io:format("~p~n", [length(S13)]) end,
  io:format("~p~n", [catch erlang:system_flag(backtrace_depth, 100000)]),
  io:format("~p~n", [catch erlang:system_flag(backtrace_depth, 8)]).
deep(0) -> atom_to_list(1);
deep(N) -> X = case N rem 2 of 0 -> deep(N-1); _ -> [deep2(N-1)] end, [X].
deep2(N) -> X = deep(N), {X}.
f(X) -> X.

%% Without names of funs, which depend on the compiler.
plain({{badarity, {F, Args}}, Trace}) when is_function(F) -> {{badarity, Args}, Trace};
plain(Other) -> Other.
