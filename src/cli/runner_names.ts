/** Which migration runner a project names in its manifests, where the files of several look the same. */

import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { MEGABYTE, readText } from "../host/read_text.ts";

/** Patterns by format. */
type Names = Readonly<Record<string, RegExp>>;

/** Command lines of the runners, in whatever starts them. */
const COMMANDS: Names = {
  migrate:
    /golang-migrate|\bmigrate\/migrate\b|\bmigrate\s+(?:-\S+\s+\S+\s+)*-(?:path|source|database)\b/,
  goose: /pressly\/goose|\bgoose\s+(?:-\S+\s|up\b|down\b|status\b|create\b|fix\b|\w+\s+["'$])/,
  flyway: /\bflyway\b/i,
  sqitch: /\bsqitch\s+(?:deploy|revert|verify|add|rework)\b/,
  sqlx: /\bsqlx\s+(?:migrate|mig|database|db)\b|\bsqlx-cli\b/,
  dbmate: /\bdbmate\b/,
  refinery: /\brefinery\s+migrate\b|\brefinery_cli\b/,
  diesel: /\bdiesel\s+(?:migration|database|setup)\b|\bhasura\s+migrate\b/,
  prisma: /\bprisma\s+migrate\b/,
};

/** Crates; a dependency may stand in a table of its own. */
const CRATES: Names = {
  sqlx: /^\s*sqlx\b|\bdependencies\.sqlx\b/m,
  refinery: /^\s*refinery(?:-core)?\b|\bdependencies\.refinery\b/m,
  diesel: /^\s*diesel(?:_migrations)?\b|\bdependencies\.diesel(?:_migrations)?\b/m,
};

const MODULES: Names = {
  migrate: /github\.com\/golang-migrate\/migrate\b/,
  goose: /github\.com\/pressly\/goose\b/,
  dbmate: /github\.com\/amacneil\/dbmate\b/,
};

const PACKAGES: Names = { ...COMMANDS, prisma: /"(?:@prisma\/client|prisma)"|prisma migrate/ };

/** What is looked at in a folder, and what a runner is called there. */
const MANIFESTS: readonly { readonly file: RegExp; readonly names: Names }[] = [
  { file: /^Cargo\.toml$/, names: CRATES },
  { file: /^go\.mod$/, names: MODULES },
  { file: /^package\.json$/, names: PACKAGES },
  {
    file:
      /^(?:(?:GNU)?[Mm]akefile|[Jj]ustfile|\.justfile|Taskfile\.ya?ml|(?:docker-)?compose[\w.-]*\.ya?ml|[\w.-]*Dockerfile[\w.-]*|Procfile|build\.gradle(?:\.kts)?|pom\.xml|[\w-]+\.sh)$/,
    names: COMMANDS,
  },
];

/** Files and folders whose being there says enough. */
const MARKS: Readonly<Record<string, string>> = {
  ".sqlx": "sqlx",
  "flyway.conf": "flyway",
  "flyway.toml": "flyway",
  "diesel.toml": "diesel",
  "refinery.toml": "refinery",
};

/**
 * Those of `formats` whose runner is named nearest to a folder, in the order given: in the folder itself, then in those above it up
 * to the project. What cannot be read names nothing.
 */
export async function namedRunners(
  folder: string,
  project: string,
  formats: readonly string[],
): Promise<readonly string[]> {
  for (let at = folder;; at = dirname(at)) {
    const found = await namesIn(at);
    const named = formats.filter((format) => found.has(format));
    if (named.length > 0 || at === project || dirname(at) === at) return named;
  }
}

async function namesIn(folder: string): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) {
    const mark = MARKS[entry.name];
    if (mark !== undefined) found.add(mark);
    const manifest = MANIFESTS.find(({ file }) => file.test(entry.name));
    if (!entry.isFile() || manifest === undefined) continue;
    const text = await readText(join(folder, entry.name), { limit: MEGABYTE }).catch(() => "");
    for (const [format, pattern] of Object.entries(manifest.names)) {
      if (pattern.test(text)) found.add(format);
    }
  }
  return found;
}
