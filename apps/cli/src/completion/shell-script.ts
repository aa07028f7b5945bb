/** Shells there is a completion for. */
export const SHELLS = ['bash', 'zsh', 'fish'] as const;
/** @see SHELLS */
export type Shell = (typeof SHELLS)[number];

/**
 * What a shell has to load so that it asks `tailrace complete` for what may stand at the cursor: a line each, the word,
 * and behind a tab what it is. Where there is nothing, the shell's own completion of files goes on.
 */
export function shellScript(shell: Shell): string {
  return SCRIPTS[shell];
}

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# Completion of tailrace for bash. In ~/.bashrc: source <(tailrace completion bash)
_tailrace() {
  local IFS=$'\\n'
  COMPREPLY=($("$1" complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null | cut -f1))
}
complete -o default -F _tailrace tailrace
`,
  zsh: `#compdef tailrace
# Completion of tailrace for zsh. In ~/.zshrc, after compinit: source <(tailrace completion zsh)
_tailrace() {
  local line
  local -a candidates
  for line in "\${(@f)$("\${words[1]}" complete -- "\${(@)words[2,CURRENT]}" 2>/dev/null)}"; do
    [[ -n $line ]] && candidates+=("\${\${line%%$'\\t'*}//:/\\\\:}:\${line#*$'\\t'}")
  done
  if (( $#candidates )); then
    _describe tailrace candidates
  else
    _files
  fi
}
if [[ $funcstack[1] == _tailrace ]]; then
  _tailrace "$@"
else
  compdef _tailrace tailrace
fi
`,
  fish: `# Completion of tailrace for fish. In ~/.config/fish/completions/tailrace.fish: tailrace completion fish | source
function __tailrace_complete
  set -l words (commandline -opc)
  set -l current (commandline -ct)
  $words[1] complete -- $words[2..-1] "$current" 2>/dev/null
end
complete -c tailrace -a '(__tailrace_complete)'
`,
};
