-module(line_values).
-export([parse_transform/2]).

parse_transform({call, Anno, {atom, _, here}, []}, _) -> {integer, Anno, Anno};
parse_transform(Tuple, Options) when is_tuple(Tuple) ->
    list_to_tuple(parse_transform(tuple_to_list(Tuple), Options));
parse_transform([Head | Tail], Options) ->
    [parse_transform(Head, Options) | parse_transform(Tail, Options)];
parse_transform(Other, _) -> Other.
