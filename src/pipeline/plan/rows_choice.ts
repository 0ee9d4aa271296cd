/** The question that rows raise when they do not let a migration through and nothing else was asked about them. */

import { type Answer, ASSUME_EMPTY, type Choice } from "../../core/choice.ts";
import { lastName } from "../../core/name.ts";
import type { Hints } from "../../core/plan.ts";
import type { Proof, RowRefusal } from "../../core/proof.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";

/** What the ids of such questions begin with. */
const PREFIX = "empty:";

/** The hints without answers to what only a proof asks. */
export function withoutRowAnswers(hints: Hints): Hints {
  const answers = [...hints.answers].filter(([id]) => !id.startsWith(PREFIX));
  return answers.length === hints.answers.size ? hints : { ...hints, answers: new Map(answers) };
}

/** The question about the first refusal that no choice settles, with the answer that was stated; null where there is none. */
export function rowsChoice(
  proof: Proof,
  { before, target, hints, asked }: {
    readonly before: Snapshot;
    readonly target: Snapshot;
    readonly hints: Pick<Hints, "answers" | "assumeEmpty">;
    readonly asked: readonly Choice[];
  },
): Choice | null {
  const refusal = proof.rows?.refused.find(({ direction, choices }) =>
    direction !== "down" && (choices.length === 0 || hints.assumeEmpty !== undefined)
  );
  if (refusal === undefined) return null;
  const named = tablesIn(refusal, before);
  // A table that was renamed before is named as it is then.
  const tables = named.length > 0 ? named : tablesIn(refusal, target);
  const table = tables.find(({ name }) => !asked.some(({ id }) => id === `${PREFIX}${name}`));
  if (table === undefined) return null;
  const id = `${PREFIX}${table.name}`;
  return {
    id,
    kind: "data",
    question: `Rows of ${table.name} may be in the way: are there such rows?`,
    evidence: { table: table.name, refused: plainMessage(refusal) },
    options: [{
      id: ASSUME_EMPTY,
      label: "There are none: the migration fails when it meets one",
    }],
    fallback: null,
    ifEmpty: ASSUME_EMPTY,
    answer: answerOf(table, hints),
  };
}

function answerOf(
  { name }: SchemaObject,
  { answers, assumeEmpty }: Pick<Hints, "answers" | "assumeEmpty">,
): Answer | null {
  const stated = answers.get(`${PREFIX}${name}`) ?? answers.get(`${PREFIX}${lastName(name)}`);
  if (stated !== undefined) return { ...stated, option: ASSUME_EMPTY };
  return assumeEmpty === undefined ? null : { option: ASSUME_EMPTY, by: assumeEmpty };
}

/** The tables that a refused statement names, in the order in which it names them, and what refers to others before these. */
function tablesIn({ sql, message }: RowRefusal, { objects }: Snapshot): readonly SchemaObject[] {
  const text = `${sql} ${message}`.toLowerCase();
  return [...objects.values()].filter(({ kind }) => kind === "table")
    .map((table) => ({ table, at: placeOf(text, lastName(table.name).toLowerCase()) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || b.table.name.length - a.table.name.length)
    .map(({ table }) => table);
}

/** Where a name stands as a word; -1 for nowhere. */
function placeOf(text: string, name: string): number {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    const around = (text[at - 1] ?? " ") + (text[at + name.length] ?? " ");
    if (!/[\p{L}\p{N}_$]/u.test(around)) return at;
  }
  return -1;
}

/** What the server says, without the file. */
function plainMessage({ message }: RowRefusal): string {
  return message.replace(/^\S+:\d+: /, "");
}
