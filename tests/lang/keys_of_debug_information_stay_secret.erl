%% Neither the key nor the forms can be read from what was compiled with one.
-module(keys_of_debug_information_stay_secret).
-export([main/0]).

main() ->
    Forms = [{attribute, 1, module, secretive}, {attribute, 1, export, [{f, 0}]},
             {function, 1, f, 0, [{clause, 1, [], [], [{integer, 1, 1}]}]}],
    [begin
         {ok, secretive, Code} = compile:forms(Forms, [debug_info | Options]),
         {module, secretive} = code:load_binary(secretive, "secretive", Code),
         io:format("~p~n", [{binary:match(Code, <<"open sesame">>), is_open(Code), secretive:f()}])
     end || Options <- [[], [{debug_info_key, "open sesame"}]]].

is_open(Code) ->
    case beam_lib:chunks(Code, [abstract_code]) of
        {ok, {secretive, [{abstract_code, {raw_abstract_v1, _}}]}} -> true;
        _ -> false
    end.
