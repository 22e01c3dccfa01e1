%% Logs on disk: items are added at the end of a file (halt), or of a ring of files whose oldest one makes
%% room (wrap). Internal logs hold terms, each with its size and a mark, so that what a crash has left can be
%% told and repaired; external ones are whatever bytes their users write.
%%
%% Each open log is a process (muster_disk_log), found by the log's name (muster_open_files).
%% The files have OTP's format: either system reads what the other wrote.
-module(disk_log).

-export([start/0, open/1, close/1, lclose/1, lclose/2, log/2, blog/2, log_terms/2, blog_terms/2, alog/2, balog/2, alog_terms/2,
         balog_terms/2, sync/1, truncate/1, truncate/2, btruncate/2, reopen/2, reopen/3, breopen/3, inc_wrap_file/1,
         next_file/1, change_size/2, change_notify/3, change_header/2, block/1, block/2, unblock/1, chunk/2, chunk/3,
         bchunk/2, bchunk/3, chunk_info/1, chunk_step/3, info/1, pid2name/1, accessible_logs/0, all/0, format_error/1]).
-export_type([log/0, continuation/0, dlog_option/0, dlog_options/0, dlog_size/0, dlog_format/0, dlog_type/0,
              dlog_mode/0, dlog_head_opt/0, open_ret/0]).

-type log() :: term().
-type dlog_size() :: infinity | pos_integer() | {MaxBytes :: pos_integer(), MaxFiles :: pos_integer()}.
-type dlog_format() :: internal | external.
-type dlog_type() :: halt | wrap.
-type dlog_mode() :: read_write | read_only.
-type dlog_head_opt() :: none | term() | iodata().
-type dlog_option() :: {name, log()} | {file, file:filename()} | {linkto, none | pid()} | {repair, true | false | truncate} |
                       {type, dlog_type()} | {format, dlog_format()} | {size, dlog_size()} | {notify, boolean()} |
                       {head, dlog_head_opt()} | {head_func, {module(), atom(), [term()]}} | {quiet, boolean()} |
                       {mode, dlog_mode()}.
-type dlog_options() :: [dlog_option()].
-type open_ret() :: {ok, log()} | {repaired, log(), {recovered, non_neg_integer()}, {badbytes, non_neg_integer()}} |
                    {error, term()}.
-opaque continuation() :: {continuation, pid(), muster_disk_log:place(), [binary()]}.
-type answer() :: ok | {error, term()}.

-define(SERVER, disk_log_server).

%% The first open/1 does it, too.
-spec start() -> ok.
start() ->
    _ = muster_open_files:start(?SERVER),
    ok.

%% ---- opening and closing ----

