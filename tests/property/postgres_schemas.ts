/** Random Postgres schemas and random edits of them, as SQL. */

import type { Random } from "./random.ts";
import { keepKnown, type Part, randomParts } from "./views.ts";

interface Column {
  name: string;
  type: string;
  notNull: boolean;
  default: string | null;
  generated: string | null;
  identity: "ALWAYS" | "BY DEFAULT" | null;
  comment: string | null;
  storage: string | null;
}

interface Table {
  schema: string;
  name: string;
  columns: Column[];
  primaryKey: string[];
  uniques: { name: string; columns: string[]; deferrable: boolean }[];
  checks: { name: string; column: string; expression: string }[];
  foreignKeys: {
    name: string;
    column: string;
    table: string;
    action: string;
    deferrable: boolean;
  }[];
  indexes: {
    name: string;
    columns: string[];
    unique: boolean;
    where: string | null;
    desc: boolean;
  }[];
  /** `when` is a column that must not be NULL. */
  triggers: { name: string; timing: string; events: string; when: string | null }[];
  /** `column` is one that must not be NULL; without it every row will do. */
  policies: { name: string; command: string; column: string | null }[];
  rowSecurity: boolean;
  unlogged: boolean;
  fillfactor: number | null;
  comment: string | null;
  grants: { role: string; privilege: string }[];
}

interface View {
  name: string;
  parts: Part[];
  /** A column of the first part that must not be NULL. */
  where: string | null;
  /** A function without arguments whose value stands in a column of its own. */
  calls: string | null;
  materialized: boolean;
  barrier: boolean;
  comment: string | null;
  role: string | null;
}

interface Routine {
  name: string;
  arguments: string[];
  returns: string;
  volatility: string;
  body: string;
}

/** A schema as data; `print` writes it. */
export interface Model {
  schemas: string[];
  enums: { name: string; labels: string[] }[];
  domains: { name: string; base: string; check: string | null; notNull: boolean }[];
  composites: { name: string; attributes: { name: string; type: string }[] }[];
  sequences: { name: string; increment: number; cycle: boolean }[];
  tables: Table[];
  views: View[];
  routines: Routine[];
}

const TYPES = [
  "integer",
  "bigint",
  "smallint",
  "text",
  "character varying(40)",
  "character varying(80)",
  "numeric(10,2)",
  "numeric(12,4)",
  "boolean",
  "timestamp with time zone",
  "date",
  "uuid",
  "jsonb",
  "text[]",
  "integer[]",
  "double precision",
  "bytea",
  "interval",
];
const DEFAULTS: Record<string, readonly string[]> = {
  integer: ["0", "1", "(2 + 3)"],
  bigint: ["0", "42"],
  smallint: ["7"],
  text: ["''", "'it''s'", "CURRENT_USER", "upper('x')"],
  "numeric(10,2)": ["0.00", "1.5"],
  boolean: ["true", "false"],
  "timestamp with time zone": ["now()", "CURRENT_TIMESTAMP"],
  date: ["CURRENT_DATE", "'2020-01-01'"],
  uuid: ["gen_random_uuid()"],
  jsonb: ["'{}'", `'{"a": [1, 2]}'`],
  "text[]": ["'{}'", "ARRAY['a', 'b']"],
};
const ROLES = ["app_reader", "app_writer"];

/** A random schema of up to a handful of tables. */
export function randomModel(random: Random): Model {
  const model: Model = {
    schemas: random.chance(0.4) ? ["app"] : [],
    enums: [],
    domains: [],
    composites: [],
    sequences: [],
    tables: [],
    views: [],
    routines: [],
  };
  for (let n = random.int(2, 9); n > 0; n--) add(model, random);
  return tidy(model);
}

/** A copy with up to `most` random edits of all kinds. */
export function editModel(model: Model, random: Random, most: number): Model {
  const copy = structuredClone(model);
  for (let n = random.int(1, most); n > 0; n--) {
    const roll = random.next();
    if (roll < 0.2) add(copy, random);
    else if (roll < 0.32) remove(copy, random);
    else if (roll < 0.85) editTable(copy, random);
    else editOther(copy, random);
  }
  return tidy(copy);
}

let serial = 0;
function fresh(prefix: string): string {
  serial = (serial + 1) % 100000;
  return `${prefix}_${serial}`;
}

