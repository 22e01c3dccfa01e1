%% Input and output by the I/O protocol: a request {io_request, From, ReplyAs, Request} goes to an
%% I/O server, its reply {io_reply, ReplyAs, Reply} comes back.
%%
%% A server is a pid, a registered name, standard_io (the group leader) or what file:open/2 gave.
-module(io).

-compile({no_auto_import, [get/1]}).

-export([put_chars/1, put_chars/2, nl/0, nl/1, write/1, write/2, format/1, format/2, format/3,
         fwrite/1, fwrite/2, fwrite/3]).
-export([get_chars/2, get_chars/3, get_line/1, get_line/2, get_password/0, get_password/1, read/1,
         read/2, read/3, read/4, fread/2, fread/3]).
-export([scan_erl_exprs/1, scan_erl_exprs/2, scan_erl_exprs/3, scan_erl_exprs/4, scan_erl_form/1,
         scan_erl_form/2, scan_erl_form/3, scan_erl_form/4, parse_erl_exprs/1, parse_erl_exprs/2,
         parse_erl_exprs/3, parse_erl_exprs/4, parse_erl_form/1, parse_erl_form/2,
         parse_erl_form/3, parse_erl_form/4]).
-export([getopts/0, getopts/1, setopts/1, setopts/2, columns/0, columns/1, rows/0, rows/1,
         printable_range/0, user/0, request/1, request/2, requests/1, requests/2]).

-export_type([device/0, format/0, server_no_data/0, standard_error/0, standard_io/0, user/0]).

-type device() :: atom() | pid() | tuple().
-type standard_error() :: standard_error.
-type standard_io() :: standard_io.
-type user() :: user.
-type format() :: atom() | string() | binary().
-type server_no_data() :: {error, ErrorDescription :: term()} | eof.
-type prompt() :: atom() | unicode:chardata().
-type location() :: erl_anno:location().

%%% Writing

%% What fails is an exception of the function that was called.
-define(WRITE(Device, Request, Args),
    case request(Device, Request) of
        {error, Why} -> erlang:error(reason(Why), Args, [{error_info, error_info(Why)}]);
        Reply -> Reply
    end).

%% Writes characters.
-spec put_chars(unicode:chardata()) -> ok.
put_chars(Chars) -> ?WRITE(group_leader(), {put_chars, unicode, Chars}, [Chars]).

-spec put_chars(device(), unicode:chardata()) -> ok.
put_chars(Device, Chars) -> ?WRITE(Device, {put_chars, unicode, Chars}, [Device, Chars]).

%% Writes a line end.
-spec nl() -> ok.
nl() -> ?WRITE(group_leader(), nl, []).

-spec nl(device()) -> ok.
nl(Device) -> ?WRITE(Device, nl, [Device]).

%% Writes a term.
-spec write(term()) -> ok.
write(Term) -> ?WRITE(group_leader(), {write, Term}, [Term]).

-spec write(device(), term()) -> ok.
write(Device, Term) -> ?WRITE(Device, {write, Term}, [Device, Term]).

%% Writes text with terms in it, as the format says: ~p, ~w, ~s ...
-spec format(format()) -> ok.
format(Format) -> ?WRITE(group_leader(), {format, Format, []}, [Format]).

-spec format(format(), [term()]) -> ok.
format(Format, Args) -> ?WRITE(group_leader(), {format, Format, Args}, [Format, Args]).

-spec format(device(), format(), [term()]) -> ok.
format(Device, Format, Args) -> ?WRITE(Device, {format, Format, Args}, [Device, Format, Args]).

%% Writes text with terms in it, as the format says.
-spec fwrite(format()) -> ok.
fwrite(Format) -> ?WRITE(group_leader(), {format, Format, []}, [Format]).

-spec fwrite(format(), [term()]) -> ok.
fwrite(Format, Args) -> ?WRITE(group_leader(), {format, Format, Args}, [Format, Args]).

-spec fwrite(device(), format(), [term()]) -> ok.
fwrite(Device, Format, Args) -> ?WRITE(Device, {format, Format, Args}, [Device, Format, Args]).

