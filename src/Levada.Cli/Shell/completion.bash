# bash completion for levada:  source <(levada completion bash)
_levada() {
    local reply
    COMPREPLY=()
    while IFS= read -r reply; do
        COMPREPLY+=("$reply")
    done < <("${COMP_WORDS[0]}" __complete bash "${COMP_LINE:0:$COMP_POINT}" 2>/dev/null)
    if [[ ${COMPREPLY[0]-} == :files ]]; then
        COMPREPLY=()
        compopt -o default
    fi
}
complete -F _levada levada