function add(model: Model, random: Random): void {
  const roll = random.next();
  if (roll < 0.5 || model.tables.length === 0) model.tables.push(randomTable(model, random));
  else if (roll < 0.58) {
    const labels = ["draft", "open", "closed", "it's", "Late"].slice(0, random.int(1, 5));
    model.enums.push({ name: fresh("mood"), labels });
  } else if (roll < 0.63) {
    const check = random.chance(0.5) ? "VALUE <> 13" : null;
    model.domains.push({
      name: fresh("dom"),
      base: random.pick(["integer", "bigint"]),
      check,
      notNull: false,
    });
  } else if (roll < 0.67) {
    const attributes = [{ name: "x", type: "integer" }, { name: "y", type: "text" }];
    model.composites.push({ name: fresh("pair"), attributes });
  } else if (roll < 0.71) {
    model.sequences.push({ name: fresh("seq"), increment: random.int(1, 5), cycle: false });
  } else if (roll < 0.88) {
    const parts = randomParts(sourcesOf(model), random);
    const plain = model.routines.filter((routine) => routine.arguments.length === 0);
    model.views.push({
      name: fresh("v"),
      parts,
      where: random.chance(0.3) ? random.pick(parts[0]?.columns ?? []) : null,
      calls: plain.length > 0 && random.chance(0.3) ? random.pick(plain).name : null,
      materialized: random.chance(0.25),
      barrier: random.chance(0.2),
      comment: random.chance(0.2) ? "What it shows" : null,
      role: random.chance(0.2) ? random.pick(ROLES) : null,
    });
  } else model.routines.push(randomRoutine(model, random));
}

/** What a view can read. */
function sourcesOf(model: Model) {
  return [
    ...model.tables.map((t) => ({ name: tableName(t), columns: t.columns.map((c) => c.name) })),
    ...model.views.map((view) => ({ name: `public.${view.name}`, columns: outputOf(view) })),
  ];
}

/** Names of a view's columns that are taken from what it reads. */
function outputOf(view: View): string[] {
  return view.parts.flatMap(({ columns }, at) => columns.map((name) => outputName(view, name, at)));
}

function outputName({ name }: View, column: string, part: number): string {
  return part === 0 ? column : `${name}_${column}`;
}

function randomTable(model: Model, random: Random): Table {
  const columns: Column[] = [];
  for (let n = random.int(1, 7); n > 0; n--) columns.push(randomColumn(model, random));
  const table: Table = {
    schema: model.schemas.length > 0 && random.chance(0.3) ? "app" : "public",
    name: random.chance(0.1) ? `Odd ${fresh("T")}` : fresh("t"),
    columns,
    primaryKey: [],
    uniques: [],
    checks: [],
    foreignKeys: [],
    indexes: [],
    triggers: [],
    policies: [],
    rowSecurity: random.chance(0.1),
    unlogged: random.chance(0.05),
    fillfactor: random.chance(0.1) ? 70 : null,
    comment: random.chance(0.15) ? "A table's comment" : null,
    grants: [],
  };
  if (random.chance(0.7)) {
    const id = {
      ...randomColumn(model, random),
      name: "id",
      type: "bigint",
      default: null,
      generated: null,
    };
    id.identity = random.chance(0.5) ? random.pick(["ALWAYS", "BY DEFAULT"] as const) : null;
    id.notNull = true;
    table.columns.unshift(id);
    table.primaryKey = ["id"];
  }
  for (let n = random.int(0, 3); n > 0; n--) addToTable(model, table, random);
  return table;
}

function randomColumn(model: Model, random: Random): Column {
  const custom = [
    ...model.enums.map((e) => e.name),
    ...model.domains.map((d) => d.name),
    ...model.composites.flatMap((c) => [c.name, `${c.name}[]`]),
  ];
  const type = custom.length > 0 && random.chance(0.2) ? random.pick(custom) : random.pick(TYPES);
  const defaults = defaultsOf(model, type);
  return {
    name: random.chance(0.07)
      ? `Col ${fresh("x")}`
      : random.chance(0.05)
      ? fresh("order")
      : fresh("c"),
    type,
    notNull: random.chance(0.3),
    default: defaults.length > 0 && random.chance(0.4) ? random.pick(defaults) : null,
    generated: null,
    identity: null,
    comment: random.chance(0.1) ? "What it's for" : null,
    storage: type === "text" && random.chance(0.1) ? "EXTERNAL" : null,
  };
}

