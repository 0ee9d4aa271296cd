/** Every pair of a list of types: what a conversion is said to keep is there when it is converted back. */

import assert from "node:assert/strict";
import test from "node:test";
import { castOf, fitBetween } from "../../src/engines/postgres/ddl/type/convert.ts";
import { postgres } from "../../src/engines/postgres/mod.ts";
import { postgresSnapshot } from "../../src/engines/postgres/objects.ts";
import { target } from "../../src/engines/postgres/target.ts";
import { pglite } from "../../src/runtimes/pglite.ts";

const SCHEMA = `
  CREATE TYPE mood AS ENUM ('sad', 'ok'); CREATE TYPE moods AS ENUM ('sad', 'ok', 'very glad');
  CREATE DOMAIN code AS varchar(5); CREATE DOMAIN price AS numeric(6,2);
  CREATE TYPE pair AS (a integer, b varchar(9)); CREATE TYPE wide AS (a bigint, b text);`;

const WHOLE = ["0", "-1", "7", "32767", "-32768"];
const DECIMALS = ["0", "-0.01", "1.50", "9999.99", "-9999.99", "NaN"];
const FLOATS = ["0", "-1.5", "0.1", "1e-30", "3.4028235e38", "NaN", "-Infinity", "123456.79"];
const TEXTS = [
  "",
  " ",
  "x ",
  "007",
  "é",
  "日本",
  "1.50",
  '{"a":1,  "a":2}',
  "2025-01-01 11:22",
  "sad",
];
const STAMPS = ["2025-03-30 02:30:00.123456", "0044-03-15 10:00:00 BC", "infinity", "9999-12-31"];
const BITS = ["1", "0"];

/** Types with the extreme values of each. */
const TYPES: Readonly<Record<string, readonly string[]>> = {
  boolean: ["t", "f"],
  smallint: WHOLE,
  integer: [...WHOLE, "2147483647", "-2147483648", "16777217"],
  bigint: [...WHOLE, "9223372036854775807", "9007199254740993"],
  numeric: [...DECIMALS, "1e40", "0.1234567890123456789", "1.000", "Infinity"],
  "numeric(6,2)": DECIMALS,
  "numeric(8,2)": [...DECIMALS, "999999.99"],
  "numeric(8,4)": ["1.2345", "-9999.9999"],
  "numeric(4,0)": ["9999", "-9999", "0"],
  "numeric(15,2)": ["9999999999999.99", "0.01"],
  real: FLOATS,
  "double precision": [...FLOATS, "1.7976931348623157e308", "0.1234567890123456"],
  money: ["0", "-1.55", "92233720368547758.07"],
  oid: ["0", "4294967295"],
  text: [...TEXTS, "a text of more than ten characters"],
  "character varying": TEXTS,
  "character varying(5)": ["", " ", "x ", "    5", "日本"],
  "character varying(10)": ["", "x ", "123456789 ", "1234567890"],
  "character(5)": ["", "x ", "12345"],
  "character(10)": ["", "x ", "1234567890"],
  name: ["", "x ", "n".repeat(63)],
  code: ["", "x ", "12345"],
  price: ["1.50", "-9999.99"],
  mood: ["sad", "ok"],
  moods: ["sad", "very glad"],
  bytea: ["\\x00ff", "\\x", "\\x616263"],
  uuid: ["00000000-0000-0000-0000-0000000000ff"],
  json: ['{"b":1,  "a":1,"a":2}', "1.50", "null", '"\\u00e9"', "[]"],
  jsonb: ['{"a": 2, "b": 1}', "1.50", "null", "[]"],
  xml: ["<a/>", "text"],
  date: ["2025-01-01", "0044-03-15 BC", "infinity", "5874897-12-31"],
  "time without time zone": ["00:00", "24:00", "10:00:00.123456"],
  "time(0) without time zone": ["00:00", "24:00"],
  "time with time zone": ["10:00:00.123456+05:30", "24:00-12"],
  "timestamp without time zone": STAMPS,
  "timestamp(0) without time zone": ["2025-03-30 02:30:00", "infinity"],
  "timestamp(3) without time zone": ["2025-03-30 02:30:00.123"],
  "timestamp with time zone": STAMPS.map((value) => `${value}`),
  interval: ["1 year 2 mons 3 days 04:05:06.789", "-1 mon", "0"],
  "interval(0)": ["1 year 3 days 04:05:06"],
  "bit(1)": BITS,
  "bit(8)": ["10101010"],
  "bit varying": ["", "1", "101010101010"],
  "bit varying(8)": ["", "1", "10101010"],
  inet: ["10.0.0.1", "10.0.0.1/24", "::1"],
  cidr: ["10.0.0.0/24", "::/0"],
  macaddr: ["08:00:2b:01:02:03"],
  macaddr8: ["08:00:2b:ff:fe:01:02:03", "08:00:2b:01:02:03:04:05"],
  int4range: ["[1,5)", "empty", "(,)"],
  int8range: ["[1,5)", "[9007199254740993,)"],
  regclass: ["pg_class"],
  "integer[]": ["{}", "{1,NULL}", "[2:3]={1,2}"],
  "bigint[]": ["{9223372036854775807}"],
  "text[]": ["{}", '{"x ",NULL,"a,b"}'],
  "character varying(5)[]": ['{"x ",NULL}'],
  "numeric(6,2)[]": ["{1.50,-9999.99}"],
  "code[]": ['{"x ",NULL}'],
  "mood[]": ["{sad,ok,NULL}"],
  pair: ["(1,abc)", "(,)", '(-2147483648,"x ")'],
  wide: ['(9223372036854775807,"a longer text")', "(1,x)"],
  "pair[]": ['{"(1,abc)",NULL}'],
};

