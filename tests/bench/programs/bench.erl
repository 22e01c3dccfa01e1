%% bench.erl: times one program.
%%
%%     muster run -pa tests/bench/programs/compute tests/bench/programs/bench.erl fib 30 5
%%
%% A program is a module with run(N) -> Result and default() -> N. The arguments are its name, N (or
%% "default") and how often to run it. Each run has a fresh process; one line a run goes to standard
%% output: program, N, microseconds, and a hash of the result, so that two runtimes can be seen to
%% have done the same work.
%%
%% Only built-ins, lists and io are used, so that the harness itself weighs the same everywhere.
-module(bench).
-export([main/1]).

main([Program]) -> main([Program, "default", "1"]);
main([Program, N]) -> main([Program, N, "1"]);
main([Program, "default", Repeats]) ->
    Module = list_to_atom(Program),
    repeat(Module, Module:default(), list_to_integer(Repeats));
main([Program, N, Repeats]) ->
    repeat(list_to_atom(Program), list_to_integer(N), list_to_integer(Repeats)).

repeat(_Module, _N, 0) -> ok;
repeat(Module, N, Left) ->
    Self = self(),
    {Pid, Ref} = spawn_monitor(fun() -> Self ! {timed, self(), timed(Module, N)} end),
    receive
        {timed, Pid, {Microseconds, Hash}} ->
            io:format("~w ~w ~w ~w~n", [Module, N, Microseconds, Hash]),
            receive {'DOWN', Ref, process, Pid, _} -> ok end;
        {'DOWN', Ref, process, Pid, Reason} ->
            io:format("~w ~w failed ~w~n", [Module, N, Reason])
    end,
    repeat(Module, N, Left - 1).

timed(Module, N) ->
    Start = erlang:monotonic_time(microsecond),
    Result = Module:run(N),
    Stop = erlang:monotonic_time(microsecond),
    {Stop - Start, hash(Result, 17)}.

hash(I, H) when is_integer(I) -> (H * 31 + I) rem 1000000007;
hash(F, H) when is_float(F) -> <<Bits:64>> = <<F/float>>, hash(Bits, H);
hash(A, H) when is_atom(A) -> hash(atom_to_list(A), H);
hash([X | T], H) -> hash(T, hash(X, H));
hash([], H) -> (H * 31 + 1) rem 1000000007;
hash(T, H) when is_tuple(T) -> hash(tuple_to_list(T), H + 1);
hash(B, H) when is_binary(B) -> hash(binary_to_list(B), H + 2).