/** Values that fit a type. */
function defaultsOf(model: Model, type: string): readonly string[] {
  if (type === "bigint") {
    return [...DEFAULTS[type] ?? [], ...model.sequences.map(({ name }) => `nextval('${name}')`)];
  }
  const labels = model.enums.find(({ name }) => name === type)?.labels ?? [];
  return DEFAULTS[type] ?? labels.map((label) => `'${label.replaceAll("'", "''")}'`);
}

function addToTable(model: Model, table: Table, random: Random): void {
  const names = table.columns.filter((c) => isKeyable(model, c.type)).map((c) => c.name);
  const roll = random.next();
  if (roll < 0.3 && names.length > 0) {
    table.indexes.push({
      name: fresh("idx"),
      columns: random.some(names, 3),
      unique: random.chance(0.2),
      where: random.chance(0.25) ? `${q(random.pick(names))} IS NOT NULL` : null,
      desc: random.chance(0.2),
    });
  } else if (roll < 0.42 && names.length > 0) {
    table.uniques.push({
      name: fresh("uq"),
      columns: random.some(names, 2),
      deferrable: random.chance(0.2),
    });
  } else if (roll < 0.55) {
    const column = random.pick(table.columns).name;
    table.checks.push({
      name: fresh("ck"),
      column,
      expression: `${q(column)} IS NOT NULL OR ${random.int(1, 9)} > 2`,
    });
  } else if (roll < 0.72) {
    const target = random.pick([table, ...model.tables]);
    const column = { ...randomColumn(model, random), type: "bigint", default: null };
    if (target.primaryKey.join() !== "id") return;
    table.columns.push(column);
    const action = random.pick(["NO ACTION", "CASCADE", "SET NULL", "RESTRICT"]);
    table.foreignKeys.push({
      name: fresh("fk"),
      column: column.name,
      table: tableName(target),
      action,
      deferrable: random.chance(0.2),
    });
  } else if (roll < 0.8) {
    const timing = random.pick(["BEFORE", "AFTER"]);
    table.triggers.push({
      name: fresh("trg"),
      timing,
      events: random.pick([
        "INSERT",
        "UPDATE",
        "INSERT OR UPDATE",
        `UPDATE OF ${q(random.pick(table.columns).name)}`,
      ]),
      when: timing === "AFTER" && random.chance(0.4) ? random.pick(table.columns).name : null,
    });
  } else if (roll < 0.88) {
    table.policies.push({
      name: fresh("pol"),
      command: random.pick(["ALL", "SELECT", "DELETE"]),
      column: random.chance(0.6) ? random.pick(table.columns).name : null,
    });
  } else if (roll < 0.95) {
    table.grants.push({
      role: random.pick(ROLES),
      privilege: random.pick(["SELECT", "INSERT", "UPDATE", "ALL"]),
    });
  } else {
    const numeric = table.columns.find((c) => c.type === "integer" && c.generated === null);
    if (numeric === undefined) return;
    const generated = `${q(numeric.name)} * ${random.int(2, 4)}`;
    table.columns.push({
      ...randomColumn(model, random),
      type: "integer",
      default: null,
      notNull: false,
      generated,
    });
  }
}

function randomRoutine(model: Model, random: Random): Routine {
  const table = model.tables.length > 0 ? random.pick(model.tables) : null;
  const reads = table !== null && random.chance(0.5);
  const value = random.int(1, 9);
  return {
    name: fresh("f"),
    arguments: random.chance(0.4) ? [] : random.some(["a integer", "b text DEFAULT 'x'"], 2),
    returns: "bigint",
    volatility: random.pick(["STABLE", "VOLATILE"]),
    body: reads
      ? `SELECT count(*) + ${value} FROM ${table === null ? "" : qn(tableName(table))}`
      : `SELECT ${value}::bigint`,
  };
}

function remove(model: Model, random: Random): void {
  const lists = [
    model.tables,
    model.enums,
    model.domains,
    model.composites,
    model.sequences,
    model.views,
    model.routines,
  ].filter((list) => list.length > 0);
  if (lists.length === 0) return add(model, random);
  const list = random.pick<unknown[]>(lists);
  list.splice(random.int(0, list.length - 1), 1);
}

