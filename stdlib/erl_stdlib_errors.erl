%% What was wrong in a call of a library function that failed: for the text of exceptions
%% (error_info). Functions of io: `cause` says whether the device or what was written is to blame.
-module(erl_stdlib_errors).
-export([format_error/2]).

-spec format_error(term(), [tuple()]) -> #{pos_integer() | general => unicode:chardata()}.
format_error(_, [{io, Function, Args, Where} | _]) when is_list(Args), is_list(Where) ->
    case lists:keyfind(error_info, 1, Where) of
        {error_info, #{cause := {Who, Why}}} -> io_error(Who, Why, Function, Args);
        _ -> #{}
    end;
format_error(_, _) -> #{}.

%%% io

io_error(io, Why, Function, Args) -> at_device(device_text(Why), Function, Args);
io_error(device, {no_translation, In, Out}, Function, Args) ->
    Text = io_lib:format("device failed to transcode string from ~p to ~p", [In, Out]),
    at_device(Text, Function, Args);
io_error(device, put_chars, Function, Args) when Function =:= put_chars ->
    #{length(Args) => "not valid character data (an iodata term)"};
io_error(device, put_chars, Function, Args) when Function =:= format; Function =:= fwrite ->
    formatting(Args);
io_error(device, Why, _, _) -> unknown(Why).

device_text(arguments) -> "the device does not exist";
device_text(terminated) -> "the device has terminated";
device_text(calling_self) -> "the device is not allowed to be the current process".

unknown(Why) -> #{general => io_lib:format("unknown error: ~tp", [Why])}.

%% The device is the first argument, where there is one.
at_device(Text, Function, Args) ->
    case length(Args) =:= most(Function) of
        true -> #{1 => Text};
        false -> #{general => Text}
    end.

most(nl) -> 1;
most(put_chars) -> 2;
most(write) -> 2;
most(_) -> 3.

formatting([Format]) -> formatting(1, Format, []);
formatting([Format, Args]) when is_atom(Format) ->
    Text = formatting(1, Format, Args),
    case Text of
        #{1 := _} -> Text#{general => "possibly missing argument list"};
        _ -> Text
    end;
formatting([Format, Args]) -> formatting(1, Format, Args);
formatting([_, Format, Args]) -> formatting(2, Format, Args).

%% Place: which argument the format is; its arguments are the next.
formatting(Place, Format, Args) ->
    try kinds(format_string(Format)) of
        _ when not is_list(Args) -> #{Place + 1 => "not a list"};
        {error, Text} -> #{Place => ["format string invalid (", Text, ")"]};
        Kinds when length(Kinds) =/= length(Args) -> #{Place => "wrong number of arguments"};
        Kinds ->
            case wrong(Kinds, Args, 1) of
                [] -> formatted(Place, Format, Args);
                Wrong -> #{Place + 1 => lists:join("\n", Wrong)}
            end
    catch
        error:_ -> #{Place => "not a valid format string"}
    end.

formatted(Place, Format, Args) ->
    try io_lib:format(Format, Args) of
        _ -> unknown(put_chars)
    catch
        error:_ -> #{Place => "failed to format string"}
    end.

format_string(Format) when is_atom(Format) -> atom_to_list(Format);
format_string(Format) when is_binary(Format) -> binary_to_list(Format);
format_string(Format) -> lists:flatten(Format).

wrong([Kind | Kinds], [Arg | Args], N) ->
    case is_kind(Kind, Arg) of
        true -> wrong(Kinds, Args, N + 1);
        false ->
            [io_lib:format("element ~w must be of type ~w", [N, Kind]) | wrong(Kinds, Args, N + 1)]
    end;
wrong([], [], _) -> [].

is_kind(any, _) -> true;
is_kind(integer, Arg) -> is_integer(Arg);
is_kind(float, Arg) -> is_float(Arg);
is_kind(string, Arg) -> is_list(Arg) orelse is_atom(Arg) orelse is_binary(Arg).

%% What the controls of a format want, in order.
kinds([$~ | Format]) -> control(Format);
kinds([_ | Format]) -> kinds(Format);
kinds([]) -> [].

control(Format0) ->
    {Width, Format1} = number(sign(Format0)),
    {Precision, Format2} = after_dot(Format1),
    {Pad, Format3} = pad(Format2),
    Wanted = Width ++ Precision ++ Pad,
    case modifiers(Format3) of
        [] -> {error, "truncated"};
        [C | Format] ->
            case wants(C) of
                none -> {error, ["invalid control ~", C]};
                Kinds ->
                    case kinds(Format) of
                        {error, _} = Error -> Error;
                        Rest -> Wanted ++ Kinds ++ Rest
                    end
            end
    end.

sign([$- | Format]) -> Format;
sign(Format) -> Format.

number([$* | Format]) -> {[integer], Format};
number([C | Format]) when C >= $0, C =< $9 -> number(Format);
number(Format) -> {[], Format}.

after_dot([$. | Format]) -> number(Format);
after_dot(Format) -> {[], Format}.

pad([$., $* | Format]) -> {[integer], Format};
pad([$., _ | Format]) -> {[], Format};
pad(Format) -> {[], Format}.

modifiers([C | Format]) when C =:= $t; C =:= $l; C =:= $k; C =:= $K -> modifiers(Format);
modifiers(Format) -> Format.

wants(C) when C =:= $w; C =:= $p; C =:= $i -> [any];
wants(C) when C =:= $W; C =:= $P -> [any, integer];
wants($s) -> [string];
wants(C) when C =:= $e; C =:= $f; C =:= $g -> [float];
wants(C) when C =:= $b; C =:= $B; C =:= $+; C =:= $#; C =:= $c -> [integer];
wants(C) when C =:= $x; C =:= $X -> [integer, string];
wants(C) when C =:= $n; C =:= $~ -> [];
wants(_) -> none.
