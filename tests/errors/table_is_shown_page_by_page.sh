# status: 0
# stdout: <1   > {1,a1}
# stdout: <40  > {40,a40}
# stdout: 40 of 50  (q)uit
# stdout: <50  > {50,a50}
# stdout: EOT  (q)uit
# stdout: <43  > {43,a43}
# stdout: missing terminating ]
# stdout: ends with ok, undefined
printf '\n/a4[23]\n/[\nk\n' | "$MUSTER" eval '
    T = ets:new(t, [ordered_set]),
    [ets:insert(T, {X, list_to_atom("a" ++ integer_to_list(X))}) || X <- lists:seq(1, 50)],
    R = ets:i(T),
    io:format("ends with ~p, ~p~n", [R, ets:info(T)])'
