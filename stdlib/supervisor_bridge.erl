%% A supervisor's child that stands for something that is no supervision tree: a subsystem with a process of its
%% own way to start and to end. The bridge starts it by Module:init/1, is linked to its process, ends when that
%% does, and has Module:terminate/2 end the subsystem when it ends itself, told so by its supervisor.
%%
%% It is a gen_server, so that sys and supervisors can talk to it; it has no requests of its own.
-module(supervisor_bridge).
-behaviour(gen_server).

-export([start_link/2, start_link/3, format_log/1, format_log/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2]).

%% The process of the subsystem, and what terminate/2 gets.
-callback init(Args :: term()) -> {ok, pid(), State :: term()} | ignore | {error, term()}.
-callback terminate(Reason :: term(), State :: term()) -> term().

-type bridge() :: #{shown := term(), mod := module(), subsystem := pid() | gone, state := term()}.

%% Starts a bridge, and by Module:init(Args) the subsystem.
-spec start_link(module(), term()) -> gen_server:start_ret().
start_link(Module, Args) -> gen_server:start_link(?MODULE, {Module, Args, unnamed}, []).

-spec start_link(gen_server:server_name(), module(), term()) -> gen_server:start_ret().
start_link(Name, Module, Args) -> gen_server:start_link(Name, ?MODULE, {Module, Args, {named, Name}}, []).

-spec init({module(), term(), unnamed | {named, term()}}) -> {ok, bridge()} | ignore | {stop, term()}.
init({Module, Args, Naming}) ->
    process_flag(trap_exit, true), % to hear of both ends: the supervisor's and the subsystem's
    case Module:init(Args) of
        {ok, Subsystem, State} when is_pid(Subsystem) ->
            link(Subsystem),
            Shown = shown(Naming, Module),
            log(info, progress, [{supervisor, Shown}, {started, [{pid, Subsystem}, {mfa, {Module, init, [Args]}}]}]),
            {ok, #{shown => Shown, mod => Module, subsystem => Subsystem, state => State}};
        {error, Reason} -> {stop, Reason};
        ignore -> ignore
    end.

%% How reports name the bridge.
shown({named, Name}, _) -> Name;
shown(unnamed, Module) -> {self(), Module}.

%% Who asks it as a supervisor finds no children.
-spec handle_call(term(), gen_server:from(), bridge()) -> {reply, term(), bridge()}.
handle_call(Request, _, Bridge) ->
    Answer = case Request of
                 which_children -> [];
                 count_children -> [{Kind, 0} || Kind <- [specs, active, supervisors, workers]];
                 _ -> {error, badcall}
             end,
    {reply, Answer, Bridge}.

-spec handle_cast(term(), bridge()) -> {noreply, bridge()}.
handle_cast(_, Bridge) -> {noreply, Bridge}.

%% The bridge ends as the subsystem does; there is nothing left to end then.
-spec handle_info(term(), bridge()) -> {noreply, bridge()} | {stop, term(), bridge()}.
handle_info({'EXIT', Pid, Reason}, #{subsystem := Pid} = Bridge) ->
    is_orderly(Reason) orelse report(Reason, Bridge),
    {stop, Reason, Bridge#{subsystem := gone}};
handle_info(_, Bridge) -> {noreply, Bridge}.

is_orderly({shutdown, _}) -> true;
is_orderly(Reason) -> Reason =:= shutdown orelse Reason =:= normal.

-spec terminate(term(), bridge()) -> term().
terminate(_, #{subsystem := gone}) -> ok;
terminate(Reason, #{mod := Module, state := State}) -> Module:terminate(Reason, State).

report(Reason, #{shown := Shown, mod := Module, subsystem := Pid}) ->
    log(error, child_terminated, [{supervisor, Shown}, {errorContext, child_terminated}, {reason, Reason},
                                  {offender, [{pid, Pid}, {mod, Module}]}]).

%% As a supervisor tells of a child, so that formatters know both.
log(Level, What, Items) ->
    {Tag, Type, Title} = case Level of
                             error -> {error_report, supervisor_report, "SUPERVISOR REPORT"};
                             info -> {info_report, progress, "PROGRESS REPORT"}
                         end,
    OldStyle = #{tag => Tag, type => Type, report_cb => fun ?MODULE:format_log/1},
    logger:log(Level, #{label => {supervisor, What}, report => Items},
               #{domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2, error_logger => OldStyle,
                 logger_formatter => #{title => Title}}).

-spec format_log(map()) -> {io:format(), [term()]}.
format_log(Report) -> supervisor:format_log(Report).

-spec format_log(map(), map()) -> unicode:chardata().
format_log(Report, Extra) -> supervisor:format_log(Report, Extra).
