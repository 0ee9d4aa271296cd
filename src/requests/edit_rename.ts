/** Tables and columns under other names, and what refers to them by the old ones. */

import { UsageError } from "../core/error.ts";
import type { Edited, Unclear } from "./edit.ts";
import { onlyColumn, onlyTable, textOf } from "./edit_column.ts";
import { type FoundColumn, tablesNamed, tablesOf, type TableText } from "./find.ts";
import type { Request } from "./request.ts";
import {
  type Code,
  foldedParts,
  goesByParts,
  isSame,
  nameAt,
  partsBetween,
  type SchemaText,
  shownName,
  type StatementText,
} from "./schema_text.ts";
import { indentOf, type TextEdit } from "./text_edits.ts";

type Wish = Extract<Request, { kind: "rename" }>;

/** `rename email to mail in users`, `rename table people to users`. */
export function rename(request: Wish, schema: SchemaText): Edited | Unclear {
  const { what, table, from, to } = request;
  if (what === "table") return renameTable(request, schema);
  if (what === "column" || table !== null) return renameColumn(request, schema);
  const tables = tablesNamed(schema, from).map(({ own }) => shownName(own.parts));
  const [name = from] = foldedParts(from, schema.engine);
  const columns = tablesOf(schema).filter(({ members }) =>
    members.some((one) => one.column !== null && isSame(one.column, name, schema.engine))
  );
  if (tables.length > 0 && columns.length > 0) {
    return {
      question: `Is ${from} the table or the column?`,
      options: [
        ...tables.map((one) => `rename table ${one} to ${to}`),
        ...columns.map(({ own }) => `rename ${from} to ${to} in ${shownName(own.parts)}`),
      ],
    };
  }
  return tables.length > 0 ? renameTable(request, schema) : renameColumn(request, schema);
}

function renameTable({ from, to }: Wish, schema: SchemaText): Edited | Unclear {
  const table = onlyTable(schema, from, (name) => `rename table ${name} to ${to}`);
  if ("question" in table) return table;
  const { engine, statements } = schema;
  const [name = to] = foldedParts(to, engine);
  const parts = [...table.own.parts.slice(0, -1), name];
  if (tablesOf(schema).some(({ own }) => goesByParts(own.parts, parts, engine))) {
    throw taken(shownName(table.own.parts), to);
  }
  const edits = statements.flatMap((one) =>
    tableNames(one.code, table, schema).map(({ start, end }) => ({
      file: one.file,
      start,
      end,
      text: to,
    }))
  );
  const old = shownName(table.own.parts);
  return {
    edits,
    named: {
      op: "rename",
      kind: "table",
      object: table.own.parts,
      member: null,
      rename: { kind: "table", from: old, to: shownName(parts) },
    },
    fill: null,
    annotation: annotationAt(schema, table, table.start, old),
  };
}

function taken(from: string, to: string): UsageError {
  return new UsageError(`Cannot rename ${from}: ${to} is there already`, { code: "request" });
}

/** Words behind which a table stands, and before it what qualifies a column. */
const BEFORE_TABLE = new Set("TABLE ON REFERENCES FROM JOIN INTO UPDATE ONLY EXISTS".split(" "));

/** The tokens that name a table: its own name, and where others refer to it. */
function tableNames(
  code: readonly Code[],
  { own }: TableText,
  { engine }: SchemaText,
): readonly Code[] {
  return code.flatMap((token, at) => {
    const isStart = code[at - 1]?.text !== "." && (token.kind === "word" || token.kind === "name");
    const found = isStart ? nameAt(code, at, engine) : null;
    if (found === null) return [];
    const isAfter = BEFORE_TABLE.has(code[at - 1]?.word ?? "");
    const size = isAfter && goesByParts(own.parts, found.parts, engine)
      ? found.parts.length
      : found.parts.length > 1 && goesByParts(own.parts, found.parts.slice(0, -1), engine)
      ? found.parts.length - 1
      : 0;
    const last = size === 0 ? undefined : code[at + 2 * (size - 1)];
    return last === undefined ? [] : [last];
  });
}

