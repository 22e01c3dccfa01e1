%% Loops over a binary whose rest goes on to the next round, and now and then elsewhere: kept in a term, sent,
%% looked at by a guard, seen by a handler, handed to another function, at every length; with collections
%% and yields on the way.
-module(loops_over_binaries_keep_their_rest).
-export([main/0, ident/1]).

main() ->
    B = list_to_binary([N rem 256 || N <- lists:seq(1, 1000)]),
    io:format("~w~n", [count(B, 0, 0)]),
    io:format("~w~n", [[erlang:phash2(suffixes(binary:part(B, 0, N), [])) || N <- [0, 1, 16, 17, 18, 40, 1000]]]),
    io:format("~w~n", [[find(B, N) || N <- [1, 200, 255, 256]]]),
    io:format("~w~n", [tokens(<<"ab cde  f, \"quoted \\\" text\" (nested (deeply)) end">>, [])]),
    io:format("~w~n", [[try strict(X, 0) catch C:E:S -> {C, E, element(2, hd(S)), element(3, hd(S))} end || X <- [<<>>, <<1, 2, 3>>, <<1, 2, 200>>, <<1:1>>, <<1, 2:3>>, foo]]]),
    io:format("~w~n", [handled(<<1, 2, 3, 0, 5, 6, 0, 0, 9>>, [])]),
    io:format("~w~n", [swap(<<1, 2, 3, 4>>, <<10, 20, 30, 40>>, [])]),
    io:format("~w~n", [two(<<"abcdefghijklmnopqrstuvwxyz">>, 0)]),
    Self = self(),
    spawn(fun() -> sender(binary:part(B, 0, 100), Self), Self ! done end),
    io:format("~w~n", [collect([])]),
    Long = binary:copy(B, 200),
    io:format("~w~n", [[count(Long, 0, 0), erlang:phash2(bigs(Long, 1 bsl 70))]]),
    io:format("~w~n", [decided(<<255, 255, 255, 255, 255>>, 1)]),
    io:format("~w~n", [names(<<3, "one", 3, "two", 5, "three", 0, 4, "four">>, #{})]).

ident(X) -> X.

count(<<X, R/binary>>, N, S) when X > 128 -> count(R, N + 1, S + X);
count(<<_, R/binary>>, N, S) -> count(R, N, S + 1);
count(<<>>, N, S) -> {N, S}.

suffixes(<<_, R/binary>>, Acc) -> suffixes(R, [R | Acc]);
suffixes(R, Acc) -> [R | Acc].

find(<<X, R/binary>>, X) -> {byte_size(R), erlang:phash2(R)};
find(<<_, R/binary>>, X) when byte_size(R) > 3 -> find(R, X);
find(R, _) -> {none, R}.

tokens(<<" ", R/binary>>, Acc) -> tokens(R, Acc);
tokens(<<$", R/binary>>, Acc) -> {T, R1} = quoted(R, <<>>), tokens(R1, [T | Acc]);
tokens(<<$(, R/binary>>, Acc) -> {T, R1} = group(R, 0, []), tokens(R1, [T | Acc]);
tokens(<<C, R/binary>>, [{word, W} | Acc]) -> tokens(R, [{word, <<W/binary, C>>} | Acc]);
tokens(<<C, R/binary>>, Acc) -> tokens(R, [{word, <<C>>} | Acc]);
tokens(<<>>, Acc) -> lists:reverse(Acc).

quoted(<<$\\, C, R/binary>>, A) -> quoted(R, <<A/binary, C>>);
quoted(<<$", R/binary>>, A) -> {A, R};
quoted(<<C, R/binary>>, A) -> quoted(R, <<A/binary, C>>).

group(<<$), R/binary>>, 0, A) -> {lists:reverse(A), R};
group(<<$), R/binary>>, D, A) -> group(R, D - 1, [$) | A]);
group(<<$(, R/binary>>, D, A) -> group(R, D + 1, [$( | A]);
group(<<C, R/binary>>, D, A) -> group(R, D, [C | A]).

strict(<<X, R/binary>>, S) when X < 128 -> strict(R, S + X);
strict(<<>>, S) -> S;
strict(<<_:1>> = B, S) -> {B, S}.

handled(<<X, R/binary>>, Acc) ->
    V = try 100 div X catch error:badarith -> {zero, R} end,
    handled(R, [V | Acc]);
handled(<<>>, Acc) -> lists:reverse(Acc).

swap(<<X, R/binary>>, <<Y, Q/binary>>, Acc) -> swap(Q, R, [{X, Y} | Acc]);
swap(A, B, Acc) -> {A, B, lists:reverse(Acc)}.

two(<<X, R/binary>>, N) when N rem 3 =:= 0 ->
    S = ?MODULE:ident(R),
    two(S, N + X);
two(<<_, X, R/binary>>, N) -> two(R, N - X);
two(R, N) -> {R, N}.

sender(<<X, R/binary>>, Pid) when X rem 30 =:= 0 -> Pid ! {X, R}, sender(R, Pid);
sender(<<_, R/binary>>, Pid) -> sender(R, Pid);
sender(R, Pid) -> Pid ! R.

collect(Acc) ->
    receive
        done -> [erlang:phash2(M) || M <- lists:reverse(Acc)];
        M -> collect([M | Acc])
    after 5000 -> timeout
    end.

%% The sum is a big integer: made by C, and collected.
bigs(<<X:16/little, R/binary>>, S) -> bigs(R, (S * 3 + X) rem (1 bsl 90));
bigs(_, S) -> S.

%% A test that is decided when the code is compiled, with the rest at hand.
decided(<<C/utf8, R/binary>>, B) -> decided(R, C + B);
decided(<<V:16, R/binary>>, B) -> decided(R, (case [] of [_ | _] when V =:= byte_size(R) -> B; _ -> V end) rem 16#4000_0000_0000_0000);
decided(<<_, R/binary>>, B) -> decided(R, B);
decided(<<>>, B) -> {B, list_to_integer(integer_to_list(B)) + 1}.

names(<<0, R/binary>>, M) -> names(R, M);
names(<<N, Name:N/binary, R/binary>>, M) -> names(R, M#{Name => byte_size(R)});
names(<<>>, M) -> M.
