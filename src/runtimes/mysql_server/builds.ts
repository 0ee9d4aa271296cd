/** Builds of MariaDB that `aim runtime add` can fetch: pinned, with the hash of each. Of MySQL no registry has one. */

import { arch, platform } from "node:os";

/** One archive of Maven Central. */
export interface MariadbBuild {
  /** `mariadb-11.4` */
  readonly name: string;
  readonly version: string;
  /** SHA-256 of the archive, in base64. */
  readonly sha256: string;
  /** Size of the archive in bytes. */
  readonly bytes: number;
}

/** The builds for this machine, newest first; none where there are none. */
export function mariadbBuilds(): readonly MariadbBuild[] {
  return `${platform()}-${arch()}` === "linux-x64" ? BUILDS : [];
}

const BUILDS: readonly MariadbBuild[] = [
  {
    name: "mariadb-11.4",
    version: "11.4.5",
    sha256: "XG3KuGp5ts1riVfOSKZqlzEhUO6G+riuZYSVqwmEGFQ=",
    bytes: 148_875_325,
  },
  {
    name: "mariadb-10.11",
    version: "10.11.5",
    sha256: "uXdaMlbKoNl2mPdRJYfbQ9vOxXskLMOnC/e8bdzEqfg=",
    bytes: 141_526_894,
  },
];
