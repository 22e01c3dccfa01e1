%% An open file as a process: a server of the I/O protocol, and of the requests of module file. It
%% reads ahead; what was read and not asked for is `bytes`. It ends when its owner does.
-module(file_io_server).

-export([start/5, encoding/1, format_error/1]).

-record(state, {
    handle,
    owner :: reference(), % its monitor
    binary :: boolean(),
    encoding :: unicode:encoding(),
    ahead :: pos_integer(),
    bytes = <<>> :: binary(),
    delayed = none :: none | {Size :: non_neg_integer(), Ms :: non_neg_integer()},
    unwritten = [] :: iodata(),
    unwritten_size = 0 :: non_neg_integer(),
    failed = ok :: ok | {error, term()} % of an earlier delayed write
}).

-define(AHEAD, 8192).

%% Whose file it is: the machine's, or a process's.
-define(BACKEND(Handle), (case Handle of
                              {muster_virtual_file, _} -> muster_virtual_file;
                              _ -> muster_file
                          end)).

%% What was wrong with a text that was read.
-spec format_error(term()) -> string().
format_error({_, ?MODULE, Reason}) -> format_error(Reason);
format_error(invalid_unicode) -> "cannot translate from UTF-8";
format_error(Reason) -> file:format_error(Reason).

-spec start(pid(), file:name_all(), [term()], [atom()], boolean()) ->
    {ok, pid()} | {error, term()}.
start(Owner, Name, Modes, Flags, Directory) ->
    Ref = make_ref(),
    {Pid, Monitor} = spawn_monitor(fun() -> init(Owner, Ref, Name, Modes, Flags, Directory) end),
    receive
        {Ref, ok} ->
            demonitor(Monitor, [flush]),
            {ok, Pid};
        {Ref, Error} ->
            demonitor(Monitor, [flush]),
            Error;
        {'DOWN', Monitor, _, _, Reason} -> {error, Reason}
    end.

%% An encoding in its one form, or error.
-spec encoding(term()) -> unicode:encoding() | error.
encoding(latin1) -> latin1;
encoding(unicode) -> unicode;
encoding(utf8) -> unicode;
encoding(utf16) -> {utf16, big};
encoding(utf32) -> {utf32, big};
encoding({Name, Order} = E)
  when Name =:= utf16 orelse Name =:= utf32, Order =:= big orelse Order =:= little -> E;
encoding(_) -> error.

init(Owner, Ref, Name, Modes, Flags, Directory) ->
    case try muster_virtual_file:open(Name, Modes, Flags, Directory)
         catch error:badarg -> {error, badarg}
         end of
        {ok, Handle} ->
            Monitor = monitor(process, Owner),
            put(file_io_server_name, Name), % for file:pid2name/1
            Owner ! {Ref, ok},
            loop(#state{handle = Handle, owner = Monitor,
                        binary = lists:member(binary, Modes),
                        encoding = encoding(proplists:get_value(encoding, Modes, latin1)),
                        ahead = ahead(Modes), delayed = delayed(Modes)});
        Error -> Owner ! {Ref, Error}
    end.

ahead(Modes) ->
    case lists:keyfind(read_ahead, 1, Modes) of
        {_, Size} -> Size;
        false -> ?AHEAD
    end.

delayed(Modes) ->
    case lists:keyfind(delayed_write, 1, Modes) of
        {_, Size, Ms} -> {Size, Ms};
        false ->
            case lists:member(delayed_write, Modes) of
                true -> {65536, 2000};
                false -> none
            end
    end.

