#!/bin/sh
# The step of the action that runs aim. Inputs come by the environment and become arguments one a line: none is read as shell text.
set -u

set -- "$AIM_COMMAND" --report auto
if [ -n "${AIM_SARIF:-}" ]; then set -- "$@" --report "sarif=$AIM_SARIF"; fi
while IFS= read -r argument || [ -n "$argument" ]; do
  if [ -n "$argument" ]; then set -- "$@" "$argument"; fi
done <<END
${AIM_ARGUMENTS:-}
END

code=0
"${AIM_BIN:+$AIM_BIN/}aim" "$@" || code=$?
if [ -n "${GITHUB_OUTPUT:-}" ]; then printf 'exit-code=%s\n' "$code" >>"$GITHUB_OUTPUT"; fi
exit "$code"
