/** What a release is built for. */

/** One kind of machine. */
export interface Target {
  /** As in the names of archives: `linux-x64-musl`. */
  readonly name: string;
  /** What Bun calls it. */
  readonly bun: string;
  /** As npm says it in a package's manifest. */
  readonly npm: { readonly os: string; readonly cpu: string; readonly libc?: "glibc" | "musl" };
  /** The platform tag of a wheel. */
  readonly wheel: string;
  /** The file of the program. */
  readonly program: "aim" | "aim.exe";
}

/** All targets, in the order of their names. */
export const TARGETS: readonly Target[] = [
  target("darwin", "arm64", "macosx_13_0_arm64"),
  target("darwin", "x64", "macosx_13_0_x86_64"),
  target("linux", "arm64", "manylinux_2_28_aarch64"),
  target("linux", "arm64", "musllinux_1_2_aarch64", "musl"),
  target("linux", "x64", "manylinux_2_17_x86_64"),
  target("linux", "x64", "musllinux_1_2_x86_64", "musl"),
  target("windows", "x64", "win_amd64"),
];

/** The name of a target's archive. */
export function archiveOf({ name, program }: Target): string {
  return `aim-${name}.${program === "aim.exe" ? "zip" : "tar.gz"}`;
}

/** The last part of the name of a target's npm package: Node's words. */
export function npmSuffix({ npm, name }: Target): string {
  return `${npm.os}-${npm.cpu}${name.endsWith("-musl") ? "-musl" : ""}`;
}

function target(os: string, cpu: string, wheel: string, libc?: "musl"): Target {
  const name = [os, cpu, ...(libc ? [libc] : [])].join("-");
  return {
    name,
    bun: `bun-${name}`,
    npm: {
      os: os === "windows" ? "win32" : os,
      cpu,
      ...(os === "linux" ? { libc: libc ?? "glibc" } : {}),
    },
    wheel,
    program: os === "windows" ? "aim.exe" : "aim",
  };
}
