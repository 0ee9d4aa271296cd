/** What a change that is ahead asks of rows: its checks, keys, types and foreign keys. */

import { joinName, lastName } from "../../../core/name.ts";
import { objectId, type Snapshot } from "../../../core/snapshot.ts";
import { columnOf, isOf, type PostgresSnapshot, postgresSnapshot } from "../objects.ts";
import { literal } from "../quote.ts";
import {
  type Check,
  idOf,
  type Reference,
  type SeedColumn,
  type SeedTable,
} from "./read_tables.ts";
import type { Query } from "./read_types.ts";
import { scalarTexts } from "./scalar_texts.ts";
import { canAsk, isRefusal } from "./solve.ts";
import { namedType } from "./named_type.ts";

/** The schema to come. */
export class Expected {
  readonly #snapshot: PostgresSnapshot;

  constructor(snapshot: Snapshot) {
    this.#snapshot = postgresSnapshot(snapshot);
  }

  /** The tables, with the foreign keys that they are to have as well. */
  withReferences(tables: readonly SeedTable[]): readonly SeedTable[] {
    const ids = new Map(tables.map((table) => [idOf(table), table]));
    return tables.map((table) => {
      const more = this.#members(table).flatMap((object): Reference[] => {
        if (!isOf(object, "constraint") || object.facts.type !== "foreign key") return [];
        const { columns = [], references = "", definition } = object.facts;
        const other = ids.get(objectId("table", references));
        const others = (/ REFERENCES [^(]*\(([^)]*)\)/.exec(definition)?.[1] ?? "")
          .split(", ").map((name) => name.replace(/^"(.*)"$/, "$1"));
        const isThere = columns.every((name) => hasColumn(table, name)) &&
          others.every((name) => other !== undefined && hasColumn(other, name));
        const isKnown = table.references.some((one) => String(one.columns) === String(columns));
        return other === undefined || !isThere || isKnown
          ? []
          : [{ name: object.name, columns, table: other.oid, others, isFull: false }];
      });
      return more.length === 0 ? table : { ...table, references: [...table.references, ...more] };
    });
  }

  /** The checks that a table is to have, those that can be asked about now. */
  async checks(query: Query, table: SeedTable): Promise<readonly Check[]> {
    const found: Check[] = [];
    for (const object of this.#members(table)) {
      if (!isOf(object, "constraint")) continue;
      const { definition, columns = [] } = object.facts;
      const expression = /^CHECK \((.*)\)(?: NOT VALID| NO INHERIT)*$/s.exec(definition)?.[1];
      if (expression === undefined || !await canAsk(query, table, expression)) continue;
      found.push({ name: lastName(object.name), expression, columns });
    }
    return found;
  }

  /** What is said against the rows of a table, or null. */
  async objection(
    query: Query,
    table: SeedTable,
    checks: readonly Check[],
  ): Promise<string | null> {
    const rules = [
      ...checks.map(({ expression }) => ({
        rule: `CHECK (${expression})`,
        sql: `SELECT 1 AS x FROM ${table.quoted} WHERE NOT (${expression}) LIMIT 1`,
      })),
      ...this.#keys(table),
    ];
    for (const { rule, sql } of rules) if (await isBroken(query, sql)) return rule;
    return null;
  }

  /** Whether a text may be one of the column's type to come; true for what is not known. */
  takes(table: SeedTable, column: SeedColumn, text: string): boolean {
    const type = this.#typeOf(table, column);
    const later = type === undefined || type === column.typeName ? null : namedType(type);
    if (later === null) return true;
    const most = LARGEST[later.plain];
    if (most !== undefined) return /^-?\d+$/.test(text) && Math.abs(Number(text)) <= most;
    return !/^(?:varchar|bpchar)$/.test(later.plain) || later.modifier < 4 ||
      text.length <= later.modifier - 4;
  }

  /** Whether the column is to be one of texts. */
  isText(table: SeedTable, column: SeedColumn): boolean {
    const type = this.#typeOf(table, column);
    return type === undefined || type === column.typeName ||
      /^(?:text|varchar|bpchar|citext)$/.test(namedType(type)?.plain ?? "");
  }

  /** SQL of values that the column takes in its type to come. */
  better(table: SeedTable, column: SeedColumn, number: number): readonly string[] {
    const type = this.#typeOf(table, column);
    if (type === undefined) return [];
    const labels = this.#labels(type);
    if (labels !== null) {
      const at = labels.length === 0 ? 0 : (number - 1) % labels.length;
      return [...labels.slice(at), ...labels.slice(0, at)].map(literal);
    }
    if (type === column.typeName) return [];
    const later = namedType(type);
    if (later === null) return [];
    const own = { plain: later.plain, kind: "b", category: "", element: 0 };
    return scalarTexts(own, later.modifier)?.ordinary(number).map(literal) ?? [];
  }

  #typeOf({ schema, name }: SeedTable, column: SeedColumn): string | undefined {
    const id = objectId("column", joinName(schema, name, column.name));
    return columnOf(this.#snapshot, id)?.facts.type;
  }

  #labels(type: string): readonly string[] | null {
    for (const object of this.#snapshot.objects.values()) {
      if (!isOf(object, "enum")) continue;
      if ([object.name, lastName(object.name)].includes(type)) return object.facts.labels ?? [];
    }
    return null;
  }

  #keys(table: SeedTable): readonly { readonly rule: string; readonly sql: string }[] {
    return this.#members(table).flatMap((object) => {
      if (!isOf(object, "constraint", "index")) return [];
      const rule = object.facts.definition;
      const isKey = object.kind === "index"
        ? object.facts.unique === true
        : ["unique", "primary key"].includes(object.facts.type);
      const key = /\((.*?)\)(?: INCLUDE .*)?$/s.exec(rule)?.[1];
      if (!isKey || key === undefined) return [];
      const sql = `SELECT 1 AS x FROM ${table.quoted} GROUP BY ${key} HAVING count(*) > 1 LIMIT 1`;
      return [{ rule, sql }];
    });
  }

  #members(table: SeedTable) {
    const id = idOf(table);
    return [...this.#snapshot.objects.values()].filter(({ parent }) => parent === id);
  }
}

const LARGEST: Readonly<Record<string, number>> = {
  int2: 32_767,
  int4: 2_147_483_647,
  int8: 2 ** 63,
};

function hasColumn(table: SeedTable, name: string): boolean {
  return table.columns.some((column) => column.name === name);
}

/** In a transaction, which goes on. */
async function isBroken(query: Query, sql: string): Promise<boolean> {
  await query("SAVEPOINT aim_check");
  try {
    const rows = await query(sql);
    await query("RELEASE SAVEPOINT aim_check");
    return rows.length > 0;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    await query("ROLLBACK TO SAVEPOINT aim_check");
    return false;
  }
}
