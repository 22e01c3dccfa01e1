%% string, unicode, unicode_util, binary and base64: every function with typical, boundary and wrong arguments.
-module(sweep_text_diff).
-include("sweep.hrl").

samples_of(direction) -> [leading, trailing];
samples_of(sides) -> [leading, trailing, both];
samples_of(which) -> [leading, trailing, all];
samples_of(set) -> [[], " ", "ab", "\r\n", ["\r\n", $\n], [[$e, 769], $x], "lo"];
samples_of(pattern) -> ["", "a", <<"b">>, "lo", " ", [$e, 769], "\n", [769], "ab"];
samples_of(form) -> [none, nfc, nfd, nfkc, nfkd];
samples_of(char) -> [$a, $b, $\s, $., 0, 255, 16#3b1];
samples_of(old_side) -> [left, right, both];
samples_of(strings) -> [[], ["a"], ["a", "b", "c"], ["x", ""]];
samples_of(numeric) -> ["1", "-1", "+12x", "1.5", "1,5", "-1.5e3x", "1.5e", "1.5e+", "1.", ".5", "", "x", <<"12x">>, <<"1.5x">>, "1e5", ["1", <<"2">>], "0001", "1_000", "99999999999999999999", " 1", "1.0e-5", "-0.0"];
samples_of(encoding) -> [latin1, unicode, utf8, utf16, {utf16, little}, {utf16, big}, utf32, {utf32, little}, {utf32, big}];
samples_of(encoded) -> [<<"abc">>, <<"åä"/utf8>>, <<"åä"/utf16>>, <<"åä"/utf16-little>>, <<"aé"/utf32>>, "aβ", [<<"ab">>, 228, [<<"c">>]], <<228>>, <<97, 195>>, "", <<>>, [16#110000], [16#d800], <<16#ed, 16#a0, 16#80>>, <<255, 254, 0>>];
samples_of(part) -> [{0, 0}, {0, 1}, {1, 2}, {3, -2}, {2, 100}, {-1, 1}, {0, 5}, {5, -5}, {a, 1}];
samples_of(place) -> [0, 1, 2, 5, 11, 100];
samples_of(needle) -> [<<"a">>, <<"b">>, <<"ab">>, <<"o">>, <<"lo w">>, [<<"a">>, <<"l">>], [<<"ab">>, <<"abab">>, <<"b">>], <<255>>, binary:compile_pattern(<<"b">>), binary:compile_pattern([<<"ba">>, <<"a">>]), <<>>, [<<>>], []];
samples_of(match_options) -> [[], [{scope, {0, 5}}], [{scope, {3, -3}}], [{scope, {1, 100}}], [global]];
samples_of(split_options) -> [[], [global], [trim], [global, trim], [global, trim_all], [trim_all], [{scope, {1, 3}}], [{scope, {2, 2}}, global], [x]];
samples_of(replace_options) -> [[], [global], [{insert_replaced, 1}], [global, {insert_replaced, [0, 1]}], [{scope, {1, 4}}, global], [{insert_replaced, 9}], [x]];
samples_of(endian) -> [big, little];
samples_of(binaries) -> [[<<"abc">>], [<<"abcd">>, <<"abce">>], [<<"xabc">>, <<"yabc">>, <<"abc">>], [<<>>, <<"a">>], [], [<<"a">>, b]];
samples_of(hex) -> [<<"00ff">>, <<"ABCDEF">>, <<"abcdef01">>, <<>>, <<"0">>, <<"0g">>, <<"zz">>];
samples_of(naturals) -> [0, 1, 255, 256, 65535, 1 bsl 64, (1 bsl 80) - 1, -1];
samples_of(base64) -> ["", "YQ==", "YWI=", "YWJj", <<"YWJj">>, "Y W\nJj", <<"YWJjZGVm">>, <<"AAECAw==">>, "++//", base64:encode(binary:copy(<<"some text">>, 999))];
samples_of(mime) -> samples_of(base64) ++ ["YQ=", "!!!!", "Y!Q=!=", "YQ== YQ=="];
samples_of(bytelist) -> ["", "a", "abc", [0, 255], <<"bin">>, "hello world", <<"x">>, binary:copy(<<0, 1, 2, 250>>, 1000)].

run() ->
    sweep(string, [
        {casefold, [chardata]}, {chomp, [chardata]}, {equal, [chardata, chardata]}, {equal, [chardata, chardata, bool]}, {equal, [{fixed, chardata}, {fixed, chardata}, bool, {fixed, form}]},
        {find, [chardata, pattern]}, {find, [chardata, pattern, direction]}, {is_empty, [chardata]}, {length, [chardata]}, {lexemes, [chardata, set]},
        {lowercase, [chardata]}, {next_codepoint, [chardata]}, {next_grapheme, [chardata]}, {nth_lexeme, [{fixed, chardata}, {one, [0, 1, 2]}, {fixed, {one, tl(samples_of(set))}}]}, {pad, [chardata, count]},
        {pad, [chardata, count, sides]}, {pad, [chardata, count, sides, char]}, {prefix, [chardata, chardata]}, {replace, [chardata, pattern, chardata]},
        {replace, [chardata, pattern, chardata, {fixed, which}]}, {reverse, [chardata]}, {slice, [chardata, count]}, {slice, [chardata, {fixed, count}, count]},
        {split, [chardata, pattern]}, {split, [chardata, pattern, {fixed, which}]}, {take, [chardata, set]}, {take, [chardata, {fixed, set}, {fixed, bool}]}, {take, [chardata, {fixed, set}, {fixed, bool}, {fixed, direction}]},
        {titlecase, [chardata]}, {to_float, [numeric]}, {to_graphemes, [chardata]}, {to_integer, [numeric]}, {trim, [chardata]}, {trim, [chardata, sides]},
        {trim, [chardata, sides, {fixed, set}]}, {uppercase, [chardata]},
        {centre, [string, count]}, {centre, [string, {fixed, count}, char]}, {chars, [char, count]}, {chars, [char, count, string]}, {chr, [string, char]}, {concat, [string, string]},
        {copies, [string, count]}, {cspan, [string, string]}, {join, [strings, string]}, {left, [string, count]}, {left, [string, {fixed, count}, char]}, {len, [string]},
        {list_to_float, [numeric]}, {list_to_integer, [numeric]}, {rchr, [string, char]}, {right, [string, count]}, {right, [string, {fixed, count}, char]}, {rstr, [string, string]},
        {span, [string, string]}, {str, [string, string]}, {strip, [string]}, {strip, [string, old_side]}, {strip, [string, old_side, char]}, {sub_string, [string, place]},
        {sub_string, [string, place, place]}, {sub_word, [string, count]}, {sub_word, [string, count, char]}, {substr, [string, place]}, {substr, [string, place, count]},
        {to_lower, [{one, ["ABC", $A, $a, $Å, "ÅÄ", []]}]}, {to_upper, [{one, ["abc", $A, $a, $å, "åÿß", []]}]}, {tokens, [string, string]}, {words, [string]}, {words, [string, char]}]),
    sweep(unicode, [
        {bom_to_encoding, [{one, [<<16#EF, 16#BB, 16#BF>>, <<16#FE, 16#FF>>, <<16#FF, 16#FE, 0, 0>>, <<16#FF, 16#FE>>, <<0, 0, 16#FE, 16#FF>>, <<"abc">>, <<>>]}]},
        {characters_to_binary, [encoded]}, {characters_to_binary, [encoded, encoding], 100}, {characters_to_binary, [encoded, encoding, encoding], 300},
        {characters_to_list, [encoded]}, {characters_to_list, [encoded, encoding], 100}, {encoding_to_bom, [encoding]}] ++
        [{F, [Type], 60} || F <- [characters_to_nfc_binary, characters_to_nfc_list, characters_to_nfd_binary, characters_to_nfd_list, characters_to_nfkc_binary,
            characters_to_nfkc_list, characters_to_nfkd_binary, characters_to_nfkd_list], Type <- [chardata]]),
    sweep(unicode_util, [{F, [chardata], 60} || F <- [casefold, cp, gc, lowercase, nfc, nfd, nfkd, titlecase, uppercase]] ++ [{is_whitespace, [char]}, {whitespace, []}]),
    sweep(binary, [
        {at, [bytes, place]}, {bin_to_list, [bytes]}, {bin_to_list, [bytes, part], 50}, {bin_to_list, [bytes, place, place]}, {copy, [bytes]}, {copy, [bytes, count]}, {decode_hex, [hex]},
        {decode_unsigned, [bytes]}, {decode_unsigned, [bytes, endian]}, {encode_hex, [bytes]}, {encode_unsigned, [naturals]}, {encode_unsigned, [naturals, endian]}, {first, [bytes]},
        {last, [bytes]}, {list_to_bin, [deep]}, {longest_common_prefix, [binaries]}, {longest_common_suffix, [binaries]}, {match, [bytes, needle], 90},
        {match, [bytes, needle, match_options], 150}, {matches, [bytes, needle], 90}, {matches, [bytes, needle, match_options], 150}, {part, [bytes, part], 60}, {part, [bytes, place, place], 60},
        {replace, [bytes, needle, {fixed, bytes}], 90}, {replace, [bytes, needle, {fixed, bytes}, replace_options], 200}, {split, [bytes, needle], 90}, {split, [bytes, needle, split_options], 200}]),
    [value({compile_pattern, X}, fun() -> T = binary:compile_pattern(X), {element(1, T), tuple_size(T)} end) || X <- [<<"a">>, [<<"a">>, <<"b">>], [<<"a">>], <<>>, [], [<<>>], a, [a], [<<"a">> | b], <<1:3>>]],
    sweep(base64, [{decode, [{fixed, base64}]}, {decode_to_string, [{fixed, base64}]}, {encode, [{fixed, bytelist}]}, {encode_to_string, [{fixed, bytelist}]}, {mime_decode, [{fixed, mime}]},
        {mime_decode_to_string, [{fixed, mime}]}]).
