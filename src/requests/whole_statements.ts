/** Whole statements of a schema written anew, made and taken out, as edits of its text. */

import type { SourceFile } from "../formats/format.ts";
import { altered } from "./altered.ts";
import { joined, putAfter } from "./edit_table.ts";
import { wholeStatement } from "./edit_column.ts";
import { labelled, statementText } from "./label.ts";
import { mergedStatement } from "./merge_statement.ts";
import { nameOf } from "../sql/name.ts";
import { isSame, readSchemaText, type SchemaText, type StatementText } from "./schema_text.ts";
import { type TextEdit, withEdits } from "./text_edits.ts";

/** A statement: one that stands in the schema, by its label, or a new one. */
export interface StatementEdit {
  /** `new` for one that is not there yet. */
  readonly label: string;
  /** Without a semicolon; empty to take it out. */
  readonly sql: string;
}

/** The label of what is not there yet. */
export const NEW = "new";

/** The files as they are then, or what is wrong with the edits. */
export type Applied = { readonly files: readonly SourceFile[] } | { readonly fault: string };

/** Applies edits to a schema; comments and the order of what stays are kept. */
export function withStatements(schema: SchemaText, edits: readonly StatementEdit[]): Applied {
  const known = new Map(labelled(schema).map(({ label, statement }) => [label, statement]));
  const changes: TextEdit[] = [];
  const changed: StatementText[] = [];
  const gone = new Set<StatementText>();
  const seen = new Set<string>();
  for (const { label, sql } of edits) {
    if (label === NEW) continue;
    const statement = known.get(label);
    if (statement === undefined) return { fault: `there is no statement "${label}"` };
    if (seen.has(label)) return { fault: `"${label}" is written twice` };
    seen.add(label);
    if (schema.files[statement.file]?.edits !== undefined) {
      const path = schema.files[statement.file]?.path;
      return { fault: `"${label}" stands in ${path}, which includes other files` };
    }
    if (sql === "") {
      changes.push(wholeStatement(schema, statement));
      gone.add(statement);
      continue;
    }
    const text = statementText(schema, statement);
    const whole = statement.kind === "table" ? altered(text, sql, schema.engine) ?? sql : sql;
    if (statement.kind === "table" && /^alter\b/i.test(whole)) {
      return { fault: `"${label}" came as ALTER; give the whole CREATE TABLE as it is to be` };
    }
    const merged = mergedStatement(text, whole, schema.engine);
    if ("lostComment" in merged) {
      return { fault: `"${label}" has lost a comment, which must stay: ${merged.lostComment}` };
    }
    const { file, start, end } = statement;
    changes.push({ file, start, end, text: merged.text });
    changed.push(...readOne(merged.text, schema).map((one) => ({ ...one, file, start, end })));
  }
  const stays = schema.statements.filter((statement) => !gone.has(statement));
  for (const { label, sql } of edits) {
    if (label === NEW && sql !== "") changes.push(placeOf(sql, { schema, stays, changed }));
  }
  return { files: withEdits(schema.files, joined(changes)) };
}

function readOne(text: string, { engine }: SchemaText): readonly StatementText[] {
  return readSchemaText([{ path: "", text }], engine).statements;
}

interface Placing {
  readonly schema: SchemaText;
  /** Statements that are not taken out. */
  readonly stays: readonly StatementText[];
  /** Statements that are written anew, where they stand. */
  readonly changed: readonly StatementText[];
}

/** Where a new statement goes: before what needs it, behind what belongs to the same table, else to the end. */
function placeOf(sql: string, { schema, stays, changed }: Placing): TextEdit {
  const { engine } = schema;
  const [own] = readOne(sql, schema);
  const name = own === undefined ? null : madeName(own, sql, schema);
  const needing = name === null
    ? undefined
    : changed.find(({ code }) =>
      code.some(({ text, kind }) =>
        (kind === "word" || kind === "name") &&
        isSame(nameOf(text, engine.foldName), name, engine)
      )
    );
  const text = `${sql};`;
  if (needing !== undefined && own?.table?.parts.at(-1) !== needing.own?.parts.at(-1)) {
    const at = stays.findIndex(({ file, start }) =>
      file === needing.file && start === needing.start
    );
    const before = stays[at - 1];
    return before === undefined || before.file !== needing.file
      ? { file: needing.file, start: 0, end: 0, text: `${text}\n\n` }
      : putAfter(schema, before, text, true);
  }
  const home = own?.kind === "table"
    ? undefined
    : stays.findLast(({ kind, table }) =>
      ["table", "index", "comment", "alter", "trigger"].includes(kind) &&
      isSame(table?.parts.at(-1) ?? "", own?.table?.parts.at(-1) ?? "-", engine)
    );
  const last = home ?? stays.at(-1);
  return last === undefined
    ? { file: 0, start: 0, end: 0, text: `${text}\n` }
    : putAfter(schema, last, text, home === undefined || home.kind !== own?.kind);
}

/** The name of what a statement makes, without its schema. */
function madeName(own: StatementText, sql: string, { engine }: SchemaText): string | null {
  if (own.own !== null) return own.own.parts.at(-1) ?? null;
  for (let at = 0; at < own.code.length && at < 8; at++) {
    const found = engine.definitionAt(sql, own.code[at]?.start ?? 0);
    if (found !== null && found.name !== "") return found.name;
  }
  return null;
}
