/** Plain numbered `.sql` files, at any depth, as projects with a runner of their own keep them; only read. */

import { UsageError } from "../../core/error.ts";
import type { MigrationFormat } from "../format.ts";
import { isPlainFile, parsePlain } from "./read.ts";

/** Numbered files of no known runner. */
export const plain: MigrationFormat = {
  name: "plain",
  title: "plain numbered .sql files",
  writes: false,
  readOnly: "It is only read; set format to the runner that is to apply the migration",
  wants: isPlainFile,
  recognises(files) {
    const own = files.filter((file) => isPlainFile(file.path));
    if (own.length === 0) return 0;
    const marked = own.some((file) => /^--\s*\+migrate\s+up\b/im.test(file.text));
    return (marked ? 0.95 : 0.4) * own.length / files.length;
  },
  parse: parsePlain,
  render() {
    throw new UsageError('Cannot write migrations in the format "plain"', {
      hint: plain.readOnly,
    });
  },
  apply: (folder) => `run the files of ${folder} in order`,
};
