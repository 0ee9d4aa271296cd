/**
 * How the time of what reads hostile text grows: 8 MB against 1 MB of the worst that is known for each, so about 8 where it is linear.
 *
 *     deno run -A bench/text_time.ts
 */

import { postgres } from "../src/engines/postgres/mod.ts";
import { redactor } from "../src/cli/redact.ts";
import { visible } from "../src/cli/visible.ts";
import { readDecided } from "../src/models/prompts/decide.ts";
import { closedJson, readJson, repeatedKey } from "../src/models/prompts/read_json.ts";
import { readWritten } from "../src/models/prompts/write.ts";
import { sqlRedactor } from "../src/models/redact_sql.ts";
import { withoutSecrets } from "../src/text/secrets.ts";

/** One reader on one text. */
export interface TextTime {
  readonly name: string;
  /** Milliseconds for 1 MB and 8 MB. */
  readonly one: number;
  readonly eight: number;
}

const MEGABYTE = 1 << 20;

/** What is repeated, by what it is bad for. */
const PIECES: Readonly<Record<string, readonly string[]>> = {
  json: ["{", '{"', '{"a":', '{"a":{}', '{"a":[{', "{}", '"{', "</think>{", "x => ", "--aim:up"],
  secrets: [
    "a.",
    "a+b-",
    "://a",
    "://a:",
    "x://a:b",
    "eyJa-",
    "eyJabcdefghijk.",
    "sk-",
    "?key=",
    "?aaakey",
    "Bearer ",
    "password ",
    "\\u00",
    "%25",
    "canary",
    "a",
    "'",
  ],
  sql: [
    "CREATE SERVER ",
    "CREATE SERVER s OPTIONS (",
    "CREATE SERVER s OPTIONS ('",
    "''",
    "CREATE USER MAPPING ''OPTIONS (a '''",
    "secret",
    'password"  ',
    "CONNECTION '",
    "CONNECTION ''",
    "-----BEGIN PRIVATE KEY-----",
    'token":"\\"',
    "«redacted:1»",
    "$a$ ",
    "ALTER SERVER ",
    "a",
  ],
};

/** Measures every reader on each of its texts; of each reader the text that is worst at 1 MB, where what is not linear is slow already. */
export function textTimes(): readonly TextTime[] {
  const redact = redactor({ SOME_KEY: "canary-canary-canary-1" });
  const readers: readonly (readonly [string, keyof typeof PIECES, (text: string) => unknown])[] = [
    ["JSON of a model's answer", "json", (text) => readJson(text, ["up", "q1"])],
    ["an answer that was cut", "json", (text) => closedJson(text, ["up", "q1"])],
    ["keys that stand twice", "json", repeatedKey],
    ["an answer to write", "json", (text) => readWritten(text, () => [])],
    ["an answer to decide", "json", (text) => readDecided(text, [])],
    ["secrets in output", "secrets", redact.whole],
    ["secrets in errors", "secrets", (text) => withoutSecrets(text, ["canary-canary-canary-1"])],
    ["control characters in output", "secrets", visible],
    ["secrets in DDL", "sql", (text) => sqlRedactor(postgres.lexicon).hide(text)],
    ["secrets put back into SQL", "sql", (text) => sqlRedactor(postgres.lexicon).restore(text)],
  ];
  return readers.map(([name, kind, read]) => {
    const [worst] = (PIECES[kind] ?? []).map((piece) => ({ piece, one: time(read, piece, 1) }))
      .sort((a, b) => b.one - a.one);
    const { piece, one } = worst ?? { piece: "", one: 0 };
    return { name: `${name}, of \`${piece.trim()}\``, one, eight: time(read, piece, 8) };
  });
}

/** The better of two, in milliseconds. */
function time(read: (text: string) => unknown, piece: string, megabytes: number): number {
  const text = piece.repeat(Math.ceil(megabytes * MEGABYTE / piece.length));
  const times = [1, 2].map(() => {
    const start = performance.now();
    read(text);
    return performance.now() - start;
  });
  return Math.min(...times);
}

if (import.meta.main) {
  for (const { name, one, eight } of textTimes()) {
    console.log(
      `${name}: ${one.toFixed(1)} ms, ${eight.toFixed(1)} ms, × ${(eight / one).toFixed(1)}`,
    );
  }
}
