# status: 2
# stderr: nowhere: no such file or directory
exec "$MUSTER" test nowhere
