/** A type by the name that a snapshot gives it. */

/** A built-in type that is not made of others. */
export interface NamedType {
  /** The plain name in the catalog: `varchar`. */
  readonly plain: string;
  /** As `pg_attribute.atttypmod` has it. */
  readonly modifier: number;
}

/** `character varying(20)` as `varchar` with its modifier; null for what is not built in. */
export function namedType(name: string): NamedType | null {
  const [, before = "", digits, after = ""] = /^([^()[\]]*)(?:\((.*?)\))?([^()[\]]*)$/.exec(name) ??
    [];
  const plain = PLAIN[`${before.trim()}${after}`];
  return plain === undefined ? null : { plain, modifier: modifierOf(plain, digits) };
}

const PLAIN: Readonly<Record<string, string>> = {
  smallint: "int2",
  integer: "int4",
  bigint: "int8",
  numeric: "numeric",
  real: "float4",
  "double precision": "float8",
  money: "money",
  boolean: "bool",
  date: "date",
  time: "time",
  "time without time zone": "time",
  "time with time zone": "timetz",
  "timestamp without time zone": "timestamp",
  "timestamp with time zone": "timestamptz",
  text: "text",
  citext: "citext",
  "character varying": "varchar",
  character: "bpchar",
  bpchar: "bpchar",
  bit: "bit",
  "bit varying": "varbit",
  uuid: "uuid",
  json: "json",
  jsonb: "jsonb",
  xml: "xml",
  bytea: "bytea",
  inet: "inet",
  cidr: "cidr",
  interval: "interval",
};

function modifierOf(plain: string, digits: string | undefined): number {
  if (digits === undefined) return -1;
  const [first = 0, second = 0] = digits.split(",").map(Number);
  if (plain === "numeric") return (first << 16 | second & 0x7ff) + 4;
  return /^(?:varchar|bpchar)$/.test(plain) ? first + 4 : first;
}
