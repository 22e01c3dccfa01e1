%% What the generic behaviours share: starting and naming their processes, requests and answers.
-module(gen).
-export([start/5, start/6, init_it/6, init_it/7,
         call/3, call/4, cast/2, reply/2, stop/1, stop/3,
         send_request/3, send_request/5, wait_response/2, receive_response/2, check_response/2,
         wait_response/3, receive_response/3, check_response/3,
         reqids_new/0, reqids_size/1, reqids_add/3, reqids_to_list/1,
         not_started/3, is_expected/1, name/1, unregister_name/1, get_proc_name/1, get_parent/0, hibernate_after/1,
         debug_options/2, format_status_header/2, format_status/4, where/1]).
-export_type([reply_tag/0, request_id/0, request_id_collection/0]).

-type reply_tag() :: reference() | [alias | reference()].
-type request_id() :: reference().
-type request_id_collection() :: #{request_id() => {term(), term()}}.
-type process() :: pid() | atom() | {atom(), node()} | {global, term()} | {via, module(), term()}.

-define(DEFAULT_TIMEOUT, 5000).

%% ---- starting ----

%% Linkage: link, monitor, nolink. Name: {local, Atom}, {global, Term}, {via, Module, Term}.
-spec start(module(), link | monitor | nolink, term(), module(), term(), list()) -> term().
start(GenMod, Linkage, Name, Mod, Args, Options) ->
    case where(Name) of
        undefined -> started(Linkage, [GenMod, self(), parent(Linkage), Name, Mod, Args, Options], Options);
        Pid -> {error, {already_started, Pid}}
    end.

-spec start(module(), link | monitor | nolink, module(), term(), list()) -> term().
start(GenMod, Linkage, Mod, Args, Options) ->
    started(Linkage, [GenMod, self(), parent(Linkage), Mod, Args, Options], Options).

%% Unlinked processes have no parent but themselves.
parent(nolink) -> self;
parent(_) -> self().

started(Linkage, Args, Options) ->
    Timeout = proplists:get_value(timeout, Options, infinity),
    SpawnOptions = proplists:get_value(spawn_opt, Options, []),
    case Linkage of
        link -> proc_lib:start_link(?MODULE, init_it, Args, Timeout, SpawnOptions);
        nolink -> proc_lib:start(?MODULE, init_it, Args, Timeout, SpawnOptions);
        monitor ->
            case proc_lib:start_monitor(?MODULE, init_it, Args, Timeout, SpawnOptions) of
                {{ok, Pid}, Ref} -> {ok, {Pid, Ref}};
                {Error, Ref} ->
                    demonitor(Ref, [flush]),
                    Error
            end
    end.

-spec init_it(module(), pid(), pid() | self, module(), term(), list()) -> term().
init_it(GenMod, Starter, Parent, Mod, Args, Options) ->
    GenMod:init_it(Starter, Parent, self(), Mod, Args, Options).

-spec init_it(module(), pid(), pid() | self, term(), module(), term(), list()) -> term().
init_it(GenMod, Starter, Parent, Name, Mod, Args, Options) ->
    case register_name(Name) of
        true -> GenMod:init_it(Starter, Parent, Name, Mod, Args, Options);
        {false, Pid} -> proc_lib:init_fail(Starter, {error, {already_started, Pid}}, {exit, normal})
    end.

register_name({local, Name} = Full) ->
    try register(Name, self()) of
        true -> true
    catch
        error:_ -> {false, where(Full)}
    end;
register_name({global, Name} = Full) ->
    case global:register_name(Name, self()) of
        yes -> true;
        no -> {false, where(Full)}
    end;
register_name({via, Module, Name} = Full) ->
    case Module:register_name(Name, self()) of
        yes -> true;
        no -> {false, where(Full)}
    end.

%% Its callback module does not want it to begin, and it ends as if nothing was: who started it gets Answer,
%% when the name is free again and the process has ended.
-spec not_started(pid(), term(), Answer :: term()) -> no_return().
not_started(Starter, Name, Answer) ->
    _ = unregister_name(Name),
    proc_lib:init_fail(Starter, Answer, {exit, normal}).

%% A reason for which a process may end without anybody being told.
-spec is_expected(term()) -> boolean().
is_expected(normal) -> true;
is_expected(shutdown) -> true;
is_expected({shutdown, _}) -> true;
is_expected(_) -> false.

