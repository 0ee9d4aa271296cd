/** Whether what a database holds is what was meant, object by object. */

import { columnOf } from "./adapt.ts";
import type {
  ConversionNote,
  LogicalType,
  NeutralColumn,
  NeutralIndex,
  NeutralKey,
  NeutralSchema,
  NeutralTable,
} from "./neutral.ts";
import { type Expression, mapTree } from "./tree.ts";

/** An object that is not what was meant. */
export interface Unlike {
  /** `column users.email` */
  readonly object: string;
  /** The table it belongs to; null for a view, a trigger, a sequence. */
  readonly table: string | null;
  readonly meant: string;
  readonly found: string;
}

/** What was read back from a database. */
export interface Found {
  readonly schema: NeutralSchema;
  /** What is there and has no form in the tree, so that only its being there can be told. */
  readonly unread: readonly ConversionNote[];
  /** Names of all views, and of all triggers. */
  readonly views: readonly string[];
  readonly triggers: readonly string[];
}

/** What differs; none where all is there. Names that a server gives do not count, nor indexes that it makes for keys. */
export function compareSchemas(
  meant: NeutralSchema,
  { schema: found, unread, views, triggers }: Found,
): readonly Unlike[] {
  const tables = new Map(found.tables.map((table) => [table.name, table]));
  const unlike = meant.tables.flatMap((table): readonly Unlike[] => {
    const there = tables.get(table.name);
    return there === undefined
      ? [missing(`table ${table.name}`, table.name)]
      : compareTables(table, there);
  });
  const wanted = new Set(meant.tables.map(({ name }) => name));
  const extra = found.tables.filter(({ name }) => !wanted.has(name)).map(({ name }): Unlike => ({
    object: `table ${name}`,
    table: name,
    meant: "none",
    found: "a table",
  }));
  const absent = (kind: string, list: readonly string[], there: readonly string[]) =>
    list.filter((name) => !there.includes(name)).map((name) => missing(`${kind} ${name}`, null));
  return [
    ...unlike.filter((one) => !isUnread(one, unread)),
    ...extra,
    ...absent("view", meant.views.map(nameOf), views),
    ...absent("trigger", meant.triggers.map(nameOf), triggers),
    ...absent("sequence", meant.sequences.map(nameOf), found.sequences.map(nameOf)),
  ];
}

/** True for what was left out when it was read back, though it is there. */
function isUnread(
  { object, table, meant, found }: Unlike,
  unread: readonly ConversionNote[],
): boolean {
  return unread.some(({ object: name }) => {
    if (object.startsWith("column ")) {
      const [kind] = /^(?:default|expression)(?= of )/.exec(name) ?? [];
      const isOf = name === `${kind} of ${object}`;
      return isOf && found !== "missing" &&
        meant.includes(kind === "default" ? "default" : "generated");
    }
    if (object.startsWith("check of ")) return name.startsWith(`check ${table}.`);
    return object.startsWith("index of ") && name === `index ${table}.${meant.split(" ")[0]}`;
  });
}

function nameOf({ name }: { readonly name: string }): string {
  return name;
}

function missing(object: string, table: string | null): Unlike {
  return { object, table, meant: "there", found: "missing" };
}

function compareTables(meant: NeutralTable, found: NeutralTable): readonly Unlike[] {
  const { name } = meant;
  const columns = new Map(found.columns.map((column) => [column.name, column]));
  const key = new Set(
    (meant.primaryKey?.parts ?? []).map(({ expression }) => columnOf(expression)),
  );
  const told = (what: string, list: readonly string[], there: readonly string[]) => {
    const left = [...there];
    return list.flatMap((text): readonly Unlike[] => {
      const at = left.indexOf(text);
      if (at >= 0) {
        left.splice(at, 1);
        return [];
      }
      return [{
        object: `${what} of ${name}`,
        table: name,
        meant: text,
        found: left.join("; ") || "missing",
      }];
    });
  };
  return [
    ...meant.columns.flatMap((column): readonly Unlike[] => {
      const there = columns.get(column.name);
      const object = `column ${name}.${column.name}`;
      if (there === undefined) return [missing(object, name)];
      const [a, b] = [
        columnText(column, key.has(column.name)),
        columnText(there, key.has(column.name)),
      ];
      const isMet = a === b || a === b.replace(" counter", "");
      return isMet ? [] : [{ object, table: name, meant: a, found: b }];
    }),
    ...found.columns.filter((column) => !meant.columns.some((one) => one.name === column.name))
      .map((column): Unlike => ({
        object: `column ${name}.${column.name}`,
        table: name,
        meant: "none",
        found: "a column",
      })),
    ...told("primary key", keyTexts([meant.primaryKey]), keyTexts([found.primaryKey])),
    ...told(
      "unique key",
      keyTexts(meant.uniques),
      keyTexts([...found.uniques, ...found.indexes.filter(({ isUnique }) => isUnique)]),
    ),
    ...told("foreign key", meant.foreignKeys.map(foreignText), found.foreignKeys.map(foreignText)),
    ...told(
      "check",
      meant.checks.map(({ condition }) => gist(condition)),
      found.checks.map(({ condition }) => gist(condition)),
    ),
    ...told(
      "index",
      meant.indexes.map(indexGist),
      [...found.indexes, ...found.uniques.map(asIndex)].map(indexGist),
    ),
  ];
}

