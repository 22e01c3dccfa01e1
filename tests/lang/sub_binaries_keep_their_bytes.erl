%% Windows on big binaries outlive them; binary:copy cuts them loose.
-module(sub_binaries_keep_their_bytes).
-export([main/0]).

main() ->
    Subs = [sub(I) || I <- lists:seq(1, 200)],
    erlang:garbage_collect(),
    io:format("~w~n", [lists:all(fun({I, S}) -> S =:= list_to_binary(lists:duplicate(10, I)) end, Subs)]),
    <<_:3, Odd:100/bits, _/bits>> = binary:copy(<<16#AA>>, 1000),
    erlang:garbage_collect(),
    io:format("~w~n", [Odd]),
    io:format("~w~n", [binary:referenced_byte_size(binary:copy(element(2, hd(Subs))))]),
    B = binary:copy(<<"0123456789">>, 1000),
    Parts = [binary_part(B, I, 10) || I <- lists:seq(0, 9990, 10)],
    io:format("~w~n", [lists:usort(Parts)]),
    io:format("~w~n", [iolist_to_binary(Parts) =:= B]).

sub(I) ->
    Big = binary:copy(<<I>>, 100000),
    <<_:500/binary, S:10/binary, _/binary>> = Big,
    {I, S}.
