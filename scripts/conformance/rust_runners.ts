/** Runners that are libraries of Rust: small programs around them, which cargo builds into a cache folder when they are first called. */

import { homedir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import type { Dialect, Site } from "./databases.ts";
import type { Command, Runner } from "./runners.ts";

const DIALECTS: readonly Dialect[] = ["sqlite", "postgres"];

/** All of them. */
export const RUST_RUNNERS: readonly Runner[] = [
  {
    format: "refinery",
    dialects: DIALECTS,
    version: program("refinery", "version"),
    up: (site) => [on("refinery", site, "up")],
    down: () => [],
    // It never goes back; but it can stop at a version, and take all in one transaction.
    otherwise: (site) => [
      Array.from({ length: site.count }, (_, at) => on("refinery", site, "to", `${at + 1}`)),
      [on("refinery", site, "grouped")],
    ],
  },
  {
    format: "diesel",
    dialects: DIALECTS,
    version: program("diesel", "version"),
    up: (site) => [on("diesel", site, "up")],
    down: (
      site,
      count,
    ) => [on("diesel", site, "down", ...count === undefined ? [] : [`${count}`])],
  },
];

function on(name: string, { database, folder }: Site, ...args: readonly string[]): Command {
  return program(name, database, folder, ...args);
}

function program(name: string, ...args: readonly string[]): Command {
  const source = fileURLToPath(new URL(`programs/${name}/Cargo.toml`, import.meta.url));
  const cache = process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache");
  const target = join(cache, "aim-conformance", name);
  const cargo = ["run", "--quiet", "--locked", "--manifest-path", source, "--target-dir", target];
  return ["cargo", ...cargo, "--", ...args];
}
