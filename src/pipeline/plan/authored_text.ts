/** Planned definitions in their author's own text, where that gives the same. */

import type { Change } from "../../core/change.ts";
import { UsageError } from "../../core/error.ts";
import type { PlannedStatement, Statement } from "../../core/statement.ts";
import type { Project } from "../project.ts";

/** How often what differs is put back before all is. */
const MOST_ATTEMPTS = 4;

/**
 * The statements, with those definitions in the text of `scripts` that leave the same; `differences` runs a list and says how what it
 * leaves differs from what is wanted, or which statement fails, by its index. The list itself, the same array, where nothing is put in.
 */
export async function withAuthoredText(
  { engine }: Pick<Project, "engine">,
  statements: readonly PlannedStatement[],
  scripts: readonly string[],
  differences: (list: readonly PlannedStatement[]) => Promise<readonly Change[] | number>,
): Promise<readonly PlannedStatement[]> {
  const { authoredText } = engine;
  if (authoredText === undefined) return statements;
  let script: readonly Statement[] | undefined;
  const texts = new Map<PlannedStatement, string>();
  for (const statement of statements) {
    if (authoredText(statement, [{ ...statement, offset: 0 }]) === null) continue;
    script ??= statementsOf(engine, scripts);
    const text = authoredText(statement, script);
    if (text !== null && text !== statement.sql) texts.set(statement, text);
  }
  // Of routines with one name, the text does not tell which is which.
  const all = [...texts.values()];
  for (const [one, text] of texts) {
    if (all.indexOf(text) !== all.lastIndexOf(text)) texts.delete(one);
  }
  for (let attempt = 0; attempt < MOST_ATTEMPTS && texts.size > 0; attempt++) {
    const list = statements.map((one) => ({ ...one, sql: texts.get(one) ?? one.sql }));
    const changes = await differences(list);
    if (typeof changes !== "number" && changes.length === 0) return list;
    const ids = new Set(typeof changes === "number" ? [] : changes.map(({ id }) => id));
    const wrong = [...texts.keys()].filter((one) =>
      one === statements[Number(changes)] || one.serves.some((id) => ids.has(id))
    );
    if (wrong.length === 0) return statements;
    for (const one of wrong) texts.delete(one);
  }
  return statements;
}

/** Those of all scripts that can be cut, in order. */
function statementsOf(
  engine: Project["engine"],
  scripts: readonly string[],
): readonly Statement[] {
  return scripts.flatMap((text) => {
    try {
      return engine.split(text);
    } catch (error) {
      if (error instanceof UsageError) return [];
      throw error;
    }
  });
}
