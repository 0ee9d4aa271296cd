/**
 * The planner that the dialects share. A dialect gives the list of its object kinds; this folder decides what happens to
 * each object, finds an order that works and asks what only a person or a model can know.
 */

import { changesBetween } from "../../changes.ts";
import type {
  Change,
  Hints,
  Plan,
  PlannedStatement,
  RenamePlan,
  Snapshot,
  ValueQuestion,
} from "../../schema.ts";
import type { ObjectKind, PlanContext } from "../object_kind.ts";
import { Choices } from "./choices.ts";
import { decide, type Decisions, type Fate } from "./decide.ts";
import { buildGraph, type Graph, type Step } from "./graph.ts";
import { order } from "./order.ts";
import { relationsOf, rootOf } from "./relations.ts";
import { renamesBetween } from "./renames.ts";

/** Renames between two snapshots, to be run and inspected before the rest is planned; call again until it gives none. */
export function renamesWith(
  kinds: readonly ObjectKind[],
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): RenamePlan {
  const { containers, ...renames } = renamesBetween(kinds, from, to, hints);
  if (containers.length === 0) return renames;
  const objects = new Map([...from.objects, ...containers.map((one) => [one.id, one] as const)]);
  const made = planWith(kinds, from, { ...to, objects }, hints);
  return { ...renames, statements: [...made.statements, ...renames.statements] };
}

