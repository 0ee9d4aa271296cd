/** Outcomes as the JSON contract has them. */

import type {
  DiffOutcome,
  GenerateOutcome,
  LintedMigration,
  LintOutcome,
  MigrationVerdict,
  ValidateOutcome,
} from "../../core/outcome.ts";
import type { CheckOutcome, RebaseOutcome } from "../../pipeline/mod.ts";
import type { Change } from "../../core/change.ts";
import type { Choice } from "../../core/choice.ts";
import type { Draft } from "../../core/plan.ts";
import type { Proof, RowFinding, RowsProof, Verdict } from "../../core/proof.ts";
import type { SchemaObject } from "../../core/snapshot.ts";
import type { PlannedStatement } from "../../core/statement.ts";
import { optionFlag } from "../choice_flags.ts";
import { sentenceOf } from "./reason.ts";

type Json = Record<string, unknown>;

/** `aim diff`. */
export function diffJson(outcome: DiffOutcome): Json {
  return {
    outcome: outcome.outcome,
    changes: outcome.changes.map(changeJson),
    diff: outcome.text,
    columnOrderOnly: outcome.columnOrderOnly,
    reordered: outcome.reordered,
    findings: outcome.findings,
    runtime: outcome.runtime,
    version: outcome.version,
    notes: outcome.notes,
  };
}

/** `aim generate`. */
export function generateJson(outcome: GenerateOutcome): Json {
  const { draft, proof } = outcome;
  return {
    outcome: outcome.outcome,
    changes: outcome.changes.map(changeJson),
    migration: draft === null ? null : migrationJson(draft, outcome),
    proof: proof === null ? null : proofJson(proof),
    choices: outcome.choices.map(choiceJson),
    findings: outcome.findings,
    data: outcome.data ?? null,
    usage: outcome.usage,
    model: outcome.model ?? null,
    ...outcome.linted === undefined ? {} : {
      linted: outcome.linted.map((migration) => ({
        ...lintedJson(migration),
        findings: migration.findings,
      })),
    },
    written: outcome.written,
    next: outcome.next,
    notes: outcome.notes,
  };
}

/** `aim validate`. */
export function validateJson(outcome: ValidateOutcome): Json {
  return {
    outcome: outcome.outcome,
    migrations: outcome.migrations.map(migrationVerdictJson),
    schema: outcome.schema,
    changes: outcome.changes.map(changeJson),
    diff: outcome.text,
    findings: outcome.findings,
    runtime: outcome.runtime,
    version: outcome.version,
    statements: outcome.statements,
    earlier: outcome.earlier,
    notes: outcome.notes,
  };
}

/** `aim lint`. */
export function lintJson(outcome: LintOutcome): Json {
  return {
    outcome: outcome.outcome,
    migrations: outcome.migrations.map(lintedJson),
    findings: outcome.findings,
    runtime: outcome.runtime,
    version: outcome.version,
    notes: outcome.notes,
  };
}

function lintedJson({ version, name, statements }: LintedMigration): Json {
  return {
    version,
    name,
    statements: statements.map(({ sql, place, measured, failure, estimates, tools }) => ({
      sql,
      place,
      measured,
      failure,
      ...estimates === undefined ? {} : { estimates },
      ...tools === undefined ? {} : { tools },
    })),
  };
}

/** `aim rebase`. */
export function rebaseJson({ validated, ...outcome }: RebaseOutcome): Json {
  return {
    ...outcome,
    migrations: (validated?.migrations ?? []).map(migrationVerdictJson),
    schema: validated?.schema ?? "none",
    changes: (validated?.changes ?? []).map(changeJson),
    diff: validated?.text ?? "",
    findings: validated?.findings ?? [],
    runtime: validated?.runtime ?? null,
    version: validated?.version ?? null,
  };
}

/** `aim check`. */
export function checkJson(outcome: CheckOutcome): Json {
  const { validated, drift } = outcome;
  return {
    outcome: outcome.outcome,
    base: outcome.base,
    fresh: outcome.fresh,
    migrations: (validated?.migrations ?? []).map(migrationVerdictJson),
    schema: validated?.schema ?? "none",
    changes: (validated?.changes ?? []).map(changeJson),
    diff: validated?.text ?? "",
    drift: drift === null ? null : { ...drift, changes: drift.changes.map(changeJson) },
    findings: outcome.findings,
    runtime: validated?.runtime ?? null,
    version: validated?.version ?? null,
    notes: outcome.notes,
  };
}

/** One change. */
export function changeJson(change: Change): Json {
  const { op, kind, id } = change;
  if (change.op !== "alter") return { op, kind, id };
  const { facts, before, after } = change;
  return { op, kind, id, facts, before: differing(before, facts), after: differing(after, facts) };
}

/** The values of some facts; null where there is none. */
function differing(object: SchemaObject, facts: readonly string[]): Json {
  return Object.fromEntries(
    facts.map((fact) => [
      fact,
      (fact === "position" ? object.position : object.facts[fact]) ?? null,
    ]),
  );
}

function migrationJson(draft: Draft, outcome: GenerateOutcome): Json {
  return {
    name: draft.name,
    author: draft.author,
    up: draft.up.map((statement) => statement.sql),
    down: draft.down.map((statement) => statement.sql),
    reversible: draft.reversible,
    statements: { up: draft.up.map(statementJson), down: draft.down.map(statementJson) },
    files: outcome.files,
    notes: draft.notes,
  };
}

function statementJson(statement: PlannedStatement): Json {
  return { ...statement, why: sentenceOf(statement.reason) };
}

function choiceJson(choice: Choice): Json {
  const options = choice.options.map((option) => {
    const { rename: _rename, setting: _setting, sample: _sample, ...rest } = option;
    return { ...rest, flag: optionFlag(choice, option) };
  });
  return { ...choice, options };
}

function proofJson(proof: Proof): Json {
  const refusals = (["up", "down", "again"] as const)
    .flatMap((direction) => refusalJson(direction, proof[direction]));
  return {
    runtime: proof.runtime,
    version: proof.version,
    exact: proof.exact ?? true,
    up: proof.up.state,
    down: proof.down.state,
    again: proof.again.state,
    rows: proof.rows === undefined ? null : rowsJson(proof.rows),
    refusals,
  };
}

function rowsJson({ lost, altered, newData, ...rows }: RowsProof): Json {
  const written = newData.map(({ table, column, kind, value, fate, message }) => ({
    table,
    column,
    kind,
    value,
    fate,
    message,
  }));
  return {
    ...rows,
    newData: written,
    lost: lost.map(findingJson),
    altered: altered.map(findingJson),
  };
}

function findingJson(finding: RowFinding): Json {
  const { table, column, before, after, direction, text, statement } = finding;
  return { table, column, before, after, direction, text, statement: statement?.sql ?? null };
}

function migrationVerdictJson({ rows, ...verdict }: MigrationVerdict): Json {
  if (rows === undefined) return { ...verdict, rows: null };
  const { state, refused = null, lost, altered, checks = [] } = rows;
  return {
    ...verdict,
    rows: {
      state,
      refused,
      lost: lost.map(findingJson),
      altered: altered.map(findingJson),
      checks,
    },
  };
}

function refusalJson(direction: string, verdict: Verdict): readonly Json[] {
  if (verdict.state === "error") {
    const { statement, sql, message, detail = null, hint = null } = verdict;
    return [{ direction, state: "error", statement, sql, message, detail, hint }];
  }
  if (verdict.state === "differs") {
    return [{ direction, state: "differs", changes: verdict.changes.map(changeJson) }];
  }
  return [];
}
