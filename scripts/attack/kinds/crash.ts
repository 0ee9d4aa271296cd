/** Mixtures of hostile statements, broken SQL and odd bytes in every file that aim reads: none may end in exit 70 or show a stack. */

import { Buffer } from "node:buffer";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Dialect, HOSTILE, misbehaviour, ODD_BYTES } from "../../../tests/attacks/hostile.ts";
import type { Random } from "../../../tests/property/random.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack, AttackSetup } from "../attack.ts";

/** Files of a migration by format. */
const FORMATS: Readonly<Record<string, (up: string, down: string) => Record<string, string>>> = {
  plain: (up, down) => ({ "0001_a.sql": up, "0001_a.down.sql": down }),
  goose: (up, down) => ({ "00001_a.sql": `-- +goose Up\n${up}\n-- +goose Down\n${down}\n` }),
  dbmate: (up, down) => ({
    "20240101000000_a.sql": `-- migrate:up\n${up}\n-- migrate:down\n${down}\n`,
  }),
  migrate: (up, down) => ({ "000001_a.up.sql": up, "000001_a.down.sql": down }),
  sqlx: (up, down) => ({ "20240101000000_a.up.sql": up, "20240101000000_a.down.sql": down }),
  flyway: (up, down) => ({ "V1__a.sql": up, "U1__a.sql": down }),
  refinery: (up) => ({ "V1__a.sql": up }),
  diesel: (up, down) => ({
    "2024-01-01-000000_a/up.sql": up,
    "2024-01-01-000000_a/down.sql": down,
  }),
  prisma: (up) => ({
    "20240101000000_a/migration.sql": up,
    "migration_lock.toml": 'provider = "postgresql"\n',
  }),
  sqitch: (up, down) => ({
    "sqitch.plan": "%syntax-version=1.0.0\n%project=a\n\na 2024-01-01T00:00:00Z A <a@b.c> # a\n",
    "deploy/a.sql": up,
    "revert/a.sql": down,
  }),
};

/** Pieces that are no whole statement, or a whole that is none. */
const BROKEN = [
  "CREATE TABLE t (a int DEFAULT '",
  "CREATE FUNCTION f() RETURNS int AS $$ SELECT",
  ");",
  "$$",
  "'",
  '"',
  "/*",
  "*/",
  "-- x\r",
  "\\connect x\n",
  "\\.\n",
  "COPY t FROM stdin;\n1\n",
  "-- +goose StatementBegin\n",
  "-- migrate:down\n",
  "${x}",
  "-- @renamed from=",
  "BEGIN;",
  "COMMIT;",
  "ROLLBACK TO x;",
  "END;",
  ";;;;",
  "CREATE TABLE t (a int);",
  "DROP TABLE t;",
  "EXPLAIN ANALYZE SELECT 1;",
  "\u2028",
  "CREATE TRIGGER g AFTER INSERT ON t BEGIN SELECT 1;",
];

/** One random project for each dialect and each command that runs SQL. */
export const attacks: readonly Attack[] = (["postgres", "sqlite"] as const).flatMap((dialect) =>
  ["diff", "generate", "validate"].map((command) => ({
    name: `${command} on ${dialect}`,
    run: (setup: AttackSetup) => attack(setup, dialect, command),
  }))
);

async function attack(
  { random }: AttackSetup,
  dialect: Dialect,
  command: string,
): Promise<string | null> {
  const format = random.pick(Object.keys(FORMATS));
  const migration = FORMATS[format]?.(mixture(random, dialect), mixture(random, dialect)) ?? {};
  const files = {
    "aim.toml": `engine = "${dialect}"\nformat = "${format}"\n`,
    "schema.sql": mixture(random, dialect),
    ...Object.fromEntries(
      Object.entries(migration).map(([name, text]) => [`migrations/${name}`, text]),
    ),
  };
  await using project = await temporaryFolder();
  const damaged = random.chance(0.5) ? random.pick(Object.keys(files)) : null;
  for (const [name, text] of Object.entries(files)) {
    const path = join(project.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, name === damaged ? damage(random, Buffer.from(text)) : text);
  }
  const flags = command === "generate" ? ["--dry-run", "--on-ambiguity", "drop-add"] : [];
  const finished = await runAim([command, ...flags], { cwd: project.path });
  const wrong = misbehaviour(finished, ["schema.sql", "migrations", "aim.toml"]);
  return wrong === null ? null : `${format}: ${wrong}\n${files["schema.sql"].slice(0, 400)}`;
}

/** A few hostile scripts and broken pieces, some of them cut. */
function mixture(random: Random, dialect: Dialect): string {
  const scripts = Object.values(HOSTILE[dialect]);
  return Array.from({ length: random.int(0, 3) }, () => {
    const text = random.chance(0.5) ? random.pick(scripts) : random.pick(BROKEN);
    return random.chance(0.2) ? text.slice(0, random.int(0, text.length)) : text;
  }).join("\n");
}

/** Odd bytes at a random place, or a cut in the middle of a character. */
function damage(random: Random, bytes: Buffer): Buffer {
  const at = random.int(0, bytes.length);
  const rest = bytes.subarray(random.chance(0.3) ? Math.min(bytes.length, at + 1) : at);
  return Buffer.concat([bytes.subarray(0, at), Buffer.from(random.pick(ODD_BYTES)), rest]);
}
