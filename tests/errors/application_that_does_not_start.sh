# status: 1
# stderr: ({application_start_failure,broken,{bad_return,{{broken,start,[normal,[]]},no}}})
# stderr: there is no module away on the code path
cat >broken.app <<'END'
{application, broken, [{vsn, "1"}, {applications, [kernel, stdlib]}, {mod, {broken, []}}]}.
END
echo '-module(broken). -export([start/2]). start(_, _) -> no.' >broken.erl
"$MUSTER" run --app broken -pa .
echo '{application, away, [{mod, {away, []}}]}.' >away.app
exec "$MUSTER" run --app away -pa .
