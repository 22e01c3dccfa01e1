%% ets: single calls with their exceptions, then random operations on every kind of table.
-module(ets_diff).
-include("diff.hrl").
-compile(nowarn_unused_function).

%% What a set has comes in any order.
sorted(L) -> lists:sort(L).

run() ->
    X = ets:new(x, []), put(t, X), ets:insert(X, [{1, #{a => 1, b => 2}, c}, {2, #{a => 1}, d}]),
    O = ets:new(o, [ordered_set]), put(o, O), ets:insert(O, [{1, a}, {2.0, b}, {3, c}]),
    value(1, fun() -> sorted(ets:match_object(get(t),{'_',#{a=>1},'_'})) end),
    value(2, fun() -> sorted(ets:match_object(get(t),{'_',#{a=>'_'},'_'})) end),
    value(3, fun() -> sorted(ets:match_object(get(t),{'_',#{},'_'})) end),
    value(4, fun() -> sorted(ets:match(get(t),{'_',#{a=>'$1',b=>'$2'},'_'})) end),
    value(5, fun() -> sorted(ets:select(get(t),[])) end),
    value(6, fun() -> sorted(ets:select(get(t),[{'$1',[],[]}])) end),
    value(7, fun() -> sorted(ets:select(get(t),[{'$1',[],['$2']}])) end),
    value(8, fun() -> sorted(ets:select(get(t),[{a,[],[1]}])) end),
    value(9, fun() -> sorted(ets:select(get(t),[{'_',[],[1]}])) end),
    value(10, fun() -> sorted(ets:select(get(t),[{'$1',[],['$1']}])) end),
    value(11, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{foo,'$1'}],['$1']}])) end),
    value(12, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},['$1'],['$1']}])) end),
    value(13, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[true],[{{'$1',{const,'$1'},{'+','$1',1}}}]}])) end),
    value(14, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[{'+','$1',a}]}])) end),
    value(15, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[1,2]}])) end),
    value(16, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],['$$']}])) end),
    value(17, fun() -> sorted(ets:select(get(t),[{{'$3','_','$1'},[],['$$']}])) end),
    value(18, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[#{x=>'$1'}]}])) end),
    value(19, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[['$1'|x]]}])) end),
    value(20, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[{{}}]}])) end),
    value(21, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[{}]}])) end),
    value(22, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{'and',true,true,true}],[ok]}])) end),
    value(23, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{'and',true,1}],[ok]}])) end),
    value(24, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{'and'}],[ok]}])) end),
    value(25, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{'andalso',true}],[ok]}])) end),
    value(26, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{'not',false}],[ok]}])) end),
    value(27, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{is_record,'$_',c}],[ok]}])) end),
    value(28, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[{is_record,'$_',1,3}],[ok]}])) end),
    value(29, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[{message,1}]}])) end),
    value(30, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[{size,'$_'},{hd,'$_'}]}])) end),
    value(31, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},a,[x]}])) end),
    value(32, fun() -> sorted(ets:select(get(t),foo)) end),
    value(33, fun() -> sorted(ets:select(get(t),[{{'$1','_','_'},[],[x]}|a])) end),
    value(34, fun() -> ets:select(foo,[{{'$1','_','_'},[],[x]}]) end),
    value(35, fun() -> ets:select(get(o),[{{1,'$1'},[],['$1']}]) end),
    value(36, fun() -> ets:select(get(o),[{{1.0,'$1'},[],['$1']}]) end),
    value(37, fun() -> ets:select(get(o),[{{2,'$1'},[],['$1']}]) end),
    value(38, fun() -> ets:lookup(get(o),1.0) end),
    value(39, fun() -> ets:match_object(get(o),{2,'_'}) end),
    value(40, fun() -> ets:match_object(get(o),{1.0,'_'}) end),
    value(41, fun() -> ets:next(get(o),1.5) end),
    value(42, fun() -> ets:prev(get(o),1.5) end),
    value(43, fun() -> ets:next(get(t),foo) end),
    value(44, fun() -> ets:next(get(o),3) end),
    value(45, fun() -> ets:insert(get(t),[]) end),
    value(46, fun() -> ets:insert(get(t),[a]) end),
    value(47, fun() -> ets:insert(get(t),{}) end),
    value(48, fun() -> ets:insert(get(t),[{1}|a]) end),
    value(49, fun() -> ets:insert(get(t),{5}) end),
    value(50, fun() -> ets:lookup_element(get(t),1,0) end),
    value(51, fun() -> ets:update_element(get(t),5,{2,x}) end),
    value(52, fun() -> ets:update_element(get(t),2,{1,x}) end),
    value(53, fun() -> ets:update_element(get(t),77,{2,x}) end),
    value(54, fun() -> ets:update_element(get(t),2,[{2,x},{3,y}]) end),
    value(55, fun() -> ets:update_element(get(t),2,[]) end),
    value(56, fun() -> ets:update_element(get(t),2,a) end),
    value(57, fun() -> ets:insert(get(t),{c,0,1.5}) end),
    value(58, fun() -> ets:update_counter(get(t),c,1) end),
    value(59, fun() -> ets:update_counter(get(t),c,{2,-3}) end),
    value(60, fun() -> ets:update_counter(get(t),c,[{2,1},{2,2}]) end),
    value(61, fun() -> ets:update_counter(get(t),c,{3,1}) end),
    value(62, fun() -> ets:update_counter(get(t),c,{2,1,5,0}) end),
    value(63, fun() -> ets:update_counter(get(t),c,{2,10,5,0}) end),
    value(64, fun() -> ets:update_counter(get(t),c,{2,-10,-5,0}) end),
    value(65, fun() -> ets:update_counter(get(t),d,1) end),
    value(66, fun() -> ets:update_counter(get(t),d,1,{zz,5}) end),
    value(67, fun() -> ets:lookup(get(t),d) end),
    value(68, fun() -> ets:update_counter(get(t),d,{1,1}) end),
    value(69, fun() -> ets:update_counter(get(t),d,{9,1}) end),
    value(70, fun() -> ets:update_counter(get(t),d,[]) end),
    value(71, fun() -> ets:update_counter(get(t),d,1 bsl 70) end),
    value(72, fun() -> ets:update_counter(get(t),d,a) end),
    value(73, fun() -> ets:update_counter(get(t),e,1,{zz}) end),
    value(74, fun() -> ets:update_counter(get(t),e,{3,1},{zz,1}) end),
    value(75, fun() -> ets:info(get(t),foo) end),
    value(76, fun() -> ets:info(nope) end),
    value(77, fun() -> ets:info(nope,size) end),
    value(78, fun() -> ets:info(get(o),type) end),
    value(79, fun() -> [element(1,I) || I <- ets:info(get(o))] end),
    value(80, fun() -> ets:info(get(t),keypos) end),
    value(81, fun() -> ets:info(get(t),fixed) end),
    value(82, fun() -> ets:info(get(t),heir) end),
    value(83, fun() -> ets:info(get(t),binary) end),
    value(84, fun() -> ets:info(get(t),named_table) end),
    value(85, fun() -> ets:info(get(t),name) end),
    value(86, fun() -> ets:info(get(t),write_concurrency) end),
    value(87, fun() -> ets:new(a,foo) end),
    value(88, fun() -> ets:new(a,[foo]) end),
    value(89, fun() -> ets:new(nn,[named_table]) end),
    value(90, fun() -> ets:new(nn,[named_table]) end),
    value(91, fun() -> ets:new(a,[{keypos,0}]) end),
    value(92, fun() -> ets:rename(nn,mm) end),
    value(93, fun() -> ets:whereis(mm)=/=undefined end),
    value(94, fun() -> ets:whereis(nn) end),
    value(95, fun() -> ets:delete(mm) end),
    value(96, fun() -> ets:delete(mm) end),
    value(97, fun() -> ets:first(get(o)) end),
    value(98, fun() -> ets:last(get(o)) end),
    value(99, fun() -> ets:last(get(t))=:=ets:first(get(t)) end),
    value(100, fun() -> ets:prev(get(t),5)=:=ets:next(get(t),5) end),
    value(101, fun() -> ets:take(get(t),5) end),
    value(102, fun() -> ets:take(get(t),5) end),
    value(103, fun() -> ets:delete(get(t),5) end),
    value(104, fun() -> ets:insert_new(get(t),{1,z}) end),
    value(105, fun() -> ets:insert_new(get(t),[{70,z},{1,z}]) end),
    value(106, fun() -> ets:insert_new(get(t),[{70,z},{71,z}]) end),
    value(107, fun() -> ets:delete_object(get(t),{70,z}) end),
    value(108, fun() -> ets:select_count(get(t),[{'_',[],[true]}]) end),
    value(109, fun() -> ets:select_count(get(t),[{'_',[],[1]}]) end),
    value(110, fun() -> ets:select_delete(get(t),[{{71,'_'},[],[true]}]) end),
    value(111, fun() -> ets:select_replace(get(o),[{{'$1','$2'},[],[{{'$1',{{'$2'}}}}]}]) end),
    value(112, fun() -> ets:tab2list(get(o)) end),
    value(113, fun() -> ets:select_replace(get(o),[{{'$1','$2'},[],[{{1,2}}]}]) end),
    value(114, fun() -> ets:select_reverse(get(o),[{'_',[],['$_']}]) end),
    value(115, fun() -> ets:match(get(o),'$1') end),
    value(116, fun() -> ets:match(get(o),{'$2','$1'}) end),
    value(117, fun() -> ets:match_object(get(o),foo) end),
    value(118, fun() -> ets:match(get(o),{'_','_'}) end),
    value(119, fun() -> ets:match_delete(get(o),{1,'_'}) end),
    value(120, fun() -> ets:select(get(o),[{'_',[],['$_']}],0) end),
    value(121, fun() -> ets:select('$end_of_table') end),
    value(122, fun() -> ets:match_spec_run([{1,2},{3,4},a],ets:match_spec_compile([{{'$1','$2'},[{'>','$1',1}],['$2']}])) end),
    value(123, fun() -> ets:is_compiled_ms(foo) end),
    value(124, fun() -> ets:give_away(get(o),self(),x) end),
    value(125, fun() -> ets:setopts(get(o),{heir,none}) end),
    value(126, fun() -> ets:setopts(get(o),foo) end),
    value(127, fun() -> ets:safe_fixtable(get(t),true) end),
    value(128, fun() -> ets:safe_fixtable(get(t),false) end),
    value(129, fun() -> ets:foldl(fun(E,A)->[E|A] end,[],get(o)) end),
    value(130, fun() -> ets:delete_all_objects(get(o)) end),
    value(131, fun() -> ets:first(get(o)) end),
    put(seed, 4711),
    [begin
         T = ets:new(t, [Type, {keypos, Keypos}]),
         [value({Type, Keypos, N}, fun() -> op(T) end) || N <- lists:seq(1, 3000)],
         ets:delete(T)
     end || Type <- [set, duplicate_bag, ordered_set], Keypos <- [1, 2]].

