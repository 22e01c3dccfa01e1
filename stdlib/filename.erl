%% File names, of the kind that POSIX systems have: parts between slashes. A name is a string, an
%% atom, a deep list of both, or a binary of raw bytes; a binary among the arguments makes the
%% result one. All the work is done on flat lists, of characters or of a binary's bytes.
-module(filename).

-export([absname/1, absname/2, absname_join/2, append/2, basedir/2, basedir/3, basename/1,
         basename/2, dirname/1, extension/1, flatten/1, join/1, join/2, nativename/1, pathtype/1,
         rootname/1, rootname/2, split/1, validate/1]).

-export_type([basedir_path_type/0, basedir_paths_type/0, basedir_opts/0]).

-type basedir_path_type() :: user_cache | user_config | user_data | user_log.
-type basedir_paths_type() :: site_config | site_data.
-type basedir_opts() :: #{author => string() | binary(), os => windows | darwin | linux,
                          version => string() | binary()}.
-type name_all() :: file:name_all().

%%% Whole names

%% With the directory it is relative to in front.
-spec absname(name_all()) -> file:filename_all().
absname(Name) ->
    {ok, Here} = file:get_cwd(),
    absname(Name, Here).

-spec absname(name_all(), name_all()) -> file:filename_all().
absname(Name, Dir) ->
    case pathtype(Name) of
        absolute ->
            {Kind, _, Chars} = chars(Dir, Name),
            back(Kind, tidy(Chars));
        relative -> join(Dir, Name)
    end.

%% As join/2, without making anything of a relative Dir.
-spec absname_join(name_all(), name_all()) -> file:filename_all().
absname_join(Dir, Name) -> join(Dir, Name).

%% absolute, relative or volumerelative.
-spec pathtype(name_all()) -> absolute | relative | volumerelative.
pathtype(<<$/, _/binary>>) -> absolute;
pathtype(Name) when is_binary(Name) -> relative;
pathtype(Name) when is_atom(Name); is_list(Name) ->
    case is_flat(Name) of
        true -> list_type(Name);
        false -> list_type(flatten(Name))
    end.

list_type([$/ | _]) -> absolute;
list_type(_) -> relative.

%% Atoms and lists in lists as one string.
-spec flatten(name_all()) -> file:filename_all().
flatten(Name) when is_binary(Name) -> Name;
flatten(Name) when is_atom(Name) -> atom_to_list(Name);
flatten(Name) -> flatten(Name, []).

flatten([H | T], Rest) when is_list(H) -> flatten(H, [T | Rest]);
flatten([H | T], Rest) when is_atom(H) -> atom_to_list(H) ++ flatten(T, Rest);
flatten([H | T], Rest) -> [H | flatten(T, Rest)];
flatten([], [T | Rest]) -> flatten(T, Rest);
flatten([], []) -> [];
flatten(Name, Rest) when is_atom(Name) -> atom_to_list(Name) ++ flatten([], Rest).

%% As the operating system writes it.
-spec nativename(name_all()) -> file:filename_all().
nativename(Name) -> join([Name]).

%% Nothing in it may be 0, and it must have bytes.
-spec validate(name_all()) -> boolean().
validate(Name) when is_binary(Name) -> valid(binary_to_list(Name));
validate(Name) when is_list(Name); is_atom(Name) ->
    try list_to_bytes(flatten(Name)) of
        Bytes -> valid(binary_to_list(Bytes))
    catch
        error:_ -> false
    end.

valid([]) -> false;
valid(Bytes) -> not lists:member(0, Bytes).

%%% Parts

%% The parts.
-spec split(name_all()) -> [file:filename_all()].
split(<<$/, Name/binary>>) ->
    [<<"/">> | binary_parts(Name)];
split(Name) when is_binary(Name) ->
    binary_parts(Name);
split(Name) ->
    case flat_chars(Name) of
        [$/ | Rest] -> ["/" | parts(Rest, [])];
        Chars -> parts(Chars, [])
    end.

binary_parts(Name) -> binary:split(Name, <<"/">>, [global, trim_all]).

parts([$/ | T], []) -> parts(T, []);
parts([$/ | T], Part) -> [lists:reverse(Part) | parts(T, [])];
parts([C | T], Part) -> parts(T, [C | Part]);
parts([], []) -> [];
parts([], Part) -> [lists:reverse(Part)].

%% The last part, without an extension if it is given.
-spec basename(name_all()) -> file:filename_all().
basename(Name) ->
    {Kind, Chars} = chars(Name),
    back(Kind, base(Kind, Chars)).

%% Of slashes at the end, the last is not seen in a list, and all are not in a binary.
base(binary, Chars) ->
    part_before(after_slashes(lists:reverse(Chars)), []);
base(list, Chars) ->
    last_part(Chars, Chars).

last_part("/", Part) -> lists:droplast(Part);
last_part([$/ | T], _) -> last_part(T, T);
last_part([_ | T], Part) -> last_part(T, Part);
last_part([], Part) -> Part.

