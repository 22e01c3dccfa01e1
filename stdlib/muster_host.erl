%% The processes behind the C API (runtime/muster.h): mailboxes of the host program, and its calls.
-module(muster_host).
-export([start/1, mailbox/1, call/4]).

%% Starts input and output; tells the host whom its processes have as group leader.
-spec start(pid()) -> term().
start(Host) -> Host ! user:start().

%% Hands what arrives to the host's queue Id, until it is killed.
-spec mailbox(integer()) -> no_return().
mailbox(Id) ->
    process_flag(trap_exit, true),
    deliver(Id).

deliver(Id) ->
    receive Message -> muster_machine:host_deliver(Id, Message) end,
    deliver(Id).

%% Sends Host how the call ended: {value, V} or {exception, {Class, Reason}}.
-spec call(pid(), module(), atom(), [term()]) -> term().
call(Host, Module, Function, Args) ->
    Call = fun() -> exit({?MODULE, try {value, apply(Module, Function, Args)}
                                   catch Class:Reason -> {exception, {Class, Reason}}
                                   end})
           end,
    {Pid, Ref} = spawn_monitor(Call),
    receive
        {'DOWN', Ref, process, Pid, {?MODULE, Outcome}} -> Host ! Outcome;
        {'DOWN', Ref, process, Pid, Reason} -> Host ! {exception, {exit, Reason}}
    end.
