%% Sets of sets: sets, relations, functions and families, each with a type.
%%
%% A set is {'Set', Elements, Type of an element}; an ordered set (an atom or a tuple) is
%% {'OrdSet', Term, Type}. Elements are plain terms in order, sets among them being ordered lists, so
%% that most operations are those of ordsets and of sorted lists of tuples. A type is an atom, a
%% tuple of types, a list of one type, or '_', which fits any.
-module(sofs).

-export([from_term/1, from_term/2, from_external/2, empty_set/0, is_type/1, set/1, set/2,
         from_sets/1, relation/1, relation/2, a_function/1, a_function/2, family/1, family/2,
         to_external/1, type/1, to_sets/1, no_elements/1, specification/2, union/2, intersection/2,
         difference/2, symdiff/2, symmetric_partition/2, product/1, product/2, is_subset/2,
         is_equal/2, is_empty_set/1, is_set/1, is_sofs_set/1, is_disjoint/2, union/1,
         intersection/1, canonical_relation/1]).
-export([relation_to_family/1, domain/1, range/1, field/1, relative_product/1, relative_product/2,
         relative_product1/2, converse/1, image/2, inverse_image/2, strict_relation/1,
         weak_relation/1, extension/3, is_a_function/1, composite/2, inverse/1, restriction/2,
         restriction/3, drestriction/2, drestriction/3, substitution/2, projection/2,
         partition/1, partition/2, partition/3, multiple_relative_product/2, join/4,
         constant_function/2]).
-export([family_to_relation/1, family_specification/2, union_of_family/1,
         intersection_of_family/1, family_union/1, family_intersection/1, family_domain/1,
         family_range/1, family_field/1, family_union/2, family_intersection/2,
         family_difference/2, partition_family/2, family_projection/2, family_to_digraph/1,
         family_to_digraph/2, digraph_to_family/1, digraph_to_family/2, rel2fam/1, fam2rel/1]).

-export_type([anyset/0, binary_relation/0, a_function/0, a_set/0, family/0, external_set/0,
              ordset/0, relation/0, set_of_sets/0, set_fun/0, spec_fun/0, tuple_of/1, type/0]).

-define(SET, 'Set').
-define(ORDSET, 'OrdSet').

-type type() :: term().
-type external_set() :: term().
-type a_set() :: {?SET, list(), type()}.
-type ordset() :: {?ORDSET, term(), type()}.
-type anyset() :: ordset() | a_set().
-type relation() :: a_set().
-type binary_relation() :: a_set().
-type a_function() :: a_set().
-type family() :: a_set().
-type set_of_sets() :: a_set().
-type tuple_of(_T) :: tuple().
-type set_fun() :: pos_integer() | {external, fun((external_set()) -> external_set())}
    | fun((anyset()) -> anyset()).
-type spec_fun() :: {external, fun((external_set()) -> boolean())} | fun((anyset()) -> boolean()).

%%% Types

-spec is_type(term()) -> boolean().
is_type(Type) when is_atom(Type) -> Type =/= '_';
is_type([Type]) -> Type =:= '_' orelse is_type(Type);
is_type(Type) when is_tuple(Type), tuple_size(Type) > 0 ->
    lists:all(fun is_type/1, tuple_to_list(Type));
is_type(_) -> false.

%% A type with nothing in it to be found out.
is_known([Type]) -> is_known(Type);
is_known(Type) when is_tuple(Type) -> lists:all(fun is_known/1, tuple_to_list(Type));
is_known(Type) -> Type =/= '_'.

%% The type that both stand for; throws if there is none.
unify('_', Type) -> Type;
unify(Type, '_') -> Type;
unify(Type, Type) -> Type;
unify([A], [B]) -> [unify(A, B)];
unify(A, B) when is_tuple(A), is_tuple(B), tuple_size(A) =:= tuple_size(B) ->
    list_to_tuple(lists:zipwith(fun unify/2, tuple_to_list(A), tuple_to_list(B)));
unify(_, _) -> throw(type_mismatch).

fit(A, B) ->
    try unify(A, B) of
        _ -> true
    catch
        throw:type_mismatch -> false
    end.

%% Runs F; a type error becomes an exception of the function called.
checked(Name, Args, F) ->
    try F()
    catch
        throw:Reason:Trace when Reason =:= type_mismatch; Reason =:= badarg; Reason =:= bad_function ->
            Callers = lists:dropwhile(fun(Frame) -> element(1, Frame) =:= ?MODULE end, Trace),
            erlang:raise(error, Reason, [{?MODULE, Name, length(Args), []} | Callers])
    end.

%%% Making

-spec empty_set() -> a_set().
empty_set() -> {?SET, [], '_'}.

-spec from_term(term()) -> anyset().
from_term(Term) ->
    try
        {Value, Type} = typed(Term),
        made(Value, Type)
    catch
        throw:_ -> erlang:error(badarg, [Term])
    end.

typed(List) when is_list(List) ->
    Elements = [typed(Element) || Element <- proper(List)],
    Type = lists:foldl(fun({_, T}, Acc) -> unify(Acc, T) end, '_', Elements),
    {lists:usort([Value || {Value, _} <- Elements]), [Type]};
typed(Tuple) when is_tuple(Tuple), tuple_size(Tuple) > 0 ->
    {Values, Types} = lists:unzip([typed(Element) || Element <- tuple_to_list(Tuple)]),
    {list_to_tuple(Values), list_to_tuple(Types)};
typed({}) -> throw(badarg);
typed(Term) -> {Term, atom}.

proper(List) ->
    try length(List) of
        _ -> List
    catch
        error:_ -> throw(badarg)
    end.

made(Value, [Type]) -> {?SET, Value, Type};
made(Value, Type) -> {?ORDSET, Value, Type}.