%% The part that ends a reversed name.
part_before([$/ | _], Part) -> Part;
part_before([C | T], Part) -> part_before(T, [C | Part]);
part_before([], Part) -> Part.

-spec basename(name_all(), name_all()) -> file:filename_all().
basename(Name, Extension) ->
    {Kind, Chars, Ending} = chars(Name, Extension),
    case Kind =:= list andalso Ending =/= [] andalso before(Chars, Ending) of
        false when Kind =:= binary ->
            Base = base(Kind, Chars),
            %% Not of a name that ends in a slash.
            case before(Chars, Ending) =/= false andalso before(Base, Ending) of
                false -> back(Kind, Base);
                Reversed -> back(Kind, lists:reverse(Reversed))
            end;
        false -> base(Kind, Chars);
        Reversed -> part_before(Reversed, [])
    end.

%% What stands before the ending, reversed; false if it ends otherwise.
before(Chars, Ending) -> remove_prefix(lists:reverse(Ending), lists:reverse(Chars)).

remove_prefix([C | Prefix], [C | T]) -> remove_prefix(Prefix, T);
remove_prefix([], T) -> T;
remove_prefix(_, _) -> false.

%% All but the last part.
-spec dirname(name_all()) -> file:filename_all().
dirname(Name) ->
    {Kind, Chars} = chars(Name),
    back(Kind, dir(lists:reverse(Chars))).

dir(Reversed) ->
    case from_slash(Reversed) of
        [] -> ".";
        Slashes ->
            case after_slashes(Slashes) of
                [] -> "/";
                Rest -> lists:reverse(Rest)
            end
    end.

from_slash([C | T]) when C =/= $/ -> from_slash(T);
from_slash(Chars) -> Chars.

after_slashes([$/ | T]) -> after_slashes(T);
after_slashes(Chars) -> Chars.

%% The extension with its dot, or nothing.
-spec extension(name_all()) -> file:filename_all().
extension(Name) ->
    {Kind, Chars} = chars(Name),
    {_, Extension} = at_extension(Chars),
    back(Kind, Extension).

%% Without the extension.
-spec rootname(name_all()) -> file:filename_all().
rootname(Name) ->
    {Kind, Chars} = chars(Name),
    case Chars of
        [$. | Rest] -> back(Kind, root_of_dotted(Chars, Rest));
        _ ->
            {Root, _} = at_extension(Chars),
            back(Kind, Root)
    end.

%% A dot that begins a part begins no extension, but rootname/1 leaves nothing of a name like ".a".
root_of_dotted(Chars, Rest) ->
    {Root, _} = at_extension(Chars),
    case Root =:= Chars andalso not (lists:member($., Rest) orelse lists:member($/, Rest)) of
        true -> [];
        false -> Root
    end.

at_extension(Chars) -> at_extension(lists:reverse(Chars), [], Chars).

at_extension([$., C | T], Extension, _) when C =/= $/ ->
    {lists:reverse([C | T]), [$. | Extension]};
at_extension([C | T], Extension, Chars) when C =/= $/, C =/= $. ->
    at_extension(T, [C | Extension], Chars);
at_extension(_, _, Chars) -> {Chars, []}.

-spec rootname(name_all(), name_all()) -> file:filename_all().
rootname(Name, Extension) ->
    {Kind, Chars, Ending} = chars(Name, Extension),
    case before(Chars, Ending) of
        false -> back(Kind, Chars);
        [$/ | _] -> back(Kind, Chars);
        Reversed -> back(Kind, lists:reverse(Reversed))
    end.

%%% Joining

%% Parts with separators between them.
-spec join([name_all(), ...]) -> file:filename_all().
join([Name]) when is_list(Name); is_binary(Name); is_atom(Name) -> tidy_name(Name);
join([Name, Next | Rest]) -> join([join(Name, Next) | Rest]).

-spec join(name_all(), name_all()) -> file:filename_all().
join(Dir, Name) when (is_list(Dir) orelse is_binary(Dir) orelse is_atom(Dir)), (is_list(Name) orelse is_binary(Name) orelse is_atom(Name)) ->
    {Kind, Left, Right} = chars(Dir, Name),
    back(Kind, joined(Left, Right)).

joined(Left, []) -> tidy(Left);
joined(_, [$/ | _] = Right) -> tidy(Right);
joined(Left, Right) -> tidy(Left ++ [$/ | Right]).

tidy_name(Name) ->
    {Kind, Chars} = chars(Name),
    back(Kind, tidy(Chars)).

%% One slash for several and for "/./", and none at the end of more than the root.
tidy([$/, $/ | T]) -> tidy([$/ | T]);
tidy([$/, $., $/ | T]) -> tidy([$/ | T]);
tidy("/") -> "/";
tidy([C | T]) -> [C | tidy_rest(T)];
tidy([]) -> [].

tidy_rest([$/, $/ | T]) -> tidy_rest([$/ | T]);
tidy_rest([$/, $., $/ | T]) -> tidy_rest([$/ | T]);
tidy_rest("/") -> [];
tidy_rest([C | T]) -> [C | tidy_rest(T)];
tidy_rest([]) -> [].

