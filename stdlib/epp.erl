%% The preprocessor, form by form. A file is read at once by the machine's own preprocessor
%% (muster_compiler); the process that open/1 starts hands out what it made.
-module(epp).
-export([open/1, open/2, open/3, close/1, scan_erl_form/1, parse_erl_form/1, macro_defs/1,
         scan_file/2, parse_file/1, parse_file/2, parse_file/3, format_error/1,
         default_encoding/0, encoding_to_string/1, read_encoding/1, read_encoding/2,
         read_encoding_from_binary/1, read_encoding_from_binary/2, set_encoding/1, set_encoding/2,
         interpret_file_attribute/1]).

-export_type([source_encoding/0, epp_handle/0]).

-type macros() :: [atom() | {atom(), term()} | {atom(), term(), redefine}].
-type epp_handle() :: pid().
-type source_encoding() :: latin1 | utf8.
-type option() :: {atom(), term()} | extra | deterministic.
-type warning_info() :: {erl_anno:location(), module(), term()}.
-type token_result() :: {ok, [erl_scan:token()]} | {error, erl_parse:error_info()}
    | {warning, warning_info()} | {eof, erl_anno:location()}.
-type form_result() :: {ok, erl_parse:abstract_form()} | {error, erl_parse:error_info()}
    | {warning, warning_info()} | {eof, erl_anno:location()}.

-record(epp, {
    source :: {text, binary(), binary()},
    settings :: map(),
    next = 0 :: non_neg_integer(), % forms that were handed out
    tokens = none :: none | [term()],   % the rest, once asked for
    forms = none :: none | [term()]
}).

%%% Opening

-spec open(file:name(), [file:name()]) -> {ok, epp_handle()} | {error, term()}.
open(Name, Path) -> open(Name, Path, []).

-spec open(file:name(), [file:name()], macros()) -> {ok, epp_handle()} | {error, term()}.
open(Name, Path, Macros) -> open([{name, Name}, {includes, Path}, {macros, Macros}]).

-spec open([option()]) -> {ok, epp_handle()} | {ok, epp_handle(), [term()]} | {error, term()}.
open(Options) ->
    case proplists:get_value(name, Options) of
        undefined -> error(badarg, [Options]);
        Name ->
            case checked_text(Name, Options) of
                {ok, Bytes} ->
                    Settings = settings(Name, Options),
                    Epp = #epp{source = {text, to_binary(Name), Bytes}, settings = Settings},
                    opened(spawn_link(fun() -> serve(Epp) end), Bytes, Options);
                {error, Why} -> {error, Why}
            end
    end.

opened(Pid, Bytes, Options) ->
    case lists:member(extra, Options) of
        true -> {ok, Pid, [{encoding, read_encoding_from_binary(Bytes)}]};
        false -> {ok, Pid}
    end.

%% With macros that may be defined.
checked_text(Name, Options) ->
    case macro_error(proplists:get_value(macros, Options, []), predefined()) of
        none -> text(Name, Options);
        Why -> {error, Why}
    end.

predefined() ->
    #{Name => predefined
      || Name <- ['FILE', 'LINE', 'MODULE', 'MODULE_STRING', 'BASE_MODULE', 'BASE_MODULE_STRING',
                  'MACHINE', 'BEAM', 'FUNCTION_NAME', 'FUNCTION_ARITY', 'OTP_RELEASE',
                  'FEATURE_AVAILABLE', 'FEATURE_ENABLED']}.

