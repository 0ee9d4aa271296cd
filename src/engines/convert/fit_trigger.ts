/** Triggers as another dialect can hold them. */

import type { Holding } from "./holding.ts";
import { type ColumnKinds, fitTree } from "./fit_tree.ts";
import type { Names } from "./names.ts";
import type { NeutralTable, NeutralTrigger, TriggerStep } from "./neutral.ts";
import type { Notes } from "./notes.ts";
import { printExpression, printStatement } from "./print.ts";
import { call, type Expression, Untranslatable } from "./tree.ts";

interface Scope {
  readonly holding: Holding;
  readonly notes: Notes;
  readonly kinds: ColumnKinds;
  readonly names: Names;
  readonly tables: readonly NeutralTable[];
}

/** Those that can be; notes name the others. */
export function fitTriggers(
  triggers: readonly NeutralTrigger[],
  scope: Scope,
): readonly NeutralTrigger[] {
  return triggers.flatMap((trigger) => {
    const label = `trigger ${trigger.table}.${trigger.name}`;
    const fitted = scope.notes.attempt(label, () => fitTrigger(trigger, label, scope));
    return (fitted ?? []).map((one) => ({
      ...one,
      name: scope.names.trigger(one.name, one.table),
    }));
  });
}

function fitTrigger(
  trigger: NeutralTrigger,
  label: string,
  scope: Scope,
): readonly NeutralTrigger[] {
  const { holding: { has, speech }, notes, kinds, tables } = scope;
  const table = tables.find(({ name }) => name === trigger.table);
  if (table === undefined) throw new Untranslatable("its table is none here");
  let fitted = fitTree(trigger, kinds);
  if (has.assign) fitted = assigning(fitted, table, label, notes);
  else fitted = updating(fitted, table, label, notes);
  if (fitted.columns.length > 0 && !has.updateOf) {
    const changed = fitted.columns.map((column): Expression => ({
      node: "binary",
      op: "differs",
      left: { node: "column", path: ["new", column] },
      right: { node: "column", path: ["old", column] },
    })).reduce((left, right) => ({ node: "binary", op: "or", left, right }));
    notes.changed(label, "one that compares the old and the new values", "UPDATE OF has no equal");
    fitted = { ...fitted, columns: [], when: both(fitted.when, changed) };
  }
  if (fitted.when !== null) printExpression(fitted.when, speech);
  for (const step of fitted.steps) {
    if (step.kind === "assign") printExpression(step.value, speech);
    else printStatement(step.statement, speech);
  }
  if (fitted.events.length <= 1 || has.severalEvents) return [fitted];
  notes.changed(label, `${fitted.events.length} triggers`, "a trigger is for one event there");
  const whole = fitted;
  return whole.events.map((event) => ({
    ...whole,
    events: [event],
    name: `${whole.name}_${event}`,
  }));
}

function both(left: Expression | null, right: Expression): Expression {
  return left === null ? right : { node: "binary", op: "and", left, right };
}

/** What an update of the very row does, as values of the new row. */
function assigning(
  trigger: NeutralTrigger,
  table: NeutralTable,
  label: string,
  notes: Notes,
): NeutralTrigger {
  const steps: TriggerStep[] = [];
  for (const step of trigger.steps) {
    if (
      step.kind === "assign" || step.statement.node !== "update" ||
      step.statement.table !== table.name
    ) {
      if (
        step.kind === "run" && step.statement.node !== "insert" &&
        step.statement.table === table.name
      ) {
        throw new Untranslatable("it changes other rows of its own table");
      }
      steps.push(step);
      continue;
    }
    const isOwn = step.statement.where !== null && isOwnRow(step.statement.where, table);
    if (!isOwn || trigger.events.includes("delete")) {
      throw new Untranslatable("it changes other rows of its own table");
    }
    for (const { column, value } of step.statement.set) {
      steps.push({ kind: "assign", column, value: ofNew(value, table) });
    }
  }
  const isChanged = steps.some((step, at) => step !== trigger.steps[at]) &&
    steps.some(({ kind }) => kind === "assign");
  if (!isChanged) return trigger;
  notes.changed(
    label,
    "one that sets the values before the row is written",
    "a trigger cannot update its own row there",
  );
  return { ...trigger, timing: "before", steps };
}

