/** The version of aim, and what it was built from. */

export { VERSION } from "../core/version.ts";

/** Put in the place of its name when a release is built; not there in a run from source. */
declare const AIM_BUILD: Build | undefined;

/** What a release was built from and for. */
export interface Build {
  /** The commit, 40 hex digits; null where it was not known. */
  readonly commit: string | null;
  /** As in the names of archives: `linux-x64-musl`. */
  readonly target: string;
}

/** What this program was built from; null when it is not one of a release. */
export const BUILD: Build | null = typeof AIM_BUILD === "undefined" ? null : AIM_BUILD;
