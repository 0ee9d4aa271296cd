/** Columns put into a table, taken out and changed. */

import { UsageError } from "../core/error.ts";
import { expressionFault } from "../sql/expression_fault.ts";
import { type ColumnText, columnText } from "./column_text.ts";
import type { Edited, Unclear } from "./edit.ts";
import { columnsNamed, type FoundColumn, noTable, tablesNamed, type TableText } from "./find.ts";
import type { ColumnChange, Request } from "./request.ts";
import { foldedParts, goesByParts, isSame, type SchemaText, shownName } from "./schema_text.ts";
import { type EditedText, putBehind, takeOut, type TextEdit } from "./text_edits.ts";

type Of<K extends Request["kind"]> = Extract<Request, { kind: K }>;

/** The text of a file, to be edited. */
export function textOf({ files, engine }: SchemaText, file: number): EditedText {
  return { text: files[file]?.text ?? "", lexicon: engine.lexicon };
}

/** Throws UsageError for what cannot stand in a statement as one piece. */
export function checkPiece(sql: string, what: string, { engine }: SchemaText): void {
  const fault = expressionFault(sql, engine.lexicon);
  if (fault === null) return;
  throw new UsageError(`Cannot use the ${what} "${sql}": ${fault}`, { code: "request" });
}

/** The only table of a name, or a question. Throws UsageError for none. */
export function onlyTable(
  schema: SchemaText,
  name: string,
  say: (table: string) => string,
): TableText | Unclear {
  const found = tablesNamed(schema, name);
  const [only, ...others] = found;
  if (only === undefined) throw noTable(schema, name);
  if (others.length === 0) return only;
  return {
    question: `Which table is ${name}?`,
    options: found.map(({ own }) => say(shownName(own.parts))),
  };
}

/** The only column that goes by a name, or a question. */
export function onlyColumn(
  schema: SchemaText,
  { table, column }: { readonly table: string | null; readonly column: string },
  say: (table: string) => string,
): FoundColumn | Unclear {
  const found = columnsNamed(schema, table, column);
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  return {
    question: `Which table's column is ${column}?`,
    options: found.map(({ table: { own } }) => say(shownName(own.parts))),
  };
}

/** `add email text to users` */
export function addColumn(request: Of<"add column">, schema: SchemaText): Edited | Unclear {
  const { column, wish } = request;
  const table = onlyTable(schema, request.table, (name) => `add ${column} … to ${name}`);
  if ("question" in table) return table;
  const [name = column] = foldedParts(column, schema.engine);
  const shown = shownName(table.own.parts);
  if (table.members.some((one) => one.column !== null && isSame(one.column, name, schema.engine))) {
    throw new UsageError(`Cannot add ${column}: ${shown} has such a column already`, {
      code: "request",
    });
  }
  const last = table.members.findLastIndex((member) => member.column !== null);
  const member = table.members[last];
  if (member === undefined) throw noColumns(shown);
  checkPiece(wish.type ?? "", "type", schema);
  if (wish.default !== null) checkPiece(wish.default, "default", schema);
  if (wish.references !== null) checkPiece(wish.references, "reference", schema);
  const text = [
    column,
    wish.type,
    ...(wish.isRequired === true ? ["NOT NULL"] : []),
    ...(wish.default === null ? [] : [`DEFAULT ${wish.default}`]),
    ...(wish.isUnique ? ["UNIQUE"] : []),
    ...(wish.references === null ? [] : [`REFERENCES ${wish.references}`]),
  ].join(" ");
  const isLast = last === table.members.length - 1;
  const changes = putBehind(textOf(schema, table.file), member, { isLast, text });
  return {
    edits: changes.map((change) => ({ ...change, file: table.file })),
    named: { op: "create", kind: "column", object: table.own.parts, member: name },
    fill: wish.fill,
  };
}

/** `add check (total >= 0) to orders` */
export function addCheck(request: Of<"add check">, schema: SchemaText): Edited | Unclear {
  const { condition } = request;
  const table = onlyTable(schema, request.table, (name) => `add check ${condition} to ${name}`);
  if ("question" in table) return table;
  const member = table.members.at(-1);
  if (member === undefined) throw noColumns(shownName(table.own.parts));
  checkPiece(condition, "condition", schema);
  const text = `CHECK (${condition})`;
  const changes = putBehind(textOf(schema, table.file), member, { isLast: true, text });
  return {
    edits: changes.map((change) => ({ ...change, file: table.file })),
    named: { op: "create", kind: "constraint", object: table.own.parts, member: null },
    fill: null,
  };
}

function noColumns(table: string): UsageError {
  return new UsageError(`Cannot edit ${table}: its columns do not stand in its CREATE TABLE`, {
    code: "request",
    hint: "edit it by hand, then run aim generate",
  });
}

/** `drop email from users` */
export function dropColumn(
  request: Pick<Of<"drop column">, "table" | "column">,
  schema: SchemaText,
): Edited | Unclear {
  const { column } = request;
  const found = onlyColumn(schema, request, (table) => `drop ${column} from ${table}`);
  if ("question" in found) return found;
  const { table, at } = found;
  const columns = table.members.filter((member) => member.column !== null);
  if (columns.length === 1) {
    const name = shownName(table.own.parts);
    throw new UsageError(`Cannot drop ${column}: it is the only column of ${name}`, {
      code: "request",
      hint: `to drop the table: aim create "drop table ${name}"`,
    });
  }
  refuseUsed(found, schema);
  const changes = takeOut(textOf(schema, table.file), table.members, at);
  return {
    edits: [
      ...changes.map((change) => ({ ...change, file: table.file })),
      ...commentsOn(found, schema),
    ],
    named: { op: "drop", kind: "column", object: table.own.parts, member: found.name },
    fill: null,
  };
}

