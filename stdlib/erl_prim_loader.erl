%% How code is found. There is one loader, which reads files; the library is in the machine itself.
-module(erl_prim_loader).
-export([get_file/1, get_path/0, set_path/1, list_dir/1, read_file_info/1, read_link_info/1, get_cwd/0]).
-export_type([host/0]).

-type host() :: atom().

-spec get_file(file:filename()) -> {ok, binary(), file:filename()} | error.
get_file(Name) ->
    case file:read_file(Name) of
        {ok, Bytes} -> {ok, Bytes, Name};
        {error, _} -> error
    end.

-spec get_path() -> {ok, [file:filename()]}.
get_path() -> {ok, code:get_path()}.

-spec set_path([file:filename()]) -> ok.
set_path(Path) ->
    _ = code:set_path(Path),
    ok.

-spec list_dir(file:filename()) -> {ok, [file:filename()]} | error.
list_dir(Dir) -> answer(file:list_dir(Dir)).

-spec read_file_info(file:filename()) -> {ok, file:file_info()} | error.
read_file_info(Name) -> answer(file:read_file_info(Name)).

-spec read_link_info(file:filename()) -> {ok, file:file_info()} | error.
read_link_info(Name) -> answer(file:read_link_info(Name)).

-spec get_cwd() -> {ok, file:filename()} | error.
get_cwd() -> answer(file:get_cwd()).

answer({ok, _} = Found) -> Found;
answer({error, _}) -> error.