/** Statements from one snapshot to another in an order that works, and the choices met on the way. */
export function planWith(
  kinds: readonly ObjectKind[],
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Plan {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const choices = new Choices(hints);
  const fates = new Map<string, Fate>();
  const questions = new Map<string, ValueQuestion>();
  const context = planContext({ from, to, hints, choices, fates, questions });
  const changes = changesBetween(from, to, hints).filter((change) =>
    byKind.has(change.kind) || !refuse(change, choices)
  );
  const decisions = decide(changes, byKind, context, fates);
  const steps = orderedSteps(from, to, byKind, decisions);
  const statements = steps.flatMap((step) => statementsOf(step, byKind, decisions, context));
  return { statements, choices: choices.list(), questions: [...questions.values()] };
}

/** The canonical DDL of every top-level object with its members, by id. */
export function describeWith(
  kinds: readonly ObjectKind[],
  empty: Snapshot,
  snapshot: Snapshot,
): ReadonlyMap<string, string> {
  const hints: Hints = {
    answers: new Map(),
    renames: [],
    dropAdd: true,
    strictOrder: false,
    deployedVersion: null,
  };
  const texts = new Map<string, string[]>();
  for (const statement of planWith(kinds, empty, snapshot, hints).statements) {
    const object = snapshot.objects.get(statement.serves[0] ?? "");
    if (object === undefined) continue;
    const root = rootOf(snapshot, object).id;
    const list = texts.get(root) ?? [];
    list.push(`${statement.sql};`);
    texts.set(root, list);
  }
  const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(sorted.map(([id, list]) => [id, `${list.join("\n")}\n`]));
}

function planContext(
  { from, to, hints, choices, fates, questions }: Pick<PlanContext, "from" | "to" | "hints"> & {
    readonly choices: Choices;
    readonly fates: ReadonlyMap<string, Fate>;
    readonly questions: Map<string, ValueQuestion>;
  },
): PlanContext {
  return {
    from,
    to,
    hints,
    choose: (choice) => choices.choose(choice),
    passing: (question) => {
      questions.set(question.id, question);
      return hints.values?.get(question.id) ?? question.candidates[0]?.expression ?? "NULL";
    },
    dependents: (id) => relationsOf(from).dependents.get(id) ?? [],
    members: (snapshot, id) => relationsOf(snapshot).members.get(id) ?? [],
    fate: (id) => fates.get(id) ?? "keep",
  };
}

/** Opens a choice for a kind that cannot be planned. */
function refuse(change: Change, choices: Choices): true {
  const name = (change.op === "drop" ? change.before : change.after).name;
  choices.choose({
    id: `unsupported:${change.id}`,
    kind: "unsupported",
    question: `How is ${change.kind} ${name} to be ${PAST[change.op]}? It cannot be planned`,
    evidence: { op: change.op, kind: change.kind, name },
    options: [],
    fallback: null,
  });
  return true;
}

const PAST = { create: "created", drop: "dropped", alter: "altered" } as const;

/** Orders the steps; members step out of a CREATE, and drops become explicit, until nothing stands in a circle. */
function orderedSteps(
  from: Snapshot,
  to: Snapshot,
  kinds: ReadonlyMap<string, ObjectKind>,
  decisions: Decisions,
): readonly Step[] {
  const outlined = new Set<string>();
  const explicit = new Set<string>();
  for (;;) {
    const graph = buildGraph({ from, to, kinds, decisions, outlined, explicit });
    const { steps, circles } = order(graph);
    const before = outlined.size + explicit.size;
    for (const circle of circles) {
      loosen(circle, graph, { kinds, decisions, from, outlined, explicit });
    }
    if (outlined.size + explicit.size === before) return steps;
  }
}

/**
 * Takes members out of their CREATE, or gives objects a DROP of their own, where that opens a circle: what would go with
 * something else, or with the rebuild of one table while the rebuild of another cannot have it there any more.
 */
function loosen(
  circle: readonly Step[],
  graph: Graph,
  state: {
    readonly kinds: ReadonlyMap<string, ObjectKind>;
    readonly decisions: Decisions;
    readonly from: Snapshot;
    readonly outlined: Set<string>;
    readonly explicit: Set<string>;
  },
): void {
  const { kinds, decisions, from, outlined, explicit } = state;
  const inCircle = new Set(circle);
  const members: { id: string; ordered: boolean }[] = [];
  for (const step of circle) {
    for (const member of step.members) {
      const outward = member.needs.some((need) => {
        const maker = graph.creator(need) ?? graph.steps.get(`alter:${need}`);
        return maker !== undefined && maker !== step && inCircle.has(maker);
      });
      if (outward) members.push({ id: member.id, ordered: member.position !== undefined });
    }
  }
  const light = members.filter((member) => !member.ordered);
  for (const member of light.length > 0 ? light : members) outlined.add(member.id);
  if (members.length > 0) return;

  const known = explicit.size;
  for (const [id] of decisions.fates) {
    const object = from.objects.get(id);
    if (object === undefined || object.position !== undefined || explicit.has(id)) continue;
    const droppers = graph.droppers(id);
    if (droppers.length === 0 || droppers.some((step) => step.object.id === id)) continue;
    if (!droppers.some((step) => inCircle.has(step))) continue;
    const outward = decisions.takenBy.has(id)
      ? circle.some((step) =>
        !droppers.includes(step) && step.action === "alter" &&
        (decisions.alterations.get(step.object.id)?.rebuilds ?? []).includes(id)
      )
      : object.needs.some((need) =>
        graph.droppers(need).some((step) => inCircle.has(step) && !droppers.includes(step))
      );
    if (outward) explicit.add(id);
  }
  if (explicit.size > known) return;

  const held = new Set<string>();
  for (const [id] of decisions.fates) {
    const object = from.objects.get(id);
    if (object === undefined || !graph.droppers(id).some((step) => inCircle.has(step))) continue;
    for (const slot of kinds.get(object.kind)?.slots?.(object) ?? []) held.add(slot);
  }
  for (const member of circle.flatMap((step) => step.members)) {
    const slots = kinds.get(member.kind)?.slots?.(member) ?? [];
    if (slots.some((slot) => held.has(slot))) outlined.add(member.id);
  }
}

/** What is dropped to be made again is neither gone nor new: says on whose account it goes, and that it comes back. */
function withCause(
  statement: PlannedStatement,
  { causes }: Decisions,
  { from, to, fate }: PlanContext,
): PlannedStatement {
  const id = statement.serves[0] ?? "";
  const causeId = causes.get(id);
  const ending = / is (new|gone)$/.exec(statement.why);
  if (causeId === undefined || ending === null || fate(id) !== "replace") return statement;
  const subject = statement.why.slice(0, ending.index);
  const cause = to.objects.get(causeId) ?? from.objects.get(causeId);
  const own = cause === undefined || causeId === id;
  if (ending[1] === "new") {
    return { ...statement, why: `${subject} ${own ? "is made again" : "comes back"}` };
  }
  const why = own
    ? `${subject} goes, to be made again`
    : `${subject} goes for now: ${cause.kind} ${cause.name} ${HAPPENS[fate(causeId)]}`;
  return { ...statement, why };
}

/** What the plan does with the cause of a replacement. */
const HAPPENS = {
  keep: "changes",
  alter: "changes",
  create: "is new",
  drop: "is gone",
  replace: "is made again",
} as const;

function statementsOf(
  step: Step,
  kinds: ReadonlyMap<string, ObjectKind>,
  decisions: Decisions,
  context: PlanContext,
): readonly PlannedStatement[] {
  const kind = kinds.get(step.object.kind);
  if (kind === undefined) return [];
  if (step.action === "create" || step.action === "drop") {
    const statements = step.action === "create"
      ? kind.create(step.object, step.members, context)
      : kind.drop(step.object, context);
    return statements.map((statement) => withCause(statement, decisions, context));
  }
  if (step.action === "alter") return decisions.alterations.get(step.object.id)?.statements ?? [];
  return decisions.kept.get(step.object.id)?.[step.action] ?? [];
}
