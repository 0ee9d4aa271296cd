/** Settings and links of a repository that lead out of it, to read what is private or to write where it harms. */

import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import process from "node:process";
import { temporaryFolder } from "../../../tests/run_aim.ts";
import type { Attack } from "../attack.ts";
import { runBounded, wrongEnd } from "../bounded_run.ts";

/** What must not be read: it would be in the plan. */
const SECRET = "CREATE TABLE stolen (id integer PRIMARY KEY);\n";

/** A way out of the folder `project`, to `private` beside it. */
interface WayOut {
  readonly name: string;
  /** Lines of aim.toml; `OUT` stands for the absolute path of the private folder. */
  readonly settings: string;
  /** Whether it is also shown that the flag and `aim trust` open it. */
  readonly opens?: true;
  /** Makes links in the project. */
  links?(project: string, out: string): void;
}

const WAYS: readonly WayOut[] = [
  { name: "a schema with ..", opens: true, settings: 'schema = "../private/schema.sql"' },
  { name: "an absolute schema", settings: 'schema = "OUT/schema.sql"' },
  { name: "a glob with ..", settings: 'schema = "../priv*/*.sql"' },
  { name: "an absolute glob", settings: 'schema = "OUT/**"' },
  {
    name: "a schema that is a link",
    settings: 'schema = "db.sql"',
    links: (project, out) => symlinkSync(join(out, "schema.sql"), join(project, "db.sql")),
  },
  {
    name: "a link in the folder of the schema",
    opens: true,
    settings: 'schema = "db"',
    links: (project, out) => {
      mkdirSync(join(project, "db"));
      symlinkSync(join(out, "schema.sql"), join(project, "db/a.sql"));
    },
  },
  {
    name: "a linked folder that a glob goes through",
    settings: 'schema = "db/**/*.sql"',
    links: (project, out) => {
      mkdirSync(join(project, "db"));
      symlinkSync(out, join(project, "db/more"));
    },
  },
  {
    name: "links that lead to links",
    settings: 'schema = "one"',
    links: (project, out) => {
      symlinkSync("two", join(project, "one"));
      symlinkSync(join(project, "three"), join(project, "two"));
      symlinkSync(out, join(project, "three"));
    },
  },
  { name: "migrations with ..", settings: 'migrations = "../private"' },
  { name: "migrations in a folder to be made", settings: 'migrations = "../private/deep/new"' },
  {
    name: "migrations that are a link",
    settings: "",
    links: (project, out) => symlinkSync(out, join(project, "migrations")),
  },
  {
    name: "migrations that are a link to what is to be made",
    opens: true,
    settings: 'migrations = "db/migrations"',
    links: (project, out) => {
      mkdirSync(join(project, "db"));
      symlinkSync(join(out, "new"), join(project, "db/migrations"));
    },
  },
  {
    name: "a link in the folder of migrations",
    settings: "",
    links: (project, out) => {
      mkdirSync(join(project, "migrations"));
      symlinkSync(join(out, "schema.sql"), join(project, "migrations/000001_a.up.sql"));
    },
  },
  { name: "migrations in the folder of git", settings: 'migrations = ".git/hooks"' },
];

/** Each way is refused, and open after the flag or `aim trust`. */
export const attacks: readonly Attack[] = [
  ...WAYS.map((way): Attack => ({ name: way.name, run: () => refusedUntilAllowed(way) })),
  { name: "another target after trust", run: changedAfterTrust },
  { name: "a repository of another owner above", run: foreignRepository },
  { name: "being too strict with a user's own flag", run: ownFlag },
  { name: "being too strict within one repository", run: sameRepository },
];

interface Sketch extends AsyncDisposable {
  readonly project: string;
  readonly out: string;
  aim(...args: readonly string[]): ReturnType<typeof runBounded>;
}

