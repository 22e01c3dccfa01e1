%% The compiler's interface. Source becomes forms, parse transforms change them, the machine makes a
%% module of them (muster_compiler); what is said on the way is returned or reported as asked.
-module(compile).
-export([file/1, file/2, noenv_file/2, forms/1, forms/2, noenv_forms/2,
         output_generated/1, noenv_output_generated/1, options/0, env_compiler_options/0,
         format_error/1, compile/3, compile_asm/3, compile_core/3, compile_abstr/3, load/1, load_text/3,
         to_code/1, script_to_code/2]).

-export_type([option/0, forms/0, comp_ret/0]).

-type option() :: atom() | {atom(), term()} | {d, atom(), term()}.
-type forms() :: [erl_parse:abstract_form() | erl_parse:form_info()].
-type err_info() :: {erl_anno:location() | none, module(), term()}.
-type errors() :: [{file:filename(), [err_info()]}].
-type mod_ret() :: {ok, module()} | {ok, module(), errors()}.
-type bin_ret() :: {ok, module(), binary()} | {ok, module(), binary(), errors()}.
-type err_ret() :: error | {error, errors(), errors()}.
-type comp_ret() :: mod_ret() | bin_ret() | err_ret().

-record(c, {
    source :: file | forms,
    ifile = "" :: string(),      % the file that was read; forms: none
    name = "" :: string(),       % what messages call it
    base = "" :: string(),       % of the files that are written
    dir = "." :: string(),
    options :: [option()],
    transforms = [] :: [module()],
    errors = [] :: [{File :: string(), [err_info()]}],   % one group after the other
    warnings = [] :: [{File :: string(), [err_info()]}]
}).

-define(DEFAULTS, [verbose, report_errors, report_warnings]).

%%% Entries

-spec file(module() | file:filename()) -> comp_ret().
file(File) -> file(File, ?DEFAULTS).

-spec file(module() | file:filename(), [option()] | option()) -> comp_ret().
file(File, Options) when is_list(Options) -> do_file(File, Options ++ env_options());
file(File, Option) -> file(File, [Option | ?DEFAULTS]).

-spec noenv_file(module() | file:filename(), [option()] | option()) -> comp_ret().
noenv_file(File, Options) when is_list(Options) -> do_file(File, Options);
noenv_file(File, Option) -> noenv_file(File, [Option | ?DEFAULTS]).

-spec forms(forms()) -> comp_ret().
forms(Forms) -> forms(Forms, ?DEFAULTS).

-spec forms(forms(), [option()] | option()) -> comp_ret().
forms(Forms, Options) when is_list(Options) -> do_forms(Forms, Options ++ env_options());
forms(Forms, Option) -> forms(Forms, [Option | ?DEFAULTS]).

-spec noenv_forms(forms(), [option()] | option()) -> comp_ret().
noenv_forms(Forms, Options) when is_list(Options) -> do_forms(Forms, Options);
noenv_forms(Forms, Option) -> noenv_forms(Forms, [Option | ?DEFAULTS]).

%% Would these options make a file of code?
-spec output_generated([option()]) -> boolean().
output_generated(Options) -> noenv_output_generated(Options ++ env_options()).

-spec noenv_output_generated([option()]) -> boolean().
noenv_output_generated(Options) ->
    goal(Options) =:= module andalso not lists:member(binary, Options).

%% ERL_COMPILER_OPTIONS: a term, or a list of them.
-spec env_compiler_options() -> [option()].
env_compiler_options() -> env_options().

env_options() ->
    case os:getenv("ERL_COMPILER_OPTIONS") of
        false -> [];
        Text ->
            maybe
                {ok, Tokens, _} ?= erl_scan:string(Text ++ "."),
                {ok, Term} ?= erl_parse:parse_term(Tokens),
                as_list(Term)
            else
                _ ->
                    io:format("Ignoring bad term in ERL_COMPILER_OPTIONS\n", []),
                    []
            end
    end.

as_list(Term) when is_list(Term) -> Term;
as_list(Term) -> [Term].

-spec options() -> ok.
options() ->
    io:put_chars(["dpp - Generate .pp file\n", "'P' - Generate .P source listing file\n",
                  "dabstr - Generate .abstr file\n", "debug_info - Run save_abstract_code\n",
                  "'E' - Generate .E source listing file\n", "'S' - Generate .S file\n",
                  "makedep_side_effect - Run makedep_and_output\n"]).

