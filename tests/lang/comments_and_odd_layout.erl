%% Comments, blank lines and clauses laid out unusually.
-module(comments_and_odd_layout).
-export([main/0]).

%% a comment
%%% another % with % signs "and 'quotes'
main() -> % trailing
    io:format("~s~n", ["% not a comment"]), io:format("~w~n", [$%]),
    X =
        %% between
        case
            {a,
             b}
        of {a, _} -> % here
                yes
            ; _
            -> no
        end
    ,
    io:format("~w~n",[X]),io:format("~w~n"
    ,[f(1)]) .

f(1)->one;f(_)
->other   .   % end