function editTable(model: Model, random: Random): void {
  if (model.tables.length === 0) return add(model, random);
  const table = random.pick(model.tables);
  const column = random.pick(table.columns);
  const roll = random.next();
  const fixed = table.primaryKey.includes(column.name) || column.generated !== null ||
    table.foreignKeys.some((key) => key.column === column.name) ||
    table.columns.some((c) => c.generated?.includes(q(column.name)) ?? false);
  if (roll < 0.2) table.columns.push(randomColumn(model, random));
  else if (roll < 0.3 && table.columns.length > 1 && !fixed) {
    table.columns.splice(table.columns.indexOf(column), 1);
  } else if (roll < 0.42 && !fixed) {
    const next = randomColumn(model, random);
    Object.assign(column, { type: next.type, default: next.default, storage: next.storage });
  } else if (roll < 0.5 && !fixed) column.notNull = !column.notNull;
  else if (roll < 0.58 && column.generated === null && column.identity === null) {
    column.default = column.default !== null
      ? null
      : random.pick([...defaultsOf(model, column.type), ""]) || null;
  } else if (roll < 0.62) column.comment = column.comment === null ? "New words" : null;
  else if (roll < 0.66 && column.name === "id") {
    column.identity = column.identity === null ? "BY DEFAULT" : null;
  } else if (roll < 0.8) addToTable(model, table, random);
  else if (roll < 0.9) {
    const list = random.pick([
      table.indexes,
      table.uniques,
      table.checks,
      table.foreignKeys,
      table.triggers,
      table.policies,
      table.grants,
    ]);
    list.splice(random.int(0, Math.max(0, list.length - 1)), 1);
  } else if (roll < 0.93) table.rowSecurity = !table.rowSecurity;
  else if (roll < 0.95) table.unlogged = !table.unlogged;
  else if (roll < 0.97) table.fillfactor = table.fillfactor === null ? 50 : null;
  else table.comment = table.comment === null ? "Said" : `${table.comment}!`;
}

function editOther(model: Model, random: Random): void {
  const roll = random.next();
  if (roll < 0.3 && model.enums.length > 0) {
    const item = random.pick(model.enums);
    if (random.chance(0.7)) {
      item.labels.splice(random.int(0, item.labels.length), 0, fresh("label"));
    } else if (item.labels.length > 1) item.labels.splice(random.int(0, item.labels.length - 1), 1);
  } else if (roll < 0.45 && model.domains.length > 0) {
    const item = random.pick(model.domains);
    item.check = item.check === null ? "VALUE > 0" : null;
  } else if (roll < 0.55 && model.composites.length > 0) {
    editComposite(random.pick(model.composites).attributes, random);
  } else if (roll < 0.62 && model.sequences.length > 0) {
    const item = random.pick(model.sequences);
    item.increment++;
    item.cycle = !item.cycle;
  } else if (roll < 0.82 && model.views.length > 0) {
    const view = random.pick(model.views);
    const table = model.tables.find((t) => tableName(t) === view.parts[0]?.from);
    if (table !== undefined) {
      view.parts[0] = {
        from: tableName(table),
        columns: random.some(table.columns.map((c) => c.name), 5),
      };
    }
    view.materialized = random.chance(0.1) ? !view.materialized : view.materialized;
    view.barrier = random.chance(0.5);
  } else if (model.routines.length > 0) {
    Object.assign(random.pick(model.routines), {
      ...randomRoutine(model, random),
      name: random.pick(model.routines).name,
    });
  }
}

/** An attribute comes at any place, goes, has another type or another place. */
function editComposite(
  attributes: Model["composites"][number]["attributes"],
  random: Random,
): void {
  const at = random.int(0, attributes.length - 1);
  const roll = random.next();
  if (roll < 0.5) {
    const place = random.int(0, attributes.length);
    attributes.splice(place, 0, { name: fresh("z"), type: random.pick(["integer", "text"]) });
  } else if (roll < 0.7 && attributes.length > 1) attributes.splice(at, 1);
  else if (roll < 0.85) attributes.push(...attributes.splice(at, 1));
  else {
    for (const attribute of attributes.slice(at, at + 1)) {
      attribute.type = attribute.type === "integer" ? "bigint" : "text";
    }
  }
}

