%% Applications: dependencies, environments, starts that fail, supervisors that die.
-module(applications_start_and_stop).
-export([main/0,main/1]).
p(X) -> settled:wait(30), io:format("~p~n",[X]).
main(_) -> main().
main() ->
  logger:set_primary_config(level, none),
  p(application:start(myapp)), p(application:start(nosuch)), p(application:load(myapp)), p(application:ensure_all_started(myapp)), p(application:ensure_all_started(myapp)),
  p([A||{A,_,_}<-application:which_applications()]), p(application:get_env(myapp,a)), p(application:get_env(myapp,c)), p(application:get_env(myapp,c,d)),
  p(lists:sort(application:get_all_env(myapp))), p(application:set_env(myapp,c,3)), p(application:get_env(myapp,c)), p(application:unset_env(myapp,c)), p(application:get_env(myapp,c)),
  p(application:get_key(myapp,vsn)), p(application:get_all_key(myapp)), p(application:get_application(apw)), p(ok), p(application:start(myapp)), p(application:unload(myapp)),
  apw ! {die,boom}, p(x), p(is_pid(whereis(apw))), p(application:stop(myapp)), p(application:stop(myapp)), p([A||{A,_,_}<-application:which_applications()]), 
  application:set_env(myapp,how,fail), p(application:start(myapp)), application:set_env(myapp,how,crash), p(element(1,application:start(myapp))), application:unset_env(myapp,how),
  p(application:start(myapp,temporary)), exit(whereis(mysup),kill), p(x), p([A||{A,_,_}<-application:which_applications()]), p(application:unload(myapp)), p(application:unload(myapp)), p(application:get_env(myapp,a)),
  p(application:ensure_started(dep)), p(application:stop(dep)), p(application:ensure_started(dep)), p(application:start(foo,temporary)).
