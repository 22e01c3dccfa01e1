%% Regular expressions. Patterns are compiled and matched by natives of muster_re; what is made of a
%% match (captures, replacing, splitting) is made here.
-module(re).

-export([compile/1, compile/2, inspect/2, replace/3, replace/4, run/2, run/3, split/2, split/3,
         version/0]).

-export_type([mp/0, compile_option/0, options/0, nl_spec/0, capture/0, replace_fun/0]).

-opaque mp() :: {re_pattern, term(), term(), term(), term()}.
-type nl_spec() :: cr | crlf | lf | nul | anycrlf | any.
-type compile_option() ::
    unicode | anchored | caseless | dollar_endonly | dotall | extended | firstline | multiline |
    no_auto_capture | dupnames | ungreedy | {newline, nl_spec()} | bsr_anycrlf | bsr_unicode |
    no_start_optimize | ucp | never_utf.
-type options() :: [compile_option() | term()].
-type capture() :: all | all_but_first | all_names | first | none | [integer() | string() | atom()].
-type replace_fun() :: fun((binary(), [binary()]) -> iodata() | unicode:charlist()).

-define(NOTBOL, 1).
-define(NOTEOL, 2).
-define(NOTEMPTY, 4).
-define(NOTEMPTY_ATSTART, 8).
-define(ANCHORED, 16).
-define(GLOBAL, 32).
-define(UNICODE, 1).
%% What a compiled pattern may be run with: anchored, bsr_*, newline.
-define(RUN_FLAGS, (2 bor (3 bsl 14) bor (7 bsl 16))).

