/** What aim does, a file for each command. */

export { create, type CreateOptions, type CreateOutcome } from "./create.ts";
export type { SchemaEdit } from "./create/edit_schema.ts";
export { convert, type ConvertOutcome } from "./convert.ts";
export { inFolder, writeOutput } from "./convert/write_output.ts";
export { diagram } from "./diagram.ts";
export { diff, diffOn } from "./diff.ts";
export { generate, generateOn, type GenerateOptions } from "./generate.ts";
export { validate, validateOn } from "./validate.ts";
export { lint, lintOn } from "./lint.ts";
export { runbook } from "./runbook.ts";
export type { LintSelection } from "./lint/select.ts";
export { type Wrapping, wrappingOf } from "./plan/wrapping.ts";
export { slugOf } from "./plan/migration_name.ts";
export type { Outside } from "./files/bounds.ts";
export { globIn } from "./files/read_sources.ts";
export { type AllowsOutside, openProject, type Project } from "./project.ts";
export { outsideOf, readSources, type Sources } from "./sources.ts";
export { prepareServer, servingTarget, startServer, targetOf, wantedRuntime } from "./serve.ts";
export { baseline, type BaselineOutcome } from "./live/baseline.ts";
export { drift, type DriftOutcome } from "./live/drift.ts";
export type { LiveAddress } from "./live/open_live.ts";
export { pull, type PullOutcome } from "./live/pull.ts";
export type { MigrationStatus } from "./live/read_books.ts";
export { stats, statsToml, writeStats } from "./live/stats.ts";
export { status, type StatusOutcome } from "./live/status.ts";
