%% Command lines: a tree of commands whose leaves are arguments, positional ones and options.
%%
%% Parsing goes over the words from left to right. A word with a prefix ("-" unless told otherwise)
%% that is an option of one of the commands entered so far takes the words that it needs; any other
%% word is a sub-command, if there is one of that name and no positional argument is started, or
%% belongs to the next positional argument.
-module(argparse).

-export([run/3, parse/2, parse/3, help/1, help/2, format_error/1, format_error/2]).

-export_type([parser_options/0, arg_type/0, argument/0, command/0, cmd_path/0, parse_result/0]).

-type arg_type() :: boolean | float | {float, [float()] | [{min | max, float()}]}
    | integer | {integer, [integer()] | [{min | max, integer()}]}
    | string | {string, string() | [string()]} | {string, string(), [term()]}
    | binary | {binary, binary() | [binary()]} | {binary, binary(), [term()]}
    | atom | {atom, unsafe | [atom()]} | {custom, fun((string()) -> term())}.
-type argument_help() :: unicode:chardata()
    | {unicode:chardata() | fun(() -> unicode:chardata()),
       [type | default | unicode:chardata()] | unicode:chardata()}.
-type argument_name() :: atom() | string() | binary().
-type argument() :: #{name := argument_name(), short => char(), long => string(),
                      required => boolean(), default => term(), type => arg_type(),
                      action => store | {store, term()} | append | {append, term()} | count | extend,
                      nargs => pos_integer() | 'maybe' | {'maybe', term()} | list | nonempty_list | all,
                      help => hidden | argument_help()}.
-type arg_map() :: #{argument_name() => term()}.
-type handler() :: optional | fun((arg_map()) -> term()) | {module(), atom()}
    | {fun((...) -> term()), term()} | {module(), atom(), term()}.
-type command_help() :: [unicode:chardata() | usage | commands | arguments | options].
-type command() :: #{commands => #{string() => command()}, arguments => [argument()],
                     help => hidden | unicode:chardata() | command_help(), handler => handler()}.
-type cmd_path() :: [string()].
-type parser_error() :: {cmd_path(), argument() | undefined, string() | undefined,
                         unicode:chardata()}.
-type parser_options() :: #{prefixes => [char()], default => term(), progname => string() | atom(),
                            command => cmd_path(), columns => pos_integer()}.
-type parse_result() :: {ok, arg_map(), cmd_path(), command()} | {error, parser_error()}.

-record(p, {
    prefixes :: [char()],
    %% The commands entered, innermost first, by name and specification.
    path :: [{string(), command()}],
    %% Positional arguments of the innermost command that are still to come, and options of all.
    positional :: [argument()],
    options :: [argument()],
    default :: none | {some, term()},
    values = #{} :: arg_map()
}).

%%% Running