r(N) -> S = get(seed), S1 = (S*1103515245+12345) band 16#7fffffff, put(seed,S1), 1 + (S1 bsr 8) rem N.
one_of(T) -> element(r(tuple_size(T)),T).
key() -> one_of({1,2,3,4,5,a,b,"x",{1},1.5,2.5,<<"k">>,10,11,12,13,#{a=>1},r(2000)}).
val() -> one_of({0,1,x,y,"abc",{p,q},1.5,<<"longer binary, more than sixty four bytes so that it is off the heap, yes it is">>,[],#{k=>v},1 bsl 70,r(100)}).
obj() -> case r(6) of 1 -> {key()}; 2 -> {key(),val(),val()}; _ -> {key(),val()} end.
pat() -> case r(6) of 1 -> {key(),'$1'}; 2 -> {'$1','$2'}; 3 -> {'$1',val(),'_'}; 4 -> '_'; 5 -> {'$2','$1','$3'}; 6 -> {key(),'_'} end.
ms() -> case r(5) of 1 -> [{{'$1','$2'},[{'>','$1',one_of({1,5,a})}],['$_']}]; 2 -> [{{key(),'$1'},[],['$1']},{{'_','$2','_'},[],[{{'$2'}}]}]; 3 -> [{'$1',[{is_tuple,'$1'}],[{size,'$1'}]}]; 4 -> [{{'$1','$2'},[{is_integer,'$2'}],[{'+','$2',1}]}]; 5 -> [{{'$1','_'},[{'orelse',{is_atom,'$1'},{'=:=','$1',1}}],[true]}] end.
srt({L,'$end_of_table'}) when is_list(L) -> {srt(L),'$end_of_table'};
srt(L) when is_list(L) -> lists:sort(L); srt(X) -> X.
op(T) -> case r(26) of
 1 -> ets:insert(T,[obj(),obj(),obj()]); 2 -> ets:insert_new(T,obj()); 3 -> ets:insert_new(T,[obj(),obj()]); 4 -> srt(ets:lookup(T,key())); 5 -> ets:delete(T,key());
 6 -> ets:delete_object(T,obj()); 7 -> srt(ets:take(T,key())); 8 -> ets:member(T,key()); 9 -> ets:update_counter(T,key(),one_of({1,-1,{2,5},{2,1,3,0},[{2,1},{2,-2}],{3,1}}));
 10 -> ets:update_counter(T,key(),{2,1},{d,0}); 11 -> ets:update_element(T,key(),one_of({{2,val()},[{2,val()},{3,val()}],{1,x}})); 12 -> srt(ets:match(T,pat())); 13 -> srt(ets:match_object(T,pat()));
 14 -> srt(ets:select(T,ms())); 15 -> ets:select_count(T,ms()); 16 -> case r(4) of 1 -> ets:select_delete(T,ms()); _ -> ok end; 17 -> case r(4) of 1 -> ets:match_delete(T,pat()); _ -> ok end; 18 -> ets:info(T,size);
 19 -> case r(50) of 1 -> ets:delete_all_objects(T); _ -> ok end; 20 -> srt(ets:lookup_element(T,key(),2));
 21 -> case ets:info(T,type) of ordered_set -> {ets:first(T),ets:last(T),ets:next(T,key()),ets:prev(T,key())}; _ -> srt(ets:tab2list(T)) end;
 22 -> case ets:info(T,type) of bag -> ok; _ -> ets:select_replace(T,[{{'$1','$2'},[{is_integer,'$2'}],[{{'$1',{'+','$2',1}}}]}]) end;
 23 -> walk(T); 24 -> lim(T,ets:select(T,[{'_',[],['$_']}],3),[]); 25 -> fix(T); _ -> ets:insert(T,obj()) end.
walk(T) -> ets:safe_fixtable(T,true), K = walk(T,ets:first(T),[]), ets:safe_fixtable(T,false), srt(K).
walk(_,'$end_of_table',A) -> A;
walk(T,K,A) -> walk(T,ets:next(T,K),[K|A]).
fix(T) -> ets:safe_fixtable(T,true), F = case walk(T,ets:first(T),[]) of [] -> '$end_of_table'; KK -> lists:min(KK) end, case F of '$end_of_table' -> ok; _ -> ets:delete(T,F), ets:insert(T,{zz,1}), walk(T,ets:next(T,F),[]) end, ets:safe_fixtable(T,false), ets:info(T,size).
lim(_,'$end_of_table',A) -> srt(A);
lim(T,{L,C},A) -> lim(T,ets:select(C),L++A).
