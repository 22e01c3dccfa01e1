%% Documentation attributes (-moduledoc, -doc) as the chunk "Docs" (EEP 48), which code:get_doc/1
%% reads.
-module(muster_docs).
-export([chunk/3, docs/2]).

-include_lib("kernel/include/eep48.hrl").

%% [] where there is nothing to say.
-spec chunk(module(), erl_parse:form_list(), [compile:option()]) -> [{string(), binary()}].
chunk(Module, Forms, Options) ->
    case Forms =/= [] andalso not lists:member(no_docs, Options) of
        true -> [{"Docs", term_to_binary(docs(Module, Forms), [compressed])} || is_documented(Forms)];
        false -> []
    end.

is_documented(Forms) ->
    lists:any(fun({attribute, _, Name, _}) -> Name =:= doc orelse Name =:= moduledoc;
                 (_) -> false
              end, Forms).

-record(s, {
    module :: module(),
    file = "" :: string(),
    doc = none :: term(),               % of what comes next
    meta = #{} :: map(),
    module_doc = none :: term(),
    module_meta = #{} :: map(),
    module_anno = 0 :: erl_anno:anno(),
    exports :: all | [{atom(), arity()}],
    types :: [{atom(), arity()}],
    deprecated :: [term()],
    specs = #{} :: map(),
    entries = [] :: [tuple()]
}).

