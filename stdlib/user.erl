%% The processes `user` (standard input and output) and `standard_error`: servers of the I/O
%% protocol. Output goes to a buffer of the machine, which is flushed when no further request
%% follows soon; a terminal and standard error are flushed after each request.
%%
%% Input is read by a process of its own, so that output goes on meanwhile. A request for input is
%% a fun from the bytes read so far to an answer, or to another such fun when it needs more.
-module(user).

-export([start/0]).

-record(state, {
    fd :: 1 | 2,
    prompt_flush = false :: boolean(), % after each request
    dirty = false :: boolean(),
    encoding = unicode :: unicode | latin1,
    binary = false :: boolean(),
    reader = none :: pid() | none,
    reading = false :: boolean(),
    given_back = [] :: [char()], % read, and not wanted by get_until; before bytes
    bytes = <<>> :: binary(), % read, not yet asked for
    ended = false :: boolean(), % end of input
    current = none, % {From, ReplyAs, Fun}: waits for input
    waiting = [] % later requests for input, newest first
}).

-define(FLUSH_AFTER_MS, 1).
-define(is_encoding(E), (E =:= unicode orelse E =:= latin1)).

%% Starts both servers, once; returns the pid of `user`.
-spec start() -> pid().
start() ->
    start_server(standard_error, 2),
    start_server(user, 1).

start_server(Name, Fd) ->
    case whereis(Name) of
        undefined ->
            Pid = spawn(fun() -> init(Fd) end),
            try register(Name, Pid) of
                true ->
                    Pid ! started,
                    Pid
            catch
                error:badarg ->
                    exit(Pid, kill),
                    start_server(Name, Fd)
            end;
        Pid -> Pid
    end.

