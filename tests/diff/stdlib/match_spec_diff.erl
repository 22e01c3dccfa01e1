%% erlang:match_spec_test/3 and ets:test_ms/2: every specification with every object, as of tables and
%% as of traces; what is said of wrong ones.
-module(match_spec_diff).
-include("diff.hrl").

run() ->
    [begin
         call(erlang, match_spec_test, [Object, Specification, table]),
         call(erlang, match_spec_test, [Object, Specification, trace]),
         call(ets, test_ms, [Object, Specification])
     end || Object <- objects(), Specification <- specifications()],
    [call(erlang, match_spec_test, [Object, [{'_', [], [true]}], other]) || Object <- objects()],
    times(1500, fun() ->
        call(erlang, match_spec_test,
             [pick(objects()), [{pick(heads()), [guard(3)], [body(3)]}], pick([table, trace])])
    end).

objects() ->
    [{a, 1}, {a}, {}, {1, 2}, {1, 1}, {"ab", <<"c">>, #{a => 1}}, [a, 1], [1, 2], [1, 1], [], [x], [{a, 1}, [b], 3],
     [[1]], a, 1, "abc", #{}, <<"b">>, 1.5].

heads() ->
    ['_', '$1', {'$1', '$2'}, {'$1', '$1'}, {'$1', '_'}, ['$1', '$2'], ['$1', '$1'], ['$1' | '$2'], ['_'], [],
     {}, {a, '$1'}, [a, '$1'], #{a => '$1'}, {'_', '_', #{a => '$7'}}].

specifications() ->
    [[{Head, [], [Body]}]
     || Head <- heads(),
        Body <- [true, false, '$1', '$_', '$$', {{'$1', ok}}, ['$1', '$_'], {const, '$1'}, #{k => '$1'}, {self_, 1}]]
        ++ [[{'_', [], Body}]
            || Body <- [[], [{return_trace}], [{exception_trace}, {return_trace}], [{message, x}], [{message, false}],
                        [{message, true}, {return_trace}], [{message, {caller}}], [{message, '$_'}, ok], [{silent, true}],
                        [{message, {get_seq_token}}], [{message, {is_seq_trace}}], [{enable_trace, send}],
                        [{foo}], [{foo, 1, 2}, {bar}], [{element, 1, 2, 3}], [{element, 1, a}], [{hd, []}, fine], [a | b], x,
                        [{is_seq_trace}], [{caller}], [{'and', true}], [{'andalso', true, false, true}], [{{}}]]]
        ++ [[{'_', Guards, [yes]}]
            || Guards <- [[true], [false], [{is_tuple, '$_'}], [{'>', 1, 0}, {'<', 1, 0}], [{hd, '$_'}], [{foo, 1}],
                          [{return_trace}], [{message, 1}], [{'or', false, true}], [{'xor', true, false}], [{'not', false}],
                          [{'orelse', true, 1}], ['$1'], [{is_record, '$_', a, 2}], x, [{'=:=', {size, '$_'}, 2}],
                          [{is_map_key, a, #{a => 1}}], [{'+', 1, 2}]]]
        ++ [[{#{'$1' => a}, [], [x]}], [{{a, #{b => #{'$1' => 1}}}, [], [x]}], [{#{'_' => a}, [], [x]}]]
        ++ [[], [a], a, [a | b], [{'_', []}], [{a, [], [x]}], [{"ab", [], [x]}], [{1, [], [x]}], [{<<"b">>, [], [x]}],
            [{'$1', [{is_atom, '$1'}], [first]}, {'$1', [{is_list, '$1'}], [second]}, {'_', [], [third]}]].

guard(0) -> pick([true, false, '$1', '$2', '$_', 1, a, {const, {x}}]);
guard(N) ->
    case pick(8) of
        1 -> {pick(['and', 'or', 'andalso', 'orelse', 'xor']), guard(N - 1), guard(N - 1)};
        2 -> {'not', guard(N - 1)};
        3 -> {pick([is_atom, is_integer, is_list, is_tuple, is_map, hd, tl, size, length, abs]), guard(N - 1)};
        4 -> {pick(['=:=', '==', '<', '>', '=<', '>=', '/=', '=/=']), guard(N - 1), guard(N - 1)};
        5 -> {pick(['+', '-', '*', 'div', 'rem', 'band', 'bsl']), guard(N - 1), guard(N - 1)};
        6 -> {element, pick(3), guard(N - 1)};
        _ -> guard(0)
    end.

body(N) ->
    case pick(4) of
        1 -> {{body(max(0, N - 1)), guard(1)}};
        2 -> [guard(1), body(max(0, N - 1))];
        _ -> guard(N)
    end.
