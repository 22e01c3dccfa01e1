% erl_internal: what is no name or no arity is no question.
-module(operators_by_name_and_arity).
-export([main/0]).
main() -> L=[a,1,foo,"x",1.5], [io:format("~p/~p ~p~n",[F,N,[try apply(erl_internal,F,As) catch error:E->E end || As <- case N of 2 -> [[X,Y]||X<-L,Y<-L]; 3 -> [[a,X,Y]||X<-L,Y<-L]++[[1,X,Y]||X<-L,Y<-L] end]]) || {F,N} <- [{arith_op,2},{bif,2},{bif,3},{bool_op,2},{comp_op,2},{list_op,2},{send_op,2},{old_bif,2},{old_bif,3},{old_type_test,2},{new_type_test,2},{type_test,2},{guard_bif,2},{op_type,2}]].
