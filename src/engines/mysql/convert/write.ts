/** Writes a schema of no dialect as DDL of MySQL or MariaDB. */

import type {
  NeutralColumn,
  NeutralForeignKey,
  NeutralIndex,
  NeutralKey,
  NeutralPart,
  NeutralSequence,
  NeutralTable,
  NeutralTrigger,
  NeutralView,
} from "../../convert/neutral.ts";
import { printExpression, printQuery, printStatement, type Speech } from "../../convert/print.ts";
import type { Expression } from "../../convert/tree.ts";
import { literal, quote, quoteList } from "../quote.ts";
import { nowOf } from "./fit.ts";
import { typeText } from "./types.ts";

/** What is written, by a speech of the family. */
export class Writer {
  readonly #speech: Speech;
  readonly #isMariadb: boolean;

  constructor(speech: Speech, isMariadb: boolean) {
    this.#speech = speech;
    this.#isMariadb = isMariadb;
  }

  #say(tree: Expression): string {
    return printExpression(tree, this.#speech);
  }

  /** CREATE TABLE. Texts are compared exactly, but for columns that say otherwise. */
  table({ name, columns, primaryKey, uniques, checks, indexes, comment }: NeutralTable): string {
    const counter = columns.find((column) => column.counter !== null);
    const keyed = [primaryKey, ...uniques].some((key) => this.#leads(key, counter));
    // A counter must be in a key from the first.
    const own = keyed || counter === undefined
      ? undefined
      : indexes.find((one) => this.#leads(one, counter));
    const lines = [
      ...columns.map((column) => this.#column(column)),
      ...primaryKey === null ? [] : [`PRIMARY KEY (${this.#parts(primaryKey.parts)})`],
      ...uniques.map((key) =>
        `UNIQUE KEY ${key.name === null ? "" : `${quote(key.name)} `}(${this.#parts(key.parts)})`
      ),
      ...checks.map((check) =>
        `${check.name === null ? "" : `CONSTRAINT ${quote(check.name)} `}CHECK (${
          this.#say(check.condition)
        })`
      ),
      ...own === undefined ? [] : [`KEY ${quote(own.name)} (${this.#parts(own.parts)})`],
    ];
    const remark = comment === null ? "" : ` COMMENT ${literal(comment)}`;
    return `CREATE TABLE ${quote(name)} (\n${
      lines.map((line) => `  ${line}`).join(",\n")
    }\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin${remark}`;
  }

  /** Whether the index stands in its table already. */
  isWithin(table: NeutralTable, index: NeutralIndex): boolean {
    return this.table(table).includes(`  KEY ${quote(index.name)} (`);
  }

  #leads(key: Pick<NeutralKey, "parts"> | null, column: NeutralColumn | undefined): boolean {
    const first = key?.parts[0]?.expression;
    return column !== undefined && first?.node === "column" && first.path.at(-1) === column.name;
  }

  #parts(parts: readonly NeutralPart[]): string {
    return parts.map(({ expression, length, isDescending }) => {
      const text = this.#say(expression);
      const what = expression.node === "column" ? text : `(${text})`;
      return `${what}${length === null ? "" : `(${length})`}${isDescending ? " DESC" : ""}`;
    }).join(", ");
  }

  #column(column: NeutralColumn): string {
    const { name, type, isRequired, isCaseless, generated, counter, touched, comment } = column;
    const isText = type.kind === "text" || type.kind === "enum" || type.kind === "set";
    const stored = generated?.isStored === true ? "STORED" : "VIRTUAL";
    return [
      quote(name),
      typeText(type),
      ...isText && isCaseless ? ["COLLATE utf8mb4_general_ci"] : [],
      ...generated === null
        ? []
        : [`GENERATED ALWAYS AS (${this.#say(generated.expression)}) ${stored}`],
      ...this.#nullText(column, isRequired),
      ...this.#default(column),
      ...touched ? [`ON UPDATE ${this.#say(nowOf(type))}`] : [],
      ...counter === null ? [] : ["AUTO_INCREMENT"],
      ...comment === null ? [] : [`COMMENT ${literal(comment)}`],
    ].join(" ");
  }