/** Leaves out what no longer refers to anything. */
function tidy(model: Model): Model {
  const custom = new Set(
    [...model.enums, ...model.domains, ...model.composites].map((t) => t.name),
  );
  for (const table of model.tables) {
    if (!model.schemas.includes(table.schema)) table.schema = "public";
    for (const column of table.columns) {
      if (/^(mood|dom|pair)_/.test(column.type) && !custom.has(column.type.replace("[]", ""))) {
        Object.assign(column, { type: "text", default: null });
      }
      if (!defaultsOf(model, column.type).includes(column.default ?? "")) column.default = null;
      if (column.type !== "text") column.storage = null;
    }
  }
  const byName = new Map(model.tables.map((table) => [tableName(table), table]));
  for (const table of model.tables) {
    const names = new Set(table.columns.map((c) => c.name));
    const keyable = new Set(
      table.columns.filter((c) => isKeyable(model, c.type)).map((c) => c.name),
    );
    table.indexes = table.indexes.filter((i) =>
      i.columns.every((c) => keyable.has(c)) &&
      (i.where === null || [...keyable].some((c) => i.where === `${q(c)} IS NOT NULL`))
    );
    table.uniques = table.uniques.filter((u) => u.columns.every((c) => keyable.has(c)));
    table.checks = table.checks.filter((c) => names.has(c.column));
    table.policies = table.policies.filter((p) => p.column === null || names.has(p.column));
    table.triggers = table.triggers.filter((t) =>
      (t.when === null || names.has(t.when)) &&
      (!t.events.includes(" OF ") ||
        [...names].some((n) => t.events.endsWith(`OF ${q(n)}`)))
    );
    table.foreignKeys = table.foreignKeys.filter((k) =>
      names.has(k.column) && byName.get(k.table)?.primaryKey.join() === "id" &&
      byName.get(k.table)?.unlogged === table.unlogged
    );
  }
  model.routines = model.routines.filter((routine) => {
    const name = / FROM (.+)$/.exec(routine.body)?.[1];
    return name === undefined || [...byName.keys()].some((key) => qn(key) === name);
  });
  const plain = new Set(
    model.routines.filter((routine) => routine.arguments.length === 0).map(({ name }) => name),
  );
  const known = new Map(
    [...byName].map(([name, table]) => [name, new Set(table.columns.map((c) => c.name))]),
  );
  model.views = model.views.filter((view) => {
    if (!keepKnown(view.parts, known)) return false;
    if (!view.parts[0]?.columns.includes(view.where ?? "")) view.where = null;
    // Functions that a materialized view calls find no table without its schema.
    if (view.materialized || !plain.has(view.calls ?? "")) view.calls = null;
    known.set(`public.${view.name}`, new Set(outputOf(view)));
    return true;
  });
  return model;
}

function isKeyable(model: Model, type: string): boolean {
  return !model.composites.some((c) => c.name === type.replace("[]", "")) && type !== "jsonb";
}

