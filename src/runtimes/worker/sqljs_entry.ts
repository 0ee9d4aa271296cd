/** Where the thread of the embedded SQLite begins when aim runs from source. */

import { type SqljsLoader, startWith } from "../sqljs_engine.ts";
import { type EngineStart, serve } from "./serve.ts";

serve(() => Promise.resolve({ start }));

/** The text of sql.js is sent as the part `loader`: to find a package takes this host longer than all the rest of the start. */
async function start(start: EngineStart) {
  const text = await start.part("loader") as string;
  const module: { exports: unknown } = { exports: {} };
  new Function("module", "exports", text)(module, module.exports);
  return await startWith(module.exports as SqljsLoader, start);
}
