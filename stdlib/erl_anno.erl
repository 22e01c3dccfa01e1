%% Annotations of abstract code: where a form stands, and what else there is to say of it. That is a line or
%% {Line, Column}, and where there is more, a list of items, {location, Location} among them; programs know both
%% forms. What is false is not kept, and a list of nothing but the location is that location.
-module(erl_anno).

-export([new/1, is_anno/1, column/1, end_location/1, file/1, generated/1, line/1, location/1,
         record/1, text/1, set_file/2, set_generated/2, set_line/2, set_location/2, set_record/2,
         set_text/2, to_term/1, from_term/1, set_end_location/2]).

-export_type([anno/0, anno_term/0, column/0, line/0, location/0, text/0]).

-type line() :: non_neg_integer().
-type column() :: pos_integer().
-type location() :: line() | {line(), column()}.
-type text() :: string().
-type item() :: {file, file:filename_all()} | {generated, boolean()} | {location, location()}
    | {record, boolean()} | {text, string()} | {end_location, location()}.
-opaque anno() :: location() | [item(), ...].
-type anno_term() :: term().

-define(IS_LINE(L), (is_integer(L) andalso L >= 0)).
-define(IS_PLACE(P), (tuple_size(P) =:= 2 andalso ?IS_LINE(element(1, P)) andalso
                      is_integer(element(2, P)) andalso element(2, P) > 0)).

%% An annotation of a place.
-spec new(location()) -> anno().
new(Location) ->
    is_location(Location) orelse erlang:error(badarg, [Location]),
    Location.

is_location(Line) when ?IS_LINE(Line) -> true;
is_location(Place) when ?IS_PLACE(Place) -> true;
is_location(_) -> false.

%% Whether the term is an annotation.
-spec is_anno(term()) -> boolean().
is_anno([_ | _] = Items) -> is_proper(Items) andalso lists:all(fun is_item/1, Items) andalso has_location(Items);
is_anno(Term) -> is_location(Term).

is_proper(List) -> is_list(List) andalso (try length(List) of _ -> true catch error:badarg -> false end).

has_location(Items) -> lists:keymember(location, 1, Items).

is_item({Key, Value}) -> is_value(Key, Value) andalso Value =/= false;
is_item(_) -> false.

is_value(Key, Location) when Key =:= location; Key =:= end_location -> is_location(Location);
is_value(Key, Is) when Key =:= generated; Key =:= record -> is_boolean(Is);
is_value(file, Name) -> is_binary(Name) orelse is_text(Name);
is_value(text, Text) -> is_text(Text);
is_value(_, _) -> false.

is_text(Term) -> is_proper(Term) andalso lists:all(fun(C) -> is_integer(C) andalso C >= 0 end, Term).

%% ---- asking ----

%% undefined: it is not said.
-spec column(anno()) -> column() | undefined.
column(Anno) ->
    Location = location(Anno),
    if
        is_tuple(Location) -> element(2, Location);
        true -> undefined
    end.

-spec line(anno()) -> line().
line(Anno) ->
    Location = location(Anno),
    if
        is_tuple(Location) -> element(1, Location);
        true -> Location
    end.

%% A line, or {Line, Column}.
-spec location(anno()) -> location().
location(Anno) when is_list(Anno) -> said(location, Anno);
location(Anno) -> new(Anno).

%% Where the text ends, if that is said, or the text is.
-spec end_location(anno()) -> location() | undefined.
end_location(Anno) ->
    case {said(end_location, Anno), said(text, Anno)} of
        {undefined, undefined} -> undefined;
        {undefined, Text} -> lists:foldl(fun behind/2, location(Anno), Text);
        {Location, _} -> Location
    end.

%% The place behind a character that stands at one.
behind($\n, {Line, _}) -> {Line + 1, 1};
behind($\n, Line) -> Line + 1;
behind(_, {Line, Column}) -> {Line, Column + 1};
behind(_, Line) -> Line.

-spec file(anno()) -> file:filename_all() | undefined.
file(Anno) -> said(file, Anno).

%% Whether a program made the form: nobody is warned of it.
-spec generated(anno()) -> boolean().
generated(Anno) -> said(generated, Anno) =:= true.

%% Whether the form came of a record's definition.
-spec record(anno()) -> boolean().
record(Anno) -> said(record, Anno) =:= true.

%% What was read, of tokens.
-spec text(anno()) -> text() | undefined.
text(Anno) -> said(text, Anno).

said(Key, Items) when is_list(Items) -> proplists:get_value(Key, Items);
said(_, Location) ->
    is_location(Location) orelse erlang:error(badarg, [Location]),
    undefined.

%% ---- changing ----

-spec set_file(file:filename_all(), anno()) -> anno().
set_file(File, Anno) -> say(file, File, Anno).

-spec set_generated(boolean(), anno()) -> anno().
set_generated(Is, Anno) -> say(generated, Is, Anno).

-spec set_record(boolean(), anno()) -> anno().
set_record(Is, Anno) -> say(record, Is, Anno).

-spec set_text(text(), anno()) -> anno().
set_text(Text, Anno) -> say(text, Text, Anno).

-spec set_end_location(location(), anno()) -> anno().
set_end_location(Location, Anno) -> say(end_location, Location, Anno).

%% The column stays.
-spec set_line(line(), anno()) -> anno().
set_line(Line, Anno) ->
    ?IS_LINE(Line) orelse erlang:error(badarg, [Line, Anno]),
    case location(Anno) of
        {_, Column} -> set_location({Line, Column}, Anno);
        _ -> set_location(Line, Anno)
    end.

-spec set_location(location(), anno()) -> anno().
set_location(Location, Items) when is_list(Items) -> say(location, Location, Items);
set_location(Location, Before) ->
    _ = new(Before),
    new(Location).

say(Key, Value, Anno) ->
    is_anno(Anno) andalso is_value(Key, Value) orelse erlang:error(badarg, [Value, Anno]),
    short(case Value of
              false -> lists:keydelete(Key, 1, long(Anno));
              _ -> placed({Key, Value}, long(Anno))
          end).

%% In the place of the item of that key, else in front.
placed({Key, _} = Item, Items) ->
    case lists:keymember(Key, 1, Items) of
        true -> lists:keyreplace(Key, 1, Items, Item);
        false -> [Item | Items]
    end.

long(Items) when is_list(Items) -> Items;
long(Location) -> [{location, Location}].

short([{location, Location}]) -> Location;
short(Items) -> Items.

%% ---- as a term ----

%% What can be stored; programs do not look into annotations.
-spec to_term(anno()) -> anno_term().
to_term(Anno) -> Anno.

%% A negative line is that of generated code, as it once was written.
-spec from_term(anno_term()) -> anno().
from_term(Line) when is_integer(Line), Line < 0 -> set_generated(true, -Line);
from_term(Term) -> Term.
