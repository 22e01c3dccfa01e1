%% muster run writer.erl DIR [check]: checks what the last run has left in DIR, then writes until it is
%% killed. What has been acknowledged is noted in files beside the store, after the answer; so all of
%% that, at least, has to be there.
%%
%% The invariants: money moves between accounts in transactions and never changes in sum; transaction N
%% leaves {left, N} and {right, N} and the counter N, and takes away the pair of N - 20; process P counts
%% up the entry {process, P} by single writes.
-module(writer).
-export([main/1]).

-define(ACCOUNTS, 16).
-define(TOTAL, 16000).
-define(PROCESSES, 3).

main([Dir | Rest]) ->
    {ok, S} = store:open(filename:join(Dir, "soak.store")),
    check(S, Dir),
    case Rest of
        ["check"] -> ok = store:close(S);
        [] ->
            _ = [spawn_link(fun() -> count(S, P, acks(Dir, P), store:get(S, {process, P}, 0)) end)
                 || P <- lists:seq(1, ?PROCESSES)],
            transact(S, acks(Dir, 0))
    end.

%% ---- writing ----

acks(Dir, P) ->
    {ok, File} = file:open(ack_file(Dir, P), [append, raw]),
    File.

ack_file(Dir, P) -> filename:join(Dir, "ack." ++ integer_to_list(P)).

ack(File, N) -> ok = file:write(File, [integer_to_list(N), $\n]).

count(S, P, File, N) ->
    ok = store:put(S, {process, P}, N + 1),
    ack(File, N + 1),
    count(S, P, File, N + 1).

transact(S, File) ->
    {ok, N} = store:transaction(S, fun() -> step(S, store:get(S, counter, 0) + 1) end),
    ack(File, N),
    transact(S, File).

step(S, N) ->
    _ = [move(S) || _ <- lists:seq(1, rand:uniform(5))],
    store:put(S, {left, N}, binary:copy(<<N:32>>, rand:uniform(300))),
    store:delete(S, {left, N - 20}),
    store:put(S, counter, N),
    store:delete(S, {right, N - 20}),
    store:put(S, {right, N}, N),
    N.

move(S) ->
    [From, To] = [{account, rand:uniform(?ACCOUNTS)} || _ <- [1, 2]],
    Amount = rand:uniform(100),
    store:put(S, From, balance(S, From) - Amount),
    store:put(S, To, balance(S, To) + Amount).

balance(S, Account) -> store:get(S, Account, ?TOTAL div ?ACCOUNTS).

%% ---- checking ----

check(S, Dir) ->
    N = store:get(S, counter, 0),
    expect(N >= acknowledged(Dir, 0), {counter, N, acknowledged(Dir, 0)}),
    Last = lists:seq(max(1, N - 19), N),
    Left = [{I, V} || {{left, I}, V} <- store:range(S, {left, -1}, {left, a})],
    Right = [{I, V} || {{right, I}, V} <- store:range(S, {right, -1}, {right, a})],
    expect([I || {I, _} <- Left] =:= Last, {left, N, Left}),
    expect([I || {I, _} <- Right] =:= Last, {right, N, Right}),
    _ = [expect(binary:copy(<<I:32>>, byte_size(V) div 4) =:= V, {left, I}) || {I, V} <- Left],
    _ = [expect(I =:= V, {right, I}) || {I, V} <- Right],
    Sum = lists:sum([balance(S, {account, A}) || A <- lists:seq(1, ?ACCOUNTS)]),
    expect(Sum =:= ?TOTAL, {sum, Sum}),
    _ = [begin
             Count = store:get(S, {process, P}, 0),
             expect(Count >= acknowledged(Dir, P), {process, P, Count, acknowledged(Dir, P)})
         end || P <- lists:seq(1, ?PROCESSES)],
    ok.

%% The last number of a whole line.
acknowledged(Dir, P) ->
    case file:read_file(ack_file(Dir, P)) of
        {ok, Text} ->
            case lists:droplast(binary:split(Text, <<"\n">>, [global])) of
                [] -> 0;
                Lines -> binary_to_integer(lists:last(Lines))
            end;
        {error, enoent} -> 0
    end.

expect(true, _) -> ok;
expect(false, What) ->
    io:format(standard_error, "lost: ~0tp~n", [What]),
    halt(3).