-spec docs(module(), erl_parse:form_list()) -> #docs_v1{}.
docs(Module, Forms) ->
    S0 = #s{module = Module, exports = exports(Forms),
            types = lists:append([Types || {attribute, _, export_type, Types} <- Forms]),
            deprecated = [D || {attribute, _, deprecated, Ds} <- Forms, D <- as_list(Ds)],
            specs = #{Name => Spec || {attribute, _, spec, {Name, _}} = Spec <- Forms}},
    S = lists:foldl(fun form/2, S0, Forms),
    #docs_v1{anno = S#s.module_anno, beam_language = erlang, format = <<"text/markdown">>,
             module_doc = text_of(S#s.module_doc),
             metadata = maps:merge(#{otp_doc_vsn => ?CURR_DOC_VERSION}, S#s.module_meta),
             docs = lists:sort(S#s.entries)}.

as_list(List) when is_list(List) -> List;
as_list(Item) -> [Item].

exports(Forms) ->
    Options = lists:append([as_list(O) || {attribute, _, compile, O} <- Forms]),
    case lists:member(export_all, Options) of
        true -> all;
        false -> lists:append([Names || {attribute, _, export, Names} <- Forms])
    end.

form({attribute, _, file, {File, _}}, S) -> S#s{file = File};
form({attribute, Anno, module, _}, S) -> S#s{module_anno = anno(Anno, S)};
form({attribute, _, moduledoc, Meta}, S) when is_map(Meta) ->
    S#s{module_meta = maps:merge(S#s.module_meta, Meta)};
form({attribute, Anno, moduledoc, Doc}, S) ->
    S#s{module_doc = doc_text(Doc, S), module_anno = anno(Anno, S)};
form({attribute, _, doc, Meta}, S) when is_map(Meta) -> S#s{meta = maps:merge(S#s.meta, Meta)};
form({attribute, _, doc, Doc}, S) -> S#s{doc = doc_text(Doc, S)};
form({function, Anno, Name, Arity, Clauses}, S) ->
    case S#s.exports =:= all orelse lists:member({Name, Arity}, S#s.exports) of
        true -> entry(function, Name, Arity, Anno, signature(Name, Arity, Clauses, S), S);
        false -> done(S)
    end;
form({attribute, Anno, Kind, {Name, _, Args}}, S)
  when Kind =:= type; Kind =:= opaque; Kind =:= nominal ->
    Arity = length(Args),
    case lists:member({Name, Arity}, S#s.types) orelse S#s.doc =/= none of
        true ->
            Names = lists:join(", ", [atom_to_list(V) || {var, _, V} <- Args]),
            entry(type, Name, Arity, Anno, text([atom_text(Name), "(", Names, ")"]), S);
        false -> done(S)
    end;
form({attribute, Anno, callback, {{Name, Arity}, [Spec | _]}}, S) ->
    Names = spec_names(Spec, [argument(I) || I <- lists:seq(1, Arity)]),
    Signature = text([atom_text(Name), "(", lists:join(", ", Names), ")"]),
    entry(callback, Name, Arity, Anno, Signature, S);
form(_, S) -> S.

done(S) -> S#s{doc = none, meta = #{}}.

entry(Kind, Name, Arity, Anno, Signature0, S) ->
    {Signature, Doc} = own_signature(Name, Signature0, S#s.doc),
    Meta0 = maps:without([signature], S#s.meta),
    Meta = maps:merge(deprecation(Kind, Name, Arity, S), equivalent(Meta0)),
    Entry = {{Kind, Name, Arity}, anno(Anno, S), [Signature], text_of(Doc), Meta},
    done(S#s{entries = [Entry | S#s.entries]}).

%% A documentation whose first line is a call of the function gives its signature.
own_signature(Name, Signature, Doc) when is_binary(Doc) ->
    Prefix = text([atom_text(Name), "("]),
    [First | Rest] = binary:split(Doc, <<"\n">>),
    case string:prefix(First, Prefix) of
        nomatch -> {Signature, Doc};
        _ ->
            case binary:last(First) of
                $) -> {First, string:trim(iolist_to_binary(Rest), leading)};
                _ -> {Signature, Doc}
            end
    end;
own_signature(_, Signature, Doc) -> {Signature, Doc}.

equivalent(#{equiv := {call, _, _, _} = Call} = Meta) ->
    Meta#{equiv := text(erl_pp:expr(Call))};
equivalent(#{equiv := {Name, Arity}} = Meta) when is_atom(Name), is_integer(Arity) ->
    Meta#{equiv := text(io_lib:format("~ts/~w", [atom_text(Name), Arity]))};
equivalent(Meta) -> Meta.

deprecation(function, Name, Arity, #s{deprecated = All, module = Module}) ->
    Mine = [why(D) || D <- All, is_about(D, Name, Arity)],
    case Mine of
        [Why | _] ->
            #{deprecated => text(io_lib:format("~ts:~ts/~w is deprecated; ~ts",
                                               [atom_text(Module), atom_text(Name), Arity, Why]))};
        [] -> #{}
    end;
deprecation(_, _, _, _) -> #{}.

is_about(module, _, _) -> true;
is_about(D, Name, Arity) when is_tuple(D), tuple_size(D) >= 2 ->
    lists:member(element(1, D), [Name, '_']) andalso lists:member(element(2, D), [Arity, '_']);
is_about(_, _, _) -> false.

why({_, _, Text}) when is_list(Text) -> Text;
why({_, _, next_version}) -> "will be removed in the next version. See the documentation for details";
why({_, _, next_major_release}) ->
    "will be removed in the next major release. See the documentation for details";
why({_, _, eventually}) -> "will be removed in a future release. See the documentation for details";
why(_) -> "see the documentation for details".

%%% Texts

doc_text({file, Path}, S) ->
    File = filename:join(filename:dirname(S#s.file), Path),
    case file:read_file(File) of
        {ok, Bytes} -> Bytes;
        {error, _} -> none
    end;
doc_text(Atom, _) when Atom =:= false; Atom =:= hidden -> hidden;
doc_text(Text, _) -> text(Text).

text_of(none) -> none;
text_of(hidden) -> hidden;
text_of(Text) -> #{<<"en">> => Text}.

text(Chars) -> unicode:characters_to_binary(Chars).

atom_text(Name) -> io_lib:format("~tw", [Name]).

anno(Anno, S) -> erl_anno:set_file(S#s.file, erl_anno:new(erl_anno:line(Anno))).

%%% Signatures: name(Argument, ...)

%% The specification names the arguments, and where it does not, the clauses do if they agree.
signature(Name, Arity, Clauses, #s{specs = Specs}) ->
    FromClauses = clause_names(Clauses, Arity),
    Names = case Specs of
                #{{Name, Arity} := {attribute, _, spec, {_, [Spec | _]}}} -> spec_names(Spec, FromClauses);
                _ -> FromClauses
            end,
    text([atom_text(Name), "(", lists:join(", ", Names), ")"]).

spec_names({type, _, bounded_fun, [Fun, _]}, Others) -> spec_names(Fun, Others);
spec_names({type, _, 'fun', [{type, _, product, Args} | _]}, Others) -> lists:zipwith(fun spec_name/2, Args, Others);
spec_names(_, Others) -> Others.

spec_name({var, _, '_'}, Other) -> Other;
spec_name({var, _, Name}, _) -> atom_to_list(Name);
spec_name({ann_type, _, [{var, _, Name} | _]}, _) -> atom_to_list(Name);
spec_name(_, Other) -> Other.

clause_names(Clauses, Arity) ->
    [column_name([lists:nth(I, Patterns) || {clause, _, Patterns, _, _} <- Clauses], I) || I <- lists:seq(1, Arity)].

column_name(Patterns, I) ->
    case lists:usort([Name || {var, _, Name} <- Patterns, hd(atom_to_list(Name)) =/= $_]) of
        [Name] -> atom_to_list(Name);
        _ -> argument(I)
    end.

argument(I) -> "Arg" ++ integer_to_list(I).
