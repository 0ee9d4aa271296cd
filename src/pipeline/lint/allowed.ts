/** What a migration's author allows, in comments: `-- aim:allow CODE reason` above a statement, `-- aim:allow-file CODE reason`. */

import type { Finding } from "../../core/finding.ts";
import type { Place } from "../../core/statement.ts";
import type { Script } from "../../formats/format.ts";
import { placeIn } from "../../formats/mod.ts";
import type { Lexicon } from "../../sql/lexicon.ts";
import { Scanner } from "../../sql/scanner.ts";

/** Codes of findings that no rule makes: `aim check` has them, and lint does not know whether they are found. */
const OF_CHECK: ReadonlySet<string> = new Set([
  "down-missing",
  "migration-edited",
  "migration-order",
  "version-clash",
]);

/** One comment that allows something. */
interface Permission {
  readonly code: string;
  readonly reason: string;
  /** Whether it holds for the whole file. */
  readonly isForFile: boolean;
  readonly place: Place;
  /** The line of the first code behind it. */
  readonly line: number;
}

/** Findings that nobody allowed, and a finding for each comment that allows nothing that was found, or gives no reason. */
export function withoutAllowed(
  findings: readonly Finding[],
  { script, lexicon, folder }: {
    readonly script: Script;
    readonly lexicon: Lexicon;
    readonly folder: string;
  },
): readonly Finding[] {
  const permissions = permissionsIn(script, lexicon, folder);
  const used = new Set<Permission>();
  const left = findings.filter(({ code, place }) => {
    const permission = permissions.find((one) =>
      one.code === code && one.reason !== "" && (one.isForFile || one.line === place?.line)
    );
    if (permission !== undefined) used.add(permission);
    return permission === undefined;
  });
  const unused = permissions.filter((one) =>
    !used.has(one) && (one.reason === "" || !OF_CHECK.has(one.code))
  ).map(({ code, reason, place }) => ({
    code: "unused-allow",
    severity: "warning" as const,
    message: reason === ""
      ? `aim:allow ${code} gives no reason and allows nothing`
      : `aim:allow ${code} allows nothing that is found`,
    hint: reason === "" ? `-- aim:allow ${code} why it is safe here` : "Remove it",
    place,
  }));
  return [...left, ...unused];
}

const ALLOW = /^--\s*aim:allow(-file)?\s+([a-z][\w-]*)\s*(.*)$/s;

function permissionsIn(script: Script, lexicon: Lexicon, folder: string): readonly Permission[] {
  const scanner = new Scanner(script.text, lexicon);
  const found: Permission[] = [];
  let open: Omit<Permission, "line">[] = [];
  const close = (line: number) => {
    found.push(...open.map((one) => ({ ...one, line })));
    open = [];
  };
  while (scanner.next()) {
    if (scanner.kind === "blank") continue;
    const { file, line, column } = placeIn(script, scanner.start);
    if (scanner.kind !== "comment") {
      close(line);
      continue;
    }
    const text = script.text.slice(scanner.start, scanner.end).trim();
    const [, isForFile, code = "", reason = ""] = ALLOW.exec(text) ?? [];
    if (code === "") continue;
    const place = { file: folder + file, line, column };
    open.push({ code, reason: reason.trim(), isForFile: isForFile !== undefined, place });
  }
  close(0);
  return found;
}
