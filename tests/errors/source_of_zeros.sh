# status: 1
# stderr: zero.erl
head -c 100000 /dev/zero >zero.erl
exec "$MUSTER" run zero.erl