init(Fd) ->
    receive started -> ok end,
    group_leader(self(), self()),
    process_flag(trap_exit, true),
    loop(#state{fd = Fd, prompt_flush = Fd =:= 2 orelse muster_io:is_terminal(Fd)}).

loop(#state{dirty = false} = S) ->
    receive Message -> loop(handle(Message, S)) end;
loop(#state{dirty = true, prompt_flush = true, fd = Fd} = S) ->
    muster_io:flush(Fd),
    loop(S#state{dirty = false});
loop(#state{fd = Fd} = S) ->
    receive Message -> loop(handle(Message, S))
    after ?FLUSH_AFTER_MS ->
        muster_io:flush(Fd),
        loop(S#state{dirty = false})
    end.

%% A binary goes out as it is, even where it is not Unicode.
handle({io_request, From, As, {put_chars, unicode, Bytes}}, #state{encoding = unicode} = S)
  when is_binary(Bytes) ->
    reply(From, As, write(Bytes, S)),
    dirty(S);
handle({io_request, From, As, Request}, S) ->
    case request(Request, S) of
        {input, Prompt, Fun, S1} -> input({From, As, Prompt, Fun}, S1);
        {Answer, S1} ->
            reply(From, As, Answer),
            S1
    end;
handle({Reader, Data}, #state{reader = Reader} = S) when is_binary(Data) ->
    resume(S#state{reading = false, bytes = append(S#state.bytes, Data)});
handle({Reader, _EofOrError}, #state{reader = Reader} = S) ->
    resume(S#state{reading = false, ended = true});
handle(_, S) -> S.

dirty(#state{dirty = true} = S) -> S;
dirty(S) -> S#state{dirty = true}.

append(<<>>, Data) -> Data;
append(Bytes, Data) -> <<Bytes/binary, Data/binary>>.

reply(From, As, Answer) -> From ! {io_reply, As, Answer}.

%%% Requests: an answer and the new state, or a request for input.

request({put_chars, Encoding, Chars}, S) when ?is_encoding(Encoding) ->
    put_chars(Encoding, Chars, S);
request({put_chars, Encoding, M, F, Args}, S) when ?is_encoding(Encoding) ->
    try apply(M, F, Args) of
        Chars -> put_chars(Encoding, Chars, S)
    catch
        _:_ -> {{error, put_chars}, S}
    end;
request({put_chars, Chars}, S) -> put_chars(latin1, Chars, S);
request({put_chars, M, F, Args}, S) -> request({put_chars, latin1, M, F, Args}, S);
request({requests, List}, S) when is_list(List) -> requests(List, S);
request({setopts, Options}, S) when is_list(Options) -> setopts(Options, S);
request(getopts, S) -> {getopts(S), S};
request({get_geometry, Which}, S) when Which =:= columns; Which =:= rows ->
    {geometry(Which, S#state.fd), S};
request(Request, #state{fd = 2} = S) -> {{error, {request, Request}}, S};
request({get_line, Encoding, Prompt}, S) when ?is_encoding(Encoding) ->
    {input, Prompt, fun(S1) -> get_line(Encoding, 0, only_bytes(S1)) end, S};
request({get_chars, Encoding, Prompt, N}, S)
  when ?is_encoding(Encoding), is_integer(N), N >= 0 ->
    {input, Prompt, fun(S1) -> get_chars(Encoding, N, only_bytes(S1)) end, S};
request({get_until, Encoding, Prompt, M, F, Args}, S) when ?is_encoding(Encoding) ->
    {input, Prompt, fun(S1) -> get_until(Encoding, [], M, F, Args, S1) end, S};
request({get_line, Prompt}, S) -> request({get_line, latin1, Prompt}, S);
request({get_chars, Prompt, N}, S) -> request({get_chars, latin1, Prompt, N}, S);
request({get_until, Prompt, M, F, Args}, S) -> request({get_until, latin1, Prompt, M, F, Args}, S);
request(Request, S) -> {{error, {request, Request}}, S}.

%% Several requests, as one: the last answer counts, the first error ends it.
requests([], S) -> {ok, S};
requests([Request | Rest], S) when is_list(Rest) ->
    case request(Request, S) of
        {input, Prompt, Fun, S1} ->
            {input, Prompt, fun(S2) -> input_then(Fun(S2), Rest) end, S1};
        {Answer, S1} -> request_then(Answer, Rest, S1)
    end;
requests(List, S) -> {{error, {request, {requests, List}}}, S}.

request_then({error, _} = Error, _, S) -> {Error, S};
request_then(Answer, [], S) -> {Answer, S};
request_then(_, Rest, S) -> requests(Rest, S).

input_then({more, Fun, S}, Rest) -> {more, fun(S1) -> input_then(Fun(S1), Rest) end, S};
input_then({Answer, S}, Rest) ->
    case request_then(Answer, Rest, S) of
        {input, Prompt, Fun, S1} -> Fun(prompt(Prompt, S1));
        Done -> Done
    end.

%%% Output

put_chars(Encoding, Chars, S) ->
    try to_output(Chars, Encoding, S#state.encoding) of
        Bytes when is_binary(Bytes) ->
            {write(Bytes, S), dirty(S)};
        _ -> {{error, put_chars}, S}
    catch
        error:_ -> {{error, put_chars}, S}
    end.

to_output(Chars, unicode, unicode) when is_binary(Chars) -> Chars;
to_output(Chars, Encoding, unicode) -> unicode:characters_to_binary(Chars, Encoding, unicode);
to_output(Chars, Encoding, latin1) ->
    case unicode:characters_to_binary(Chars, Encoding, latin1) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ ->
            case unicode:characters_to_list(Chars, Encoding) of
                List when is_list(List) -> << <<(latin1(C))/binary>> || C <- List >>;
                _ -> error
            end
    end.

latin1(C) when C < 256 -> <<C>>;
latin1(C) -> <<"\\x{", (integer_to_binary(C, 16))/binary, "}">>.

write(Bytes, #state{fd = Fd}) ->
    case muster_io:write(Fd, Bytes) of
        ok -> ok;
        full -> muster_io:wait(Fd);
        closed -> {error, terminated}
    end.

%%% Options

%% All of them or none.
setopts(Options, S) ->
    try {ok, lists:foldl(fun setopt/2, S, Options)}
    catch error:_ -> {{error, enotsup}, S}
    end.

setopt({encoding, E}, S) when E =:= unicode; E =:= utf8 -> S#state{encoding = unicode};
setopt({encoding, latin1}, S) -> S#state{encoding = latin1};
setopt(binary, #state{fd = 1} = S) -> S#state{binary = true};
setopt(list, #state{fd = 1} = S) -> S#state{binary = false};
setopt({binary, Is}, #state{fd = 1} = S) when is_boolean(Is) -> S#state{binary = Is};
setopt({list, Is}, #state{fd = 1} = S) when is_boolean(Is) -> S#state{binary = not Is}.

getopts(#state{fd = 2, encoding = E}) -> [{encoding, E}];
getopts(#state{binary = B, encoding = E}) -> [{binary, B}, {encoding, E}].

geometry(Which, Fd) ->
    case {Which, muster_io:geometry(Fd)} of
        {columns, {Columns, _}} when Columns > 0 -> Columns;
        {rows, {_, Rows}} when Rows > 0 -> Rows;
        _ -> {error, enotsup}
    end.

%%% Input

input(Request, #state{current = none} = S) -> begin_input(Request, S);
input(Request, S) -> S#state{waiting = [Request | S#state.waiting]}.

begin_input({From, As, Prompt, Fun}, S) ->
    S1 = prompt(Prompt, S),
    run(From, As, Fun, S1).

run(From, As, Fun, S) ->
    case Fun(S) of
        {more, Fun1, S1} -> read_more(S1#state{current = {From, As, Fun1}});
        {Answer, S1} ->
            reply(From, As, Answer),
            next_input(S1#state{current = none})
    end.

next_input(#state{waiting = []} = S) -> S;
next_input(#state{waiting = Waiting} = S) ->
    [First | Rest] = lists:reverse(Waiting),
    begin_input(First, S#state{waiting = lists:reverse(Rest)}).

resume(#state{current = {From, As, Fun}} = S) -> run(From, As, Fun, S);
resume(S) -> S.

read_more(#state{reading = true} = S) -> S;
read_more(#state{reader = none} = S) ->
    Self = self(),
    read_more(S#state{reader = spawn_link(fun() -> reader(Self) end)});
read_more(#state{reader = Reader} = S) ->
    Reader ! read,
    S#state{reading = true}.

reader(User) ->
    receive
        read ->
            User ! {self(), muster_io:read(0)},
            reader(User);
        {'EXIT', User, _} -> ok
    end.

prompt(Prompt, S) ->
    Text = try prompt_text(Prompt) catch _:_ -> "???" end,
    {_, S1} = put_chars(unicode, Text, S),
    muster_io:flush(S1#state.fd),
    S1.

prompt_text('') -> "";
prompt_text({format, Format, Args}) -> io_lib:format(Format, Args);
prompt_text(Prompt) when is_list(Prompt); is_binary(Prompt) -> Prompt;
prompt_text(Prompt) when is_atom(Prompt) -> atom_to_list(Prompt);
prompt_text(Prompt) -> io_lib:format("~tp", [Prompt]).

%% A line, its newline included. `From`: there is no newline before.
get_line(Encoding, From, #state{bytes = Bytes} = S) ->
    case binary:match(Bytes, <<"\n">>, [{scope, {From, byte_size(Bytes) - From}}]) of
        {At, 1} -> answer(Encoding, At + 1, collect_line, S);
        nomatch when S#state.ended -> last(Encoding, collect_line, S);
        nomatch ->
            Size = byte_size(Bytes),
            {more, fun(S1) -> get_line(Encoding, Size, S1) end, S}
    end.

get_chars(_, 0, S) -> {no_chars(S), S};
get_chars(Encoding, N, #state{bytes = Bytes} = S) ->
    case skip_chars(Bytes, N, S#state.encoding, 0) of
        more when S#state.ended -> last(Encoding, collect_chars, S);
        more -> {more, fun(S1) -> get_chars(Encoding, N, S1) end, S};
        Size -> answer(Encoding, Size, collect_chars, S)
    end.

no_chars(#state{binary = true}) -> <<>>;
no_chars(_) -> [].

skip_chars(_, 0, _, At) -> At;
skip_chars(Bytes, N, latin1, _) when byte_size(Bytes) >= N -> N;
skip_chars(_, _, latin1, _) -> more;
skip_chars(Bytes, N, unicode, At) ->
    case Bytes of
        <<_:At/binary, C/utf8, _/binary>> -> skip_chars(Bytes, N - 1, unicode, At + utf8_size(C));
        <<_:At/binary, Rest/binary>> when byte_size(Rest) < 4 -> more;
        _ -> skip_chars(Bytes, N - 1, unicode, At + 1)
    end.

utf8_size(C) when C < 16#80 -> 1;
utf8_size(C) when C < 16#800 -> 2;
utf8_size(C) when C < 16#10000 -> 3;
utf8_size(_) -> 4.

last(_, _, #state{bytes = <<>>} = S) -> {eof, S#state{ended = false}};
last(Encoding, Who, S) -> answer(Encoding, byte_size(S#state.bytes), Who, S).

%% The first bytes that were read, as the requester wants them. `Who` could not give them.
answer(Encoding, Size, Who, #state{bytes = Bytes, encoding = In} = S) ->
    <<First:Size/binary, Rest/binary>> = Bytes,
    S1 = S#state{bytes = Rest},
    case convert(First, In, Encoding, S#state.binary) of
        {_, _, _} -> {{error, Who}, S1};
        Data -> {Data, S1}
    end.

convert(Bytes, In, In, true) -> Bytes;
convert(Bytes, In, Encoding, true) -> unicode:characters_to_binary(Bytes, In, Encoding);
convert(Bytes, latin1, _, false) -> binary_to_list(Bytes);
convert(Bytes, In, unicode, false) -> unicode:characters_to_list(Bytes, In);
convert(Bytes, In, latin1, false) ->
    case unicode:characters_to_binary(Bytes, In, latin1) of
        Latin1 when is_binary(Latin1) -> binary_to_list(Latin1);
        Error -> Error
    end.

%% Gives a parser line after line until it is done.
get_until(Encoding, Cont, M, F, Args, #state{given_back = [_ | _] = Chars} = S) ->
    until_data(Encoding, Cont, M, F, Args, Chars, S#state{given_back = []});
get_until(Encoding, Cont, M, F, Args, #state{bytes = Bytes} = S) ->
    case binary:match(Bytes, <<"\n">>) of
        {At, 1} ->
            <<Line:(At + 1)/binary, Rest/binary>> = Bytes,
            until_line(Encoding, Cont, M, F, Args, Line, S#state{bytes = Rest});
        nomatch when S#state.ended, Bytes =:= <<>> ->
            until_data(Encoding, Cont, M, F, Args, eof, S#state{ended = false});
        nomatch when S#state.ended ->
            until_line(Encoding, Cont, M, F, Args, Bytes, S#state{bytes = <<>>});
        nomatch -> {more, fun(S1) -> get_until(Encoding, Cont, M, F, Args, S1) end, S}
    end.

until_line(Encoding, Cont, M, F, Args, Line, S) ->
    case unicode:characters_to_list(Line, S#state.encoding) of
        Chars when is_list(Chars) -> until_data(Encoding, Cont, M, F, Args, Chars, S);
        _ -> {{error, F}, S}
    end.

until_data(Encoding, Cont, M, F, Args, Data, S) ->
    try apply(M, F, [Cont, Data | Args]) of
        {done, Result, Rest} -> {until_result(Result, S), give_back(Rest, S)};
        {more, _} when Data =:= eof -> {{error, F}, S};
        {more, Cont1} -> get_until(Encoding, Cont1, M, F, Args, S);
        _ -> {{error, F}, S}
    catch
        _:_ -> {{error, F}, S}
    end.

until_result(Result, #state{binary = true}) when is_list(Result) ->
    case unicode:characters_to_binary(Result) of
        Binary when is_binary(Binary) -> Binary;
        _ -> Result
    end;
until_result(Result, _) -> Result.

give_back(Rest, S) when is_list(Rest) -> S#state{given_back = Rest};
give_back(_, S) -> S.

only_bytes(#state{given_back = []} = S) -> S;
only_bytes(#state{given_back = Chars} = S) ->
    Bytes =
        case unicode:characters_to_binary(Chars, unicode, S#state.encoding) of
            Binary when is_binary(Binary) -> Binary;
            {_, Good, _} -> Good % the parser made it up
        end,
    S#state{given_back = [], bytes = <<Bytes/binary, (S#state.bytes)/binary>>}.
