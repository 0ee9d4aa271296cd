/** Random SQLite schemas and random edits of them, as SQL. */

import type { Random } from "./random.ts";
import { keepKnown, type Part, randomParts } from "./views.ts";

interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  collate: string | null;
  check: string | null;
  generated: string | null;
}

interface Table {
  name: string;
  columns: Column[];
  key: "none" | "rowid" | "autoincrement" | "composite";
  strict: boolean;
  withoutRowid: boolean;
  uniques: { name: string | null; columns: string[] }[];
  checks: { name: string | null; column: string; least: number }[];
  foreignKeys: { column: string; table: string; action: string; deferrable: boolean }[];
  indexes: {
    name: string;
    columns: string[];
    unique: boolean;
    where: string | null;
    desc: boolean;
  }[];
  /** `column` is one of the target that the body writes; without it the body counts rows. */
  triggers: {
    name: string;
    event: string;
    timing: string;
    target: string;
    column: string | null;
  }[];
}

interface View {
  name: string;
  parts: Part[];
  /** A column of the first part. */
  where: string | null;
  /** With an INSTEAD OF trigger, which writes nothing. */
  trigger: string | null;
}

/** A schema as data; `printModel` writes it. */
export interface Model {
  tables: Table[];
  views: View[];
}

const TYPES = ["INTEGER", "TEXT", "REAL", "BLOB"];
const LOOSE_TYPES = [...TYPES, "VARCHAR(40)", "DECIMAL(10,2)", "DATETIME", "BOOLEAN", ""];
const DEFAULTS: Record<string, readonly string[]> = {
  INTEGER: ["0", "1", "-5"],
  TEXT: ["''", "'it''s'", "'a -- b'"],
  REAL: ["0.5"],
  BOOLEAN: ["0", "1"],
  "VARCHAR(40)": ["'x'"],
};

/** A random schema of a few tables. */
export function randomModel(random: Random): Model {
  const model: Model = { tables: [], views: [] };
  for (let n = random.int(1, 5); n > 0; n--) model.tables.push(randomTable(model, random));
  for (let n = random.int(0, 4); n > 0; n--) addView(model, random);
  return tidy(model);
}

/** A copy with up to `most` random edits of all kinds. */
export function editModel(model: Model, random: Random, most: number): Model {
  const copy = structuredClone(model);
  for (let n = random.int(1, most); n > 0; n--) edit(copy, random);
  return tidy(copy);
}

let serial = 0;
function fresh(prefix: string): string {
  serial = (serial + 1) % 100000;
  return `${prefix}_${serial}`;
}

function randomTable(model: Model, random: Random): Table {
  const strict = random.chance(0.15);
  const columns: Column[] = [];
  for (let n = random.int(1, 6); n > 0; n--) columns.push(randomColumn(random, strict));
  const table: Table = {
    name: random.chance(0.1) ? `Odd ${fresh("T")}` : fresh("t"),
    columns,
    key: random.pick(["none", "rowid", "rowid", "autoincrement", "composite"] as const),
    strict,
    withoutRowid: false,
    uniques: [],
    checks: [],
    foreignKeys: [],
    indexes: [],
    triggers: [],
  };
  table.withoutRowid = table.key === "composite" && random.chance(0.4);
  for (let n = random.int(0, 3); n > 0; n--) addToTable(model, table, random);
  return table;
}

function randomColumn(random: Random, strict: boolean): Column {
  const type = random.pick(strict ? TYPES : LOOSE_TYPES);
  const defaults = DEFAULTS[type] ?? [];
  return {
    name: random.chance(0.08)
      ? `Col ${fresh("x")}`
      : random.chance(0.05)
      ? "order" + fresh("")
      : fresh("c"),
    type,
    notNull: random.chance(0.3),
    default: defaults.length > 0 && random.chance(0.5) ? random.pick(defaults) : null,
    collate: type === "TEXT" && random.chance(0.15) ? "NOCASE" : null,
    check: random.chance(0.08) ? "IS NOT 13" : null,
    generated: null,
  };
}

