/** The order of statements that may come later than they were planned, so that fewer transactions are needed. */

import type { PlannedStatement } from "../../../core/statement.ts";
import type { OnlineContext } from "../../engine.ts";

/** Statements that stay together. */
export interface Unit {
  readonly statements: readonly PlannedStatement[];
  /** True where they may come behind others that do not need them. */
  readonly isLate: boolean;
  /** True where the first of them must stand before rows are filled in. */
  readonly fills?: true;
}

/** The statements, those of late units behind all that neither needs them nor is needed by them. */
export function withLateUnits(
  units: readonly Unit[],
  { from, to }: Pick<OnlineContext, "from" | "to">,
): readonly PlannedStatement[] {
  const objects = [from, to].flatMap((snapshot) => [...snapshot.objects.values()]);
  const members = Map.groupBy(objects, ({ parent }) => parent);
  const all = (id: string): readonly string[] => [
    id,
    ...(members.get(id) ?? []).flatMap((member) => all(member.id)),
  ];
  const known = new Map<Unit, ReadonlySet<string>>();
  const needed = (unit: Unit) => {
    const found = known.get(unit);
    if (found !== undefined) return found;
    const own = new Set(served(unit).flatMap(all));
    const ids = new Set(objects.flatMap(({ id, dependsOn }) => own.has(id) ? dependsOn : []));
    known.set(unit, ids);
    return ids;
  };
  const meets = (a: Unit, b: Unit) => {
    const [ofA, ofB] = [served(a), served(b)];
    const [byA, byB] = [needed(a), needed(b)];
    return ofA.some((id) => ofB.includes(id) || byB.has(id)) || ofB.some((id) => byA.has(id));
  };
  const early: Unit[] = [];
  const late: Unit[] = [];
  for (const unit of units) {
    if (!unit.isLate && late.some((other) => meets(other, unit))) {
      early.push(...late.splice(0), unit);
    } else (unit.isLate ? late : early).push(unit);
  }
  return [...early, ...late].flatMap(({ statements }) => statements);
}

function served({ statements }: Unit): readonly string[] {
  return statements.flatMap(({ serves }) => serves);
}
