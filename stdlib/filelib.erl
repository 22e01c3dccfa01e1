%% What can be asked about files without opening them, and wildcards. The last argument of the
%% longer forms names the module that is asked, `file` or one with the same functions.
%%
%% A wildcard is compiled part by part (between slashes) to the ways it can be matched: braces are
%% multiplied out first, so that what is left is a list of characters, sets, '?' and '*'.
-module(filelib).

-export([is_dir/1, is_dir/2, is_file/1, is_file/2, is_regular/1, is_regular/2, file_size/1,
         file_size/2, last_modified/1, last_modified/2]).
-export([wildcard/1, wildcard/2, wildcard/3, compile_wildcard/1, fold_files/5, fold_files/6]).
-export([ensure_dir/1, ensure_path/1, safe_relative_path/2]).
-export([find_file/2, find_file/3, find_source/1, find_source/2, find_source/3]).

-export_type([find_file_rule/0, find_source_rule/0]).

%% As in kernel's file.hrl.
-record(file_info, {size, type, access, atime, mtime, ctime, mode, links, major_device,
                    minor_device, inode, uid, gid}).

-define(IS_NAME(N), is_list(N) orelse is_binary(N) orelse is_atom(N)).

-type filename() :: file:name().
-type filename_all() :: file:name_all().
-type find_file_rule() :: {ObjDirSuffix :: string(), SrcDirSuffix :: string()}.
-type find_source_rule() :: {ObjExtension :: string(), SrcExtension :: string(),
                             [find_file_rule()]}.

%%% One file

%% Whether there is a directory of this name.
-spec is_dir(filename_all()) -> boolean().
is_dir(Name) -> is_dir(Name, file).

-spec is_dir(filename_all(), module()) -> boolean().
is_dir(Name, Module) when is_atom(Module) -> is_type(Name, Module, [directory]).

%% Whether there is a file or directory of this name.
-spec is_file(filename_all()) -> boolean().
is_file(Name) -> is_file(Name, file).

-spec is_file(filename_all(), module()) -> boolean().
is_file(Name, Module) when is_atom(Module) -> is_type(Name, Module, [regular, directory]).

%% Whether there is a regular file of this name.
-spec is_regular(filename_all()) -> boolean().
is_regular(Name) -> is_regular(Name, file).

-spec is_regular(filename_all(), module()) -> boolean().
is_regular(Name, Module) when is_atom(Module) -> is_type(Name, Module, [regular]).

is_type(Name, Module, Types) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{type = Type}} -> lists:member(Type, Types);
        _ -> false
    end.

%% The size of a file in bytes, 0 where there is none.
-spec file_size(filename_all()) -> non_neg_integer().
file_size(Name) -> file_size(Name, file).

-spec file_size(filename_all(), module()) -> non_neg_integer().
file_size(Name, Module) when is_atom(Module) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{size = Size}} -> Size;
        _ -> 0
    end.

%% When a file was last changed, 0 where there is none.
-spec last_modified(filename_all()) -> file:date_time() | 0.
last_modified(Name) -> last_modified(Name, file).