  #nullText({ type, generated }: NeutralColumn, isRequired: boolean): readonly string[] {
    if (generated !== null && this.#isMariadb) return [];
    if (isRequired) return ["NOT NULL"];
    return type.kind === "timestamp" && type.hasZone ? ["NULL"] : [];
  }

  #default({ type, fallback, generated, counter }: NeutralColumn): readonly string[] {
    if (fallback === null || generated !== null || counter !== null) return [];
    if (fallback.node === "call" && fallback.name === "now" && type.kind === "timestamp") {
      return [`DEFAULT ${this.#say(nowOf(type))}`];
    }
    if (type.kind === "bits" && fallback.node === "string") {
      return [`DEFAULT b'${fallback.value}'`];
    }
    const isLong = type.kind === "json" ||
      ((type.kind === "text" || type.kind === "binary") && type.length === null);
    const isPlain = ["string", "number", "bool", "blob"].includes(fallback.node) && !isLong;
    return [`DEFAULT ${isPlain ? this.#say(fallback) : `(${this.#say(fallback)})`}`];
  }

  /** ALTER TABLE ... ADD FOREIGN KEY. */
  foreignKey(table: NeutralTable, key: NeutralForeignKey): string {
    const { name, columns, references, onDelete, onUpdate } = key;
    return [
      `ALTER TABLE ${quote(table.name)} ADD ${
        name === null ? "" : `CONSTRAINT ${quote(name)} `
      }FOREIGN KEY (${quoteList(columns)})`,
      `REFERENCES ${quote(key.table)} (${quoteList(references)})`,
      ...onDelete === "no action" ? [] : [`ON DELETE ${onDelete.toUpperCase()}`],
      ...onUpdate === "no action" ? [] : [`ON UPDATE ${onUpdate.toUpperCase()}`],
    ].join(" ");
  }

  /** CREATE INDEX. */
  index(table: NeutralTable, index: NeutralIndex): string {
    const kind = index.kind === "fulltext" ? "FULLTEXT " : index.isUnique ? "UNIQUE " : "";
    return `CREATE ${kind}INDEX ${quote(index.name)} ON ${quote(table.name)} (${
      this.#parts(index.parts)
    })`;
  }

  /** CREATE VIEW. */
  view({ name, columns, query }: NeutralView): string {
    const named = columns === null ? "" : ` (${quoteList(columns)})`;
    return `CREATE VIEW ${quote(name)}${named} AS\n${printQuery(query, this.#speech)}`;
  }

  /** CREATE TRIGGER. */
  trigger({ name, table, timing, events, when, steps }: NeutralTrigger): string {
    const body = steps.map((step) =>
      step.kind === "assign"
        ? `SET NEW.${quote(step.column)} = ${this.#say(step.value)};`
        : `${printStatement(step.statement, this.#speech)};`
    ).join("\n    ");
    const held = when === null ? body : `IF ${this.#say(when)} THEN\n    ${body}\n  END IF;`;
    return `CREATE TRIGGER ${quote(name)} ${timing.toUpperCase()} ${
      (events[0] ?? "insert").toUpperCase()
    } ON ${quote(table)} FOR EACH ROW\nBEGIN\n  ${held}\nEND`;
  }

  /** CREATE SEQUENCE, of MariaDB. */
  sequence({ name, start, increment, isCycled }: NeutralSequence): string {
    return [
      `CREATE SEQUENCE ${quote(name)}`,
      ...start === null ? [] : [`START WITH ${start}`],
      ...increment === null ? [] : [`INCREMENT BY ${increment}`],
      ...isCycled ? ["CYCLE"] : [],
    ].join(" ");
  }
}
