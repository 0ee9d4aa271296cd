/** How long `diff --watch` takes for an answer, on a server that runs already. */

import { writeFile } from "node:fs/promises";
import { KeptServer } from "../src/pipeline/watch.ts";
import { type Changed, type Dialect, schemaOf, sizedProject } from "./fixtures.ts";
import { openFolder } from "./open.ts";

const PAUSE = 300;

/** Milliseconds from a saved schema.sql to the difference, the middle of seven edits of one table. */
export async function watchTime(
  dialect: Dialect,
  folder: string,
  { tables, changed }: { readonly tables: number; readonly changed: Exclude<Changed, "none"> },
): Promise<number> {
  const place = await sizedProject(folder, dialect, { tables, changed });
  await using kept = new KeptServer();
  const times: number[] = [];
  while (times.length < 9) {
    const added = `added_${times.length}`;
    await writeFile(`${place}/schema.sql`, schemaOf(dialect, tables, { changed, added }));
    const { project } = await openFolder(dialect, place);
    // Nobody saves faster than that; meanwhile the server goes back to before the last edit.
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    const start = performance.now();
    await kept.diff(project);
    times.push(performance.now() - start);
  }
  // The first loads it all, the second finds where the edits are.
  return times.slice(2).sort((a, b) => a - b)[3] ?? 0;
}
