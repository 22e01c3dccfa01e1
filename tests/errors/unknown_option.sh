# status: 2
# stderr: --frobnicate
exec "$MUSTER" run --frobnicate x.erl
