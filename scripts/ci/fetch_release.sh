#!/bin/sh
# Fetches files of a release and checks each: fetch_release.sh TAG PATTERN FOLDER. What other channels get is what the release holds.
set -eu

tag=$1
pattern=$2
folder=$3
gh release download "$tag" --pattern "$pattern" --pattern SHA256SUMS --dir "$folder" --clobber
cd "$folder"
sha256sum --check --strict --ignore-missing SHA256SUMS
rm SHA256SUMS
for file in *; do
  gh attestation verify "$file" --repo "$GITHUB_REPOSITORY"
done