-spec from_term(term(), type()) -> anyset().
from_term(Term, Type) ->
    try
        true = is_type(Type),
        {Value, Type1} = typed(Term, Type),
        made(Value, Type1)
    catch
        _:_ -> erlang:error(badarg, [Term, Type])
    end.

%% A term of a given type, of which '_' is found out.
typed(Term, '_') -> typed(Term);
typed(List, [Type]) when is_list(List) ->
    Elements = [typed(Element, Type) || Element <- proper(List)],
    Type1 = lists:foldl(fun({_, T}, Acc) -> unify(Acc, T) end,
                        case Elements of [] -> Type; _ -> '_' end, Elements),
    {lists:usort([Value || {Value, _} <- Elements]), [Type1]};
typed(Tuple, Types) when is_tuple(Tuple), is_tuple(Types), tuple_size(Tuple) =:= tuple_size(Types) ->
    Elements = lists:zipwith(fun typed/2, tuple_to_list(Tuple), tuple_to_list(Types)),
    {Values, Types1} = lists:unzip(Elements),
    {list_to_tuple(Values), list_to_tuple(Types1)};
typed(Term, Type) when is_atom(Type) -> {Term, Type};
typed(_, _) -> throw(badarg).

-spec from_external(external_set(), type()) -> anyset().
from_external(List, [Type]) -> {?SET, List, Type};
from_external(Term, Type) -> {?ORDSET, Term, Type}.

-spec from_sets([anyset()] | tuple()) -> anyset().
from_sets(Sets) when is_list(Sets) ->
    checked(?FUNCTION_NAME, [Sets], fun() ->
        Parts = [parts(Set) || Set <- Sets],
        Type = lists:foldl(fun({_, T}, Acc) -> unify(Acc, T) end, '_', Parts),
        {?SET, lists:usort([Value || {Value, _} <- Parts]), Type}
    end);
from_sets({}) -> {?ORDSET, {}, {}};
from_sets(Tuple) when is_tuple(Tuple) ->
    checked(?FUNCTION_NAME, [Tuple], fun() ->
        {Values, Types} = lists:unzip([parts(Set) || Set <- tuple_to_list(Tuple)]),
        {?ORDSET, list_to_tuple(Values), list_to_tuple(Types)}
    end);
from_sets(Term) ->
    erlang:error(badarg, [Term]).

%% The external form of a set, and its type.
parts({?SET, List, Type}) -> {List, [Type]};
parts({?ORDSET, Term, Type}) -> {Term, Type};
parts(_) -> throw(badarg).

-spec set([term()]) -> a_set().
set(List) -> set(List, [atom]).

-spec set([term()], type()) -> a_set().
set(List, [Type] = SetType) ->
    try
        case Type of
            _ when is_atom(Type), Type =/= '_' -> {?SET, lists:usort(List), Type};
            _ ->
                {?SET, _, _} = Set = from_term(List, SetType),
                Set
        end
    catch
        error:_ -> erlang:error(badarg, [List, SetType])
    end;
set(List, Type) ->
    erlang:error(badarg, [List, Type]).

-spec relation([tuple()]) -> relation().
relation([]) -> {?SET, [], {atom, atom}};
relation([Tuple | _] = Tuples) when is_tuple(Tuple), tuple_size(Tuple) > 0 ->
    relation(Tuples, tuple_size(Tuple));
relation(Tuples) ->
    erlang:error(badarg, [Tuples]).

-spec relation([tuple()], pos_integer() | type()) -> relation().
relation(Tuples, [Type] = RelationType) when is_tuple(Type); Type =:= '_' ->
    try from_term(Tuples, RelationType) of
        {?SET, _, T} = Relation when is_tuple(T); T =:= '_' -> Relation;
        _ -> erlang:error(badarg, [Tuples, RelationType])
    catch
        error:_ -> erlang:error(badarg, [Tuples, RelationType])
    end;
relation(Tuples, Arity) when is_integer(Arity), Arity > 0 ->
    try lists:all(fun(T) -> tuple_size(T) =:= Arity end, Tuples) of
        true -> {?SET, lists:usort(Tuples), erlang:make_tuple(Arity, atom)};
        false -> erlang:error(badarg, [Tuples, Arity])
    catch
        error:_ -> erlang:error(badarg, [Tuples, Arity])
    end;
relation(Tuples, Type) ->
    erlang:error(badarg, [Tuples, Type]).

-spec a_function([tuple()]) -> a_function().
a_function(Pairs) -> function_of(Pairs, [{atom, atom}], [Pairs]).

-spec a_function([tuple()], type()) -> a_function().
a_function(Pairs, Type) -> function_of(Pairs, Type, [Pairs, Type]).

function_of(Pairs, [ElementType] = Type, Args)
        when tuple_size(ElementType) =:= 2; ElementType =:= '_' ->
    Set = try from_term(Pairs, Type) of
        {?SET, _, {_, _}} = Made -> Made;
        {?SET, [], '_'} = Empty -> Empty;
        _ -> erlang:error(badarg, Args)
    catch
        error:_ -> erlang:error(badarg, Args)
    end,
    case is_function_list(element(2, Set)) of
        true -> Set;
        false -> erlang:error(bad_function, Args)
    end;
function_of(_, _, Args) ->
    erlang:error(badarg, Args).

is_function_list([{K, _}, {K1, _} | _]) when K == K1 -> false;
is_function_list([_ | Pairs]) -> is_function_list(Pairs);
is_function_list([]) -> true.

-spec family([tuple()]) -> family().
family(Pairs) -> family_of(Pairs, [{atom, [atom]}], [Pairs]).

