%% Sorts and merges files that need not fit into memory. Runs of as many objects as `size` bytes hold are sorted and
%% written to files of their own, which are then merged, at most `no_files` at a time.
%%
%% Objects come as streams, fun() -> {Key, Object, Stream} | done, so that nothing is read before it is needed. Key is
%% what is compared: the object as a term, or those of its elements that keysort and keymerge name.
-module(file_sorter).
-export([sort/1, sort/2, sort/3, keysort/2, keysort/3, keysort/4, merge/2, merge/3, keymerge/3, keymerge/4, check/1,
         check/2, keycheck/2, keycheck/3]).
-export_type([reason/0]).

-type file_name() :: file:name().
-type input() :: [file_name()] | fun((read | close) -> term()).
-type output() :: file_name() | fun((close | {value, term()} | [term()]) -> term()).
-type option() :: {format, binary_term | term | binary | fun((binary()) -> term())} | {header, pos_integer()} |
                  {order, ascending | descending | fun((term(), term()) -> boolean())} | {unique, boolean()} |
                  {size, non_neg_integer()} | {no_files, pos_integer()} | {tmpdir, file_name()} |
                  {compressed, boolean()}.
-type options() :: [option()] | option() | compressed | unique.
-type key_pos() :: pos_integer() | [pos_integer()].
-type reason() :: bad_object | {bad_object, file_name()} | {bad_term, file_name()} | {premature_eof, file_name()} |
                  {file_error, file_name(), term()} | {not_a_directory, file_name()}.
-type answer() :: ok | {error, reason()} | term().

-record(how, {positions = [], format = binary_term, header = 4, order = ascending, unique = false, size = 524288,
              no_files = 16, tmpdir = "", compressed = false}).

-define(BLOCK, 65536).

%% ---- the functions ----

-spec sort(file_name()) -> answer().
sort(File) -> sort([File], File).
-spec sort(input(), output()) -> answer().
sort(Input, Output) -> sort(Input, Output, []).
-spec sort(input(), output(), options()) -> answer().
sort(Input, Output, Options) -> sorted(Input, Output, how([], Options)).

-spec keysort(key_pos(), file_name()) -> answer().
keysort(Positions, File) -> keysort(Positions, [File], File).
-spec keysort(key_pos(), input(), output()) -> answer().
keysort(Positions, Input, Output) -> keysort(Positions, Input, Output, []).
-spec keysort(key_pos(), input(), output(), options()) -> answer().
keysort(Positions, Input, Output, Options) -> sorted(Input, Output, how(positions(Positions), Options)).

%% Files that are sorted.
-spec merge([file_name()], output()) -> answer().
merge(Files, Output) -> merge(Files, Output, []).
-spec merge([file_name()], output(), options()) -> answer().
merge(Files, Output, Options) -> merged(Files, Output, how([], Options)).

-spec keymerge(key_pos(), [file_name()], output()) -> answer().
keymerge(Positions, Files, Output) -> keymerge(Positions, Files, Output, []).
-spec keymerge(key_pos(), [file_name()], output(), options()) -> answer().
keymerge(Positions, Files, Output, Options) -> merged(Files, Output, how(positions(Positions), Options)).

%% The first object of each file that is out of order, with its number.
-spec check(file_name()) -> {ok, [{file_name(), pos_integer(), term()}]} | {error, reason()}.
check(File) -> check([File], []).
-spec check([file_name()], options()) -> {ok, [{file_name(), pos_integer(), term()}]} | {error, reason()}.
check(Files, Options) -> checked(Files, how([], Options)).

-spec keycheck(key_pos(), file_name()) -> {ok, [{file_name(), pos_integer(), term()}]} | {error, reason()}.
keycheck(Positions, File) -> keycheck(Positions, [File], []).
-spec keycheck(key_pos(), [file_name()], options()) -> {ok, [{file_name(), pos_integer(), term()}]} | {error, reason()}.
keycheck(Positions, Files, Options) -> checked(Files, how(positions(Positions), Options)).

%% ---- arguments ----

positions(N) when is_integer(N), N > 0 -> [N];
positions([_ | _] = List) ->
    lists:all(fun(N) -> is_integer(N) andalso N > 0 end, List) orelse error({badarg, List}),
    List;
positions(Other) -> error({badarg, Other}).