function renameColumn(
  { table: inTable, from, to }: Wish,
  schema: SchemaText,
): Edited | Unclear {
  const found = onlyColumn(
    schema,
    { table: inTable, column: from },
    (table) => `rename ${from} to ${to} in ${table}`,
  );
  if ("question" in found) return found;
  const { table } = found;
  const [name = to] = foldedParts(to, schema.engine);
  const shown = shownName(table.own.parts);
  if (table.members.some((one) => one.column !== null && isSame(one.column, name, schema.engine))) {
    throw taken(`${shown}.${found.name}`, to);
  }
  const edits = schema.statements.flatMap((one) =>
    columnNames(one, found, schema).map(({ start, end }) => ({
      file: one.file,
      start,
      end,
      text: to,
    }))
  );
  const old = shownName([found.name]);
  return {
    edits,
    named: {
      op: "rename",
      kind: "column",
      object: table.own.parts,
      member: found.name,
      rename: {
        kind: "column",
        from: shownName([...table.own.parts, found.name]),
        to: shownName([...table.own.parts, name]),
      },
    },
    fill: null,
    annotation: annotationAt(schema, table, found.member.start, old),
  };
}

/** The tokens of a statement that name a column, as far as that is certain. */
function columnNames(
  one: StatementText,
  found: FoundColumn,
  schema: SchemaText,
): readonly Code[] {
  const { engine } = schema;
  const isName = (token: Code) =>
    (token.kind === "word" || token.kind === "name") &&
    isSame(foldedParts(token.text, engine)[0] ?? "", found.name, engine);
  const elsewhere = otherReferences(one.code, found, schema);
  const isOwn = one === found.table ||
    (one.kind === "index" || one.kind === "alter") && one.table !== null &&
      goesByParts(found.table.own.parts, one.table.parts, engine);
  if (isOwn) {
    const start = one.table?.end ?? 0;
    return one.code.filter((token, at) =>
      token.start >= start && isName(token) && one.code[at - 1]?.text !== "." &&
      one.code[at + 1]?.text !== "." && one.code[at + 1]?.text !== "(" &&
      !BEFORE_TABLE.has(one.code[at - 1]?.word ?? "") &&
      one.code[at - 1]?.word !== "CONSTRAINT" && !isTypeOf(token, one) && !elsewhere.has(token)
    );
  }
  if (one.kind === "comment" && one.code[2]?.word === "COLUMN" && one.table !== null) {
    const parts = one.table.parts;
    const isColumn = parts.length > 1 &&
      goesByParts([...found.table.own.parts, found.name], parts, engine);
    return isColumn ? one.code.filter(({ start }) => start === one.table?.last.start) : [];
  }
  return referred(one.code, found, schema);
}

/** True for the word behind a column's name: its type, which may be called the same. */
function isTypeOf(token: Code, { members }: StatementText): boolean {
  return members.some(({ column, code }) => column !== null && code[1] === token);
}

/** Columns in the brackets of `REFERENCES table (...)`, where the table is this one. */
function referred(
  code: readonly Code[],
  found: FoundColumn,
  schema: SchemaText,
): readonly Code[] {
  return referencesIn(code, schema).flatMap(({ isTo, columns }) =>
    isTo(found.table)
      ? columns.filter(({ text }) =>
        isSame(foldedParts(text, schema.engine)[0] ?? "", found.name, schema.engine)
      )
      : []
  );
}

function otherReferences(
  code: readonly Code[],
  found: FoundColumn,
  schema: SchemaText,
): ReadonlySet<Code> {
  return new Set(
    referencesIn(code, schema).flatMap(({ isTo, columns }) => isTo(found.table) ? [] : columns),
  );
}

function referencesIn(code: readonly Code[], { engine }: SchemaText) {
  return code.flatMap(({ word }, at) => {
    const name = word === "REFERENCES" ? nameAt(code, at + 1, engine) : null;
    if (name === null) return [];
    const open = code.findIndex(({ start }) => start >= name.end);
    const columns = code[open]?.text === "(" ? partsBetween(code, open).flat() : [];
    const isTo = ({ own }: TableText) => goesByParts(own.parts, name.parts, engine);
    return [{ isTo, columns }];
  });
}

/** The annotation on a line of its own before what it speaks of. */
export function annotationAt(
  schema: SchemaText,
  { file }: TableText,
  start: number,
  old: string,
): TextEdit {
  const { text } = textOf(schema, file);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const indent = indentOf(text, start);
  const name = /^[\w.]+$/.test(old) ? old : `"${old.replaceAll('"', '""')}"`;
  const comment = `-- @renamed from=${name}${eol}`;
  return indent === null
    ? { file, start, end: start, text: `${eol}  ${comment}  ` }
    : { file, start, end: start, text: `${comment}${indent}` };
}