-spec last_modified(filename_all(), module()) -> file:date_time() | 0.
last_modified(Name, Module) when is_atom(Module) ->
    case Module:read_file_info(Name) of
        {ok, #file_info{mtime = Time}} -> Time;
        _ -> 0
    end.

%%% Wildcards

%% A pattern that is none is the fault of who calls: of the function here that he called.
-define(CHECKED(Expr), try Expr catch throw:{badpattern, _} = Reason -> erlang:error(Reason) end).

%% The names that match a pattern (*, **, ?, [a-z], {a,b}), sorted.
-spec wildcard(filename() | [filename()]) -> [file:filename()].
wildcard(Pattern) when is_list(Pattern) -> ?CHECKED(expand(Pattern, ".", file)).

%% The same, in a directory.
-spec wildcard(filename(), filename() | module()) -> [file:filename()].
wildcard(Pattern, Module) when is_list(Pattern), is_atom(Module) -> ?CHECKED(expand(Pattern, ".", Module));
wildcard(Pattern, Dir) when is_list(Pattern), is_list(Dir) -> ?CHECKED(expand(Pattern, Dir, file)).

%% The same, in a directory, by another module for files.
-spec wildcard(filename(), filename(), module()) -> [file:filename()].
wildcard(Pattern, Dir, Module) when is_list(Pattern), is_list(Dir), is_atom(Module) ->
    ?CHECKED(expand(Pattern, Dir, Module)).

%% Says whether a pattern is well formed, and holds it in compiled form.
-spec compile_wildcard(string()) -> {compiled_wildcard, term()}.
compile_wildcard(Pattern) when is_list(Pattern) -> {compiled_wildcard, ?CHECKED(compiled(Pattern))}.

compiled(Pattern) ->
    case filename:split(Pattern) of
        ["/" | Parts] -> {"/", parts(Parts)};
        Parts -> {"", parts(Parts)}
    end.

expand(Pattern, Dir, Module) ->
    {Root, Parts} = compiled(Pattern),
    lists:usort(walk(Parts, Root, filename:flatten(Dir), Module)).

%% Found is the name so far as it will be given, and is looked up from Dir. What literal parts add
%% is looked at when a directory is listed, or at the end.
walk([{literal, Part} | Parts], Found, Dir, Module) ->
    case Part of
        "." when Parts =/= [] -> walk(Parts, Found, Dir, Module);
        _ ->
            Name = under(Found, Part),
            case Parts of
                [] -> [Name || Part =/= "", exists(filename:join(Dir, Name), Module)];
                _ -> walk(Parts, Name, Dir, Module)
            end
    end;
walk([deep], Found, Dir, Module) ->
    lists:append([[Name | walk([deep], Name, Dir, Module)] || Name <- entries(Found, Dir, Module)]);
walk([deep | Parts] = Here, Found, Dir, Module) ->
    walk(Parts, Found, Dir, Module)
        ++ lists:append([walk(Here, Name, Dir, Module) || Name <- entries(Found, Dir, Module)]);
walk([Ways | Parts], Found, Dir, Module) ->
    Names = [under(Found, Entry) || Entry <- list(Found, Dir, Module), matches_any(Ways, Entry)],
    case Parts of
        [] -> Names;
        _ -> lists:append([walk(Parts, Name, Dir, Module) || Name <- Names])
    end;
walk([], Found, _, _) -> [Found || Found =/= ""].

under("", Part) -> Part;
under(Found, Part) -> filename:join(Found, Part).

entries(Found, Dir, Module) -> [under(Found, Entry) || Entry <- list(Found, Dir, Module)].

list(Found, Dir, Module) ->
    case Module:list_dir(filename:join(Dir, Found)) of
        {ok, Entries} -> [E || E <- Entries, is_list(E)];
        _ -> []
    end.

exists(Name, Module) ->
    case Module:read_link_info(Name) of
        {ok, _} -> true;
        _ -> false
    end.

%%% Matching one part

parts(Parts) -> [part(P) || P <- Parts].

part("**") -> deep;
part(Part) ->
    case [items(P) || P <- braces(Part)] of
        [Items] ->
            case lists:all(fun is_integer/1, Items) of
                true -> {literal, Items};
                false -> [Items]
            end;
        Ways -> Ways
    end.

matches_any(Ways, Name) -> lists:any(fun(Items) -> matches(Items, Name, none) end, Ways).

%% On a failure only the last star needs to take one character more.
matches([any_many | Items], Name, _) -> matches(Items, Name, {Items, Name});
matches([C | Items], [C | Name], Star) -> matches(Items, Name, Star);
matches([any_one | Items], [_ | Name], Star) -> matches(Items, Name, Star);
matches([{set, Set} | Items], [C | Name], Star) ->
    case lists:any(fun({From, To}) -> C >= From andalso C =< To end, Set) of
        true -> matches(Items, Name, Star);
        false -> retry(Star)
    end;
matches([], [], _) -> true;
matches(_, _, Star) -> retry(Star).

retry({Items, [_ | Name]}) -> matches(Items, Name, {Items, Name});
retry(_) -> false.

%% All that the braces of a part stand for; a backslash protects.
braces(Part) -> [lists:flatten(P) || P <- alternatives(Part, [])].

alternatives([$\\, C | T], Before) -> alternatives(T, [[$\\, C] | Before]);
alternatives([${ | T], Before) ->
    {Choices, Rest} = choices(T, [], []),
    [lists:reverse(Before, [Choice | After])
     || After <- alternatives(Rest, []), Choice <- lists:append([braces(C) || C <- Choices])];
alternatives([C | T], Before) -> alternatives(T, [C | Before]);
alternatives([], Before) -> [lists:reverse(Before)].

choices([$\\, C | T], Choice, Choices) -> choices(T, [C, $\\ | Choice], Choices);
choices([$, | T], Choice, Choices) -> choices(T, [], [lists:reverse(Choice) | Choices]);
choices([$} | T], Choice, Choices) -> {lists:reverse(Choices, [lists:reverse(Choice)]), T};
choices([C | T], Choice, Choices) -> choices(T, [C | Choice], Choices);
choices([], _, _) -> throw({badpattern, missing_delimiter}).

items([$\\, C | T]) -> [C | items(T)];
items([$* | T]) -> [any_many | items(T)];
items([$? | T]) -> [any_one | items(T)];
items([$[ | T]) ->
    case first_of_set(T) of
        {Set, Rest} -> [{set, Set} | items(Rest)];
        none -> [$[ | items(T)]
    end;
items([C | T]) -> [C | items(T)];
items([]) -> [].

first_of_set([$] | T]) -> set(T, [{$], $]}]);
first_of_set(T) -> set(T, []).

