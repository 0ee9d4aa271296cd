/** SQL that the server reads and aim's scanners might not: it would run in production and never be proven. */

import type { Random } from "../../../tests/property/random.ts";
import { runAim, temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack } from "../attack.ts";

/** A project whose history does something that its schema does not have. */
interface Project {
  readonly engine: "postgres" | "sqlite";
  readonly format: string;
  readonly schema: string;
  readonly files: Readonly<Record<string, string>>;
  /** What shows that it was seen. */
  readonly sign?: RegExp;
}

const KNOWN = "CREATE TABLE known (id int);\n";
const HIDDEN = "CREATE TABLE hidden (id int);";

/** What aim must say: the table, or why it does not read the file. It holds when `diff` differs and names it, or refuses. */
async function seen({ engine, format, schema, files, sign = /hidden/ }: Project): Promise<
  string | null
> {
  const migrations = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`migrations/${path}`, text]),
  );
  await using folder = await temporaryFolder({
    "aim.toml": `engine = "${engine}"\nformat = "${format}"\n`,
    "schema.sql": schema,
    ...migrations,
  });
  const { code, stdout, stderr } = await runAim(["diff", "--exit-code"], { cwd: folder.path });
  if (code === 2) return null;
  if (code === 1 && sign.test(stdout)) return null;
  return `exit ${code}: ${(stdout + stderr).trim().split("\n").at(-1) ?? ""}`;
}

/** A one-file history of a format, with `body` as its UP. */
function history(format: string, body: string): Readonly<Record<string, string>> {
  switch (format) {
    case "goose":
      return {
        "00001_a.sql": `-- +goose Up\n${KNOWN}${body}\n-- +goose Down\nDROP TABLE known;\n`,
      };
    case "dbmate":
      return { "1_a.sql": `-- migrate:up\n${KNOWN}${body}\n-- migrate:down\nDROP TABLE known;\n` };
    case "flyway":
    case "refinery":
      return { "V1__a.sql": `${KNOWN}${body}\n` };
    case "migrate":
      return { "000001_a.up.sql": `${KNOWN}${body}\n` };
    default:
      return { "1_a.sql": `${KNOWN}${body}\n` };
  }
}

function attack(name: string, project: (random: Random, round: number) => Project): Attack {
  return { name, run: ({ random, round }) => seen(project(random, round)) };
}

const FORMATS = ["migrate", "goose", "dbmate", "flyway", "refinery", "sqlx", "plain"];

function formatOf(random: Random, round: number, formats = FORMATS): string {
  return round === 0 ? formats[0] ?? "" : random.pick(formats);
}

/** Something before the place, in which nothing happens. */
function before(random: Random, round: number): string {
  return round === 0
    ? ""
    : random.pick(["", "SELECT 1; ", "/* a */ ", "SELECT $$x$$; ", "SELECT '--'; "]);
}