-spec unregister_name(term()) -> term().
unregister_name({local, Name}) ->
    try unregister(Name) of
        _ -> ok
    catch
        _:_ -> ok
    end;
unregister_name({global, Name}) -> global:unregister_name(Name);
unregister_name({via, Module, Name}) -> Module:unregister_name(Name);
unregister_name(Pid) when is_pid(Pid) -> Pid.

-spec where(term()) -> pid() | port() | undefined.
where({local, Name}) -> whereis(Name);
where({global, Name}) -> global:whereis_name(Name);
where({via, Module, Name}) -> Module:whereis_name(Name).

%% The name as reports show it.
-spec name(term()) -> term().
name({local, Name}) -> Name;
name({global, Name}) -> Name;
name({via, _, Name}) -> Name;
name(Pid) when is_pid(Pid) -> Pid.

%% The name of this process, which must be registered so (enter_loop).
-spec get_proc_name(term()) -> term().
get_proc_name(Pid) when is_pid(Pid) -> Pid;
get_proc_name({local, Name}) ->
    case process_info(self(), registered_name) of
        {registered_name, Name} -> Name;
        {registered_name, _} -> exit(process_not_registered);
        [] -> exit(process_not_registered)
    end;
get_proc_name({global, Name} = Full) -> named_so(Full, Name, process_not_registered_globally);
get_proc_name({via, Module, Name} = Full) ->
    named_so(Full, Name, {process_not_registered_via, Module}).

named_so(Full, Name, Error) ->
    case where(Full) of
        Pid when Pid =:= self() -> Name;
        _ -> exit(Error)
    end.

-spec get_parent() -> pid().
get_parent() ->
    case get('$ancestors') of
        [Parent | _] when is_pid(Parent) -> Parent;
        [Parent | _] when is_atom(Parent) ->
            case whereis(Parent) of
                undefined -> exit(could_not_find_registered_name);
                Pid -> Pid
            end;
        _ -> exit(process_was_not_started_by_proc_lib)
    end.

-spec hibernate_after(list()) -> timeout().
hibernate_after(Options) -> proplists:get_value(hibernate_after, Options, infinity).

-spec debug_options(term(), list()) -> [sys:dbg_opt()].
debug_options(Name, Options) ->
    case proplists:get_value(debug, Options, []) of
        [] -> [];
        Given ->
            try sys:debug_options(Given)
            catch
                _:_ ->
                    error_logger:format("~tp: ignoring erroneous debug options - ~tp~n",
                                        [Name, Given]),
                    []
            end
    end.

%% ---- calls ----

-spec call(process(), term(), term()) -> {ok, term()}.
call(Process, Label, Request) -> call(Process, Label, Request, ?DEFAULT_TIMEOUT).

-spec call(process(), term(), term(), timeout()) -> {ok, term()}.
call(Process, Label, Request, Timeout)
  when is_pid(Process), Timeout =:= infinity orelse is_integer(Timeout) andalso Timeout >= 0 ->
    do_call(Process, Label, Request, Timeout);
call(Process, Label, Request, Timeout)
  when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    do_call(destination(Process), Label, Request, Timeout).

do_call(Process, _, _, _) when Process =:= self() -> exit(calling_self);
do_call(Process, Label, Request, Timeout) ->
    Ref = monitor(process, Process, [{alias, demonitor}]),
    Tag = [alias | Ref],
    Process ! {Label, {self(), Tag}, Request},
    receive
        {[alias | Ref], Reply} ->
            demonitor(Ref, [flush]),
            {ok, Reply};
        {'DOWN', Ref, _, _, noconnection} -> exit({nodedown, node_of(Process)});
        {'DOWN', Ref, _, _, Reason} -> exit(Reason)
    after Timeout ->
            demonitor(Ref, [flush]),
            receive
                {[alias | Ref], Reply} -> {ok, Reply}
            after 0 -> exit(timeout)
            end
    end.

node_of({_, Node}) -> Node;
node_of(Pid) when is_pid(Pid) -> node(Pid).

