/** A model writes the statements that move rows, and is told what is wrong until they are proven. */

import { isOlder, lackingFeatures } from "../../engines/version_features.ts";
import type { DataMigration } from "../../core/data_migration.ts";
import type { Change } from "../../core/change.ts";
import { UsageError } from "../../core/error.ts";
import type { GenerateOutcome, ModelReport } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Model } from "../../models/model.ts";
import { allowanceOf, directedAllowance, type Policy } from "../../models/policy/policy.ts";
import { policyFor } from "../../models/policy/mod.ts";
import { readDataAnswer } from "../../models/prompts/data.ts";
import { type Refutation, refutationOf, refutedLine } from "../../models/prompts/feedback.ts";
import { sqlRedactor } from "../../models/redact_sql.ts";
import { changesRows, isQuery } from "../../sql/row_statement.ts";
import { Conversation, type Exchange, requirePrice } from "../model/conversation.ts";
import { Requests } from "../model/requests.ts";
import type { Project } from "../project.ts";

/** What is to be moved, and between which schemas. */
export interface MoveTask {
  readonly model: Model;
  /** In the user's words. */
  readonly wanted: string;
  readonly before: Snapshot;
  readonly target: Snapshot;
  /** `postgres 18.6` */
  readonly server: string;
  /** Plans and proves with such statements, from the same state each time. */
  readonly prove: (data: DataMigration) => Promise<GenerateOutcome>;
}

/** Runs the loop; `none` is the outcome before any draft. Throws ProviderError when there is no answer to be had. */
export async function moveByModel(
  project: Project,
  none: GenerateOutcome,
  task: MoveTask,
): Promise<GenerateOutcome> {
  const { config, engine, emit, signal, version } = project;
  const { model, before, target, server, wanted, prove } = task;
  const { changes } = none;
  requirePrice(model, config.maxCostUsd);
  const { hide, restore } = sqlRedactor(engine.lexicon);
  const conversation = new Conversation({ model, limits: config, hide, emit, signal });
  const isOld = version !== null && isOlder(version, target.version);
  const requests = new Requests(
    {
      model,
      engine,
      server,
      deployed: isOld
        ? {
          server: `${engine.dialect} ${version}`,
          lacking: lackingFeatures(engine.features, version),
        }
        : null,
      context: config.context,
      before,
      target,
      changes,
    },
    hide,
    conversation,
  );
  const policy = await policyFor(engine.dialect, engine.lexicon);
  const tables = allTables(before, target);
  const first: Exchange = { request: requests.moving(wanted) };
  let exchange = first;
  let outcome: GenerateOutcome | null = null;
  const ended = (stop: ModelReport["stop"], message: string | null): GenerateOutcome => {
    const { usage, attempts, prompts } = conversation;
    const isOpen = stop === "question";
    return {
      ...outcome ?? { ...none, outcome: isOpen ? "undecided" : "unproven" },
      usage,
      model: { name: model.name, prompts, attempts, stop, message },
      notes: [...project.notes],
    };
  };
  for (;;) {
    if (conversation.isTooDear(exchange)) {
      return ended("budget", `another call would pass max_cost_usd = ${config.maxCostUsd}`);
    }
    const text = await conversation.ask(exchange);
    if (conversation.times(text) >= 3) {
      return ended("repeated", "the model gives the same refuted answer again and again");
    }
    const answer = readDataAnswer(text);
    let refutation: Refutation | null;
    if ("error" in answer) {
      if (answer.malformed) await model.unreadable();
      refutation = { stage: "parse", error: answer.error, proven: "nothing" };
    } else if (answer.question !== "") {
      return ended("question", answer.question);
    } else {
      const { question: _, ...written } = answer;
      const data: DataMigration = {
        ...written,
        up: answer.up.map(restore),
        down: answer.down.map(restore),
        checks: answer.checks.map((check) => ({
          ...check,
          sql: restore(check.sql),
          ...check.after === undefined ? {} : { after: restore(check.after) },
        })),
      };
      refutation = refusalOf(data, { policy, changes, before, target, tables, engine });
      if (refutation === null) {
        const tried = await prove(data).catch(checkFault);
        if (!("stage" in tried)) outcome = tried;
        if ("stage" in tried) refutation = tried;
        else if (tried.outcome !== "unproven" || tried.proof === null) return ended(null, null);
        else refutation = refutationOf(tried.proof);
      }
    }
    conversation.refute(refutation);
    if (conversation.isOver) {
      const last = refutedLine(refutation);
      const count = config.maxRetries + 1;
      return ended(
        "retries",
        `none of ${count} attempts was proven; the last one failed at ${last}`,
      );
    }
    exchange = conversation.answered(first, text, refutation);
  }
}

