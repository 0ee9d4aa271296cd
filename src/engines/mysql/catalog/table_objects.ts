/** A table as objects: itself, its columns, its keys and its constraints. */

import { joinName } from "../../../core/name.ts";
import { objectId, type SchemaObject } from "../../../core/snapshot.ts";
import { type ConstraintFacts, type IndexFacts, makeObject } from "../facts.ts";
import type { ColumnText } from "./column_text.ts";
import { functionsIn, quotedNames, withoutDatabase } from "./expression.ts";
import { fold, type Scope } from "./scope.ts";
import type { TableText } from "./table_text.ts";

/** The objects of a table. */
export function tableObjects(
  name: string,
  table: TableText,
  scope: Scope,
): readonly SchemaObject[] {
  const own = new OwnTable(name, table, scope);
  return [
    own.table(),
    ...table.columns.map((column, position) => own.column(column, position)),
    ...table.keys.map((key) => own.key(key.name, key.facts as IndexFacts)),
    ...table.constraints.map((one) => own.constraint(one.name, one.facts as ConstraintFacts)),
  ];
}

/** Options that are facts of their own, or that the server makes. */
const OWN_OPTIONS = new Set([
  "engine",
  "default charset",
  "charset",
  "collate",
  "row_format",
  "auto_increment",
]);

class OwnTable {
  readonly #name: string;
  readonly #id: string;
  readonly #text: TableText;
  readonly #scope: Scope;
  readonly #columns: ReadonlyMap<string, string>;

  constructor(name: string, text: TableText, scope: Scope) {
    this.#name = name;
    this.#id = objectId("table", joinName(name));
    this.#text = text;
    this.#scope = scope;
    this.#columns = new Map(
      text.columns.map((column) => [fold(column.name), this.#memberId("column", column.name)]),
    );
  }

  table(): SchemaObject {
    const { options, comment, versioned, partitioning, periods } = this.#text;
    const { charset, collation } = this.#charset();
    const others = Object.entries(options).filter(([name]) => !OWN_OPTIONS.has(name));
    return makeObject({
      id: this.#id,
      kind: "table",
      name: joinName(this.#name),
      parent: null,
      facts: {
        engine: options.engine ?? "",
        charset,
        collation,
        row_format: options.row_format?.toUpperCase() ?? null,
        comment: comment === "" ? null : comment,
        options: others.length === 0 ? null : Object.fromEntries(others),
        partitioning,
        system_versioned: versioned,
        periods: periods.length === 0 ? null : periods,
      },
      style: { auto_increment: options.auto_increment ?? null },
      dependsOn: [],
      droppedWith: [],
    });
  }

  column(column: ColumnText, position: number): SchemaObject {
    const strings = this.#strings(column);
    const expression = [column.default, column.generated, column.check].map((text) =>
      text === null ? null : withoutDatabase(text, this.#scope.database)
    );
    const [given = null, generated = null, check = null] = expression;
    const id = this.#memberId("column", column.name);
    const used = [generated, check, given].flatMap((text) =>
      text === null ? [] : this.#named(text)
    );
    return makeObject({
      id,
      kind: "column",
      name: joinName(this.#name, column.name),
      parent: this.#id,
      facts: {
        type: column.type,
        charset: strings?.charset ?? null,
        collation: strings?.collation ?? null,
        not_null: column.notNull,
        default: given === "NULL" ? null : given,
        no_default: given === null && !column.notNull && generated === null &&
          column.row === null && !column.autoIncrement && !WITHOUT_DEFAULT.test(column.type),
        on_update: column.onUpdate,
        auto_increment: column.autoIncrement,
        generated,
        stored: column.stored,
        invisible: column.invisible,
        comment: column.comment === "" ? null : column.comment,
        srid: column.srid ?? this.#scope.surfaces.get(id) ?? null,
        check,
        row: column.row,
        versioning: column.versioning,
        compressed: column.compressed,
        options: Object.keys(column.options).length === 0 ? null : column.options,
      },
      style: {
        charset_stated: column.charset !== null,
        collation_stated: column.collation !== null,
      },
      dependsOn: [...new Set([this.#id, ...used])].filter((other) => other !== id),
      droppedWith: [this.#id],
      position,
    });
  }

  key(name: string, facts: IndexFacts): SchemaObject {
    const used = facts.columns.flatMap(({ column, expression }) =>
      column === undefined ? this.#named(expression ?? "") : this.#columnIds([column])
    );
    const alone = facts.columns.length === 1 && used.length === 1 ? used : [];
    return makeObject({
      id: this.#memberId("index", name),
      kind: "index",
      name: joinName(this.#name, name),
      parent: this.#id,
      facts: facts as Parameters<typeof makeObject<"index">>[0]["facts"],
      dependsOn: [...new Set([this.#id, ...used])],
      droppedWith: [this.#id, ...alone],
    });
  }

  constraint(name: string, facts: ConstraintFacts): SchemaObject {
    const needs = facts.type === "check"
      ? this.#named(facts.expression)
      : [...this.#columnIds(facts.columns), ...this.#referred(facts)];
    return makeObject({
      id: this.#memberId("constraint", name),
      kind: "constraint",
      name: joinName(this.#name, name),
      parent: this.#id,
      facts: facts as Parameters<typeof makeObject<"constraint">>[0]["facts"],
      dependsOn: [...new Set([this.#id, ...needs])],
      droppedWith: [this.#id],
    });
  }

  /** The table that a foreign key refers to, and its columns there. */
  #referred(facts: Extract<ConstraintFacts, { type: "foreign key" }>): readonly string[] {
    if (!this.#scope.relations.has(facts.table)) return [];
    const table = objectId("table", facts.table);
    return [
      table,
      ...facts.references.map((column) =>
        objectId("column", `${facts.table}.${joinName(fold(column))}`)
      ),
    ];
  }

  #charset(): { readonly charset: string; readonly collation: string } {
    const { options } = this.#text;
    return this.#scope.charsetOf(options["default charset"] ?? options.charset, options.collate);
  }

  #strings(column: ColumnText): { readonly charset: string; readonly collation: string } | null {
    if (!CHARACTERS.test(column.type)) return null;
    if (column.charset === null && column.collation === null) return this.#charset();
    return this.#scope.charsetOf(column.charset ?? undefined, column.collation ?? undefined);
  }

  #memberId(kind: string, name: string): string {
    const own = kind === "index" && name === "PRIMARY" ? name : fold(name);
    return objectId(kind, joinName(this.#name, own));
  }

  #columnIds(names: Iterable<string>): readonly string[] {
    return [...names].flatMap((name) => this.#columns.get(fold(name)) ?? []);
  }

  /** What an expression names: columns, and sequences or functions of the schema. */
  #named(text: string): readonly string[] {
    const names = quotedNames(text);
    const others = [...names].flatMap((name) =>
      this.#scope.sequences.has(name) ? [objectId("sequence", joinName(name))] : []
    );
    const functions = [...functionsIn(text)].map((name) =>
      objectId("function", joinName(fold(name)))
    );
    return [...this.#columnIds(names), ...others, ...functions];
  }
}

/** Types whose values have a character set. */
const CHARACTERS = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)\b/;

/** Types whose columns have no default unless it is an expression, and of which MySQL says nothing then. */
const WITHOUT_DEFAULT =
  /^(?:tinytext|text|mediumtext|longtext|tinyblob|blob|mediumblob|longblob|json|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection|geomcollection)\b/;
