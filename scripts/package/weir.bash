# Completion of weir for bash; made by `weir help --completion bash`.
_weir() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}
    COMPREPLY=()
    if [ "$COMP_CWORD" = 1 ]; then
        mapfile -t COMPREPLY < <(compgen -W "run sql test explain schema functions options version help" -- "$word")
        return
    fi
    case "$command $before" in
    "run --output")
        mapfile -t COMPREPLY < <(compgen -W "table changelog json csv vertical" -- "$word")
        return
        ;;
    "run --stats")
        mapfile -t COMPREPLY < <(compgen -W "text json" -- "$word")
        return
        ;;
    "sql --output")
        mapfile -t COMPREPLY < <(compgen -W "table changelog json csv vertical" -- "$word")
        return
        ;;
    "sql --stats")
        mapfile -t COMPREPLY < <(compgen -W "text json" -- "$word")
        return
        ;;
    "explain --stage")
        mapfile -t COMPREPLY < <(compgen -W "tokens ast bound optimized physical" -- "$word")
        return
        ;;
    esac
    if [ "${word:0:1}" = - ]; then
        case $command in
        run) mapfile -t COMPREPLY < <(compgen -W "--execute --output --set --param --parallelism --memory --stats --quiet --help" -- "$word") ;;
        sql) mapfile -t COMPREPLY < <(compgen -W "--output --set --param --parallelism --memory --stats --quiet --help" -- "$word") ;;
        test) mapfile -t COMPREPLY < <(compgen -W "--filter --update --json --junit --quiet --help" -- "$word") ;;
        explain) mapfile -t COMPREPLY < <(compgen -W "--execute --stage --set --param --quiet --help" -- "$word") ;;
        schema) mapfile -t COMPREPLY < <(compgen -W "--table --format --help" -- "$word") ;;
        functions) mapfile -t COMPREPLY < <(compgen -W "--json --help" -- "$word") ;;
        options) mapfile -t COMPREPLY < <(compgen -W "--json --help" -- "$word") ;;
        version) mapfile -t COMPREPLY < <(compgen -W "--help" -- "$word") ;;
        help) mapfile -t COMPREPLY < <(compgen -W "--help" -- "$word") ;;
        esac
    else
        mapfile -t COMPREPLY < <(compgen -f -- "$word")
    fi
}
complete -o filenames -F _weir weir