%% As programs that start compilers call it (erl_compile).
-spec compile(file:filename(), term(), tuple()) -> ok | comp_ret().
compile(File, _, Options) -> from_record(File, [], Options).
-spec compile_asm(file:filename(), term(), tuple()) -> ok | comp_ret().
compile_asm(File, _, Options) -> from_record(File, [from_asm], Options).
-spec compile_core(file:filename(), term(), tuple()) -> ok | comp_ret().
compile_core(File, _, Options) -> from_record(File, [from_core], Options).
-spec compile_abstr(file:filename(), term(), tuple()) -> ok | comp_ret().
compile_abstr(File, _, Options) -> from_record(File, [from_abstr], Options).

-include_lib("stdlib/include/erl_compile.hrl").

from_record(File, More, #options{includes = Includes, outdir = Dir, defines = Defines,
                                 warning = Level, specific = Specific, cwd = _}) ->
    Options = [report_errors | [report_warnings || Level > 0]] ++ [{i, I} || I <- Includes] ++
        [{outdir, Dir}] ++ [definition(D) || D <- Defines] ++ Specific ++ More,
    case file(File, Options) of
        {ok, _} -> ok;
        Other -> Other
    end.

definition({Name, Value}) -> {d, Name, Value};
definition(Name) -> {d, Name}.

%%% For the machine itself: with the include directories and macros of the command line; messages go
%%% to standard error.