-spec family([tuple()], type()) -> family().
family(Pairs, Type) -> family_of(Pairs, Type, [Pairs, Type]).

family_of(Pairs, ['_'] = Type, Args) ->
    case function_of(Pairs, Type, Args) of
        {?SET, _, {_, [_]}} = Family -> Family;
        {?SET, [], '_'} = Empty -> Empty;
        _ -> erlang:error(badarg, Args)
    end;
family_of(Pairs, [{_, [_]}] = Type, Args) -> function_of(Pairs, Type, Args);
family_of(_, _, Args) -> erlang:error(badarg, Args).

%%% Asking

-spec to_external(anyset()) -> external_set().
to_external({?SET, List, _}) -> List;
to_external({?ORDSET, Term, _}) -> Term.

-spec type(anyset()) -> type().
type({?SET, _, Type}) -> [Type];
type({?ORDSET, _, Type}) -> Type.

-spec to_sets(anyset()) -> [anyset()] | tuple().
to_sets({?SET, List, Type}) -> [made(X, Type) || X <- List];
to_sets({?ORDSET, Tuple, Types}) when is_tuple(Tuple), is_tuple(Types) ->
    list_to_tuple(lists:zipwith(fun made/2, tuple_to_list(Tuple), tuple_to_list(Types)));
to_sets({?ORDSET, _, _} = Set) ->
    erlang:error(badarg, [Set]).

-spec no_elements(anyset()) -> non_neg_integer().
no_elements({?SET, List, _}) -> length(List);
no_elements({?ORDSET, Tuple, Type}) when is_tuple(Tuple), is_tuple(Type) -> tuple_size(Tuple);
no_elements({?ORDSET, _, _} = Set) -> erlang:error(badarg, [Set]).

-spec is_set(anyset()) -> boolean().
is_set({?SET, _, _}) -> true;
is_set({?ORDSET, _, _}) -> false.

-spec is_sofs_set(term()) -> boolean().
is_sofs_set({?SET, _, _}) -> true;
is_sofs_set({?ORDSET, _, _}) -> true;
is_sofs_set(_) -> false.

-spec is_empty_set(anyset()) -> boolean().
is_empty_set({?SET, List, _}) -> List =:= [];
is_empty_set({?ORDSET, _, _}) -> false.

-spec is_equal(anyset(), anyset()) -> boolean().
is_equal({Kind, A, T1} = S1, {Kind, B, T2} = S2) when Kind =:= ?SET; Kind =:= ?ORDSET ->
    case fit(T1, T2) of
        true -> A == B;
        false -> erlang:error(type_mismatch, [S1, S2])
    end;
is_equal({?SET, _, _} = S1, {?ORDSET, _, _} = S2) -> erlang:error(type_mismatch, [S1, S2]);
is_equal({?ORDSET, _, _} = S1, {?SET, _, _} = S2) -> erlang:error(type_mismatch, [S1, S2]).

-spec is_subset(a_set(), a_set()) -> boolean().
is_subset({?SET, A, T1} = S1, {?SET, B, T2} = S2) ->
    checked(?FUNCTION_NAME, [S1, S2], fun() -> _ = unify(T1, T2), ordsets:is_subset(A, B) end).

-spec is_disjoint(a_set(), a_set()) -> boolean().
is_disjoint({?SET, A, T1} = S1, {?SET, B, T2} = S2) ->
    checked(?FUNCTION_NAME, [S1, S2], fun() -> _ = unify(T1, T2), ordsets:is_disjoint(A, B) end).

-spec is_a_function(binary_relation()) -> boolean().
is_a_function({?SET, Pairs, {_, _}}) -> is_function_list(Pairs);
is_a_function({?SET, [], '_'}) -> true;
is_a_function({?SET, _, _} = Set) -> erlang:error(badarg, [Set]).

%%% Set operations

-spec union(a_set(), a_set()) -> a_set().
union(S1, S2) -> both(S1, S2, fun ordsets:union/2).

-spec intersection(a_set(), a_set()) -> a_set().
intersection(S1, S2) -> both(S1, S2, fun ordsets:intersection/2).

-spec difference(a_set(), a_set()) -> a_set().
difference({?SET, A, T1} = S1, {?SET, B, T2} = S2) ->
    checked(?FUNCTION_NAME, [S1, S2], fun() ->
        {?SET, ordsets:subtract(A, B), unify(T1, T2)}
    end).

-spec symdiff(a_set(), a_set()) -> a_set().
symdiff(S1, S2) ->
    both(S1, S2, fun(A, B) -> ordsets:union(ordsets:subtract(A, B), ordsets:subtract(B, A)) end).

both({?SET, A, T1} = S1, {?SET, B, T2} = S2, F) ->
    checked(?FUNCTION_NAME, [S1, S2], fun() ->
        Type = unify(T1, T2),
        {?SET, F(A, B), Type}
    end).

-spec symmetric_partition(a_set(), a_set()) -> {a_set(), a_set(), a_set()}.
symmetric_partition({?SET, A, T1} = S1, {?SET, B, T2} = S2) ->
    checked(?FUNCTION_NAME, [S1, S2], fun() ->
        Type = unify(T1, T2),
        {{?SET, ordsets:subtract(A, B), Type}, {?SET, ordsets:intersection(A, B), Type},
         {?SET, ordsets:subtract(B, A), Type}}
    end).

-spec product(a_set(), a_set()) -> binary_relation().
product({?SET, A, T1}, {?SET, B, T2}) when T1 =:= '_'; T2 =:= '_'; A =:= [], T1 =:= '_' ->
    _ = {A, B},
    empty_set();
product({?SET, A, T1}, {?SET, B, T2}) ->
    {?SET, [{X, Y} || X <- A, Y <- B], {T1, T2}}.

