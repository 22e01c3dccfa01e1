%% Numbers in base 256, fractions of seconds, global headers, directories of long names, hard links.
-module(tar_archives_beyond_what_otp25_reads).
-export([main/0]).

main() ->
    Front = fun(Name, Uid, Size, Flag) -> header(Name, Uid, Size, Flag, "") end,
    Gnu = Front("big", <<1:1, 0:35, 3000000:28>>, 1, $0),
    show([Gnu, data("x"), done()]),
    show([Front("below", <<-5:64>>, 0, $0), done()]),
    Global = pax(["comment=of all", "mtime=1234567890.75"]),
    show([Front("pax_global_header", octal(0, 8), byte_size(Global), $g), data(Global),
          Front("f", octal(1, 8), 2, $0), data("ff"), done()]),
    Long = lists:append(lists:duplicate(12, "0123456789/")),
    Path = pax(["path=" ++ Long]),
    show([Front("x", octal(0, 8), byte_size(Path), $x), data(Path), Front("cut/", octal(0, 8), 0, $5), done()]),
    show([Front("././@LongLink", octal(0, 8), length(Long) + 1, $L), data(Long ++ [0]),
          Front("cut/", octal(0, 8), 0, $5), done()]),
    show([header("hard", octal(0, 8), 0, $1, "other"), done()]),
    io:format("~p~n", [erl_tar:extract({binary, iolist_to_binary([header("hard", octal(0, 8), 0, $1, "../../x"), done()])},
                                       [{cwd, "no_such_directory"}])]).

show(Archive) -> io:format("~p~n", [erl_tar:table({binary, iolist_to_binary(Archive)}, [verbose])]).

header(Name, Uid, Size, Flag, Link) ->
    Front = [field(Name, 100), octal(8#644, 8), Uid, octal(0, 8), octal(Size, 12), octal(1000, 12)],
    Back = [Flag, field(Link, 100), "ustar", 0, "00", <<0:(512 - 265)/unit:8>>],
    Sum = lists:sum(binary_to_list(iolist_to_binary([Front, "        ", Back]))),
    [Front, octal(Sum, 8), Back].

field(Text, Size) -> [Text, <<0:(Size - length(Text))/unit:8>>].
octal(N, Size) -> io_lib:format("~*.8.0b", [Size - 1, N]) ++ [0].
data(Text) ->
    Bytes = iolist_to_binary(Text),
    [Bytes, <<0:(-byte_size(Bytes) band 511)/unit:8>>].
done() -> <<0:1024/unit:8>>.

pax(Records) -> iolist_to_binary([record(R, length(R) + 2) || R <- Records]).
record(Text, Rest) -> record(Text, Rest, Rest).
record(Text, Rest, Guess) ->
    case Rest + length(integer_to_list(Guess)) of
        Guess -> [integer_to_list(Guess), $\s, Text, $\n];
        More -> record(Text, Rest, More)
    end.
