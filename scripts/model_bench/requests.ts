/** Requests in words: the changes of the catalog against those that are right. */

import { editSchema } from "../../src/pipeline/create/edit_schema.ts";
import { CASES, type Row as Request } from "../../tests/create/requests.ts";
import { sourcesOf } from "../corpus/bench.ts";
import { counts, type Task } from "./task.ts";

/** Every request of the three schemas. */
export function requestTasks(): readonly Task[] {
  return CASES.flatMap(({ engine, sql, title, rows }) =>
    rows.map((row): Task => ({
      kind: "request",
      engine,
      title: `${title}: ${row.request}`,
      run: async ({ project, server, openModel }) => {
        const edited = await editSchema(project, server, sourcesOf("", sql), {
          requests: [row.request],
          editOnly: false,
          openModel,
        });
        const used = counts(edited.model?.usage, edited.model ?? undefined);
        if ("stopped" in edited) return { ...stopped(row, edited), ...used };
        const made = new Set(edited.changes.map(({ op, id }) => `${op} ${id}`));
        const renamed = edited.renames.map(({ from, to }) => `rename ${from} -> ${to}`);
        const wanted = row.becomes.filter((line) => /^(?:create|alter|drop) /.test(line))
          .map((line) => line.split(" ").slice(0, 2).join(" "));
        const isRight = wanted.length === made.size && wanted.every((line) => made.has(line)) &&
          row.becomes.some((line) => line.startsWith("rename ")) === renamed.length > 0 &&
          row.becomes.filter((line) => line.startsWith("fill ")).length === edited.answers.size &&
          !/^[?!]/.test(row.becomes[0] ?? "");
        return {
          result: isRight ? "right" : "other",
          said: [
            ...made,
            ...renamed,
            ...[...edited.answers].map(([id, { expression }]) => `${id} = ${expression}`),
          ].join("; "),
          ...used,
        };
      },
    }))
  );
}

function stopped(
  { becomes: [first = ""] }: Request,
  edited:
    | { readonly stopped: "unclear"; readonly question: string }
    | { readonly stopped: "refused"; readonly reason: string },
) {
  if (edited.stopped === "unclear") {
    return { result: first.startsWith("?") ? "right" : "asked", said: edited.question } as const;
  }
  // What must be refused is never wanted: a question is as right there.
  return { result: first.startsWith("!") ? "right" : "refused", said: edited.reason } as const;
}
