/** A report with everything in it that is hard to write. */

import type { Report } from "../../src/reports/report.ts";

/** Nothing was found. */
export const EMPTY: Report = {
  tool: "1.2.3",
  command: "validate",
  outcome: "valid",
  isGood: true,
  summary: "valid, 0 migrations",
  server: "pglite 18.3",
  findings: [],
  checks: [],
  changes: [],
  sql: [],
  questions: [],
  notes: [],
  folder: "",
  began: new Date("2026-01-02T03:04:05.678Z"),
  seconds: 1.5,
};

/** Names with quotes, line breaks, signs of every format, in a folder with a blank. */
export const HARD: Report = {
  ...EMPTY,
  outcome: "invalid",
  isGood: false,
  summary: "1 of 2 wrong <script> @everyone",
  folder: "data base/ä",
  findings: [
    {
      code: "down-differs",
      severity: "error",
      message: 'DOWN leaves table "a|b`c"\n100% :: set, it\'s\r\n::error::injected <b>\u0007',
      hint: "take it back",
      place: { file: ".\\migrations\\1 a%.sql", line: 3, column: 5 },
      object: 'public."a|b"',
      migration: "1_a",
      direction: "down",
    },
    { code: "schema-differs", severity: "warning", message: "no place" },
    { code: "schema-differs", severity: "info", message: "no place" },
  ],
  checks: [
    { suite: "migrations", name: "1_a up", state: "passed", code: "", text: "" },
    {
      suite: "migrations",
      name: '1_a "down" <&>',
      state: "failed",
      code: "down-differs",
      text: "leaves\n\u0007 ]]> & <x> |",
    },
    { suite: "migrations", name: "2_b down", state: "skipped", code: "", text: "" },
    { suite: "other", name: "run", state: "error", code: "setup", text: "no server" },
  ],
  changes: ["create table public.`x`"],
  sql: [{ title: "UP of <a>", sql: "SELECT '```';\n-- @mention" }],
  questions: [{ question: "Was a renamed?", flags: ["--rename a=b"] }],
};

/** More findings than most readers show. */
export const MANY: Report = {
  ...EMPTY,
  findings: Array.from({ length: 60 }, (_, at) => ({
    code: "schema-differs",
    severity: at % 2 === 0 ? "error" : "warning",
    message: `finding ${at}`,
    place: { file: "schema.sql", line: at + 1, column: 1 },
  })),
};