set([$] | T], Set) -> {Set, T};
set([$\\, C | T], Set) -> set(T, [{C, C} | Set]);
set([A, $-, B | T], Set) when A =< B -> set(T, [{A, B} | Set]);
set([C | T], Set) -> set(T, [{C, C} | Set]);
set([], _) -> none.

%%% All files of a tree

%% Folds over the files of a directory whose names match a regular expression.
-spec fold_files(filename_all(), string(), boolean(), fun((filename_all(), Acc) -> Acc), Acc) ->
          Acc.
fold_files(Dir, RegExp, Recursive, F, Acc) -> fold_files(Dir, RegExp, Recursive, F, Acc, file).

-spec fold_files(filename_all(), string(), boolean(), fun((filename_all(), Acc) -> Acc), Acc,
                 module()) -> Acc.
fold_files(Dir, RegExp, Recursive, F, Acc, Module) when is_atom(Module) ->
    {ok, Compiled} = re:compile(RegExp, [unicode]),
    fold_dir(Dir, Compiled, Recursive, F, Acc, Module).

fold_dir(Dir, RegExp, Recursive, F, Acc, Module) ->
    case Module:list_dir(Dir) of
        {ok, Names} ->
            lists:foldl(fun(Name, Acc1) ->
                fold_file(filename:join(Dir, Name), Name, RegExp, Recursive, F, Acc1, Module)
            end, Acc, Names);
        {error, _} -> Acc
    end.

fold_file(Path, Name, RegExp, Recursive, F, Acc, Module) ->
    case is_regular(Path, Module) of
        true ->
            case re:run(Name, RegExp, [{capture, none}]) of
                match -> F(Path, Acc);
                nomatch -> Acc
            end;
        false ->
            case Recursive andalso is_dir(Path, Module) of
                true -> fold_dir(Path, RegExp, Recursive, F, Acc, Module);
                false -> Acc
            end
    end.

%%% Directories

%% Makes the directories that a file of this name needs.
-spec ensure_dir(filename_all()) -> ok | {error, file:posix()}.
ensure_dir("/") -> ok;
ensure_dir(Name) -> ensure_path(filename:dirname(Name)).

%% Makes a directory and those above it, where they are not there.
-spec ensure_path(filename_all()) -> ok | {error, file:posix()}.
ensure_path("/") -> ok;
ensure_path(Dir) ->
    case is_dir(Dir) of
        true -> ok;
        false ->
            Parent = filename:dirname(Dir),
            case Parent =/= Dir of
                true -> ensure_path(Parent);
                false -> ok
            end,
            case file:make_dir(Dir) of
                {error, eexist} ->
                    case is_dir(Dir) of
                        true -> ok;
                        false -> {error, eexist}
                    end;
                Result -> Result
            end
    end.

