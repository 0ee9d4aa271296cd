#!/bin/sh
# Publishes the packages of a folder: publish_npm.sh FOLDER. Those of platforms come before the one that needs them; what is there already is left alone.
set -eu

publish() {
  manifest=$(tar -xzOf "$1" package/package.json)
  name=$(printf '%s' "$manifest" | jq -r .name)
  version=$(printf '%s' "$manifest" | jq -r .version)
  if [ "$(npm view "$name@$version" version 2>/dev/null || true)" = "$version" ]; then
    echo "$name@$version is there already"
    return 0
  fi
  case "$version" in *-*) tag=next ;; *) tag=latest ;; esac
  npm publish "$1" --access public --tag "$tag" --ignore-scripts
}

has_program() {
  tar -tzf "$1" | grep -q -e '^package/aim$' -e '^package/aim\.exe$'
}

for file in "$1"/*.tgz; do
  if has_program "$file"; then publish "$file"; fi
done
for file in "$1"/*.tgz; do
  if ! has_program "$file"; then publish "$file"; fi
done
