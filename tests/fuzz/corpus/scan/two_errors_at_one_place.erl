


-compile({parse_transform, line_values}).
-export([main/0]).