async function sketch(settings: string): Promise<Sketch> {
  const folder = await temporaryFolder({
    "project/.git/hooks/x": "",
    "project/schema.sql": "CREATE TABLE own (id integer PRIMARY KEY);\n",
    "private/schema.sql": SECRET,
  });
  const [project, out] = [join(folder.path, "project"), join(folder.path, "private")];
  writeFileSync(
    join(project, "aim.toml"),
    `engine = "sqlite"\n${settings.replaceAll("OUT", out)}\n`,
  );
  return {
    project,
    out,
    aim: (...args) =>
      runBounded(args, {
        cwd: project,
        variables: { XDG_CONFIG_HOME: join(folder.path, "settings") },
      }),
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

const REFUSED = {
  codes: [2],
  says: /outside of the project[^]*--allow-outside[^]*aim trust/,
};

/** A setting is named by its line. */
const REFUSED_AT_LINE = {
  codes: [2],
  says: /outside of the project[^]*--> aim\.toml:2:1[^]*--allow-outside[^]*aim trust/,
};

async function refusedUntilAllowed(way: WayOut): Promise<string | null> {
  await using made = await sketch(way.settings);
  way.links?.(made.project, made.out);
  const before = listing(made.out);
  for (const command of ["diff", "generate"]) {
    const run = await made.aim(command);
    const damage = wrongEnd(run, way.settings === "" ? REFUSED : REFUSED_AT_LINE);
    if (damage !== null) return `${command}: ${damage}`;
    if (/stolen/.test(run.stdout + run.stderr)) return `${command} shows what is private`;
  }
  if (listing(made.out) !== before) return "something was written outside";
  if (way.opens !== true) return null;
  const allowed = { codes: [0, 1, 2], says: /^(?![^]*outside of the project)/ };
  const flag = wrongEnd(await made.aim("diff", "--allow-outside"), allowed);
  if (flag !== null) return `with --allow-outside: ${flag}`;
  const trusted = wrongEnd(await made.aim("trust"), { codes: [0], says: /trusted: run it again/ });
  if (trusted !== null) return `aim trust: ${trusted}`;
  const open = wrongEnd(await made.aim("diff"), allowed);
  if (open !== null) return `after aim trust: ${open}`;
  await made.aim("trust", "--remove");
  const removed = wrongEnd(await made.aim("diff"), REFUSED);
  return removed === null ? null : `after aim trust --remove: ${removed}`;
}

async function changedAfterTrust(): Promise<string | null> {
  await using made = await sketch('schema = "db.sql"');
  mkdirSync(join(made.project, "migrations"));
  writeFileSync(join(made.out, "harmless.sql"), "CREATE TABLE a (id integer);\n");
  symlinkSync(join(made.out, "harmless.sql"), join(made.project, "db.sql"));
  await made.aim("trust");
  const before = wrongEnd(await made.aim("diff"), { codes: [0], says: /\ba\b/ });
  if (before !== null) return before;
  execFileSync("ln", ["-sf", join(made.out, "schema.sql"), join(made.project, "db.sql")]);
  return wrongEnd(await made.aim("diff"), REFUSED);
}

/** Anybody can make `/tmp/.git`; only root can act as somebody else here. */
async function foreignRepository(): Promise<string | null> {
  if (process.getuid?.() !== 0) return null;
  await using folder = await temporaryFolder({
    ".git/HEAD": "",
    "private/schema.sql": SECRET,
    "project/aim.toml": 'engine = "sqlite"\nschema = "../private/schema.sql"\n',
  });
  execFileSync("chown", ["-R", "12345", join(folder.path, ".git")]);
  return wrongEnd(await runBounded(["diff"], { cwd: join(folder.path, "project") }), REFUSED);
}

async function ownFlag(): Promise<string | null> {
  await using made = await sketch("");
  mkdirSync(join(made.project, "migrations"));
  const run = await made.aim("diff", "--schema", "../private/schema.sql");
  return wrongEnd(run, { codes: [0], says: /stolen/ });
}

async function sameRepository(): Promise<string | null> {
  await using folder = await temporaryFolder({
    ".git/HEAD": "",
    "db/schema.sql": "CREATE TABLE shared (id integer PRIMARY KEY);\n",
    "app/aim.toml": 'engine = "sqlite"\nschema = "../db/schema.sql"\n',
    "app/migrations/.keep": "",
  });
  const run = await runBounded(["generate"], { cwd: join(folder.path, "app") });
  return wrongEnd(run, { codes: [0], says: /create_shared/ });
}

function listing(folder: string): string {
  return readdirSync(folder, { recursive: true }).join("\n");
}
