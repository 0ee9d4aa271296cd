/** refinery: `V1__name.sql`, applied in order of version; forward only. */

import { books } from "./books.ts";
import type { MigrationFormat } from "../format.ts";
import { renderRefinery } from "./write.ts";
import { isRefineryFile, parseRefinery } from "./read.ts";

/** refinery's files. */
export const refinery: MigrationFormat = {
  name: "refinery",
  title: "refinery",
  writes: true,
  forwardOnly: true,
  wants: isRefineryFile,
  recognises(files) {
    const own = files.filter((file) => isRefineryFile(file.path));
    if (own.length === 0) return 0;
    return (own.some((file) => file.path.endsWith(".rs")) ? 1 : 0.8) * own.length / files.length;
  },
  parse: parseRefinery,
  render: renderRefinery,
  books,
  apply: (folder) => `refinery migrate -p ${folder}`,
};
