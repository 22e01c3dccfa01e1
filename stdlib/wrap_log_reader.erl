%% Reads the files of a wrap log of disk_log, also while the log is being written: all of them, or one.
-module(wrap_log_reader).
-export([open/1, open/2, chunk/1, chunk/2, close/1]).
-export_type([continuation/0]).

%% last: with that one ends what was there at the beginning.
-record(wrap_reader, {fd, path, at = 0, base, number, last, files}).
-opaque continuation() :: #wrap_reader{}.

%% All files, the oldest first.
-spec open(file:filename()) -> {ok, continuation()} | {error, term()}.
open(File) when is_atom(File) -> open(atom_to_list(File));
open(File) when is_list(File) ->
    case index(File) of
        {ok, Current, Files} ->
            Oldest = case filelib:is_regular(path(File, Current + 1)) andalso Current + 1 =< Files of
                         true -> Current + 1;
                         false -> 1
                     end,
            begun(#wrap_reader{base = File, number = Oldest, last = Current, files = Files});
        Error -> Error
    end;
open(_) -> {error, {badarg, file_name}}.

%% File N alone.
-spec open(file:filename(), pos_integer()) -> {ok, continuation()} | {error, term()}.
open(File, N) when is_atom(File) -> open(atom_to_list(File), N);
open(File, N) when is_list(File), is_integer(N) ->
    case index(File) of
        {ok, _, Files} when N > 0, N =< Files ->
            begun(#wrap_reader{base = File, number = N, last = N, files = Files});
        {ok, _, _} -> {error, {file_not_found, path(File, N)}};
        Error -> Error
    end;
open(File, _) when not is_list(File) -> {error, {badarg, file_name}};
open(_, _) -> {error, {badarg, number}}.

index(File) ->
    case muster_disk_log_wrap:index(File) of
        {ok, Current, Counts} -> {ok, Current, lists:max([Current | maps:keys(Counts)])};
        none -> {error, {index_file_not_found, File}};
        {error, {file_error, _, _}} -> {error, {index_file_not_found, File}};
        {error, _} = Error -> Error
    end.

path(File, N) -> File ++ "." ++ integer_to_list(N).

begun(#wrap_reader{base = Base, number = N} = Reader) ->
    Path = path(Base, N),
    case muster_disk_log_file:open(Path, internal, read_only, false) of
        {ok, #{fd := Fd}, _} -> {ok, Reader#wrap_reader{fd = Fd, path = Path, at = 0}};
        {error, {file_error, _, _}} -> {error, {file_not_found, Path}};
        {error, _} = Error -> Error
    end.

-type chunk() :: {continuation(), [term()]} | {continuation(), [term()], Badbytes :: non_neg_integer()} |
                 {continuation(), eof} | {error, term()}.

-spec chunk(continuation()) -> chunk().
chunk(Reader) -> chunk(Reader, infinity).

-spec chunk(continuation(), pos_integer() | infinity) -> chunk().
chunk(#wrap_reader{fd = Fd, path = Path, at = At} = Reader, N) ->
    case muster_disk_log_file:read(Fd, Path, At, skip) of
        eof -> next_file(Reader, N);
        {[], 0, Next} -> chunk(Reader#wrap_reader{at = Next}, N);
        {Items, Bad, Next} ->
            {Taken, Place} = taken(Items, N, Next),
            try {[binary_to_term(Item) || Item <- Taken], Bad} of
                {Terms, 0} -> {Reader#wrap_reader{at = Place}, Terms};
                {Terms, _} -> {Reader#wrap_reader{at = Place}, Terms, Bad}
            catch
                error:badarg -> {error, {corrupt_log_file, Path}}
            end
    end.

%% The first N, and where the next one is: before what was not taken.
taken(Items, N, Next) when N =:= infinity; length(Items) =< N -> {Items, Next};
taken(Items, N, Next) ->
    {Taken, Rest} = lists:split(N, Items),
    {Taken, Next - lists:sum([muster_disk_log_file:size_framed(internal, Item) || Item <- Rest])}.

next_file(#wrap_reader{number = Last, last = Last} = Reader, _) -> {Reader, eof};
next_file(#wrap_reader{fd = Fd, number = Number, files = Files} = Reader, N) ->
    Next = case Number >= Files of
               true -> 1;
               false -> Number + 1
           end,
    case begun(Reader#wrap_reader{number = Next}) of
        {ok, New} ->
            _ = file:close(Fd),
            chunk(New, N);
        Error -> Error
    end.

-spec close(continuation()) -> ok | {error, term()}.
close(#wrap_reader{fd = Fd}) -> file:close(Fd).