macro_error([{_, _, redefine} | Macros], Known) -> macro_error(Macros, Known);
macro_error([Macro | Macros], Known) ->
    Name = case Macro of {Given, _} -> Given; _ -> Macro end,
    case Known of
        #{Name := predefined} -> {redefine_predef, Name};
        #{Name := given} -> {redefine, Name};
        _ -> macro_error(Macros, Known#{Name => given})
    end;
macro_error([], _) -> none.

text(Name, Options) ->
    case proplists:get_value(fd, Options) of
        undefined -> file:read_file(Name);
        Device -> {ok, read_all(Device, [])}
    end.

read_all(Device, Lines) ->
    case io:get_line(Device, '') of
        eof -> unicode:characters_to_binary(lists:reverse(Lines));
        {error, _} -> unicode:characters_to_binary(lists:reverse(Lines));
        Line -> read_all(Device, [Line | Lines])
    end.

settings(Name, Options) ->
    Source0 = proplists:get_value(source_name, Options, Name),
    Source = case proplists:get_bool(deterministic, Options) of
                 true -> filename:basename(Source0);
                 false -> Source0
             end,
    Location = proplists:get_value(location, Options, 1),
    #{includes => [to_binary(Dir) || Dir <- proplists:get_value(includes, Options, []),
                                    not is_integer(Dir)],
      macros => lists:map(fun macro/1, proplists:get_value(macros, Options, [])),
      plain => true,
      source_name => to_binary(Source),
      deterministic => proplists:get_bool(deterministic, Options),
      latin1 => proplists:get_value(default_encoding, Options, utf8) =:= latin1,
      no_maybe => lists:member({maybe_expr, disable}, proplists:get_value(ftr, Options, [])),
      location => case Location of {_, _} -> column; _ -> line end,
      first_line => case Location of {Line, _} -> Line; Line -> Line end}.

macro({Name, Value, redefine}) -> macro({Name, Value});
macro({Name, Value}) ->
    {to_binary(Name), unicode:characters_to_binary(io_lib:format("~0tp", [Value]))};
macro(Name) -> {to_binary(Name), <<"true">>}.

to_binary(Name) when is_atom(Name) -> atom_to_binary(Name);
to_binary(Name) -> unicode:characters_to_binary(Name).

%%% The process

serve(Epp) ->
    receive
        {From, Ref, close} -> From ! {Ref, ok};
        {From, Ref, macro_defs} ->
            From ! {Ref, macros(Epp)},
            serve(Epp);
        {From, Ref, What} ->
            {Answer, New} = next(What, Epp),
            From ! {Ref, Answer},
            serve(New)
    end.