/** Columns of the row that is updated are those of the new one. */
function ofNew(value: Expression, table: NeutralTable): Expression {
  const own = new Set(table.columns.map(({ name }) => name));
  return fitColumn(value, own);
}

function fitColumn(value: Expression, own: ReadonlySet<string>): Expression {
  if (value.node === "column" && value.path.length === 1 && own.has(value.path[0] ?? "")) {
    return { node: "column", path: ["new", ...value.path] };
  }
  if (value.node === "call") {
    return {
      ...value,
      args: value.args.map((arg) => fitColumn(arg, own)),
    };
  }
  if (value.node === "binary") {
    return { ...value, left: fitColumn(value.left, own), right: fitColumn(value.right, own) };
  }
  return value;
}

/** `id = NEW.id` */
function isOwnRow(where: Expression, table: NeutralTable): boolean {
  if (where.node !== "binary" || where.op !== "=") return false;
  const sides = [where.left, where.right].map((side) => side.node === "column" ? side.path : []);
  const row = sides.find((path) => path.length > 1 && /^(?:new|old)$/i.test(path[0] ?? ""));
  const own = sides.find((path) => path !== row);
  const name = own?.at(-1)?.toLowerCase();
  if (row === undefined || name === undefined || row.at(-1)?.toLowerCase() !== name) return false;
  const [only, ...others] = table.primaryKey?.parts ?? [];
  const isKey = others.length === 0 && only?.expression.node === "column" &&
    only.expression.path.at(-1)?.toLowerCase() === name;
  return isKey || name === "rowid";
}

/** Values of the new row as an update of it after it is written. */
function updating(
  trigger: NeutralTrigger,
  table: NeutralTable,
  label: string,
  notes: Notes,
): NeutralTrigger {
  const set = trigger.steps.flatMap((step) => step.kind === "assign" ? [step] : []);
  if (set.length === 0) return trigger;
  notes.changed(
    label,
    "one that updates the row after it is written",
    "a trigger cannot set values of the new row there",
  );
  const key =
    table.primaryKey?.parts.flatMap(({ expression }) =>
      expression.node === "column" ? [expression.path.at(-1) ?? ""] : []
    ) ?? [];
  const columns = key.length > 0 ? key : ["rowid"];
  const where = columns.map((column): Expression => ({
    node: "binary",
    op: "=",
    left: { node: "column", path: [column] },
    right: { node: "column", path: ["new", column] },
  })).reduce((left, right) => ({ node: "binary", op: "and", left, right }));
  const update: TriggerStep = {
    kind: "run",
    statement: {
      node: "update",
      table: table.name,
      set: set.map(({ column, value }) => ({ column, value })),
      where,
    },
  };
  return {
    ...trigger,
    timing: "after",
    steps: [update, ...trigger.steps.filter(({ kind }) => kind === "run")],
  };
}

/** What ON UPDATE CURRENT_TIMESTAMP does, as triggers. */
export function touchTriggers(table: NeutralTable, notes: Notes): readonly NeutralTrigger[] {
  return table.columns.filter(({ touched }) => touched).map(({ name }) => {
    const trigger = `${table.name}_${name}_touched`;
    notes.changed(
      `on update of column ${table.name}.${name}`,
      `the trigger ${trigger}`,
      "ON UPDATE CURRENT_TIMESTAMP has no equal",
    );
    const path = (row: string): Expression => ({ node: "column", path: [row, name] });
    return {
      name: trigger,
      table: table.name,
      timing: "before",
      events: ["update"],
      columns: [],
      when: { node: "binary", op: "same", left: path("new"), right: path("old") },
      steps: [{ kind: "assign", column: name, value: call("now") }],
    };
  });
}