-spec open(dlog_options()) -> open_ret().
open(Options) ->
    try options(Options, #{linkto => self()}) of
        #{name := Name} = Given -> opened(Name, Given);
        #{} -> {error, {badarg, name}}
    catch
        throw:Bad -> {error, {badarg, Bad}}
    end.

options([], Given) ->
    case Given of
        #{type := wrap, size := Size} when is_integer(Size) -> throw(size);
        #{size := {_, _}} when not is_map_key(type, Given); map_get(type, Given) =/= wrap -> throw(size);
        #{mode := read_only, repair := truncate} -> throw(repair_read_only);
        #{} -> ok
    end,
    case Given of
        #{type := wrap, size := infinity} -> maps:remove(size, Given);
        #{} -> Given
    end;
options([{Key, Value} = Option | Rest], Given) ->
    _ = is_option(Key, Value) orelse throw([Option | Rest]),
    options(Rest, Given#{Key => Value});
options(Bad, _) -> throw(Bad).

is_option(name, _) -> true;
is_option(file, File) -> is_list(File) orelse is_atom(File);
is_option(linkto, Pid) -> is_pid(Pid) orelse Pid =:= none;
is_option(repair, Value) -> is_boolean(Value) orelse Value =:= truncate;
is_option(type, Value) -> Value =:= halt orelse Value =:= wrap;
is_option(format, Value) -> Value =:= internal orelse Value =:= external;
is_option(size, Size) -> is_size(Size);
is_option(notify, Value) -> is_boolean(Value);
is_option(head, _) -> true;
is_option(head_func, {M, F, A}) -> is_atom(M) andalso is_atom(F) andalso is_list(A);
is_option(quiet, Value) -> is_boolean(Value);
is_option(mode, Value) -> Value =:= read_write orelse Value =:= read_only;
is_option(_, _) -> false.

is_size(infinity) -> true;
is_size({Bytes, Files}) -> is_positive(Bytes) andalso is_positive(Files) andalso Files < 65536;
is_size(Bytes) -> is_positive(Bytes).

is_positive(N) -> is_integer(N) andalso N > 0.

%% The log may close between being found and being asked: then it is opened anew.
opened(Name, Given) ->
    {ok, Pid} = muster_open_files:process(?SERVER, Name, muster_disk_log),
    case asked(Pid, {attach, Given}) of
        {error, no_such_log} -> opened(Name, Given);
        Result -> Result
    end.

-spec close(log()) -> answer().
close(Log) -> request(Log, {close, self()}).

-spec lclose(log()) -> answer().
lclose(Log) -> close(Log).

-spec lclose(log(), node()) -> answer().
lclose(Log, Node) when Node =:= node() -> close(Log);
lclose(_, _) -> {error, no_such_log}.

%% ---- writing ----

-spec log(log(), term()) -> answer().
log(Log, Term) -> request(Log, {log, internal, [term_to_binary(Term)]}).

-spec blog(log(), iodata()) -> answer().
blog(Log, Bytes) -> request(Log, {log, external, [iolist_to_binary(Bytes)]}).

-spec log_terms(log(), [term()]) -> answer().
log_terms(Log, Terms) -> request(Log, {log, internal, [term_to_binary(Term) || Term <- Terms]}).

-spec blog_terms(log(), [iodata()]) -> answer().
blog_terms(Log, Items) -> request(Log, {log, external, [iolist_to_binary(Item) || Item <- Items]}).

%% Without an answer: what fails is told to the owners that want to hear.
-spec alog(log(), term()) -> answer().
alog(Log, Term) -> notice(Log, {log, internal, [term_to_binary(Term)]}).

-spec balog(log(), iodata()) -> answer().
balog(Log, Bytes) -> notice(Log, {log, external, [iolist_to_binary(Bytes)]}).

-spec alog_terms(log(), [term()]) -> answer().
alog_terms(Log, Terms) -> notice(Log, {log, internal, [term_to_binary(Term) || Term <- Terms]}).

-spec balog_terms(log(), [iodata()]) -> answer().
balog_terms(Log, Items) -> notice(Log, {log, external, [iolist_to_binary(Item) || Item <- Items]}).

%% All that was written is on the disk.
-spec sync(log()) -> answer().
sync(Log) -> request(Log, {sync}).

%% ---- beginning anew ----

%% Removes all items. Head: of the files from now on.
-spec truncate(log()) -> answer().
truncate(Log) -> request(Log, {truncate, same}).

-spec truncate(log(), term()) -> answer().
truncate(Log, Head) -> request(Log, {truncate, {internal, term_to_binary(Head)}}).

-spec btruncate(log(), iodata()) -> answer().
btruncate(Log, Head) -> request(Log, {truncate, {external, iolist_to_binary(Head)}}).

%% Renames the log's files to those of File, and begins anew.
-spec reopen(log(), file:filename()) -> answer().
reopen(Log, File) -> request(Log, {reopen, File, same}).

-spec reopen(log(), file:filename(), term()) -> answer().
reopen(Log, File, Head) -> request(Log, {reopen, File, {internal, term_to_binary(Head)}}).

-spec breopen(log(), file:filename(), iodata()) -> answer().
breopen(Log, File, Head) -> request(Log, {reopen, File, {external, iolist_to_binary(Head)}}).

%% Goes on in the next file of a wrap log.
-spec inc_wrap_file(log()) -> answer().
inc_wrap_file(Log) -> request(Log, {next_file}).

-spec next_file(log()) -> answer().
next_file(Log) -> request(Log, {next_file}).

%% ---- changing ----

-spec change_size(log(), dlog_size()) -> answer().
change_size(Log, Size) ->
    case is_size(Size) of
        true -> request(Log, {change_size, Size});
        false -> {error, {badarg, size}}
    end.

-spec change_notify(log(), pid(), boolean()) -> answer().
change_notify(Log, Owner, Notify) when is_boolean(Notify) ->
    request(Log, {change_notify, Owner, Notify});
change_notify(_, _, _) -> {error, {badarg, notify}}.

-spec change_header(log(), {head, dlog_head_opt()} | {head_func, {module(), atom(), [term()]}}) -> answer().
change_header(Log, {head, _} = Header) -> request(Log, {change_header, Header});
change_header(Log, {head_func, {M, F, A}} = Header) when is_atom(M), is_atom(F), is_list(A) ->
    request(Log, {change_header, Header});
change_header(_, _) -> {error, {badarg, head}}.

%% Nobody else may use the log until it is unblocked: others wait, or get an error when Queue is false.
-spec block(log()) -> answer().
block(Log) -> block(Log, true).

-spec block(log(), Queue :: boolean()) -> answer().
block(Log, Queue) when is_boolean(Queue) -> request(Log, {block, self(), Queue});
block(_, _) -> {error, {badarg, queue_log_records}}.

-spec unblock(log()) -> answer().
unblock(Log) -> request(Log, {unblock, self()}).

%% ---- reading ----

-type chunk() :: {continuation(), [term()]} | {continuation(), [term()], Badbytes :: non_neg_integer()} | eof |
                 {error, term()}.

-spec chunk(log(), start | continuation()) -> chunk().
chunk(Log, Continuation) -> chunk(Log, Continuation, infinity).

-spec chunk(log(), start | continuation(), pos_integer() | infinity) -> chunk().
chunk(Log, Continuation, N) -> read(Log, Continuation, N, fun binary_to_term/1).

%% Likewise, the items as they were written.
-spec bchunk(log(), start | continuation()) -> chunk().
bchunk(Log, Continuation) -> bchunk(Log, Continuation, infinity).

-spec bchunk(log(), start | continuation(), pos_integer() | infinity) -> chunk().
bchunk(Log, Continuation, N) -> read(Log, Continuation, N, fun(Bytes) -> Bytes end).

%% Items come from the log by the block; what was not asked for lies in the continuation.
read(Log, start, N, Decode) -> read_block(Log, request(Log, {read, start}), N, Decode);
read(Log, {continuation, Pid, Place, []}, N, Decode) when is_pid(Pid) ->
    read_block(Log, asked(Pid, {read, Place}), N, Decode);
read(Log, {continuation, Pid, Place, [_ | _] = Items}, N, Decode) when is_pid(Pid) ->
    given(Log, Pid, Place, Items, 0, N, Decode);
read(_, _, _, _) -> {error, {badarg, continuation}}.

read_block(Log, {items, Pid, Place, Items, Bad}, N, Decode) -> given(Log, Pid, Place, Items, Bad, N, Decode);
read_block(_, Answer, _, _) -> Answer.

given(Log, Pid, Place, Items, Bad, N, Decode) ->
    {Taken, Rest} = case N of
                        infinity -> {Items, []};
                        _ when is_integer(N), N > 0 -> lists:split(min(N, length(Items)), Items)
                    end,
    Continuation = {continuation, Pid, Place, Rest},
    try [Decode(Item) || Item <- Taken] of
        Terms when Bad =:= 0 -> {Continuation, Terms};
        Terms -> {Continuation, Terms, Bad}
    catch
        error:badarg ->
            {file, File} = lists:keyfind(file, 1, info(Log)),
            {error, {corrupt_log_file, File}}
    end.

-spec chunk_info(continuation()) -> [{node, node()}] | {error, term()}.
chunk_info({continuation, Pid, _, _}) when is_pid(Pid) -> [{node, node(Pid)}];
chunk_info(Other) -> {error, {no_continuation, Other}}.

%% The beginning of the file Step files after (before, when negative) that of a continuation, in a wrap log.
-spec chunk_step(log(), start | continuation(), integer()) -> {ok, continuation()} | {error, term()}.
chunk_step(Log, start, Step) when is_integer(Step) -> stepped(Log, start, Step);
chunk_step(Log, {continuation, _, Place, _}, Step) when is_integer(Step) -> stepped(Log, Place, Step);
chunk_step(_, _, _) -> {error, {badarg, continuation}}.

stepped(Log, Place, Step) ->
    case request(Log, {step, Place, Step}) of
        {place, Pid, New} -> {ok, {continuation, Pid, New, []}};
        Error -> Error
    end.

%% ---- about logs ----

-spec info(log()) -> [{atom(), term()}] | {error, no_such_log}.
info(Log) -> request(Log, info).

-spec pid2name(pid()) -> {ok, log()} | undefined.
pid2name(Pid) ->
    case [Log || {Log, Owner} <- muster_open_files:all(?SERVER), Owner =:= Pid] of
        [Log] -> {ok, Log};
        [] -> undefined
    end.

-spec accessible_logs() -> {[log()], []}.
accessible_logs() -> {all(), []}.

-spec all() -> [log()].
all() -> lists:sort([Log || {Log, _} <- muster_open_files:all(?SERVER)]).


-spec format_error(term()) -> io_lib:chars().
format_error({error, Reason}) -> format_error(Reason);
format_error({badarg, Argument}) -> text("The argument ~tp is not one that disk_log knows~n", [Argument]);
format_error(no_such_log) -> text("There is no disk log of that name~n", []);
format_error({full, Log}) -> text("The halt log ~tp has reached its size~n", [Log]);
format_error({name_already_open, Log}) -> text("The disk log ~tp is open already, with another file~n", [Log]);
format_error({blocked_log, Log}) -> text("The blocked disk log ~tp lets nobody else wait, or it is the caller's~n", [Log]);
format_error({not_blocked, Log}) -> text("The disk log ~tp is not blocked~n", [Log]);
format_error({not_blocked_by_pid, Log}) -> text("The disk log ~tp was blocked by another process~n", [Log]);
format_error({not_owner, Pid}) -> text("The pid ~tp does not own the disk log~n", [Pid]);
format_error({need_repair, Log}) -> text("The disk log ~tp was not closed and is to be repaired~n", [Log]);
format_error({not_a_log_file, File}) -> text("The file ~tp is none of a disk log~n", [File]);
format_error({corrupt_log_file, File}) -> text("The disk log file ~tp holds other data than items~n", [File]);
format_error({invalid_index_file, File}) -> text("The index ~tp is not that of a wrap log~n", [File]);
format_error({file_error, File, Reason}) -> text("~tp: ~tp~n", [File, file:format_error(Reason)]);
format_error({arg_mismatch, Option, Is, Given}) ->
    text("The value ~tp of ~tp is not that of the open disk log, ~tp~n", [Given, Option, Is]);
format_error({size_mismatch, Is, Given}) -> text("The given size ~tp is not the size ~tp of the log~n", [Given, Is]);
format_error({new_size_too_small, Log, Is}) ->
    text("The current size of the halt log ~tp, ~tp bytes, is more than the new one~n", [Log, Is]);
format_error({open_read_write, Log}) -> text("The disk log ~tp is open for writing~n", [Log]);
format_error({open_read_only, Log}) -> text("The disk log ~tp is open for reading only~n", [Log]);
format_error({read_only_mode, Log}) -> text("The disk log ~tp is open for reading only~n", [Log]);
format_error({format_external, Log}) -> text("The requested operation needs terms; the log ~tp has bytes~n", [Log]);
format_error({not_internal_wrap, Log}) ->
    text("The requested operation needs files of terms; the log ~tp has none~n", [Log]);
format_error({halt_log, Log}) -> text("The halt log ~tp has one file only~n", [Log]);
format_error({same_file_name, Log}) -> text("Current and new file of the disk log ~tp are one~n", [Log]);
format_error({invalid_header, Head}) -> text("The disk log header cannot be made of ~tp~n", [Head]);
format_error({no_continuation, Term}) -> text("The term ~tp is no continuation~n", [Term]);
format_error(end_of_log) -> text("An attempt was made to step further than the log reaches~n", []);
format_error(Other) -> text("~tp~n", [Other]).

text(Format, Arguments) -> io_lib:format(Format, Arguments).

%% ---- asking logs ----

request(Log, Request) ->
    case muster_open_files:find(?SERVER, Log) of
        {ok, Pid} -> asked(Pid, Request);
        error -> {error, no_such_log}
    end.

asked(Pid, Request) ->
    try gen_server:call(Pid, Request, infinity)
    catch exit:{Reason, _} when Reason =:= noproc; Reason =:= normal -> {error, no_such_log}
    end.

notice(Log, Request) ->
    case muster_open_files:find(?SERVER, Log) of
        {ok, Pid} -> gen_server:cast(Pid, Request);
        error -> {error, no_such_log}
    end.

