/** Rows that move: whether a model's statements are proven over rows. */

import { generateOn } from "../../src/pipeline/mod.ts";
import { DATA_CASES } from "../../tests/create/data_cases.ts";
import { sourcesOf } from "../corpus/bench.ts";
import { counts, type Task } from "./task.ts";

/** Every data migration. */
export function dataTasks(): readonly Task[] {
  return DATA_CASES.map(({ engine, title, from, to, wanted }) => ({
    kind: "data",
    engine,
    title,
    run: async ({ project, server, openModel }) => {
      const { outcome, usage, model, data, findings } = await generateOn(
        project,
        server,
        sourcesOf(from, to),
        {
          name: "change",
          dryRun: true,
          answers: new Map(),
          renames: [],
          onAmbiguity: "fail",
          move: wanted,
          openModel,
        },
      );
      return {
        result: outcome === "proven" ? "right" : outcome === "undecided" ? "asked" : "refused",
        said: data?.up.join("; ") ?? model?.message ?? findings[0]?.message ?? outcome,
        ...counts(usage, model),
      };
    },
  }));
}