%% As join, without a look at either.
-spec append(name_all(), name_all()) -> file:filename_all().
append(Dir, Name) when is_binary(Dir); is_binary(Name) ->
    {binary, Left, Right} = chars(Dir, Name),
    list_to_binary([Left, $/ | Right]);
append(Dir, Name) -> Dir ++ [$/ | Name].

%%% Where applications keep their files

%% Where the files of a user or a site of an application belong.
-spec basedir(basedir_path_type(), name_all()) -> file:filename_all();
             (basedir_paths_type(), name_all()) -> [file:filename_all()].
basedir(Type, Application) when is_atom(Type), is_list(Application) orelse is_binary(Application) ->
    basedir(Type, Application, #{}).

-spec basedir(basedir_path_type(), name_all(), basedir_opts()) -> file:filename_all();
             (basedir_paths_type(), name_all(), basedir_opts()) -> [file:filename_all()].
basedir(Type, Application, Options)
  when is_atom(Type), is_map(Options), is_list(Application) orelse is_binary(Application) ->
    System = maps:get(os, Options, linux),
    Author = [A || windows <- [System], A <- [maps:get(author, Options, [])], A =/= []],
    Version = [V || #{version := V} <- [Options]],
    Name = join(Author ++ [Application | Version]),
    case {System, Type} of
        {_, site_data} -> [join(Dir, Name) || Dir <- base_dirs(System, Type)];
        {_, site_config} -> [join(Dir, Name) || Dir <- base_dirs(System, Type)];
        {windows, user_log} -> join([base_dir(System, Type), Name, "Logs"]);
        {windows, user_cache} -> join([base_dir(System, Type), Name, "Cache"]);
        {darwin, _} -> join(base_dir(System, Type), Name);
        {_, user_log} -> join([base_dir(System, Type), Name, "log"]);
        _ -> join(base_dir(System, Type), Name)
    end.

base_dir(windows, Type) ->
    Local = case Type of
        user_data -> "Local";
        user_cache -> "Local";
        user_log -> "Local";
        user_config -> "Roaming"
    end,
    Variable = case Local of
        "Local" -> "LOCALAPPDATA";
        "Roaming" -> "APPDATA"
    end,
    at_home(Variable, Local);
base_dir(darwin, Type) ->
    Dir = case Type of
        user_data -> "Library/Application Support";
        user_config -> "Library/Application Support";
        user_cache -> "Library/Caches";
        user_log -> "Library/Logs"
    end,
    join(home(), Dir);
base_dir(_, Type) ->
    case Type of
        user_data -> at_home("XDG_DATA_HOME", ".local/share");
        user_config -> at_home("XDG_CONFIG_HOME", ".config");
        user_cache -> at_home("XDG_CACHE_HOME", ".cache");
        user_log -> at_home("XDG_CACHE_HOME", ".cache")
    end.

base_dirs(windows, _) -> [];
base_dirs(darwin, _) -> ["/Library/Application Support"];
base_dirs(_, site_data) -> search_dirs("XDG_DATA_DIRS", "/usr/local/share/:/usr/share/");
base_dirs(_, site_config) -> search_dirs("XDG_CONFIG_DIRS", "/etc/xdg").

search_dirs(Variable, Default) ->
    [Dir || Dir <- string:lexemes(os:getenv(Variable, Default), ":")].

at_home(Variable, Default) ->
    case os:getenv(Variable) of
        Dir when is_list(Dir), Dir =/= [] -> Dir;
        _ -> join(home(), Default)
    end.

home() ->
    case os:getenv("HOME") of
        Dir when is_list(Dir), Dir =/= [] -> Dir;
        _ -> "/"
    end.

%%% Between names and flat lists

chars(Name) when is_binary(Name) -> {binary, binary_to_list(Name)};
chars(Name) -> {list, flat_chars(Name)}.

chars(A, B) when is_binary(A); is_binary(B) -> {binary, byte_list(A), byte_list(B)};
chars(A, B) -> {list, flat_chars(A), flat_chars(B)}.

flat_chars(Name) ->
    case is_flat(Name) of
        true -> Name;
        false -> only_chars(flatten(Name))
    end.

is_flat([C | T]) when is_integer(C) -> is_flat(T);
is_flat(Rest) -> Rest =:= [].

only_chars(Chars) ->
    case is_flat(Chars) of
        true -> Chars;
        false -> erlang:error(function_clause)
    end.

byte_list(Name) when is_binary(Name) -> binary_to_list(Name);
byte_list(Name) -> binary_to_list(list_to_bytes(flatten(Name))).

list_to_bytes(Chars) ->
    case unicode:characters_to_binary(Chars, unicode, utf8) of
        Bytes when is_binary(Bytes) -> Bytes;
        _ -> erlang:error(badarg)
    end.

back(binary, Bytes) -> list_to_binary(Bytes);
back(list, Chars) -> Chars.