%% Where to send: a pid, or a name at another node.
destination(Pid) when is_pid(Pid) -> Pid;
destination(Name) when is_atom(Name) -> found(whereis(Name));
destination({global, _} = Name) -> found(where(Name));
destination({via, _, _} = Name) -> found(where(Name));
destination({Name, Node}) when is_atom(Name), Node =:= node() -> destination(Name);
destination({Name, Node} = Process) when is_atom(Name), is_atom(Node) ->
    case node() of
        nonode@nohost -> exit({nodedown, Node});
        _ -> Process
    end.

found(undefined) -> exit(noproc);
found(Pid) -> Pid.

-spec cast(process(), term()) -> ok.
cast(Process, Message) ->
    try
        case Process of
            {global, Name} -> global:send(Name, Message);
            {via, Module, Name} -> Module:send(Name, Message);
            _ -> erlang:send(Process, Message, [noconnect])
        end
    catch
        _:_ -> ok
    end,
    ok.

-spec reply({pid(), reply_tag()}, term()) -> ok.
reply({_, [alias | Alias] = Tag}, Reply) when is_reference(Alias) ->
    Alias ! {Tag, Reply},
    ok;
reply({_, [[alias | Alias] | _] = Tag}, Reply) when is_reference(Alias) ->
    Alias ! {Tag, Reply},
    ok;
reply({To, Tag}, Reply) ->
    try To ! {Tag, Reply} of
        _ -> ok
    catch
        _:_ -> ok
    end.

-spec stop(process()) -> ok.
stop(Process) -> stop(Process, normal, infinity).

-spec stop(process(), term(), timeout()) -> ok.
stop(Process, Reason, Timeout) when Timeout =:= infinity; is_integer(Timeout), Timeout >= 0 ->
    proc_lib:stop(destination(Process), Reason, Timeout).

%% ---- requests that are answered later ----

-spec send_request(process(), term(), term()) -> request_id().
send_request(Process, Label, Request) ->
    try destination(Process) of
        Found ->
            Ref = monitor(process, Found, [{alias, demonitor}]),
            Found ! {Label, {self(), [alias | Ref]}, Request},
            Ref
    catch
        exit:_ ->
            %% An answer that says so.
            Ref = make_ref(),
            self() ! {'DOWN', Ref, process, Process, noproc},
            Ref
    end.

-spec send_request(process(), term(), term(), term(), request_id_collection()) ->
          request_id_collection().
send_request(Process, Label, Request, Name, Collection) when is_map(Collection) ->
    maps:put(send_request(Process, Label, Request), Name, Collection);
send_request(_, _, _, _, _) -> error(badarg).

-type answer() :: {reply, term()} | {error, {term(), term()}}.

%% Waits; a timeout leaves the request open.
-spec wait_response(request_id(), timeout()) -> answer() | timeout.
wait_response(Ref, Timeout) when is_reference(Ref) ->
    receive
        {[alias | Ref], Reply} ->
            demonitor(Ref, [flush]),
            {reply, Reply};
        {'DOWN', Ref, _, Object, Reason} -> {error, {Reason, Object}}
    after milliseconds(Timeout) -> timeout
    end.

%% Waits; a timeout abandons the request.
-spec receive_response(request_id(), timeout()) -> answer() | timeout.
receive_response(Ref, Timeout) when is_reference(Ref) ->
    case wait_response(Ref, Timeout) of
        timeout ->
            demonitor(Ref, [flush]),
            receive
                {[alias | Ref], Reply} -> {reply, Reply}
            after 0 -> timeout
            end;
        Answer -> Answer
    end.

-spec check_response(term(), request_id()) -> answer() | no_reply.
check_response(Message, Ref) when is_reference(Ref) ->
    case Message of
        {[alias | Ref], Reply} ->
            demonitor(Ref, [flush]),
            {reply, Reply};
        {'DOWN', Ref, _, Object, Reason} -> {error, {Reason, Object}};
        _ -> no_reply
    end.

milliseconds(infinity) -> infinity;
milliseconds({abs, Time}) -> max(0, Time - erlang:monotonic_time(millisecond));
milliseconds(Time) when is_integer(Time), Time >= 0 -> Time.

-spec reqids_new() -> request_id_collection().
reqids_new() -> #{}.

-spec reqids_size(request_id_collection()) -> non_neg_integer().
reqids_size(Collection) when is_map(Collection) -> map_size(Collection);
reqids_size(_) -> error(badarg).

