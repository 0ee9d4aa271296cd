/** Random views, triggers, routines, events and sequences. */

import { randomParts } from "../views.ts";
import { fresh, type Hand, relationsOf } from "./edit.ts";
import { isNumber, type Model, type Table, type View } from "./model.ts";
import { SCHEDULES, SEQUENCES } from "./vocabulary.ts";

/** Makes, changes or drops one object that is no table. */
export function editCode(hand: Hand): void {
  const { model, random, words } = hand;
  const edits: readonly (() => void)[] = [
    () => addView(hand),
    () => addView(hand),
    () => model.views.splice(random.int(0, model.views.length), 1),
    () => editView(hand),
    () => addTrigger(hand),
    () => addTrigger(hand),
    () => model.triggers.splice(random.int(0, model.triggers.length), 1),
    () => {
      const [trigger] = model.triggers;
      if (trigger !== undefined) trigger.value = random.int(1, 9);
    },
    () => addRoutine(hand),
    () => model.routines.splice(0, 1),
    () => {
      const [routine] = model.routines;
      if (routine === undefined) return;
      if (random.chance(0.5)) routine.value = random.int(1, 9);
      else routine.attributes = attributesOf(routine.kind, hand);
    },
    () => addEvent(hand),
    () => model.events.splice(0, 1),
    () => {
      const [event] = model.events;
      if (event !== undefined) Object.assign(event, randomEvent(hand));
    },
    () => {
      if (!words.sequences) return;
      const [sequence] = model.sequences;
      if (sequence === undefined || random.chance(0.4)) addSequence(hand);
      else if (random.chance(0.5)) sequence.options = random.pick(SEQUENCES);
      else model.sequences.splice(0, 1);
    },
  ];
  random.pick(edits)();
}

/** Names of a view's columns that are taken from what it reads. */
export function outputOf({ parts }: View): string[] {
  return parts.flatMap(({ columns }, at) => columns.map((name) => `${name}_${at}`));
}

/** What a view can read. */
function sourcesOf({ tables, views }: Model) {
  return [
    ...tables.map(({ name, columns }) => ({
      name,
      columns: ["id", ...columns.map((column) => column.name)],
    })),
    ...views.map((view) => ({ name: view.name, columns: outputOf(view) })),
  ];
}

function addView({ model, random }: Hand): void {
  const functions = model.routines.filter(({ kind }) => kind === "FUNCTION");
  model.views.push({
    name: fresh("v", relationsOf(model), random),
    parts: randomParts(sourcesOf(model), random),
    where: random.chance(0.4) ? random.pick(["$ is not null", "$ <> 'none'"]) : null,
    check: random.pick([null, null, "CASCADED", "LOCAL"]),
    algorithm: random.pick([null, null, "MERGE", "TEMPTABLE"]),
    invoker: random.chance(0.2),
    grouped: random.chance(0.15),
    calls: functions.length > 0 && random.chance(0.3) ? random.pick(functions).name : null,
  });
}

function editView({ model, random }: Hand): void {
  if (model.views.length === 0) return;
  const view = random.pick(model.views);
  const edits: readonly (() => void)[] = [
    () => view.invoker = !view.invoker,
    () => view.algorithm = random.pick([null, "MERGE", "TEMPTABLE"]),
    () => view.check = random.pick([null, "CASCADED", "LOCAL"]),
    () => view.where = view.where === null ? "$ is not null" : null,
    () => view.grouped = !view.grouped,
  ];
  random.pick(edits)();
}

function addTrigger({ model, random }: Hand): void {
  const table = random.pick(model.tables);
  const column = table.columns.find((one) => isNumber(one) && one.generated === null);
  if (column === undefined) return;
  model.triggers.push({
    name: fresh("g", model.triggers, random),
    table: table.name,
    timing: random.pick(["BEFORE", "AFTER"]),
    event: random.pick(["INSERT", "UPDATE", "DELETE"]),
    column: column.name,
    value: random.int(1, 3),
    reads: random.chance(0.3) ? random.pick(model.tables).name : null,
  });
}

function addRoutine(hand: Hand): void {
  const { model, random } = hand;
  if (model.routines.length > 2) model.routines.splice(0, 1);
  const kind = random.pick(["PROCEDURE", "FUNCTION"] as const);
  model.routines.push({
    name: fresh(kind === "FUNCTION" ? "fn" : "p", model.routines, random),
    kind,
    value: random.int(1, 9),
    type: random.pick(["int", "varchar(20)", "decimal(10,2)", "varchar(30) CHARSET latin1"]),
    attributes: attributesOf(kind, hand),
    reads: random.chance(0.4) ? random.pick(model.tables).name : null,
  });
}

function attributesOf(kind: "PROCEDURE" | "FUNCTION", { random }: Hand): string[] {
  return [
    ...kind === "FUNCTION" || random.chance(0.3) ? ["DETERMINISTIC"] : [],
    ...random.chance(0.4) ? [random.pick(["NO SQL", "READS SQL DATA"])] : [],
    ...random.chance(0.3) ? ["SQL SECURITY INVOKER"] : [],
    ...random.chance(0.3) ? [random.pick(["COMMENT 'c'", "COMMENT 'it''s'"])] : [],
  ];
}

function addEvent(hand: Hand): void {
  const { model, random } = hand;
  model.events.push({ name: fresh("e", model.events, random), ...randomEvent(hand) });
}

function randomEvent({ model, random }: Hand) {
  return {
    schedule: random.pick(SCHEDULES),
    attributes: [
      ...random.chance(0.3) ? ["ON COMPLETION PRESERVE"] : [],
      ...random.chance(0.3) ? ["DISABLE"] : [],
      ...random.chance(0.3) ? ["COMMENT 'e'"] : [],
    ],
    table: random.chance(0.5) ? random.pick<Table>(model.tables).name : null,
  };
}

function addSequence({ model, random }: Hand): void {
  const name = fresh("s", relationsOf(model), random);
  model.sequences.push({ name, options: random.pick(SEQUENCES) });
}
