%% The reports that behaviours log, as parts: texts and terms. From the same parts come a format with its
%% arguments, for those who look at them, and the text as the formatter wants it (depth, one line or
%% many, how long).
-module(muster_log_text).
-export([term/1, name/1, list/2, format/1, text/2, is_single/1, explain/1, client/1, client_parts/2,
         log/4, log_unhandled/3, unhandled/2]).
-export_type([part/0, parts/0]).

-type extra() :: #{depth => pos_integer() | unlimited, single_line => boolean(),
                   chars_limit => pos_integer() | unlimited, _ => _}.
-opaque part() :: {term, term()} | {name, atom()}.
%% newline: ~n, where somebody may look at the format.
-type parts() :: [char() | newline | part() | parts()].

-spec is_single(extra()) -> boolean().
is_single(Extra) -> maps:get(single_line, Extra, false).

-spec term(term()) -> part().
term(Term) -> {term, Term}.

%% A term that is short on any line.
-spec name(atom()) -> part().
name(Name) -> {name, Name}.

%% Of terms as deep as kernel's parameter says.
-spec format(parts()) -> {io:format(), [term()]}.
format(Parts) ->
    case error_logger:get_format_depth() of
        unlimited -> directives(Parts, "~tp", []);
        Depth -> directives(limited(lists:flatten(Parts), Depth), "~tP", [Depth])
    end.

%% So that nobody has to copy what nobody will see.
limited(Parts, Depth) ->
    [case Part of
         {term, Term} -> {term, io_lib:limit_term(Term, Depth)};
         _ -> Part
     end || Part <- Parts].

-spec text(parts(), extra()) -> unicode:chardata().
text(Parts, Extra) ->
    Width = case is_single(Extra) of
                true -> "0";
                false -> ""
            end,
    {Format, Args} = case maps:get(depth, Extra, unlimited) of
                         unlimited -> directives(Parts, "~" ++ Width ++ "tp", []);
                         Depth -> directives(Parts, "~" ++ Width ++ "tP", [Depth])
                     end,
    case maps:get(chars_limit, Extra, unlimited) of
        unlimited -> io_lib:format(Format, Args);
        Limit -> io_lib:format(Format, Args, [{chars_limit, Limit}])
    end.

%% More: what each directive has beside its term.
directives(Parts, Directive, More) ->
    {Formats, Args} = lists:unzip([directive(Part, Directive, More) || Part <- lists:flatten(Parts)]),
    {lists:append(Formats), lists:append(Args)}.

directive({term, Term}, Directive, More) -> {Directive, [Term | More]};
directive({name, Name}, _, _) -> {"~p", [Name]};
directive(newline, _, _) -> {"~n", []};
directive($~, _, _) -> {"~~", []};
directive(Char, _, _) -> {[Char], []}.

%% The reason of a crash: of a function that is not there, which part of it is missing.
-spec explain(term()) -> term().
explain({undef, [{M, F, A, _} | _] = Stack} = Reason) ->
    Arity = case A of _ when is_list(A) -> length(A); _ -> A end,
    case code:is_loaded(M) of
        false -> {'module could not be loaded', Stack};
        _ ->
            case erlang:function_exported(M, F, Arity) of
                true -> Reason;
                false -> {'function not exported', Stack}
            end
    end;
explain(Reason) -> Reason.

%% ---- who asked for what a server was doing ----

-type client() :: undefined | {pid(), dead | remote | {pid() | atom(), [term()]}}.

-spec client({pid(), term()} | undefined) -> client().
client({Pid, _}) when is_pid(Pid), node(Pid) =/= node() -> {Pid, remote};
client({Pid, _}) when is_pid(Pid) ->
    case process_info(Pid, [current_stacktrace, registered_name]) of
        undefined -> {Pid, dead};
        [{current_stacktrace, Stack}, {registered_name, []}] -> {Pid, {Pid, Stack}};
        [{current_stacktrace, Stack}, {registered_name, Name}] -> {Pid, {Name, Stack}}
    end;
client(_) -> undefined.

%% Of a list, element by element.
-spec list([term()], boolean()) -> parts().
list(List, Single) ->
    Between = if
                  Single -> $,;
                  true -> [$,, newline, "    "]
              end,
    [$[, lists:join(Between, [{term, Term} || Term <- List]), $]].

-spec client_parts(client(), boolean()) -> parts().
client_parts(undefined, _) -> [];
client_parts({Pid, What}, true) -> [" Client ", client_on_line(Pid, What), $.];
client_parts({Pid, What}, false) -> ["** Client ", client_on_lines(Pid, What), newline].

client_on_line(_, {Name, Stack}) -> [{term, Name}, " stacktrace: ", {term, Stack}];
client_on_line(Pid, Gone) -> gone(Pid, Gone).

client_on_lines(_, {Name, Stack}) -> [{term, Name}, " stacktrace", newline, "** ", {term, Stack}];
client_on_lines(Pid, Gone) -> gone(Pid, Gone).

gone(Pid, dead) -> [{term, Pid}, " is dead"];
gone(Pid, remote) -> [{term, Pid}, " is remote on node ", {term, node(Pid)}].

%% ---- reports that behaviours log ----

%% Behaviour:format_log/1,2 make text of the report.
-spec log(logger:level(), Tag :: atom(), module(), logger:report()) -> ok.
log(Level, Tag, Behaviour, Report) ->
    logger:log(Level, Report, #{domain => [otp], report_cb => fun Behaviour:format_log/2,
                                error_logger => #{tag => Tag, report_cb => fun Behaviour:format_log/1}}).

%% A message came for a callback module that has no handle_info.
-spec log_unhandled(module(), module(), term()) -> ok.
log_unhandled(Behaviour, Module, Message) ->
    log(warning, warning_msg, Behaviour, #{label => {Behaviour, no_handle_info}, module => Module, message => Message}).

-spec unhandled(logger:report(), boolean()) -> parts().
unhandled(#{label := {_, no_handle_info}, module := Module, message := Message}, true) ->
    ["Undefined handle_info in ", {term, Module}, ". Unhandled message: ", {term, Message}, $.];
unhandled(#{label := {Behaviour, no_handle_info}, module := Module, message := Message}, false) ->
    End = case Behaviour of gen_event -> $\n; _ -> newline end, % as the formats of OTP's have it
    ["** Undefined handle_info in ", {name, Module}, End, "** Unhandled message: ", {term, Message}, End].
