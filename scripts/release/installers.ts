/** What fetches a release: the scripts with its checksums in them, and manifests of package managers. */

import { archiveOf, type Target, TARGETS } from "./targets.ts";

/** A release that was packed. */
export interface Packed {
  readonly version: string;
  /** owner/name on GitHub. */
  readonly repository: string;
  /** SHA-256 in hex digits by archive; those that were not built are not there. */
  readonly checksums: ReadonlyMap<string, string>;
}

/** install.sh that knows its release. Throws when the script has no place to fill in. */
export function pinnedShell(script: string, packed: Packed): string {
  return filled(script, [
    ['released_repository=""', `released_repository="${packed.repository}"`],
    ['released_version=""', `released_version="${packed.version}"`],
    ['released_checksums=""', `released_checksums="${sumsText(packed.checksums).trimEnd()}"`],
  ]);
}

/** install.ps1 that knows its release. */
export function pinnedPowershell(script: string, packed: Packed): string {
  return filled(script, [
    ["Repository = ''", `Repository = '${packed.repository}'`],
    ["Version = ''", `Version = '${packed.version}'`],
    ["Checksums = ''", `Checksums = @'\n${sumsText(packed.checksums).trimEnd()}\n'@`],
  ]);
}

/** SHA256SUMS: sorted by name, as `sha256sum -c` reads it. */
export function sumsText(checksums: ReadonlyMap<string, string>): string {
  return [...checksums].sort(([a], [b]) => a < b ? -1 : 1)
    .map(([name, digest]) => `${digest}  ${name}\n`).join("");
}

/** The formula of a tap for Homebrew; null when no archive is for it. */
export function formula(packed: Packed): string | null {
  const block = (os: "darwin" | "linux", word: string) => {
    const parts = [["on_arm", `${os}-arm64`], ["on_intel", `${os}-x64`]].flatMap(([on, name]) => {
      const found = addressOf(packed, name ?? "");
      if (found === null) return [];
      return [`    ${on} do\n      url "${found.url}"\n      sha256 "${found.sha256}"\n    end`];
    });
    return parts.length === 0 ? [] : [`  ${word} do\n${parts.join("\n")}\n  end\n`];
  };
  const blocks = [...block("darwin", "on_macos"), ...block("linux", "on_linux")];
  return blocks.length === 0 ? null : `class Aim < Formula
  desc "Writes and proves SQL migrations"
  homepage "https://github.com/${packed.repository}"
  version "${packed.version}"
  license "MIT"

${blocks.join("\n")}
  def install
    bin.install "aim"
    man1.install "man/man1/aim.1"
    bash_completion.install "completions/aim.bash" => "aim"
    zsh_completion.install "completions/_aim"
    fish_completion.install "completions/aim.fish"
  end

  test do
    assert_match version.to_s, shell_output("#{bin}/aim --version")
  end
end
`;
}

/** The manifest of a bucket for scoop; null when there is no archive for Windows. */
export function scoop(packed: Packed): string | null {
  const found = addressOf(packed, "windows-x64");
  if (found === null) return null;
  const { repository, version } = packed;
  const home = `https://github.com/${repository}`;
  const manifest = {
    version,
    description: "Writes and proves SQL migrations",
    homepage: home,
    license: "MIT",
    architecture: { "64bit": { url: found.url, hash: found.sha256 } },
    bin: "aim.exe",
    checkver: { github: home },
    autoupdate: {
      architecture: {
        "64bit": { url: `${home}/releases/download/v$version/aim-windows-x64.zip` },
      },
      hash: { url: "$baseurl/SHA256SUMS" },
    },
  };
  return JSON.stringify(manifest, null, 2) + "\n";
}

/** The three files for winget, by name; none when there is no archive for Windows. */
export function winget(packed: Packed): ReadonlyMap<string, string> {
  const found = addressOf(packed, "windows-x64");
  if (found === null) return new Map();
  const { repository, version } = packed;
  const owner = repository.split("/")[0] ?? "";
  const id = `${owner}.Aim`;
  const file = (type: string, lines: readonly string[]) =>
    [
      `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.1.12.0.schema.json`,
      `PackageIdentifier: ${id}`,
      `PackageVersion: ${version}`,
      ...lines,
      `ManifestType: ${type}`,
      "ManifestVersion: 1.12.0",
    ].join("\n") + "\n";
  return new Map([
    [`${id}.yaml`, file("version", ["DefaultLocale: en-US"])],
    [
      `${id}.installer.yaml`,
      file("installer", [
        "InstallerType: zip",
        "NestedInstallerType: portable",
        "NestedInstallerFiles:",
        "- RelativeFilePath: aim.exe",
        "  PortableCommandAlias: aim",
        "Installers:",
        "- Architecture: x64",
        `  InstallerUrl: ${found.url}`,
        `  InstallerSha256: ${found.sha256.toUpperCase()}`,
      ]),
    ],
    [
      `${id}.locale.en-US.yaml`,
      file("defaultLocale", [
        "PackageLocale: en-US",
        `Publisher: ${owner}`,
        "PackageName: aim",
        `PackageUrl: https://github.com/${repository}`,
        "License: MIT",
        "ShortDescription: Writes and proves SQL migrations",
      ]),
    ],
  ]);
}

/** Where an archive of the release lies, and its checksum; null when it was not built. */
function addressOf(
  { repository, version, checksums }: Packed,
  name: string,
): { readonly url: string; readonly sha256: string } | null {
  const target = TARGETS.find((one: Target) => one.name === name);
  if (target === undefined) throw new Error(`There is no target ${name}`);
  const archive = archiveOf(target);
  const sha256 = checksums.get(archive);
  if (sha256 === undefined) return null;
  return {
    url: `https://github.com/${repository}/releases/download/v${version}/${archive}`,
    sha256,
  };
}

function filled(
  script: string,
  places: readonly (readonly [place: string, text: string])[],
): string {
  return places.reduce((text, [place, value]) => {
    if (text.split(place).length !== 2) throw new Error(`Cannot fill in "${place}"`);
    return text.replace(place, () => value);
  }, script);
}
