%% What select_replace/2 puts in must have the key that it takes out: also where both are constants.
-module(ets_select_replace_with_constant_keys).
-export([main/1]).

main(_) ->
    [begin
         T = ets:new(t,[Ty]),
         ets:insert(T, [{1,a},{2,value},{3.0,c},{{4,5},d}]),
         io:format("~p ~p~n", [Ty, [{try ets:select_replace(T, S) catch error:E -> E end, lists:sort(ets:tab2list(T))} ||
                                  S <- [[{{2,value},[],
                                        [{{2,"new"}}]}],
                                        [{{2,'_'},[],
                                        [{{3,x}}]}],
                                        [{{2,'_'},[],[{const,{2,y}}]}],
                                        [{{{4,'$1'},'_'},[],
                                        [{{{{4,'$1'}},z}}]}],
                                        [{{{4,5},'_'},[],
                                        [{{{const,{4,5}},w}}]}],
                                        [{{3.0,'_'},[],
                                        [{{3.0,x}}]}],
                                        [{{3.0,'_'},[],
                                        [{{3,x}}]}],
                                        [{{{4,5},'_'},[],
                                        [{{{{4,5}},v}}]}],
                                        [{{2,'$1'},[],
                                        [{{{'+',1,1},'$1'}}]}] ]]]) end || Ty <- [set,ordered_set]].
