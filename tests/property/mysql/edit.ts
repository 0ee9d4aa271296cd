/** Random edits of tables. */

import type { Random } from "../random.ts";
import {
  type Column,
  type Index,
  isNumber,
  isSpatial,
  isText,
  type Model,
  type Table,
} from "./model.ts";
import {
  ACTIONS,
  COMPUTED,
  CONDITIONS,
  KEYS,
  NUMBERS,
  ODD_NAMES,
  OTHERS,
  randomDefault,
  TEXTS,
  type Vocabulary,
} from "./vocabulary.ts";

/** What an edit works with. */
export interface Hand {
  readonly model: Model;
  readonly random: Random;
  readonly words: Vocabulary;
}

/** A name that nothing of the list has. */
export function fresh(
  prefix: string,
  taken: readonly { readonly name: string | null }[],
  random: Random,
): string {
  const known = new Set(taken.map(({ name }) => name?.toLowerCase()));
  if (random.chance(0.08)) {
    const odd = random.pick(ODD_NAMES);
    if (!known.has(odd.toLowerCase())) return odd;
  }
  for (let n = random.int(1, 4);; n++) {
    if (!known.has(`${prefix}${n}`)) return `${prefix}${n}`;
  }
}

/** Tables and views, which share their names, and sequences. */
export function relationsOf(
  { tables, views, sequences }: Model,
): readonly { readonly name: string }[] {
  return [...tables, ...views, ...sequences];
}

export function addTable({ model, random, words }: Hand): void {
  const table: Table = {
    name: fresh("t", relationsOf(model), random),
    id: random.pick(KEYS),
    counts: random.chance(0.6),
    secondKey: null,
    columns: [],
    indexes: [],
    checks: [],
    foreignKeys: [],
    engine: random.chance(0.06) ? "MyISAM" : "InnoDB",
    comment: random.chance(0.2) ? "it's" : null,
    collation: random.pick(words.collations),
    options: {},
    partitioning: null,
    versioned: words.versioning && random.chance(0.1),
    was: null,
  };
  model.tables.push(table);
  for (let n = random.int(1, 6); n > 0; n--) addColumn(table, { model, random, words });
  if (random.chance(0.15)) repartition(table, random);
  if (random.chance(0.25)) setOption(table, { random, words });
  for (let n = random.int(0, 2); n > 0; n--) addIndex(table, { random, words });
}

export function addColumn(
  table: Table,
  { random, words }: Pick<Hand, "random" | "words" | "model">,
): void {
  const sources = table.columns.filter(({ generated }) => generated === null);
  const isGenerated = sources.length > 0 && random.chance(0.2);
  const types = random.chance(0.12) && words.types.length > 0
    ? words.types
    : [...NUMBERS, ...NUMBERS, ...TEXTS, ...TEXTS, ...OTHERS];
  const column: Column = {
    name: fresh("c", [...table.columns, { name: "id" }], random),
    type: random.pick(types),
    notNull: random.chance(0.4),
    default: null,
    touched: random.chance(0.3),
    collation: random.chance(0.3) ? random.pick(words.collations) : null,
    generated: null,
    invisible: random.chance(0.06),
    comment: random.chance(0.15) ? "a \\ b" : null,
    check: words.columnChecks && random.chance(0.15) ? random.pick(CONDITIONS) : null,
    was: null,
  };
  if (isGenerated) compute(column, random.pick(sources), random);
  else if (random.chance(0.5)) column.default = randomDefault(column, random);
  table.columns.splice(random.int(0, table.columns.length), 0, column);
}

function compute(column: Column, source: Column, random: Random): void {
  const [expression, type] = random.pick(isNumber(source) ? COMPUTED.number : COMPUTED.any);
  column.type = type;
  column.generated = { from: source.name, expression, stored: random.chance(0.5) };
}