reason(terminated) -> terminated;
reason(calling_self) -> calling_self;
reason({no_translation, _, _}) -> no_translation;
reason(_) -> badarg.

error_info(Why) when Why =:= arguments; Why =:= terminated; Why =:= calling_self ->
    #{cause => {io, Why}, module => erl_stdlib_errors};
error_info(Why) ->
    #{cause => {device, Why}, module => erl_stdlib_errors}.

%%% Reading

%% So many characters, behind a prompt.
-spec get_chars(prompt(), non_neg_integer()) -> unicode:chardata() | server_no_data().
get_chars(Prompt, Count) -> get_chars(group_leader(), Prompt, Count).

-spec get_chars(device(), prompt(), non_neg_integer()) -> unicode:chardata() | server_no_data().
get_chars(Device, Prompt, Count) when is_integer(Count), Count >= 0 ->
    request(Device, {get_chars, unicode, Prompt, Count}).

%% A line, behind a prompt.
-spec get_line(prompt()) -> unicode:chardata() | server_no_data().
get_line(Prompt) -> get_line(group_leader(), Prompt).

-spec get_line(device(), prompt()) -> unicode:chardata() | server_no_data().
get_line(Device, Prompt) -> request(Device, {get_line, unicode, Prompt}).

-spec get_password() -> string() | server_no_data().
get_password() -> get_password(group_leader()).

-spec get_password(device()) -> string() | server_no_data().
get_password(Device) -> request(Device, {get_password, unicode}).

%% Reads a term, which a dot ends.
-spec read(prompt()) -> {ok, term()} | server_no_data() | {error, term()}.
read(Prompt) -> read(group_leader(), Prompt).

-spec read(device(), prompt()) -> {ok, term()} | server_no_data() | {error, term()}.
read(Device, Prompt) ->
    case read(Device, Prompt, 1) of
        {ok, Term, _} -> {ok, Term};
        {error, Info, _} -> {error, Info};
        {error, Info} -> {error, Info};
        {eof, _} -> eof
    end.

-spec read(device(), prompt(), location()) ->
    {ok, term(), location()} | {eof, location()} | server_no_data() | {error, term(), location()}.
read(Device, Prompt, Location) -> read(Device, Prompt, Location, []).

-spec read(device(), prompt(), location(), list()) ->
    {ok, term(), location()} | {eof, location()} | server_no_data() | {error, term(), location()}.
read(Device, Prompt, Location, Options) ->
    Get = {get_until, unicode, Prompt, erl_scan, tokens, [Location, Options]},
    case request(Device, Get) of
        {ok, Tokens, End} ->
            case erl_parse:parse_term(Tokens) of
                {ok, Term} -> {ok, Term, End};
                {error, Info} -> {error, Info, End}
            end;
        {error, _, _} = Error -> Error;
        {error, _} = Error -> Error;
        {eof, _} = Eof -> Eof;
        Other -> Other
    end.

%% Reads terms as the format says.
-spec fread(prompt(), format()) -> {ok, [term()]} | server_no_data() | {error, term()}.
fread(Prompt, Format) -> fread(group_leader(), Prompt, Format).

-spec fread(device(), prompt(), format()) -> {ok, [term()]} | server_no_data() | {error, term()}.
fread(Device, Prompt, Format) ->
    request(Device, {get_until, unicode, Prompt, io_lib, fread, [Format]}).

%%% Reading Erlang

-type tokens_result() ::
    {ok, Tokens :: list(), location()} | {eof, location()} | {error, term(), location()}
    | server_no_data().
-type forms_result() :: {ok, term(), location()} | {eof, location()}
    | {error, term(), location()} | server_no_data().

%% Reads the tokens of expressions.
-spec scan_erl_exprs(prompt()) -> tokens_result().
scan_erl_exprs(Prompt) -> scan_erl_exprs(group_leader(), Prompt, 1).

-spec scan_erl_exprs(device(), prompt()) -> tokens_result().
scan_erl_exprs(Device, Prompt) -> scan_erl_exprs(Device, Prompt, 1).