how(Positions, Options) when is_list(Options) ->
    How = lists:foldl(fun option/2, #how{positions = Positions}, Options),
    case How of
        #how{positions = [_ | _], order = Order} when is_function(Order) -> error({badarg, {order, Order}});
        #how{positions = [_ | _], format = binary} -> error({badarg, {format, binary}});
        _ -> How
    end;
how(Positions, Option) -> how(Positions, [Option]).

option({format, Format}, How) when Format =:= binary_term; Format =:= term; Format =:= binary; is_function(Format, 1) ->
    How#how{format = Format};
option({header, Bytes}, How) when is_integer(Bytes), Bytes >= 1 -> How#how{header = Bytes};
option({order, Order}, How) when Order =:= ascending; Order =:= descending; is_function(Order, 2) -> How#how{order = Order};
option({unique, Unique}, How) when is_boolean(Unique) -> How#how{unique = Unique};
option(unique, How) -> How#how{unique = true};
option({compressed, Compressed}, How) when is_boolean(Compressed) -> How#how{compressed = Compressed};
option(compressed, How) -> How#how{compressed = true};
option({size, Size}, How) when is_integer(Size), Size >= 0 -> How#how{size = Size};
option({no_files, N}, How) when is_integer(N), N > 1 -> How#how{no_files = N};
option({tmpdir, Dir}, How) when is_list(Dir); is_atom(Dir) -> How#how{tmpdir = Dir};
option(Other, _) -> error({badarg, Other}).

files(Files) ->
    is_list(Files) orelse error({badarg, Files}),
    [error({badarg, File}) || File <- Files, not is_list(File), not is_atom(File)],
    [filename:absname(File) || File <- Files].

%% What is thrown inside is the answer; files that are in between go in any case.
answered(Fun) ->
    put(?MODULE, []),
    try Fun()
    catch throw:{?MODULE, Answer} -> Answer
    after
        [file:delete(File) || File <- erase(?MODULE)]
    end.

-spec failed(term()) -> no_return().
failed(Reason) -> throw({?MODULE, {error, Reason}}).

%% ---- sorting and merging ----

sorted(Input, Output, How) ->
    From = case is_function(Input, 1) of
               true -> Input;
               false -> files(Input)
           end,
    To = output(Output),
    answered(fun() ->
                     {Stream, Value} = input(From, How),
                     {Runs, Last} = runs(Stream, To, How),
                     put_out(unique(merge_runs(Runs, Last, To, How), How), To, Value, How)
             end).

merged(Files, Output, How) ->
    {From, To} = {files(Files), output(Output)},
    answered(fun() ->
                     Streams = [file_stream(File, How) || File <- From],
                     put_out(unique(merge_streams(Streams, How), How), To, fun() -> none end, How)
             end).

output(Fun) when is_function(Fun, 1) -> Fun;
output(File) -> hd(files([File])).

%% Sorted runs in files, the latest first, and the last run, which is still here.
runs(Stream, Output, How) -> runs(Stream, [], 0, [], Output, How).

runs(Stream, Run, Size, Files, Output, #how{size = Most} = How) ->
    case Stream() of
        done -> {Files, in_order(lists:reverse(Run), How)};
        {Key, Object, Next} ->
            More = Size + object_size(Object),
            case More > Most andalso Run =/= [] of
                true ->
                    File = run_file(from_list(in_order(lists:reverse(Run), How)), Output, How),
                    runs(Next, [{Key, Object}], object_size(Object), [File | Files], Output, How);
                false -> runs(Next, [{Key, Object} | Run], More, Files, Output, How)
            end
    end.

object_size(Object) when is_binary(Object) -> byte_size(Object);
object_size(Object) -> erlang:external_size(Object).

%% Descending is ascending read backwards: equal objects, too.
in_order(Run, #how{order = ascending}) -> lists:keysort(1, Run);
in_order(Run, #how{order = descending}) -> lists:reverse(lists:keysort(1, Run));
in_order(Run, How) -> lists:sort(fun({A, _}, {B, _}) -> may_precede(A, B, How) end, Run).

may_precede(A, B, #how{order = Order}) ->
    case Order of
        ascending -> A =< B;
        descending -> A >= B;
        _ -> Order(A, B)
    end.

from_list([]) -> fun() -> done end;
from_list([{Key, Object} | Rest]) -> fun() -> {Key, Object, from_list(Rest)} end.

merge_runs([], Last, _, _) -> from_list(Last);
merge_runs(Files, Last, Output, #how{no_files = Most} = How) when length(Files) >= Most ->
    %% The oldest come first, and stay so.
    {Now, Later} = lists:split(Most, lists:reverse(Files)),
    File = run_file(merge_streams([run_stream(Run, How) || Run <- Now], How), Output, How),
    merge_runs(lists:reverse(Later) ++ [File], Last, Output, How);
merge_runs(Files, Last, _, How) ->
    merge_streams([run_stream(File, How) || File <- lists:reverse(Files)] ++ [from_list(Last)], How).

%% Equal objects keep the order of the streams; or, descending, the opposite.
merge_streams([], _) -> fun() -> done end;
merge_streams([Stream], _) -> Stream;
merge_streams(Streams, How) ->
    {First, Second} = lists:split(length(Streams) div 2, Streams),
    merge_two(merge_streams(First, How), merge_streams(Second, How), How).

merge_two(A, B, How) -> fun() -> merge_heads(A(), B(), How) end.

merge_heads(done, B, _) -> B;
merge_heads(A, done, _) -> A;
merge_heads({KeyA, ObjectA, NextA} = A, {KeyB, ObjectB, NextB} = B, How) ->
    First = case How of
                #how{order = descending} -> not may_precede(KeyB, KeyA, How);
                _ -> may_precede(KeyA, KeyB, How)
            end,
    case First of
        true -> {KeyA, ObjectA, fun() -> merge_heads(NextA(), B, How) end};
        false -> {KeyB, ObjectB, fun() -> merge_heads(A, NextB(), How) end}
    end.

unique(Stream, #how{unique = false}) -> Stream;
unique(Stream, How) -> fun() -> one_of_equals(Stream(), How) end.

%% The one that came in first: the first of them, or, descending, the last. In order, what may precede another one that
%% it follows is equal to it.
one_of_equals(done, _) -> done;
one_of_equals({Key, Object, Stream}, How) ->
    case Stream() of
        {Other, _, Next} = Head ->
            case {may_precede(Other, Key, How), How} of
                {false, _} -> {Key, Object, fun() -> one_of_equals(Head, How) end};
                {true, #how{order = descending}} -> one_of_equals(Head, How);
                {true, _} -> one_of_equals({Key, Object, Next}, How)
            end;
        done -> {Key, Object, fun() -> done end}
    end.

%% ---- runs in files ----

run_file(Stream, Output, #how{tmpdir = Given} = How) ->
    Dir = if
              Given =/= "" -> Given;
              is_function(Output) -> ".";
              true -> filename:dirname(Output)
          end,
    filelib:is_dir(Dir) orelse failed({not_a_directory, Dir}),
    Name = filename:join(Dir, lists:concat(["fs_", os:getpid(), "_", erlang:unique_integer([positive]), ".fs"])),
    put(?MODULE, [Name | get(?MODULE)]),
    write_file(Name, Stream, fun(Object) -> framed(4, term_to_binary(Object)) end, How#how.compressed),
    Name.

run_stream(File, How) ->
    blocks(File, 4, fun(Bytes) ->
                            Object = binary_to_term(Bytes),
                            {key(Object, File, How), Object}
                    end).

framed(Header, Bytes) -> [<<(byte_size(Bytes)):Header/unit:8>>, Bytes].

write_file(File, Stream, Form, Compressed) ->
    case file:open(File, [write, raw, binary, delayed_write | [compressed || Compressed]]) of
        {ok, Fd} ->
            try write_on(Stream(), Fd, File, Form) after file:close(Fd) end;
        {error, Reason} -> failed({file_error, File, Reason})
    end.

write_on(done, _, _, _) -> ok;
write_on({_, Object, Next}, Fd, File, Form) ->
    case file:write(Fd, Form(Object)) of
        ok -> write_on(Next(), Fd, File, Form);
        {error, Reason} -> failed({file_error, File, Reason})
    end.

%% ---- what comes in ----

%% The stream, and what tells afterwards which value came with its end.
input(Files, How) when is_list(Files) -> {chain([file_stream(File, How) || File <- Files]), fun() -> none end};
input(Fun, How) -> {fun_stream(Fun, How), fun() -> erase({?MODULE, value}) end}.

chain([]) -> fun() -> done end;
chain([Stream | Streams]) ->
    fun() ->
            case Stream() of
                done -> (chain(Streams))();
                {Key, Object, Next} -> {Key, Object, chain([Next | Streams])}
            end
    end.

fun_stream(Fun, How) ->
    fun() ->
            case Fun(read) of
                end_of_input -> done;
                {end_of_input, Value} ->
                    put({?MODULE, value}, {value, Value}),
                    done;
                {Objects, Next} when is_list(Objects), is_function(Next, 1) ->
                    (chain([from_list([{object_key(Object, Next, How), Object} || Object <- Objects]), fun_stream(Next, How)]))();
                Other ->
                    _ = catch Fun(close),
                    throw({?MODULE, Other})
            end
    end.

object_key(Object, Fun, How) ->
    try key(Object, none, How)
    catch throw:{?MODULE, _} ->
            _ = catch Fun(close),
            failed(bad_object)
    end.

%% What of an object is compared.
key(Object, File, #how{positions = Positions, format = Format}) ->
    Term = try
               case Format of
                   term -> Object;
                   binary when is_binary(Object) -> Object;
                   binary_term -> binary_to_term(Object);
                   _ when is_function(Format) -> Format(Object)
               end
           catch error:_ -> failed(bad_object(File))
           end,
    case Positions of
        [] -> Term;
        _ ->
            is_tuple(Term) andalso tuple_size(Term) >= lists:max(Positions) orelse failed(bad_object(File)),
            case Positions of
                [Position] -> element(Position, Term);
                _ -> [element(Position, Term) || Position <- Positions]
            end
    end.

bad_object(none) -> bad_object;
bad_object(File) -> {bad_object, File}.

file_stream(File, #how{format = term} = How) ->
    fun() ->
            case file:open(File, [read, compressed]) of
                {ok, Fd} -> (term_stream(Fd, File, How))();
                {error, Reason} -> failed({file_error, File, Reason})
            end
    end;
file_stream(File, #how{header = Header} = How) ->
    blocks(File, Header, fun(Bytes) -> {key(Bytes, File, How), Bytes} end).

term_stream(Fd, File, How) ->
    fun() ->
            case io:read(Fd, '') of
                {ok, Term} -> {key(Term, File, How), Term, term_stream(Fd, File, How)};
                eof ->
                    _ = file:close(Fd),
                    done;
                {error, _} ->
                    _ = file:close(Fd),
                    failed({bad_term, File})
            end
    end.

%% Objects with their sizes before them.
blocks(File, Header, Made) ->
    fun() ->
            case file:open(File, [read, raw, binary, compressed]) of
                {ok, Fd} -> block(<<>>, Fd, File, Header, Made);
                {error, Reason} -> failed({file_error, File, Reason})
            end
    end.

block(Bytes, Fd, File, Header, Made) ->
    case Bytes of
        <<Size:Header/unit:8, Object:Size/binary, Rest/binary>> ->
            {Key, Made1} = Made(Object),
            {Key, Made1, fun() -> block(Rest, Fd, File, Header, Made) end};
        <<Size:Header/unit:8, Part/binary>> -> read_on(Bytes, max(?BLOCK, Size - byte_size(Part)), Fd, File, Header, Made);
        _ -> read_on(Bytes, ?BLOCK, Fd, File, Header, Made)
    end.

read_on(Bytes, Size, Fd, File, Header, Made) ->
    case file:read(Fd, Size) of
        {ok, More} -> block(<<Bytes/binary, More/binary>>, Fd, File, Header, Made);
        Other ->
            _ = file:close(Fd),
            case Other of
                eof when Bytes =:= <<>> -> done;
                eof -> failed({premature_eof, File});
                {error, Reason} -> failed({file_error, File, Reason})
            end
    end.

%% ---- what goes out ----

put_out(Stream, Output, Value, How) when is_function(Output) ->
    First = Stream(), % all is read, and the value known
    Fun = case Value() of
              {value, V} -> Output({value, V});
              _ -> Output
          end,
    put_to(First, Fun, How);
put_out(Stream, File, _, #how{format = Format, header = Header, compressed = Compressed}) ->
    Form = case Format of
               term -> fun(Object) -> unicode:characters_to_binary(io_lib:format("~p.~n", [Object])) end;
               _ -> fun(Object) -> framed(Header, Object) end
           end,
    %% It may be one of those that are read.
    Beside = filename:join(filename:dirname(File), lists:concat(["fs_", os:getpid(), "_",
                                                                 erlang:unique_integer([positive]), ".fs"])),
    put(?MODULE, [Beside | get(?MODULE)]),
    write_file(Beside, Stream, Form, Compressed),
    case file:rename(Beside, File) of
        ok -> ok;
        {error, Reason} -> failed({file_error, File, Reason})
    end.

put_to(Head, Fun, How) when is_function(Fun, 1) ->
    case taken(Head, 0, []) of
        {[], done} -> Fun(close);
        {Objects, Next} -> put_to(Next, Fun(Objects), How)
    end;
put_to(_, Other, _) -> Other.

taken({_, Object, Next}, Size, Objects) when Size < ?BLOCK -> taken(Next(), Size + object_size(Object), [Object | Objects]);
taken(Head, _, Objects) -> {lists:reverse(Objects), Head}.

%% ---- checking ----

checked(Files, How) ->
    All = files(Files),
    answered(fun() ->
                     {ok, lists:append([out_of_order((file_stream(File, How))(), none, 1, File, How) || File <- All])}
             end).

out_of_order(done, _, _, _, _) -> [];
out_of_order({Key, Object, Next}, Before, N, File, How) ->
    Fine = case Before of
               none -> true;
               {Previous} -> may_precede(Previous, Key, How) andalso not (How#how.unique andalso may_precede(Key, Previous, How))
           end,
    case Fine of
        true -> out_of_order(Next(), {Key}, N + 1, File, How);
        false -> [{File, N, shown(Object, How)}]
    end.

shown(Object, #how{format = binary_term}) -> binary_to_term(Object);
shown(Object, #how{format = Format}) when is_function(Format) -> Format(Object);
shown(Object, _) -> Object.