-spec product(tuple()) -> relation().
product({S1, S2}) -> product(S1, S2);
product(Sets) when is_tuple(Sets), tuple_size(Sets) > 0 ->
    checked(?FUNCTION_NAME, [Sets], fun() ->
        Parts = [case Set of {?SET, List, Type} -> {List, Type}; _ -> throw(badarg) end
                 || Set <- tuple_to_list(Sets)],
        case lists:any(fun({_, Type}) -> Type =:= '_' end, Parts) of
            true -> empty_set();
            false ->
                Type = list_to_tuple([Type || {_, Type} <- Parts]),
                {?SET, [list_to_tuple(Xs) || Xs <- choices([List || {List, _} <- Parts])], Type}
        end
    end);
product({}) ->
    erlang:error(badarg, [{}]).

choices([List | Lists]) -> [[X | Xs] || X <- List, Xs <- choices(Lists)];
choices([]) -> [[]].

-spec union(set_of_sets()) -> a_set().
union({?SET, Sets, [Type]}) -> {?SET, lists:umerge(Sets), Type};
union({?SET, [], '_'} = Empty) -> Empty;
union({?SET, _, _} = Set) -> erlang:error(badarg, [Set]).

-spec intersection(set_of_sets()) -> a_set().
intersection({?SET, [_ | _] = Sets, [Type]}) -> {?SET, ordsets:intersection(Sets), Type};
intersection({?SET, _, _} = Set) -> erlang:error(badarg, [Set]).

-spec canonical_relation(set_of_sets()) -> binary_relation().
canonical_relation({?SET, _, ['_']}) -> empty_set();
canonical_relation({?SET, Sets, [Type]}) ->
    {?SET, lists:usort([{X, Set} || Set <- Sets, X <- Set]), {Type, [Type]}};
canonical_relation({?SET, [], '_'} = Empty) -> Empty;
canonical_relation({?SET, _, _} = Set) -> erlang:error(badarg, [Set]).

%%% Functions on elements. Applied gives [{Element, Value}] and the type of the values.

applied(I, List, Type) when is_integer(I), I > 0 ->
    case Type of
        _ when is_tuple(Type), tuple_size(Type) >= I ->
            {[{X, element(I, X)} || X <- List], element(I, Type)};
        '_' when List =:= [] -> {[], '_'};
        _ -> throw(badarg)
    end;
applied({external, _}, _, [_]) ->
    %% The elements are sets: they have no business outside.
    throw(badarg);
applied({external, _}, [], '_') ->
    {[], '_'};
applied({external, F}, List, Type) ->
    Pairs = [{X, F(X)} || X <- List],
    case external_type(F, Type) of
        badarg when List =:= [], Type =:= '_' -> {[], '_'};
        badarg -> throw(badarg);
        ValueType -> {Pairs, ValueType}
    end;
applied(I, _, _) when is_integer(I) -> throw(badarg);
applied(F, List, Type) ->
    Pairs = [{X, parts(F(made(X, Type)))} || X <- List],
    {[{X, Value} || {X, {Value, _}} <- Pairs], type_of_values([T || {_, {_, T}} <- Pairs])}.

%% A later value says at least as much of the type as those before it.
type_of_values(Types) ->
    lists:foldl(fun(T, Known) ->
        case unify(Known, T) of
            T -> T;
            Other -> erlang:error({case_clause, Other})
        end
    end, '_', Types).

%% Of sets any may be the empty one.
type_of_sets([[_] | _] = Types) -> lists:foldl(fun(T, Known) -> unify(Known, T) end, '_', Types);
type_of_sets(Types) -> type_of_values(Types).

%% What the fun makes of the type is the type of what it makes of elements.
external_type(F, Type) ->
    ValueType = F(Type),
    case is_type(ValueType) orelse ValueType =:= '_' of
        true -> ValueType;
        false -> badarg
    end.

-spec specification(spec_fun(), a_set()) -> a_set().
specification(Spec, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [Spec, Set], fun() -> {?SET, [X || X <- List, holds(Spec, X, Type)], Type} end).

holds({external, F}, X, _) -> boolean(F(X));
holds(F, X, Type) -> boolean(F(made(X, Type))).

boolean(Value) when is_boolean(Value) -> Value;
boolean(_) -> throw(badarg).

-spec substitution(set_fun(), a_set()) -> a_set().
substitution(_, {?SET, [], '_'} = Empty) -> Empty;
substitution(F, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [F, Set], fun() ->
        case applied(F, List, Type) of
            {[], ValueType} when Type =:= '_'; ValueType =:= '_' -> empty_set();
            {Pairs, ValueType} -> {?SET, Pairs, {Type, ValueType}}
        end
    end).

-spec projection(set_fun(), a_set()) -> a_set().
projection(_, {?SET, [], '_'} = Empty) -> Empty;
projection(F, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [F, Set], fun() ->
        {Pairs, ValueType} = applied(F, List, Type),
        {?SET, lists:usort([Value || {_, Value} <- Pairs]), ValueType}
    end).

-spec constant_function(a_set(), anyset()) -> a_function().
constant_function({?SET, List, Type} = Set, Value) ->
    case is_sofs_set(Value) of
        true when Type =:= '_', List =:= [] -> empty_set();
        true ->
            {External, ValueType} = parts(Value),
            {?SET, [{X, External} || X <- List], {Type, ValueType}};
        false -> erlang:error(badarg, [Set, Value])
    end;
constant_function({?ORDSET, _, _} = Set, Value) ->
    erlang:error(badarg, [Set, Value]).

%%% Partitions