%% A source file that is needed: compiled and loaded, without a word of warning.
-spec load(file:filename()) -> {ok, module()} | {error, term()}.
load(File) ->
    C0 = state(file, filename:rootname(File, ".erl"), ".erl", [return]),
    case source(C0) of
        {ok, Source} -> loaded(guarded(C0, fun() -> make(Source, C0, #{load => true, plain => false, docs => false}) end));
        {error, Why} -> {error, Why}
    end.

loaded({{loaded, Module}, _}) -> muster_on_load:finish(Module, {ok, Module});
loaded({{not_loaded, Why}, _}) -> {error, Why};
loaded({error, C}) ->
    muster_messages:print(standard_error, C#c.errors, error),
    {error, badfile}.

%% The program itself. Options may be {shebang, true} and {default_name, Name} besides.
-spec load_text(binary(), binary(), [option()]) -> {ok, module()} | error.
load_text(Name, Bytes, Options) ->
    C0 = (state(file, "", "", Options))#c{ifile = unicode:characters_to_list(Name),
                                         name = unicode:characters_to_list(Name)},
    More = maps:from_list([{Key, proplists:get_value(Key, Options)}
                           || Key <- [shebang, default_name], proplists:is_defined(Key, Options)]),
    Result = guarded(C0, fun() ->
                             make({text, Name, Bytes}, C0, More#{load => true, plain => false, docs => false})
                         end),
    told(Result),
    case Result of
        {{loaded, Module}, _} -> muster_on_load:finish(Module, {ok, Module});
        _ -> error
    end.

%% A script's text, not loaded.
-spec script_to_code(file:filename(), binary()) -> {ok, module(), binary()} | error.
script_to_code(File, Bytes) ->
    C0 = (state(file, "", "", [export_all, nowarn_export_all]))#c{ifile = File, name = File},
    Made = #{shebang => true, default_name => escript_main, plain => false, docs => false},
    Result = guarded(C0, fun() -> make({text, unicode:characters_to_binary(File), Bytes}, C0, Made) end),
    told(Result),
    case Result of
        {{ok, Module, Code, _}, _} -> {ok, Module, Code};
        {error, _} -> error
    end.

%% A file for `muster compile`.
-spec to_code(file:filename()) -> {ok, module(), binary()} | error | {error, term()}.
to_code(File) ->
    C0 = state(file, filename:rootname(File, ".erl"), ".erl", []),
    case source(C0) of
        {ok, Source} ->
            Result = guarded(C0, fun() -> make(Source, C0, #{plain => false}) end),
            told(Result),
            case Result of
                {{ok, Module, Code, _}, _} -> {ok, Module, Code};
                {error, _} -> error
            end;
        {error, {epp, Why}} -> {error, Why}
    end.

told({_, C}) ->
    muster_messages:print(standard_error, C#c.errors, error),
    muster_messages:print(standard_error, C#c.warnings, warning).

%%% What is asked for

do_file(File, Options0) ->
    Options = expand(Options0),
    Ending = ending(Options),
    C0 = state(file, filename:rootname(to_text(File), Ending), Ending, Options),
    C = guarded(C0, fun() ->
        case source(C0) of
            {ok, Source} -> with_dependencies(goal(Options), Source, C0);
            {error, Why} -> {error, add_errors(C0, C0#c.name, [{none, ?MODULE, Why}])}
        end
    end),
    finish(C).

%% makedep_side_effect writes the dependencies besides.
with_dependencies(Goal, Source, #c{options = Options} = C) ->
    case lists:member(makedep_side_effect, Options) of
        false -> goal(Goal, Source, C);
        true ->
            case goal(makedep, Source, C#c{options = Options -- [binary]}) of
                {error, C1} -> {error, C1};
                _ -> goal(Goal, Source, C)
            end
    end.

do_forms(Forms, Options0) ->
    Options = expand([binary | Options0]),
    C0 = state(forms, "", "", Options),
    finish(guarded(C0, fun() -> goal(goal(Options), {forms, in_file(Forms, C0#c.name)}, C0) end)).

%% The name that is given stands for the file, until a -file attribute says another.
in_file(Forms, "") -> Forms;
in_file([{attribute, _, file, _} | _] = Forms, _) -> Forms;
in_file(Forms, Name) when is_list(Forms) -> [{attribute, 0, file, {Name, 1}} | Forms];
in_file(Forms, _) -> Forms.

to_text(File) when is_atom(File) -> atom_to_list(File);
to_text(File) when is_binary(File) -> unicode:characters_to_list(File);
to_text(File) -> lists:flatten(File).

expand(Options) ->
    lists:flatmap(fun(return) -> [return_errors, return_warnings];
                     (report) -> [report_errors, report_warnings];
                     (Option) -> [Option]
                  end, Options).

ending(Options) ->
    case [E || {Option, E} <- [{from_abstr, ".abstr"}, {from_core, ".core"}, {from_asm, ".S"}],
               lists:member(Option, Options)] of
        [Ending | _] -> Ending;
        [] -> ".erl"
    end.

state(Source, Base, Ending, Options) ->
    IFile = case Source of file -> Base ++ Ending; forms -> "" end,
    Given = to_text(proplists:get_value(source, Options, IFile)),
    Name = case lists:member(deterministic, Options) of
               true -> filename:basename(Given);
               false -> Given
           end,
    Dir = to_text(proplists:get_value(outdir, Options, ".")),
    #c{source = Source, ifile = IFile, name = Name, base = filename:basename(Base),
       dir = Dir, options = Options,
       transforms = [T || {parse_transform, T} <- Options]}.

%% The file that is made of the source.
output(#c{dir = ".", base = Base}, Ending) -> Base ++ Ending;
output(#c{dir = Dir, base = Base}, Ending) -> filename:join(Dir, Base ++ Ending).

%% The last phase that is wanted.
goal(Options) ->
    Goals = [{makedep, makedep}, {dpp, dpp}, {'P', 'P'}, {dabstr, dabstr},
             {basic_validation, check}, {strong_validation, module_check}, {'E', 'E'},
             {'S', 'S'}, {to_exp, 'E'}, {to_pp, 'P'}],
    case [Goal || {Option, Goal} <- Goals, lists:member(Option, Options)] of
        [Goal | _] -> Goal;
        [] -> module
    end.

source(#c{ifile = File, options = Options} = C) ->
    case file:read_file(File) of
        {ok, Bytes} ->
            case ending(Options) of
                ".erl" -> {ok, {text, to_binary(File), Bytes}};
                ".abstr" -> forms_of(File);
                _ -> {error, {no_reader, filename:extension(C#c.ifile)}}
            end;
        {error, Why} -> {error, {epp, Why}}
    end.

forms_of(File) ->
    case file:consult(File) of
        {ok, Forms} -> {ok, {forms, Forms}};
        {error, Why} -> {error, {open, Why}}
    end.

to_binary(Text) when is_binary(Text) -> Text;
to_binary(Text) -> unicode:characters_to_binary(Text).

%% Whatever goes wrong in the compiler is an error of the module.
guarded(C, Fun) ->
    try Fun()
    catch
        Class:Reason:Stack ->
            {error, add_errors(C, C#c.name, [{none, ?MODULE, {crash, Class, Reason, Stack}}])}
    end.

%%% Goals: {Result, C}, or {error, C}

goal(module, Source, C) ->
    case make(Source, C, #{}) of
        {{ok, Module, Code, Forms}, C1} -> written(Module, with_chunks(Module, Code, Forms, C1), C1);
        Error -> Error
    end;
goal(module_check, Source, C) ->
    case make(Source, C, #{}) of
        {{ok, Module, _, _}, C1} -> {{checked, Module}, C1};
        Error -> Error
    end;
goal(check, Source, C) ->
    case make(Source, C, #{stop => check}) of
        {{ok, _, _, _}, C1} -> {{checked, []}, C1};
        Error -> Error
    end;
goal(dpp, Source, C) -> listing(Source, C#c{transforms = none}, ".pp", fun terms/1);
goal(dabstr, Source, C) -> listing(Source, C, ".abstr", fun terms/1);
goal('P', Source, C) -> listing(Source, C, ".P", fun source_text/1);
goal('E', Source, C) ->
    case make(Source, C, #{stop => check}) of
        {{ok, _, _, _}, C1} ->
            Expand = fun(Forms) -> erl_expand_records:module(Forms, C#c.options) end,
            listing(Source, C#c{warnings = C1#c.warnings}, ".E", fun source_text/1, Expand);
        Error -> Error
    end;
goal('S', Source, C) ->
    case make(Source, C, #{}) of
        {{ok, Module, Code, _}, C1} ->
            text_output(".S", muster_compiler:disassemble(Code), Module, C1);
        Error -> Error
    end;
goal(makedep, Source, C) ->
    case parsed(Source, C) of
        {{ok, _, Forms}, C1} -> makedep(Forms, C1);
        Error -> Error
    end.

listing(Source, C, Ending, Print) -> listing(Source, C, Ending, Print, fun(Forms) -> Forms end).

listing(Source, C, Ending, Print, Change) ->
    case parsed(Source, C) of
        {{ok, _, Forms0}, C1} ->
            Forms = Change(Forms0),
            case lists:member(binary, C#c.options) of
                true -> {{listed, Forms}, C1};
                false -> text_output(Ending, Print(Forms), [], C1)
            end;
        Error -> Error
    end.

terms(Forms) -> [io_lib:format("~tp.\n", [Form]) || Form <- Forms].

source_text(Forms) ->
    [[erl_pp:form(Form), "\n"] || Form <- Forms].

text_output(Ending, Text, _, C) ->
    case lists:member(binary, C#c.options) of
        true -> {{listed, Text}, C};
        false -> save(output(C, Ending), unicode:characters_to_binary(Text), [], C)
    end.

written(Module, Code, #c{options = Options} = C) ->
    case lists:member(binary, Options) of
        true -> {{ok, Module, Code}, C};
        false ->
            Base = C#c.base,
            case atom_to_list(Module) =:= Base orelse
                lists:member(no_error_module_mismatch, Options) of
                true -> save(output(C, code:objfile_extension()), Code, Module, C);
                false ->
                    File = output(C, code:objfile_extension()),
                    {error, add_errors(C, File, [{none, ?MODULE, {module_name, Module, Base}}])}
            end
    end.

%% Written beside its place first, so that nobody reads half of it.
save(File, Bytes, Module, C) ->
    Draft = lists:droplast(File) ++ "#",
    case file:write_file(Draft, Bytes) of
        ok ->
            case file:rename(Draft, File) of
                ok -> {{saved, Module}, C};
                {error, Why} ->
                    _ = file:delete(Draft),
                    {error, add_errors(C, File, [{none, ?MODULE, {rename, Draft, File, Why}}])}
            end;
        {error, Why} -> {error, add_errors(C, Draft, [{none, ?MODULE, {write_error, Why}}])}
    end.

%%% Phases

%% The forms, transformed.
parsed(Source, #c{transforms = none} = C) -> only_parsed(Source, C);
parsed(Source, C) ->
    case parse(Source, C) of
        {{ok, Module, Forms}, C1} ->
            Own = transforms_of(Forms),
            case transform(C1#c.transforms ++ Own, without_transforms(Forms), C1) of
                {ok, New, C2} -> {{ok, Module, New}, C2};
                {error, C2} -> {error, C2}
            end
    end.

%% As the forms are: errors stay in them.
parse(Source, C) ->
    case muster_compiler:run(Source, (settings(C))#{stop => parse, tests => true}) of
        {_, Module, Forms, _} -> {{ok, Module, Forms}, C};
        {bad, Part} -> error({bad_form, Part})
    end.

only_parsed(Source, C) ->
    case muster_compiler:run(Source, (settings(C))#{stop => parse}) of
        {ok, Module, Forms, _} -> {{ok, Module, Forms}, C};
        {error, _, _, Messages} -> {error, add_messages(C, Messages)};
        {bad, Part} -> error({bad_form, Part})
    end.

%% {{ok, Module, Code, Forms}, C}; Forms only where chunks need them.
make(Source, C, More) -> make_with(Source, with_own_options(Source, C), More).

%% Options of the module's own that are not about checks.
with_own_options({text, Name, Bytes}, C) ->
    case binary:match(Bytes, [<<"debug_info">>, <<"deterministic">>]) of
        nomatch -> C;
        _ ->
            {_, _, Forms, _} = muster_compiler:run({text, Name, Bytes},
                                                   (settings(C))#{stop => parse}),
            with_own_options({forms, Forms}, C)
    end;
with_own_options({forms, Forms}, #c{options = Options} = C) when is_list(Forms) ->
    Own = [O || {attribute, _, compile, Os} <- Forms, O <- as_list(Os), is_own_option(O)],
    case [O || O <- Own, not lists:member(O, Options)] of
        [] -> C;
        More -> (state(C#c.source, filename:rootname(C#c.ifile, ending(Options)), ending(Options),
                       Options ++ More))#c{errors = C#c.errors, warnings = C#c.warnings}
    end;
with_own_options(_, C) -> C.

is_own_option(debug_info) -> true;
is_own_option({debug_info, _}) -> true;
is_own_option(deterministic) -> true;
is_own_option(_) -> false.

make_with(Source, #c{transforms = Transforms} = C, More) ->
    Settings = maps:merge(settings(C), More),
    First = Settings#{before_transforms => true,
                      has_transforms => Transforms =/= [] orelse wants_forms(C)},
    case muster_compiler:run(Source, First) of
        {transforms, _, Read, _} ->
            Forms = as_given(Source, Read),
            Own = transforms_of(Forms),
            case transform(Transforms ++ Own, without_transforms(Forms), C) of
                {ok, New, C1} -> made({forms, New}, Settings, C1, New);
                {error, C1} -> {error, C1}
            end;
        {behaviours, _, Modules, _} ->
            made(Source, Settings#{behaviours => behaviours(Modules, C)}, C, []);
        Answer -> answered(Answer, C, [])
    end.

%% Forms that were given stay as they are, unless the machine did a transform of its own.
as_given({forms, Given}, Read) ->
    case transforms_of(Given) =:= transforms_of(Read) of
        true -> Given;
        false -> Read
    end;
as_given(_, Read) -> Read.

made(Source, Settings, C, Forms) ->
    case muster_compiler:run(Source, Settings) of
        {behaviours, _, Modules, _} ->
            made(Source, Settings#{behaviours => behaviours(Modules, C)}, C, Forms);
        Answer -> answered(Answer, C, Forms)
    end.

answered({ok, Module, Code, Messages}, C, Forms) ->
    {{ok, Module, Code, Forms}, add_messages(C, Messages)};
answered({loaded, Module, _, Messages}, C, _) -> {{loaded, Module}, add_messages(C, Messages)};
answered({not_loaded, _, Why, Messages}, C, _) -> {{not_loaded, Why}, add_messages(C, Messages)};
answered({error, _, _, Messages}, C, _) -> {error, add_messages(C, Messages)};
answered({bad, Part}, _, _) -> error({bad_form, Part}).

settings(#c{options = Options, name = Name, ifile = IFile} = C) ->
    Settings = #{includes => [to_binary(to_text(Dir)) || {i, Dir} <- Options],
                 macros => lists:flatmap(fun macro/1, Options),
                 plain => not lists:member(command_line_macros, Options), % see code:get_object_code/1
                 source_name => to_binary(Name),
                 options => Options,
                 info_options => [O || O <- Options, not is_about_output(O)],
                 more_info => lists:append([Info || {compile_info, Info} <- Options]),
                 deterministic => lists:member(deterministic, Options),
                 docs => not lists:member(no_docs, Options),
                 no_maybe => lists:member({feature, maybe_expr, disable}, Options),
                 location => proplists:get_value(error_location, Options, column)},
    case C#c.source of
        file ->
            Settings#{source => to_binary(absolute(proplists:get_value(source, Options, IFile)))};
        forms ->
            case proplists:get_value(source, Options) of
                undefined -> Settings;
                Given -> Settings#{source => to_binary(to_text(Given))}
            end
    end.

%% The working directory may be gone.
absolute(File) ->
    try filename:absname(File)
    catch
        error:_ -> to_text(File)
    end.

%% Options that have no part in what the code is.
is_about_output(Option) when is_atom(Option) ->
    lists:member(Option, [verbose, report_errors, report_warnings, return_errors,
                          return_warnings, binary, makedep_side_effect, command_line_macros]);
is_about_output({outdir, _}) -> true;
is_about_output({compile_info, _}) -> true;
is_about_output({cwd, _}) -> true;
is_about_output({debug_info_key, _}) -> true; % a secret
is_about_output(_) -> false.

macro({d, {Name, Value}}) -> macro({d, Name, Value});
macro({d, Name}) -> [{to_binary(to_text(Name)), <<"true">>}];
macro({d, Name, Value}) ->
    [{to_binary(to_text(Name)), unicode:characters_to_binary(io_lib:format("~0tp", [Value]))}];
macro(_) -> [].

%%% Parse transforms

transforms_of(Forms) ->
    [T || {attribute, _, compile, Options} <- Forms, {parse_transform, T} <- as_list(Options)].

%% Those that are obeyed are no longer told.
without_transforms(Forms) ->
    lists:flatmap(fun({attribute, Anno, compile, Options} = Form) ->
                          All = as_list(Options),
                          case [O || O <- All, not is_transform(O)] of
                              All -> [Form];
                              [] -> [];
                              Rest -> [{attribute, Anno, compile, Rest}]
                          end;
                     (Form) -> [Form]
                  end, Forms).

is_transform({parse_transform, _}) -> true;
is_transform(_) -> false.

transform([], Forms, C) -> {ok, Forms, C};
transform([T | Ts], Forms, C) ->
    case find_module(T, C) andalso erlang:function_exported(T, parse_transform, 2) of
        true ->
            case call_transform(T, Forms, C) of
                {ok, New, C1} -> transform(Ts, New, C1);
                {error, C1} -> {error, C1}
            end;
        false -> {error, add_errors(C, C#c.name, [{none, ?MODULE, {undef_parse_transform, T}}])}
    end.

call_transform(T, Forms0, C) ->
    Forms = case location_wanted(T, C) of
                line -> [lines_only(Form) || Form <- Forms0];
                column -> Forms0
            end,
    try T:parse_transform(Forms, C#c.options) of
        {error, Errors, Warnings} -> {error, add_told(add_told(C, #c.errors, Errors), #c.warnings, Warnings)};
        {warning, New, Warnings} -> {ok, located(New, C), add_told(C, #c.warnings, Warnings)};
        New -> {ok, located(New, C), C}
    catch
        Class:Reason:Stack ->
            What = {parse_transform, T, {Class, Reason, Stack}},
            {error, add_errors(C, C#c.name, [{none, ?MODULE, What}])}
    end.

%% What a transform gives has columns only where they are wanted.
located(Forms, #c{options = Options}) ->
    case proplists:get_value(error_location, Options, column) of
        line when is_list(Forms) -> [lines_only(Form) || Form <- Forms];
        _ -> Forms
    end.

location_wanted(T, #c{options = Options}) ->
    case proplists:get_value(error_location, Options, column) of
        line -> line;
        _ -> location_wanted(T)
    end.

location_wanted(T) ->
    case erlang:function_exported(T, parse_transform_info, 0) of
        true ->
            case T:parse_transform_info() of
                #{error_location := line} -> line;
                _ -> column
            end;
        false -> column
    end.

lines_only({Kind, {Place, Module, What}}) when Kind =:= error; Kind =:= warning ->
    {Kind, {line_of(Place), Module, What}};
lines_only({eof, Place}) -> {eof, line_of(Place)};
lines_only(Form) when element(1, Form) =:= error; element(1, Form) =:= warning -> Form;
lines_only(Form) ->
    erl_parse:map_anno(fun(Anno) -> erl_anno:set_location(erl_anno:line(Anno), Anno) end, Form).

line_of({Line, _}) -> Line;
line_of(Line) -> Line.

%% On the code path, or else beside the source.
find_module(Module, C) ->
    case code:ensure_loaded(Module) of
        {module, _} -> true;
        {error, _} when C#c.source =:= file ->
            Beside = filename:join(filename:dirname(C#c.ifile), atom_to_list(Module)),
            muster_autoload:load_from(Module, [Beside, output(C#c{base = atom_to_list(Module)}, "")]);
        {error, _} -> false
    end.

%%% Behaviours

behaviours(Modules, C) ->
    [{Module, Callbacks, Optional}
     || Module <- lists:usort(Modules), find_module(Module, C),
        Callbacks <- behaviour_info(Module, callbacks),
        Optional <- [hd(behaviour_info(Module, optional_callbacks) ++ [[]])]].

%% What it answers, right or wrong, in a list; nothing where it cannot be asked.
behaviour_info(Module, What) ->
    try [Module:behaviour_info(What)] catch _:_ -> [] end.

%%% Chunks

wants_forms(#c{options = Options}) ->
    lists:any(fun(debug_info) -> true;
                 ({debug_info, _}) -> true;
                 (beam_docs) -> true;
                 (_) -> false
              end, Options).

with_chunks(Module, Code, Forms, #c{options = Options}) ->
    Own = [{to_text(Id), Bytes} || {extra_chunks, Chunks} <- Options, {Id, Bytes} <- Chunks],
    case debug_chunk(Forms, Options) ++ muster_docs:chunk(Module, Forms, Options) ++ Own of
        [] -> Code;
        Chunks -> muster_compiler:add_chunks(Code, term_to_binary(Chunks, [compressed]))
    end.

%% What is to be encrypted is left out: nothing is encrypted here.
debug_chunk(Forms, Options) ->
    IsSecret = lists:keymember(debug_info_key, 1, Options) orelse
        lists:member(encrypt_debug_info, Options),
    case lists:member(debug_info, Options) of
        _ when IsSecret -> [];
        true ->
            Clean = [O || O <- Options, not is_about_output(O)],
            Info = {debug_info_v1, erl_abstract_code, {Forms, Clean}},
            [{"Dbgi", term_to_binary(Info, [compressed])}];
        false ->
            [{"Dbgi", term_to_binary({debug_info_v1, Backend, Data})}
             || {debug_info, {Backend, Data}} <- Options]
    end.

%%% Dependencies

makedep(Forms, #c{options = Options} = C) ->
    Files = lists:uniq([File || {attribute, _, file, {File, _}} <- Forms]),
    Phony = case lists:member(makedep_phony, Options) of
                true -> [[File, ":\n"] || File <- tl(Files ++ [[]]), File =/= [], File =/= hd(Files)];
                false -> []
            end,
    Missing = [File || lists:member(makedep_add_missing, Options),
                       {error, {_, epp, {include, _, File}}} <- Forms],
    Text = [makedep_target(C), ":", wrapped(Files ++ Missing, makedep_target(C)), "\n",
            [["\n", P] || P <- Phony]],
    Bytes = unicode:characters_to_binary(Text),
    case {lists:member(binary, Options), proplists:get_value(makedep_output, Options)} of
        {true, _} -> {{listed, Bytes}, C};
        {_, undefined} -> save(output(C, ".Pbeam"), Bytes, [], C);
        {_, File} when is_list(File); is_binary(File) -> save(File, Bytes, [], C);
        {_, Device} ->
            ok = io:put_chars(Device, Bytes),
            {{saved, []}, C}
    end.

makedep_target(#c{options = Options} = C) ->
    Target = case proplists:get_value(makedep_target, Options) of
        undefined -> output(C, code:objfile_extension());
        Given -> to_text(Given)
    end,
    case lists:member(makedep_quote_target, Options) of
        true -> lists:flatmap(fun quoted/1, Target);
        false -> Target
    end.

%% As make(1) reads it.
quoted($$) -> "$$";
quoted(C) when C =:= $#; C =:= $\s; C =:= $\t -> [$\\, C];
quoted(C) -> [C].

%% Lines go on behind a backslash.
wrapped(Files, Target) -> wrapped(Files, length(Target) + 1, []).

wrapped([File | Files], Column, Done) when Column + 1 + length(File) > 76, Done =/= [] ->
    wrapped(Files, 2 + length(File), [Done, " \\\n  ", File]);
wrapped([File | Files], Column, Done) ->
    wrapped(Files, Column + 1 + length(File), [Done, " ", File]);
wrapped([], _, Done) -> Done.

%%% What was said

add_errors(C, File, Errors) -> C#c{errors = C#c.errors ++ [{File, Errors}]}.

add_told(C, Field, Groups) when is_list(Groups) ->
    setelement(Field, C, element(Field, C) ++ Groups);
add_told(C, _, _) -> C.

%% What reading said stands before what the checks said.
add_messages(C, Messages) ->
    {Read, Checked} = lists:partition(fun({_, _, Info}) -> is_of_reading(Info) end, Messages),
    lists:foldl(fun({Kind, Field, Part}, Acc) ->
                        Groups = groups([{File, Info} || {K, File, Info} <- Part, K =:= Kind]),
                        setelement(Field, Acc, element(Field, Acc) ++ in_order(Part, Read, Groups))
                end, C, [{error, #c.errors, Read}, {error, #c.errors, Checked},
                         {warning, #c.warnings, Read}, {warning, #c.warnings, Checked}]).

%% At one place what the checks said is ordered as terms are.
in_order(Read, Read, Groups) -> Groups;
in_order(_, _, Groups) -> [{File, lists:sort(Infos)} || {File, Infos} <- Groups].

is_of_reading({erl_lint, _}) -> false;
is_of_reading({_, Module, _}) -> lists:member(Module, [epp, erl_parse, erl_scan, file_io_server]).

groups([]) -> [];
groups([{File, _} | _] = All) ->
    {Same, Others} = lists:splitwith(fun({F, _}) -> F =:= File end, All),
    [{File, [Info || {_, Info} <- Same]} | groups(Others)].

%%% Results

finish({Result, C0}) ->
    {Read, Others} = lists:partition(fun({_, [Info | _]}) -> is_of_reading(Info) end,
                                     C0#c.warnings),
    finish(Result, C0#c{warnings = Read ++ by_file(Others)}).

by_file(Groups) ->
    [{File, lists:sort(lists:append([Infos || {F, Infos} <- Groups, F =:= File]))}
     || File <- lists:usort([File || {File, _} <- Groups])].

finish(error, C) -> failed(C);
finish(Result, #c{options = Options, warnings = Warnings} = C) ->
    case Warnings =/= [] andalso lists:member(warnings_as_errors, Options) of
        true -> failed(C);
        false ->
            report(C),
            with_warnings(plain_result(Result), C)
    end.

plain_result({ok, Module, Code}) -> {ok, Module, Code};
plain_result({saved, Module}) -> {ok, Module};
plain_result({checked, Module}) -> {ok, Module};
plain_result({listed, What}) -> {ok, [], What}.

with_warnings(Result, #c{options = Options, warnings = Warnings}) ->
    case lists:member(return_warnings, Options) of
        true -> erlang:append_element(Result, Warnings);
        false -> Result
    end.

failed(#c{options = Options, errors = Errors, warnings = Warnings} = C) ->
    report(C),
    case lists:member(return_errors, Options) of
        true -> {error, Errors, Warnings};
        false -> error
    end.

report(#c{options = Options, errors = Errors, warnings = Warnings}) ->
    Excerpts = not lists:member(brief, Options),
    case lists:member(report_errors, Options) of
        true -> muster_messages:print(standard_io, Errors, error, Excerpts);
        false -> ok
    end,
    case {lists:member(report_warnings, Options),
          Warnings =/= [] andalso lists:member(warnings_as_errors, Options)} of
        {true, true} ->
            io:put_chars("compile: warnings being treated as errors\n"),
            muster_messages:print(standard_io, Warnings, error, Excerpts);
        {true, false} -> muster_messages:print(standard_io, Warnings, warning, Excerpts);
        {false, _} -> ok
    end.

-spec format_error(term()) -> unicode:chardata().
format_error({epp, Why}) -> epp:format_error(Why);
format_error({open, Why}) -> io_lib:format("open error '~ts'", [file:format_error(Why)]);
format_error({write_error, Why}) ->
    io_lib:format("error writing file: ~ts", [file:format_error(Why)]);
format_error({rename, From, To, Why}) ->
    io_lib:format("failed to rename ~ts to ~ts: ~ts", [From, To, file:format_error(Why)]);
format_error({module_name, Module, Name}) ->
    io_lib:format("Module name '~s' does not match file name '~ts'", [Module, Name]);
format_error({undef_parse_transform, T}) ->
    io_lib:format("undefined parse transform '~s'", [T]);
format_error({parse_transform, T, {Class, Reason, Stack}}) ->
    ["error in parse transform '", atom_to_list(T), "':\n",
     muster_error:format_exception(Class, Reason, Stack, #{column => 1, depth => 15})];
format_error({crash, Class, Reason, Stack}) ->
    ["internal error in the compiler:\n",
     muster_error:format_exception(Class, Reason, Stack, #{column => 1, depth => 15})];
format_error({no_reader, Ending}) -> ["files ", Ending, " cannot be compiled"];
format_error({text, Text}) -> Text;
format_error(Other) -> io_lib:format("~tp", [Other]).
