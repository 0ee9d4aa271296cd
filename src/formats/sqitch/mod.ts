/** sqitch: `sqitch.plan` and the scripts of its changes in `deploy/`, `revert/` and `verify/`. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { rebaseSqitch, withoutChanges } from "./rebase.ts";
import { renderSqitch } from "./write.ts";
import { parseSqitch, sqitchReferences } from "./read.ts";

/** A sqitch project, or its top folder when sqitch.conf stands elsewhere. */
export const sqitch: MigrationFormat = {
  name: "sqitch",
  title: "sqitch",
  writes: true,
  wants: (path) =>
    /(?:^|\/)sqitch\.(?:plan|conf)$/.test(path) || /(?:^|\/)[^/]+\.plan$/.test(path) ||
    /(?:^|\/)(?:deploy|revert|verify)\/.+\.\w+$/.test(path),
  refersTo: sqitchReferences,
  recognises: (files) =>
    files.some((file) => file.path === "sqitch.conf" || /(?:^|\/)sqitch\.plan$/.test(file.path))
      ? 1
      : 0,
  parse: parseSqitch,
  without: withoutChanges,
  rebase: rebaseSqitch,
  render: renderSqitch,
  books,
  apply: (folder) => `sqitch${folder === "." ? "" : ` -C ${folder}`} deploy --verify`,
};
