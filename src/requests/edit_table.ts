/** Tables and indexes put into a schema and taken out. */

import { UsageError } from "../core/error.ts";
import type { Edited, Unclear } from "./edit.ts";
import { checkPiece, dropColumn, onlyTable, textOf, wholeStatement } from "./edit_column.ts";
import { columnsNamed, noTable, tablesNamed, tablesOf, type TableText } from "./find.ts";
import type { Request } from "./request.ts";
import {
  foldedParts,
  goesByParts,
  isSame,
  type SchemaText,
  shownName,
  type StatementText,
} from "./schema_text.ts";
import { behindSemicolon, indentOf, lineEnd, type TextEdit } from "./text_edits.ts";

type Of<K extends Request["kind"]> = Extract<Request, { kind: K }>;

/** Names of most servers are cut behind so many bytes. */
const LONGEST_NAME = 63;

/** `index users(email)` */
export function addIndex(request: Of<"add index">, schema: SchemaText): Edited | Unclear {
  const { columns, isUnique } = request;
  const list = columns.join(", ");
  const word = isUnique ? "add unique index on" : "index";
  const table = onlyTable(schema, request.table, (name) => `${word} ${name}(${list})`);
  if ("question" in table) return table;
  for (const column of columns) columnsNamed(schema, shownName(table.own.parts), column);
  const name = request.name ?? freeName(schema, table, columns);
  const shown = schema.files[table.file]?.text.slice(table.own.start, table.own.end) ?? "";
  const sql = `CREATE ${isUnique ? "UNIQUE " : ""}INDEX ${name} ON ${shown} (${list});`;
  const before = schema.statements.findLast((one) =>
    one.file === table.file && one.kind === "index" && isAbout(one, table, schema)
  );
  const member = foldedParts(name, schema.engine).at(-1) ?? name;
  return {
    edits: [putAfter(schema, before ?? table, sql, before === undefined)],
    named: { op: "create", kind: "index", object: table.own.parts, member },
    fill: null,
  };
}

