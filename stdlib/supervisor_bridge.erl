%% Connects what is not built as OTP describes to a supervision tree: a process that starts it, ends
%% with it, and ends it when told to.
-module(supervisor_bridge).
-behaviour(gen_server).
-export([start_link/2, start_link/3, format_log/1, format_log/2]).
-export([init/1, handle_call/3, handle_cast/2, handle_info/2, terminate/2, code_change/3]).

-callback init(term()) -> {ok, pid(), term()} | ignore | {error, term()}.
-callback terminate(term(), term()) -> term().

-record(state, {module, pid, child_state, name}).

-spec start_link(module(), term()) -> gen_server:start_ret().
start_link(Module, Args) -> gen_server:start_link(?MODULE, [Module, Args, self], []).

-spec start_link(gen_server:server_name(), module(), term()) -> gen_server:start_ret().
start_link(Name, Module, Args) ->
    gen_server:start_link(Name, ?MODULE, [Module, Args, Name], []).

-spec init(list()) -> {ok, #state{}} | ignore | {stop, term()}.
init([Module, Args, Given]) ->
    process_flag(trap_exit, true),
    Name = case Given of
               self -> {self(), Module};
               _ -> Given
           end,
    case Module:init(Args) of
        {ok, Pid, State} when is_pid(Pid) ->
            link(Pid),
            {ok, #state{module = Module, pid = Pid, child_state = State, name = Name}};
        ignore -> ignore;
        {error, Reason} -> {stop, Reason}
    end.

-spec handle_call(term(), term(), #state{}) -> {reply, term(), #state{}}.
handle_call(which_children, _, State) -> {reply, [], State};
handle_call(count_children, _, State) ->
    {reply, [{specs, 0}, {active, 0}, {supervisors, 0}, {workers, 0}], State};
handle_call(_, _, State) -> {reply, {error, badcall}, State}.

-spec handle_cast(term(), #state{}) -> {noreply, #state{}}.
handle_cast(_, State) -> {noreply, State}.

-spec handle_info(term(), #state{}) -> {noreply, #state{}} | {stop, term(), #state{}}.
handle_info({'EXIT', Pid, Reason}, #state{pid = Pid} = State) ->
    case Reason of
        normal -> ok;
        shutdown -> ok;
        {shutdown, _} -> ok;
        _ -> report(child_terminated, Reason, State)
    end,
    {stop, Reason, State#state{pid = undefined}};
handle_info(_, State) -> {noreply, State}.

-spec terminate(term(), #state{}) -> ok.
terminate(_, #state{pid = undefined}) -> ok;
terminate(Reason, #state{module = Module, child_state = State}) ->
    Module:terminate(Reason, State),
    ok.

-spec code_change(term(), #state{}, term()) -> {ok, #state{}}.
code_change(_, State, _) -> {ok, State}.

report(Context, Reason, #state{name = Name, module = Module, pid = Pid}) ->
    logger:log(error,
               #{label => {supervisor, Context},
                 report => [{supervisor, Name}, {errorContext, Context}, {reason, Reason},
                            {offender, [{pid, Pid}, {mod, Module}]}]},
               #{domain => [otp, sasl], report_cb => fun ?MODULE:format_log/2,
                 logger_formatter => #{title => "SUPERVISOR REPORT"},
                 error_logger => #{tag => error_report, type => supervisor_report,
                                   report_cb => fun ?MODULE:format_log/1}}).

-spec format_log(map()) -> {io:format(), [term()]}.
format_log(Report) -> supervisor:format_log(Report).

-spec format_log(map(), map()) -> unicode:chardata().
format_log(Report, Extra) -> supervisor:format_log(Report, Extra).
