/**
 * The planner that the dialects share. A dialect gives the list of its object kinds; this folder settles what is done
 * with each object, finds an order that works and asks what only the user or a model can know.
 */

import { changesBetween } from "../../core/change.ts";
import type { Change } from "../../core/change.ts";
import type { ValueQuestion } from "../../core/choice.ts";
import type { Hints, Plan, RenamePlan } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import type { ObjectKind, PlanContext } from "../object_kind.ts";
import { Choices } from "./choices.ts";
import { type Action, type Actions, settleActions } from "./actions.ts";
import { orderedSteps } from "./break_cycles.ts";
import { dependenciesOf, rootOf } from "./dependencies.ts";
import type { Step } from "./graph.ts";
import { withCause } from "./reasons.ts";
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

/** Statements from one snapshot to another in an order that works, and the choices that were met. */
export function planWith(
  kinds: readonly ObjectKind[],
  from: Snapshot,
  to: Snapshot,
  hints: Hints,
): Plan {
  const byKind = new Map(kinds.map((kind) => [kind.kind, kind]));
  const choices = new Choices(hints);
  const actions = new Map<string, Action>();
  const questions = new Map<string, ValueQuestion>();
  const context = planContext({ from, to, hints, choices, actions, questions });
  const changes = changesBetween(from, to, hints).filter((change) =>
    byKind.has(change.kind) || !refuse(change, choices)
  );
  const decided = settleActions(changes, byKind, context, actions);
  const steps = orderedSteps({ from, to, kinds: byKind, decided, context });
  const leaving = new Set(
    steps.filter(({ action }) => action === "leave").map(({ object }) => object.id),
  );
  const statements = steps.flatMap((step) =>
    statementsOf(step, { kinds: byKind, decided, context, leaving })
  );
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
  { from, to, hints, choices, actions, questions }: Pick<PlanContext, "from" | "to" | "hints"> & {
    readonly choices: Choices;
    readonly actions: ReadonlyMap<string, Action>;
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
    dependents: (id) => dependenciesOf(from).dependents.get(id) ?? [],
    members: (snapshot, id) => dependenciesOf(snapshot).members.get(id) ?? [],
    action: (id) => actions.get(id) ?? "keep",
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

function statementsOf(
  step: Step,
  { kinds, decided, context, leaving }: {
    readonly kinds: ReadonlyMap<string, ObjectKind>;
    readonly decided: Actions;
    readonly context: PlanContext;
    /** Ids of what leaves its place in a step of its own. */
    readonly leaving: ReadonlySet<string>;
  },
): readonly PlannedStatement[] {
  const kind = kinds.get(step.object.kind);
  if (kind === undefined) return [];
  if (step.action === "create" || step.action === "drop") {
    const statements = step.action === "create"
      ? kind.create(step.object, step.members, context)
      : kind.drop(step.object, context);
    return statements.map((statement) => withCause(statement, decided, context));
  }
  const { id } = step.object;
  const alteration = decided.alterations.get(id);
  if (step.action === "leave") return alteration?.first ?? [];
  if (step.action === "finish") return alteration?.last?.statements ?? [];
  if (step.action === "alter") {
    const first = leaving.has(id) ? [] : alteration?.first ?? [];
    return [...first, ...alteration?.statements ?? []];
  }
  return decided.preserved.get(id)?.[step.action] ?? [];
}
