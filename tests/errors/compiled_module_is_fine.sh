# The cases below damage this one: undamaged, it runs.
# status: 0
# stdout: fine
. "$HERE/compiled_module.inc"
exec "$MUSTER" run -pa out main.erl
