/** Values of types that are not made of others, as the text that their input takes. */

import type { SqlType } from "./read_types.ts";
import type { TypeTexts } from "./values.ts";

/** The texts of a type; null for one that is made of others, or that nothing is known of. */
export function scalarTexts(
  type: Pick<SqlType, "plain" | "kind" | "category" | "element">,
  modifier: number,
): TypeTexts | null {
  if (!["b", "d"].includes(type.kind)) return null;
  const known = BY_NAME[type.plain];
  if (known !== undefined) return known(modifier);
  return type.element === 0 && type.category === "S" ? stringTexts(null) : null;
}

/** A table of fixed texts. */
function fixed(
  ordinary: (number: number) => string | readonly string[],
  ...special: readonly string[]
): () => TypeTexts {
  return () => ({ ordinary: (number) => [ordinary(number)].flat(), special });
}

function integerTexts(bits: bigint): () => TypeTexts {
  const most = (1n << (bits - 1n)) - 1n;
  return fixed(
    (number) => number <= most ? [String(number), String(number % 60)] : String(number % 60),
    String(most),
    String(-most - 1n),
    "0",
    "-1",
  );
}

/** With a precision: all digits that it takes. */
function numericTexts(modifier: number): TypeTexts {
  if (modifier < 0) {
    return fixed(
      String,
      "99999999999999999999.123456789012345",
      "-0.000000000000000001",
      "1.10",
      "0",
    )();
  }
  const precision = (modifier - 4) >> 16 & 0xffff;
  const scale = ((modifier - 4 & 0x7ff) ^ 1024) - 1024;
  const shift = (digits: string) => {
    if (scale <= 0) return digits + "0".repeat(-scale);
    const padded = digits.padStart(scale + 1, "0");
    return `${padded.slice(0, -scale)}.${padded.slice(-scale)}`;
  };
  const most = shift("9".repeat(precision));
  const digits = precision - scale;
  const fits = (number: number) => String(number).length <= digits;
  return {
    ordinary: (number) => [
      ...[number, number % 60, number % 10].filter(fits).map(String),
      shift(String(number % 10)),
      "0",
    ],
    special: [most, `-${most}`, shift("1"), "0"],
  };
}

/** The longest text that is made: longer ones show nothing more. */
const LONGEST = 10_000;
/** A text without a limit; one that an index still takes. */
const LONG = 3000;

const TEXTS = [
  "",
  "Żółć 日本語 🙂 e\u0301",
  `it's a "quoted" \\ text`,
  " blanks around ",
  "007",
  "VALUE",
  "line\nand\ttab",
  "null",
] as const;

/** At most `size` characters. */
function stringTexts(size: number | null): TypeTexts {
  const length = Math.min(size ?? LONG, LONGEST);
  const fit = (text: string) => [...text].slice(0, length).join("");
  const long = `ü${"x".repeat(Math.max(length - 1, 0))}`;
  return {
    ordinary: (number) => [
      ...[`v${number}`, `v${number % 60}`, `${number}`, `${number % 60}`, `${number % 10}`]
        .filter((text) => text.length <= length),
      fit(String.fromCharCode(97 + number % 26)),
    ],
    special: [...new Set([size === 0 ? "" : long, ...TEXTS.map(fit)])],
  };
}

/** The modifier of texts counts four bytes of their own. */
function sizeOf(modifier: number): number | null {
  return modifier < 4 ? null : modifier - 4;
}

function floatTexts(...special: readonly string[]): () => TypeTexts {
  return fixed(
    (number) => [`${number}.5`, String(number)],
    ...special,
    "0.1",
    "-0",
  );
}

function bitTexts(size: number, isFixed: boolean): TypeTexts {
  const bits = (number: number) =>
    (number % 2 ** Math.min(size, 30)).toString(2).padStart(isFixed ? size : 1, "0");
  return {
    ordinary: (number) => [bits(number)],
    special: ["1".repeat(size), isFixed ? "0".repeat(size) : "", bits(1)],
  };
}