export function addIndex(table: Table, { random, words }: Pick<Hand, "random" | "words">): void {
  if (table.columns.length === 0) return;
  const index: Index = {
    name: fresh("i", table.indexes, random),
    kind: random.chance(0.3) ? "UNIQUE" : "",
    parts: random.some(table.columns, 3).map(({ name }) => part(name, random)),
    using: random.chance(0.25) ? random.pick(["BTREE", "HASH"]) : null,
    hidden: random.chance(0.12),
    comment: random.chance(0.12) ? "about 'it'" : null,
    parser: null,
  };
  const texts = table.columns.filter((one) => isText(one) && one.generated === null);
  const shapes = table.columns.filter(isSpatial);
  if (texts.length > 0 && random.chance(0.12)) {
    index.kind = "FULLTEXT";
    index.parts = random.some(texts, 2).map(({ name }) => part(name, random));
    index.parser = words.parsers.length > 0 && random.chance(0.4)
      ? random.pick(words.parsers)
      : null;
  } else if (shapes.length > 0 && random.chance(0.5)) {
    index.kind = "SPATIAL";
    index.parts = [part(random.pick(shapes).name, random)];
  } else if (words.functionalIndexes.length > 0 && random.chance(0.15)) {
    const numbers = table.columns.filter(isNumber);
    if (numbers.length === 0) return;
    const expression = random.pick(words.functionalIndexes);
    index.parts.push({ ...part(random.pick(numbers).name, random), expression });
  }
  if (random.chance(0.25) && index.kind !== "FULLTEXT" && index.kind !== "SPATIAL") {
    index.parts.push(part("id", random));
  }
  table.indexes.push(index);
}

function part(column: string, random: Random) {
  return { column, expression: null, descending: random.chance(0.15) };
}

function addCheck(model: Model, table: Table, { random, words }: Hand): void {
  const numbers = table.columns.filter(isNumber);
  if (numbers.length === 0) return;
  const all = model.tables.flatMap(({ checks }) => checks);
  table.checks.push({
    name: fresh("k", all, random),
    column: random.pick(numbers).name,
    expression: random.pick(CONDITIONS),
    enforced: !words.notEnforced || random.chance(0.8),
  });
}

function addForeignKey(table: Table, { model, random }: Hand): void {
  const target = random.pick(model.tables);
  const name = fresh("r", [...table.columns, { name: "id" }], random);
  table.columns.push({
    name,
    type: target.id,
    notNull: false,
    default: null,
    touched: false,
    collation: null,
    generated: null,
    invisible: false,
    comment: null,
    check: null,
    was: null,
  });
  const all = model.tables.flatMap(({ foreignKeys }) => foreignKeys);
  table.foreignKeys.push({
    name: random.chance(0.2) ? null : fresh("f", all, random),
    column: name,
    table: target.name,
    action: random.pick(ACTIONS),
  });
}

function repartition(table: Table, random: Random): void {
  const method = random.pick([
    "HASH",
    "LINEAR HASH",
    "KEY",
    "RANGE",
    "RANGE COLUMNS",
    "LIST",
    ...table.versioned ? ["SYSTEM_TIME", "SYSTEM_TIME"] : [],
  ]);
  table.partitioning = {
    method,
    parts: Array.from({ length: random.int(2, 4) }, (_, at) => (at + 1) * 10),
    rest: random.chance(0.6),
    subpartitions: random.chance(0.25) ? random.int(2, 3) : 0,
  };
}

/** A partition more, or one less. */
function changePartitions({ partitioning }: Table, random: Random): void {
  if (partitioning === null) return;
  const { parts } = partitioning;
  if (parts.length > 2 && random.chance(0.5)) parts.splice(random.int(0, parts.length - 1), 1);
  else {
    parts.push(random.pick([5, 15, 25, 55, 65]));
    partitioning.parts = [...new Set(parts)].sort((a, b) => a - b);
  }
}

function setOption(table: Table, { random, words }: Pick<Hand, "random" | "words">): void {
  const name = random.pick(Object.keys(words.options));
  if (table.options[name] === undefined || random.chance(0.4)) {
    table.options[name] = random.pick(words.options[name] ?? []);
  } else delete table.options[name];
}

function renameColumn(table: Table, column: Column, { model, random }: Hand): void {
  const all = model.tables.flatMap(({ columns }) => columns);
  const [from, to] = [column.name, fresh("n", all, random)];
  if (to.toLowerCase() === "id" || ODD_NAMES.includes(to)) return;
  column.was ??= from;
  column.name = to;
  const other = (name: string) => name === from ? to : name;
  for (const { generated } of table.columns) {
    if (generated !== null) generated.from = other(generated.from);
  }
  for (const { parts } of table.indexes) {
    for (const one of parts) one.column = other(one.column);
  }
  for (const one of [...table.checks, ...table.foreignKeys]) one.column = other(one.column);
  if (table.secondKey !== null) table.secondKey = other(table.secondKey);
  for (const one of model.triggers) if (one.table === table.name) one.column = other(one.column);
  for (const { parts } of model.views) {
    for (const one of parts) if (one.from === table.name) one.columns = one.columns.map(other);
  }
}