/** `users_email_name_idx`, with a number where that is taken. */
function freeName(schema: SchemaText, table: TableText, columns: readonly string[]): string {
  const { engine, statements } = schema;
  const words = [
    table.own.parts.at(-1) ?? "",
    ...columns.map((one) => one.replaceAll(/["`]/g, "")),
  ];
  const plain = words.join("_").toLowerCase().replaceAll(/[^\p{L}\p{N}_]/gu, "_");
  for (let number = 1;; number++) {
    const end = number === 1 ? "_idx" : `_idx${number}`;
    const name = plain.slice(0, LONGEST_NAME - end.length) + end;
    const taken = statements.some(({ own }) => isSame(own?.parts.at(-1) ?? "", name, engine));
    if (!taken) return name;
  }
}

/** Puts a statement behind another one. */
export function putAfter(
  schema: SchemaText,
  { file, end }: Pick<StatementText, "file" | "end">,
  sql: string,
  isApart: boolean,
): TextEdit {
  const edited = textOf(schema, file);
  const semicolon = behindSemicolon(edited, end);
  const at = lineEnd(edited, semicolon) ?? semicolon;
  const eol = edited.text.includes("\r\n") ? "\r\n" : "\n";
  const ended = semicolon === end ? ";" : "";
  const isAtEnd = edited.text.slice(at).trim() === "";
  const tail = isAtEnd && edited.text.length === at ? eol : "";
  return {
    file,
    start: ended === "" ? at : end,
    end: ended === "" ? at : end,
    text: `${ended}${eol}${isApart ? eol : ""}${sql}${tail}`,
  };
}

function isAbout(one: StatementText, table: TableText, { engine }: SchemaText): boolean {
  return one.table !== null && goesByParts(table.own.parts, one.table.parts, engine);
}

/** `add table notes (id integer primary key, text text not null)` */
export function addTable(request: Of<"add table">, schema: SchemaText): Edited {
  const { name, members } = request;
  const parts = foldedParts(name, schema.engine);
  if (tablesNamed(schema, name).some(({ own }) => own.parts.length >= parts.length)) {
    throw new UsageError(`Cannot add table ${name}: the schema has such a table already`, {
      code: "request",
    });
  }
  for (const member of members) checkPiece(member, "definition", schema);
  const some = tablesOf(schema).find((table) => table.members.length > 0);
  const [first] = some?.members ?? [];
  const inside = some === undefined || first === undefined
    ? null
    : indentOf(textOf(schema, some.file).text, first.start);
  const indent = inside === null || inside === "" ? "  " : inside;
  const sql = `CREATE TABLE ${name} (\n${members.map((one) => indent + one).join(",\n")}\n);`;
  return {
    edits: [putLast(schema, sql)],
    named: { op: "create", kind: "table", object: parts, member: null },
    fill: null,
  };
}

/** Puts a statement behind all others. */
function putLast(schema: SchemaText, sql: string): TextEdit {
  const last = schema.statements.at(-1);
  if (last !== undefined) return putAfter(schema, last, sql, true);
  const file = Math.max(0, schema.files.length - 1);
  const end = textOf(schema, file).text.length;
  return { file, start: end, end, text: `${sql}\n` };
}

/** `add view recent as select id from notes` */
export function addView({ name, query }: Of<"add view">, schema: SchemaText): Edited {
  const { engine, statements } = schema;
  const parts = foldedParts(name, engine);
  checkPiece(query, "query", schema);
  const isThere = statements.some(({ own, kind }) =>
    own !== null && ["table", "view"].includes(kind) && goesByParts(own.parts, parts, engine)
  );
  if (isThere) {
    throw new UsageError(`Cannot add view ${name}: the schema has a table or view of that name`, {
      code: "request",
    });
  }
  return {
    edits: [putLast(schema, `CREATE VIEW ${name} AS ${query};`)],
    named: { op: "create", kind: "view", object: parts, member: null },
    fill: null,
  };
}

/** `drop table users`, `drop index users_email`, and `drop email` where only one thing is called so. */
export function dropThing({ what, name }: Of<"drop">, schema: SchemaText): Edited | Unclear {
  const { engine, statements } = schema;
  const parts = foldedParts(name, engine);
  const found = statements.filter(({ kind, own }) =>
    own !== null && ["table", "index", "view", "trigger"].includes(kind) &&
    (what === null || kind === what) && goesByParts(own.parts, parts, engine)
  );
  const columns = what === null ? columnsCalled(schema, name) : [];
  const options = [
    ...found.map(({ kind, own }) => `drop ${kind} ${shownName(own?.parts ?? [])}`),
    ...columns.map((table) => `drop ${name} from ${table}`),
  ];
  if (options.length === 0) {
    if (what === "table" || what === null) throw noTable(schema, name);
    throw new UsageError(`Cannot find "${name}": the schema has no such ${what}`, {
      code: "request",
    });
  }
  if (options.length > 1) return { question: `What is to be dropped?`, options };
  const [one] = found;
  if (one === undefined) return dropColumn({ table: columns[0] ?? null, column: name }, schema);
  return dropStatement(one, schema);
}

/** The tables that have a column of that name. */
function columnsCalled(schema: SchemaText, column: string): readonly string[] {
  const [name = column] = foldedParts(column, schema.engine);
  return tablesOf(schema)
    .filter(({ members }) =>
      members.some((one) => one.column !== null && isSame(one.column, name, schema.engine))
    )
    .map(({ own }) => shownName(own.parts));
}

function dropStatement(one: StatementText, schema: SchemaText): Edited | Unclear {
  const own = one.own?.parts ?? [];
  if (one.kind === "table") {
    const table = tablesOf(schema).find((other) => other === one);
    const others = table === undefined
      ? []
      : schema.statements.filter((other) =>
        other !== one && isTablesOwn(other) && isPartOf(other, table, schema)
      );
    return {
      edits: joined([one, ...others].map((statement) => wholeStatement(schema, statement))),
      named: { op: "drop", kind: "table", object: own, member: null },
      fill: null,
    };
  }
  const edits = [wholeStatement(schema, one)];
  if (one.kind === "view") {
    return { edits, named: { op: "drop", kind: "view", object: own, member: null }, fill: null };
  }
  const member = own.at(-1) ?? null;
  const object = one.table?.parts ?? [];
  const kind = one.kind === "trigger" ? "trigger" : "index";
  return { edits, named: { op: "drop", kind, object, member }, fill: null };
}

function isTablesOwn({ kind }: StatementText): boolean {
  return ["index", "trigger", "comment", "alter"].includes(kind);
}

/** True for a statement about a table or one of its columns. */
function isPartOf(one: StatementText, table: TableText, schema: SchemaText): boolean {
  if (one.kind !== "comment" || one.code[2]?.word !== "COLUMN") return isAbout(one, table, schema);
  const parts = one.table?.parts.slice(0, -1) ?? [];
  return parts.length > 0 && goesByParts(table.own.parts, parts, schema.engine);
}

/** Edits that touch are made one. */
export function joined(edits: readonly TextEdit[]): readonly TextEdit[] {
  const out: TextEdit[] = [];
  for (const edit of [...edits].sort((a, b) => a.file - b.file || a.start - b.start)) {
    const last = out.at(-1);
    if (last !== undefined && last.file === edit.file && edit.start < last.end) {
      out[out.length - 1] = { ...last, end: Math.max(last.end, edit.end) };
    } else out.push(edit);
  }
  return out;
}