function addToTable(model: Model, table: Table, random: Random): void {
  const names = table.columns.map((c) => c.name);
  const roll = random.next();
  if (roll < 0.35) {
    table.indexes.push({
      name: fresh("idx"),
      columns: random.some(names, 3),
      unique: random.chance(0.2),
      where: random.chance(0.25) ? `${q(random.pick(names))} IS NOT NULL` : null,
      desc: random.chance(0.3),
    });
  } else if (roll < 0.5) {
    table.uniques.push({
      name: random.chance(0.5) ? fresh("uq") : null,
      columns: random.some(names, 2),
    });
  } else if (roll < 0.6) {
    table.checks.push({
      name: random.chance(0.5) ? fresh("ck") : null,
      column: random.pick(names),
      least: random.int(0, 9),
    });
  } else if (roll < 0.75) {
    const targets = [table, ...model.tables].filter((t) =>
      t.key === "rowid" || t.key === "autoincrement"
    );
    if (targets.length === 0) return;
    const column = { ...randomColumn(random, true), type: "INTEGER", default: null, collate: null };
    table.columns.push(column);
    table.foreignKeys.push({
      column: column.name,
      table: random.pick(targets).name,
      action: random.pick(["", " ON DELETE CASCADE", " ON DELETE SET NULL", " ON UPDATE CASCADE"]),
      deferrable: random.chance(0.2),
    });
  } else if (roll < 0.9) {
    const target = random.pick([table, ...model.tables]);
    const written = target.columns.filter((c) => c.generated === null);
    table.triggers.push({
      name: fresh("trg"),
      event: random.pick(["INSERT", "DELETE", "UPDATE", `UPDATE OF ${q(random.pick(names))}`]),
      timing: random.pick(["BEFORE", "AFTER"]),
      target: target.name,
      column: written.length > 0 && random.chance(0.5) ? random.pick(written).name : null,
    });
  } else {
    const base = table.columns.find((c) => c.type === "INTEGER" && c.generated === null);
    if (base === undefined) return;
    const kind = random.pick(["VIRTUAL", "STORED"]);
    const column = {
      ...randomColumn(random, true),
      type: "INTEGER",
      default: null,
      collate: null,
      notNull: false,
    };
    table.columns.push({ ...column, generated: `(${q(base.name)} * 2) ${kind}` });
  }
}

function addView(model: Model, random: Random): void {
  if (model.tables.length === 0) return;
  const parts = randomParts([
    ...model.tables.map(({ name, columns }) => ({ name, columns: columns.map((c) => c.name) })),
    ...model.views.map((view) => ({ name: view.name, columns: outputOf(view) })),
  ], random);
  model.views.push({
    name: fresh("v"),
    parts,
    where: random.chance(0.3) ? random.pick(parts[0]?.columns ?? []) : null,
    trigger: random.chance(0.2) ? fresh("trg") : null,
  });
}

/** Names of a view's columns. */
function outputOf({ parts }: View): string[] {
  return parts.flatMap(({ columns }, at) =>
    columns.map((name) => at === 0 ? name : `${name} ${at}`)
  );
}

function edit(model: Model, random: Random): void {
  const roll = random.next();
  if (roll < 0.12 || model.tables.length === 0) {
    model.tables.push(randomTable(model, random));
    return;
  }
  if (roll < 0.18) {
    model.tables.splice(random.int(0, model.tables.length - 1), 1);
    return;
  }
  if (roll < 0.24) return addView(model, random);
  if (roll < 0.28) {
    model.views.splice(random.int(0, model.views.length), 1);
    return;
  }
  const table = random.pick(model.tables);
  const column = random.pick(table.columns);
  const fixed = table.columns.some((c) => c.generated?.includes(`(${q(column.name)} `) ?? false) ||
    table.foreignKeys.some((key) => key.column === column.name);
  const change = random.next();
  if (change < 0.2) table.columns.push(randomColumn(random, table.strict));
  else if (change < 0.36 && table.columns.length > 1 && !fixed) {
    table.columns.splice(table.columns.indexOf(column), 1);
  } else if (change < 0.46 && !fixed && column.generated === null) {
    const next = randomColumn(random, table.strict);
    Object.assign(column, { type: next.type, default: next.default, collate: next.collate });
  } else if (change < 0.54 && column.generated === null) column.notNull = !column.notNull;
  else if (change < 0.6 && column.generated === null) {
    column.default = column.default === null
      ? random.pick(DEFAULTS[column.type] ?? ["NULL"])
      : null;
  } else if (change < 0.8) addToTable(model, table, random);
  else if (change < 0.94) {
    random.pick([table.indexes, table.uniques, table.checks, table.foreignKeys, table.triggers])
      .splice(0, 1);
  } else if (change < 0.97) table.key = random.pick(["none", "rowid", "autoincrement"]);
  else table.strict = !table.strict;
}

/** Leaves out what no longer refers to anything. */
function tidy(model: Model): Model {
  const byName = new Map(model.tables.map((table) => [table.name, table]));
  for (const table of model.tables) {
    if (table.strict) {
      for (const column of table.columns) {
        if (!TYPES.includes(column.type)) Object.assign(column, { type: "TEXT", default: null });
      }
    }
    if (table.key === "composite" && table.columns.every((c) => c.generated !== null)) {
      table.key = "none";
    }
    table.withoutRowid &&= table.key === "composite";
    const names = new Set(table.columns.map((c) => c.name));
    table.indexes = table.indexes.filter((i) =>
      i.columns.every((c) => names.has(c)) &&
      (i.where === null || [...names].some((n) => i.where === `${q(n)} IS NOT NULL`))
    );
    table.uniques = table.uniques.filter((u) => u.columns.every((c) => names.has(c)));
    table.checks = table.checks.filter((c) => names.has(c.column));
    table.foreignKeys = table.foreignKeys.filter((k) => {
      const key = byName.get(k.table)?.key;
      return names.has(k.column) && (key === "rowid" || key === "autoincrement");
    });
    table.triggers = table.triggers.filter((t) =>
      byName.has(t.target) &&
      (t.column === null || byName.get(t.target)?.columns.some((c) => c.name === t.column)) &&
      (!t.event.includes(" OF ") || [...names].some((n) => t.event.endsWith(`OF ${q(n)}`)))
    );
  }
  const known = new Map(
    model.tables.map((table) => [table.name, new Set(table.columns.map((c) => c.name))]),
  );
  model.views = model.views.filter((view) => {
    if (!keepKnown(view.parts, known)) return false;
    if (!view.parts[0]?.columns.includes(view.where ?? "")) view.where = null;
    known.set(view.name, new Set(outputOf(view)));
    return true;
  });
  return model;
}

