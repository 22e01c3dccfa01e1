%% Annotations of abstract code: a line, {Line, Column}, or a list of items when there is more.
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

-define(IS_LINE(L), is_integer(L), L >= 0).
-define(IS_COLUMN(C), is_integer(C), C >= 1).

-spec to_term(anno()) -> anno_term().
to_term(Anno) -> Anno.

-spec from_term(anno_term()) -> anno().
from_term(Line) when is_integer(Line), Line < 0 -> set_generated(true, new(-Line));
from_term(Term) -> Term.

-spec new(location()) -> anno().
new(Line) when ?IS_LINE(Line) -> Line;
new({Line, Column} = Location) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> Location;
new(Location) -> erlang:error(badarg, [Location]).

-spec is_anno(term()) -> boolean().
is_anno(Line) when ?IS_LINE(Line) -> true;
is_anno({Line, Column}) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> true;
is_anno([_ | _] = Items) -> is_items(Items) andalso lists:keymember(location, 1, Items);
is_anno(_) -> false.

is_items([Item | Items]) -> is_item(Item) andalso is_items(Items);
is_items(Tail) -> Tail =:= [].

is_item({location, Line}) when ?IS_LINE(Line) -> true;
is_item({location, {Line, Column}}) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> true;
is_item({end_location, Line}) when ?IS_LINE(Line) -> true;
is_item({end_location, {Line, Column}}) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> true;
is_item({generated, true}) -> true;
is_item({record, true}) -> true;
is_item({file, File}) -> is_filename(File);
is_item({text, Text}) -> is_string(Text);
is_item(_) -> false.

is_filename(File) -> is_binary(File) orelse is_string(File).

is_string(Text) ->
    is_list(Text) andalso
        try lists:all(fun(C) -> is_integer(C) andalso C >= 0 end, Text)
        catch error:_ -> false
        end.

-spec column(anno()) -> column() | undefined.
column(Anno) ->
    case location(Anno) of
        {_, Column} -> Column;
        _ -> undefined
    end.

-spec line(anno()) -> line().
line(Anno) ->
    case location(Anno) of
        {Line, _} -> Line;
        Line -> Line
    end.

-spec location(anno()) -> location().
location(Line) when ?IS_LINE(Line) -> Line;
location({Line, Column} = Location) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> Location;
location(Anno) -> item(Anno, location).

%% Where the text ends, if the text is known and there is a column to count from.
-spec end_location(anno()) -> location() | undefined.
end_location(Anno) ->
    case item(Anno, end_location) of
        undefined ->
            case text(Anno) of
                undefined -> undefined;
                Text ->
                    case location(Anno) of
                        {Line, Column} -> end_of(Text, Line, Column);
                        Line -> end_of(Text, Line)
                    end
            end;
        Location -> Location
    end.

end_of([$\n | Text], Line) -> end_of(Text, Line + 1);
end_of([_ | Text], Line) -> end_of(Text, Line);
end_of([], Line) -> Line.

end_of([$\n | Text], Line, _) -> end_of(Text, Line + 1, 1);
end_of([_ | Text], Line, Column) -> end_of(Text, Line, Column + 1);
end_of([], Line, Column) -> {Line, Column}.

-spec file(anno()) -> file:filename_all() | undefined.
file(Anno) -> item(Anno, file).

-spec generated(anno()) -> boolean().
generated(Anno) -> item(Anno, generated) =:= true.

-spec record(anno()) -> boolean().
record(Anno) -> item(Anno, record) =:= true.

-spec text(anno()) -> text() | undefined.
text(Anno) -> item(Anno, text).

item(Items, Key) when is_list(Items) ->
    case lists:keyfind(Key, 1, Items) of
        {_, Value} -> Value;
        false -> undefined
    end;
item(Line, _) when ?IS_LINE(Line) -> undefined;
item({Line, Column}, _) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> undefined;
item(Anno, _) -> erlang:error(badarg, [Anno]).

-spec set_file(file:filename_all(), anno()) -> anno().
set_file(File, Anno) -> set(file, File, Anno).

-spec set_generated(boolean(), anno()) -> anno().
set_generated(Generated, Anno) -> set(generated, Generated, Anno).

-spec set_record(boolean(), anno()) -> anno().
set_record(Record, Anno) -> set(record, Record, Anno).

-spec set_text(text(), anno()) -> anno().
set_text(Text, Anno) -> set(text, Text, Anno).

-spec set_end_location(location(), anno()) -> anno().
set_end_location(Location, Anno) -> set(end_location, Location, Anno).

-spec set_line(line(), anno()) -> anno().
set_line(Line, Anno) when ?IS_LINE(Line) ->
    case location(Anno) of
        {_, Column} -> set_location({Line, Column}, Anno);
        _ -> set_location(Line, Anno)
    end;
set_line(Line, Anno) -> erlang:error(badarg, [Line, Anno]).

-spec set_location(location(), anno()) -> anno().
set_location(Location, Line) when ?IS_LINE(Line) -> new(Location);
set_location(Location, {Line, Column}) when ?IS_LINE(Line), ?IS_COLUMN(Column) -> new(Location);
set_location(Location, Anno) -> set(location, Location, Anno).

%% False and defaults are not kept; a location alone is no list.
set(Key, Value, Anno) ->
    case is_anno(Anno) andalso (is_item({Key, Value}) orelse Value =:= false) of
        true when is_list(Anno) -> reduced(with_item(Key, Value, Anno));
        true -> reduced(with_item(Key, Value, [{location, Anno}]));
        false -> erlang:error(badarg, [Value, Anno])
    end.

with_item(Key, false, Items) -> lists:keydelete(Key, 1, Items);
with_item(Key, Value, Items) ->
    case lists:keymember(Key, 1, Items) of
        true -> lists:keyreplace(Key, 1, Items, {Key, Value});
        false -> [{Key, Value} | Items]
    end.

reduced([{location, Location}]) -> Location;
reduced(Items) -> Items.
