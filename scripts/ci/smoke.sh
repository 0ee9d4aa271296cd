#!/bin/sh
# Runs a program of aim on its own system: smoke.sh PROGRAM TARGET. It must know what it is, and prove a migration on each built-in engine.
set -eu

program=$1
target=$2
case "$program" in /*) ;; *) program=$PWD/$program ;; esac

said=$("$program" --version --json)
printf '%s\n' "$said"
printf '%s\n' "$said" | grep -q "\"target\": \"$target\""
for example in postgres sqlite; do
  "$program" -C "examples/$example" generate --dry-run
done
code=0
"$program" no-such-command 2>/dev/null || code=$?
[ "$code" = 2 ]
