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
# The copy that is part of a release knows its repository, its version and the checksums of its archives: it needs none of these.
# Changes nothing but that one file; to uninstall, delete it. Everything is inside functions, so a download that is cut short runs nothing.
set -eu
umask 022

# What a release fills in.
released() {
  released_repository=""
  released_version=""
  released_checksums=""
}

main() {
  released
  repository=${AIM_REPOSITORY:-$released_repository}
  version=${AIM_VERSION:-$released_version}
  version=${version#v}
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
  expected=${AIM_SHA256:-$(known_checksum "$archive")}
  [ -n "$expected" ] || download "$base/SHA256SUMS" "$work/SHA256SUMS"
  verify "$work" "$archive"
  attest "$work/$archive"

  tar -xzf "$work/$archive" -C "$work" aim || fail "Cannot install: $archive holds no file \"aim\""
  [ -f "$work/aim" ] && [ ! -L "$work/aim" ] || fail "Cannot install: $archive holds no file \"aim\""
  mkdir -p "$folder" 2>/dev/null && [ -w "$folder" ] ||
    fail "Cannot write to $folder: set AIM_INSTALL_DIR to a folder of yours"
  before=$("$folder/aim" --version 2>/dev/null || true)
  chmod 755 "$work/aim"
  # A rename inside one folder is atomic and works while an older aim runs.
  staged="$folder/.aim.$$"
  cp "$work/aim" "$staged"
  mv -f "$staged" "$folder/aim"

  now=$("$folder/aim" --version 2>/dev/null) ||
    say "warning: $folder/aim does not start here: is aim-$target for this machine?$(alpine_hint)"
  say "Installed ${now:-aim} as $folder/aim${before:+, in the place of $before}"
  case ":${PATH:-}:" in
    *":$folder:"*) ;;
    *) say "Add it to your PATH: export PATH=\"$folder:\$PATH\"" ;;
  esac
  first=$(command -v aim 2>/dev/null || true)
  case "$first" in
    "" | "$folder/aim") ;;
    *) say "warning: \"aim\" is $first on your PATH, which comes before $folder" ;;
  esac
}

# The checksum that this copy of the script knows, when it is its own release that is wanted.
known_checksum() {
  [ -n "$released_version" ] && [ "$version" = "$released_version" ] &&
    [ "$repository" = "$released_repository" ] || return 0
  printf '%s\n' "$released_checksums" | awk -v name="$1" '$2 == name { print $1; exit }'
}

alpine_hint() {
  [ ! -e /etc/alpine-release ] || printf '%s' " It needs: apk add libstdc++"
}

base_url() {
  if [ -n "${AIM_MIRROR:-}" ]; then
    printf '%s\n' "${AIM_MIRROR%/}"
  elif [ -z "$repository" ]; then
    fail "Cannot tell where aim is released: set AIM_REPOSITORY (owner/name on GitHub) or AIM_MIRROR"
  elif [ -n "$version" ]; then
    printf '%s\n' "https://github.com/$repository/releases/download/v$version"
  else
    printf '%s\n' "https://github.com/$repository/releases/latest/download"
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
  if [ "$os" = linux ] && { is_musl || is_old_glibc; }; then
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

# The program for glibc needs version 2.17 of it.
is_old_glibc() {
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2)
  case "$glibc" in
    2.[0-9] | 2.1[0-6] | 2.[0-9].* | 2.1[0-6].*) return 0 ;;
    *) return 1 ;;
  esac
}

download() {
  if command -v curl >/dev/null 2>&1; then
    # shellcheck disable=SC2046 # several words, or none
    curl $(https_only "$1") --fail --location --silent --show-error --retry 2 --output "$2" "$1" ||
      fail "Cannot download $1"
  elif command -v wget >/dev/null 2>&1; then
    # shellcheck disable=SC2046
    wget $(wget_https_only "$1") --quiet --output-document "$2" "$1" || fail "Cannot download $1"
  else
    fail "Cannot download: neither curl nor wget is here"
  fi
}

verify() {
  [ -n "$expected" ] || expected=$(awk -v name="$2" '$2 == name || $2 == "*" name { print $1; exit }' "$1/SHA256SUMS")
  [ -n "$expected" ] || fail "Cannot install: SHA256SUMS does not name $2"
  actual=$(checksum "$1/$2")
  [ "$expected" = "$actual" ] ||
    fail "Cannot install: the checksum of $2 is $actual, but it must be $expected"
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
  if [ -z "${AIM_MIRROR:-}" ] && command -v gh >/dev/null 2>&1 && gh auth status >/dev/null 2>&1; then
    gh attestation verify "$1" --repo "$repository" >/dev/null ||
      fail "Cannot install: the archive was not built by $repository"
    say "The checksum is right, and the archive was built by $repository"
  else
    say "The checksum is right; where it was built was not checked (gh attestation verify does)"
  fi
}

# An address that is https stays so, also where it leads on to another.
https_only() {
  case "$1" in https://*) printf '%s\n' "--proto =https --tlsv1.2" ;; esac
}

wget_https_only() {
  case "$1" in https://*) ! wget --help 2>&1 | grep -q -e --https-only || printf '%s\n' "--https-only" ;; esac
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