/** Far, but no farther than what is called for ever: what no other type of dates, and no arithmetic, takes would only be in the way. */
function timestampTexts(zone: string): () => TypeTexts {
  return () =>
    fixed(
      (number) => `${day(number)} 10:${two(number)}:${two(number >> 6)}${zone}`,
      `9999-12-31 23:59:59.999999${zone}`,
      `0044-03-15 00:00:00${zone} BC`,
      `2024-02-29 23:59:59.123456${zone}`,
      `1970-01-01 00:00:00${zone}`,
    )();
}

/** With less than six digits of seconds, the greatest would be rounded up and out of what is allowed. */
function timeTexts(zone: string): (modifier: number) => TypeTexts {
  return (modifier) =>
    fixed(
      (number) => `10:${two(number)}:${two(number >> 6)}${zone}`,
      `23:59:59${modifier < 0 || modifier === 6 ? ".999999" : ""}${zone}`,
      `00:00:00${zone}`,
      `24:00:00${zone}`,
    )();
}

/** As many dimensions as the modifier says. */
function vectorTexts(modifier: number): TypeTexts {
  const vector = (first: string) =>
    `[${[first, ...Array(Math.max(modifier, 3) - 1).fill("1")].join(",")}]`;
  return { ordinary: (number) => [vector(String(number))], special: [vector("-0.5")] };
}

const JSON_TEXTS = [
  '{"b": 1.10,  "a": "it\'s \\"q\\" \\\\ é", "a": [ ]}',
  "[]",
  "{}",
  "null",
  '"text"',
  '[{"a": null}, true, 1e3]',
  "0",
] as const;

const jsonTexts = fixed((number) => `{"a": ${number}}`, ...JSON_TEXTS);

