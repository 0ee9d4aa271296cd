/** Which objects of a schema a request names. */

import { UsageError } from "../core/error.ts";
import { nearest } from "../text/nearest.ts";
import {
  foldedParts,
  goesByParts,
  isSame,
  type Member,
  type NameText,
  type SchemaText,
  shownName,
  type StatementText,
} from "./schema_text.ts";

/** A table of the schema. */
export interface TableText extends StatementText {
  readonly own: NameText;
}

/** A column of the schema. */
export interface FoundColumn {
  readonly table: TableText;
  /** Its place among the members. */
  readonly at: number;
  readonly member: Member;
  readonly name: string;
}

/** All tables. */
export function tablesOf({ statements }: SchemaText): readonly TableText[] {
  return statements.filter((statement): statement is TableText =>
    statement.kind === "table" && statement.own !== null
  );
}

/** The tables that go by a name. */
export function tablesNamed(schema: SchemaText, name: string): readonly TableText[] {
  const parts = foldedParts(name, schema.engine);
  const found = tablesOf(schema)
    .filter(({ own }) => goesByParts(own.parts, parts, schema.engine));
  if (found.length > 0 || parts.length === 1) return found;
  // A file may leave out the schema that is said.
  return tablesOf(schema).filter(({ own }) =>
    own.parts.length === 1 && isSame(own.parts[0] ?? "", parts.at(-1) ?? "", schema.engine)
  );
}

/** The columns that go by a name: of one table, or of all where none is named. Throws UsageError where there is none. */
export function columnsNamed(
  schema: SchemaText,
  table: string | null,
  column: string,
): readonly FoundColumn[] {
  const tables = table === null ? tablesOf(schema) : tablesNamed(schema, table);
  if (table !== null && tables.length === 0) throw noTable(schema, table);
  const [name = column] = foldedParts(column, schema.engine);
  const found = tables.flatMap((one) =>
    one.members.flatMap((member, at) =>
      member.column !== null && isSame(member.column, name, schema.engine)
        ? [{ table: one, at, member, name: member.column }]
        : []
    )
  );
  if (found.length > 0) return found;
  const known = tables.flatMap(({ members }) => members.flatMap((one) => one.column ?? []));
  const near = nearest(name, known);
  const where = table === null ? "no table of the schema" : `table ${table}`;
  throw new UsageError(
    table === null
      ? `Cannot find "${column}": ${where} has such a column`
      : `Cannot find "${column}": ${where} has no such column`,
    {
      code: "request",
      hint: near === null
        ? known.length === 0
          ? "its columns stand in no CREATE TABLE of the schema"
          : `it has ${known.slice(0, 8).join(", ")}`
        : `did you mean ${near}?`,
    },
  );
}

/** The error for a table that is not there. */
export function noTable(schema: SchemaText, name: string): UsageError {
  const known = tablesOf(schema).map(({ own }) => shownName(own.parts));
  const near = nearest(name, known);
  return new UsageError(`Cannot find "${name}": the schema has no such table`, {
    code: "request",
    hint: near !== null
      ? `did you mean ${near}?`
      : known.length === 0
      ? 'the schema has no tables yet: add one, `aim create "add table notes (id integer primary key)"`'
      : `its tables are ${known.slice(0, 8).join(", ")}`,
  });
}