-spec partition(set_of_sets()) -> a_set().
partition({?SET, _, ['_']}) -> empty_set();
partition({?SET, Sets, [Type]}) ->
    %% Elements that are in the same sets belong together.
    In = lists:foldl(fun({I, Set}, Acc) ->
                         lists:foldl(fun(X, A) -> A#{X => [I | maps:get(X, A, [])]} end, Acc, Set)
                     end, #{}, lists:enumerate(Sets)),
    Classes = maps:values(maps:groups_from_list(fun({_, Is}) -> Is end, fun({X, _}) -> X end,
                                                maps:to_list(In))),
    {?SET, lists:sort([lists:sort(Class) || Class <- Classes]), [Type]};
partition({?SET, [], '_'} = Empty) -> Empty;
partition({?SET, _, _} = Set) -> erlang:error(badarg, [Set]).

-spec partition(set_fun(), a_set()) -> a_set().
partition(_, {?SET, [], '_'} = Empty) -> Empty;
partition(F, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [F, Set], fun() ->
        {Pairs, _} = applied(F, List, Type),
        Classes = classes([{Value, X} || {X, Value} <- Pairs]),
        {?SET, lists:sort([Xs || {_, Xs} <- Classes]), case Type of '_' -> '_'; _ -> [Type] end}
    end).

%% [{Value, the elements that have it}], in order.
classes(Pairs) -> collected(lists:usort(Pairs)).

collected([{K, V} | Pairs]) -> collected(Pairs, K, [V]);
collected([]) -> [].

collected([{K1, V} | Pairs], K, Vs) when K1 == K -> collected(Pairs, K, [V | Vs]);
collected(Pairs, K, Vs) -> [{K, lists:reverse(Vs)} | collected(Pairs)].

-spec partition(set_fun(), a_set(), a_set()) -> {a_set(), a_set()}.
partition(F, {?SET, _, _} = S1, {?SET, [], '_'} = Empty) when is_function(F) -> {Empty, S1};
partition(F, {?SET, List, Type} = S1, {?SET, Values, ValueType} = S2) ->
    checked(?FUNCTION_NAME, [F, S1, S2], fun() ->
        {Pairs, Found} = applied(F, List, Type),
        _ = unify(Found, ValueType),
        {In, Out} = divided([{Value, X} || {X, Value} <- Pairs], Values),
        {{?SET, lists:sort(In), Type}, {?SET, lists:sort(Out), Type}}
    end).

%% The things of [{Value, Thing}] whose value is in the ordered set, and the others: what is in order,
%% or nearly, is looked at once.
divided(Pairs, Values) -> divided(lists:keysort(1, Pairs), Values, [], []).

divided([{V, X} | Pairs], [Value | _] = Values, In, Out) when V < Value ->
    divided(Pairs, Values, In, [X | Out]);
divided([{V, X} | Pairs], [Value | _] = Values, In, Out) when V == Value ->
    divided(Pairs, Values, [X | In], Out);
divided([_ | _] = Pairs, [_ | Values], In, Out) ->
    divided(Pairs, Values, In, Out);
divided(Pairs, _, In, Out) ->
    {lists:reverse(In), lists:reverse(Out, [X || {_, X} <- Pairs])}.

-spec partition_family(set_fun(), a_set()) -> family().
partition_family(_, {?SET, [], '_'} = Empty) -> Empty;
partition_family(F, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [F, Set], fun() ->
        case applied(F, List, Type) of
            {[], ValueType} when Type =:= '_'; ValueType =:= '_' -> empty_set();
            {Pairs, ValueType} ->
                {?SET, classes([{Value, X} || {X, Value} <- Pairs]), {ValueType, [Type]}}
        end
    end).

-spec restriction(set_fun(), a_set(), a_set()) -> a_set().
restriction(F, {?SET, _, _}, {?SET, [], '_'} = Empty) when is_function(F) -> Empty;
restriction(F, S1, S2) -> element(1, partition_3(F, S1, S2)).

-spec drestriction(set_fun(), a_set(), a_set()) -> a_set().
drestriction(F, S1, S2) -> element(2, partition_3(F, S1, S2)).

partition_3(F, {?SET, _, _} = S1, {?SET, _, _} = S2) -> partition(F, S1, S2).

-spec restriction(binary_relation(), a_set()) -> binary_relation().
restriction(Relation, Set) -> restriction(1, Relation, Set).

-spec drestriction(binary_relation(), a_set()) -> binary_relation().
drestriction(Relation, Set) -> drestriction(1, Relation, Set).

%%% Binary relations

pairs({?SET, Pairs, {T1, T2}}) -> {Pairs, T1, T2};
pairs({?SET, [], '_'}) -> {[], '_', '_'};
pairs({?SET, _, _}) -> throw(badarg).

%% A set of pairs; nothing at all has no type of pairs.
relation_of([], T1, T2) when T1 =:= '_'; T2 =:= '_' -> empty_set();
relation_of(Pairs, T1, T2) -> {?SET, Pairs, {T1, T2}}.

-spec domain(binary_relation()) -> a_set().
domain(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, Type, _} = pairs(Relation),
        {?SET, lists:usort([X || {X, _} <- Pairs]), Type}
    end).

-spec range(binary_relation()) -> a_set().
range(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, _, Type} = pairs(Relation),
        {?SET, lists:usort([Y || {_, Y} <- Pairs]), Type}
    end).

-spec field(binary_relation()) -> a_set().
field(Relation) -> union(domain(Relation), range(Relation)).

-spec converse(binary_relation()) -> binary_relation().
converse(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        relation_of(lists:sort([{Y, X} || {X, Y} <- Pairs]), T2, T1)
    end).

-spec image(binary_relation(), a_set()) -> a_set().
image(Relation, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [Relation, Set], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        _ = unify(T1, Type),
        {?SET, lists:usort(element(1, divided(Pairs, List))), T2}
    end).