next(tokens, #epp{tokens = none} = Epp) ->
    {Entries0, _} = muster_compiler:preprocess(Epp#epp.source, Epp#epp.settings),
    Entries = placed(Entries0, Epp#epp.settings),
    next(tokens, Epp#epp{tokens = lists:nthtail(min(Epp#epp.next, length(Entries) - 1), Entries)});
next(forms, #epp{forms = none} = Epp) ->
    Entries = lists:map(fun entry/1, forms(Epp)),
    next(forms, Epp#epp{forms = lists:nthtail(min(Epp#epp.next, length(Entries) - 1), Entries)});
next(tokens, #epp{tokens = [Entry | Rest]} = Epp) -> {Entry, passed(Epp, Rest)};
next(forms, #epp{forms = [Entry | Rest]} = Epp) -> {Entry, passed(Epp, Rest)}.

%% The end stays.
passed(Epp, []) -> Epp;
passed(#epp{next = Next, tokens = Tokens, forms = Forms} = Epp, _) ->
    Epp#epp{next = Next + 1, tokens = rest(Tokens), forms = rest(Forms)}.

rest([_ | [_ | _] = Rest]) -> Rest;
rest(Other) -> Other.

forms(#epp{source = Source, settings = Settings}) ->
    {_, _, Forms, _} = muster_compiler:run(Source, Settings#{stop => parse}),
    placed(Forms, Settings).

%% Where lines alone are wanted, what is wrong has no columns either.
placed(Entries, #{location := line}) -> lists:map(fun in_line/1, Entries);
placed(Entries, _) -> Entries.

in_line({Kind, {{Line, _}, Module, What}}) when Kind =:= error; Kind =:= warning ->
    {Kind, {Line, Module, What}};
in_line(Entry) -> Entry.

entry({error, Info}) -> {error, Info};
entry({warning, Info}) -> {warning, Info};
entry({eof, Location}) -> {eof, Location};
entry(Form) -> {ok, Form}.

%% As of the last form that was handed out.
macros(#epp{source = Source, settings = Settings, next = Next}) ->
    {_, Macros} = muster_compiler:preprocess(Source, Settings#{limit => Next}),
    Macros.

call(Epp, What) ->
    Ref = monitor(process, Epp),
    Epp ! {self(), Ref, What},
    receive
        {Ref, Answer} ->
            demonitor(Ref, [flush]),
            Answer;
        {'DOWN', Ref, process, _, Reason} -> exit(Reason)
    end.

-spec close(epp_handle()) -> ok.
close(Epp) ->
    unlink(Epp),
    call(Epp, close),
    receive {'EXIT', Epp, _} -> ok after 0 -> ok end.

-spec scan_erl_form(epp_handle()) -> token_result().
scan_erl_form(Epp) -> call(Epp, tokens).

-spec parse_erl_form(epp_handle()) -> form_result().
parse_erl_form(Epp) -> call(Epp, forms).

-spec macro_defs(epp_handle()) -> [{{atom, atom()}, term()}].
macro_defs(Epp) -> call(Epp, macro_defs).

%%% Whole files

-spec scan_file(file:name(), [option()]) -> {ok, [token_result()], [term()]} | {error, term()}.
scan_file(Name, Options) ->
    case checked_text(Name, Options) of
        {ok, Bytes} ->
            Settings = settings(Name, Options),
            {Entries, _} = muster_compiler:preprocess({text, to_binary(Name), Bytes}, Settings),
            {ok, lists:map(fun({ok, Tokens}) -> Tokens; (Other) -> Other end,
                           placed(Entries, Settings)),
             [{encoding, read_encoding_from_binary(Bytes)}]};
        {error, Why} -> {error, Why}
    end.

-spec parse_file(file:name(), [file:name()], macros()) ->
          {ok, [form_result()]} | {ok, [form_result()], [term()]} | {error, term()}.
parse_file(Name, Path, Macros) -> parse_file(Name, [{includes, Path}, {macros, Macros}]).

-spec parse_file(file:name(), [option()]) ->
          {ok, [form_result()]} | {ok, [form_result()], [term()]} | {error, term()}.
parse_file(Name, Options) ->
    case checked_text(Name, Options) of
        {ok, Bytes} ->
            Forms = forms(#epp{source = {text, to_binary(Name), Bytes},
                               settings = settings(Name, Options)}),
            case lists:member(extra, Options) of
                true ->
                    {ok, Forms, [{features, features(Options)},
                                 {encoding, read_encoding_from_binary(Bytes)}]};
                false -> {ok, Forms}
            end;
        {error, Why} -> {error, Why}
    end.

features(Options) ->
    case lists:member({maybe_expr, disable}, proplists:get_value(ftr, Options, [])) of
        true -> [];
        false -> [maybe_expr]
    end.

%% The rest of what an open one has.
-spec parse_file(epp_handle()) -> [form_result()].
parse_file(Epp) ->
    case parse_erl_form(Epp) of
        {ok, Form} -> [Form | parse_file(Epp)];
        {eof, Location} -> [{eof, Location}];
        Other -> [Other | parse_file(Epp)]
    end.

%% Positions are those of the text; -file attributes that a program wrote are taken as they are.
-spec interpret_file_attribute([Form]) -> [Form].
interpret_file_attribute(Forms) -> Forms.

%%% Encodings

-spec default_encoding() -> source_encoding().
default_encoding() -> utf8.

-spec encoding_to_string(source_encoding()) -> string().
encoding_to_string(latin1) -> "coding: latin-1";
encoding_to_string(utf8) -> "coding: utf-8".

-spec read_encoding(file:name()) -> source_encoding() | none.
read_encoding(Name) -> read_encoding(Name, []).

-spec read_encoding(file:name(), [{in_comment_only, boolean()}]) -> source_encoding() | none.
read_encoding(Name, Options) ->
    case file:open(Name, [read, raw, binary, read_ahead]) of
        {ok, Device} ->
            Lines = [Line || {ok, Line} <- [file:read_line(Device), file:read_line(Device)]],
            ok = file:close(Device),
            read_encoding_from_binary(iolist_to_binary(Lines), Options);
        {error, _} -> none
    end.

-spec read_encoding_from_binary(binary()) -> source_encoding() | none.
read_encoding_from_binary(Bytes) -> read_encoding_from_binary(Bytes, []).

%% In the first two lines, in comments unless told otherwise: "coding", then : or =, then the name.
-spec read_encoding_from_binary(binary(), [{in_comment_only, boolean()}]) ->
          source_encoding() | none.
read_encoding_from_binary(Bytes, Options) ->
    Lines = lists:sublist(binary:split(Bytes, [<<"\n">>, <<"\r\n">>], [global]), 2),
    Texts = case proplists:get_value(in_comment_only, Options, true) of
                true -> [Comment || Line <- Lines, [_, Comment] <- [binary:split(Line, <<"%">>)]];
                false -> Lines
            end,
    first_encoding([E || Text <- Texts, E <- [encoding_in(Text)], E =/= none]).

first_encoding([Encoding | _]) -> Encoding;
first_encoding([]) -> none.

encoding_in(Text) ->
    Pattern = "coding\\s*[:=]\\s*([-a-zA-Z0-9]+)",
    case re:run(Text, Pattern, [{capture, all_but_first, list}]) of
        {match, [Name]} ->
            case string:lowercase(Name) of
                "utf-8" -> utf8;
                "latin-1" -> latin1;
                _ -> none
            end;
        nomatch -> none
    end.

-spec set_encoding(file:io_device()) -> source_encoding() | none.
set_encoding(Device) -> set_encoding(Device, utf8).

%% Takes the encoding that the file names, or else the default; the position stays.
-spec set_encoding(file:io_device(), source_encoding()) -> source_encoding() | none.
set_encoding(Device, Default) ->
    ok = io:setopts(Device, [{encoding, latin1}]),
    {ok, At} = file:position(Device, cur),
    Lines = [Line || Line <- [io:get_line(Device, ''), io:get_line(Device, '')], is_list(Line)],
    {ok, _} = file:position(Device, At),
    Encoding = read_encoding_from_binary(iolist_to_binary(Lines)),
    ok = io:setopts(Device, [{encoding, case Encoding of
                                            none when Default =:= utf8 -> unicode;
                                            none -> Default;
                                            utf8 -> unicode;
                                            latin1 -> latin1
                                        end}]),
    Encoding.

%%% Errors

-spec format_error(term()) -> unicode:chardata().
format_error(cannot_parse) -> "cannot parse file, giving up";
format_error({bad, What}) -> io_lib:format("badly formed '~ts'", [What]);
format_error({duplicated_argument, Name}) -> io_lib:format("argument '~ts' already used", [Name]);
format_error(missing_parenthesis) -> "badly formed define: missing closing right parenthesis";
format_error(missing_comma) -> "badly formed define: missing comma";
format_error(premature_end) -> "premature end";
format_error({call, What}) -> io_lib:format("illegal macro call '~ts'", [What]);
format_error({undefined, Macro, none}) -> io_lib:format("undefined macro '~ts'", [Macro]);
format_error({undefined, Macro, Arity}) ->
    io_lib:format("undefined macro '~ts/~p'", [Macro, Arity]);
format_error({depth, What}) -> io_lib:format("~s too deep", [What]);
format_error({mismatch, Macro}) -> io_lib:format("argument mismatch for macro '~ts'", [Macro]);
format_error({arg_error, Macro}) ->
    io_lib:format("badly formed argument for macro '~ts'", [Macro]);
format_error({redefine, Macro}) -> io_lib:format("redefining macro '~ts'", [Macro]);
format_error({redefine_predef, Macro}) ->
    io_lib:format("redefining predefined macro '~ts'", [Macro]);
format_error({circular, Macro, none}) -> io_lib:format("circular macro '~ts'", [Macro]);
format_error({circular, Macro, Arity}) -> io_lib:format("circular macro '~ts/~p'", [Macro, Arity]);
format_error({include, Kind, File}) -> io_lib:format("can't find include ~s \"~ts\"", [Kind, File]);
format_error({illegal, How, What}) -> io_lib:format("~s '-~s'", [How, What]);
format_error({illegal_function, Macro}) ->
    io_lib:format("?~s can only be used within a function", [Macro]);
format_error({illegal_function_usage, Macro}) ->
    io_lib:format("?~s must not begin a form", [Macro]);
format_error(elif_after_else) -> "'elif' following 'else'";
format_error(ftr_after_prefix) ->
    "feature directive not allowed after exports or record definitions";
format_error({'NYI', What}) -> io_lib:format("not yet implemented '~s'", [What]);
format_error({error, Term}) -> io_lib:format("-error(~tp).", [Term]);
format_error({warning, Term}) -> io_lib:format("-warning(~tp).", [Term]);
format_error(Other) -> file:format_error(Other).
