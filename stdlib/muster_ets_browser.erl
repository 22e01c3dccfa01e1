%% ets:i/1: shows the objects of a table, a page at a time, to who reads and types. A line typed is
%%   (empty)  the next page      p3   the page that begins with the third object
%%   q        ends               k    deletes the table and ends
%%   /regexp  the objects that, as printed, match
-module(muster_ets_browser).
-export([browse/1]).

-define(PAGE, 40).
-define(WIDTH, 79).

-spec browse(ets:table()) -> ok.
browse(Tab) ->
    _ = ets:info(Tab, size) =:= undefined andalso error(badarg, [Tab]),
    ask(Tab, page(Tab, ets:tab2list(Tab), 1)).

%% Shows the objects from the Nth on; answers the number of the next one.
page(Tab, Objects, N) ->
    Shown = lists:sublist(Objects, N, ?PAGE),
    Next = N + length(Shown),
    lists:foreach(fun({I, Object}) -> show(I, Object) end, lists:zip(lists:seq(N, Next - 1), Shown)),
    case Next > length(Objects) of
        true -> io:put_chars("EOT");
        false -> io:format("~w of ~w", [Next - 1, ets:info(Tab, size)])
    end,
    Next.

show(I, Object) ->
    Text = lists:flatten(io_lib:format("<~-4w> ~0tp", [I, Object])),
    Line = case string:length(Text) > ?WIDTH of
               true -> [string:slice(Text, 0, ?WIDTH - 5), "  ..."];
               false -> Text
           end,
    io:put_chars([Line, $\n]).

ask(Tab, Next) ->
    case io:get_line("  (q)uit (p)Digits (k)ill /Regexp --> ") of
        "q" ++ _ -> ok;
        "k" ++ _ ->
            ets:delete(Tab),
            ok;
        "p" ++ Digits -> ask(Tab, from(Tab, string:to_integer(Digits), Next));
        "/" ++ Regexp ->
            search(Tab, string:trim(Regexp, trailing, "\n")),
            ask(Tab, Next);
        Line when is_list(Line) -> ask(Tab, page(Tab, ets:tab2list(Tab), Next));
        _ -> ok % the end of the input
    end.

from(Tab, {N, _}, _) when is_integer(N), N > 0 -> page(Tab, ets:tab2list(Tab), N);
from(_, _, Next) -> Next.

search(Tab, Regexp) ->
    case re:compile(Regexp, [unicode]) of
        {ok, Pattern} ->
            Objects = ets:tab2list(Tab),
            [show(I, Object) || {I, Object} <- lists:zip(lists:seq(1, length(Objects)), Objects),
                                re:run(io_lib:format("~0tp", [Object]), Pattern, [{capture, none}]) =:= match],
            ok;
        {error, {Reason, _}} -> io:put_chars([Reason, $\n])
    end.
