/** Writes a schema of no dialect as DDL of SQLite. */

import type {
  NeutralColumn,
  NeutralForeignKey,
  NeutralIndex,
  NeutralPart,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
} from "../../convert/neutral.ts";
import { printExpression, printQuery, printStatement } from "../../convert/print.ts";
import type { Expression } from "../../convert/tree.ts";
import { quote, quoteList } from "../quote.ts";
import { speech } from "./speech.ts";
import { typeText } from "./types.ts";

const say = (tree: Expression) => printExpression(tree, speech);

/** CREATE TABLE, with its foreign keys. */
export function tableText(table: NeutralTable): string {
  const { name, columns, primaryKey, uniques, checks, foreignKeys } = table;
  const counter = columns.find((column) => column.counter !== null);
  const lines = [
    ...columns.map((column) => columnText(column, column === counter)),
    ...primaryKey === null || counter !== undefined
      ? []
      : [`PRIMARY KEY (${partsText(primaryKey.parts)})`],
    ...uniques.map((key) => `${label(key.name)}UNIQUE (${partsText(key.parts)})`),
    ...checks.map((check) => `${label(check.name)}CHECK (${say(check.condition)})`),
    ...foreignKeys.map(foreignKeyText),
  ];
  return `CREATE TABLE ${quote(name)} (\n${lines.map((line) => `  ${line}`).join(",\n")}\n)`;
}

function label(name: string | null): string {
  return name === null ? "" : `CONSTRAINT ${quote(name)} `;
}

function partsText(parts: readonly NeutralPart[]): string {
  return parts.map(({ expression, isDescending }) =>
    `${say(expression)}${isDescending ? " DESC" : ""}`
  ).join(", ");
}

function columnText(column: NeutralColumn, isCounter: boolean): string {
  const { name, type, isRequired, isCaseless, generated, fallback } = column;
  const plain = fallback !== null && ["string", "number", "bool", "blob"].includes(fallback.node);
  const moment = fallback?.node === "call" &&
    ["now", "today", "time_of_day"].includes(fallback.name);
  const text = fallback === null ? "" : say(fallback);
  return [
    quote(name),
    ...typeText(type) === "" ? [] : [typeText(type)],
    ...isCounter ? ["PRIMARY KEY AUTOINCREMENT"] : [],
    ...generated === null ? [] : [
      `GENERATED ALWAYS AS (${say(generated.expression)}) ${
        generated.isStored ? "STORED" : "VIRTUAL"
      }`,
    ],
    ...isRequired && !isCounter ? ["NOT NULL"] : [],
    ...fallback === null || generated !== null || isCounter
      ? []
      : [`DEFAULT ${plain || moment ? text : `(${text})`}`],
    ...isCaseless && type.kind === "text" ? ["COLLATE NOCASE"] : [],
  ].join(" ");
}

function foreignKeyText(key: NeutralForeignKey): string {
  const { name, columns, table, references, onDelete, onUpdate, isDeferred } = key;
  return [
    `${label(name)}FOREIGN KEY (${quoteList(columns)})`,
    `REFERENCES ${quote(table)} (${quoteList(references)})`,
    ...onDelete === "no action" ? [] : [`ON DELETE ${onDelete.toUpperCase()}`],
    ...onUpdate === "no action" ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`],
    ...isDeferred ? ["DEFERRABLE INITIALLY DEFERRED"] : [],
  ].join(" ");
}

/** CREATE INDEX. */
export function indexText(table: NeutralTable, index: NeutralIndex): string {
  const where = index.where === null ? "" : ` WHERE ${say(index.where)}`;
  return `CREATE ${index.isUnique ? "UNIQUE " : ""}INDEX ${quote(index.name)} ON ${
    quote(table.name)
  } (${partsText(index.parts)})${where}`;
}

/** CREATE VIEW. */
export function viewText({ name, columns, query }: NeutralView): string {
  const named = columns === null ? "" : ` (${quoteList(columns)})`;
  return `CREATE VIEW ${quote(name)}${named} AS\n${printQuery(query, speech)}`;
}

/** CREATE TRIGGER. */
export function triggerText(trigger: NeutralTrigger): string {
  const { name, table, timing, events, columns, when, steps } = trigger;
  const of = columns.length === 0 ? "" : ` OF ${quoteList(columns)}`;
  const body = steps.flatMap((step) =>
    step.kind === "run" ? [`  ${printStatement(step.statement, speech)};`] : []
  );
  return [
    `CREATE TRIGGER ${quote(name)} ${timing.toUpperCase()} ${
      (events[0] ?? "insert").toUpperCase()
    }${of} ON ${quote(table)}`,
    `FOR EACH ROW${when === null ? "" : ` WHEN ${say(when)}`}`,
    `BEGIN\n${body.join("\n")}\nEND`,
  ].join("\n");
}
