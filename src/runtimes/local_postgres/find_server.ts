/** Finds the programs of a Postgres server on this machine. */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join } from "node:path";
import { cacheFolder, type Variables } from "../../host/user_dirs.ts";
import { asUnprivileged, unprivilegedUser } from "./unprivileged.ts";

/** Versions that aim knows, newest first. */
export const MAJORS: readonly number[] = [18, 17, 16, 15, 14, 13];

/** The programs of one version. */
export interface FoundServer {
  /** As the program says it: `15.18`. */
  readonly version: string;
  /** Folder of `postgres` and `initdb`, links followed. */
  readonly bin: string;
  /** Where the initialised cluster of these very programs lies, or will lie. */
  readonly cluster: string;
}

/**
 * The programs of some major versions that can be run, in the order of these: those that aim was told of or fetched come before those
 * of the system.
 */
export function* findServers(
  majors: readonly number[],
  variables: Variables,
): Generator<FoundServer> {
  const clusters = join(sharedCacheFolder(variables), "clusters");
  const found = new Map<string, FoundServer | null>();
  for (const wanted of majors) {
    for (const folder of placesOf(wanted, variables)) {
      if (!found.has(folder)) found.set(folder, serverIn(folder, clusters));
      const server = found.get(folder);
      if (server && Number.parseInt(server.version) === wanted) yield server;
    }
  }
}

/** Folder that `aim runtime add` fills, a folder in it for each version: `postgres-17`. */
export function addedFolder(variables: Variables): string {
  return join(sharedCacheFolder(variables), "servers");
}

/** aim's cache, where the user that a server runs as can read it: as root, it is not below a folder of root's own. */
function sharedCacheFolder(variables: Variables): string {
  const own = cacheFolder(variables);
  if (unprivilegedUser() === null) return own;
  return variables.XDG_CACHE_HOME && canEnter(own) ? own : "/var/cache/aim";
}

/** Whether everybody may enter what there is of a folder and those above it. */
function canEnter(folder: string): boolean {
  const above = dirname(folder);
  const mode = statSync(folder, { throwIfNoEntry: false })?.mode ?? 0o001;
  return (mode & 0o001) !== 0 && (above === folder || canEnter(above));
}

/** Whether an extension is there; null where it cannot be told. */
export function hasExtension(server: FoundServer, name: string): boolean | null {
  const folder = extensionFolder(server);
  return folder === null ? null : existsSync(join(folder, `${name}.control`));
}

/** Whether an owner of a database may create an extension that is there; null where it cannot be told. */
export function isTrusted(server: FoundServer, name: string): boolean | null {
  const folder = extensionFolder(server);
  const control = folder === null ? null : join(folder, `${name}.control`);
  if (control === null || !existsSync(control)) return null;
  return /^\s*(?:trusted\s*=\s*'?true|superuser\s*=\s*'?false)/m.test(
    readFileSync(control, "utf8"),
  );
}

function extensionFolder({ bin, version }: FoundServer): string | null {
  const major = Number.parseInt(version);
  const root = dirname(bin);
  const folders = [
    join(root, "share", "postgresql", "extension"),
    join(root, "share", "extension"),
    join(root, "share", `postgresql@${major}`, "extension"),
    `/usr/share/postgresql/${major}/extension`,
    `/usr/share/postgresql${major}/extension`,
  ];
  return folders.find((path) => existsSync(path)) ?? null;
}

function placesOf(major: number, variables: Variables): readonly string[] {
  const told = (variables.AIM_SERVERS ?? "").split(delimiter).filter((folder) => folder !== "");
  // A relative folder would be looked for in whatever project aim runs in.
  const path = (variables.PATH ?? "").split(delimiter).filter((folder) => isAbsolute(folder));
  return [
    ...told.flatMap((folder) => [
      join(folder, String(major), "bin"),
      join(folder, `postgres-${major}`, "bin"),
      join(folder, "bin"),
      folder,
    ]),
    join(addedFolder(variables), `postgres-${major}`, "bin"),
    ...path,
    `/usr/lib/postgresql/${major}/bin`,
    `/usr/pgsql-${major}/bin`,
    `/usr/libexec/postgresql${major}`,
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    `/opt/local/lib/postgresql${major}/bin`,
    `/Applications/Postgres.app/Contents/Versions/${major}/bin`,
  ];
}

function serverIn(folder: string, clusters: string): FoundServer | null {
  try {
    const program = realpathSync(join(folder, "postgres"));
    const bin = dirname(program);
    if (!existsSync(join(bin, "initdb"))) return null;
    const { size, mtimeMs } = statSync(program);
    const identity = createHash("sha256").update(`${CLUSTER_FORM} ${program} ${size} ${mtimeMs}`)
      .digest("hex").slice(0, 16);
    const cluster = join(clusters, identity);
    const version = knownVersion(cluster) ?? askedVersion(program);
    return version === null ? null : { version, bin, cluster };
  } catch {
    return null;
  }
}

/** Changes whenever a cluster is prepared in another way. */
const CLUSTER_FORM = 2;

function knownVersion(cluster: string): string | null {
  const file = join(cluster, "version");
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}

/** What the program says of itself, to the user that it will run as; null for one that this user cannot run. */
function askedVersion(program: string): string | null {
  const { stdout, status } = spawnSync("sh", ["-c", 'exec "$0" --version', program], {
    ...asUnprivileged(),
    cwd: "/",
    timeout: 10_000,
    encoding: "utf8",
  });
  return status === 0 ? /(\d+(?:\.\d+|[a-z]+\d+))/.exec(stdout)?.[1] ?? null : null;
}