-spec reqids_add(request_id(), term(), request_id_collection()) -> request_id_collection().
reqids_add(Ref, _, Collection) when is_map_key(Ref, Collection) -> error(badarg);
reqids_add(Ref, Label, Collection) when is_reference(Ref), is_map(Collection) ->
    Collection#{Ref => Label};
reqids_add(_, _, _) -> error(badarg).

-spec reqids_to_list(request_id_collection()) -> [{request_id(), term()}].
reqids_to_list(Collection) when is_map(Collection) -> maps:to_list(Collection);
reqids_to_list(_) -> error(badarg).

-type collected() :: {answer(), term(), request_id_collection()} | timeout | no_request.

-spec wait_response(request_id_collection(), timeout(), boolean()) -> collected().
wait_response(Collection, Timeout, Delete) when is_map(Collection) ->
    case map_size(Collection) of
        0 -> no_request;
        _ ->
            receive
                {[alias | Ref], Reply} when is_map_key(Ref, Collection) ->
                    demonitor(Ref, [flush]),
                    collected(Ref, {reply, Reply}, Collection, Delete);
                {'DOWN', Ref, _, Object, Reason} when is_map_key(Ref, Collection) ->
                    collected(Ref, {error, {Reason, Object}}, Collection, Delete)
            after milliseconds(Timeout) -> timeout
            end
    end;
wait_response(_, _, _) -> error(badarg).

-spec receive_response(request_id_collection(), timeout(), boolean()) -> collected().
receive_response(Collection, Timeout, Delete) ->
    case wait_response(Collection, Timeout, Delete) of
        timeout ->
            Abandon = fun(Ref) ->
                              demonitor(Ref, [flush]),
                              receive {[alias | Ref], _} -> ok after 0 -> ok end
                      end,
            lists:foreach(Abandon, maps:keys(Collection)),
            timeout;
        Answer -> Answer
    end.

-spec check_response(term(), request_id_collection(), boolean()) -> collected() | no_reply.
check_response(Message, Collection, Delete) when is_map(Collection) ->
    case Message of
        _ when map_size(Collection) =:= 0 -> no_request;
        {[alias | Ref], Reply} when is_map_key(Ref, Collection) ->
            demonitor(Ref, [flush]),
            collected(Ref, {reply, Reply}, Collection, Delete);
        {'DOWN', Ref, _, Object, Reason} when is_map_key(Ref, Collection) ->
            collected(Ref, {error, {Reason, Object}}, Collection, Delete);
        _ -> no_reply
    end;
check_response(_, _, _) -> error(badarg).

collected(Ref, Answer, Collection, Delete) ->
    Label = maps:get(Ref, Collection),
    Left = case Delete of
               true -> maps:remove(Ref, Collection);
               false -> Collection
           end,
    {Answer, Label, Left}.

%% ---- status ----

-spec format_status_header(string(), term()) -> term().
format_status_header(Title, Pid) when is_pid(Pid) -> lists:concat([Title, " ", pid_to_list(Pid)]);
format_status_header(Title, Name) when is_atom(Name) -> lists:concat([Title, " ", Name]);
format_status_header(Title, Name) -> {Title, Name}.

%% What the callback module makes of its status: format_status/1, else format_status/2, else
%% Default(); Option: normal or terminate.
-spec format_status(module(), normal | terminate, map(), term()) -> map().
format_status(Mod, Option, Status, Args) ->
    case erlang:function_exported(Mod, format_status, 1) of
        true ->
            try Mod:format_status(Status) of
                Shown when is_map(Shown) -> merged(Status, Shown);
                _ -> Status#{'$status' => "Mod:format_status/1 returned bad value"}
            catch
                throw:Shown when is_map(Shown) -> merged(Status, Shown);
                _:_ -> Status#{'$status' => atom_to_list(Mod) ++ ":format_status/1 crashed"}
            end;
        false ->
            case erlang:function_exported(Mod, format_status, 2) of
                true when Args =/= undefined ->
                    try Mod:format_status(Option, Args) of
                        Shown -> Status#{'$status' => Shown}
                    catch
                        throw:Shown -> Status#{'$status' => Shown};
                        _:_ -> Status#{'$status' => atom_to_list(Mod) ++
                                           ":format_status/2 crashed"}
                    end;
                _ -> Status
            end
    end.

%% Only what was there may be changed.
merged(Status, Shown) -> maps:map(fun(Key, Old) -> maps:get(Key, Shown, Old) end, Status).
