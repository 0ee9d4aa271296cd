/** What a model wrote as a draft: cut, checked by the policy, its secrets back in place, and the facts that readers want. */

import type { Engine } from "../../engines/engine.ts";
import { usedFeature, type VersionFeature } from "../../engines/version_features.ts";
import { UsageError } from "../../core/error.ts";
import { type Allowance, directedAllowance, type Policy } from "../../models/policy/policy.ts";
import { withoutComments } from "../../sql/ranges.ts";
import type { NumberedChange } from "../../models/prompts/brief.ts";
import type { Refutation } from "../../models/prompts/feedback.ts";
import type { Warning, Written, WrittenStatement } from "../../models/prompts/write.ts";
import type { Change } from "../../core/change.ts";
import type { Draft } from "../../core/plan.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";

/** What a draft is made with. */
export interface DraftOptions {
  readonly engine: Pick<Engine, "split" | "lexicon">;
  /** What the version lacks that the migration must run on. */
  readonly lacking: readonly VersionFeature[];
  readonly policy: Policy;
  readonly allowance: Allowance;
  /** All changes, and those of them that the model was told, by number. */
  readonly all: readonly Change[];
  readonly changes: readonly NumberedChange[];
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly name: string;
  /** Puts secrets back that the model did not see. */
  readonly restore: (text: string) => string;
}

/** Makes the draft, or says why none of it may run. */
export function modelDraft(
  written: Written,
  options: DraftOptions,
): { readonly draft: Draft } | { readonly refutation: Refutation } {
  const stated = written.warnings.flatMap(({ kind, statement, text }) =>
    kind === "destroys_data" && text !== "" ? [statement] : []
  );
  const { allowance, all, before, target } = options;
  const upAllowance = directedAllowance(allowance, all, { after: target, stated, isReturn: false });
  const up = cut(written.up, "UP", { ...options, allowance: upAllowance });
  const downAllowance = directedAllowance(allowance, all, {
    after: before,
    stated: [],
    isReturn: true,
  });
  const down = cut(written.down, "DOWN", { ...options, allowance: downAllowance });
  if ("refutation" in up) {
    const also = "refutation" in down ? { also: down.refutation } : {};
    return { refutation: { ...up.refutation, ...also } };
  }
  if ("refutation" in down) return down;
  const forward = up.statements.map((statement, index) =>
    withDanger(statement, written.warnings.filter((warning) => warning.statement === index + 1), {
      changes: options.changes,
      numbers: written.up[index]?.changes ?? [],
      why: written.description,
    })
  );
  const backward = down.statements.map((statement, index) =>
    withDanger(statement, [], {
      changes: options.changes,
      numbers: written.down[index]?.changes ?? [],
      why: `Undoes: ${written.description}`,
    })
  );
  const loses = forward.some(({ destroys }) => destroys !== undefined);
  const warnings = written.warnings.flatMap(({ kind, statement, text }) =>
    kind === "destroys_data" || text === "" ? [] : [`statement ${statement}: ${text}`]
  );
  return {
    draft: {
      author: "model",
      name: options.name,
      up: forward,
      down: backward,
      reversible: loses ? "structure" : "exact",
      notes: [...(written.question === "" ? [] : [written.question]), ...warnings],
    },
  };
}

interface Cut {
  readonly sql: string;
  readonly transactional: boolean;
}

function cut(
  items: readonly WrittenStatement[],
  direction: "UP" | "DOWN",
  { engine, lacking, policy, allowance, restore }: DraftOptions,
): { readonly statements: readonly Cut[] } | { readonly refutation: Refutation } {
  const refused = (stage: "parse" | "policy", index: number, error: string) => ({
    refutation: {
      stage,
      statement: index + 1,
      sql: items[index]?.sql ?? "",
      error: `${direction}: ${error}`,
      proven: "nothing",
    },
  });
  const statements: Cut[] = [];
  for (const [index, item] of items.entries()) {
    const sql = withoutComments(restore(item.sql), engine.lexicon);
    let parts;
    try {
      parts = engine.split(sql);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      return refused("parse", index, error.message);
    }
    const [only] = parts;
    if (only === undefined) return refused("policy", index, "it is empty");
    if (parts.length > 1) return refused("policy", index, "it is more than one statement");
    if (only.control !== undefined) {
      return refused("policy", index, "the runner opens and ends transactions");
    }
    const newer = usedFeature(only.sql, lacking, engine.lexicon);
    if (newer !== null) {
      return refused(
        "policy",
        index,
        `${newer.what} came with version ${newer.since}, and the migration must run on an older one`,
      );
    }
    statements.push({ sql: only.sql, transactional: only.transactional });
  }
  const verdict = policy.statements(statements.map(({ sql }) => sql), allowance);
  return verdict === null
    ? { statements }
    : refused("policy", verdict.statement - 1, `refused before it ran: ${verdict.reason}`);
}

/** A statement with what it serves and, as the model says, what it destroys. */
function withDanger(
  statement: Cut,
  warnings: readonly Warning[],
  { changes, numbers, why }: {
    readonly changes: readonly NumberedChange[];
    readonly numbers: readonly number[];
    readonly why: string;
  },
): PlannedStatement {
  const served = changes.filter(({ number }) => numbers.includes(number));
  const told = warnings.find(({ kind, text }) => kind === "destroys_data" && text !== "")?.text;
  return {
    sql: statement.sql,
    serves: served.map(({ change }) => change.id),
    reason: { action: "describe", text: why === "" ? "Written by a model" : why },
    transactional: statement.transactional,
    ...(told === undefined ? {} : { destroys: told, reversible: "structure" }),
  };
}
