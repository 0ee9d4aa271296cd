/** `aim init` beside migrations that are programs: how the runner's own tool applies them. */

import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { AimError } from "../core/error.ts";
import type { Context } from "./command.ts";
import { openQuietly } from "./open.ts";
import { ownCommand } from "./orm_setup.ts";

/** Adds to aim.toml how the runner's tool applies migrations that are programs, where there are some; gives what is to be said of it. */
export async function addHistory(context: Context): Promise<readonly string[]> {
  const { proposedReplay, settingsOf } = await import("../pipeline/mod.ts");
  const { folder } = context;
  try {
    const project = await openQuietly(context);
    const found = await proposedReplay(project);
    if (found === null) return [];
    const own = typeof found.command === "string"
      ? null
      : await ownCommand(folder, { command: found.command });
    const settings = settingsOf(own === null ? found : { ...found, command: own });
    const { title } = project.format;
    const lines = [
      "",
      `# ${title} itself applies the migrations that aim cannot read, to a scratch database. It must take`,
      '# its address from DATABASE_URL, or from variables: env = { DB_URL = "{url}" }.',
      "[history]",
      ...settings,
      "",
    ];
    await appendFile(join(folder, "aim.toml"), lines.join("\n"));
    return [
      `[history] of aim.toml has ${title} apply them: see that it takes the database from DATABASE_URL, then aim trust, then aim diff`,
    ];
  } catch (error) {
    // What is wrong with the migrations is said where they are replayed.
    if (error instanceof AimError) return [];
    throw error;
  }
}
