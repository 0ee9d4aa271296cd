/** Atlas: `<timestamp>_<name>.sql`, sealed by the hashes in `atlas.sum`. */

import { noRebase } from "../format_error.ts";
import type { MigrationFormat } from "../format.ts";
import { books } from "./books.ts";
import { isAtlasFile, parseAtlas } from "./read.ts";
import { SUM_FILE, withoutHashes } from "./sum.ts";
import { renderAtlas } from "./write.ts";

/** Atlas' own kind of folder, as Ent writes it too. */
export const atlas: MigrationFormat = {
  name: "atlas",
  title: "Atlas",
  writes: true,
  forwardOnly: true,
  wants: (path) => isAtlasFile(path) || path === SUM_FILE,
  recognises(files) {
    if (!files.some(({ path }) => path === SUM_FILE)) return 0;
    return files.filter(({ path }) => atlas.wants(path)).length / files.length;
  },
  parse: parseAtlas,
  rebase: noRebase("Atlas", "atlas migrate rebase does it"),
  without: withoutHashes,
  render: renderAtlas,
  books,
  apply: (folder) => `atlas migrate apply --dir "file://${folder}" --url "$DATABASE_URL"`,
};
