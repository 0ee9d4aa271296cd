#!/bin/sh
# Makes a draft of a release, puts all files into it, publishes it: publish_release.sh TAG FOLDER. Nothing happens to one that is published.
set -eu

tag=$1
folder=$2
state=$(gh release view "$tag" --json isDraft --jq .isDraft 2>/dev/null || echo none)
if [ "$state" = false ]; then
  echo "$tag is published already"
  exit 0
fi
[ "$state" = true ] || gh release create "$tag" --draft --verify-tag --generate-notes --title "$tag"
find "$folder" -maxdepth 1 -type f -exec gh release upload "$tag" --clobber {} +
gh release edit "$tag" --draft=false