loop(#state{unwritten = [], owner = Owner} = S) ->
    receive
        {'DOWN', Owner, _, _, _} -> ok;
        Message -> handle(Message, S)
    end;
loop(#state{owner = Owner, delayed = {_, Ms}} = S) ->
    receive
        {'DOWN', Owner, _, _, _} -> flush(S);
        Message -> handle(Message, S)
    after Ms -> loop(flush(S))
    end.

handle({io_request, From, As, Request}, S) ->
    {Answer, S1} = io_request(Request, S),
    From ! {io_reply, As, Answer},
    case Answer of
        {error, Why} when Why =:= invalid_unicode; element(1, Why) =:= no_translation ->
            %% As OTP: nobody knows where in the text it is.
            _ = ?BACKEND(S#state.handle):close(S#state.handle),
            ok;
        _ -> loop(S1)
    end;
handle({file_request, From, As, close}, S) ->
    S1 = flush(S),
    Closed = ?BACKEND(S1#state.handle):close(S1#state.handle),
    Answer = case S1#state.failed of ok -> Closed; Error -> Error end,
    From ! {file_reply, As, Answer};
handle({file_request, From, As, Request}, S) ->
    {Answer, S1} =
        try file_request(Request, flush(S))
        catch error:badarg -> {{error, badarg}, flush(S)}
        end,
    From ! {file_reply, As, Answer},
    loop(S1);
handle(_, S) -> loop(S).

%%% Requests of module file

file_request({position, cur, Offset}, S) ->
    {Result, S1} = go_back(S),
    case Result of
        ok -> {?BACKEND(S1#state.handle):seek(S1#state.handle, cur, Offset), S1};
        Error -> {Error, S1}
    end;
file_request({position, From, Offset}, S) ->
    case ?BACKEND(S#state.handle):seek(S#state.handle, From, Offset) of
        {ok, _} = Result -> {Result, S#state{bytes = <<>>}};
        Error -> {Error, S}
    end;
file_request({pread, At, N}, #state{encoding = Encoding} = S) when Encoding =/= latin1 ->
    case place(At, S) of % bytes before it, then characters
        {{ok, _}, S1} ->
            {Data, S2} = get_chars(latin1, N, S1),
            {chars_answer(Data), S2};
        Failed -> Failed
    end;
file_request({pread, At, N}, S) when is_integer(At), At >= 0 ->
    {as_wanted(?BACKEND(S#state.handle):pread(S#state.handle, At, N), S), S};
file_request({pread, At, N}, S) ->
    case place(At, S) of
        {{ok, _}, S1} -> {as_wanted(?BACKEND(S1#state.handle):read(S1#state.handle, N), S1), S1};
        Failed -> Failed
    end;
file_request({pwrite, At, Bytes}, S) when is_integer(At), At >= 0 ->
    {?BACKEND(S#state.handle):pwrite(S#state.handle, At, Bytes), S};
file_request({pwrite, At, Bytes}, S) ->
    case place(At, S) of
        {{ok, _}, S1} -> {?BACKEND(S1#state.handle):write(S1#state.handle, Bytes), S1};
        Failed -> Failed
    end;
file_request(truncate, S) ->
    {Result, S1} = go_back(S),
    case Result of
        ok -> {?BACKEND(S1#state.handle):truncate(S1#state.handle), S1};
        Error -> {Error, S1}
    end;
file_request(sync, S) -> {?BACKEND(S#state.handle):sync(S#state.handle, false), S};
file_request(datasync, S) -> {?BACKEND(S#state.handle):sync(S#state.handle, true), S};
file_request({allocate, At, N}, S) -> {?BACKEND(S#state.handle):allocate(S#state.handle, At, N), S};
file_request({advise, At, N, Advice}, S) ->
    {?BACKEND(S#state.handle):advise(S#state.handle, At, N, Advice), S};
file_request(handle_info, S) -> {?BACKEND(S#state.handle):handle_info(S#state.handle), S};
file_request(getfd, S) -> {ok, S};
file_request(_, S) -> {{error, badarg}, S}.

chars_answer(eof) -> eof;
chars_answer({error, _} = Error) -> Error;
chars_answer(Data) -> {ok, Data}.

place(At, S) when is_integer(At) -> file_request({position, bof, At}, S);
place({From, Offset}, S) -> file_request({position, From, Offset}, S);
place(From, S) when is_atom(From) -> file_request({position, From, 0}, S);
place(_, S) -> {{error, badarg}, S}.

as_wanted({ok, Bytes}, #state{binary = false}) -> {ok, binary_to_list(Bytes)};
as_wanted(Result, _) -> Result.

%% The place in the file becomes where the reader believes to be.
go_back(#state{bytes = <<>>} = S) -> {ok, S};
go_back(#state{bytes = Bytes} = S) ->
    case ?BACKEND(S#state.handle):seek(S#state.handle, cur, -byte_size(Bytes)) of
        {ok, _} -> {ok, S#state{bytes = <<>>}};
        Error -> {Error, S}
    end.

%%% The I/O protocol

io_request({put_chars, Encoding, Chars}, S) -> put_chars(Encoding, Chars, S);
io_request({put_chars, Encoding, M, F, Args}, S) ->
    try apply(M, F, Args) of
        Chars -> put_chars(Encoding, Chars, S)
    catch
        _:_ -> {{error, F}, S}
    end;
io_request({put_chars, Chars}, S) -> put_chars(latin1, Chars, S);
io_request({put_chars, M, F, Args}, S) -> io_request({put_chars, latin1, M, F, Args}, S);
io_request({get_line, Encoding, _}, S) -> get_line(Encoding, 0, flush(S));
io_request({get_line, _}, S) -> get_line(latin1, 0, flush(S));
io_request({get_chars, Encoding, _, N}, S) when is_integer(N), N >= 0 ->
    get_chars(Encoding, N, flush(S));
io_request({get_chars, _, N}, S) when is_integer(N), N >= 0 -> get_chars(latin1, N, flush(S));
io_request({get_until, Encoding, _, M, F, Args}, S) ->
    get_until(Encoding, [], M, F, Args, flush(S));
io_request({get_until, _, M, F, Args}, S) -> get_until(latin1, [], M, F, Args, flush(S));
io_request({setopts, Options}, S) when is_list(Options) -> setopts(Options, S);
io_request(getopts, S) ->
    {[{binary, S#state.binary}, {encoding, S#state.encoding}], S};
io_request({requests, Requests}, S) when is_list(Requests) -> requests(Requests, ok, S);
io_request({get_geometry, _}, S) -> {{error, enotsup}, S};
io_request(_, S) -> {{error, request}, S}.

requests([R | Rest], _, S) ->
    case io_request(R, S) of
        {{error, _}, _} = Failed -> Failed;
        {Answer, S1} -> requests(Rest, Answer, S1)
    end;
requests([], Answer, S) -> {Answer, S}.

setopts([], S) -> {ok, S};
setopts([binary | T], S) -> setopts(T, S#state{binary = true});
setopts([list | T], S) -> setopts(T, S#state{binary = false});
setopts([{binary, B} | T], S) when is_boolean(B) -> setopts(T, S#state{binary = B});
setopts([{encoding, E} | T], S) ->
    case encoding(E) of
        error -> {{error, badarg}, S};
        Encoding -> setopts(T, S#state{encoding = Encoding})
    end;
setopts(_, S) -> {{error, enotsup}, S}.

%%% Writing

put_chars(latin1, Bytes, #state{encoding = latin1} = S) when is_binary(Bytes) -> write(Bytes, S);
put_chars(In, Chars, #state{encoding = Out} = S) ->
    try unicode:characters_to_binary(Chars, In, Out) of
        Bytes when is_binary(Bytes) -> write(Bytes, S);
        _ -> {{error, {no_translation, In, Out}}, S}
    catch
        error:_ -> {{error, {put_chars, In, Chars}}, S}
    end.

write(Bytes, S) ->
    case go_back(S) of
        {ok, #state{delayed = none} = S1} -> {?BACKEND(S1#state.handle):write(S1#state.handle, Bytes), S1};
        {ok, #state{failed = ok} = S1} -> {ok, delay(Bytes, S1)};
        {ok, #state{failed = Error} = S1} -> {Error, S1#state{failed = ok}};
        Failed -> Failed
    end.

delay(Bytes, #state{unwritten = Before, unwritten_size = Size, delayed = {Most, _}} = S) ->
    S1 = S#state{unwritten = [Before, Bytes], unwritten_size = Size + byte_size(Bytes)},
    case S1#state.unwritten_size >= Most of
        true -> flush(S1);
        false -> S1
    end.

flush(#state{unwritten = []} = S) -> S;
flush(#state{handle = Handle, unwritten = Bytes} = S) ->
    S1 = S#state{unwritten = [], unwritten_size = 0},
    case ?BACKEND(Handle):write(Handle, Bytes) of
        ok -> S1;
        Error -> S1#state{failed = Error}
    end.

%%% Reading

%% {ok, State} with more bytes, {eof, State} or {Error, State}.
more(#state{handle = Handle, bytes = Bytes} = S) ->
    case ?BACKEND(Handle):read(Handle, max(S#state.ahead, byte_size(Bytes))) of
        {ok, New} -> {ok, S#state{bytes = <<Bytes/binary, New/binary>>}};
        Other -> {Other, S}
    end.

get_line(Encoding, From, #state{bytes = Bytes, encoding = In} = S)
  when In =:= latin1; In =:= unicode ->
    case binary:match(Bytes, <<"\n">>, [{scope, {From, byte_size(Bytes) - From}}]) of
        {At, 1} -> answer_line(Encoding, At + 1, S);
        nomatch ->
            case more(S) of
                {ok, S1} -> get_line(Encoding, byte_size(Bytes), S1);
                {eof, _} when Bytes =:= <<>> -> {eof, S};
                {eof, _} -> answer(Encoding, byte_size(Bytes), S);
                Failed -> Failed
            end
    end;
get_line(Encoding, _, S) -> get_line_chars(Encoding, S).

%% A line ends in \n, also where the file has \r\n.
answer_line(Encoding, Size, #state{bytes = Bytes} = S) ->
    Before = Size - 2,
    case Bytes of
        <<Text:Before/binary, "\r\n", Rest/binary>> ->
            answer(Encoding, Before + 1, S#state{bytes = <<Text/binary, $\n, Rest/binary>>});
        _ -> answer(Encoding, Size, S)
    end.

%% Lines of wide encodings, character by character.
get_line_chars(Encoding, #state{bytes = Bytes, encoding = In} = S) ->
    case line_size(Bytes, In, 0) of
        more ->
            case more(S) of
                {ok, S1} -> get_line_chars(Encoding, S1);
                {eof, _} when Bytes =:= <<>> -> {eof, S};
                {eof, _} -> answer(Encoding, byte_size(Bytes), S);
                Failed -> Failed
            end;
        Size -> answer(Encoding, Size, S)
    end.

line_size(Bytes, In, At) ->
    case char_size(Bytes, In, At) of
        {$\n, Size} -> At + Size;
        {_, Size} -> line_size(Bytes, In, At + Size);
        more -> more
    end.

get_chars(_, 0, #state{binary = true} = S) -> {<<>>, S};
get_chars(_, 0, S) -> {[], S};
get_chars(Encoding, N, #state{bytes = Bytes, encoding = In} = S) ->
    case chars_size(Bytes, In, N) of
        more ->
            case more(S#state{ahead = max(S#state.ahead, min(N, 1 bsl 20))}) of
                {ok, S1} -> get_chars(Encoding, N, S1#state{ahead = S#state.ahead});
                {eof, _} when Bytes =:= <<>> -> {eof, S};
                {eof, _} -> chars_answer(Encoding, byte_size(Bytes), S);
                {Error, _} -> {Error, S}
            end;
        Size -> chars_answer(Encoding, Size, S)
    end.

%% Text in no encoding at all has a name of its own here.
chars_answer(Encoding, Size, S) ->
    case answer(Encoding, Size, S) of
        {{error, {no_translation, In, In}}, S1} -> {{error, invalid_unicode}, S1};
        Answer -> Answer
    end.

chars_size(Bytes, latin1, N) when byte_size(Bytes) >= N -> N;
chars_size(_, latin1, _) -> more;
chars_size(Bytes, In, N) -> chars_size(Bytes, In, N, 0).

chars_size(_, _, 0, At) -> At;
chars_size(Bytes, In, N, At) ->
    case char_size(Bytes, In, At) of
        {_, Size} -> chars_size(Bytes, In, N - 1, At + Size);
        more -> more
    end.

%% The character at a place and its bytes; what is none counts as one byte.
char_size(Bytes, In, At) ->
    case Bytes of
        <<_:At/binary, C/utf8, _/binary>> when In =:= unicode ->
            {C, byte_size(<<C/utf8>>)};
        <<_:At/binary, C/utf16, _/binary>> when In =:= {utf16, big} ->
            {C, byte_size(<<C/utf16>>)};
        <<_:At/binary, C/utf16-little, _/binary>> when In =:= {utf16, little} ->
            {C, byte_size(<<C/utf16>>)};
        <<_:At/binary, C/utf32, _/binary>> when In =:= {utf32, big} -> {C, 4};
        <<_:At/binary, C/utf32-little, _/binary>> when In =:= {utf32, little} -> {C, 4};
        <<_:At/binary, _:4/binary, _/binary>> -> {bad, 1};
        _ -> more
    end.

%% The first bytes, as the requester wants them.
answer(Encoding, Size, #state{bytes = Bytes, encoding = In} = S) ->
    <<Text:Size/binary, Rest/binary>> = Bytes,
    case translated(Text, In, Encoding, S#state.binary) of
        {_, _, _} -> {{error, {no_translation, In, Encoding}}, S};
        Data -> {Data, S#state{bytes = Rest}}
    end.

translated(Text, Same, Same, true) when Same =:= latin1 -> Text;
translated(Text, Same, Same, false) when Same =:= latin1 -> binary_to_list(Text);
translated(Text, In, Out, true) -> unicode:characters_to_binary(Text, In, Out);
translated(Text, In, latin1, false) ->
    case unicode:characters_to_binary(Text, In, latin1) of
        Latin1 when is_binary(Latin1) -> binary_to_list(Latin1);
        Error -> Error
    end;
translated(Text, In, _, false) -> unicode:characters_to_list(Text, In).

%% Gives a parser line after line until it is done; its rest is put back.
get_until(Encoding, Cont, M, F, Args, S) ->
    case get_line(unicode, 0, S#state{binary = false}) of
        {{error, _} = Error, _} -> {Error, S};
        {Line, S1} ->
            S2 = S1#state{binary = S#state.binary},
            try apply(M, F, [Cont, Line | Args]) of
                {done, Result, Rest} -> {until_result(Result, S2), put_back(Rest, S2)};
                {more, Cont1} when Line =/= eof -> get_until(Encoding, Cont1, M, F, Args, S2);
                _ -> {{error, F}, S2}
            catch
                _:_ -> {{error, F}, S2}
            end
    end.

until_result(Result, #state{binary = true}) when is_list(Result) ->
    case catch unicode:characters_to_binary(Result) of
        Binary when is_binary(Binary) -> Binary;
        _ -> Result
    end;
until_result(Result, _) -> Result.

put_back([_ | _] = Rest, #state{bytes = Bytes, encoding = In} = S) ->
    S#state{bytes = <<(unicode:characters_to_binary(Rest, unicode, In))/binary, Bytes/binary>>};
put_back(_, S) -> S.
