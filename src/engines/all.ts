/** All engines, loaded: for what looks at each of them. */

import type { Lexicon } from "../sql/lexicon.ts";
import type { Engine } from "./engine.ts";
import { LOADERS } from "./mod.ts";

/** All engines, in the order in which they are shown. */
export const ENGINES: readonly Engine[] = await Promise.all(
  [...LOADERS.values()].map((load) => load()),
);

/** The tokens of a dialect. Throws an Error for an unknown one. */
export function lexiconOf(dialect: string): Lexicon {
  const engine = ENGINES.find((one) => one.dialect === dialect);
  if (engine === undefined) throw new Error(`There is no dialect ${dialect}`);
  return engine.lexicon;
}
