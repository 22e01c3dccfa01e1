# status: 1 2
# stderr: nowhere.erl
exec "$MUSTER" run nowhere.erl
