/** Values of a sample made into others: the same of the same value wherever foreign keys join columns, and never two into one. */

import { splitName } from "../../../core/name.ts";
import type { Mask, RowMask } from "../../../core/row_mask.ts";
import type { Cell, CellKind, SampledColumn, SampledTable } from "../../../engines/live.ts";
import { wildcard } from "../../../text/wildcard.ts";
import { fake, fakeUuid } from "./fakes.ts";
import { isPlainWord, maskByName } from "./mask_rules.ts";

/** Masks a value of a column. */
export type ColumnMask = (cell: Cell) => Cell;

/** What is done to the columns of a sample. */
export interface Masking {
  of(table: SampledTable, column: SampledColumn): ColumnMask;
}

/** Masks by the settings, else by names and types. */
export function maskingOf(
  tables: readonly SampledTable[],
  settings: readonly RowMask[],
): Masking {
  const groups = groupsOf(tables);
  const masks = new Map<Group, ColumnMask>();
  return {
    of: ({ id }, { name }) => {
      const group = groups.get(keyOf(id, name));
      if (group === undefined) return () => null;
      const known = masks.get(group) ?? maskOf(group, settings);
      masks.set(group, known);
      return known;
    },
  };
}

/** Columns that foreign keys join. */
interface Group {
  readonly members: { readonly table: SampledTable; readonly column: SampledColumn }[];
}

function keyOf(table: string, column: string): string {
  return JSON.stringify([table, column]);
}

function groupsOf(tables: readonly SampledTable[]): ReadonlyMap<string, Group> {
  const groups = new Map<string, Group>();
  for (const table of tables) {
    for (const column of table.columns) {
      groups.set(keyOf(table.id, column.name), { members: [{ table, column }] });
    }
  }
  for (const { id, references } of tables) {
    for (const { columns, table, others } of references) {
      for (const [at, name] of columns.entries()) {
        const own = groups.get(keyOf(id, name));
        const other = groups.get(keyOf(table, others[at] ?? ""));
        if (own === undefined || other === undefined || own === other) continue;
        other.members.push(...own.members);
        for (const one of own.members) groups.set(keyOf(one.table.id, one.column.name), other);
      }
    }
  }
  return groups;
}

/** What is said of a group: by the settings of any of its columns, else by the name of the one that is referred to. */
function maskOf({ members }: Group, settings: readonly RowMask[]): ColumnMask {
  const said = settings.find(({ columns }) =>
    members.some((member) => columns.some((pattern) => isMeant(pattern, member)))
  );
  const [first] = members;
  const byName =
    members.map(({ column }) => maskByName(column.name)).find((rule) => rule !== null) ??
      null;
  const lengths = members.flatMap(({ column: { length } }) => length ?? []);
  const values = new GroupValues({
    domain: first === undefined ? "" : `${first.table.id}.${first.column.name}`,
    length: lengths.length === 0 ? null : Math.min(...lengths),
    literals: new Set(members.flatMap(({ table }) => table.checks.flatMap(literalsIn))),
    isRequired: members.some(({ column }) => column.isRequired),
  });
  return (cell) => {
    if (cell === null) return null;
    if (said?.how === "keep") return cell;
    if (said !== undefined) return values.masked(cell, said.how);
    const isNamed = byName !== null &&
      (cell.kind === "text" || (cell.kind === "date" && byName.how === "date") ||
        byName.kinds?.includes(cell.kind) === true && members.length === 1);
    return values.masked(cell, isNamed ? byName.how : null);
  };
}

function isMeant(
  pattern: string,
  { table, column }: Group["members"][number],
): boolean {
  const parts = splitName(table.id.slice(table.id.indexOf(":") + 1));
  const names = [...parts, column.name];
  const matches = wildcard(pattern.toLowerCase());
  return names.some((_, at) => matches(names.slice(at).join(".").toLowerCase()));
}

/** The texts of an expression: what a schema says itself tells nothing of anybody. */
function literalsIn(expression: string): readonly string[] {
  return [...expression.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = ""]) =>
    text.replaceAll("''", "'")
  );
}

interface GroupOptions {
  readonly domain: string;
  readonly length: number | null;
  readonly literals: ReadonlySet<string>;
  readonly isRequired: boolean;
}

/** Kinds of values that say nothing of a person unless the name of the column does. */
const HARMLESS: ReadonlySet<CellKind> = new Set(["number", "date", "boolean", "uuid", "enum"]);

const MOST_ATTEMPTS = 100;

/** The values of one group and what they became. */
class GroupValues {
  readonly #options: GroupOptions;
  readonly #made = new Map<string, Cell>();
  /** In small letters, since a key may not tell them apart. */
  readonly #taken = new Set<string>();

  constructor(options: GroupOptions) {
    this.#options = options;
  }

  /** The value made into another; null for what its kind says. */
  masked(cell: Exclude<Cell, null>, how: Mask | null): Cell {
    const { kind, text } = cell;
    if (how === "null" && !this.#options.isRequired) return null;
    const isKept = how === null
      ? HARMLESS.has(kind)
      : how === "keep" && (kind !== "text" || isPlainWord(text));
    if (isKept || kind === "enum" || kind === "boolean") return cell;
    if (kind === "text" && (this.#options.literals.has(text) || text === "")) return cell;
    if (kind === "json") return { kind, text: emptyJson(text) };
    if (kind === "other") return null;
    const known = this.#made.get(text);
    if (known !== undefined) return known;
    const made = this.#make(cell, how);
    this.#made.set(text, made);
    this.#taken.add(made.text.toLowerCase());
    return made;
  }

  #make({ kind, text }: Exclude<Cell, null>, how: Mask | null): Exclude<Cell, null> {
    const n = this.#made.size + 1;
    if (kind === "uuid") return { kind, text: fakeUuid(n) };
    if (kind === "number") return { kind, text: String(n) };
    if (kind === "bytes") {
      return { kind, text: n.toString(16).padStart(Math.min(Math.max(text.length, 8), 64), "0") };
    }
    const { domain, length } = this.#options;
    const isProse = /\s/.test(text) || text.length > 64;
    const isFree = how === null || how === "keep" || how === "null" || how === "date";
    const mask = kind === "address"
      ? "ip"
      : kind === "date"
      ? "date"
      : !isFree
      ? how
      : isProse
      ? "text"
      : "code";
    for (let attempt = 0;; attempt++) {
      const made = fake(mask, { n, original: text, length, domain, attempt });
      const isNew = made !== text && !this.#taken.has(made.toLowerCase());
      if (isNew || mask === "date" || attempt >= MOST_ATTEMPTS) return { kind, text: made };
    }
  }
}

/** Of the same kind at its top, with nothing in it. */
function emptyJson(text: string): string {
  const first = text.trimStart().charAt(0);
  if (first === "{") return "{}";
  if (first === "[") return "[]";
  return first === '"' ? '""' : "0";
}