/** All attacks of the kind. */
export const attacks: readonly Attack[] = [
  attack("comment that ends at a carriage return", (random, round) => {
    const format = formatOf(random, round);
    const comment = round === 0 ? "-- a" : random.pick(["--", "-- '", "-- /*", "-- $$", "--\t;"]);
    return {
      engine: "postgres",
      format,
      schema: KNOWN,
      files: history(format, `${before(random, round)}${comment}\r${HIDDEN}`),
    };
  }),
  attack("string that a comment with a carriage return continues", (random, round) => ({
    engine: "postgres",
    format: "plain",
    schema: KNOWN,
    files: history("plain", `${before(random, round)}SELECT E'a' -- b\r 'c\\''; ${HIDDEN} -- '`),
  })),
  attack("comments that do not nest", (random, round) => {
    const format = formatOf(random, round, ["migrate", "goose", "plain"]);
    return {
      engine: "sqlite",
      format,
      schema: KNOWN,
      files: history(format, `${before(random, round)}/* /* */ ${HIDDEN} -- */`),
    };
  }),
  attack("marker of dbmate behind a carriage return", (random, round) => ({
    engine: "postgres",
    format: "dbmate",
    schema: KNOWN,
    files: history("dbmate", `${before(random, round)}\r-- migrate:down\r${HIDDEN}`),
  })),
  attack("marker behind a line separator", (random, round) => ({
    engine: "sqlite",
    format: "dbmate",
    schema: KNOWN,
    files: {
      "1_a.sql": `-- migrate:up\n${KNOWN}${
        before(random, round)
      }-- \u2028-- migrate:down\n${HIDDEN}\n-- migrate:down\n`,
    },
  })),
  attack("annotation of goose behind a byte order mark", (random, round) => ({
    engine: "sqlite",
    format: "goose",
    schema: KNOWN,
    files: {
      "00001_a.sql": `-- +goose Up\n${KNOWN}${
        before(random, round)
      }\n\ufeff-- +goose Down\n${HIDDEN}\n`,
    },
  })),
  ...(["postgres", "sqlite"] as const).flatMap((engine) => [
    attack(`byte order mark in a name on ${engine}`, (random, round) => ({
      engine,
      format: "plain",
      schema: KNOWN,
      files: {
        "1_a.sql": `CREATE TABLE "${
          round === 0
            ? "\ufeffknown"
            : random.pick(["\ufeffknown", "\ufeff\ufeffknown", "known\ufeff"])
        }" (id int);\n`,
      },
      sign: /known/,
    })),
    attack(`byte order mark in a default on ${engine}`, () => ({
      engine,
      format: "plain",
      schema: "CREATE TABLE known (id int, a text DEFAULT 'x');\n",
      files: { "1_a.sql": "CREATE TABLE known (id int, a text DEFAULT '\ufeffx');\n" },
      sign: /default|known/i,
    })),
    attack(`two byte order marks at the beginning on ${engine}`, () => ({
      engine,
      format: "plain",
      schema: "",
      files: { "1_a.sql": `\ufeff\ufeff${HIDDEN}\n` },
    })),
  ]),
  attack("byte order mark between statements", (random, round) => {
    const format = formatOf(random, round);
    return {
      engine: "postgres",
      format,
      schema: `${KNOWN}${HIDDEN}`,
      files: history(format, `\ufeff${HIDDEN}`),
    };
  }),
  attack("SQL behind a psql command on its line", (random, round) => ({
    engine: "postgres",
    format: "plain",
    schema: KNOWN,
    files: history(
      "plain",
      `${
        round === 0 ? "\\echo a" : random.pick(["\\echo a", "\\timing", "\\pset null x"])
      } \\\\ ${HIDDEN}`,
    ),
  })),
  attack("SQL on the line of a COPY with data", (random, round) => ({
    engine: "postgres",
    format: "plain",
    schema: KNOWN,
    files: history(
      "plain",
      `COPY known FROM ${
        round === 0 ? "stdin" : random.pick(["stdin", "STDOUT"])
      }; ${HIDDEN}\n1\n\\.\n`,
    ),
  })),
  attack("end of data that is none", () => ({
    engine: "postgres",
    format: "plain",
    schema: KNOWN,
    files: history("plain", `COPY known FROM stdin;\n1\n\\. \n${HIDDEN}\n\\.\n`),
  })),
  attack("string whose end a setting decides", (random, round) => {
    const format = formatOf(random, round, ["migrate", "dbmate", "sqlx", "refinery"]);
    return {
      engine: "postgres",
      format,
      schema: KNOWN,
      files: history(
        format,
        `SET standard_conforming_strings = off;\n${
          before(random, round)
        }SELECT 'a\\'; ${HIDDEN} --';`,
      ),
    };
  }),
  attack("setting that a function changes", () => ({
    engine: "postgres",
    format: "plain",
    schema: KNOWN,
    files: history(
      "plain",
      `DO $$ BEGIN PERFORM set_config('standard_conforming_strings', 'off', false); END $$;\nSELECT 'a\\'; SELECT ' || \\'; ${HIDDEN} --';`,
    ),
  })),
  attack("second undo file of a Flyway version", (random, round) => ({
    engine: "postgres",
    format: "flyway",
    schema: KNOWN,
    files: {
      ...history("flyway", ""),
      "U1__a.sql": "DROP TABLE known;\n",
      [`U${round === 0 ? "1.0" : random.pick(["1.0", "01", "1_0_0", "1"])}__b.sql`]: HIDDEN,
    },
  })),
  attack("second file of a version", (random, round) => {
    const format = formatOf(random, round, ["goose", "flyway", "sqlx", "refinery"]);
    const names: Readonly<Record<string, string>> = {
      goose: "1_b.sql",
      flyway: "V1.0__b.sql",
      sqlx: "01_b.sql",
      refinery: "V01__b.sql",
    };
    const marked = format === "goose" ? `-- +goose Up\n${HIDDEN}\n` : HIDDEN;
    return {
      engine: "postgres",
      format,
      schema: KNOWN,
      files: { ...history(format, ""), [names[format] ?? ""]: marked },
    };
  }),
  attack("version beyond 64 bits", (random, round) => {
    const format = formatOf(random, round, ["migrate", "goose", "sqlx", "refinery"]);
    const version = round === 0 ? "9223372036854775808" : random.pick([
      "9223372036854775808",
      "18446744073709551616",
      "99999999999999999999999999",
    ]);
    const names: Readonly<Record<string, string>> = {
      migrate: `${version}_b.up.sql`,
      goose: `${version}_b.sql`,
      sqlx: `${version}_b.sql`,
      refinery: `V${version}__b.sql`,
    };
    const marked = format === "goose" ? `-- +goose Up\n${HIDDEN}\n` : HIDDEN;
    return {
      engine: "postgres",
      format,
      schema: `${KNOWN}${HIDDEN}`,
      files: { ...history(format, ""), [names[format] ?? ""]: marked },
      sign: /nothing can/,
    };
  }),
  attack("versions that are equal as floating numbers", () => ({
    engine: "sqlite",
    format: "goose",
    schema: KNOWN,
    files: {
      "9007199254740993_b.sql": `-- +goose Up\nALTER TABLE known RENAME TO hidden;\n`,
      "9007199254740992_a.sql": `-- +goose Up\n${KNOWN}`,
    },
  })),
];