/** A check that cannot be run is the model's to mend. Throws any other error again. */
function checkFault(error: unknown): Refutation {
  if (!(error instanceof UsageError) || error.code !== "check") throw error;
  return { stage: "data_up", error: error.message, proven: "nothing" };
}

function allTables(...snapshots: readonly Snapshot[]): ReadonlySet<string> {
  return new Set(
    snapshots.flatMap(({ objects }) =>
      [...objects.values()].filter(({ kind }) => kind === "table").map(({ name }) => name)
    ),
  );
}

interface Rules {
  readonly policy: Policy;
  readonly changes: readonly Change[];
  readonly before: Snapshot;
  readonly target: Snapshot;
  readonly tables: ReadonlySet<string>;
  readonly engine: Project["engine"];
}

/** What may not even be tried: what is no statement about rows, and what reaches out. */
function refusalOf(data: DataMigration, rules: Rules): Refutation | null {
  const { policy, changes, before, target, tables, engine } = rules;
  for (const direction of ["up", "down"] as const) {
    const isReturn = direction === "down";
    const sql = data[direction];
    for (const [at, text] of sql.entries()) {
      const reason = shapeFault(text, engine);
      if (reason !== null) return refused(`${direction.toUpperCase()}: ${reason}`, at, text);
    }
    const allowance = directedAllowance(
      allowanceOf(changes, changedTables(changes, tables)),
      changes,
      { after: isReturn ? before : target, stated: sql.map((_, at) => at + 1), isReturn },
    );
    const verdict = policy.statements(sql, allowance);
    if (verdict !== null) {
      const { statement, reason } = verdict;
      const text = sql[statement - 1] ?? "";
      return refused(`${direction.toUpperCase()}: ${reason}`, statement - 1, text);
    }
  }
  for (const { name, sql, after } of data.checks) {
    for (const query of [sql, after ?? ""]) {
      if (query === "") continue;
      const reason = queryFault(query, { policy, engine });
      if (reason !== null) return refused(`the check "${name}": ${reason}`, -1, query);
    }
  }
  return null;
}

function refused(error: string, at: number, sql: string): Refutation {
  return { stage: "policy", ...at < 0 ? {} : { statement: at + 1 }, sql, error, proven: "nothing" };
}

/** Tables that a change is about. */
function changedTables(
  changes: readonly Change[],
  tables: ReadonlySet<string>,
): ReadonlySet<string> {
  const ids = changes.flatMap((change) => {
    const { id, parent } = change.op === "drop" ? change.before : change.after;
    return parent === null ? [id] : [id, parent];
  });
  return new Set([...tables].filter((name) => ids.includes(`table:${name}`)));
}

function shapeFault(text: string, { split }: Project["engine"]): string | null {
  let cut: readonly { readonly sql: string }[];
  try {
    cut = split(text);
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : error}`;
  }
  if (cut.length !== 1) return `it is ${cut.length} statements, not one`;
  return changesRows(cut[0]?.sql ?? "") ? null : "it changes no rows";
}

/** A check reads and does nothing else: as a subquery it must be one expression. */
function queryFault(
  query: string,
  { policy, engine }: { readonly policy: Policy; readonly engine: Project["engine"] },
): string | null {
  try {
    const [only, ...more] = engine.split(query);
    if (only === undefined || more.length > 0) return "it must be one query";
    if (!isQuery(only.sql)) return "it must be a query";
    return policy.expression(`(${only.sql}\n)`);
  } catch (error) {
    return `it cannot be read: ${error instanceof Error ? error.message : error}`;
  }
}
