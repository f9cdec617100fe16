#compdef levada
# zsh completion for levada:  source <(levada completion zsh), or as a file _levada in a folder of $fpath
_levada() {
    local -a lines values
    local line
    lines=("${(@f)$("${words[1]}" __complete words "${(@Q)words[2,CURRENT]}" 2>/dev/null)}")
    if [[ $lines[1] == ':files' ]]; then
        _files
        return
    fi
    for line in $lines; do
        if [[ $line == *$'\t'* ]]; then
            values+=("${${line%%$'\t'*}//:/\\:}:${line#*$'\t'}")
        else
            values+=("${line//:/\\:}")
        fi
    done
    _describe -t levada levada values
}
if [[ $funcstack[1] == _levada ]]; then
    _levada "$@"
else
    compdef _levada levada
fi
