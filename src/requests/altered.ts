/** A CREATE TABLE as it is after an ALTER TABLE that adds, takes out or renames parts of it: what was asked for whole and came as a change. */

import type { Engine } from "../engines/engine.ts";
import { nameOf } from "../sql/name.ts";
import {
  type Code,
  isSame,
  type Member,
  readSchemaText,
  type StatementText,
} from "./schema_text.ts";
import { putBehind, takeOut, type TextEdit, withEdits } from "./text_edits.ts";

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

/** What an action is done with. */
interface Doing {
  /** The table's statement so far. */
  readonly text: string;
  readonly members: readonly Member[];
  /** The ALTER that the action is cut from. */
  readonly alter: string;
  readonly engine: Engine;
}

function applied(
  text: string,
  action: readonly Code[],
  { alter, engine }: Pick<Doing, "alter" | "engine">,
): string | null {
  const statement = only(text, engine);
  if (statement === null) return null;
  const words = action.map(({ word }) => word);
  let at = words[1] === "COLUMN" ? 2 : 1;
  if (words[at] === "IF") at += words[at + 1] === "NOT" ? 3 : 2;
  const edits = editsOf(words[0] ?? "", action.slice(at), {
    text,
    members: statement.members,
    alter,
    engine,
  });
  if (edits === null) return null;
  return withEdits([{ path: "", text }], edits.map((edit) => ({ ...edit, file: 0 })))[0]?.text ??
    null;
}

/** The edits of one action; null for one that is not carried out. `rest` begins with the name of the part. */
function editsOf(
  verb: string,
  rest: readonly Code[],
  { text, members, alter, engine }: Doing,
): readonly Omit<TextEdit, "file">[] | null {
  const [named, to, next] = rest;
  if (named === undefined) return null;
  const { foldName, lexicon } = engine;
  const name = nameOf(named.text, foldName);
  const at = members.findIndex(({ column }) => column !== null && isSame(column, name, engine));
  const [last, head] = [members.at(-1), members[at]?.code[0]];
  if (verb === "ADD" && last !== undefined && at < 0) {
    const own = alter.slice(named.start, rest.at(-1)?.end);
    return putBehind({ text, lexicon }, last, { isLast: true, text: own });
  }
  if (head === undefined) return null;
  if (verb === "DROP" && rest.slice(1).every(({ word }) => /^(?:CASCADE|RESTRICT)$/.test(word))) {
    return takeOut({ text, lexicon }, members, at);
  }
  const isRename = verb === "RENAME" && to?.word === "TO" && next !== undefined;
  return isRename ? [{ start: head.start, end: head.end, text: next.text }] : null;
}
