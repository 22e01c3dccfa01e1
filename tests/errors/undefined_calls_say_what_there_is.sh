# Behind an undefined function stands what could be meant: other arities, or that the module is nowhere.
# status: 1
# stderr: undefined function lists:map/1
# stderr: module lists exports map/2
# stderr: module lists exports no function nosuch
# stderr: there is no module nowhere on the code path
for call in 'lists:map(1)' 'lists:nosuch(1)' 'nowhere:f()'; do
    "$MUSTER" eval "$call" && exit 7
done
exit 1
