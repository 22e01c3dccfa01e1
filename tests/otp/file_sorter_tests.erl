%% file_sorter: files and streams of terms, in runs and merges of every size.
-module(file_sorter_tests).
-include("check.hrl").

file(Dir, N) -> filename:join(Dir, "file" ++ integer_to_list(N)).

write(File, term, Terms) -> ok = file:write_file(File, [io_lib:format("~p.~n", [T]) || T <- Terms]);
write(File, _, Terms) ->
    ok = file:write_file(File, [[<<(byte_size(B)):32>>, B] || T <- Terms, B <- [term_to_binary(T)]]).

read(File, term) ->
    {ok, Terms} = file:consult(File),
    Terms;
read(File, _) ->
    {ok, Bytes} = file:read_file(File),
    [binary_to_term(B) || <<Size:32, B:Size/binary>> <= Bytes].

shuffled(N) -> [(I * 7919) rem 1009 || I <- lists:seq(1, N)].

sorting_test() ->
    Dir = otp_check:dir("sorter"),
    [A, B, Out] = [file(Dir, N) || N <- [1, 2, 3]],
    {As, Bs} = {shuffled(300), shuffled(500)},
    All = As ++ Bs,
    [begin
         write(A, Format, As),
         write(B, Format, Bs),
         Options = [{format, Format}, {size, Size}, {no_files, Files}, {tmpdir, Dir}],
         ?eq(ok, file_sorter:sort([A, B], Out, Options)),
         ?eq(lists:sort(All), read(Out, Format)),
         ?eq(ok, file_sorter:sort([A, B], Out, [{unique, true}, {order, descending} | Options])),
         ?eq(lists:reverse(lists:usort(All)), read(Out, Format)),
         ?eq(ok, file_sorter:sort([A, B], Out, [{order, fun(X, Y) -> X >= Y end} | Options])),
         ?eq(lists:reverse(lists:sort(All)), read(Out, Format)),
         ?eq({ok, []}, file_sorter:check([Out], [{format, Format}, {order, descending}])),
         {ok, Names} = file:list_dir(Dir),
         ?eq(["file1", "file2", "file3"], lists:sort(Names))
     end || Format <- [term, binary_term], {Size, Files} <- [{20, 2}, {500, 3}, {100000, 16}]],
    write(A, binary_term, [3, 1, 2]),
    ?eq(ok, file_sorter:sort(A)),
    ?eq([1, 2, 3], read(A, binary_term)).

keysort_is_stable_test() ->
    Dir = otp_check:dir("sorter"),
    [A, Out] = [file(Dir, N) || N <- [1, 2]],
    Terms = [{N, N rem 5, x} || N <- shuffled(200)],
    write(A, term, Terms),
    [begin
         ?eq(ok, file_sorter:keysort(2, [A], Out, [{format, term}, {size, Size}])),
         ?eq(lists:keysort(2, Terms), read(Out, term)),
         ?eq(ok, file_sorter:keysort(2, [A], Out, [{format, term}, {size, Size}, {unique, true}])),
         ?eq(lists:ukeysort(2, Terms), read(Out, term)),
         ?eq(ok, file_sorter:keysort([2, 1], [A], Out, [{format, term}, {size, Size}])),
         ?eq([T || {_, T} <- lists:sort([{[K, N], T} || {N, K, _} = T <- Terms])], read(Out, term))
     end || Size <- [50, 100000]].

merging_and_checking_test() ->
    Dir = otp_check:dir("sorter"),
    [A, B, Out] = [file(Dir, N) || N <- [1, 2, 3]],
    write(A, term, [{1, a}, {3, a}, {5, a}]),
    write(B, term, [{2, b}, {3, b}]),
    ?eq(ok, file_sorter:merge([A, B], Out, [{format, term}])),
    ?eq([{1, a}, {2, b}, {3, a}, {3, b}, {5, a}], read(Out, term)),
    ?eq(ok, file_sorter:keymerge(1, [A, B], Out, [{format, term}, {unique, true}])),
    ?eq([{1, a}, {2, b}, {3, a}, {5, a}], read(Out, term)),
    ?eq({ok, []}, file_sorter:keycheck(1, [A, B], {format, term})),
    write(B, term, [{2, b}, {9, b}, {3, b}]),
    ?eq({ok, [{B, 3, {3, b}}]}, file_sorter:keycheck(1, [A, B], {format, term})).

functions_test() ->
    End = fun(read) -> {end_of_input, value}; (close) -> ok end,
    In = fun(read) -> {[3, 1, 2], fun(read) -> {[0], End}; (close) -> ok end}; (close) -> ok end,
    Out = fun Out({value, value}) -> Out([]); Out(Objects) -> collect(Objects, []) end,
    ?eq([0, 1, 2, 3], file_sorter:sort(In, Out, [{format, term}])),
    ?eq(stopped, file_sorter:sort(fun(read) -> stopped; (close) -> ok end, Out, [{format, term}])),
    ?eq({error, bad_object}, file_sorter:keysort(2, In, Out, [{format, term}])).

collect(close, All) -> All;
collect(Objects, All) -> fun(Next) -> collect(Next, All ++ Objects) end.

what_cannot_be_sorted_test() ->
    Dir = otp_check:dir("sorter"),
    A = file(Dir, 1),
    ?eq({error, {file_error, A, enoent}}, file_sorter:sort(A)),
    ok = file:write_file(A, <<0, 0, 0, 9, 1>>),
    ?eq({error, {premature_eof, A}}, file_sorter:sort(A)),
    ok = file:write_file(A, <<0, 0, 0, 1, 1>>),
    ?eq({error, {bad_object, A}}, file_sorter:sort(A)),
    ok = file:write_file(A, "a b"),
    ?eq({error, {bad_term, A}}, file_sorter:sort([A], A, {format, term})),
    ?raises(error, {badarg, {foo, bar}}, file_sorter:sort({foo, bar})),
    ?raises(error, {badarg, _}, file_sorter:sort([A], A, [{format, nothing}])).
