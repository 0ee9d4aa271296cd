/** A CREATE TABLE as it is after an ALTER TABLE that adds, takes out or renames parts of it: what was asked for whole and came as a change. */

import type { Engine } from "../engines/engine.ts";
import { nameOf } from "../sql/name.ts";
import { type Code, isSame, readSchemaText, type StatementText } from "./schema_text.ts";
import { putBehind, takeOut, withEdits } from "./text_edits.ts";

/** The table's statement then; null for an ALTER of another table, or one that does more. Both are one statement without the semicolon. */
export function altered(table: string, alter: string, engine: Engine): string | null {
  const [own, change] = [only(table, engine), only(alter, engine)];
  const names = change?.table?.parts ?? [];
  if (own?.own == null || change?.table == null || change.code[0]?.word !== "ALTER") return null;
  if (!isSame(own.own.parts.at(-1) ?? "", names.at(-1) ?? "", engine)) return null;
  const behind = change.table.end;
  let text = table;
  for (const action of actionsOf(change.code.filter(({ start }) => start >= behind))) {
    const next = applied(text, action, { alter, engine });
    if (next === null) return null;
    text = next;
  }
  return text === table ? null : text;
}

function only(text: string, engine: Engine): StatementText | null {
  const { statements } = readSchemaText([{ path: "", text }], engine);
  return statements.length === 1 ? statements[0] ?? null : null;
}

/** What stands between the outer commas. */
function actionsOf(code: readonly Code[]): readonly (readonly Code[])[] {
  const actions: Code[][] = [[]];
  let depth = 0;
  for (const token of code) {
    if (token.text === "(") depth++;
    if (token.text === ")") depth--;
    if (token.text === "," && depth === 0) actions.push([]);
    else actions.at(-1)?.push(token);
  }
  return actions;
}

function applied(
  text: string,
  action: readonly Code[],
  { alter, engine }: { readonly alter: string; readonly engine: Engine },
): string | null {
  const statement = only(text, engine);
  if (statement === null) return null;
  const { members } = statement;
  const words = action.map(({ word }) => word);
  const [first] = words;
  let at = words[1] === "COLUMN" ? 2 : 1;
  if (words[at] === "IF") at += words[at + 1] === "NOT" ? 3 : 2;
  const named = action[at];
  if (named === undefined) return null;
  const name = nameOf(named.text, engine.foldName);
  const column = members.findIndex((member) =>
    member.column !== null && isSame(member.column, name, engine)
  );
  const edited = (edits: Parameters<typeof withEdits>[1]) =>
    withEdits([{ path: "", text }], edits)[0]?.text ?? null;
  const inFile = (edits: ReturnType<typeof putBehind>) =>
    edits.map((edit) => ({ ...edit, file: 0 }));
  const lexicon = engine.lexicon;
  if (first === "ADD") {
    const last = members.at(-1);
    const own = alter.slice(named.start, action.at(-1)?.end);
    if (last === undefined || column >= 0) return null;
    return edited(inFile(putBehind({ text, lexicon }, last, { isLast: true, text: own })));
  }
  if (column < 0) return null;
  if (
    first === "DROP" &&
    action.slice(at + 1).every(({ word }) => /^(?:CASCADE|RESTRICT)$/.test(word))
  ) {
    return edited(inFile(takeOut({ text, lexicon }, members, column)));
  }
  const [to, name2] = action.slice(at + 1);
  const head = members[column]?.code[0];
  if (first !== "RENAME" || to?.word !== "TO" || name2 === undefined || head === undefined) {
    return null;
  }
  return edited([{ file: 0, start: head.start, end: head.end, text: name2.text }]);
}
