/** Takes out of a model what refers to what is no longer there, and what no server takes. */

import {
  type Column,
  type Index,
  isLong,
  isNumber,
  isSpatial,
  isText,
  type Model,
  type Table,
} from "./model.ts";
import { tidyCode } from "./tidy_code.ts";
import { fitsType, type Vocabulary } from "./vocabulary.ts";

/** Makes a model loadable, in place. */
export function tidy(model: Model, words: Vocabulary): Model {
  for (const table of model.tables) tidyShape(table);
  const tables = new Map(model.tables.map((table) => [table.name, table]));
  for (const table of model.tables) tidyForeignKeys(table, tables);
  const sequences = new Set(model.sequences.map(({ name }) => name));
  for (const table of model.tables) {
    for (const column of table.columns) tidyColumn(table, column, { sequences, words });
    tidyKey(table, tables);
    tidyChecks(table);
    table.indexes = table.indexes.filter((index) => tidyIndex(table, index, words));
    tidyOptions(table);
  }
  tidyCode(model);
  return model;
}

/** Only InnoDB has partitions and foreign keys on both servers, and a history is of a versioned table. */
function tidyShape(table: Table): void {
  if (table.engine !== "InnoDB") [table.partitioning, table.foreignKeys] = [null, []];
  const { partitioning } = table;
  if (partitioning === null) return;
  const isHistory = partitioning.method === "SYSTEM_TIME";
  if (isHistory && !table.versioned) table.partitioning = null;
  if (!/RANGE|LIST/.test(partitioning.method)) partitioning.subpartitions = 0;
  table.foreignKeys = [];
  for (const column of table.columns) if (isSpatial(column)) column.type = "int";
}

function tidyForeignKeys(table: Table, tables: ReadonlyMap<string, Table>): void {
  table.foreignKeys = table.foreignKeys.filter((key) => {
    const target = tables.get(key.table);
    const column = table.columns.find(({ name }) => name === key.column);
    if (column === undefined || target === undefined) return false;
    if (target.engine !== "InnoDB" || target.partitioning !== null) return false;
    Object.assign(column, {
      type: target.id,
      notNull: false,
      default: null,
      generated: null,
      invisible: false,
      check: null,
    });
    return true;
  });
}

function tidyColumn(
  table: Table,
  column: Column,
  { sequences, words }: { readonly sequences: ReadonlySet<string>; readonly words: Vocabulary },
): void {
  // MyISAM has no reference systems.
  if (table.engine !== "InnoDB") column.type = column.type.replace(/ SRID \d+/, "");
  if (!table.versioned) column.type = column.type.replace(" WITHOUT SYSTEM VERSIONING", "");
  if (!mayBeComputed(table, column, words)) column.generated = null;
  if (column.generated !== null) {
    Object.assign(column, { notNull: false, default: null, collation: null, check: null });
  }
  if (!isText(column) || column.type.includes("COMPRESSED")) column.collation = null;
  const sequence = /^nextval:(.*)$/.exec(column.default ?? "")?.[1];
  const isCounted = sequence !== undefined && sequences.has(sequence) && column.type === "bigint";
  if (column.default !== null && !isCounted && !fitsType(column, column.default)) {
    column.default = null;
  }
  if (!isNumber(column)) column.check = null;
  if (column.notNull && column.default === null && words.isMariadb) column.invisible = false;
}

/** Whether what a generated column is computed from is there and may be used so. */
function mayBeComputed(table: Table, column: Column, { isMariadb }: Vocabulary): boolean {
  const { columns, foreignKeys } = table;
  const { from, expression } = column.generated ?? {};
  const source = columns.find(({ name }) => name === from);
  if (source === undefined || expression === undefined) return false;
  if (foreignKeys.some((key) => key.column === from)) return false;
  if (source.generated !== null || source.type.includes("COMPRESSED")) return false;
  // What is computed from CHAR depends on the mode of the session.
  if (isMariadb && source.type.startsWith("char")) return false;
  // MySQL wants expressions in their order, those of defaults too.
  const isLate = columns.indexOf(source) > columns.indexOf(column);
  if (!isMariadb && isLate && source.default?.startsWith("(")) return false;
  return isNumber(source) || /null|length/.test(expression);
}