const BY_NAME: Readonly<Record<string, (modifier: number) => TypeTexts>> = {
  bool: fixed(
    (number) => number % 2 === 1 ? ["true", "false"] : ["false", "true"],
    "true",
    "false",
  ),
  int2: integerTexts(16n),
  int4: integerTexts(32n),
  int8: integerTexts(64n),
  numeric: numericTexts,
  float4: floatTexts("3.4028235e38", "-3.4028235e38", "1.17549435e-38"),
  float8: floatTexts(
    "1.7976931348623157e308",
    "-1.7976931348623157e308",
    "2.2250738585072014e-308",
  ),
  money: fixed((number) => `${number}.25`, "92233720368547758.07", "-92233720368547758.08", "0"),
  text: () => stringTexts(null),
  varchar: (modifier) => stringTexts(sizeOf(modifier)),
  bpchar: (modifier) => stringTexts(sizeOf(modifier)),
  name: () => ({ ...stringTexts(30), special: ["x".repeat(63), ...TEXTS] }),
  char: fixed((number) => String(number % 10), "z", ""),
  citext: () => stringTexts(null),
  date: fixed(
    day,
    "9999-12-31",
    "0044-03-15 BC",
    "2024-02-29",
    "1970-01-01",
  ),
  timestamp: timestampTexts(""),
  timestamptz: timestampTexts("+00"),
  time: timeTexts(""),
  timetz: timeTexts("+14"),
  interval: fixed(
    (number) => `${number} days`,
    "9999 years",
    "-9999 years",
    "1 year 2 mons 3 days 04:05:06.000007",
    "-1 mons +2 days -03:00:00",
    "0",
  ),
  json: jsonTexts,
  jsonb: jsonTexts,
  jsonpath: fixed((number) => `$.a${number}`, '$."it\'s"[*] ? (@ > 1)'),
  uuid: fixed(
    (number) => `00000000-0000-0000-0000-${String(number).padStart(12, "0")}`,
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "00000000-0000-0000-0000-000000000000",
    "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11",
  ),
  bytea: fixed(
    (number) => `\\x${number.toString(16).padStart(8, "0")}`,
    "\\x00ff5c27e9",
    "\\x",
    `\\x${"ab".repeat(300)}`,
  ),
  bit: (modifier) => bitTexts(Math.max(modifier, 1), true),
  varbit: (modifier) => bitTexts(modifier < 0 ? 40 : modifier, false),
  inet: fixed(
    (number) => `10.0.${number >> 8 & 255}.${number & 255}`,
    "2001:db8::ff00:42:8329/64",
    "10.1.2.3/8",
    "255.255.255.255",
  ),
  cidr: fixed(
    (number) => `10.0.${number >> 8 & 255}.${number & 255}/32`,
    "2001:db8::/32",
    "0.0.0.0/0",
  ),
  macaddr: fixed((number) => `08:00:2b:01:${hex(number >> 8)}:${hex(number)}`, "ff:ff:ff:ff:ff:ff"),
  macaddr8: fixed(
    (number) => `08:00:2b:01:02:03:${hex(number >> 8)}:${hex(number)}`,
    "ff:ff:ff:ff:ff:ff:ff:ff",
  ),
  xml: fixed((number) => `<a>${number}</a>`, '<a b="c">x &amp; é</a><d/>', ""),
  tsvector: fixed((number) => `v${number}`, "'a b':1A 'it''s':2", ""),
  tsquery: fixed((number) => `v${number}`, "'a' & !'b' | 'c':*A", ""),
  pg_lsn: fixed((number) => `0/${number.toString(16)}`, "FFFFFFFF/FFFFFFFF", "0/0"),
  oid: fixed(String, "4294967295", "0"),
  xid: fixed(String),
  xid8: fixed(String),
  cid: fixed(String),
  tid: fixed((number) => `(0,${number % 60000})`),
  int2vector: fixed((number) => `${number % 60} 1`, ""),
  oidvector: fixed((number) => `${number} 1`, ""),
  regclass: fixed(() => ["pg_catalog.pg_class"], "-"),
  regtype: fixed(() => ["pg_catalog.int4"], "-"),
  regproc: fixed(() => ["pg_catalog.now"], "-"),
  regprocedure: fixed(() => ["pg_catalog.now()"], "-"),
  regoper: fixed(() => "0"),
  regoperator: fixed(() => "0"),
  regnamespace: fixed(() => ["pg_catalog"], "-"),
  regrole: fixed(() => "-"),
  regconfig: fixed(() => "simple"),
  regdictionary: fixed(() => "simple"),
  regcollation: fixed(() => '"C"'),
  txid_snapshot: fixed((number) => `${number}:${number + 1}:`),
  pg_snapshot: fixed((number) => `${number}:${number + 1}:`),
  refcursor: fixed((number) => `v${number}`),
  point: fixed((number) => `(${number},1)`, "(1e300,-1e-300)", "(NaN,Infinity)"),
  line: fixed((number) => `{${number},1,1}`, "{0.1,-2.5,1e10}"),
  lseg: fixed((number) => `[(${number},1),(2,3)]`, "[(0,0),(0,0)]"),
  box: fixed((number) => `(${number},1),(0,0)`, "(0,0),(0,0)"),
  path: fixed((number) => `((${number},1),(2,3))`, "[(0,0)]"),
  polygon: fixed((number) => `((${number},1),(2,3),(4,5))`, "((0,0))"),
  circle: fixed((number) => `<(${number},1),2>`, "<(0,0),0>"),
  hstore: fixed((number) => `"k"=>"${number}"`, '"a b"=>NULL, "é"=>"it\'s"', ""),
  ltree: fixed((number) => `v${number}`, "a.b.c", ""),
  lquery: fixed((number) => `v${number}`),
  ltxtquery: fixed((number) => `v${number}`),
  cube: fixed((number) => `(${number})`, "(1,2),(3,4)"),
  seg: fixed(String, "1 .. 2"),
  vector: vectorTexts,
  halfvec: vectorTexts,
  sparsevec: (modifier) => fixed((number) => `{1:${number}}/${Math.max(modifier, 3)}`)(),
  isbn: fixed(() => "978-0-393-04002-9"),
  isbn13: fixed(() => "978-0-393-04002-9"),
  issn: fixed(() => "1436-4522"),
  issn13: fixed(() => "977-1436-452-00-8"),
  ean13: fixed(() => "978-0-393-04002-9"),
  ismn: fixed(() => "979-0-2600-0043-8"),
  upc: fixed(() => "220356483481"),
  geometry: fixed((number) => `POINT(${number % 90} 1)`),
  geography: fixed((number) => `POINT(${number % 90} 1)`),
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
