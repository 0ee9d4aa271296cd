/** What is found about a schema or a migration, as reports, rules and `--json` have it. */

import type { Place } from "./statement.ts";

/** Something that is wrong, or dangerous, or worth knowing. */
export interface Finding {
  /** A stable word: `schema-differs`, `down-differs`. */
  readonly code: string;
  readonly severity: "error" | "warning" | "info";
  /** One or more sentences, the first of them a line. */
  readonly message: string;
  readonly hint?: string;
  readonly place?: Place;
  /** Name of the object that it is about: `public.users.email`. */
  readonly object?: string;
  /** Version and name of the migration that it is about. */
  readonly migration?: string;
  readonly direction?: "up" | "down";
}
