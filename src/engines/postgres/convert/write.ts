/** Writes a schema of no dialect as DDL of Postgres. */

import type {
  NeutralColumn,
  NeutralForeignKey,
  NeutralIndex,
  NeutralKey,
  NeutralSequence,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
} from "../../convert/neutral.ts";
import { printExpression, printQuery, printStatement } from "../../convert/print.ts";
import type { Expression } from "../../convert/tree.ts";
import { ident, literal } from "../quote.ts";
import { speech } from "./speech.ts";
import { enumText, typeText } from "./types.ts";

const say = (tree: Expression) => printExpression(tree, speech);

/** CREATE TYPE of the enums of its columns. */
export function enumsOf(table: NeutralTable): readonly string[] {
  const made = new Map<string, string>();
  for (const { type } of table.columns) {
    const one = type.kind === "array" ? type.of : type;
    if (one.kind === "enum" && one.name !== null) {
      made.set(one.name, enumText(one.name, one.values));
    }
  }
  return [...made.values()];
}

/** CREATE TABLE, and the comments. */
export function tableText(table: NeutralTable): readonly string[] {
  const { name, columns, primaryKey, uniques, checks, comment } = table;
  const lines = [
    ...columns.map(columnText),
    ...primaryKey === null ? [] : [`PRIMARY KEY (${keyColumns(primaryKey)})`],
    ...uniques.map((key) => `${label(key.name)}UNIQUE (${keyColumns(key)})`),
    ...checks.map((check) => `${label(check.name)}CHECK (${say(check.condition)})`),
  ];
  return [
    `CREATE TABLE ${ident(name)} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n)`,
    ...comment === null ? [] : [`COMMENT ON TABLE ${ident(name)} IS ${literal(comment)}`],
    ...columns.flatMap((column) =>
      column.comment === null
        ? []
        : [`COMMENT ON COLUMN ${ident(name)}.${ident(column.name)} IS ${literal(column.comment)}`]
    ),
  ];
}

function label(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${ident(name)} `;
}

function keyColumns({ parts }: NeutralKey): string {
  return parts.map(({ expression }) => say(expression)).join(", ");
}

function columnText(column: NeutralColumn): string {
  const { name, type, isRequired, generated, counter } = column;
  return [
    ident(name),
    typeText(type),
    ...counter === null ? [] : [`GENERATED ${counter.toUpperCase()} AS IDENTITY`],
    ...generated === null ? [] : [`GENERATED ALWAYS AS (${say(generated.expression)}) STORED`],
    ...isRequired ? ["NOT NULL"] : [],
    ...defaultText(column),
  ].join(" ");
}

function defaultText({ type, fallback, generated, counter }: NeutralColumn): readonly string[] {
  if (fallback === null || generated !== null || counter !== null) return [];
  if (type.kind === "bits" && fallback.node === "string") return [`DEFAULT B'${fallback.value}'`];
  if (fallback.node === "array") return [`DEFAULT ${say(fallback)}`];
  const isPlain = ["string", "number", "bool", "null"].includes(fallback.node);
  return [`DEFAULT ${isPlain ? say(fallback) : `(${say(fallback)})`}`];
}

/** ALTER TABLE ... ADD FOREIGN KEY. */
export function foreignKeyText(table: NeutralTable, key: NeutralForeignKey): string {
  const { name, columns, references, onDelete, onUpdate, isDeferred } = key;
  const names = (list: readonly string[]) => list.map(ident).join(", ");
  return [
    `ALTER TABLE ${ident(table.name)} ADD ${label(name)}FOREIGN KEY (${names(columns)})`,
    `REFERENCES ${ident(key.table)} (${names(references)})`,
    ...onDelete === "no action" ? [] : [`ON DELETE ${onDelete.toUpperCase()}`],
    ...onUpdate === "no action" ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`],
    ...isDeferred ? ["DEFERRABLE INITIALLY DEFERRED"] : [],
  ].join(" ");
}

/** CREATE INDEX. */
export function indexText(table: NeutralTable, index: NeutralIndex): string {
  const parts = index.parts.map(({ expression, isDescending }) => {
    const text = say(expression);
    return `${expression.node === "column" ? text : `(${text})`}${isDescending ? " DESC" : ""}`;
  });
  const method = index.kind === "inverted" ? " USING gin" : "";
  const where = index.where === null ? "" : ` WHERE ${say(index.where)}`;
  return `CREATE ${index.isUnique ? "UNIQUE " : ""}INDEX ${ident(index.name)} ON ${
    ident(table.name)
  }${method} (${parts.join(", ")})${where}`;
}

/** CREATE VIEW. */
export function viewText({ name, columns, query }: NeutralView): string {
  const named = columns === null ? "" : ` (${columns.map(ident).join(", ")})`;
  return `CREATE VIEW ${ident(name)}${named} AS\n${printQuery(query, speech)}`;
}

/** A function of PL/pgSQL, and the trigger that runs it. */
export function triggerText(trigger: NeutralTrigger): readonly string[] {
  const { name, table, timing, events, columns, when, steps } = trigger;
  const routine = ident(`${table}_${name}`.slice(0, 63));
  const body = steps.map((step) =>
    step.kind === "assign"
      ? `  NEW.${ident(step.column)} := ${say(step.value)};`
      : `  ${printStatement(step.statement, speech)};`
  );
  const row = timing === "before" && events.includes("delete") ? "OLD" : "NEW";
  const end = timing === "before" ? `  RETURN ${row};` : "  RETURN NULL;";
  const of = columns.length === 0 ? "" : ` OF ${columns.map(ident).join(", ")}`;
  const fired = events.map((event) => event.toUpperCase() + (event === "update" ? of : "")).join(
    " OR ",
  );
  return [
    `CREATE FUNCTION ${routine}() RETURNS trigger LANGUAGE plpgsql AS ${
      bodyQuoted(`\nBEGIN\n${[...body, end].join("\n")}\nEND\n`)
    }`,
    [
      `CREATE TRIGGER ${ident(name)} ${timing.toUpperCase()} ${fired} ON ${ident(table)}`,
      "FOR EACH ROW",
      ...when === null ? [] : [`WHEN (${say(when)})`],
      `EXECUTE FUNCTION ${routine}()`,
    ].join(" "),
  ];
}

/** In dollar quotes that the body does not hold. */
function bodyQuoted(body: string): string {
  let tag = "trigger";
  while (body.includes(`$${tag}$`)) tag += "_";
  return `$${tag}$${body}$${tag}$`;
}

/** CREATE SEQUENCE. */
export function sequenceText({ name, start, increment, isCycled }: NeutralSequence): string {
  return [
    `CREATE SEQUENCE ${ident(name)}`,
    ...increment === null ? [] : [`INCREMENT ${increment}`],
    ...start === null ? [] : [`START ${start}`],
    ...isCycled ? ["CYCLE"] : [],
  ].join(" ");
}
