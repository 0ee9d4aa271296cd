#!/bin/sh
# Installs aim: downloads the archive for this machine, checks it against SHA256SUMS, puts `aim` into a folder.
#
#   AIM_REPOSITORY   owner/name on GitHub whose releases are used
#   AIM_MIRROR     folder that holds the archives and SHA256SUMS instead (a mirror)
#   AIM_VERSION      a release such as 0.1.0; the latest when empty (with AIM_REPOSITORY)
#   AIM_SHA256       the archive's checksum, which then counts instead of SHA256SUMS
#   AIM_INSTALL_DIR  where `aim` goes; ~/.local/bin when empty
#   AIM_TARGET       os-arch, such as linux-arm64, instead of what this machine is
#
# Changes nothing but that one file. Everything is inside functions, so a download that is cut short runs nothing.
set -eu

main() {
  target=${AIM_TARGET:-$(detect_target)}
  archive="aim-$target.tar.gz"
  base=$(base_url)
  folder=${AIM_INSTALL_DIR:-${HOME:?set HOME or AIM_INSTALL_DIR}/.local/bin}
  need tar

  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM

  say "Downloading $base/$archive"
  download "$base/$archive" "$work/$archive"
  [ -n "${AIM_SHA256:-}" ] || download "$base/SHA256SUMS" "$work/SHA256SUMS"
  verify "$work" "$archive"
  attest "$work/$archive"

  tar -xzf "$work/$archive" -C "$work" aim || fail "Cannot install: $archive holds no file \"aim\""
  [ -f "$work/aim" ] && [ ! -L "$work/aim" ] || fail "Cannot install: $archive holds no file \"aim\""
  mkdir -p "$folder"
  chmod 755 "$work/aim"
  # A rename inside one folder is atomic and works while an older aim runs.
  staged="$folder/.aim.$$"
  cp "$work/aim" "$staged"
  mv -f "$staged" "$folder/aim"

  say "Installed $("$folder/aim" --version 2>/dev/null || echo aim) as $folder/aim"
  case ":${PATH:-}:" in
    *":$folder:"*) ;;
    *) say "Add it to your PATH: export PATH=\"$folder:\$PATH\"" ;;
  esac
}

base_url() {
  if [ -n "${AIM_MIRROR:-}" ]; then
    printf '%s\n' "${AIM_MIRROR%/}"
  elif [ -z "${AIM_REPOSITORY:-}" ]; then
    fail "Cannot tell where aim is released: set AIM_REPOSITORY (owner/name on GitHub) or AIM_MIRROR"
  elif [ -n "${AIM_VERSION:-}" ]; then
    printf '%s\n' "https://github.com/$AIM_REPOSITORY/releases/download/v${AIM_VERSION#v}"
  else
    printf '%s\n' "https://github.com/$AIM_REPOSITORY/releases/latest/download"
  fi
}

detect_target() {
  case "$(uname -s)" in
    Linux) os=linux ;;
    Darwin) os=darwin ;;
    *) fail "Cannot install on $(uname -s): use the archive for Windows, or build from source" ;;
  esac
  case "$(uname -m)" in
    x86_64 | amd64) arch=x64 ;;
    aarch64 | arm64) arch=arm64 ;;
    *) fail "Cannot install on $(uname -m): there are archives for x64 and arm64" ;;
  esac
  # A shell under Rosetta says x86_64 on an Apple processor.
  if [ "$os-$arch" = darwin-x64 ] && [ "$(sysctl -n hw.optional.arm64 2>/dev/null || echo 0)" = 1 ]; then
    arch=arm64
  fi
  if [ "$os" = linux ] && is_musl; then
    arch="$arch-musl"
  fi
  printf '%s\n' "$os-$arch"
}

is_musl() {
  if ldd --version 2>&1 | grep -qi musl; then return 0; fi
  for loader in /lib/ld-musl-*; do
    [ -e "$loader" ] && ! ldd --version >/dev/null 2>&1 && return 0
  done
  return 1
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl $(https_only "$1") --fail --location --silent --show-error --retry 2 --output "$2" "$1" ||
      fail "Cannot download $1"
  elif command -v wget >/dev/null 2>&1; then
    wget --quiet --output-document "$2" "$1" || fail "Cannot download $1"
  else
    fail "Cannot download: neither curl nor wget is here"
  fi
}

verify() {
  expected=${AIM_SHA256:-}
  [ -n "$expected" ] || expected=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1; exit }' "$1/SHA256SUMS")
  [ -n "$expected" ] || fail "Cannot install: SHA256SUMS does not name $2"
  actual=$(checksum "$1/$2")
  [ "$expected" = "$actual" ] ||
    fail "Cannot install: the checksum of $2 is $actual, but SHA256SUMS says $expected"
}

checksum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  else
    fail "Cannot check the download: neither sha256sum nor shasum is here"
  fi
}

# Where the archive was built, when it comes from GitHub and its client is here and logged in.
attest() {
  [ -z "${AIM_MIRROR:-}" ] || return 0
  if command -v gh >/dev/null 2>&1 && gh auth status >/dev/null 2>&1; then
    gh attestation verify "$1" --repo "$AIM_REPOSITORY" >/dev/null ||
      fail "Cannot install: the archive was not built by $AIM_REPOSITORY"
  fi
}

# An address that is https stays so, also where it leads on to another.
https_only() {
  case "$1" in https://*) printf '%s\n' "--proto =https --tlsv1.2" ;; esac
}

need() {
  command -v "$1" >/dev/null 2>&1 || fail "Cannot install: $1 is not here"
}

say() {
  printf '%s\n' "$1" >&2
}

fail() {
  printf 'error: %s\n' "$1" >&2
  exit 1
}

main "$@"
