/** Values for a column of any Postgres type, as SQL. */

/** What a value is made for. */
export interface ValueFor {
  /** As `format_type` writes it, without modifiers: `character varying`. */
  readonly type: string;
  /** `pg_type.typcategory`; of a domain, its base type's. */
  readonly category: string;
  /** The most characters, digits before the point or bits that it takes; null for no limit. */
  readonly size: number | null;
  /** Another one for each column that has nothing to do with the others. */
  readonly salt: number;
  /** Of the row, from 1. */
  readonly row: number;
}

/** Values to try, best first: one that no other column has, then a short one. `null` stands for a type that nothing is known about. */
export function valuesFor(column: ValueFor): readonly string[] {
  const { type, category, size, salt, row } = column;
  const own = salt * 10 + row;
  const short = (text: string) => size === null || text.length <= size;
  const known = BY_TYPE[type];
  if (known !== undefined) return [...new Set([known(own), known(row)])];
  const cast = (text: string) => `'${text}'::${type}`;
  switch (category) {
    case "N":
      return [...new Set([String(own), String(row)])].filter(short);
    case "S":
      return [`v${own}`, `v${row}`, `${own}`, `${row}`].filter(short).map((text) => `'${text}'`);
    case "B":
      return [row % 2 === 1 ? "true" : "false"];
    case "D":
      return [type.startsWith("time ") ? `'10:${two(row)}:${two(salt)}'` : `'${day(own)}'`];
    case "E": {
      const labels = `pg_catalog.enum_range(NULL::${type})`;
      const last = `pg_catalog.array_length(${labels}, 1)`;
      return [`(${labels})[1 + ${row - 1} % ${last}]`, `(${labels})[1]`];
    }
    case "A":
      return ["'{}'"];
    case "R":
      return [`[${own},${own + 1})`, `[${day(own)},${day(own + 1)})`].map((text) =>
        type.includes("multi") ? cast(`{${text}}`) : cast(text)
      );
    case "V":
      return [`B'${(own % 2 ** (size ?? 3)).toString(2).padStart(size ?? 1, "0")}'`];
    default:
      return [
        cast(`v${own}`),
        cast(`(${own},${row})`),
        cast(`(${own},${row}),(${own + 1},${row + 1})`),
        cast(`[${own},${row},1]`),
        cast(`"k"=>"${own}"`),
        "NULL",
      ];
  }
}

/** Types whose category says little. */
const BY_TYPE: Readonly<Record<string, (number: number) => string>> = {
  '"char"': (number) => `'${number % 10}'`,
  boolean: (number) => number % 2 === 1 ? "true" : "false",
  uuid: (number) => `'00000000-0000-0000-0000-${String(number).padStart(12, "0")}'`,
  json: (number) => `'{"a": ${number}}'`,
  jsonb: (number) => `'{"a": ${number}}'`,
  jsonpath: (number) => `'$.a${number}'`,
  bytea: (number) => `'\\x${number.toString(16).padStart(8, "0")}'`,
  interval: (number) => `'${number} days'`,
  inet: (number) => `'10.0.${number >> 8 & 255}.${number & 255}'`,
  cidr: (number) => `'10.0.${number >> 8 & 255}.${number & 255}/32'`,
  macaddr: (number) => `'08:00:2b:01:${hex(number >> 8)}:${hex(number)}'`,
  macaddr8: (number) => `'08:00:2b:01:02:03:${hex(number >> 8)}:${hex(number)}'`,
  xml: (number) => `'<a>${number}</a>'`,
  tsvector: (number) => `'v${number}'`,
  tsquery: (number) => `'v${number}'`,
  pg_lsn: (number) => `'0/${number.toString(16)}'`,
  ltree: (number) => `'v${number}'`,
  point: (number) => `'(${number},1)'`,
  line: (number) => `'{${number},1,1}'`,
  lseg: (number) => `'[(${number},1),(2,3)]'`,
  box: (number) => `'(${number},1),(2,3)'`,
  path: (number) => `'((${number},1),(2,3))'`,
  polygon: (number) => `'((${number},1),(2,3),(4,5))'`,
  circle: (number) => `'<(${number},1),2>'`,
};

function hex(number: number): string {
  return (number & 255).toString(16).padStart(2, "0");
}

function two(number: number): string {
  return String(number % 60).padStart(2, "0");
}

function day(number: number): string {
  return new Date(Date.UTC(2020, 0, 1 + number % 2900)).toISOString().slice(0, 10);
}