function columnText(column: NeutralColumn, isKey: boolean): string {
  const { type, isRequired, fallback, generated, counter, touched } = column;
  return [
    typeGist(type),
    ...(isRequired || isKey) && generated === null ? ["required"] : [],
    ...fallback === null || counter !== null || generated !== null
      ? []
      : [`default ${valueGist(fallback)}`],
    ...generated === null ? [] : [`generated ${gist(generated.expression)}`],
    ...touched ? ["touched"] : [],
    ...counter === null ? [] : ["counter"],
  ].join(" ");
}

function typeGist(type: LogicalType): string {
  if (type.kind === "enum") return `enum ${type.values.join(",")}`;
  if (type.kind === "array") return `array ${typeGist(type.of)}`;
  return Object.entries(type).map(([key, value]) =>
    key === "kind" ? value : value === null || value === false ? "" : `${key} ${value}`
  ).filter((text) => text !== "").join(" ");
}

/** A value, whatever the type that it is written in. */
function valueGist(tree: Expression): string {
  switch (tree.node) {
    case "bool":
      return tree.value ? "1" : "0";
    case "number":
    case "string": {
      const text = tree.node === "number" ? tree.text : tree.value;
      if (/^[{[]/.test(text)) return jsonGist(text);
      const plain = /^-?\d+\.\d*$/.test(text) ? text.replace(/\.?0*$/, "") : text;
      if (plain !== "" && Number.isFinite(Number(plain)) && plain.length < 16) {
        return String(Number(plain));
      }
      // A moment in UTC may say so, and how many digits it has.
      return plain.replace(/^(\d{4}-.*:\d\d(?:\.\d+)?)\+00(?::00)?$/, "$1")
        .replace(/^(\d{4}-.*:\d\d)\.0+$/, "$1");
    }
    case "array":
      return tree.items.length === 0 ? "[]" : gist(tree);
    default:
      return gist(tree);
  }
}

/** JSON, whatever its blanks and the order of its keys; any other text as it is. */
function jsonGist(text: string): string {
  try {
    return JSON.stringify(sorted(JSON.parse(text)));
  } catch {
    return text;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (value === null || typeof value !== "object") return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
  return Object.fromEntries(entries.map(([key, inner]) => [key, sorted(inner)]));
}

function keyTexts(keys: readonly (Pick<NeutralKey, "parts"> | null)[]): readonly string[] {
  return keys.flatMap((key) =>
    key === null ? [] : [`(${key.parts.map(({ expression }) => gist(expression)).join(", ")})`]
  );
}

function foreignText(key: NeutralTable["foreignKeys"][number]): string {
  const plain = (action: string) => action === "restrict" ? "no action" : action;
  return `(${key.columns.join(", ")}) -> ${key.table} (${key.references.join(", ")}) ${
    plain(key.onDelete)
  }, ${plain(key.onUpdate)}${key.isDeferred ? " deferred" : ""}`;
}

function asIndex(key: NeutralKey): NeutralIndex {
  return { name: key.name ?? "", isUnique: true, parts: key.parts, where: null, kind: "plain" };
}

function indexGist({ name, isUnique, parts, where, kind }: NeutralIndex): string {
  const columns = parts.map(({ expression, length, isDescending }) =>
    `${gist(expression)}${length ?? ""}${isDescending ? " desc" : ""}`
  );
  return `${name} ${kind}${isUnique ? " unique" : ""} (${columns.join(", ")})${
    where === null ? "" : ` where ${gist(where)}`
  }`;
}

/** The columns, constants and functions of an expression: a server writes it in other words, which mean the same. */
function gist(tree: Expression): string {
  const words: string[] = [];
  mapTree(tree, (one) => {
    if (one.node === "column") words.push((one.path.at(-1) ?? "").toLowerCase());
    // A division with a fraction is written as one of a product by 1.0.
    else if (one.node === "number" && one.text === "1.0") return one;
    else if (one.node === "number" || one.node === "string" || one.node === "bool") {
      words.push(valueGist(one));
    } else if (one.node === "call") words.push(...FUNCTION_WORDS[one.name] ?? [`${one.name}()`]);
    return one;
  });
  // BETWEEN is written as two comparisons: what stands there twice counts once.
  return [...new Set(words)].sort().join(" ");
}

/** Functions that some dialects say in other words. */
const FUNCTION_WORDS: Readonly<Record<string, readonly string[]>> = {
  coalesce: [],
  json_valid: [],
  left: ["1", "substring()"],
};