/** The schema as SQL. */
export function printModel(model: Model): string {
  const out: string[] = [];
  for (const table of model.tables) out.push(printTable(table));
  for (const table of model.tables) {
    for (const i of table.indexes) {
      out.push(
        `CREATE ${i.unique ? "UNIQUE " : ""}INDEX ${i.name} ON ${q(table.name)} (${
          i.columns.map((c) => q(c) + (i.desc ? " DESC" : "")).join(", ")
        })${i.where === null ? "" : ` WHERE ${i.where}`}`,
      );
    }
    for (const t of table.triggers) {
      out.push(
        `CREATE TRIGGER ${t.name} ${t.timing} ${t.event} ON ${q(table.name)} BEGIN ${
          bodyOf(t)
        }; END`,
      );
    }
  }
  for (const view of model.views) {
    out.push(printView(view));
    if (view.trigger !== null) {
      out.push(
        `CREATE TRIGGER ${view.trigger} INSTEAD OF DELETE ON ${view.name} BEGIN SELECT 1; END`,
      );
    }
  }
  return out.map((sql) => `${sql};\n`).join("");
}

function bodyOf({ target, column }: Table["triggers"][number]): string {
  return column === null
    ? `SELECT CASE WHEN count(*) > 9 THEN 1 END FROM ${q(target)}`
    : `UPDATE ${q(target)} SET ${q(column)} = ${q(column)} WHERE ${q(column)} IS NULL AND 0`;
}

function printView(view: View): string {
  const columns = view.parts.flatMap((part, at) =>
    part.columns.map((name) => `p${at}.${q(name)}${at === 0 ? "" : ` AS "${name} ${at}"`}`)
  );
  const from = view.parts.map((part, at) => `${q(part.from)} AS p${at}`);
  const where = view.where === null ? "" : ` WHERE p0.${q(view.where)} IS NOT NULL`;
  return `CREATE VIEW ${view.name} AS SELECT ${columns.join(", ")} FROM ${
    from.join(" CROSS JOIN ")
  }${where}`;
}

function printTable(table: Table): string {
  const items: string[] = [];
  if (table.key === "rowid") items.push("id INTEGER PRIMARY KEY");
  if (table.key === "autoincrement") items.push("id INTEGER PRIMARY KEY AUTOINCREMENT");
  for (const c of table.columns) {
    items.push(
      [
        q(c.name),
        c.type,
        c.generated === null ? "" : `GENERATED ALWAYS AS ${c.generated}`,
        c.notNull && c.generated === null ? "NOT NULL" : "",
        c.default === null || c.generated !== null ? "" : `DEFAULT ${c.default}`,
        c.collate === null ? "" : `COLLATE ${c.collate}`,
        c.check === null ? "" : `CHECK (${q(c.name)} ${c.check})`,
      ].filter((part) => part !== "").join(" "),
    );
  }
  const keyed = table.columns.filter((c) => c.generated === null).slice(0, 2);
  if (table.key === "composite") {
    items.push(`PRIMARY KEY (${keyed.map((c) => q(c.name)).join(", ")})`);
  }
  for (const u of table.uniques) {
    items.push(
      `${u.name === null ? "" : `CONSTRAINT ${u.name} `}UNIQUE (${u.columns.map(q).join(", ")})`,
    );
  }
  for (const c of table.checks) {
    items.push(
      `${c.name === null ? "" : `CONSTRAINT ${c.name} `}CHECK (length(${
        q(c.column)
      }) >= ${c.least})`,
    );
  }
  for (const k of table.foreignKeys) {
    items.push(
      `FOREIGN KEY (${q(k.column)}) REFERENCES ${q(k.table)} (id)${k.action}${
        k.deferrable ? " DEFERRABLE INITIALLY DEFERRED" : ""
      }`,
    );
  }
  const options = [table.strict ? "STRICT" : "", table.withoutRowid ? "WITHOUT ROWID" : ""].filter((
    o,
  ) => o !== "");
  return `CREATE TABLE ${q(table.name)} (\n  ${items.join(",\n  ")}\n)${
    options.length > 0 ? ` ${options.join(", ")}` : ""
  }`;
}

function q(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
}
