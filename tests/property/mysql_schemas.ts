/** Random schemas of MySQL and MariaDB and random edits of them, as SQL that both understand. */

import type { Random } from "./random.ts";

interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  collation: string | null;
  /** A number column that it is computed from. */
  from: string | null;
  stored: boolean;
  comment: string | null;
}

interface Index {
  name: string;
  columns: string[];
  unique: boolean;
  descending: boolean;
  using: boolean;
}

interface Table {
  name: string;
  /** The type of its key. */
  id: string;
  counts: boolean;
  columns: Column[];
  indexes: Index[];
  checks: { name: string; column: string; least: number }[];
  foreignKeys: { name: string; column: string; table: string; action: string }[];
  comment: string | null;
  collation: string;
  rowFormat: string | null;
  /** Numbers of partitions; 0 for none. */
  partitions: number;
}

/** A schema as data; `printModel` writes it. */
export interface Model {
  tables: Table[];
  views: { name: string; table: string; columns: string[]; least: number | null }[];
  triggers: { name: string; table: string; event: string; column: string; value: number }[];
  routines: { name: string; value: number; comment: string | null }[];
}

const NUMBERS = ["tinyint", "smallint", "int", "bigint", "int unsigned", "decimal(10,2)", "double"];
const TEXTS = ["varchar(10)", "varchar(40)", "char(5)", "text"];
const OTHERS = ["date", "datetime", "datetime(3)", "enum('a','b')", "enum('b','a','c')", "blob"];
const KEYS = ["int", "bigint", "int unsigned"];
const COLLATIONS = ["utf8mb4_general_ci", "utf8mb4_bin", "latin1_swedish_ci"];
const ACTIONS = ["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE"];
const DEFAULTS: readonly (readonly [RegExp, readonly string[]])[] = [
  [/int|decimal|double/, ["0", "5", "7"]],
  [/char/, ["''", "'x'", "'it''s'"]],
  [/^datetime/, ["'2020-01-01 00:00:00'"]],
  [/enum/, ["'a'", "'b'"]],
];

/** A random schema of a few tables. */
export function randomModel(random: Random): Model {
  const model: Model = { tables: [], views: [], triggers: [], routines: [] };
  for (let n = random.int(1, 4); n > 0; n--) addTable(model, random);
  for (let n = random.int(0, 6); n > 0; n--) edit(model, random);
  return tidy(model);
}

/** A copy with up to `most` random edits of all kinds. */
export function editModel(model: Model, random: Random, most: number): Model {
  const copy = structuredClone(model);
  for (let n = random.int(1, most); n > 0; n--) edit(copy, random);
  return tidy(copy);
}

function fresh(prefix: string, taken: readonly { name: string }[], random: Random): string {
  for (let n = random.int(1, 4);; n++) {
    const name = `${prefix}${n}`;
    if (!taken.some((one) => one.name === name)) return name;
  }
}

function addTable(model: Model, random: Random): void {
  const table: Table = {
    name: fresh("t", model.tables, random),
    id: random.pick(KEYS),
    counts: random.chance(0.6),
    columns: [],
    indexes: [],
    checks: [],
    foreignKeys: [],
    comment: random.chance(0.2) ? "it's" : null,
    collation: random.pick(COLLATIONS),
    rowFormat: random.chance(0.2) ? "DYNAMIC" : null,
    partitions: random.chance(0.15) ? random.int(2, 4) : 0,
  };
  model.tables.push(table);
  for (let n = random.int(1, 5); n > 0; n--) addColumn(table, random);
}

function addColumn(table: Table, random: Random): void {
  const type = random.pick([...NUMBERS, ...TEXTS, ...OTHERS]);
  const sources = table.columns.filter((one) => isNumber(one) && one.from === null);
  const isGenerated = NUMBERS.includes(type) && sources.length > 0 && random.chance(0.3);
  const column: Column = {
    name: fresh("c", table.columns, random),
    type: isGenerated ? "double" : type,
    notNull: random.chance(0.4),
    default: null,
    collation: TEXTS.includes(type) && random.chance(0.3) ? random.pick(COLLATIONS) : null,
    from: isGenerated ? random.pick(sources).name : null,
    stored: random.chance(0.5),
    comment: random.chance(0.15) ? "a \\ b" : null,
  };
  if (random.chance(0.5)) column.default = defaultOf(column, random);
  table.columns.splice(random.int(0, table.columns.length), 0, column);
}

function isNumber({ type }: Column): boolean {
  return NUMBERS.includes(type);
}

function defaultOf({ type }: Column, random: Random): string | null {
  const found = DEFAULTS.find(([pattern]) => pattern.test(type));
  return found === undefined ? null : random.pick(found[1]);
}

