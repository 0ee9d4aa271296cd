/** Outcomes as reports have them. */

import type {
  DiffOutcome,
  GenerateOutcome,
  LintOutcome,
  MigrationVerdict,
  ValidateOutcome,
} from "../../core/outcome.ts";
import type { Verdict } from "../../core/proof.ts";
import type { CheckOutcome, RebaseOutcome } from "../../pipeline/mod.ts";
import type { Check } from "../../reports/report.ts";
import { optionFlag } from "../choice_flags.ts";
import type { Reported } from "../write_reports.ts";
import { counted } from "./changes.ts";
import { changeLine, draftDetails, lintedMigration, rowDetails, verdictRows } from "./details.ts";

const NOTHING = { checks: [], changes: [], sql: [], questions: [], notes: [] } as const;

/** What a command reports that found nothing to do. */
export const unchangedReported: Reported = {
  ...NOTHING,
  outcome: "unchanged",
  isGood: true,
  summary: "unchanged",
  server: null,
  findings: [],
};

/** What `aim diff` reports. */
export function diffReported(outcome: DiffOutcome): Reported {
  const isGood = outcome.outcome === "in-sync";
  const summary = isGood ? "in sync" : counted(outcome.changes.length, "difference");
  return {
    ...NOTHING,
    ...commonOf(outcome),
    isGood,
    summary,
    checks: [schemaCheck("schema", isGood ? "in-sync" : "differs", summary)],
    changes: outcome.changes.map(changeLine),
    details: { diff: outcome.text },
  };
}

/** What `aim validate` reports; `folder` is the migrations folder as it is shown. */
export function validateReported(outcome: ValidateOutcome, folder: string): Reported {
  const isGood = outcome.outcome === "valid";
  const { migrations, schema } = outcome;
  const differs = counted(outcome.changes.length, "difference");
  return {
    ...NOTHING,
    ...commonOf(outcome),
    isGood,
    summary: `${outcome.outcome}, ${counted(migrations.length, "migration")}`,
    checks: [
      ...migrations.flatMap((verdict) => migrationChecks(verdict, folder)),
      ...(schema === "none" ? [] : [schemaCheck(folder, schema, differs)]),
    ],
    changes: outcome.changes.map(changeLine),
    details: { diff: outcome.text, rows: verdictRows(migrations) },
  };
}

/** What `aim generate` reports. */
export function generateReported(outcome: GenerateOutcome): Reported {
  const { proof, draft, choices } = outcome;
  const isGood = outcome.outcome === "in-sync" || outcome.outcome === "proven";
  const name = draft?.name ?? "migration";
  const server = proof === null ? null : `${proof.runtime} ${proof.version}`;
  const open = choices.filter(({ answer }) => answer === null);
  const directions = proof === null
    ? []
    : [["up", proof.up], ["down", proof.down], ["up again", proof.again]] as const;
  return {
    ...NOTHING,
    outcome: outcome.outcome,
    isGood,
    summary: open.length > 0
      ? `${outcome.outcome}, ${counted(open.length, "open question")}`
      : outcome.outcome,
    server,
    findings: outcome.findings,
    notes: outcome.notes,
    checks: directions.map(([direction, verdict]) => verdictCheck(`${name} ${direction}`, verdict)),
    changes: outcome.changes.map(changeLine),
    sql: draft === null ? [] : [
      { title: `UP of ${name}`, sql: draft.up.map(({ sql }) => `${sql};`).join("\n\n") },
      { title: `DOWN of ${name}`, sql: draft.down.map(({ sql }) => `${sql};`).join("\n\n") },
    ],
    questions: open.map((choice) => ({
      question: choice.question,
      flags: choice.options.map((option) => optionFlag(choice, option)),
    })),
    details: {
      migrations: draft === null ? [] : [draftDetails(draft)],
      ...rowDetails(proof?.rows),
    },
  };
}

/** What `aim lint` reports. */
export function lintReported(outcome: LintOutcome): Reported {
  const { migrations, findings } = outcome;
  return {
    ...NOTHING,
    outcome: outcome.outcome,
    server: outcome.runtime === null ? null : `${outcome.runtime} ${outcome.version}`,
    findings,
    notes: outcome.notes,
    isGood: outcome.outcome === "safe",
    summary: findings.length === 0 ? "nothing dangerous" : counted(findings.length, "finding"),
    checks: migrations.map(({ version, name, findings: own }) => {
      const worst = own.find(({ severity }) => severity === "error");
      return {
        suite: "lint",
        name: version === name || version === "" ? name : `${version}_${name}`,
        state: worst === undefined ? "passed" : "failed",
        code: worst?.code ?? "",
        text: worst === undefined ? "" : own.map(({ message }) => message).join("\n"),
      };
    }),
    details: { migrations: migrations.map((one) => lintedMigration(one)) },
  };
}