const server = await pglite.start(target(null, [], false), {
  emit: () => {},
  signal: new AbortController().signal,
});

test("a conversion that is said to keep values keeps the extreme ones, there and back", async () => {
  await using database = await server.create();
  // A zone in which some hours are not there, and others twice.
  await database.exec(`${SCHEMA} SET TimeZone = 'Europe/Berlin'; SET xmloption = content`);
  await database.exec(TRY);
  const snapshot = postgresSnapshot(await postgres.inspect(database, { ignoreTables: [] }));
  const context = (isDown: boolean) => ({
    from: snapshot,
    to: snapshot,
    hints: {
      answers: new Map(),
      renames: [],
      dropAdd: true,
      strictOrder: false,
      deployedVersion: null,
      isDown,
    },
  });
  const wrong: string[] = [];
  let kept = 0;
  for (const [before, values] of Object.entries(TYPES)) {
    for (const after of Object.keys(TYPES)) {
      const fit = fitBetween({ before, after, context: context(false) });
      if (before === after || fit === "changed") continue;
      kept++;
      const up = castOf("v", { before, after, context: context(false) });
      const down = castOf("v", { before: after, after: before, context: context(true) });
      for (
        const { problem } of await database.query<{ problem: string }>(
          `SELECT problem FROM pg_temp.try_values(${
            [before, after, up, down].map(text).join(", ")
          }, ARRAY[${values.map(text).join(", ")}]::text[], ${fit === "all"}) AS problem`,
        )
      ) {
        wrong.push(`${before} -> ${after} (${fit}): ${problem}`);
      }
    }
  }
  assert.deepEqual(wrong, []);
  assert.ok(kept > 250, `${kept} pairs`);
});

function text(value: string | null): string {
  return value === null ? "NULL" : `'${value.replaceAll("'", "''")}'`;
}

/** Puts each value into a column of the one type, alters it to the other and back, and tells what is not as it was. */
const TRY = `
  CREATE FUNCTION pg_temp.try_values(before text, after text, up text, down text, vals text[], keeps_all boolean)
  RETURNS SETOF text LANGUAGE plpgsql AS $f$
  DECLARE val text; had text; has text;
  BEGIN
    FOREACH val IN ARRAY vals LOOP
      BEGIN
        EXECUTE format('CREATE TEMP TABLE x (v %s)', before);
        EXECUTE format('INSERT INTO x VALUES (%L)', val);
        EXECUTE 'SELECT x::text FROM x' INTO had;
        BEGIN
          EXECUTE 'ALTER TABLE x ALTER v TYPE ' || after || coalesce(' USING ' || up, '');
        EXCEPTION WHEN others THEN
          IF keeps_all THEN RETURN NEXT had || ' is refused: ' || sqlerrm; END IF;
          EXECUTE 'DROP TABLE x';
          CONTINUE;
        END;
        EXECUTE 'ALTER TABLE x ALTER v TYPE ' || before || coalesce(' USING ' || down, '');
        EXECUTE 'SELECT x::text FROM x' INTO has;
        IF had IS DISTINCT FROM has THEN RETURN NEXT had || ' is ' || has; END IF;
        EXECUTE 'DROP TABLE x';
      EXCEPTION WHEN others THEN
        RETURN NEXT val || ': ' || sqlerrm;
      END;
    END LOOP;
  END $f$`;