function tidyKey(table: Table, tables: ReadonlyMap<string, Table>): void {
  const isTarget = [...tables.values()].some(({ foreignKeys }) =>
    foreignKeys.some((key) => key.table === table.name)
  );
  const column = table.columns.find(({ name }) => name === table.secondKey);
  const isGood = column !== undefined && column.generated === null && !isTarget &&
    (isNumber(column) || /^(?:varchar\(\d\d\)$|char|date|enum)/.test(column.type)) &&
    !table.foreignKeys.some((key) => key.column === column.name);
  if (!isGood) table.secondKey = null;
  else [column.notNull, column.invisible] = [true, false];
}

function tidyChecks(table: Table): void {
  table.checks = table.checks.filter(({ column }) => {
    const found = table.columns.find(({ name }) => name === column);
    const isKey = table.foreignKeys.some((key) => key.column === column);
    return found !== undefined && isNumber(found) && !isKey;
  });
}

/** False for an index of nothing. */
function tidyIndex(table: Table, index: Index, words: Vocabulary): boolean {
  const known = new Map(table.columns.map((column) => [column.name, column]));
  const isInnodb = table.engine === "InnoDB";
  const seen = new Set<string>();
  const isSpecial = index.kind === "FULLTEXT" || index.kind === "SPATIAL";
  index.parts = index.parts.filter((part) => {
    if (seen.has(part.column)) return false;
    const column = known.get(part.column);
    if (column === undefined && (part.column !== "id" || isSpecial)) return false;
    if (column !== undefined && !mayBeIndexed(column, index, isInnodb)) return false;
    if (part.expression !== null && (column === undefined || !isNumber(column))) {
      part.expression = null;
    }
    if (!isInnodb) part.expression = null;
    if (isSpecial || !isInnodb) part.descending = false;
    seen.add(part.column);
    return true;
  });
  const [first] = index.parts;
  if (first === undefined) return false;
  const column = known.get(first.column);
  if (index.kind === "SPATIAL" && column !== undefined) {
    index.parts = [first];
    column.notNull = true;
    column.invisible = false;
  }
  if (index.kind === "FULLTEXT") {
    if (table.partitioning !== null) return false;
    index.parts = index.parts.filter((part) =>
      known.get(part.column)?.collation === column?.collation
    );
  } else index.parser = null;
  if (isSpecial) index.using = null;
  else if (index.using === "HASH") tidyHash(table, index, known, words);
  if (index.kind === "UNIQUE" && table.partitioning !== null && !seen.has("id")) {
    index.parts.push({ column: "id", expression: null, descending: false });
  }
  return index.parts.some(({ column }) => column !== "id");
}

/** MariaDB's unique keys of whole texts. */
function tidyHash(
  table: Table,
  index: Index,
  known: ReadonlyMap<string, Column>,
  words: Vocabulary,
): void {
  const isWhole = index.parts.some(({ column }) => {
    const found = known.get(column);
    return found !== undefined && isLong(found);
  });
  // The key of the table may count, which MariaDB does not hash.
  const isOwn = index.parts.every(({ column }) => column !== "id");
  const isHashed = words.isMariadb && index.kind === "UNIQUE" && isWhole && isOwn;
  if (!isHashed || table.partitioning !== null) {
    index.using = null;
  } else for (const part of index.parts) part.descending = false;
}

function mayBeIndexed(column: Column, { kind }: Index, isInnodb: boolean): boolean {
  if (kind === "SPATIAL") return isSpatial(column);
  if (isSpatial(column) || column.type === "json" || column.type.includes("COMPRESSED")) {
    return false;
  }
  if (column.generated !== null && (!isInnodb || isLong(column))) return false;
  return kind !== "FULLTEXT" || (isText(column) && column.generated === null);
}

const ONLY_INNODB = ["COMPRESSION", "AUTOEXTEND_SIZE", "PAGE_COMPRESSED", "TRANSACTIONAL"];

function tidyOptions(table: Table): void {
  const { options } = table;
  if (table.engine !== "InnoDB") {
    for (const name of ONLY_INNODB) delete options[name];
    if (options.ROW_FORMAT !== "DYNAMIC") delete options.ROW_FORMAT;
  }
  if (options.ROW_FORMAT !== undefined) {
    delete options.COMPRESSION;
    delete options.PAGE_COMPRESSED;
  }
}