-spec inverse_image(binary_relation(), a_set()) -> a_set().
inverse_image(Relation, {?SET, List, Type} = Set) ->
    checked(?FUNCTION_NAME, [Relation, Set], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        _ = unify(T2, Type),
        {?SET, lists:usort(element(1, divided([{Y, X} || {X, Y} <- Pairs], List))), T1}
    end).

-spec strict_relation(binary_relation()) -> binary_relation().
strict_relation(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        relation_of([{X, Y} || {X, Y} <- Pairs, X /= Y], T1, T2)
    end).

-spec weak_relation(binary_relation()) -> binary_relation().
weak_relation(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        try unify(T1, T2) of
            Type ->
                Loops = [{X, X} || {A, B} <- Pairs, X <- [A, B]],
                relation_of(lists:usort(Loops ++ Pairs), Type, Type)
        catch
            throw:type_mismatch -> throw(badarg)
        end
    end).

-spec extension(binary_relation(), a_set(), anyset()) -> binary_relation().
extension(Relation, {?SET, List, Type} = Set, Value) ->
    case Value of {?SET, _, _} -> ok; {?ORDSET, _, _} -> ok end,
    checked(?FUNCTION_NAME, [Relation, Set, Value], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        {External, ValueType} = parts(Value),
        NewType = {unify(T1, Type), unify(T2, ValueType)},
        Known = lists:usort([X || {X, _} <- Pairs]),
        New = case Relation of
            {?SET, [], '_'} -> [];
            _ -> [{X, External} || X <- ordsets:subtract(List, Known)]
        end,
        case Relation =:= {?SET, [], '_'} andalso not (is_known(Type) andalso is_known(ValueType)) of
            true -> empty_set();
            false -> {?SET, lists:umerge(Pairs, New), NewType}
        end
    end).

-spec relative_product1(binary_relation(), binary_relation()) -> binary_relation().
relative_product1({?SET, _, _} = R1, {?SET, _, _} = R2) ->
    checked(?FUNCTION_NAME, [R1, R2], fun() ->
        {Bs, T3, T4} = pairs(R2),
        {As, T1, T2} = pairs(R1),
        _ = unify(T1, T3),
        Joined = joined(As, Bs),
        relation_of(lists:usort([{Y, Z} || {_, Y, Z} <- Joined]), T2, T4)
    end).

%% {Key, A, B} for each A of a key and each B of it.
joined(As, Bs) ->
    ByKey = maps:from_list([{canonical(K), Vs} || {K, Vs} <- collected(Bs)]),
    [{K, A, B} || {K, A} <- As, B <- maps:get(canonical(K), ByKey, [])].

%% Keys that compare equal are one here.
canonical(X) when is_float(X), trunc(X) == X -> trunc(X);
canonical(X) -> X.

-spec relative_product([binary_relation()] | tuple()) -> binary_relation().
relative_product(Relations) when is_tuple(Relations) -> relative_product(tuple_to_list(Relations));
relative_product(Relations) when is_list(Relations) ->
    product_over(Relations, none, [Relations]).

-spec relative_product([binary_relation()] | tuple() | binary_relation(), binary_relation()) ->
    binary_relation().
relative_product({?ORDSET, _, _} = R1, {?SET, List, Type} = R2)
        when tuple_size(Type) =/= 2, (List =/= [] orelse Type =/= '_') ->
    erlang:error(badarg, [R1, R2]);
relative_product({?ORDSET, _, _} = R1, {?SET, [_ | _], Type} = R2) when not is_tuple(Type) ->
    erlang:error(badarg, [R1, R2]);
relative_product({?ORDSET, _, _} = R1, R2) ->
    erlang:error(function_clause, [R1, R2]);
relative_product({?SET, _, _} = R1, {?SET, _, _} = R2) ->
    relative_product1(converse(R1), R2);
relative_product(Relations, R) when is_tuple(Relations) ->
    relative_product(tuple_to_list(Relations), R);
relative_product(Relations, {?SET, _, _} = R) when is_list(Relations) ->
    product_over(Relations, R, [Relations, R]).

%% {X, {Y1, ..., Yn}} where each relation has its {X, Yi}, then through R.
product_over([], _, Args) ->
    erlang:error(badarg, Args);
product_over(Relations, R, Args) ->
    checked(relative_product, Args, fun() ->
        Parts = [pairs(Relation) || Relation <- Relations],
        Type = lists:foldl(fun({_, T, _}, Acc) -> unify(Acc, T) end, '_', Parts),
        Types = list_to_tuple([T || {_, _, T} <- Parts]),
        Families = [maps:from_list(collected(Pairs)) || {Pairs, _, _} <- Parts],
        Keys = lists:usort([X || {Pairs, _, _} <- Parts, {X, _} <- Pairs]),
        Tuples = [{X, list_to_tuple(Ys)}
                  || X <- Keys, lists:all(fun(Family) -> is_map_key(X, Family) end, Families),
                     Ys <- choices([map_get(X, Family) || Family <- Families])],
        Result = case lists:any(fun({_, T, _}) -> T =:= '_' end, Parts) of
            true -> empty_set();
            false -> {?SET, lists:usort(Tuples), {Type, Types}}
        end,
        case R of
            none -> Result;
            _ -> relative_product1(converse(Result), R)
        end
    end).

%% The tuples of a relation, each with the tuples of what the relations given make of its elements.
-spec multiple_relative_product(tuple(), relation()) -> binary_relation().
multiple_relative_product(Relations, {?SET, Tuples, Type}) when is_tuple(Relations) ->
    checked(?FUNCTION_NAME, [Relations, {?SET, Tuples, Type}], fun() ->
        case Type of
            '_' -> empty_set();
            _ when is_tuple(Type), tuple_size(Type) =:= tuple_size(Relations) ->
                Each = [relative_product1(projection_pairs(I, {?SET, Tuples, Type}), Relation)
                        || {I, Relation} <- lists:enumerate(tuple_to_list(Relations))],
                product_over(Each, none, [Relations, {?SET, Tuples, Type}]);
            _ -> throw(badarg)
        end
    end).

