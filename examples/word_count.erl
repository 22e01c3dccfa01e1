%% word_count.erl: count words in parallel, with a few workers and many small jobs.
%%
%%     muster run examples/word_count.erl                    counts in a text it brings along
%%     muster run examples/word_count.erl docs README.md     counts in files and whole folders
%%
%% The shape is *map and reduce*. The text is cut into pieces; as many workers as there are schedulers
%% ask for a piece, count its words into a map, and ask for the next (a worker that meets a hard
%% piece simply asks less often: the work balances itself). At the end each worker sends its one map,
%% and the maps are added up.
%%
%% A file is read as one *binary*, a block of bytes. Large binaries are not copied into messages:
%% all processes look at the same bytes, and a piece is only a window on them.
%%
%% The workers are monitored. A *monitor* is a link in one direction: when a worker ends before its
%% result came, {'DOWN', Ref, process, Pid, Reason} arrives instead, and the program says so rather
%% than waiting for ever.
-module(word_count).
-export([main/1]).

-define(PIECE, 65536).

main(Arguments) ->
    Texts = case Arguments of
                [] -> [built_in_text()];
                _ -> lists:flatmap(fun read_all/1, Arguments)
            end,
    Pieces = lists:flatmap(fun cut/1, Texts),
    T0 = erlang:monotonic_time(microsecond),
    Counts = count(Pieces, erlang:system_info(schedulers_online)),
    Time = erlang:monotonic_time(microsecond) - T0,
    Total = maps:fold(fun(_, N, Sum) -> Sum + N end, 0, Counts),
    io:format("~b texts, ~b pieces, ~b words, ~b different~n",
              [length(Texts), length(Pieces), Total, maps:size(Counts)]),
    Ranked = lists:sort(fun({W1, N1}, {W2, N2}) -> {-N1, W1} =< {-N2, W2} end, maps:to_list(Counts)),
    [io:format("~6b  ~ts~n", [N, Word]) || {Word, N} <- lists:sublist(Ranked, 10)],
    case Arguments of
        [] -> ok;
        _ -> io:format("counted in ~b ms~n", [Time div 1000])
    end.

%% ---- the work ------------------------------------------------------------------------------------

count(Pieces, WorkerCount) ->
    Self = self(),
    Workers = [spawn_monitor(fun() -> worker(Self, #{}) end) || _ <- lists:seq(1, WorkerCount)],
    hand_out(Pieces, Workers, #{}).

%% Give pieces to whoever asks; when there are none left, tell the workers and collect their maps.
hand_out(_, [], Counts) ->
    Counts;
hand_out(Pieces, Workers, Counts) ->
    receive
        {next, Pid} when Pieces =:= [] ->
            Pid ! finish,
            hand_out([], Workers, Counts);
        {next, Pid} ->
            Pid ! {piece, hd(Pieces)},
            hand_out(tl(Pieces), Workers, Counts);
        {result, Pid, More} ->
            {Pid, Ref} = lists:keyfind(Pid, 1, Workers),
            demonitor(Ref, [flush]),
            hand_out(Pieces, lists:keydelete(Pid, 1, Workers), add(Counts, More));
        {'DOWN', _Ref, process, Pid, Reason} ->
            exit({worker_lost, Pid, Reason})
    end.

worker(Master, Counts) ->
    Master ! {next, self()},
    receive
        {piece, Text} -> worker(Master, words(Text, [], Counts));
        finish -> Master ! {result, self(), Counts}
    end.

add(A, B) ->
    maps:fold(fun(Word, N, Sum) -> Sum#{Word => N + maps:get(Word, Sum, 0)} end, A, B).

%% A word is a run of letters, in lower case; Letters holds it backwards.
words(<<C, Rest/binary>>, Letters, Counts) when C >= $a, C =< $z -> words(Rest, [C | Letters], Counts);
words(<<C, Rest/binary>>, Letters, Counts) when C >= $A, C =< $Z -> words(Rest, [C + 32 | Letters], Counts);
words(<<C, Rest/binary>>, Letters, Counts) when C >= 128 -> words(Rest, [C | Letters], Counts);
words(<<_, Rest/binary>>, [], Counts) -> words(Rest, [], Counts);
words(<<_, Rest/binary>>, Letters, Counts) -> words(Rest, [], bump(Letters, Counts));
words(<<>>, [], Counts) -> Counts;
words(<<>>, Letters, Counts) -> bump(Letters, Counts).

bump(Letters, Counts) ->
    Word = list_to_binary(lists:reverse(Letters)),
    case Counts of
        #{Word := N} -> Counts#{Word := N + 1};
        #{} -> Counts#{Word => 1}
    end.

%% ---- texts and pieces ------------------------------------------------------------------------------

%% Cut at the first byte that is no letter behind every PIECE bytes, so that no word is cut in two.
cut(Text) when byte_size(Text) =< ?PIECE -> [Text];
cut(Text) ->
    At = border(Text, ?PIECE),
    <<Piece:At/binary, Rest/binary>> = Text,
    [Piece | cut(Rest)].

border(Text, At) when At >= byte_size(Text) -> byte_size(Text);
border(Text, At) ->
    <<_:At/binary, C, _/binary>> = Text,
    if
        C >= $a, C =< $z; C >= $A, C =< $Z; C >= 128 -> border(Text, At + 1);
        true -> At
    end.

%% A folder stands for everything in it.
read_all(Path) ->
    case file:list_dir(Path) of
        {ok, Names} ->
            lists:flatmap(fun(Name) -> read_all(Path ++ "/" ++ Name) end, lists:sort(Names));
        {error, _} ->
            case file:read_file(Path) of
                {ok, Text} -> [Text];
                {error, Reason} -> io:format(standard_error, "~ts: ~w~n", [Path, Reason]), []
            end
    end.

built_in_text() ->
    Verse = <<"Do not share memory to talk; talk to share. A process that fails alone fails well: "
              "its neighbours hear of it, and one of them knows what to do. Make the process small, "
              "make the message plain, and let the process that cannot go on stop. What is left is a "
              "system that goes on. ">>,
    binary:copy(Verse, 2000).