function renameTable(table: Table, { model, random }: Hand): void {
  const [from, to] = [table.name, fresh("m", relationsOf(model), random)];
  if (ODD_NAMES.includes(to)) return;
  table.was ??= from;
  table.name = to;
  const other = (name: string) => name === from ? to : name;
  for (const { foreignKeys } of model.tables) {
    for (const key of foreignKeys) key.table = other(key.table);
  }
  for (const { parts } of model.views) for (const one of parts) one.from = other(one.from);
  for (const one of model.triggers) {
    one.table = other(one.table);
    if (one.reads !== null) one.reads = other(one.reads);
  }
  for (const one of model.routines) if (one.reads !== null) one.reads = other(one.reads);
  for (const one of model.events) if (one.table !== null) one.table = other(one.table);
}

/** One edit of a table or of a column. */
export function editTable(hand: Hand): void {
  const { model, random, words } = hand;
  const table = random.pick(model.tables);
  const column = table.columns.length === 0 ? undefined : random.pick(table.columns);
  if (column === undefined) return addColumn(table, hand);
  const edits: readonly (() => void)[] = [
    () => addColumn(table, hand),
    () => addColumn(table, hand),
    () => table.columns.splice(table.columns.indexOf(column), 1),
    () => {
      if (column.generated !== null) column.generated.stored = !column.generated.stored;
      else column.type = random.pick([...NUMBERS, ...TEXTS, ...OTHERS, ...words.types]);
    },
    () => {
      if (column.generated === null) column.notNull = !column.notNull;
      else column.generated = null;
    },
    () => {
      const source = random.pick(table.columns);
      if (source !== column && source.generated === null) compute(column, source, random);
    },
    () => column.default = random.chance(0.4) ? null : randomDefault(column, random),
    () => column.touched = !column.touched,
    () => column.comment = column.comment === null ? "new" : null,
    () => column.invisible = !column.invisible,
    () => column.collation = random.chance(0.3) ? null : random.pick(words.collations),
    () => {
      if (words.columnChecks) column.check = column.check === null ? random.pick(CONDITIONS) : null;
    },
    () => addIndex(table, hand),
    () => addIndex(table, hand),
    () => table.indexes.splice(0, 1),
    () => editIndex(table, hand),
    () => addCheck(model, table, hand),
    () => table.checks.splice(0, 1),
    () => {
      const [check] = table.checks;
      if (check === undefined) return;
      if (words.notEnforced && random.chance(0.5)) check.enforced = !check.enforced;
      else check.expression = random.pick(CONDITIONS);
    },
    () => addForeignKey(table, hand),
    () => addForeignKey(table, hand),
    () => table.foreignKeys.splice(0, 1),
    () => {
      const [key] = table.foreignKeys;
      if (key !== undefined) key.action = random.pick(ACTIONS);
    },
    () => table.comment = table.comment === null ? "text" : null,
    () => table.collation = random.pick(words.collations),
    () => setOption(table, hand),
    () => setOption(table, hand),
    () => table.engine = random.pick(["InnoDB", "InnoDB", "MyISAM"]),
    () => random.chance(0.3) ? table.partitioning = null : repartition(table, random),
    () => changePartitions(table, random),
    () => table.id = random.pick(KEYS),
    () => table.counts = !table.counts,
    () => table.secondKey = table.secondKey === null ? column.name : null,
    () => table.versioned = words.versioning && !table.versioned,
    () => renameColumn(table, column, hand),
    () => renameTable(table, hand),
    () => model.tables.splice(model.tables.indexOf(table), 1),
  ];
  random.pick(edits)();
}

function editIndex(table: Table, { random, words }: Hand): void {
  if (table.indexes.length === 0) return;
  const index = random.pick(table.indexes);
  const edits: readonly (() => void)[] = [
    () => index.hidden = !index.hidden,
    () => index.comment = index.comment === null ? "more" : null,
    () => index.using = index.using === null ? random.pick(["BTREE", "HASH"]) : null,
    () => index.parts.reverse(),
    () => {
      if (index.kind === "") index.kind = "UNIQUE";
      else if (index.kind === "UNIQUE") index.kind = "";
      else if (index.kind === "FULLTEXT" && words.parsers.length > 0) {
        index.parser = index.parser === null ? random.pick(words.parsers) : null;
      }
    },
  ];
  random.pick(edits)();
}