%% {element I, tuple} for the tuples of a set.
projection_pairs(I, {?SET, Tuples, Type}) ->
    {?SET, lists:usort([{element(I, T), T} || T <- Tuples]), {element(I, Type), Type}}.

-spec join(relation(), pos_integer(), relation(), pos_integer()) -> relation().
join({?SET, As, T1} = R1, I, {?SET, Bs, T2} = R2, J) when is_integer(I), is_integer(J) ->
    checked(?FUNCTION_NAME, [R1, I, R2, J], fun() ->
        if
            T1 =:= '_', T2 =:= '_'; T1 =:= '_', is_tuple(T2), J =< tuple_size(T2);
            T2 =:= '_', is_tuple(T1), I =< tuple_size(T1) ->
                empty_set();
            is_tuple(T1), is_tuple(T2), I >= 1, J >= 1, I =< tuple_size(T1), J =< tuple_size(T2) ->
                Left = lists:usort([{element(I, A), A} || A <- As]),
                Right = lists:usort([{element(J, B), B} || B <- Bs]),
                Tuples = [joined_tuple(A, B, J) || {_, A, B} <- joined(Left, Right)],
                {?SET, lists:usort(Tuples), joined_tuple(T1, T2, J)};
            true -> throw(badarg)
        end
    end).

joined_tuple(A, B, J) ->
    list_to_tuple(tuple_to_list(A) ++ tuple_to_list(erlang:delete_element(J, B))).

%%% Functions

-spec composite(a_function(), a_function()) -> a_function().
composite({?SET, _, _} = F1, {?SET, _, _} = F2) ->
    checked(?FUNCTION_NAME, [F1, F2], fun() ->
        {As, T1, T2} = pairs(F1),
        {Bs, T3, T4} = pairs(F2),
        if
            T1 =:= '_'; T3 =:= '_' -> empty_set();
            true ->
                _ = unify(T2, T3),
                case is_function_list(As) andalso is_function_list(Bs) of
                    true -> ok;
                    false -> throw(bad_function)
                end,
                Map = maps:from_list(Bs),
                {?SET, [{X, value_of(Y, Map)} || {X, Y} <- As], {T1, T4}}
        end
    end).

value_of(X, Map) ->
    case Map of
        #{X := Value} -> Value;
        #{} -> throw(bad_function)
    end.

-spec inverse(a_function()) -> a_function().
inverse(F) ->
    checked(?FUNCTION_NAME, [F], fun() ->
        {Pairs, T1, T2} = pairs(F),
        Inverse = lists:sort([{Y, X} || {X, Y} <- Pairs]),
        case is_function_list(Pairs) andalso is_function_list(Inverse) of
            true -> relation_of(Inverse, T2, T1);
            false -> throw(bad_function)
        end
    end).

%%% Families

family_pairs({?SET, Pairs, {T1, [T2]}}) -> {Pairs, T1, T2};
family_pairs({?SET, [], '_'}) -> {[], '_', '_'};
family_pairs({?SET, _, _}) -> throw(badarg).

family_set([], '_', _) -> empty_set();
family_set(Pairs, T1, T2) -> {?SET, Pairs, {T1, [T2]}}.

-spec relation_to_family(binary_relation()) -> family().
relation_to_family(Relation) ->
    checked(?FUNCTION_NAME, [Relation], fun() ->
        {Pairs, T1, T2} = pairs(Relation),
        family_set(collected(Pairs), T1, T2)
    end).

-spec rel2fam(binary_relation()) -> family().
rel2fam(Relation) -> relation_to_family(Relation).

-spec family_to_relation(family()) -> binary_relation().
family_to_relation(Family) ->
    checked(?FUNCTION_NAME, [Family], fun() ->
        {Pairs, T1, T2} = family_pairs(Family),
        case {Pairs, T1} of
            {[], '_'} -> empty_set();
            _ -> {?SET, [{X, Y} || {X, Ys} <- Pairs, Y <- Ys], {T1, T2}}
        end
    end).

-spec fam2rel(family()) -> binary_relation().
fam2rel(Family) -> family_to_relation(Family).

-spec family_specification(spec_fun(), family()) -> family().
family_specification(Spec, Family) ->
    checked(?FUNCTION_NAME, [Spec, Family], fun() ->
        {Pairs, T1, T2} = family_pairs(Family),
        family_set([{X, Ys} || {X, Ys} <- Pairs, holds(Spec, Ys, [T2])], T1, T2)
    end).

-spec union_of_family(family()) -> a_set().
union_of_family(Family) ->
    checked(?FUNCTION_NAME, [Family], fun() ->
        {Pairs, _, Type} = family_pairs(Family),
        {?SET, lists:umerge([Ys || {_, Ys} <- Pairs]), Type}
    end).

-spec intersection_of_family(family()) -> a_set().
intersection_of_family(Family) ->
    checked(?FUNCTION_NAME, [Family], fun() ->
        case family_pairs(Family) of
            {[_ | _] = Pairs, _, Type} ->
                {?SET, ordsets:intersection([Ys || {_, Ys} <- Pairs]), Type};
            _ -> throw(badarg)
        end
    end).

-spec family_union(family()) -> family().
family_union(Family) -> each_set(Family, fun lists:umerge/1).