%% The name without "." and "..", links followed; unsafe if it leads out of Dir.
-spec safe_relative_path(filename_all(), filename_all()) -> unsafe | filename_all().
safe_relative_path(Name, Dir) ->
    case filename:pathtype(Name) of
        relative -> safe(filename:split(Name), Dir, [], #{});
        _ -> unsafe
    end.

%% Seen: the links that are being followed; {followed, Link} ends what one stands for.
safe([{followed, Path} | Parts], Dir, Safe, Seen) -> safe(Parts, Dir, Safe, maps:remove(Path, Seen));
safe([Part | Parts], Dir, Safe, Seen) when Part =:= "."; Part =:= <<".">> ->
    safe(Parts, Dir, Safe, Seen);
safe([Part | Parts], Dir, Safe, Seen) when Part =:= ".."; Part =:= <<"..">> ->
    case Safe of
        [] -> unsafe;
        [_ | Above] -> safe(Parts, Dir, Above, Seen)
    end;
safe([Part | Parts], Dir, Safe, Seen) ->
    Path = filename:join([Dir | lists:reverse(Safe, [Part])]),
    case file:read_link(Path) of
        {ok, _} when is_map_key(Path, Seen) -> unsafe;
        {ok, Target} ->
            case filename:pathtype(Target) of
                relative ->
                    safe(filename:split(Target) ++ [{followed, Path} | Parts], Dir, Safe, Seen#{Path => []});
                _ -> unsafe
            end;
        {error, _} -> safe(Parts, Dir, [Part | Safe], Seen)
    end;
safe([], _, [], _) -> "";
safe([], _, Safe, _) -> filename:join(lists:reverse(Safe)).

%%% From a file to what it belongs to

%% A file beside another, or where rules say.
-spec find_file(filename(), filename()) -> {ok, filename()} | {error, not_found}.
find_file(Name, Dir) -> find_file(Name, Dir, []).

%% The same with rules of one's own.
-spec find_file(filename(), filename(), [find_file_rule()]) ->
          {ok, filename()} | {error, not_found}.
find_file(Name, Dir, []) -> find_file(Name, Dir, file_rules(source_rules()));
find_file(Name, Dir, Rules) -> find_by(Rules, Name, filename:flatten(Dir)).

%% The source of an object file.
-spec find_source(filename()) -> {ok, filename()} | {error, not_found}.
find_source(Path) -> find_source(filename:basename(Path), filename:dirname(Path)).

%% The source of a file in a directory.
-spec find_source(filename(), filename()) -> {ok, filename()} | {error, not_found}.
find_source(Name, Dir) -> find_source(Name, Dir, []).

%% The same with rules of one's own.
-spec find_source(filename(), filename(), [find_source_rule()]) ->
          {ok, filename()} | {error, not_found}.
find_source(Name, Dir, []) -> find_source(Name, Dir, source_rules());
find_source(Name, Dir, Rules) ->
    Extension = filename:extension(Name),
    Root = filename:rootname(Name),
    first([fun() ->
               Source = Root ++ SourceExtension,
               first([fun() -> find_file(Source, Dir, [{[], []}]) end,
                      fun() -> find_by(DirRules, Source, filename:flatten(Dir)) end])
           end || {ObjectExtension, SourceExtension, DirRules} <- Rules,
                  ObjectExtension =:= Extension]).

first([Try | Tries]) ->
    case Try() of
        {ok, _} = Found -> Found;
        {error, not_found} -> first(Tries)
    end;
first([]) -> {error, not_found}.

find_by(Rules, Name, Dir) ->
    first([fun() -> in_dir(filename:join(SourceDir, Name)) end
           || {From, To} <- Rules, SourceDir <- replaced(Dir, From, To)]).

%% The name may be a wildcard, which a rule has brought in.
in_dir(Path) ->
    case is_regular(Path) of
        true -> {ok, Path};
        false ->
            case lists:filter(fun is_regular/1, wildcard(Path)) of
                [Found | _] -> {ok, Found};
                [] -> {error, not_found}
            end
    end.

%% The directory with its last parts From replaced by To.
replaced(Dir, From, To) ->
    case lists:suffix(From, Dir) of
        true -> [lists:sublist(Dir, length(Dir) - length(From)) ++ To];
        false -> []
    end.

source_rules() ->
    [{".beam", ".erl", [{"ebin", "src"}, {"ebin", "esrc"}, {"ebin", "src/*"}, {"", ""}]},
     {".erl", ".yrl", [{"", ""}]}, {"", ".c", [{"priv", "c_src"}]},
     {".so", ".c", [{"priv", "c_src"}]}, {".o", ".c", [{"priv", "c_src"}]},
     {".in", ".c", [{"priv", "c_src"}]}].

%% The directory itself comes first.
file_rules(SourceRules) -> lists:usort(lists:append([Rules || {_, _, Rules} <- SourceRules])).
