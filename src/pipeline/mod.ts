/** What aim does, a file for each command. */

export {
  approvalsOf,
  type ApprovalsOutcome,
  type ApprovalTerms,
  approve,
  type ApproveOutcome,
  checkApprovals,
} from "./approvals.ts";
export { isAddress } from "./approvals/records.ts";
export { audit, type AuditEvent, type AuditOutcome } from "./audit.ts";
export { check, type CheckOutcome, defaultBase } from "./check.ts";
export { create, type CreateOptions, type CreateOutcome } from "./create.ts";
export { convert, type ConvertOutcome } from "./convert.ts";
export { inFolder, writeOutput } from "./convert/write_output.ts";
export type { SchemaEdit, UnclearRequest } from "./create/edit_schema.ts";
export { diagram } from "./diagram.ts";
export { diff, diffOn } from "./diff.ts";
export { readData } from "./data/read_data.ts";
export { watchDiff } from "./watch.ts";
export { generate, generateOn, type GenerateOptions } from "./generate.ts";
export { expand, type ExpandOptions } from "./expand.ts";
export { type ExpandState, expandStatus } from "./expand/status.ts";
export { validate, validateOn } from "./validate.ts";
export { impact, type ImpactOptions, type ImpactOutcome, said } from "./impact.ts";
export { lint, lintOn } from "./lint.ts";
export { review, type ReviewOutcome } from "./review.ts";
export { report, type ReportOutcome } from "./report.ts";
export { runbook } from "./runbook.ts";
export type { LintSelection } from "./lint/select.ts";
export { type Wrapping, wrappingOf } from "./plan/wrapping.ts";
export { inOwnTransactions as runnable } from "../formats/mod.ts";
export { slugOf } from "./plan/migration_name.ts";
export type { Outside } from "./files/bounds.ts";
export { parseGlob } from "./files/glob.ts";
export { globIn } from "./files/read_sources.ts";
export { type AllowsOutside, openProject, type Project } from "./project.ts";
export { modelCommand } from "./orm/read_models.ts";
export { shownCommand } from "../orm/mod.ts";
export { outsideOf, proposedReplay, readSources, type Sources } from "./sources.ts";
export { prepareServer, servingTarget, startServer, targetOf, wantedRuntime } from "./serve.ts";
export { amend, type AmendOutcome } from "./amend.ts";
export { rebase, type RebaseOutcome } from "./rebase.ts";
export { baseline, type BaselineOutcome } from "./live/baseline.ts";
export { drift, type DriftOutcome } from "./live/drift.ts";
export type { LiveAddress } from "./live/open_live.ts";
export { pull, type PullOutcome } from "./live/pull.ts";
export type { MigrationStatus } from "./live/read_books.ts";
export { seed, type SeedOutcome } from "./live/seed/seed.ts";
export { stats, statsToml, writeStats } from "./live/stats.ts";
export { status, type StatusOutcome } from "./live/status.ts";
export { apply } from "./apply/apply.ts";
export { recover } from "./apply/recover.ts";
export { rollback } from "./apply/rollback.ts";
export { push, type PushOutcome } from "./apply/push.ts";
