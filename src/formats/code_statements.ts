/** What writers of programs share: statements with the comments that stand above them. */

import type { PlannedStatement } from "../core/statement.ts";

/** One call of the program. */
export interface CalledStatement {
  /** Lines above it, without the comment sign. */
  readonly comments: readonly string[];
  readonly sql: string;
}

/** Statements as calls; with `apart`, runs of them that can be one transaction stand between `BEGIN` and `COMMIT`. */
export function calledStatements(
  statements: readonly PlannedStatement[],
  { apart }: { readonly apart: boolean },
): readonly CalledStatement[] {
  const out: CalledStatement[] = [];
  let run: CalledStatement[] = [];
  const close = () => {
    out.push(...(run.length > 1 ? [plain("BEGIN"), ...run, plain("COMMIT")] : run));
    run = [];
  };
  for (const { sql, comment, destroys, transactional } of statements) {
    const warning = destroys === undefined ? [] : [`WARNING: destroys ${destroys}`];
    const call = { sql, comments: commentLines([...(comment ? [comment] : []), ...warning]) };
    if (apart && transactional) run.push(call);
    else {
      close();
      out.push(call);
    }
  }
  close();
  return out;
}

function plain(sql: string): CalledStatement {
  return { sql, comments: [] };
}

/** Texts as lines that no language takes for more than one. */
export function commentLines(texts: readonly string[]): readonly string[] {
  return texts.map((text) => text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, " ").trimEnd());
}