/** An index of several columns is a thing of its own: whether it goes with one of them, nobody said. */
function refuseUsed({ table, name }: FoundColumn, schema: SchemaText): void {
  const { engine, statements } = schema;
  const index = statements.find((one) =>
    one.kind === "index" && one.table !== null && one.own !== null &&
    goesByParts(table.own.parts, one.table.parts, engine) &&
    one.code.some(({ kind, text, start }) =>
      start > (one.table?.end ?? 0) && (kind === "word" || kind === "name") &&
      isSame(foldedParts(text, engine)[0] ?? "", name, engine)
    )
  );
  if (index === undefined || index.own === null) return;
  const shown = shownName(index.own.parts);
  throw new UsageError(`Cannot drop ${name}: index ${shown} uses it`, {
    code: "request",
    hint: `drop it first: aim create "drop index ${shown}"`,
  });
}

/** What is said of a column goes with it. */
function commentsOn({ table, name }: FoundColumn, schema: SchemaText): readonly TextEdit[] {
  const { statements, engine } = schema;
  const parts = [...table.own.parts, name];
  return statements
    .filter((one) =>
      one.kind === "comment" && one.code[2]?.word === "COLUMN" && one.table !== null &&
      one.table.parts.length > 1 && goesByParts(parts, one.table.parts, engine)
    )
    .map((one) => wholeStatement(schema, one));
}

/** A statement with its semicolon and the end of its line. */
export function wholeStatement(
  schema: SchemaText,
  { file, start, end }: { readonly file: number; readonly start: number; readonly end: number },
): TextEdit {
  const edited = textOf(schema, file);
  const { text } = edited;
  const semicolon = text.slice(end).search(/\S/) === text.slice(end).indexOf(";")
    ? text.indexOf(";", end) + 1
    : end;
  const rest = /^[ \t]*(?:--[^\n]*)?\r?\n?/.exec(text.slice(semicolon))?.[0] ?? "";
  const isOwnLine = /(?:^|\n)[ \t]*$/.test(text.slice(0, start));
  if (!isOwnLine) return { file, start, end: semicolon, text: "" };
  const stop = semicolon + rest.length;
  // One of the blank lines around it goes as well.
  const blank = /\n[ \t]*\r?\n$/.test(text.slice(0, start)) || start === 0
    ? /^(?:[ \t]*\r?\n)?/.exec(text.slice(stop))?.[0].length ?? 0
    : 0;
  return { file, start, end: stop + blank, text: "" };
}

/** `make email required in users` */
export function changeColumn(request: Of<"change column">, schema: SchemaText): Edited | Unclear {
  const { column, change } = request;
  const found = onlyColumn(schema, request, (table) => sayAgain(table, column, change));
  if ("question" in found) return found;
  const { table, member } = found;
  const parts = columnText(member);
  const name = `${shownName(table.own.parts)}.${found.name}`;
  if (parts === null) throw noColumns(shownName(table.own.parts));
  const { text } = textOf(schema, table.file);
  const edits = changesOf(parts, { change, name, text, schema });
  return {
    edits: edits.map((edit) => ({ ...edit, file: table.file })),
    named: { op: "alter", kind: "column", object: table.own.parts, member: found.name },
    fill: change.what === "required" ? change.fill : null,
  };
}

function sayAgain(table: string, column: string, change: ColumnChange): string {
  switch (change.what) {
    case "type":
      return `change ${column} in ${table} to ${change.sql}`;
    case "default":
      return `set default of ${column} in ${table} to ${change.sql}`;
    case "no default":
      return `drop default of ${column} in ${table}`;
    case "required":
      return `make ${column} required in ${table}` +
        (change.fill === null ? "" : `, ${change.fill} for the old ones`);
    default:
      return `make ${column} ${change.what} in ${table}`;
  }
}

function changesOf(
  parts: ColumnText,
  { change, name, text, schema }: {
    readonly change: ColumnChange;
    readonly name: string;
    readonly text: string;
    readonly schema: SchemaText;
  },
): readonly Omit<TextEdit, "file">[] {
  const put = (at: number, words: string) => [{ start: at, end: at, text: words }];
  const cut = ({ start, end }: { readonly start: number; readonly end: number }) => {
    const blanks = /[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0;
    return [{ start: start - blanks, end, text: "" }];
  };
  switch (change.what) {
    case "required":
      if (parts.notNull !== null || parts.isKey) throw soAlready(name, "required");
      return parts.nullable === null
        ? put(parts.afterType, " NOT NULL")
        : [{ ...parts.nullable, text: "NOT NULL" }];
    case "optional":
      if (parts.isKey) throw soAlready(name, "part of the primary key, which is never optional");
      if (parts.notNull === null) throw soAlready(name, "optional");
      return cut(parts.notNull);
    case "unique":
      if (parts.isUnique) throw soAlready(name, "unique");
      return put(parts.end, " UNIQUE");
    case "type":
      checkPiece(change.sql, "type", schema);
      return parts.type === null
        ? put(parts.afterType, ` ${change.sql}`)
        : [{ ...parts.type, text: change.sql }];
    case "default":
      checkPiece(change.sql, "default", schema);
      return parts.default === null
        ? put(parts.afterType, ` DEFAULT ${change.sql}`)
        : [{ ...parts.default, text: `DEFAULT ${change.sql}` }];
    case "no default":
      if (parts.default === null) throw soAlready(name, "without a default");
      return cut(parts.default);
  }
}

function soAlready(name: string, what: string): UsageError {
  return new UsageError(`Nothing to change: ${name} is ${what} already`, {
    code: "request",
    hint: "as its CREATE TABLE says",
  });
}
