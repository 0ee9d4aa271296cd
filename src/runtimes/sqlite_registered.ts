/** What an application registers with SQLite, stood in for: functions that give the same for the same, and collations. */

/** Functions as `name/arguments`, -1 for any number of them, and names of collations. */
export interface Registered {
  readonly functions: readonly string[];
  readonly collations: readonly string[];
}

/** Nothing. */
export const NOTHING_REGISTERED: Registered = { functions: [], collations: [] };

/** A value as SQLite has it. */
type Value = string | number | bigint | Uint8Array | null;

/** One function; the `length` of its call is its number of arguments, -1 for any. */
export interface StandInFunction {
  readonly name: string;
  readonly arguments: number;
  readonly call: (...values: Value[]) => Value;
}

/**
 * The functions: each gives its first argument back, or 0 without any. What stands behind an operator that asks for a match
 * (`REGEXP`, `MATCH`) gives 1, so that a check holds.
 */
export function standInFunctions({ functions }: Registered): readonly StandInFunction[] {
  return functions.map((text) => {
    const slash = text.lastIndexOf("/");
    const name = text.slice(0, slash);
    const count = Number(text.slice(slash + 1));
    const call = MATCHING.test(name)
      ? () => 1
      : (...values: Value[]) => values.length === 0 ? 0 : values[0] ?? null;
    Object.defineProperty(call, "length", { value: count });
    return { name, arguments: count, call };
  });
}

const MATCHING = /^(?:i?regexp(?:_like|_match)?|match)$/i;

/** Texts on their way to SQLite, and rows on their way back. */
export interface CollationStandIns {
  hide(sql: string): string;
  show<Row extends object>(row: Row): Row;
}

/**
 * No build lets a collation be registered, so RTRIM, which nobody uses, stands in for each; the name goes along in a comment, which
 * SQLite keeps with the definition.
 */
export function standInCollations({ collations }: Registered): CollationStandIns {
  const [first] = collations;
  if (first === undefined) return { hide: (sql) => sql, show: (row) => row };
  const names = collations.map(escape).flatMap((name) => [
    `"${name}"`,
    `\\[${name}\\]`,
    `\`${name}\``,
    `'${name}'`,
    name,
  ]);
  const used = new RegExp(`\\bCOLLATE(\\s+)(${names.join("|")})(?![\\w$])`, "gi");
  const shown = (value: unknown) => {
    if (typeof value !== "string") return value;
    return value === STAND_IN ? first : value.replaceAll(HIDDEN, "$1");
  };
  return {
    hide: (sql) => sql.replaceAll(used, `COLLATE$1${STAND_IN}/*aim:$2*/`),
    show: (row) => {
      for (const [key, value] of Object.entries(row)) Object.assign(row, { [key]: shown(value) });
      return row;
    },
  };
}

const STAND_IN = "RTRIM";
const HIDDEN = /RTRIM\/\*aim:(.*?)\*\//g;

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
