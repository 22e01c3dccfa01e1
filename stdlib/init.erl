%% What the command line said, and the orderly end.
-module(init).
-export([get_argument/1, get_arguments/0, get_plain_arguments/0, get_status/0,
         stop/0, stop/1, restart/0, restart/1, reboot/0, boot/1, script_id/0,
         ensure_loaded/1, make_permanent/2, run_on_load_handlers/0, run_on_load_handlers/1,
         notify_when_started/1, wait_until_started/0, archive_extension/0,
         objfile_extension/0, code_path_choice/0]).

%% The arguments of the program: strings.
-spec get_plain_arguments() -> [string()].
get_plain_arguments() ->
    [unicode:characters_to_list(Argument) || Argument <- muster_machine:arguments()].

%% The machine has no flags of this kind, but a home.
-spec get_argument(atom()) -> {ok, [[string()]]} | error.
get_argument(home) ->
    case os:getenv("HOME") of
        false -> error;
        Home -> {ok, [[Home]]}
    end;
get_argument(progname) -> {ok, [["muster"]]};
get_argument(Flag) when is_atom(Flag) -> error;
get_argument(_) -> error.

-spec get_arguments() -> [{atom(), [string()]}].
get_arguments() ->
    [{Flag, Values} || Flag <- [progname, home], {ok, [Values]} <- [get_argument(Flag)]].

-spec get_status() -> {starting | started | stopping, term()}.
get_status() -> {started, started}.

-spec stop() -> ok.
stop() -> stop(0).

%% Stops the applications, then the machine; the caller goes on meanwhile.
-spec stop(integer() | string()) -> ok.
stop(Status) when is_integer(Status), Status >= 0; is_list(Status) ->
    User = whereis(user),
    _ = spawn(fun() ->
                      %% Who asks may belong to an application, all of which is killed at its end.
                      is_pid(User) andalso group_leader(User, self()),
                      process_flag(trap_exit, true),
                      Controller = whereis(application_controller),
                      stop_applications(Controller),
                      halt(Status)
              end),
    ok;
stop(Status) -> error(badarg, [Status]).

stop_applications(undefined) -> ok;
stop_applications(Controller) ->
    Ref = monitor(process, Controller),
    exit(Controller, shutdown),
    receive {'DOWN', Ref, process, _, _} -> ok end.

-spec restart() -> no_return().
restart() -> error(not_supported).

-spec restart([{mode, embedded | interactive}]) -> no_return().
restart(_) -> error(not_supported).

-spec reboot() -> ok.
reboot() -> stop().

-spec boot([binary()]) -> no_return().
boot(_) -> error(not_supported).

-spec script_id() -> term().
script_id() -> {"Muster", "1"}.

-spec ensure_loaded(module()) -> {module, module()} | {error, term()}.
ensure_loaded(Module) -> code:ensure_loaded(Module).

-spec make_permanent(term(), term()) -> ok.
make_permanent(_, _) -> ok.

-spec run_on_load_handlers() -> ok.
run_on_load_handlers() -> ok.

-spec run_on_load_handlers([module()]) -> ok.
run_on_load_handlers(_) -> ok.

-spec notify_when_started(pid()) -> started.
notify_when_started(_) -> started.

-spec wait_until_started() -> ok.
wait_until_started() -> ok.

-spec archive_extension() -> string().
archive_extension() -> ".ez".

-spec objfile_extension() -> string().
objfile_extension() -> ".beam".

-spec code_path_choice() -> strict.
code_path_choice() -> strict.
