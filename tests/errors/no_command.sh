# status: 2
# stderr: muster
exec "$MUSTER"
