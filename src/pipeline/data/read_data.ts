/** Data migrations written by a person: SQL under `-- aim:data up`, `-- aim:data down` and `-- aim:check NAME`. */

import type { DataMigration } from "../../core/data_migration.ts";
import { UsageError } from "../../core/error.ts";
import type { RowCheck } from "../../core/row_check.ts";
import type { Statement } from "../../core/statement.ts";
import type { SourceFile } from "../../formats/format.ts";
import { positionAt } from "../../sql/position.ts";
import { tokensOf } from "../../sql/scanner.ts";
import type { Project } from "../project.ts";

/** A block: from its comment to the next one. */
interface Block {
  readonly offset: number;
  readonly what: "up" | "down" | "check";
  readonly name: string;
  /** Of a check, the value after UP; null for the same as before. */
  readonly expect: string | null;
}

const MARK = /^--[ \t]*aim:(data|check)\b[ \t]*(.*)$/;

/** Reads a file. Throws UsageError, with its place, for what is no data migration. */
export function readData(file: SourceFile, { engine }: Pick<Project, "engine">): DataMigration {
  const fault = (reason: string, offset: number) => {
    const { source, ...position } = positionAt(file.text, offset);
    return new UsageError(`Cannot read the data migration: ${reason}`, {
      code: "data",
      place: { file: file.path, ...position },
      source,
      hint: "it has blocks: -- aim:data up, -- aim:data down, -- aim:check NAME [expects VALUE]",
    });
  };
  const blocks = tokensOf(file.text, engine.lexicon).flatMap(({ kind, start, end }) => {
    const mark = kind === "comment" ? MARK.exec(file.text.slice(start, end).trimEnd()) : null;
    if (mark === null) return [];
    const block = blockOf(mark[1] ?? "", (mark[2] ?? "").trim(), start);
    if (block === null) throw fault(`"${mark[0]}" is none of its blocks`, start);
    return [block];
  });
  const statements = engine.split(file.text);
  const [stray] = statements.filter(({ offset }) => offset < (blocks[0]?.offset ?? Infinity));
  if (stray !== undefined) throw fault("a statement stands in no block", stray.offset);
  const control = statements.find((one) => one.control !== undefined || one.copyData !== undefined);
  if (control !== undefined) throw fault("the runner opens and ends transactions", control.offset);
  const within = (block: Block) => {
    const end = blocks.find(({ offset }) => offset > block.offset)?.offset ?? Infinity;
    return statements.filter(({ offset }) => offset > block.offset && offset < end);
  };
  const of = (what: Block["what"]) => blocks.filter((block) => block.what === what);
  const up = of("up").flatMap(within).map(({ sql }) => sql);
  if (up.length === 0) throw fault("there is no statement under -- aim:data up", 0);
  return {
    up,
    down: of("down").flatMap(within).map(({ sql }) => sql),
    checks: of("check").map((block) => {
      const check = checkOf(block, within(block));
      if (check === null) {
        throw fault("a check is one query, or one before and one after UP", block.offset);
      }
      return check;
    }),
    by: "person",
  };
}

function blockOf(kind: string, rest: string, offset: number): Block | null {
  if (kind === "data") {
    return rest === "up" || rest === "down" ? { offset, what: rest, name: "", expect: null } : null;
  }
  const [, name = "", expect = null] = /^(.*?)(?:[ \t]+expects[ \t]+(.*))?$/.exec(rest) ?? [];
  return name === "" ? null : { offset, what: "check", name, expect };
}

/** One query that must give the value after UP, or the same as before it; of two the second runs after UP. */
function checkOf({ name, expect }: Block, statements: readonly Statement[]): RowCheck | null {
  const [first, second, ...more] = statements.map(({ sql }) => sql);
  if (first === undefined || more.length > 0) return null;
  if (expect !== null) {
    return second === undefined ? { name, sql: "", after: first, expect } : null;
  }
  return { name, sql: first, ...second === undefined ? {} : { after: second }, expect: "same" };
}
