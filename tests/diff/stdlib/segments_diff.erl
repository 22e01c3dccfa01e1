%% Construction of binaries that fails: the exception, and what is said of the segment.
-module(segments_diff).
-include("diff.hrl").

run() ->
    overridden(),
    [built(Name, Fun, V, S) || {Name, Fun} <- makers(), V <- values(), S <- sizes(), is_told(Name, V, S)].

%% erl 25 makes infinities of what is too large for short floats; and of sizes in comprehensions says
%% bad_generator.
is_told(float, V, S) when S =:= 16; S =:= 32 -> not is_number(V) orelse abs(V) < 60000;
is_told(each, _, S) -> is_integer(S);
is_told(_, _, _) -> true.

built(Name, Fun, V, S) ->
    line([atom_to_list(Name), text([V, S]), " -> ", text(try_it(Fun, V, S))]).

try_it(Fun, V, S) ->
    try Fun(V, S) of
        Built -> {ok, Built}
    catch
        Class:Reason:Stack ->
            {_, _, _, Info} = hd(Stack),
            case lists:keyfind(error_info, 1, Info) of
                {error_info, #{cause := Cause, module := M, function := F}} ->
                    #{general := General, reason := Why} = M:F(Reason, Stack),
                    {Class, Reason, Cause, shown(General), shown(Why)};
                false -> {Class, Reason}
            end
    end.

shown(Binary) -> list_to_atom(lists:sublist(unicode:characters_to_list(Binary), 250)).

values() ->
    [0, 1, -1, 255, 1 bsl 70, 1 bsl 1100, 1 bsl 155, -(1 bsl 155), 1.5, -0.0, 1.0e30, a, [], "abc", lists:seq(1, 30), [1 | 2],
     <<>>, <<1, 2, 3>>, <<1:3>>, binary:copy(<<"x">>, 15), binary:copy(<<7>>, 16), <<(binary:copy(<<7>>, 15))/binary, 1:1>>,
     <<(binary:copy(<<"ab">>, 40))/binary, 5:3>>, {a, b}, #{a => 1}, 16#D800, 16#10FFFF, 16#110000, 16#E9,
     {{{{{a}}}}}].

sizes() -> [0, 1, 2, 3, 8, 16, 17, 32, 64, 100, -1, a, 1.0, [], 1 bsl 70, -(1 bsl 70)].

makers() ->
    [{integer, fun(V, S) -> <<V:S>> end},
     {integer_unit, fun(V, S) -> <<1, V:S/unit:7>> end},
     {little, fun(V, S) -> <<"abc", V:S/little-signed>> end},
     {float, fun(V, S) -> <<1:4, 2:4, V:S/float>> end},
     {binary, fun(V, S) -> <<V:S/binary>> end},
     {bits, fun(V, S) -> <<0:3, V:S/bits>> end},
     {unit, fun(V, S) -> <<V:S/binary-unit:3>> end},
     {sized_later, fun(V, S) -> <<V/binary, V:S>> end},
     {plain, fun(V, _) -> <<V, 1>> end},
     {plain_float, fun(V, _) -> <<V/float>> end},
     {whole, fun(V, _) -> <<1, 2, "foo", V/binary>> end},
     {whole_bits, fun(V, _) -> <<V/bits>> end},
     {whole_unit, fun(V, _) -> <<V/binary-unit:4, 1>> end},
     {utf8, fun(V, _) -> <<"foo"/utf8, V/utf8>> end},
     {utf16, fun(V, _) -> <<V/utf16-little>> end},
     {utf32, fun(V, _) -> <<1, V/utf32>> end},
     {each, fun(V, S) -> << <<V:S>> || _ <- [1, 2] >> end},
     {appended, fun(V, S) -> X = <<1, 2>>, <<X/binary, V:S/binary, 3>> end}].

%% The position and the way to print can be given by who reports.
overridden() ->
    [value(Given, fun() ->
        try <<(hd([V])):8>>
        catch
            error:Reason:Stack ->
                [{M, F, A, Info} | Rest] = Stack,
                {error_info, Map} = lists:keyfind(error_info, 1, Info),
                New = lists:keystore(error_info, 1, Info, {error_info, maps:merge(Map, Given)}),
                #{general := General} = erl_erts_errors:format_bs_fail(Reason, [{M, F, A, New} | Rest]),
                shown(General)
        end
    end) || Given <- [#{}, #{override_segment_position => 7}, #{pretty_printer => fun(T) -> io_lib:format("<~w>", [T]) end}],
            V <- [some_atom, "list", 1.5]].
