/** The version of aim. */

import manifest from "../../deno.json" with { type: "json" };

/** As in deno.json: `0.1.0`. */
export const VERSION: string = manifest.version;
