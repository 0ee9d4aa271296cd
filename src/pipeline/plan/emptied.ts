/** A schema that is empty beside a history that is not: more likely a file nobody has written yet than the wish to drop everything. */

import { UsageError } from "../../core/error.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Project } from "../project.ts";
import { summary } from "../scratch/snapshot.ts";

/** What is compared, and the files that the schema was read from. */
export interface Emptied {
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly schema: readonly { readonly path: string }[];
}

/** Throws UsageError when the schema holds no more than a new database does, and the history holds something. */
export function refuseEmptied({ engine }: Project, { before, target, schema }: Emptied): void {
  const holdsNone = ({ objects }: Snapshot) =>
    [...objects.keys()].every((id) => engine.empty.objects.has(id));
  if (!holdsNone(target) || holdsNone(before)) return;
  const files = schema.map(({ path }) => `"${path}"`).join(", ");
  throw new UsageError(
    `Cannot generate from an empty schema: nothing is defined in ${files}, and the migrations hold ${
      summary(before)
    }`,
    {
      code: "schema-empty",
      hint:
        "Write the schema as it is to be; --allow-empty-schema makes the migration that drops everything",
    },
  );
}
