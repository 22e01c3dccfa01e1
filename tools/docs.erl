%% muster run tools/docs.erl SOURCE OUT: the documentation of a module of the library, as code:get_doc/1 answers
%% it (EEP 48), from its comments and specifications. What stands right above the specification of a function
%% (a type, a callback), without an empty line between, is its text, and that of its other arities where they
%% have none; what the file begins with is the module's. An exported function without a specification is an error.
-module(docs).
-export([main/1]).

-include_lib("kernel/include/eep48.hrl").

main([Source, Out]) ->
    {ok, Text} = file:read_file(Source),
    Lines = list_to_tuple(binary:split(Text, <<"\n">>, [global])),
    {ok, Forms} = epp:parse_file(Source, [{includes, [filename:join(filename:dirname(Source), "include")]}]),
    [Module] = [M || {attribute, _, module, M} <- Forms],
    case without_spec(Forms) of
        [] ->
            Docs = muster_docs:docs(Module, module_doc(Lines) ++ with_docs(Forms, Lines, #{})),
            ok = file:write_file(Out, term_to_binary(with_signatures(Docs, Forms), [{compressed, 9}]));
        Missing ->
            [io:format(standard_error, "~ts: ~tw/~w is exported and has no -spec~n", [Source, F, A])
             || {F, A} <- Missing],
            halt(1)
    end.

without_spec(Forms) ->
    lists:append([Names || {attribute, _, export, Names} <- Forms]) --
        [Name || {attribute, _, spec, {Name, _}} <- Forms].

module_doc(Lines) ->
    case comment_from(1, Lines) of
        <<>> -> [];
        Text -> [{attribute, erl_anno:new(1), moduledoc, Text}]
    end.

comment_from(N, Lines) -> joined(lists:takewhile(fun is_comment/1, from(N, Lines))).

from(N, Lines) -> lists:nthtail(N - 1, tuple_to_list(Lines)).

%% Headings ("%%% Natives", "%% ---- the path ----") are none.
is_comment(<<"%%% ", _/binary>>) -> false;
is_comment(<<"%% ----", _/binary>>) -> false;
is_comment(<<"%%", _/binary>>) -> true;
is_comment(_) -> false.

joined(Comments) ->
    iolist_to_binary(lists:join(<<"\n">>, [uncommented(Comment) || Comment <- Comments])).

uncommented(<<"%% ", Text/binary>>) -> Text;
uncommented(<<"%%", Text/binary>>) -> Text.

%% Each form of which the comments above tell gets their text as an attribute before it. Said maps what may
%% have it, too, to the text: other arities of the function whose forms come next.
with_docs([{attribute, Anno, spec, {{Name, _}, _}} = Form | Forms], Lines, Said) ->
    documented(Form, Name, above(Anno, Lines), Forms, Lines, Said);
with_docs([{attribute, Anno, Kind, _} = Form | Forms], Lines, Said)
  when Kind =:= type; Kind =:= opaque; Kind =:= callback ->
    [{attribute, Anno, doc, Text} || Text <- [above(Anno, Lines)], Text =/= <<>>] ++
        [Form | with_docs(Forms, Lines, Said)];
with_docs([{function, Anno, Name, Arity, _} = Form | Forms], Lines, Said) ->
    case Said of
        #{{Name, Arity} := _} -> [Form | with_docs(Forms, Lines, Said)];
        #{} -> documented(Form, Name, above(Anno, Lines), Forms, Lines, Said)
    end;
with_docs([Form | Forms], Lines, Said) -> [Form | with_docs(Forms, Lines, Said)];
with_docs([], _, _) -> [].

documented(Form, Name, Own, Forms, Lines, Said) ->
    case {Own, Said} of
        {<<>>, #{Name := Text}} -> [doc(Form, Text), Form | with_docs(Forms, Lines, told(Form, Text, Said))];
        {<<>>, #{}} -> [Form | with_docs(Forms, Lines, Said)];
        {Text, _} -> [doc(Form, Text), Form | with_docs(Forms, Lines, (told(Form, Text, Said))#{Name => Text})]
    end.

doc(Form, Text) -> {attribute, element(2, Form), doc, Text}.

told({attribute, _, spec, {Name, _}}, Text, Said) -> Said#{Name => Text};
told(_, _, Said) -> Said.

above(Anno, Lines) -> above(erl_anno:line(Anno) - 1, Lines, []).

above(N, Lines, Found) when N > 0 ->
    Line = element(N, Lines),
    case is_comment(Line) of
        true -> above(N - 1, Lines, [Line | Found]);
        false -> joined(Found)
    end;
above(_, _, _) -> <<>>. % the file begins with it: it is the module's

%% Specifications and types stand in the metadata, where those who print look when there are no forms.
with_signatures(#docs_v1{docs = Entries} = Docs, Forms) ->
    Signatures = maps:from_list([{key(Form), Form} || {attribute, _, _, _} = Form <- Forms, key(Form) =/= none]),
    Docs#docs_v1{docs = [with_signature(Entry, Signatures) || Entry <- Entries]}.

key({attribute, _, spec, {{Name, Arity}, _}}) -> {function, Name, Arity};
key({attribute, _, callback, {{Name, Arity}, _}}) -> {callback, Name, Arity};
key({attribute, _, Kind, {Name, _, Args}}) when Kind =:= type -> {type, Name, length(Args)};
key(_) -> none.

with_signature({Key, Anno, Signature, Doc, Meta}, Signatures) ->
    case Signatures of
        #{Key := Form} ->
            {Key, Anno, Signature, Doc, Meta#{signature => [erl_parse:map_anno(fun(_) -> 0 end, Form)]}};
        #{} -> {Key, Anno, Signature, Doc, Meta} % what an opaque type is, is nobody's business
    end.
