# status: 2
# stderr: frobnicate
exec "$MUSTER" frobnicate