-spec family_intersection(family()) -> family().
family_intersection(Family) ->
    each_set(Family, fun([_ | _] = Sets) -> ordsets:intersection(Sets); ([]) -> throw(badarg) end).

%% A family of sets of sets to one of sets.
each_set(Family, F) ->
    checked(?FUNCTION_NAME, [Family], fun() ->
        case family_pairs(Family) of
            {[], '_', _} -> empty_set();
            {Pairs, T1, [T2]} -> {?SET, [{X, F(Sets)} || {X, Sets} <- Pairs], {T1, [T2]}};
            {Pairs, T1, '_'} ->
                {?SET, [{X, F(Sets)} || {X, Sets} <- Pairs], {T1, ['_']}};
            _ -> throw(badarg)
        end
    end).

-spec family_domain(family()) -> family().
family_domain(Family) -> each_relation(Family, fun domain/1).

-spec family_range(family()) -> family().
family_range(Family) -> each_relation(Family, fun range/1).

-spec family_field(family()) -> family().
family_field(Family) -> each_relation(Family, fun field/1).

each_relation(Family, F) ->
    checked(?FUNCTION_NAME, [Family], fun() ->
        case family_pairs(Family) of
            {[], '_', _} -> empty_set();
            {Pairs, T1, T2} when is_tuple(T2), tuple_size(T2) =:= 2; T2 =:= '_' ->
                {?SET, _, Type} = F({?SET, [], T2}),
                {?SET, [{X, element(2, F({?SET, Ys, T2}))} || {X, Ys} <- Pairs], {T1, [Type]}};
            _ -> throw(badarg)
        end
    end).

-spec family_projection(set_fun(), family()) -> family().
family_projection(F, Family) ->
    checked(?FUNCTION_NAME, [F, Family], fun() ->
        {Pairs, T1, T2} = family_pairs(Family),
        Applied = [{X, projected(F, Ys, T2)} || {X, Ys} <- Pairs],
        Type = type_of_sets([T || {_, {_, T}} <- Applied]),
        case {T1, Applied} of
            {_, []} -> empty_set();
            _ -> {?SET, [{X, Value} || {X, {Value, _}} <- Applied], {T1, Type}}
        end
    end).

projected({external, _}, _, _) -> throw(badarg);
projected(F, Ys, T2) -> parts(F({?SET, Ys, T2})).

-spec family_union(family(), family()) -> family().
family_union(F1, F2) -> two_families(F1, F2, fun ordsets:union/2, both).

-spec family_intersection(family(), family()) -> family().
family_intersection(F1, F2) -> two_families(F1, F2, fun ordsets:intersection/2, common).

-spec family_difference(family(), family()) -> family().
family_difference(F1, F2) -> two_families(F1, F2, fun ordsets:subtract/2, first).

two_families({?SET, _, Type1} = F1, {?SET, _, Type2} = F2, Combine, Which) ->
    checked(?FUNCTION_NAME, [F1, F2], fun() ->
        _ = unify(Type1, Type2),
        {As, T1, T2} = family_pairs(F1),
        {Bs, T3, T4} = family_pairs(F2),
        {Key, Value} = {unify(T1, T3), unify(T2, T4)},
        family_set(combined(As, Bs, Combine, Which), Key, Value)
    end).

combined([{K1, A} | As], [{K2, _} | _] = Bs, F, Which) when K1 < K2 ->
    unless_common({K1, A}, Which, combined(As, Bs, F, Which));
combined([{K1, _} | _] = As, [{K2, B} | Bs], F, Which) when K1 > K2 ->
    case Which of
        both -> [{K2, B} | combined(As, Bs, F, Which)];
        _ -> combined(As, Bs, F, Which)
    end;
combined([{K, A} | As], [{_, B} | Bs], F, Which) -> [{K, F(A, B)} | combined(As, Bs, F, Which)];
combined(As, [], _, Which) when Which =/= common -> As;
combined([], Bs, _, both) -> Bs;
combined(_, _, _, _) -> [].

unless_common(_, common, Rest) -> Rest;
unless_common(Pair, _, Rest) -> [Pair | Rest].

%%% Graphs

-spec family_to_digraph(family()) -> digraph:graph().
family_to_digraph(Family) -> family_to_digraph(Family, []).

-spec family_to_digraph(family(), [digraph:d_type()]) -> digraph:graph().
family_to_digraph(Family, Options) ->
    Pairs = checked(?FUNCTION_NAME, [Family, Options], fun() -> element(1, family_pairs(Family)) end),
    Graph = try digraph:new(Options)
            catch error:badarg -> erlang:error(badarg, [Family, Options])
            end,
    try
        [digraph:add_vertex(Graph, X) || {X, _} <- Pairs],
        [begin
            digraph:add_vertex(Graph, Y),
            case digraph:add_edge(Graph, X, Y) of
                {error, {bad_edge, _}} -> throw(cyclic);
                _ -> ok
            end
         end || {X, Ys} <- Pairs, Y <- Ys],
        Graph
    catch
        throw:cyclic ->
            digraph:delete(Graph),
            erlang:error(cyclic, [Family, Options])
    end.

-spec digraph_to_family(digraph:graph()) -> family().
digraph_to_family(Graph) ->
    try
        from_term(graph_pairs(Graph), [{atom, [atom]}])
    catch
        error:_ -> erlang:error(badarg, [Graph])
    end.

-spec digraph_to_family(digraph:graph(), type()) -> family().
digraph_to_family(Graph, Type) ->
    try
        [{_, [_]}] = Type,
        from_term(graph_pairs(Graph), Type)
    catch
        error:_ -> erlang:error(badarg, [Graph, Type])
    end.

graph_pairs(Graph) ->
    [{V, digraph:out_neighbours(Graph, V)} || V <- digraph:vertices(Graph)].
