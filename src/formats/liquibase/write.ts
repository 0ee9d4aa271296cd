/** Writing Liquibase's changelogs of formatted SQL. */

import { UsageError } from "../../core/error.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { RenderInput, SourceFile } from "../format.ts";
import { type MarkerRule, withoutMarkers } from "../markers.ts";
import {
  comments,
  needsMarker,
  partsFor,
  type PartToWrite,
  withOwnTransactions,
  written,
} from "../rendering.ts";
import { compareText, nextVersions, timestamp } from "../versions.ts";
import { DELIMITER, isMarker } from "./markers.ts";
import { isFormattedSql } from "./formatted.ts";
import { folderOfNext, readRoot, type Root, withInclude } from "./root.ts";

/** The next file, with one changeset; and the changelog that includes it, where there is one that lists files. */
export function renderLiquibase(
  input: RenderInput,
  existing: readonly SourceFile[],
  now: Date,
): readonly SourceFile[] {
  const parts = partsFor("liquibase", "Liquibase", input);
  const root = readRoot(existing);
  const isNear = ({ path }: SourceFile) =>
    root === null || path.slice(0, path.lastIndexOf("/") + 1) === folderOfNext(root, existing);
  const own = existing.filter((file) =>
    (root === null ? isFormattedSql(file) : file !== root.file) && isNear(file)
  ).sort((a, b) => compareText(a.path, b.path));
  const last = own.at(-1)?.path ?? "";
  const folder = root === null
    ? last.slice(0, last.lastIndexOf("/") + 1)
    : folderOfNext(root, existing);
  const names = own.map(({ path }) => path.slice(path.lastIndexOf("/") + 1));
  const separator = /^\d+([-_.]+)/.exec(names.at(-1) ?? "")?.[1] ?? "_";
  const versions = nextVersions({
    versions: names.map((name) => /^\d+/.exec(name)?.[0]).filter((one) => one !== undefined),
    now,
    first: timestamp(now),
  }, parts.length);
  const files = parts.map((part, index) => {
    const stem = `${versions[index]}${separator}${part.name}`;
    return { path: `${folder}${stem}.sql`, text: text(part, stem, input) };
  });
  const stale = (root === null || root.includes.at(-1)?.kind === "folder") &&
    files.find(({ path }) => compareText(path, last) <= 0);
  if (stale) {
    throw new UsageError(`Cannot name a changelog after "${last}"`, {
      code: "migration-format",
      hint:
        "Files are taken in order of name; rename them, or list them in a changelog of YAML or XML",
    });
  }
  const changed = included(root, files.map(({ path }) => path.slice(folder.length)));
  return changed === null ? files : [...files, changed];
}

/** The changelog that lists files, with further ones; null where there is none, or it includes whole folders. */
function included(root: Root | null, names: readonly string[]): SourceFile | null {
  if (root === null) return null;
  let text = root.file.text;
  for (const name of names) {
    const next = withInclude({ ...root, file: { path: root.file.path, text } }, name);
    if (next === null) return null;
    text = next;
  }
  return { path: root.file.path, text, replaces: root.file.text };
}

function text(part: PartToWrite, id: string, { dialect, lexicon }: RenderInput): string {
  const rule: MarkerRule = {
    title: "Liquibase",
    dialect,
    lexicon,
    isMarker,
    harmless: (line) => line.replace(/--\s*/, "-- . ").replace(/--;;\s*$/, "-- ;;"),
  };
  const section = (direction: "up" | "down") => {
    for (const { sql } of part[direction]) refuseChanged(sql);
    const statements = part[direction].map((statement): PlannedStatement => ({
      ...statement,
      sql: withoutMarkers(statement.sql, rule),
    }));
    const texts = needsMarker([...part.up, ...part.down], dialect)
      ? withOwnTransactions(statements, lexicon)
      : statements.map((statement) => written(statement, lexicon));
    return texts.map((one) => `${one}\n${DELIMITER}\n`).join("");
  };
  const attributes = [
    `splitStatements:true endDelimiter:${DELIMITER} rollbackEndDelimiter:${DELIMITER} stripComments:false`,
    ...(needsMarker([...part.up, ...part.down], dialect) ? ["runInTransaction:false"] : []),
  ];
  const back = part.down.length === 0
    ? "--rollback empty\n"
    : section("down").split("\n").slice(0, -1).map((line) => `--rollback ${line}\n`).join("");
  const top = comments(part.header).split("\n").map((line) =>
    isMarker(line) ? rule.harmless(line) : line
  )
    .join("\n");
  const up = part.up.length === 0 ? `SELECT 1;\n${DELIMITER}\n` : section("up");
  return `--liquibase formatted sql\n${top}\n--changeset aim:${id} ${
    attributes.join(" ")
  }\n${up}${back}`;
}

/** Throws UsageError for a text that Liquibase would change: it looks for parameters, and ends every line as Unix does. */
function refuseChanged(sql: string): void {
  const found = /\$\{[^}]*\}/.exec(sql)?.[0];
  if (found === undefined && !sql.includes("\r")) return;
  throw new UsageError(
    found === undefined
      ? "Cannot write a statement for Liquibase: it drops the carriage returns in it"
      : `Cannot write a statement for Liquibase: it fills in "${found}" where it knows such a parameter`,
    {
      code: "migration-format",
      hint: found === undefined
        ? "Write the line break another way in schema.sql, or use line feeds alone"
        : "Parameters are also the variables of its environment; write the text another way in schema.sql",
    },
  );
}
