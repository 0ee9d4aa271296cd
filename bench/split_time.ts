/** How long the reading of a long script takes, without a database. */

import { engineNamed } from "../src/engines/mod.ts";

/** Statements of every kind that scanners are slow at: strings, comments in comments, dollar quotes, a trigger's body. */
const STATEMENTS: Readonly<Record<string, string>> = {
  postgres:
    "CREATE TABLE t (id bigint, a text DEFAULT 'a''b'); -- c\n/* d /* e */ */ SELECT $$ f; $$, E'\\'';\n" +
    "COPY t (id, a) FROM stdin;\n1\ta\n\\.\n",
  sqlite:
    "CREATE TABLE t (id bigint, a text DEFAULT 'a''b'); -- c\n/* d /* e */ SELECT [f;], `g`;\n" +
    "CREATE TRIGGER r AFTER INSERT ON t BEGIN UPDATE t SET a = CASE WHEN 1 THEN 2 END; END;\n",
};

/** Milliseconds to cut a script of ten million characters into statements; the middle of five. */
export async function splitTime(dialect: string): Promise<number> {
  const { engine } = await engineNamed(dialect);
  const one = STATEMENTS[dialect] ?? "";
  const script = one.repeat(Math.ceil(1e7 / one.length));
  const times = Array.from({ length: 5 }, () => {
    const start = performance.now();
    engine.split(script);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[2] ?? 0;
}
