/** Where the thread of a scratch engine begins in a bundle, which has one program for all of them. */

import { type LoadEngine, serve } from "./serve.ts";

/** Nothing is loaded but the engine that is wanted. */
const ENGINES: Readonly<Record<Parameters<LoadEngine>[0], () => ReturnType<LoadEngine>>> = {
  "pglite": () => import("../pglite/engine.ts"),
  "sql.js": () => import("../sqljs_engine.ts"),
  "node:sqlite": () => import("../node_sqlite_engine.ts"),
};

serve((name) => ENGINES[name]());
