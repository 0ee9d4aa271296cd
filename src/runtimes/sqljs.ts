/** SQLite inside the program, in a thread of its own: sql.js, the official amalgamation compiled to WebAssembly. */

import { asset } from "../host/assets.ts";
import { DEFAULT_LIMITS } from "./limits.ts";
import { RemoteSqliteServer } from "./remote_sqlite.ts";
import type { Runtime, Target } from "./runtime.ts";
import { NOTHING_REGISTERED } from "./sqlite_registered.ts";
import { SQLJS_ASSETS, sqljsProgram } from "./sqljs_parts.ts";
import { isNewer } from "./version.ts";
import { openThread, prepareThread } from "./worker/engine_thread.ts";
import { isBundled } from "./worker/open_worker.ts";

/** The embedded SQLite. */
export const sqljs: Runtime = {
  name: "sql.js",
  refuses: (target) => Promise.resolve(refusal(target)),
  prepare: ({ signal, limits = DEFAULT_LIMITS }) => {
    void sqljsProgram.begin();
    prepareThread("sql.js", { limits, signal });
  },
  start: async (target, { signal, limits = DEFAULT_LIMITS }) => {
    signal.throwIfAborted();
    const thread = openThread("sql.js", { limits, signal });
    try {
      if (!isBundled()) {
        const loader = await asset(SQLJS_ASSETS, "sql-wasm.js");
        thread.give("loader", new TextDecoder().decode(loader));
      }
      const { registered = NOTHING_REGISTERED } = target;
      thread.give("registered", registered);
      thread.give("wasm", await sqljsProgram.take());
      await thread.ready;
      return new RemoteSqliteServer(thread, { runtime: "sql.js", version: VERSION, registered });
    } catch (error) {
      thread.stop();
      throw error;
    }
  },
};

/** What SQL.js 1.16.0 is. */
const VERSION = "3.54.1";

/** The virtual-table modules that it is built with. */
const MODULES = new Set(["fts3", "fts4", "fts3tokenize", "fts4aux"]);

function refusal(target: Target): string | null {
  if (target.dialect !== "sqlite") return `it runs SQLite, not ${target.dialect}`;
  const missing = target.needs.filter((need) => !MODULES.has(need));
  if (missing.length > 0) return `it is built without the module ${missing.join(", ")}`;
  if (target.version !== null && !target.anyVersion && isNewer(target.version, VERSION)) {
    return `it is SQLite ${VERSION}, older than ${target.version}`;
  }
  return null;
}
