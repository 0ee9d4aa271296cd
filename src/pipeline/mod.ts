/** What aim does, a file for each command. */

export type { ApprovalsOutcome, ApprovalTerms, ApproveOutcome } from "./approvals.ts";
export { isAddress } from "./approvals/records.ts";
export type { AuditEvent, AuditOutcome } from "./audit.ts";
export type { CheckOutcome } from "./check.ts";
export type { CreateOptions, CreateOutcome } from "./create.ts";
export type { ConvertOutcome } from "./convert.ts";
export { inFolder, writeOutput } from "./convert/write_output.ts";
export type { SchemaEdit, UnclearRequest } from "./create/edit_schema.ts";
export { diff, diffOn } from "./diff.ts";
export { readData } from "./data/read_data.ts";
export { generate, generateOn } from "./generate.ts";
export type { GenerateOptions } from "./generate.ts";
export type { ExpandOptions } from "./expand.ts";
export type { ExpandState } from "./expand/status.ts";
export { validate, validateOn } from "./validate.ts";
export type { ImpactOptions, ImpactOutcome } from "./impact.ts";
export type { ReviewOutcome } from "./review.ts";
export type { ReportOutcome } from "./report.ts";
export type { LintSelection } from "./lint/select.ts";
export { wrappingOf } from "./plan/wrapping.ts";
export type { Wrapping } from "./plan/wrapping.ts";
export { inOwnTransactions as runnable } from "../formats/mod.ts";
export { slugOf } from "./plan/migration_name.ts";
export type { Outside } from "./files/bounds.ts";
export { parseGlob } from "./files/glob.ts";
export { globIn } from "./files/read_sources.ts";
export { openProject } from "./project.ts";
export type { AllowsOutside, Project } from "./project.ts";
export { modelCommand } from "./orm/read_models.ts";
export { shownCommand } from "../orm/mod.ts";
export { outsideOf, proposedReplay, readSources, settingsOf } from "./sources.ts";
export type { Sources } from "./sources.ts";
export { prepareServer, servingTarget, startServer, targetOf, wantedRuntime } from "./serve.ts";
export type { AmendOutcome } from "./amend.ts";
export type { RebaseOutcome } from "./rebase.ts";
export type { BaselineOutcome } from "./live/baseline.ts";
export type { DriftOutcome } from "./live/drift.ts";
export type { LiveAddress } from "./live/open_live.ts";
export type { PullOutcome } from "./live/pull.ts";
export type { MigrationStatus } from "./live/read_books.ts";
export type { SeedOutcome } from "./live/seed/seed.ts";
export { statsToml } from "./live/stats.ts";
export type { StatusOutcome } from "./live/status.ts";
export type { PushOutcome } from "./apply/push.ts";

/** A run of a command whose files are loaded when it is called: most runs need one command. */
function later<Run extends (...given: never[]) => Promise<unknown>>(
  load: () => Promise<Run>,
): Run {
  const run = async (...given: Parameters<Run>) => await (await load())(...given);
  // The very parameters and the very answer of what is loaded, which no type can say here.
  return run as unknown as Run;
}

export const approvalsOf = later(async () => (await import("./approvals.ts")).approvalsOf);
export const approve = later(async () => (await import("./approvals.ts")).approve);
export const checkApprovals = later(async () => (await import("./approvals.ts")).checkApprovals);
export const audit = later(async () => (await import("./audit.ts")).audit);
export const check = later(async () => (await import("./check.ts")).check);
export const defaultBase = later(async () => (await import("./check.ts")).defaultBase);
export const create = later(async () => (await import("./create.ts")).create);
export const convert = later(async () => (await import("./convert.ts")).convert);
export const diagram = later(async () => (await import("./diagram.ts")).diagram);
export const watchDiff = later(async () => (await import("./watch.ts")).watchDiff);
export const expand = later(async () => (await import("./expand.ts")).expand);
export const expandStatus = later(async () => (await import("./expand/status.ts")).expandStatus);
export const impact = later(async () => (await import("./impact.ts")).impact);
export const lint = later(async () => (await import("./lint.ts")).lint);
export const lintOn = later(async () => (await import("./lint.ts")).lintOn);
export const review = later(async () => (await import("./review.ts")).review);
export const report = later(async () => (await import("./report.ts")).report);
export const runbook = later(async () => (await import("./runbook.ts")).runbook);
export const amend = later(async () => (await import("./amend.ts")).amend);
export const rebase = later(async () => (await import("./rebase.ts")).rebase);
export const baseline = later(async () => (await import("./live/baseline.ts")).baseline);
export const drift = later(async () => (await import("./live/drift.ts")).drift);
export const pull = later(async () => (await import("./live/pull.ts")).pull);
export const seed = later(async () => (await import("./live/seed/seed.ts")).seed);
export const stats = later(async () => (await import("./live/stats.ts")).stats);
export const writeStats = later(async () => (await import("./live/stats.ts")).writeStats);
export const status = later(async () => (await import("./live/status.ts")).status);
export const apply = later(async () => (await import("./apply/apply.ts")).apply);
export const recover = later(async () => (await import("./apply/recover.ts")).recover);
export const rollback = later(async () => (await import("./apply/rollback.ts")).rollback);
export const push = later(async () => (await import("./apply/push.ts")).push);
