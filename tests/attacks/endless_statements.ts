/** Statements that never end, engine by engine, and projects that hold them. */

import { spawn } from "node:child_process";
import { constants } from "node:os";
import { program } from "../run_aim.ts";

/** An engine as the command line names it. */
export interface EngineCase {
  readonly name: string;
  readonly engine: "postgres" | "sqlite";
  readonly runtime: string;
}

/** The scratch engines that are built in. */
export const ENGINES: readonly EngineCase[] = [
  { name: "pglite", engine: "postgres", runtime: "pglite" },
  { name: "sql.js", engine: "sqlite", runtime: "sql.js" },
  { name: "node:sqlite", engine: "sqlite", runtime: "node:sqlite" },
];

/** Statements that do not end by themselves, by engine. */
export const ENDLESS: Readonly<Record<EngineCase["engine"], Readonly<Record<string, string>>>> = {
  postgres: {
    "a loop": "DO $$ BEGIN LOOP NULL; END LOOP; END $$;",
    "a sleep": "SELECT pg_sleep(100000);",
    "a loop that catches its cancellation": `DO $$ BEGIN LOOP
      BEGIN LOOP NULL; END LOOP; EXCEPTION WHEN query_canceled THEN NULL; END;
    END LOOP; END $$;`,
    "a series": "SELECT count(*) FROM generate_series(1, 1000000000000);",
    "a recursive query": `CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT (n + 1) % 10 FROM c) SELECT count(*) FROM c;`,
    "notices": "DO $$ BEGIN LOOP RAISE NOTICE 'again'; END LOOP; END $$;",
    "rows that nobody reads": "SELECT n FROM generate_series(1, 1000000000000) AS n;",
  },
  sqlite: {
    "a recursive query": `CREATE TABLE b AS WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT (n + 1) % 10 FROM c) SELECT count(*) FROM c;`,
    "a trigger": `CREATE TABLE b (n);
      CREATE TRIGGER t AFTER INSERT ON b BEGIN
        INSERT INTO b WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT 1 FROM c)
        SELECT n FROM c WHERE n > 1; END;
      INSERT INTO b VALUES (1);`,
    "rows that nobody reads": `WITH RECURSIVE c(n) AS
      (SELECT 1 UNION ALL SELECT (n + 1) % 10 FROM c) SELECT n FROM c;`,
  },
};

/** The first lines of a schema, so that what follows stands on line 3. */
export const BEFORE = "CREATE TABLE a (id int);\n\n";

/** A project whose schema is `sql`, from its third line on. */
export function projectWith({ engine, runtime }: EngineCase, sql: string) {
  return {
    "aim.toml": `engine = "${engine}"\nruntime = "${runtime}"\n`,
    "schema.sql": `${BEFORE}${sql}\n`,
    "migrations/.keep": "",
  };
}

/** Runs aim, sends a signal once stderr has said what `after` looks for, and gives the exit code. */
export function signalled(
  args: readonly string[],
  options: { readonly cwd: string; readonly after: RegExp; readonly signal: NodeJS.Signals },
): Promise<{ readonly code: number; readonly said: string }> {
  const [command = "", ...rest] = [...program(), ...args];
  const child = spawn(command, rest, { cwd: options.cwd, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  let isSent = false;
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (isSent || !options.after.test(said)) return;
    isSent = true;
    child.kill(options.signal);
  });
  return new Promise((resolve) => {
    // Deno tells of a code above 128 as of the signal with that number.
    child.on("close", (code, name) => {
      resolve({ code: code ?? 128 + constants.signals[name ?? "SIGKILL"], said });
    });
  });
}