/** What `aim check` reports. */
export function checkReported(outcome: CheckOutcome, folder: string): Reported {
  const { validated, linted, own, base } = outcome;
  const isGood = outcome.outcome !== "failed";
  const number = counted(outcome.fresh.length, "new migration");
  const { findings } = outcome;
  return {
    ...NOTHING,
    outcome: outcome.outcome,
    isGood,
    summary: outcome.outcome === "unchanged"
      ? `nothing has changed against ${base.revision}`
      : `${outcome.outcome}, ${number} against ${base.revision}` +
        (findings.length === 0 ? "" : `, ${counted(findings.length, "finding")}`),
    server: validated === null ? null : `${validated.runtime} ${validated.version}`,
    findings,
    notes: outcome.notes,
    checks: [
      ...own.map(({ code, migration, message }): Check => ({
        suite: "git",
        name: `${migration ?? "project"} ${code}`,
        state: "failed",
        code,
        text: message,
      })),
      ...(own.length > 0 ? [] : [AGAINST_BASE]),
      ...(validated === null ? [] : validateReported(validated, folder).checks),
      ...(linted === null ? [] : lintReported(linted).checks),
    ],
    changes: (validated?.changes ?? []).map(changeLine),
    details: {
      diff: validated?.text ?? "",
      migrations: (linted?.migrations ?? []).map((one) => lintedMigration(one)),
      rows: verdictRows(validated?.migrations ?? []),
    },
  };
}

/** What `aim rebase` reports. */
export function rebaseReported(outcome: RebaseOutcome, folder: string): Reported {
  const { validated, moved, base } = outcome;
  const isGood = outcome.outcome !== "unproven";
  const summary = outcome.outcome === "in-order"
    ? `in order behind ${base.revision}`
    : `${outcome.outcome}, ${counted(moved.length, "file")}`;
  const proof = validated === null ? null : validateReported(validated, folder);
  return {
    ...NOTHING,
    outcome: outcome.outcome,
    isGood,
    summary,
    server: proof?.server ?? null,
    findings: proof?.findings ?? [],
    notes: outcome.notes,
    checks: proof?.checks ?? [],
    changes: proof?.changes ?? [],
  };
}

const AGAINST_BASE: Check = {
  suite: "git",
  name: "the migrations come after those of the base",
  state: "passed",
  code: "",
  text: "",
};

function commonOf(outcome: DiffOutcome | ValidateOutcome) {
  return {
    outcome: outcome.outcome,
    server: `${outcome.runtime} ${outcome.version}`,
    findings: outcome.findings,
    notes: outcome.notes,
  };
}

function schemaCheck(suite: string, state: "in-sync" | "differs", text: string): Check {
  const name = "migrations lead to the schema";
  return state === "in-sync"
    ? { suite, name, state: "passed", code: "", text: "" }
    : { suite, name, state: "failed", code: "schema-differs", text };
}

/** A check for each direction. */
function migrationChecks(verdict: MigrationVerdict, suite: string): readonly Check[] {
  const { version, name, up, down, again, detail } = verdict;
  const label = version === name || version === "" ? name : `${version}_${name}`;
  const check = (direction: string, state: Check["state"], code: string): Check => ({
    suite,
    name: `${label} ${direction}`,
    state,
    code: state === "passed" || state === "skipped" ? "" : code,
    text: state === "passed" || state === "skipped" ? "" : detail,
  });
  const isMissing = down === "missing" && detail === "";
  const downState = up === "error" || isMissing
    ? "skipped"
    : down === "exact" || down === "column-order"
    ? "passed"
    : "failed";
  const againState = again === "not-run" ? "skipped" : again === "ok" ? "passed" : "failed";
  return [
    check("up", up === "ok" ? "passed" : "failed", "up-fails"),
    check(
      "down",
      downState,
      down === "error" ? "down-fails" : down === "missing" ? "down-missing" : "down-differs",
    ),
    check("up again", againState, "up-again-fails"),
  ];
}

function verdictCheck(name: string, verdict: Verdict): Check {
  const base = { suite: "generate", name };
  switch (verdict.state) {
    case "not-run":
      return { ...base, state: "skipped", code: "", text: "" };
    case "exact":
    case "column-order":
      return { ...base, state: "passed", code: "", text: "" };
    case "error":
      return { ...base, ...UNPROVEN, text: `${verdict.message}\n${verdict.sql}` };
    case "differs":
      return { ...base, ...UNPROVEN, text: verdict.changes.map(changeLine).join("\n") };
  }
}

const UNPROVEN = { state: "failed", code: "migration-unproven" } as const;