-spec scan_erl_exprs(device(), prompt(), location()) -> tokens_result().
scan_erl_exprs(Device, Prompt, Location) -> scan_erl_exprs(Device, Prompt, Location, []).

-spec scan_erl_exprs(device(), prompt(), location(), list()) -> tokens_result().
scan_erl_exprs(Device, Prompt, Location, Options) ->
    request(Device, {get_until, unicode, Prompt, erl_scan, tokens, [Location, Options]}).

%% Reads the tokens of a form.
-spec scan_erl_form(prompt()) -> tokens_result().
scan_erl_form(Prompt) -> scan_erl_exprs(Prompt).

-spec scan_erl_form(device(), prompt()) -> tokens_result().
scan_erl_form(Device, Prompt) -> scan_erl_exprs(Device, Prompt).

-spec scan_erl_form(device(), prompt(), location()) -> tokens_result().
scan_erl_form(Device, Prompt, Location) -> scan_erl_exprs(Device, Prompt, Location).

-spec scan_erl_form(device(), prompt(), location(), list()) -> tokens_result().
scan_erl_form(Device, Prompt, Location, Options) ->
    scan_erl_exprs(Device, Prompt, Location, Options).

%% Reads expressions and parses them.
-spec parse_erl_exprs(prompt()) -> forms_result().
parse_erl_exprs(Prompt) -> parse_erl_exprs(group_leader(), Prompt, 1).

-spec parse_erl_exprs(device(), prompt()) -> forms_result().
parse_erl_exprs(Device, Prompt) -> parse_erl_exprs(Device, Prompt, 1).

-spec parse_erl_exprs(device(), prompt(), location()) -> forms_result().
parse_erl_exprs(Device, Prompt, Location) -> parse_erl_exprs(Device, Prompt, Location, []).

-spec parse_erl_exprs(device(), prompt(), location(), list()) -> forms_result().
parse_erl_exprs(Device, Prompt, Location, Options) ->
    parse(scan_erl_exprs(Device, Prompt, Location, Options), fun erl_parse:parse_exprs/1).

%% Reads a form and parses it.
-spec parse_erl_form(prompt()) -> forms_result().
parse_erl_form(Prompt) -> parse_erl_form(group_leader(), Prompt, 1).

-spec parse_erl_form(device(), prompt()) -> forms_result().
parse_erl_form(Device, Prompt) -> parse_erl_form(Device, Prompt, 1).

-spec parse_erl_form(device(), prompt(), location()) -> forms_result().
parse_erl_form(Device, Prompt, Location) -> parse_erl_form(Device, Prompt, Location, []).

-spec parse_erl_form(device(), prompt(), location(), list()) -> forms_result().
parse_erl_form(Device, Prompt, Location, Options) ->
    parse(scan_erl_exprs(Device, Prompt, Location, Options), fun erl_parse:parse_form/1).

parse({ok, Tokens, End}, Parse) ->
    case Parse(Tokens) of
        {ok, Form} -> {ok, Form, End};
        {error, Info} -> {error, Info, End}
    end;
parse(Other, _) ->
    Other.

%%% The device itself

%% The options of a device.
-spec getopts() -> [tuple()] | {error, term()}.
getopts() -> getopts(group_leader()).

-spec getopts(device()) -> [tuple()] | {error, term()}.
getopts(Device) -> request(Device, getopts).

%% Sets options of a device.
-spec setopts([term()]) -> ok | {error, term()}.
setopts(Options) -> setopts(group_leader(), Options).

-spec setopts(device(), [term()]) -> ok | {error, term()}.
setopts(Device, Options) -> request(Device, {setopts, Options}).

%% How wide the device is.
-spec columns() -> {ok, pos_integer()} | {error, enotsup}.
columns() -> columns(group_leader()).

-spec columns(device()) -> {ok, pos_integer()} | {error, enotsup}.
columns(Device) -> geometry(Device, columns).