function edit(model: Model, random: Random): void {
  const table = model.tables.length === 0 ? undefined : random.pick(model.tables);
  if (table === undefined || random.chance(0.08)) return addTable(model, random);
  const column = table.columns.length === 0 ? undefined : random.pick(table.columns);
  if (column === undefined) return addColumn(table, random);
  const edits: readonly (() => void)[] = [
    () => addColumn(table, random),
    () => table.columns.splice(table.columns.indexOf(column), 1),
    () => {
      if (column.from !== null) column.stored = !column.stored;
      else column.type = random.pick([...NUMBERS, ...TEXTS]);
    },
    () => {
      if (column.from !== null) column.from = null;
      else column.notNull = !column.notNull;
    },
    () => column.default = random.chance(0.4) ? null : defaultOf(column, random),
    () => column.comment = column.comment === null ? "new" : null,
    () => column.collation = TEXTS.includes(column.type) ? random.pick(COLLATIONS) : null,
    () => addIndex(table, random),
    () => table.indexes.splice(0, 1),
    () => addCheck(table, column, random),
    () => table.checks.splice(0, 1),
    () => addForeignKey(model, table, random),
    () => table.foreignKeys.splice(0, 1),
    () => table.comment = table.comment === null ? "text" : null,
    () => table.collation = random.pick(COLLATIONS),
    () => table.rowFormat = table.rowFormat === null ? "COMPACT" : null,
    () => table.partitions = random.pick([0, 2, 3]),
    () => table.id = random.pick(KEYS),
    () => table.counts = !table.counts,
    () => model.tables.splice(model.tables.indexOf(table), 1),
    () => addView(model, table, random),
    () => model.views.splice(0, 1),
    () => addTrigger(model, table, random),
    () => model.triggers.splice(0, 1),
    () => addRoutine(model, random),
  ];
  random.pick(edits)();
}

function addIndex(table: Table, random: Random): void {
  const columns = random.some(table.columns, 3).map(({ name }) => name);
  table.indexes.push({
    name: fresh("i", table.indexes, random),
    columns: random.chance(0.3) ? [...columns, "id"] : columns,
    unique: random.chance(0.3),
    descending: random.chance(0.2),
    using: random.chance(0.2),
  });
}

function addCheck(table: Table, column: Column, random: Random): void {
  if (!isNumber(column)) return;
  const own = { name: fresh(`${table.name}_k`, table.checks, random) };
  table.checks.push({ ...own, column: column.name, least: -random.int(1, 3) });
}

function addForeignKey(model: Model, table: Table, random: Random): void {
  const target = random.pick(model.tables);
  const column: Column = {
    name: fresh("r", table.columns, random),
    type: target.id,
    notNull: false,
    default: null,
    collation: null,
    from: null,
    stored: false,
    comment: null,
  };
  table.columns.push(column);
  table.foreignKeys.push({
    name: `${table.name}_${column.name}`,
    column: column.name,
    table: target.name,
    action: random.pick(ACTIONS),
  });
}

function addView(model: Model, table: Table, random: Random): void {
  model.views.push({
    name: fresh("v", model.views, random),
    table: table.name,
    columns: random.some(table.columns, 3).map(({ name }) => name),
    least: random.chance(0.5) ? random.int(0, 3) : null,
  });
}

function addTrigger(model: Model, table: Table, random: Random): void {
  const column = table.columns.find((one) => isNumber(one) && one.from === null);
  if (column === undefined) return;
  model.triggers.push({
    name: fresh("g", model.triggers, random),
    table: table.name,
    event: random.pick(["BEFORE INSERT", "BEFORE UPDATE"]),
    column: column.name,
    value: random.int(1, 3),
  });
}

function addRoutine(model: Model, random: Random): void {
  const comment = random.chance(0.3) ? "c" : null;
  if (model.routines.length > 1) model.routines.splice(0, 1);
  model.routines.push({
    name: fresh("p", model.routines, random),
    value: random.int(1, 9),
    comment,
  });
}