%% Parses arguments and calls the handler of the command they name; prints help and ends the machine where they are wrong.
-spec run([string()], command(), parser_options()) -> term().
run(Args, Command, Options) ->
    case parse(Args, Command, Options) of
        {ok, Values, Path, Found} -> handle(Found, Values, Path);
        {error, Error} ->
            io:format("error: ~ts~n", [format_error(Error)]),
            Path = element(1, Error),
            io:format("~ts", [help(Command, Options#{command => lists:nthtail(min(1, length(Path)), Path)})]),
            erlang:halt(1)
    end.

handle(#{handler := Handler} = Command, Values, Path) ->
    case Handler of
        F when is_function(F, 1) -> F(Values);
        {F, Default} when is_function(F) -> apply(F, in_order(Command, Values, Default));
        {Module, Function} when is_atom(Module), is_atom(Function) -> Module:Function(Values);
        {Module, Function, Default} -> apply(Module, Function, in_order(Command, Values, Default));
        optional -> erlang:error({no_handler, Path})
    end;
handle(_, _, Path) ->
    erlang:error({no_handler, Path}).

%% The values of a command's arguments as the arguments of a function.
in_order(Command, Values, Default) ->
    [maps:get(Name, Values, Default) || #{name := Name} <- maps:get(arguments, Command, [])].

%%% Parsing

%% Arguments as the command says: {ok, Values, Path, Command} or {error, Why}.
-spec parse([string()], command()) -> parse_result().
parse(Args, Command) -> parse(Args, Command, #{}).

%% The same with options: the program's name, prefixes, defaults.
-spec parse([string()], command(), parser_options()) -> parse_result().
parse(Args, Command, Options) ->
    ok = validate(Command, Options),
    Default = case Options of
        #{default := Value} -> {some, Value};
        #{} -> none
    end,
    P = enter(#p{prefixes = maps:get(prefixes, Options, "-"), path = [], positional = [],
                 options = [], default = Default}, program(Options), Command),
    try
        #p{path = [{_, Found} | _] = Path} = Final = words(Args, P),
        {ok, finished(Final), names(Path), Found}
    catch
        throw:{parser_error, Error} -> {error, Error}
    end.

program(#{progname := Name}) when is_atom(Name) -> atom_to_list(Name);
program(#{progname := Name}) -> Name;
program(_) ->
    case init:get_argument(progname) of
        {ok, [[Name | _] | _]} -> Name;
        _ -> "erl"
    end.

names(Path) -> lists:reverse([Name || {Name, _} <- Path]).

fail(#p{path = Path}, Argument, Word, Details) ->
    throw({parser_error, {names(Path), Argument, Word, Details}}).

enter(#p{path = Path, options = Options} = P, Name, Command) ->
    {Own, Positional} = lists:partition(fun is_option/1, maps:get(arguments, Command, [])),
    P#p{path = [{Name, Command} | Path], options = Own ++ Options, positional = Positional}.

is_option(Argument) -> is_map_key(short, Argument) orelse is_map_key(long, Argument).

words(["--" | Words], #p{prefixes = "-"} = P) ->
    %% Nothing after it is an option.
    positionals(Words, P);
words([Word | Words], P) ->
    case option(Word, P) of
        {flags, Arguments} -> words(Words, lists:foldl(fun flag/2, P, Arguments));
        {Argument, Attached} -> take_option(Argument, Attached, Word, Words, P);
        none -> plain(Word, Words, P)
    end;
words([], P) -> P.

plain(Word, Words, #p{path = [{_, Command} | _], positional = Positional} = P) ->
    case Command of
        #{commands := #{Word := Sub}} -> words(Words, enter(P, Word, Sub));
        #{commands := Subs} when Positional =:= [], map_size(Subs) > 0 ->
            fail(P, undefined, Word, <<>>);
        #{} when Positional =:= [] -> fail(P, undefined, Word, <<>>);
        #{} -> take_positional([Word | Words], P)
    end.

positionals([], P) -> P;
positionals([Word | _], #p{positional = []} = P) -> fail(P, undefined, Word, <<>>);
positionals([Word | Words], #p{positional = [Argument | Rest]} = P) ->
    {Taken, Left} = split_for(Argument, [Word | Words], fun(_) -> false end, Rest),
    positionals(Left, store(Argument, Taken, P#p{positional = Rest})).

%% Which option a word is, with a value attached to it if there is one.
option([Prefix | _] = Word, #p{prefixes = Prefixes, options = Options} = P) ->
    case lists:member(Prefix, Prefixes) andalso not is_negative_number(Word, P) of
        true ->
            case find_long(Word, Options) of
                none -> short(Word, Options);
                Found -> Found
            end;
        false -> none
    end;
option(_, _) -> none.

%% "-5" is a number where no option is called by a digit.
is_negative_number([$-, C | _] = Word, #p{options = Options}) when C >= $0, C =< $9 ->
    (is_integer_text(Word) orelse is_float_text(Word))
        andalso not lists:any(fun(#{short := S}) -> S >= $0 andalso S =< $9; (_) -> false end, Options);
is_negative_number(_, _) -> false.

is_integer_text(Word) -> try list_to_integer(Word) of _ -> true catch error:_ -> false end.
is_float_text(Word) -> try list_to_float(Word) of _ -> true catch error:_ -> false end.

find_long([_ | Name], Options) ->
    {Key, Attached} = case string:split(Name, "=") of
        [K, Value] -> {K, {value, Value}};
        [K] -> {K, none}
    end,
    case [Argument || #{long := Long} = Argument <- Options, Long =:= Key] of
        [Argument | _] -> {Argument, Attached};
        [] -> none
    end.

short([_, C], Options) ->
    case find_short(C, Options) of
        none -> none;
        Argument -> {Argument, none}
    end;
short([_, C | Rest] = Word, Options) ->
    case find_short(C, Options) of
        none -> none;
        Argument ->
            case takes_value(Argument) of
                true ->
                    {Argument, {value, case Rest of [$= | Value] -> Value; _ -> Rest end}};
                false ->
                    Flags = [find_short(F, Options) || F <- tl(Word)],
                    case lists:all(fun(F) -> F =/= none andalso not takes_value(F) end, Flags) of
                        true -> {flags, Flags};
                        false -> none
                    end
            end
    end;
short(_, _) -> none.

find_short(C, Options) ->
    case [Argument || #{short := Short} = Argument <- Options, Short =:= C] of
        [Argument | _] -> Argument;
        [] -> none
    end.

takes_value(#{nargs := _}) -> true;
takes_value(#{action := {store, _}}) -> false;
takes_value(#{action := {append, _}}) -> false;
takes_value(#{action := count}) -> false;
takes_value(#{type := boolean}) -> false;
takes_value(_) -> true.

flag(Argument, P) -> store(Argument, [], P).

take_option(Argument, {value, Value}, _, Words, P) ->
    words(Words, store(Argument, [Value], P));
take_option(Argument, none, _, Words, P) ->
    case takes_value(Argument) of
        false -> words(Words, flag(Argument, P));
        true ->
            Stop = fun(Word) -> option(Word, P) =/= none end,
            {Taken, Left} = split_for(Argument, Words, Stop, []),
            words(Left, store(Argument, Taken, P))
    end.

take_positional(Words, #p{positional = [Argument | Rest]} = P) ->
    Stop = fun(Word) -> option(Word, P) =/= none end,
    {Taken, Left} = split_for(Argument, Words, Stop, Rest),
    words(Left, store(Argument, Taken, P#p{positional = Rest})).

%% The words that an argument takes.
split_for(#{nargs := N}, Words, Stop, _) when is_integer(N) -> take(N, Words, Stop, []);
split_for(#{nargs := all}, Words, _, _) -> {Words, []};
split_for(#{nargs := Many}, Words, Stop, _) when Many =:= list; Many =:= nonempty_list ->
    lists:splitwith(fun(Word) -> not Stop(Word) end, Words);
split_for(_, Words, Stop, _) -> take(1, Words, Stop, []).

take(0, Words, _, Taken) -> {lists:reverse(Taken), Words};
take(_, [], _, Taken) -> {lists:reverse(Taken), []};
take(N, [Word | Words], Stop, Taken) ->
    case Stop(Word) of
        true -> {lists:reverse(Taken), [Word | Words]};
        false -> take(N - 1, Words, Stop, [Word | Taken])
    end.

%%% Values

store(#{name := Name} = Argument, Taken, #p{values = Values} = P) ->
    Old = maps:get(Name, Values, none),
    Value = case maps:get(action, Argument, store) of
        store -> value(Argument, Taken, P);
        {store, Term} -> Term;
        append -> appended(Old, value(Argument, Taken, P));
        {append, Term} -> appended(Old, Term);
        count when is_integer(Old) -> Old + 1;
        count -> 1;
        extend when Old =:= none -> value(Argument, Taken, P);
        extend -> Old ++ value(Argument, Taken, P)
    end,
    P#p{values = Values#{Name => Value}}.

appended(none, Value) -> [Value];
appended(Old, Value) -> Old ++ [Value].

value(#{type := boolean} = Argument, [], _) when not is_map_key(nargs, Argument) -> true;
value(#{nargs := N} = Argument, Taken, P) when is_integer(N) ->
    case length(Taken) of
        N -> converted(Argument, Taken, P);
        _ -> fail(P, Argument, joined(Taken), "expected " ++ integer_to_list(N) ++ ", found "
                      ++ integer_to_list(length(Taken)) ++ " argument(s)")
    end;
value(#{nargs := nonempty_list} = Argument, [], P) ->
    fail(P, Argument, "", <<"expected argument">>);
value(#{nargs := Many} = Argument, Taken, P) when Many =:= list; Many =:= nonempty_list; Many =:= all ->
    converted(Argument, Taken, P);
value(#{nargs := 'maybe'} = Argument, [], P) -> maybe_default(Argument, P);
value(#{nargs := {'maybe', Term}}, [], _) -> Term;
value(Argument, [Word], P) -> convert(maps:get(type, Argument, string), Word, Argument, P);
value(Argument, [], P) -> fail(P, Argument, undefined, <<"expected argument">>).

joined(Words) -> lists:append(lists:join(" ", Words)).

converted(Argument, Words, P) ->
    Type = maps:get(type, Argument, string),
    [convert(Type, Word, Argument, P) || Word <- Words].

%% What an option or positional without its word stands for.
maybe_default(#{default := Default}, _) -> Default;
maybe_default(Argument, #p{default = Default}) ->
    case Default of
        {some, Value} -> Value;
        none -> type_default(maps:get(type, Argument, string))
    end.

type_default(boolean) -> true;
type_default(integer) -> 0;
type_default({integer, _}) -> 0;
type_default(float) -> 0.0;
type_default({float, _}) -> 0.0;
type_default(string) -> "";
type_default({string, _}) -> "";
type_default(binary) -> <<>>;
type_default({binary, _}) -> <<>>;
type_default(atom) -> undefined;
type_default(_) -> undefined.

convert(string, Word, _, _) -> Word;
convert({string, Choices}, Word, Argument, P) -> text(Word, Word, Choices, [], Argument, P);
convert({string, Regex, Options}, Word, Argument, P) -> text(Word, Word, Regex, Options, Argument, P);
convert(binary, Word, _, _) -> unicode:characters_to_binary(Word);
convert({binary, Choices}, Word, Argument, P) ->
    text(unicode:characters_to_binary(Word), Word, Choices, [], Argument, P);
convert({binary, Regex, Options}, Word, Argument, P) ->
    text(unicode:characters_to_binary(Word), Word, Regex, Options, Argument, P);
convert(boolean, "true", _, _) -> true;
convert(boolean, "false", _, _) -> false;
convert(integer, Word, Argument, P) -> read(fun list_to_integer/1, Word, <<"is not an integer">>, Argument, P);
convert({integer, Limits}, Word, Argument, P) ->
    within(convert(integer, Word, Argument, P), Limits, Word, Argument, P);
convert(float, Word, Argument, P) -> read(fun to_float/1, Word, <<"is not a number">>, Argument, P);
convert({float, Limits}, Word, Argument, P) ->
    within(convert(float, Word, Argument, P), Limits, Word, Argument, P);
convert(atom, Word, Argument, P) ->
    read(fun list_to_existing_atom/1, Word, <<"is not an existing atom">>, Argument, P);
convert({atom, unsafe}, Word, _, _) -> list_to_atom(Word);
convert({atom, Choices}, Word, Argument, P) ->
    case [Choice || Choice <- Choices, atom_to_list(Choice) =:= Word] of
        [Atom | _] -> Atom;
        [] -> fail(P, Argument, Word, <<"is not one of the choices">>)
    end;
convert({custom, F}, Word, Argument, P) ->
    try F(Word)
    catch
        error:invalid_argument -> fail(P, Argument, Word, <<"failed validation">>);
        error:badarg -> fail(P, Argument, Word, <<"failed validation">>)
    end;
convert(_, Word, Argument, P) -> fail(P, Argument, Word, <<"failed validation">>).

read(F, Word, Details, Argument, P) ->
    try F(Word)
    catch error:badarg -> fail(P, Argument, Word, Details)
    end.

to_float(Word) ->
    try list_to_float(Word)
    catch error:badarg -> float(list_to_integer(Word))
    end.

text(Text, Word, [C | _] = Regex, Options, Argument, P) when is_integer(C) ->
    matching(Text, Word, Regex, Options, Argument, P);
text(Text, Word, Regex, Options, Argument, P) when is_binary(Regex) ->
    matching(Text, Word, Regex, Options, Argument, P);
text(Text, Word, Choices, _, Argument, P) ->
    case lists:member(Text, Choices) of
        true -> Text;
        false -> fail(P, Argument, Word, <<"is not one of the choices">>)
    end.

matching(Text, Word, Regex, Options, Argument, P) ->
    case re:run(Text, Regex, [{capture, first} | Options]) of
        {match, _} -> Text;
        nomatch -> fail(P, Argument, Word, <<"does not match">>)
    end.

within(Value, [{_, _} | _] = Limits, Word, Argument, P) ->
    lists:foreach(fun
        ({min, Min}) when Value < Min -> fail(P, Argument, Word, <<"is less than accepted minimum">>);
        ({max, Max}) when Value > Max -> fail(P, Argument, Word, <<"is greater than accepted maximum">>);
        (_) -> ok
    end, Limits),
    Value;
within(Value, Choices, Word, Argument, P) ->
    case lists:member(Value, Choices) of
        true -> Value;
        false -> fail(P, Argument, Word, <<"is not one of the choices">>)
    end.

%% At the end: what is missing, and defaults.
finished(#p{path = [{_, Command} | _], positional = Positional, options = Options} = P) ->
    case Command of
        #{commands := Subs, handler := optional} when is_map(Subs) -> ok;
        #{commands := Subs} when map_size(Subs) > 0 ->
            case Command of
                #{handler := _} -> ok;
                #{} -> fail(P, undefined, undefined, <<"subcommand expected">>)
            end;
        #{} -> ok
    end,
    P1 = lists:foldl(fun default/2, P, Positional),
    (lists:foldl(fun default/2, P1, Options))#p.values.

default(#{name := Name} = Argument, #p{values = Values} = P) ->
    case {Values, Argument} of
        {#{Name := _}, _} -> P;
        {_, #{default := Value}} -> P#p{values = Values#{Name => Value}};
        _ ->
            Required = maps:get(required, Argument, not is_option(Argument)),
            Nargs = maps:get(nargs, Argument, 1),
            case {Required, P#p.default} of
                {true, _} when Nargs =:= 'maybe'; Nargs =:= list; Nargs =:= all ->
                    case Nargs of
                        'maybe' -> optional_default(Name, P);
                        _ -> P#p{values = Values#{Name => []}}
                    end;
                {true, _} when is_tuple(Nargs) -> P#p{values = Values#{Name => element(2, Nargs)}};
                {true, _} -> fail(P, Argument, undefined, <<>>);
                {false, _} -> optional_default(Name, P)
            end
    end.

optional_default(Name, #p{default = {some, Value}, values = Values} = P) ->
    P#p{values = Values#{Name => Value}};
optional_default(_, P) -> P.

%%% Checking a specification

validate(Command, Options) ->
    validate_command([program(Options)], Command, maps:get(prefixes, Options, "-")).

validate_command(Path, Command, Prefixes) when is_map(Command) ->
    Arguments = maps:get(arguments, Command, []),
    is_list(Arguments) orelse bad_command(Path, Command, arguments, <<"expected a list, [argument()]">>),
    lists:foreach(fun(Argument) -> validate_argument(Path, Argument) end, Arguments),
    Names = [Name || #{name := Name} <- Arguments],
    length(Names) =:= length(lists:usort(Names))
        orelse bad_command(Path, Command, arguments, <<"duplicate argument names">>),
    maps:foreach(fun(Name, Sub) ->
        case Name of
            [C | _] when is_integer(C) ->
                lists:member(C, Prefixes)
                    andalso bad_command(Path, Command, commands,
                                        <<"command name must not start with a prefix">>),
                validate_command(Path ++ [Name], Sub, Prefixes);
            _ -> bad_command(Path, Command, commands, <<"command name must be a string">>)
        end
    end, maps:get(commands, Command, #{})),
    ok;
validate_command(Path, Command, _) ->
    bad_command(Path, Command, command, <<"expected command()">>).

bad_command(Path, Command, Field, Reason) ->
    erlang:error({argparse, command, Path, Field, Reason}, [Command]).

validate_argument(Path, #{name := Name} = Argument) when is_atom(Name); is_list(Name); is_binary(Name) ->
    case Argument of
        #{short := Short} when not is_integer(Short) ->
            bad_argument(Path, Argument, short, <<"short option must be a character">>);
        #{long := Long} when not is_list(Long); Long =:= [] ->
            bad_argument(Path, Argument, long, <<"long option must be a string">>);
        #{} -> ok
    end;
validate_argument(Path, Argument) ->
    bad_argument(Path, Argument, name, <<"argument must be a map containing 'name' field">>).

bad_argument(Path, Argument, Field, Reason) ->
    erlang:error({argparse, argument, Path, Field, Reason}, [Argument]).

%%% What went wrong, as text

%% A parser's error as text.
-spec format_error(parser_error()) -> unicode:chardata().
format_error({Path, undefined, undefined, Details}) ->
    io_lib:format("~ts: ~ts", [path_text(Path), Details]);
format_error({Path, undefined, Word, <<>>}) ->
    io_lib:format("~ts: unrecognised argument: ~ts", [path_text(Path), Word]);
format_error({Path, #{name := Name}, undefined, <<>>}) ->
    io_lib:format("~ts: required argument missing: ~ts", [path_text(Path), Name]);
format_error({Path, #{name := Name}, undefined, Details}) ->
    io_lib:format("~ts: invalid argument for ~ts: ~ts", [path_text(Path), Name, Details]);
format_error({Path, Argument, Word, Details}) ->
    Name = case Argument of
        #{name := N} -> N;
        undefined -> ""
    end,
    io_lib:format("~ts: invalid argument for ~ts: ~ts ~ts", [path_text(Path), Name, Word, Details]).

%% What is wrong with a description of a command.
-spec format_error({argparse, command | argument, cmd_path(), atom(), term()},
                   erlang:stacktrace()) -> map().
format_error({argparse, What, Path, Field, Reason}, _) ->
    Cause = io_lib:format("~ts specification is invalid, command ~ts: ~ts: ~ts",
                          [What, path_text(Path), Field, Reason]),
    #{general => <<"command specification is invalid">>, 1 => unicode:characters_to_binary(Cause)}.

path_text(Path) -> lists:join($\s, Path).

%%% Help

%% The usage of a command as text.
-spec help(command()) -> string().
help(Command) -> help(Command, #{}).

%% The usage of the command at a path, with the program's name.
-spec help(command(), parser_options()) -> unicode:chardata().
help(Command, Options) ->
    ok = validate(Command, Options),
    Path = maps:get(command, Options, []),
    {Chain, Found} = descend(Path, Command, [{program(Options), Command}]),
    Columns = maps:get(columns, Options, 80),
    Prefixes = maps:get(prefixes, Options, "-"),
    help_text(Found, lists:reverse(Chain), Prefixes, Columns).

descend([Name | Path], #{commands := Commands}, Chain) ->
    Sub = maps:get(Name, Commands),
    descend(Path, Sub, [{Name, Sub} | Chain]);
descend(_, Command, Chain) ->
    {Chain, Command}.

help_text(Command, Chain, [Prefix | _], Columns) ->
    Arguments = [Argument || {_, C} <- Chain, Argument <- maps:get(arguments, C, []), shown(Argument)],
    {Options, Positional} = lists:partition(fun is_option/1, Arguments),
    Subs = [{Name, Sub} || {Name, Sub} <- lists:sort(maps:to_list(maps:get(commands, Command, #{}))),
                           shown(Sub)],
    Usage = fun() -> usage(Chain, Subs, Options, Positional, Prefix, Columns) end,
    Sections = #{
        usage => Usage,
        commands => fun() ->
            table("Subcommands:", [{Name, command_help(Sub)} || {Name, Sub} <- Subs], Columns)
        end,
        arguments => fun() ->
            table("Arguments:", [{name_text(A), argument_help(A)} || A <- Positional], Columns)
        end,
        options => fun() ->
            table("Optional arguments:",
                  [{option_text(A, Prefix), argument_help(A)} || A <- Options], Columns)
        end},
    Template = case Command of
        #{help := [Item | _] = Help} when not is_integer(Item) -> Help;
        #{help := Text} when Text =/= hidden, Text =/= "" ->
            ["Usage:\n  ", usage, "\n\n", Text, "\n", commands, arguments, options];
        #{} -> ["Usage:\n  ", usage, "\n", commands, arguments, options]
    end,
    [case Item of
         _ when is_atom(Item) -> (map_get(Item, Sections))();
         _ -> Item
     end || Item <- Template].

shown(#{help := hidden}) -> false;
shown(_) -> true.

command_help(#{help := [Item | _]}) when not is_integer(Item) -> "";
command_help(#{help := Help}) -> unicode:characters_to_list(Help);
command_help(_) -> "".

usage(Chain, Subs, Options, Positional, Prefix, _) ->
    Names = [Name || {Name, _} <- Chain],
    Sub = case Subs of
        [] -> [];
        [_, _, _, _, _ | _] -> ["<command>"];
        _ -> ["{" ++ lists:append(lists:join("|", [Name || {Name, _} <- Subs])) ++ "}"]
    end,
    {Flags, Others} = lists:partition(fun(A) -> is_map_key(short, A) andalso not takes_value(A)
                                                   andalso not required_option(A) end, Options),
    FlagText = case [C || #{short := C} <- Flags] of
        [] -> [];
        Cs -> ["[" ++ [Prefix | Cs] ++ "]"]
    end,
    Longs = ["[" ++ [Prefix | Long] ++ "]" || #{long := Long} <- Flags],
    Valued = [bracketed(A, usage_option(A, Prefix)) || A <- Others],
    Rest = [usage_positional(A) || A <- Positional],
    lists:join(" ", Names ++ Sub ++ FlagText ++ Longs ++ Valued ++ Rest).

required_option(A) -> maps:get(required, A, false).

bracketed(A, Text) ->
    case required_option(A) of
        true -> Text;
        false -> "[" ++ Text ++ "]"
    end.

usage_option(A, Prefix) ->
    Key = case A of
        #{short := C} -> [Prefix, C];
        #{long := Long} -> [Prefix | Long]
    end,
    case takes_value(A) of
        false -> Key;
        true -> Key ++ " " ++ value_text(A)
    end.

usage_positional(#{help := {Text, _}}) when is_function(Text) -> Text();
usage_positional(#{help := {Text, _}}) -> Text;
usage_positional(A) ->
    Text = value_text(A),
    case maps:get(required, A, true) andalso maps:get(nargs, A, 1) =/= 'maybe'
            andalso not is_map_key(default, A) of
        true -> Text;
        false -> "[" ++ Text ++ "]"
    end.

value_text(A) ->
    Text = "<" ++ name_text(A) ++ ">",
    case maps:get(nargs, A, 1) of
        N when is_integer(N), N > 1 -> lists:append(lists:join(" ", lists:duplicate(N, Text)));
        Many when Many =:= list; Many =:= nonempty_list; Many =:= all -> Text ++ "...";
        _ -> Text
    end.

name_text(#{name := Name}) -> lists:flatten(io_lib:format("~ts", [Name])).

option_text(A, Prefix) ->
    Keys = [[Prefix, C] || #{short := C} <- [A]] ++ [[Prefix | Long] || #{long := Long} <- [A]],
    lists:append(lists:join(", ", Keys)).

argument_help(#{help := {_, Items}} = A) when is_list(Items), Items =/= [], not is_integer(hd(Items)) ->
    lists:flatten([help_item(Item, A) || Item <- Items]);
argument_help(#{help := {_, Text}}) -> unicode:characters_to_list(Text);
argument_help(A) ->
    Details = lists:append(lists:join(", ", [T || T <- [type_text(maps:get(type, A, string), A),
                                                        default_text(A)], T =/= ""])),
    case A of
        #{help := Text} when Details =:= "" -> unicode:characters_to_list(Text);
        #{help := Text} -> unicode:characters_to_list([Text, " (", Details, ")"]);
        #{} -> Details
    end.

help_item(type, A) -> type_text(maps:get(type, A, string), A);
help_item(default, #{default := Default}) -> io_lib:format("~tp", [Default]);
help_item(default, _) -> "";
help_item(Text, _) -> unicode:characters_to_list(Text).

default_text(#{default := Default}) -> lists:flatten(io_lib:format("~tp", [Default]));
default_text(_) -> "".

type_text(_, #{action := count}) -> "";
type_text(_, #{action := {Do, _}}) when Do =:= store; Do =:= append -> "";
type_text(boolean, _) -> "";
type_text({integer, Limits}, _) -> "integer" ++ limits_text(Limits);
type_text({float, Limits}, _) -> "float" ++ limits_text(Limits);
type_text({Type, [C | _] = Regex}, _) when Type =:= string, is_integer(C) ->
    "string re: " ++ Regex;
type_text({Type, Regex}, _) when Type =:= binary, is_binary(Regex) ->
    "binary re: " ++ binary_to_list(Regex);
type_text({Type, Regex, _}, _) -> lists:flatten(io_lib:format("~ts re: ~ts", [Type, Regex]));
type_text({atom, unsafe}, _) -> "atom";
type_text({custom, _}, _) -> "";
type_text({_, Choices}, _) -> choices_text(Choices);
type_text(Type, _) when is_atom(Type) -> atom_to_list(Type);
type_text(_, _) -> "".

limits_text([{_, _} | _] = Limits) ->
    Low = [io_lib:format(" >= ~tp", [Min]) || {min, Min} <- Limits],
    High = [io_lib:format(" <= ~tp", [Max]) || {max, Max} <- Limits],
    lists:flatten(lists:join(",", Low ++ High));
limits_text(Choices) -> ", " ++ choices_text(Choices).

choices_text(Choices) ->
    lists:flatten("choice: " ++ lists:join(", ", [io_lib:format("~ts", [choice(C)]) || C <- Choices])).

choice(C) when is_integer(C); is_float(C) -> io_lib:format("~tp", [C]);
choice(C) -> C.

%% Two columns under a title; the second is broken between words where the line is full.
table(_, [], _) -> "";
table(Title, Rows, Columns) ->
    Width = lists:max([string:length(Left) || {Left, _} <- Rows]),
    Room = max(Columns - Width - 3, 20),
    ["\n", Title, "\n",
     [["  ", string:pad(Left, Width), case Right of "" -> ""; _ -> " " end,
       lists:join(["\n", lists:duplicate(Width + 3, $\s)], wrap(Right, Room)), "\n"]
      || {Left, Right} <- Rows]].

wrap(Text, Room) -> wrap(string:lexemes(Text, " "), Room, "", []).

wrap([Word | Words], Room, "", Lines) -> wrap(Words, Room, Word, Lines);
wrap([Word | Words], Room, Line, Lines) ->
    case string:length(Line) + 1 + string:length(Word) > Room of
        true -> wrap(Words, Room, Word, [Line | Lines]);
        false -> wrap(Words, Room, Line ++ " " ++ Word, Lines)
    end;
wrap([], _, Line, Lines) -> lists:reverse(Lines, [Line]).
