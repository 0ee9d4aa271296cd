/** The names of Flyway's files. */

/** A migration of Flyway, read from its file's name. */
export interface FlywayFile {
  readonly path: string;
  readonly kind: "V" | "U" | "R" | "B";
  /** As written, with dots or underscores; empty for a repeatable one. */
  readonly version: string;
  readonly name: string;
}

/** Reads a name as Flyway does; null for script configurations and everything else. */
export function flywayFile(path: string): FlywayFile | null {
  const base = path.split("/").at(-1) ?? "";
  if (!/\.sql$/.test(base) && !isProgram(path)) return null;
  const repeatable = /^R__(.*)\.\w+$/.exec(base);
  if (repeatable !== null) return { path, kind: "R", version: "", name: repeatable[1] ?? "" };
  const found = /^([VUB])(\d+(?:[._]\d+)*)(?:__(.*))?\.\w+$/.exec(base);
  if (found === null) return null;
  const kind = found[1] === "U" || found[1] === "B" ? found[1] : "V";
  return { path, kind, version: found[2] ?? "", name: found[3] ?? "" };
}

/** True for a file that Flyway takes: a migration, its script configuration, a program or a callback. */
export function isFlywayFile(path: string): boolean {
  return NAME.test(path) || isProgram(path) || isCallback(path);
}

/** True for a migration that is compiled or a script of another language. */
export function isProgram(path: string): boolean {
  return PROGRAM.test(path);
}

/** True for SQL that Flyway runs around its migrations. */
export function isCallback(path: string): boolean {
  return CALLBACK.test(path);
}

const NAME = /(?:^|\/)(?:[VUB]\d+(?:[._]\d+)*(?:__[^/]*)?|R__[^/]*)\.sql(?:\.conf)?$/;
const PROGRAM = /(?:^|\/)[VURB][\d._]*__[^/$]*\.(?:java|class|kt|groovy|scala|py|ps1|sh|cmd|bat)$/;
const CALLBACK =
  /(?:^|\/)(?:before|after)(?:Each)?(?:Migrate|Versioned|Repeatables|Undo|Clean|Info|Validate|Baseline|Repair|Connect)[A-Za-z]*(?:__[^/]*)?\.sql$/;