/** Takes out what refers to what is no longer there, and what no server takes. */
function tidy(model: Model): Model {
  const tables = new Map(model.tables.map((table) => [table.name, table]));
  for (const table of model.tables) {
    const named = new Map(table.columns.map((column) => [column.name, column]));
    for (const column of table.columns) {
      const source = named.get(column.from ?? "");
      if (column.from !== null && (source === undefined || !isNumber(source) || source.from)) {
        column.from = null;
      }
      if (column.from !== null) [column.notNull, column.default] = [false, null];
      if (!TEXTS.includes(column.type)) column.collation = null;
      if (
        !DEFAULTS.some(([pattern, values]) =>
          pattern.test(column.type) && values.includes(column.default ?? "")
        )
      ) column.default = null;
    }
    if (table.partitions > 0) table.foreignKeys = [];
    table.foreignKeys = table.foreignKeys.filter((key) => {
      const target = tables.get(key.table);
      const column = named.get(key.column);
      if (target === undefined || column === undefined || target.partitions > 0) return false;
      Object.assign(column, { type: target.id, notNull: false, default: null, from: null });
      return true;
    });
    table.checks = table.checks.filter(({ column }) => {
      const found = named.get(column);
      const isKey = table.foreignKeys.some((key) => key.column === column);
      return found !== undefined && isNumber(found) && !isKey;
    });
    table.indexes = table.indexes.filter((index) => {
      index.columns = index.columns.filter((name) => name === "id" || named.has(name));
      if (table.partitions > 0 && index.unique && !index.columns.includes("id")) {
        index.columns.push("id");
      }
      return index.columns.some((name) => name !== "id");
    });
  }
  model.views = model.views.filter((view) => {
    const columns = tables.get(view.table)?.columns.map(({ name }) => name) ?? [];
    view.columns = view.columns.filter((name) => columns.includes(name));
    return view.columns.length > 0;
  });
  model.triggers = model.triggers.filter(({ table, column }) => {
    const found = tables.get(table)?.columns.find(({ name }) => name === column);
    return found !== undefined && isNumber(found) && found.from === null;
  });
  return model;
}

/** The schema as a script; foreign keys come once all tables are there. */
export function printModel({ tables, views, triggers, routines }: Model): string {
  return [
    ...tables.map(tableText),
    ...tables.flatMap(({ name, foreignKeys }) =>
      foreignKeys.map((key) =>
        `ALTER TABLE ${name} ADD CONSTRAINT ${key.name} FOREIGN KEY (${key.column}) REFERENCES ${key.table} (id)${key.action}`
      )
    ),
    ...views.map(({ name, table, columns, least }) =>
      `CREATE VIEW ${name} AS SELECT id, ${columns.join(", ")} FROM ${table}${
        least === null ? "" : ` WHERE id > ${least} WITH CHECK OPTION`
      }`
    ),
    ...triggers.map(({ name, table, event, column, value }) =>
      `CREATE TRIGGER ${name} ${event} ON ${table} FOR EACH ROW SET NEW.${column} = coalesce(NEW.${column}, ${value})`
    ),
    ...routines.map(({ name, value, comment }) =>
      `CREATE PROCEDURE ${name}(IN a int)${
        comment === null ? "" : ` COMMENT '${comment}'`
      } SELECT a + ${value}`
    ),
  ].map((text) => `${text};\n`).join("");
}

function tableText(table: Table): string {
  const lines = [
    `id ${table.id} NOT NULL${table.counts ? " AUTO_INCREMENT" : ""}`,
    ...table.columns.map(columnText),
    "PRIMARY KEY (id)",
    ...table.indexes.map((index) => {
      const parts = index.columns.map((name) => {
        const type = table.columns.find((column) => column.name === name)?.type ?? "";
        return `${name}${/text|blob/.test(type) ? "(8)" : ""}${index.descending ? " DESC" : ""}`;
      });
      return `${index.unique ? "UNIQUE " : ""}KEY ${index.name} (${parts.join(", ")})${
        index.using ? " USING BTREE" : ""
      }`;
    }),
    ...table.checks.map(({ name, column, least }) =>
      `CONSTRAINT ${name} CHECK (${column} > ${least})`
    ),
  ];
  const options = [
    `COLLATE=${table.collation}`,
    ...table.comment === null ? [] : [`COMMENT='${table.comment.replaceAll("'", "''")}'`],
    ...table.rowFormat === null ? [] : [`ROW_FORMAT=${table.rowFormat}`],
  ];
  const partitions = table.partitions === 0
    ? ""
    : ` PARTITION BY HASH (id) PARTITIONS ${table.partitions}`;
  return `CREATE TABLE ${table.name} (\n  ${lines.join(",\n  ")}\n) ${
    options.join(" ")
  }${partitions}`;
}

function columnText(column: Column): string {
  const collation = column.collation === null ? "" : ` COLLATE ${column.collation}`;
  const charset = column.collation === null
    ? ""
    : ` CHARACTER SET ${column.collation.split("_")[0]}`;
  const comment = column.comment === null
    ? ""
    : ` COMMENT '${column.comment.replaceAll("\\", "\\\\")}'`;
  if (column.from !== null) {
    return `${column.name} ${column.type} AS (${column.from} + 1) ${
      column.stored ? "STORED" : "VIRTUAL"
    }${comment}`;
  }
  return `${column.name} ${column.type}${charset}${collation}${column.notNull ? " NOT NULL" : ""}${
    column.default === null ? "" : ` DEFAULT ${column.default}`
  }${comment}`;
}
