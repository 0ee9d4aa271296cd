/** What a model's statements destroy, read from the statements and the changes: what the model claims about them plays no part. */

import {
  deletedTable,
  dropsColumn,
  isDrop,
  isDropTable,
  moves,
  type Reading,
  renames,
  type Words,
  wordsOf,
} from "../../sql/words.ts";
import type { Change } from "../../core/change.ts";
import type { Choice } from "../../core/choice.ts";
import { lastName } from "../../core/name.ts";
import type { Draft } from "../../core/plan.ts";
import type { SchemaObject, Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";

/** A loss, by the statement that makes it. */
export interface ModelLoss {
  /** From 0. */
  readonly statement: number;
  /** In words: `the values of column public.users.email`. */
  readonly text: string;
  /** The table or column that is lost; null for deleted rows. */
  readonly object: SchemaObject | null;
  /** True when an earlier statement reads what is lost: its values may stand elsewhere. */
  readonly isRead: boolean;
}

/**
 * The losses of one direction. A dropped table or column that no statement names is laid to the last DROP, as it can have gone with
 * something else; one that a statement renames is not lost.
 */
function modelLosses(
  statements: readonly string[],
  { changes, kept }: {
    readonly changes: readonly Change[];
    /** Tables that are there before and after. */
    readonly kept: readonly SchemaObject[];
  },
  reading: Reading,
): readonly ModelLoss[] {
  const read = statements.map((sql) => wordsOf(sql, reading));
  const losses = read.flatMap((words, statement): ModelLoss[] => {
    const table = deletedTable(words);
    return table === null
      ? []
      : [{ statement, text: `rows of table ${table}`, object: null, isRead: false }];
  });
  for (const object of lostObjects(changes)) {
    const key = reading.nameKey(lastName(object.name));
    const isTable = object.kind === "table";
    if (read.some((words) => renames(words, key, isTable))) continue;
    const at = read.findLastIndex((words) => drops(words, key, object, reading));
    const statement = at >= 0 ? at : read.findLastIndex(isDrop);
    if (statement < 0) continue;
    const text = isTable
      ? `the rows of table ${object.name}`
      : `the values of column ${object.name}`;
    const isRead = read.slice(0, statement).some((words) => moves(words, key));
    losses.push({ statement, text, object, isRead });
  }
  for (const table of kept) {
    const key = reading.nameKey(lastName(table.name));
    const statement = read.findIndex((words) => words.names.has(key) && isDropTable(words));
    if (statement < 0 || read.slice(0, statement).some((words) => moves(words, key))) continue;
    losses.push({
      statement,
      text: `the rows of table ${table.name}`,
      object: null,
      isRead: false,
    });
  }
  return losses.sort((a, b) => a.statement - b.statement);
}

/** What a draft is read with. */
export interface LossContext {
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly reading: Reading;
}

/** What both directions of a draft destroy. */
export interface DraftLosses {
  readonly up: readonly ModelLoss[];
  readonly down: readonly ModelLoss[];
  /** Ids of what UP renames. */
  readonly renamed: ReadonlySet<string>;
}

/** Reads the losses of a draft. */
export function lossesOf(
  draft: Draft,
  changes: readonly Change[],
  { before, target, reading }: LossContext,
): DraftLosses {
  const [up, down] = [draft.up, draft.down].map((list) => list.map(({ sql }) => sql));
  const kept = tablesIn(before, target);
  return {
    up: modelLosses(up ?? [], { changes, kept }, reading),
    down: modelLosses(down ?? [], { changes: changes.map(reversed), kept }, reading),
    renamed: renamedIn(up ?? [], changes, reading),
  };
}

/**
 * The draft with what each statement destroys, in both directions; the same draft when there is nothing to add. What an earlier
 * statement reads is left out: whether it is kept only rows tell.
 */
export function statingLosses(
  draft: Draft,
  changes: readonly Change[],
  context: LossContext & {
    /** What a planner's statements for the same changes destroy: values that fit no type or label after it. */
    readonly planned: readonly PlannedStatement[];
  },
): Draft {
  const { up, down } = lossesOf(draft, changes, context);
  const altered = alteredLosses(draft.up.map(({ sql }) => sql), {
    changes,
    planned: context.planned,
  }, context.reading);
  const losingUp = losing(draft.up, [...up, ...altered]);
  const losingDown = losing(draft.down, down);
  const same = [...losingUp, ...losingDown].every((statement, at) =>
    statement === [...draft.up, ...draft.down][at]
  );
  if (same) return draft;
  const loses = losingUp.some(({ destroys }) => destroys !== undefined);
  return {
    ...draft,
    up: losingUp,
    down: losingDown,
    reversible: loses ? "structure" : draft.reversible,
  };
}

/** Statements with their losses behind what is said of them; what only showed at a later statement stands where it happens. */
function losing(
  statements: readonly PlannedStatement[],
  losses: readonly ModelLoss[],
): readonly PlannedStatement[] {
  const unread = losses.filter(({ isRead }) => !isRead);
  return statements.map((statement, at) => {
    const { destroys, ...bare } = statement;
    const own = unread.filter((loss) => loss.statement === at).map(({ text }) => text);
    const isElsewhere = own.length === 0 && unread.some(({ text }) => text === destroys);
    const told = destroys === undefined || isElsewhere ? [] : [destroys];
    const more = own.filter((text) => told[0]?.includes(text) !== true);
    if (more.length === 0) return isElsewhere ? { ...bare, reversible: "exact" } : statement;
    return {
      ...statement,
      destroys: [...new Set([...told, ...more])].join(", "),
      reversible: "structure",
    };
  });
}

/** Ids of what goes by the changes and is only renamed by the statements. */
function renamedIn(
  statements: readonly string[],
  changes: readonly Change[],
  reading: Reading,
): ReadonlySet<string> {
  const read = statements.map((sql) => wordsOf(sql, reading));
  const renamed = lostObjects(changes).filter(({ kind, name }) => {
    const key = reading.nameKey(lastName(name));
    return read.some((words) => renames(words, key, kind === "table"));
  });
  return new Set(renamed.map(({ id }) => id));
}

/** What goes with an altered object whoever alters it, laid to the last statement that names it. */
function alteredLosses(
  statements: readonly string[],
  { changes, planned }: {
    readonly changes: readonly Change[];
    readonly planned: readonly PlannedStatement[];
  },
  reading: Reading,
): readonly ModelLoss[] {
  const altered = new Map(
    changes.flatMap((change) => change.op === "alter" ? [[change.id, change.after] as const] : []),
  );
  const read = statements.map((sql) => wordsOf(sql, reading));
  return planned.flatMap(({ serves, destroys }): readonly ModelLoss[] => {
    const object = altered.get(serves[0] ?? "");
    if (object === undefined || destroys === undefined || read.length === 0) return [];
    const key = reading.nameKey(lastName(object.name));
    const at = read.findLastIndex(({ names }) => names.has(key));
    const statement = at < 0 ? read.length - 1 : at;
    return [{ statement, text: destroys, object: null, isRead: false }];
  });
}

/** Tables that are there before and after. */
function tablesIn(before: Snapshot, target: Snapshot): readonly SchemaObject[] {
  return [...before.objects.values()].filter(({ id, kind }) =>
    kind === "table" && target.objects.has(id)
  );
}

function reversed(change: Change): Change {
  switch (change.op) {
    case "create":
      return { op: "drop", kind: change.kind, id: change.id, before: change.after };
    case "drop":
      return { op: "create", kind: change.kind, id: change.id, after: change.before };
    case "alter":
      return { ...change, before: change.after, after: change.before };
  }
}

/** The question that a loss answers without anybody having been asked: what is lost was likely renamed. */
export function unaskedDrop(
  { object, isRead }: ModelLoss,
  choices: readonly Choice[],
): Choice | undefined {
  if (object === null || isRead) return undefined;
  return choices.find(({ id, kind, answer }) =>
    kind === "rename" && id === `rename:${object.id}` && answer?.option !== "drop"
  );
}

/** The question whose rename UP carries out and DOWN does not: the loss of DOWN throws away what it gave a new name. */
export function unaskedReturn(
  { object, isRead }: ModelLoss,
  renamed: ReadonlySet<string>,
  choices: readonly Choice[],
): Choice | undefined {
  if (object === null || isRead) return undefined;
  return choices.find(({ id, kind, options }) =>
    kind === "rename" && renamed.has(id.slice("rename:".length)) &&
    options.some((option) => option.id === object.name)
  );
}

/** Tables and columns that go; a column goes with its table. */
function lostObjects(changes: readonly Change[]): readonly SchemaObject[] {
  const dropped = changes.flatMap((change) => change.op === "drop" ? [change.before] : []);
  const tables = new Set(dropped.filter(({ kind }) => kind === "table").map(({ id }) => id));
  return dropped.filter(({ kind, parent }) =>
    kind === "table" ||
    (kind === "column" && /^table:/.test(parent ?? "") && !tables.has(parent ?? ""))
  );
}

/** True for a statement that drops an object by its name: a column, or the table that is its own or the column's. */
function drops(
  words: Words,
  key: string,
  object: SchemaObject,
  { nameKey }: Reading,
): boolean {
  if (object.kind === "table") return words.names.has(key) && isDropTable(words);
  if (dropsColumn(words, key)) return true;
  // A table that is recreated without the column.
  const table = nameKey(lastName((object.parent ?? "").replace(/^table:/, "")));
  return words.names.has(table) && isDropTable(words);
}
