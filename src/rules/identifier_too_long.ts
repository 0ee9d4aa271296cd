/** `identifier-too-long`. */

import type { Rule } from "./rule.ts";

/** A name is longer than the server keeps. */
export const identifierTooLong: Rule = {
  code: "identifier-too-long",
  title: "A name is longer than the server keeps",
  why:
    "Postgres cuts names at 63 bytes without an error: two long names may become one, and code that looks for the whole name does not find it.",
  instead: "Choose a shorter name.",
  severity: "warning",
  engines: ["postgres"],
  bad: [{
    setup: "",
    sql:
      "CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (id int);",
  }],
  good: [{
    setup: "",
    sql: "CREATE TABLE aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (id int);",
  }],
  check: ({ statements }) =>
    statements.flatMap((statement) =>
      [...statement.sql.matchAll(WORDS)]
        .filter(([word]) => !NO_NAME.test(word))
        .map(([word]) => word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word)
        .filter((word) => bytes(word) > MOST)
        .slice(0, 1)
        .map((word) => ({
          statement,
          object: word,
          message: `${word.slice(0, 20)}... has ${bytes(word)} bytes and is cut after ${MOST}`,
        }))
    ),
};

/** Names, and what may look like them: strings, comments, bodies in dollars. */
const WORDS =
  /"(?:[^"]|"")+"|--[^\n]*|\/\*[\s\S]*?\*\/|(\$(?:[\p{L}_][\p{L}\p{N}_]*)?\$)[\s\S]*?\1|[\p{L}_][\p{L}\p{N}_$]*|'(?:[^']|'')*'/gu;
const NO_NAME = /^(?:'|--|\/\*|\$)/;

/** NAMEDATALEN, less the byte that ends a name. */
const MOST = 63;

function bytes(word: string): number {
  return new TextEncoder().encode(word).length;
}
