# fish completion for levada:  levada completion fish | source
function __levada_complete
    set -l words (commandline -opc) (commandline -ct)
    set -l lines (command $words[1] __complete words $words[2..-1] 2>/dev/null)
    if test "$lines[1]" = :files
        __fish_complete_path (commandline -ct)
    else
        printf '%s\n' $lines
    end
end
complete -c levada -f -a '(__levada_complete)'
