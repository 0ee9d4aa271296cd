/** What of a model's code refers to what is no longer there is taken out. */

import { keepKnown } from "../views.ts";
import { outputOf } from "./code.ts";
import { isNumber, type Model, type View } from "./model.ts";

/** Makes views, triggers, routines and events loadable, in place. */
export function tidyCode(model: Model): void {
  const tables = new Set(model.tables.map(({ name }) => name));
  const known = (name: string | null) => name !== null && tables.has(name) ? name : null;
  for (const one of model.routines) one.reads = known(one.reads);
  for (const one of model.events) one.table = known(one.table);
  tidyViews(model);
  model.triggers = model.triggers.filter((trigger) => {
    trigger.reads = known(trigger.reads);
    const table = model.tables.find(({ name }) => name === trigger.table);
    const column = table?.columns.find(({ name }) => name === trigger.column);
    return column !== undefined && isNumber(column) && column.generated === null;
  });
}

function tidyViews(model: Model): void {
  const known = new Map(
    model.tables.map(({ name, columns }) =>
      [name, new Set(["id", ...columns.map((column) => column.name)])] as const
    ),
  );
  const updatable = new Set(known.keys());
  const functions = new Set(
    model.routines.filter(({ kind }) => kind === "FUNCTION").map(({ name }) => name),
  );
  model.views = model.views.filter((view) => {
    if (known.has(view.name) || !keepKnown(view.parts, known)) return false;
    if (view.calls !== null && !functions.has(view.calls)) view.calls = null;
    if (view.grouped && view.algorithm === "MERGE") view.algorithm = null;
    if (isUpdatable(view, updatable)) updatable.add(view.name);
    else view.check = null;
    known.set(view.name, new Set(outputOf(view)));
    return true;
  });
}

/** Rows can be written through it, so that they can be checked. */
function isUpdatable(
  { parts, grouped, algorithm, calls }: View,
  updatable: ReadonlySet<string>,
): boolean {
  const [part] = parts;
  return parts.length === 1 && part !== undefined && updatable.has(part.from) && !grouped &&
    algorithm !== "TEMPTABLE" && calls === null;
}