%% In the frame of the function that calls it: what is wrong is told by erl_stdlib_errors.
-define(FAIL(Args), erlang:error(badarg, Args, [{error_info, #{module => erl_stdlib_errors}}])).

-record(run, {
    flags = 0, % for the native
    compile = 0, % flags of compilation
    offset = 0,
    capture = default,
    type = index,
    errors = false,
    steps = 10000000,
    depth = 10000000,
    return = iodata, % of replace and split
    parts = infinity,
    group = false,
    trim = false
}).

%% That of PCRE.
-spec version() -> binary().
version() -> muster_re:version().

%%% Compiling

%% A pattern in the form that run/2,3 takes.
-spec compile(iodata() | unicode:charlist()) -> {ok, mp()} | {error, {string(), non_neg_integer()}}.
compile(Pattern) ->
    case compiled_with(Pattern, []) of
        badarg -> ?FAIL([Pattern]);
        Result -> Result
    end.

-spec compile(iodata() | unicode:charlist(), [compile_option()]) ->
    {ok, mp()} | {error, {string(), non_neg_integer()}}.
compile(Pattern, Options) ->
    case compiled_with(Pattern, Options) of
        badarg -> ?FAIL([Pattern, Options]);
        Result -> Result
    end.

compiled_with(Pattern, Options) ->
    try
        Flags = compile_flags(Options, 0),
        compiled(text(Pattern, Flags band ?UNICODE), Flags)
    catch
        _:_ -> badarg
    end.

compiled(Text, Flags) ->
    case muster_re:compile(Text, Flags) of
        {ok, Ref, Captures, Unicode, Crlf} -> {ok, {re_pattern, Captures, Unicode, Crlf, Ref}};
        Error -> Error
    end.

compile_flags([Option | Rest], Flags) ->
    case compile_flag(Option) of
        none -> throw(badarg);
        Flag -> compile_flags(Rest, Flags bor Flag)
    end;
compile_flags([], Flags) -> Flags.

compile_flag(unicode) -> 1;
compile_flag(anchored) -> 2;
compile_flag(caseless) -> 4;
compile_flag(dollar_endonly) -> 8;
compile_flag(dotall) -> 16;
compile_flag(extended) -> 32;
compile_flag(firstline) -> 64;
compile_flag(multiline) -> 128;
compile_flag(no_auto_capture) -> 256;
compile_flag(dupnames) -> 512;
compile_flag(ungreedy) -> 1024;
compile_flag(no_start_optimize) -> 2048;
compile_flag(ucp) -> 4096;
compile_flag(never_utf) -> 8192;
compile_flag(bsr_anycrlf) -> 1 bsl 14;
compile_flag(bsr_unicode) -> 1 bsl 15;
compile_flag({newline, cr}) -> 1 bsl 16;
compile_flag({newline, lf}) -> 2 bsl 16;
compile_flag({newline, crlf}) -> 3 bsl 16;
compile_flag({newline, any}) -> 4 bsl 16;
compile_flag({newline, anycrlf}) -> 5 bsl 16;
compile_flag(_) -> none.

%% Text as the native wants it: UTF-8 when unicode, else bytes.
text(Text, 1) ->
    case unicode:characters_to_binary(Text) of
        Bytes when is_binary(Bytes) -> Bytes
    end;
text(Text, 0) -> iolist_to_binary(Text).

%% A pattern, compiled or to be compiled with the options.
pattern({re_pattern, _, _, _, _} = MP, Flags) when Flags band bnot ?RUN_FLAGS =:= 0 -> MP;
pattern({re_pattern, _, _, _, _}, _) -> throw(badarg);
pattern(Text, Flags) ->
    case compiled(text(Text, Flags band ?UNICODE), Flags) of
        {ok, MP} -> MP;
        {error, _} = Error -> throw(Error)
    end.

%% What is known of a compiled pattern.
-spec inspect(mp(), namelist) -> {namelist, [binary()]}.
inspect({re_pattern, _, _, _, Ref} = MP, namelist) ->
    try muster_re:names(Ref) of
        Names -> {namelist, lists:usort([Name || {Name, _} <- Names])}
    catch
        error:_ -> ?FAIL([MP, namelist])
    end;
inspect(MP, Item) -> ?FAIL([MP, Item]).

%%% Running

%% Whether and where a pattern matches, and what it captures.
-spec run(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist()) ->
    {match, [term()]} | nomatch.
run(Subject, Pattern) ->
    case run_with(Subject, Pattern, []) of
        badarg -> ?FAIL([Subject, Pattern]);
        Result -> Result
    end.

-spec run(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist(), options()) ->
    {match, [term()]} | match | nomatch | {error, term()}.
run(Subject, Pattern, Options) ->
    case run_with(Subject, Pattern, Options) of
        badarg -> ?FAIL([Subject, Pattern, Options]);
        Result -> Result
    end.

run_with(Subject, Pattern, Options) ->
    try
        R = options(Options, #run{}),
        #run{return = iodata, parts = infinity, group = false, trim = false} = R,
        {re_pattern, _, Unicode, _, Ref} = pattern(Pattern, R#run.compile),
        Bytes = text(Subject, Unicode),
        case exec(Ref, Bytes, R) of
            {match, Matches} -> captured(Matches, Ref, Bytes, Unicode, R);
            Other -> Other
        end
    catch
        throw:{error, Error} ->
            case is_list(Options) andalso lists:member(report_errors, Options) of
                true -> {error, {compile, Error}};
                false -> badarg
            end;
        throw:badarg -> badarg;
        error:_ -> badarg
    end.

exec(Ref, Bytes, R) ->
    case muster_re:exec(Ref, Bytes, R#run.offset, R#run.flags, R#run.steps, R#run.depth) of
        {error, _} = Error when R#run.errors -> Error;
        {error, _} -> nomatch;
        bad_subject -> throw(badarg);
        Result -> Result
    end.

options([global | T], R) -> options(T, flag(?GLOBAL, R));
options([notbol | T], R) -> options(T, flag(?NOTBOL, R));
options([noteol | T], R) -> options(T, flag(?NOTEOL, R));
options([notempty | T], R) -> options(T, flag(?NOTEMPTY, R));
options([notempty_atstart | T], R) -> options(T, flag(?NOTEMPTY_ATSTART, R));
options([anchored | T], R) ->
    options(T, flag(?ANCHORED, R#run{compile = R#run.compile bor compile_flag(anchored)}));
options([report_errors | T], R) -> options(T, R#run{errors = true});
options([{offset, N} | T], R) when is_integer(N), N >= 0 -> options(T, R#run{offset = N});
options([{match_limit, N} | T], R) when is_integer(N), N >= 0 -> options(T, R#run{steps = N});
options([{match_limit_recursion, N} | T], R) when is_integer(N), N >= 0 ->
    options(T, R#run{depth = N});
options([{capture, What} | T], R) -> options(T, R#run{capture = capture(What), type = index});
options([{capture, What, Type} | T], R)
  when Type =:= index; Type =:= list; Type =:= binary ->
    options(T, R#run{capture = capture(What), type = Type});
options([{return, Type} | T], R) when Type =:= iodata; Type =:= list; Type =:= binary ->
    options(T, R#run{return = Type});
options([{parts, N} | T], R) when N =:= infinity; is_integer(N), N >= 0 ->
    options(T, R#run{parts = N});
options([group | T], R) -> options(T, R#run{group = true});
options([trim | T], R) -> options(T, R#run{trim = true});
options([Option | T], R) ->
    case compile_flag(Option) of
        none -> throw(badarg);
        Flag -> options(T, R#run{compile = R#run.compile bor Flag})
    end;
options([], R) -> R;
options(_, _) -> throw(badarg).

flag(Flag, R) -> R#run{flags = R#run.flags bor Flag}.

capture(What) when What =:= all; What =:= all_but_first; What =:= all_names; What =:= first;
                   What =:= none -> What;
capture([]) -> none;
capture(List) when is_list(List) -> List;
capture(_) -> throw(badarg).

captured(_, _, _, _, #run{capture = none}) -> match;
captured(Matches, Ref, Bytes, Unicode, #run{capture = Capture, type = Type} = R) ->
    Which = which(Capture, Ref),
    Values = [[value(G, Type, Bytes, Unicode) || G <- chosen(Which, Groups)] || Groups <- Matches],
    if
        Which =:= [] -> match;
        R#run.flags band ?GLOBAL =/= 0 -> {match, Values};
        true -> {match, hd(Values)}
    end.

which(All, _) when All =:= all; All =:= default -> all;
which(all_but_first, _) -> all_but_first;
which(first, _) -> [0];
which(all_names, Ref) -> [{named, Numbers} || Numbers <- names(muster_re:names(Ref))];
which(List, Ref) ->
    Names = muster_re:names(Ref),
    [wanted(Item, Names) || Item <- List].

%% The numbers of each name, in order of the names; the table may have a name several times.
names([{Name, _} | _] = Names) ->
    {Same, Rest} = lists:partition(fun({Other, _}) -> Other =:= Name end, Names),
    [[N || {_, N} <- Same] | names(Rest)];
names([]) -> [].

wanted(N, _) when is_integer(N) -> N;
wanted(Name, Names) ->
    Text =
        case Name of
            _ when is_atom(Name) -> atom_to_binary(Name);
            _ -> iolist_to_binary(Name)
        end,
    {named, [N || {Other, N} <- Names, Other =:= Text]}.

chosen(all, Groups) -> Groups;
chosen(all_but_first, [_ | Groups]) -> Groups;
chosen(Which, Groups) ->
    Tuple = list_to_tuple(Groups),
    [group(W, Tuple) || W <- Which].

group({named, Numbers}, Groups) ->
    case [G || N <- Numbers, {At, _} = G <- [group(N, Groups)], At >= 0] of
        [G | _] -> G;
        [] -> {-1, 0}
    end;
group(N, Groups) when N >= 0, N < tuple_size(Groups) -> element(N + 1, Groups);
group(_, _) -> {-1, 0}.

value(Group, index, _, _) -> Group;
value({-1, _}, list, _, _) -> [];
value({-1, _}, binary, _, _) -> <<>>;
value({At, Size}, binary, Bytes, _) -> binary:part(Bytes, At, Size);
value({At, Size}, list, Bytes, 1) -> unicode:characters_to_list(binary:part(Bytes, At, Size));
value({At, Size}, list, Bytes, 0) -> binary_to_list(Bytes, At + 1, At + Size, Size).

binary_to_list(_, _, _, 0) -> [];
binary_to_list(Bytes, From, To, _) -> binary_to_list(Bytes, From, To).

%%% Replacing

%% The subject with what matches replaced.
-spec replace(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist(),
              iodata() | unicode:charlist() | replace_fun()) -> iodata() | unicode:charlist().
replace(Subject, Pattern, Replacement) ->
    case replace_with(Subject, Pattern, Replacement, []) of
        badarg -> ?FAIL([Subject, Pattern, Replacement]);
        Result -> Result
    end.

-spec replace(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist(),
              iodata() | unicode:charlist() | replace_fun(), options()) ->
    iodata() | unicode:charlist().
replace(Subject, Pattern, Replacement, Options) ->
    case replace_with(Subject, Pattern, Replacement, Options) of
        badarg -> ?FAIL([Subject, Pattern, Replacement, Options]);
        Result -> Result
    end.

replace_with(Subject, Pattern, Replacement, Options) ->
    try
        #run{capture = default, errors = false, parts = infinity, group = false, trim = false} =
            R = options(Options, #run{}),
        {re_pattern, _, Unicode, _, Ref} = pattern(Pattern, R#run.compile),
        Bytes = text(Subject, Unicode),
        Make = maker(Replacement, Unicode),
        case exec(Ref, Bytes, R) of
            {match, Matches} -> returned(replaced(Matches, 0, Bytes, Make), R#run.return, Unicode);
            nomatch when R#run.return =:= iodata -> Subject;
            nomatch -> returned(Bytes, R#run.return, Unicode);
            {error, _} = Error -> Error
        end
    of
        Result -> Result
    catch
        throw:_ -> badarg;
        error:{badmatch, _} -> badarg;
        error:badarg -> badarg
    end.

returned(Data, iodata, _) -> Data;
returned(Data, binary, _) -> iolist_to_binary(Data);
returned(Data, list, 1) -> unicode:characters_to_list(Data);
returned(Data, list, 0) -> binary_to_list(iolist_to_binary(Data)).

replaced([[{At, Size} | _] = Groups | Rest], From, Bytes, Make) ->
    New = Make(Groups, Bytes),
    case binary:part(Bytes, From, At - From) of
        <<>> -> [New | replaced(Rest, At + Size, Bytes, Make)];
        Before -> [Before, New | replaced(Rest, At + Size, Bytes, Make)]
    end;
replaced([], From, Bytes, _) ->
    case binary:part(Bytes, From, byte_size(Bytes) - From) of
        <<>> -> [];
        Rest -> Rest
    end.

maker(Fun, Unicode) when is_function(Fun, 2) ->
    fun([{At, Size} | Groups], Bytes) ->
        Parts = [value(G, binary, Bytes, Unicode) || G <- Groups],
        text(Fun(binary:part(Bytes, At, Size), Parts), Unicode)
    end;
maker(Replacement, Unicode) ->
    case template(text(Replacement, Unicode), <<>>) of
        [Text] when is_binary(Text) -> fun(_, _) -> Text end;
        [] -> fun(_, _) -> [] end;
        Template ->
            fun(Groups, Bytes) ->
                Tuple = list_to_tuple(Groups),
                [filled(Part, Tuple, Bytes) || Part <- Template]
            end
    end.

filled(Text, _, _) when is_binary(Text) -> Text;
filled(N, Groups, Bytes) -> value(group(N, Groups), binary, Bytes, 0).

%% A replacement as texts and numbers of groups: &, \N, \gN and \g{N} stand for groups.
template(<<"\\g{", Rest/binary>> = All, Text) ->
    case digits(Rest, 0, none) of
        {N, <<"}", Rest1/binary>>} when is_integer(N) -> part(Text, [N | template(Rest1, <<>>)]);
        _ -> escaped(All, Text)
    end;
template(<<"\\g", D, _/binary>> = All, Text) when D >= $0, D =< $9 ->
    <<"\\g", Rest/binary>> = All,
    {N, Rest1} = digits(Rest, 0, none),
    part(Text, [N | template(Rest1, <<>>)]);
template(<<"\\", D, _/binary>> = All, Text) when D >= $0, D =< $9 ->
    <<"\\", Rest/binary>> = All,
    {N, Rest1} = digits(Rest, 0, none),
    part(Text, [N | template(Rest1, <<>>)]);
template(<<"\\", _, _/binary>> = All, Text) -> escaped(All, Text);
template(<<"&", Rest/binary>>, Text) -> part(Text, [0 | template(Rest, <<>>)]);
template(<<C, Rest/binary>>, Text) -> template(Rest, <<Text/binary, C>>);
template(<<>>, Text) -> part(Text, []).

escaped(<<"\\", C, Rest/binary>>, Text) when C =:= $\\; C =:= $& ->
    template(Rest, <<Text/binary, C>>);
escaped(<<"\\", C, Rest/binary>>, Text) -> template(Rest, <<Text/binary, $\\, C>>).

part(<<>>, Rest) -> Rest;
part(Text, Rest) -> [Text | Rest].

digits(<<D, Rest/binary>>, N, _) when D >= $0, D =< $9 -> digits(Rest, N * 10 + D - $0, N);
digits(Rest, _, none) -> {none, Rest};
digits(Rest, N, _) -> {N, Rest}.

%%% Splitting

%% The parts of the subject between what matches.
-spec split(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist()) ->
    [iodata() | unicode:charlist()].
split(Subject, Pattern) ->
    case split_with(Subject, Pattern, []) of
        badarg -> ?FAIL([Subject, Pattern]);
        Result -> Result
    end.

-spec split(iodata() | unicode:charlist(), mp() | iodata() | unicode:charlist(), options()) ->
    [iodata() | unicode:charlist()] | [[iodata() | unicode:charlist()]].
split(Subject, Pattern, Options) ->
    case split_with(Subject, Pattern, Options) of
        badarg -> ?FAIL([Subject, Pattern, Options]);
        Result -> Result
    end.

split_with(Subject, Pattern, Options) ->
    try
        #run{capture = default, errors = false} = R0 = options(Options, #run{}),
        false = R0#run.flags band ?GLOBAL =/= 0,
        R = flag(?GLOBAL, R0),
        {re_pattern, Captures, Unicode, _, Ref} = pattern(Pattern, R#run.compile),
        Bytes = text(Subject, Unicode),
        Return = case R#run.return of iodata -> binary; Type -> Type end,
        Trim = R#run.trim orelse R#run.parts =:= 0,
        {Found, Parts} =
            case exec(Ref, Bytes, R) of
                {match, _} when Bytes =:= <<>> -> {true, [[{0, 0}]]};
                {match, Matches} ->
                    {true, parts([filled_up(Groups, Captures + 1) || Groups <- Matches], 0, Bytes,
                                 limit(R#run.parts))};
                nomatch -> {false, [[{0, byte_size(Bytes)}]]};
                {error, Reason} -> throw({error, Reason})
            end,
        Grouped = case R#run.group of
            true -> Parts;
            false -> [[P] || G <- Parts, P <- G]
        end,
        Trimmed = case Trim andalso Found of
            true -> trimmed(Grouped);
            false -> Grouped
        end,
        case R#run.group of
            true -> [[value(P, Return, Bytes, Unicode) || P <- G] || G <- Trimmed];
            false -> [value(P, Return, Bytes, Unicode) || [P] <- Trimmed]
        end
    of
        Result -> Result
    catch
        throw:_ -> badarg;
        error:_ -> badarg
    end.

limit(0) -> infinity;
limit(infinity) -> infinity;
limit(N) -> N - 1.

%% As many groups as there are, captured or not.
filled_up(Groups, N) when length(Groups) =:= N -> Groups;
filled_up(Groups, N) -> Groups ++ lists:duplicate(N - length(Groups), {-1, 0}).

%% Groups of a part and what was captured between it and the next. An empty match at the beginning
%% of a part does not end it.
parts(_, From, Bytes, 0) -> [[{From, byte_size(Bytes) - From}]];
parts([[{At, 0} | _] | Rest], From, Bytes, Limit) when At =:= From, At < byte_size(Bytes) ->
    parts(Rest, From, Bytes, Limit);
parts([[{At, Size} | Groups] | Rest], From, Bytes, Limit) ->
    [[{From, At - From} | Groups] | parts(Rest, At + Size, Bytes, less(Limit))];
parts([], From, Bytes, _) -> [[{From, byte_size(Bytes) - From}]].

less(infinity) -> infinity;
less(N) -> N - 1.

trimmed(Parts) -> lists:reverse(drop_empty(lists:reverse(Parts))).

drop_empty([Group | Rest]) ->
    case lists:all(fun({_, Size}) -> Size =:= 0 end, Group) of
        true -> drop_empty(Rest);
        false -> [Group | Rest]
    end;
drop_empty([]) -> [].