/** The schema as SQL, objects in an order in which it loads. */
export function printModel(model: Model): string {
  const out: string[] = [];
  for (const schema of model.schemas) out.push(`CREATE SCHEMA ${schema}`);
  for (const item of model.enums) {
    out.push(
      `CREATE TYPE ${item.name} AS ENUM (${
        item.labels.map((l) => `'${l.replaceAll("'", "''")}'`).join(", ")
      })`,
    );
  }
  for (const item of model.domains) {
    out.push(
      `CREATE DOMAIN ${item.name} AS ${item.base}${
        item.check === null ? "" : ` CHECK (${item.check})`
      }`,
    );
  }
  for (const item of model.composites) {
    out.push(
      `CREATE TYPE ${item.name} AS (${
        item.attributes.map((a) => `${a.name} ${a.type}`).join(", ")
      })`,
    );
  }
  for (const item of model.sequences) {
    out.push(
      `CREATE SEQUENCE ${item.name} INCREMENT ${item.increment}${item.cycle ? " CYCLE" : ""}`,
    );
  }
  if (model.tables.some((t) => t.triggers.length > 0)) {
    out.push(
      "CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$",
    );
  }
  for (const table of model.tables) out.push(...printTable(table));
  for (const table of model.tables) {
    for (const key of table.foreignKeys) {
      out.push(
        `ALTER TABLE ${qn(tableName(table))} ADD CONSTRAINT ${key.name} FOREIGN KEY (${
          q(key.column)
        }) REFERENCES ${qn(key.table)} (id) ON DELETE ${key.action}${
          key.deferrable ? " DEFERRABLE INITIALLY DEFERRED" : ""
        }`,
      );
    }
  }
  for (const routine of model.routines) {
    out.push(
      `CREATE FUNCTION ${routine.name}(${
        routine.arguments.join(", ")
      }) RETURNS ${routine.returns} LANGUAGE sql ${routine.volatility} AS $$ ${routine.body} $$`,
    );
  }
  for (const view of model.views) {
    out.push(...printView(view));
  }
  return out.map((sql) => `${sql};\n`).join("");
}

function printView(view: View): string[] {
  const options = view.barrier && !view.materialized ? " WITH (security_barrier = true)" : "";
  const columns = view.parts.flatMap((part, at) =>
    part.columns.map((name) => `p${at}.${q(name)} AS ${q(outputName(view, name, at))}`)
  );
  if (view.calls !== null) columns.push(`${view.calls}() AS called`);
  const from = view.parts.map((part, at) => `${qn(part.from)} AS p${at}`).join(" CROSS JOIN ");
  const where = view.where === null ? "" : ` WHERE p0.${q(view.where)} IS NOT NULL`;
  const kind = view.materialized ? "MATERIALIZED VIEW" : "VIEW";
  const out = [
    `CREATE ${kind} ${view.name}${options} AS SELECT ${columns.join(", ")} FROM ${from}${where}`,
  ];
  if (view.comment !== null) out.push(`COMMENT ON ${kind} ${view.name} IS '${view.comment}'`);
  if (view.role !== null) out.push(`GRANT SELECT ON ${view.name} TO ${view.role}`);
  return out;
}

function printTable(table: Table): string[] {
  const name = qn(tableName(table));
  const items = table.columns.map((c) =>
    `${q(c.name)} ${c.type}${c.default === null ? "" : ` DEFAULT ${c.default}`}${
      c.notNull ? " NOT NULL" : ""
    }` +
    (c.generated === null ? "" : ` GENERATED ALWAYS AS (${c.generated}) STORED`) +
    (c.identity === null ? "" : ` GENERATED ${c.identity} AS IDENTITY`)
  );
  if (table.primaryKey.length > 0) items.push(`PRIMARY KEY (${table.primaryKey.join(", ")})`);
  for (const u of table.uniques) {
    items.push(
      `CONSTRAINT ${u.name} UNIQUE (${u.columns.map(q).join(", ")})${
        u.deferrable ? " DEFERRABLE" : ""
      }`,
    );
  }
  for (const c of table.checks) items.push(`CONSTRAINT ${c.name} CHECK (${c.expression})`);
  const out = [
    `CREATE ${table.unlogged ? "UNLOGGED " : ""}TABLE ${name} (\n  ${items.join(",\n  ")}\n)${
      table.fillfactor === null ? "" : ` WITH (fillfactor = ${table.fillfactor})`
    }`,
  ];
  for (const c of table.columns) {
    if (c.comment !== null) {
      out.push(`COMMENT ON COLUMN ${name}.${q(c.name)} IS '${c.comment.replaceAll("'", "''")}'`);
    }
    if (c.storage !== null) {
      out.push(`ALTER TABLE ${name} ALTER COLUMN ${q(c.name)} SET STORAGE ${c.storage}`);
    }
  }
  if (table.comment !== null) {
    out.push(`COMMENT ON TABLE ${name} IS '${table.comment.replaceAll("'", "''")}'`);
  }
  for (const i of table.indexes) {
    out.push(
      `CREATE ${i.unique ? "UNIQUE " : ""}INDEX ${i.name} ON ${name} (${
        i.columns.map((c) => q(c) + (i.desc ? " DESC" : "")).join(", ")
      })${i.where === null ? "" : ` WHERE ${i.where}`}`,
    );
  }
  for (const t of table.triggers) {
    out.push(
      `CREATE TRIGGER ${t.name} ${t.timing} ${t.events} ON ${name} FOR EACH ROW${
        t.when === null ? "" : ` WHEN (NEW.${q(t.when)} IS NOT NULL)`
      } EXECUTE FUNCTION touch()`,
    );
  }
  if (table.rowSecurity) out.push(`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`);
  for (const p of table.policies) {
    const using = p.column === null ? "true" : `${q(p.column)} IS NOT NULL`;
    out.push(`CREATE POLICY ${p.name} ON ${name} FOR ${p.command} USING (${using})`);
  }
  for (const g of table.grants) out.push(`GRANT ${g.privilege} ON ${name} TO ${g.role}`);
  return out;
}

function tableName(table: Table): string {
  return `${table.schema}.${table.name}`;
}

function qn(name: string): string {
  const [schema, ...rest] = name.split(".");
  return schema === "public" ? q(rest.join(".")) : `${q(schema ?? "")}.${q(rest.join("."))}`;
}

function q(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name}"`;
}
