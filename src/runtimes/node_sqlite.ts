/** SQLite of the host, in a thread of its own: `node:sqlite`, set up to behave as a stock build does. */

import { SetupError } from "../core/error.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { loadNodeSqlite } from "./node_sqlite_host.ts";
import { RemoteSqliteServer } from "./remote_sqlite.ts";
import type { Runtime, Target } from "./runtime.ts";
import { NOTHING_REGISTERED } from "./sqlite_registered.ts";
import { isNewer } from "./version.ts";
import { openThread, prepareThread } from "./worker/engine_thread.ts";

/** The SQLite that Deno, Bun or Node brings along. It has modules that the embedded one lacks: FTS5, R-Tree. */
export const nodeSqlite: Runtime = {
  name: "node:sqlite",
  refuses: (target) => refusal(target),
  prepare: ({ signal, limits = DEFAULT_LIMITS }) =>
    prepareThread("node:sqlite", { limits, signal }),
  start: async (target, { signal, limits = DEFAULT_LIMITS }) => {
    signal.throwIfAborted();
    const host = await loadNodeSqlite();
    if (host === null) throw new SetupError(`Cannot start node:sqlite: ${MISSING}`);
    const thread = openThread("node:sqlite", { limits, signal });
    try {
      const { registered = NOTHING_REGISTERED } = target;
      thread.give("registered", registered);
      await thread.ready;
      const { version } = host;
      return new RemoteSqliteServer(thread, { runtime: "node:sqlite", version, registered });
    } catch (error) {
      thread.stop();
      throw error;
    }
  },
};

const MISSING = "this runtime has no module node:sqlite";

async function refusal(target: Target): Promise<string | null> {
  if (target.dialect !== "sqlite") return `it runs SQLite, not ${target.dialect}`;
  const host = await loadNodeSqlite();
  if (host === null) return MISSING;
  if (!host.rewinds) return `the node:sqlite of this runtime is too old: it has no serialize()`;
  const missing = target.needs.filter((need) => !host.modules.has(need));
  if (missing.length > 0) {
    return `its SQLite ${host.version} is built without the module ${missing.join(", ")}`;
  }
  if (target.version !== null && !target.anyVersion && isNewer(target.version, host.version)) {
    return `it is SQLite ${host.version}, older than ${target.version}`;
  }
  return null;
}
