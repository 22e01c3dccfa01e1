# Completion of muster's commands, options and files, by what its help says.
_muster_commands() { muster help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'; }
_muster() {
    local word=${COMP_WORDS[COMP_CWORD]}
    if [ "$COMP_CWORD" = 1 ] || [ "${COMP_WORDS[1]}" = help ]; then
        COMPREPLY=($(compgen -W "$(_muster_commands)" -- "$word"))
    elif [[ $word == -* ]]; then
        COMPREPLY=($(compgen -W "$(muster help "${COMP_WORDS[1]}" 2>/dev/null |
            sed -n 's/^  \(-[-a-zA-Z]*\)[ [].*/\1/p')" -- "$word"))
    fi
} && complete -o default -F _muster muster
