/** A runtime whose file is loaded when it is asked: of those of an engine most runs need one. */

import type { Runtime } from "./runtime.ts";

/** What must be known of it before. */
interface Stated extends Pick<Runtime, "name" | "needsVersion"> {
  /** It serves an address that the user gives, and nothing else. */
  readonly needsAddress?: true;
}

/** The runtime that `load` imports; it has no `prepare`. */
export function loadedLater(
  load: () => Promise<Runtime>,
  { needsAddress, ...stated }: Stated,
): Runtime {
  return {
    ...stated,
    refuses: async (target) =>
      needsAddress === true && target.devUrl === undefined
        ? "no server is given by --dev-url or AIM_DEV_URL"
        : await (await load()).refuses(target),
    mends: async (target) => await (await load()).mends?.(target) ?? null,
    offer: async (target) => await (await load()).offer?.(target) ?? null,
    start: async (target, options) => await (await load()).start(target, options),
  };
}
