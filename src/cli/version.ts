/** The version of aim, and what it was built from. */

import manifest from "../../deno.json" with { type: "json" };

/** Put in the place of its name when a release is built; not there in a run from source. */
declare const AIM_BUILD: Build | undefined;

/** What a release was built from and for. */
export interface Build {
  /** The commit, 40 hex digits; null where it was not known. */
  readonly commit: string | null;
  /** As in the names of archives: `linux-x64-musl`. */
  readonly target: string;
}

/** As in deno.json: `0.1.0`. */
export const VERSION: string = manifest.version;

/** What this program was built from; null when it is not one of a release. */
export const BUILD: Build | null = typeof AIM_BUILD === "undefined" ? null : AIM_BUILD;
