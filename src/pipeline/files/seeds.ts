/** The project's own rows: SQL that its settings name, or that lies in its folder `seeds`. */

import { stat } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { UsageError } from "../../core/error.ts";
import type { SourceFile } from "../../formats/format.ts";
import { note, type Project } from "../project.ts";
import { type Outside, outsideError, reachOf } from "./bounds.ts";
import { type Listing, listSchema, readListedSchema } from "./read_sources.ts";

/** Rows of the project's own. */
export interface Seeds {
  readonly files: readonly SourceFile[];
  /** True where settings name them, so that one that does not run is an error. */
  readonly areNamed: boolean;
}

/** The most characters of rows that nobody asked for by a setting. */
const MOST_FOUND = 1_000_000;

/** Reads the rows of a project. Throws UsageError for what cannot be read, or lies outside of the project. */
export async function readSeeds(project: Project): Promise<Seeds> {
  const { config } = project;
  const areNamed = config.sources.seeds !== undefined && config.sources.seeds !== "default";
  if (config.rows === "off") return { files: [], areNamed };
  const base = process.cwd();
  const found = await listSeeds(project, areNamed);
  const outside = outsideIn(found);
  const isAllowed = outside.length === 0 || await project.allowsOutside?.(outside) === true;
  if (!isAllowed) throw outsideError(config, outside);
  const listings = outside.length === 0 ? found : await Promise.all(
    pathsOf(project, areNamed).map((path) =>
      listSchema(path, { base, allows: () => true }, "seeds")
    ),
  );
  const files = await readListedSchema(listings, base);
  const size = files.reduce((sum, { text }) => sum + text.length, 0);
  if (areNamed || size <= MOST_FOUND) return { files, areNamed };
  note(
    project,
    "The rows in seeds/ are many and left out: name them in aim.toml to use them, seeds = [...]",
  );
  return { files: [], areNamed };
}

/** What the rows of a project use outside of it; what cannot be read uses nothing. */
export async function outsideSeeds(project: Project): Promise<readonly Outside[]> {
  const { sources } = project.config;
  const areNamed = sources.seeds !== undefined && sources.seeds !== "default";
  try {
    return outsideIn(await listSeeds(project, areNamed));
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

async function listSeeds(project: Project, areNamed: boolean): Promise<readonly Listing[]> {
  const { config } = project;
  const folder = await stat(join(config.root, "seeds")).catch(() => null);
  if (!areNamed && folder?.isDirectory() !== true) return [];
  const bounds = { base: process.cwd(), allows: await reachOf(config, "seeds") };
  try {
    return await Promise.all(
      pathsOf(project, areNamed).map((path) => listSchema(path, bounds, "seeds")),
    );
  } catch (error) {
    // A folder of that name may hold something else.
    if (!areNamed && error instanceof UsageError && error.code === "seeds-missing") return [];
    throw error;
  }
}

function pathsOf({ config }: Project, areNamed: boolean): readonly string[] {
  return areNamed ? config.seeds : [join(config.root, "seeds", "*.sql")];
}

function outsideIn(listings: readonly Listing[]): readonly Outside[] {
  return listings.flatMap(({ root, outside }) =>
    outside.map(({ path, real }) => ({
      key: "seeds" as const,
      path: path === "" ? root : join(root, path),
      real,
    }))
  );
}