%% How high the device is.
-spec rows() -> {ok, pos_integer()} | {error, enotsup}.
rows() -> rows(group_leader()).

-spec rows(device()) -> {ok, pos_integer()} | {error, enotsup}.
rows(Device) -> geometry(Device, rows).

geometry(Device, What) ->
    case request(Device, {get_geometry, What}) of
        N when is_integer(N), N > 0 -> {ok, N};
        _ -> {error, enotsup}
    end.

%% Which characters ~tp shows as text.
-spec printable_range() -> unicode | latin1.
printable_range() -> erlang:nif_error(undef).

-spec user() -> pid() | undefined.
user() -> whereis(user).

%%% Requests

-spec request(term()) -> term().
request(Request) -> request(group_leader(), Request).

%% Also takes {format, Format, Args} and the like, which become put_chars requests.
-spec request(device(), term()) -> term().
request(standard_io, Request) ->
    request(group_leader(), Request);
request(Pid, Request) when is_pid(Pid) ->
    execute(Pid, protocol(Request));
request(Name, Request) when is_atom(Name) ->
    case whereis(Name) of
        undefined -> {error, arguments};
        Pid -> request(Pid, Request)
    end;
request({file_descriptor, Module, _} = Descriptor, Request) when is_atom(Module) ->
    file_request(Descriptor, protocol(Request));
request(_, _) ->
    {error, arguments}.

-spec requests([term()]) -> term().
requests(Requests) -> requests(group_leader(), Requests).

-spec requests(device(), [term()]) -> term().
requests(Device, Requests) ->
    request(Device, {requests, [protocol(Request) || Request <- Requests]}).

protocol({format, Format, Args}) ->
    {put_chars, unicode, io_lib, format, [Format, Args]};
protocol({fwrite, Format, Args}) ->
    {put_chars, unicode, io_lib, format, [Format, Args]};
protocol({write, Term}) ->
    {put_chars, unicode, io_lib, write, [Term]};
protocol(nl) ->
    {put_chars, unicode, "\n"};
protocol({put_chars, Encoding, Chars}) when is_list(Chars); is_binary(Chars) ->
    {put_chars, Encoding, Chars};
protocol({fread, Prompt, Format}) ->
    {get_until, unicode, Prompt, io_lib, fread, [Format]};
protocol(Request) ->
    Request.

execute(Pid, _) when Pid =:= self() ->
    {error, calling_self};
execute(Pid, Request) ->
    case binary_text(Request) of
        {error, _} = Error -> Error;
        Ready ->
            Ref = erlang:monitor(process, Pid, [{alias, reply_demonitor}]),
            Pid ! {io_request, self(), Ref, Ready},
            receive
                {io_reply, Ref, Reply} ->
                    erlang:demonitor(Ref, [flush]),
                    Reply;
                {'DOWN', Ref, _, _, _} ->
                    receive
                        {'EXIT', Pid, _} -> true
                    after 0 -> true
                    end,
                    {error, terminated}
            end
    end.

%% Text goes as one binary: less to copy than a list.
binary_text({put_chars, unicode, Chars} = Request) ->
    try unicode:characters_to_binary(Chars) of
        Binary when is_binary(Binary) -> {put_chars, unicode, Binary};
        _ -> Request
    catch
        error:_ -> Request
    end;
binary_text({put_chars, unicode, io_lib, format, [Format, Args]} = Request) ->
    %% What can be formatted here need not be copied as terms; errors are the server's to tell.
    try io_lib:bformat(Format, Args) of
        Binary when is_binary(Binary) -> {put_chars, unicode, Binary};
        _ -> Request
    catch
        error:_ -> {error, put_chars}
    end;
binary_text(Request) ->
    Request.

%% A file opened raw takes requests by calls.
file_request(Descriptor, {put_chars, _, Chars}) ->
    file:write(Descriptor, Chars);
file_request(Descriptor, {put_chars, Encoding, M, F, Args}) ->
    file_request(Descriptor, {put_chars, Encoding, apply(M, F, Args)});
file_request(_, _) ->
    {error, request}.
