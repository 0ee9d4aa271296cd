/** The servers of MySQL and MariaDB on this machine: where they are, and what they are. */

import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, realpath, rename, stat, writeFile } from "node:fs/promises";
import { platform } from "node:os";
import { delimiter, join } from "node:path";
import process from "node:process";
import { promisify } from "node:util";
import { cacheFolder } from "../../host/user_dirs.ts";
import { addedFolder } from "../local_postgres/find_server.ts";

/** A server program. */
export interface ServerProgram {
  readonly path: string;
  readonly family: "mysql" | "mariadb";
  /** `10.11.19` */
  readonly version: string;
  /** Where what is found out and made for this very file is kept. */
  readonly cache: string;
}

/** All that are found, each file once: those of AIM_SERVERS first, then those that aim fetched, then those on PATH. Those that do not run are left out. */
export function findPrograms(): Promise<readonly ServerProgram[]> {
  const { PATH = "", AIM_SERVERS = "" } = process.env;
  const key = `${AIM_SERVERS}\n${PATH}`;
  if (found?.key !== key) found = { key, programs: lookForPrograms() };
  return found.programs;
}

/** Looks again: something was fetched. */
export function forgetPrograms(): void {
  found = null;
}

/** What was found with these variables. */
let found: { readonly key: string; readonly programs: Promise<readonly ServerProgram[]> } | null =
  null;

async function lookForPrograms(): Promise<readonly ServerProgram[]> {
  const programs = new Map<string, ServerProgram | null>();
  for (const path of await candidates()) {
    const real = await realpath(path).catch(() => null);
    if (real === null || programs.has(real)) continue;
    programs.set(real, await programAt(path, real));
  }
  return [...programs.values()].filter((one) => one !== null);
}

const NAMES = ["mariadbd", "mysqld"];

/** Where distributions and Homebrew put servers that are not for everybody's PATH. */
const USUAL = [
  "/usr/sbin",
  "/usr/libexec",
  "/usr/local/sbin",
  "/usr/local/libexec",
  "/usr/local/mysql/bin",
];

async function candidates(): Promise<readonly string[]> {
  const { PATH = "", AIM_SERVERS = "" } = process.env;
  const given = AIM_SERVERS.split(delimiter).filter((folder) => folder !== "");
  const folders = [
    ...(await Promise.all(given.map(within))).flat(),
    ...await within(addedFolder(process.env)),
    ...PATH.split(delimiter).filter((folder) => folder !== ""),
    ...platform() === "win32" ? [] : USUAL,
    ...await homebrew("/opt/homebrew/opt"),
    ...await homebrew("/usr/local/opt"),
  ];
  return [...new Set(folders)].flatMap((folder) => NAMES.map((name) => join(folder, name)));
}

/** A folder of a server, or one of several such folders. */
async function within(folder: string): Promise<readonly string[]> {
  const inner = await readdir(folder).catch(() => []);
  const places = [folder, ...inner.map((name) => join(folder, name))];
  return places.flatMap((place) => [place, join(place, "bin"), join(place, "sbin")]);
}

async function homebrew(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /^(?:mysql|mariadb)/.test(name)).map((name) =>
    join(folder, name, "bin")
  );
}

async function programAt(path: string, real: string): Promise<ServerProgram | null> {
  const file = await stat(real).catch(() => null);
  if (file === null || !file.isFile()) return null;
  const key = createHash("sha256")
    .update(JSON.stringify([RECIPE, real, file.size, file.mtimeMs]))
    .digest("hex").slice(0, 16);
  const cache = join(cacheFolder(process.env), "mysql", key);
  const known = await readFile(join(cache, "program.json"), "utf8").then(JSON.parse)
    .catch(() => null) as Pick<ServerProgram, "family" | "version"> | null;
  if (known !== null) return { path, cache, family: known.family, version: known.version };
  const told = await ask(path);
  if (told === null) return null;
  await mkdir(cache, { recursive: true }).catch(() => {});
  const draft = join(cache, `program.${process.pid}`);
  await writeFile(draft, JSON.stringify(told)).then(() =>
    rename(draft, join(cache, "program.json"))
  )
    .catch(() => {});
  return { path, cache, ...told };
}

/** Changes whenever what is kept for a program is made otherwise. */
const RECIPE = 3;

/** Arguments of `sh`, the one program that a binary may start, in front of those of another one. */
export const BY_SHELL = ["-c", 'exec "$0" "$@"'] as const;

/** `mariadbd  Ver 10.11.19-MariaDB-... for Linux`, `mysqld  Ver 9.7.4-2 for Linux`. */
async function ask(path: string): Promise<Pick<ServerProgram, "family" | "version"> | null> {
  const answer = await promisify(execFile)(
    "sh",
    [...BY_SHELL, path, "--no-defaults", "--version"],
    {
      timeout: 20_000,
    },
  ).catch(() => null);
  const version = /\bVer (\d+\.\d+\.\d+)/.exec(answer?.stdout ?? "")?.[1];
  if (answer === null || version === undefined) return null;
  return { version, family: /mariadb/i.test(answer.stdout) ? "mariadb" : "mysql" };
}
