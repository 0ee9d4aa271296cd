/** `aim review`: migrations are linted as ever, and a model reads them with what was measured. */

import type { Advice } from "../core/advice.ts";
import type { LintOutcome, ModelReport } from "../core/outcome.ts";
import { ProviderError } from "../core/error.ts";
import type { Model, Usage } from "../models/model.ts";
import { readReview, type Remark, reviewRequest } from "../models/prompts/review.ts";
import { sqlRedactor } from "../models/redact_sql.ts";
import { lintOn, type LintOptions } from "./lint.ts";
import { Conversation, type Exchange, requirePrice } from "./model/conversation.ts";
import { note, type Project } from "./project.ts";
import { label } from "./scratch/snapshot.ts";
import { surroundingsOf } from "./review/surroundings.ts";
import { startServer } from "./serve.ts";
import { readHistoryAlone } from "./sources.ts";

/** What was measured and found, and what a model says besides. */
export interface ReviewOutcome {
  readonly linted: LintOutcome;
  readonly advice: readonly Advice[];
  readonly model: ModelReport;
  readonly usage: Usage;
}

/** Reviews the selected migrations. Throws ProviderError when there is no answer to be had. */
export async function review(
  project: Project,
  options: LintOptions & { readonly openModel: () => Promise<Model> },
): Promise<ReviewOutcome> {
  const sources = await readHistoryAlone(project, { replays: true });
  const model = await options.openModel();
  const { config, engine, emit, signal } = project;
  requirePrice(model, config.maxCostUsd);
  await using server = await startServer(project, sources);
  const linted = await lintOn(project, server, sources, options);
  const { hide } = sqlRedactor(engine.lexicon);
  const conversation = new Conversation({ model, limits: config, hide, emit, signal });
  const advice: Advice[] = [];
  for (const examined of linted.migrations) {
    const { version, name, statements, findings } = examined;
    const migration = sources.history.migrations.find((one) =>
      one.version === version && one.name === name
    );
    const title = migration === undefined ? name : label(migration);
    const request = reviewRequest({
      server: `${engine.dialect} ${server.version}`,
      context: config.context,
      migration: title,
      statements,
      down: migration?.down?.text ?? "",
      findings,
      ...migration === undefined
        ? { sizes: [], uses: [], policy: [] }
        : await surroundingsOf(project, migration, examined),
    }, { hide, maxTokens: conversation.maxTokens });
    const remarks = await remarksOn(project, { model, conversation, count: statements.length }, {
      request,
    });
    advice.push(...remarks.map((remark): Advice => {
      const place = statements[remark.statement - 1]?.place;
      return { migration: title, ...remark, ...place === undefined ? {} : { place } };
    }));
  }
  const { prompts, attempts, usage } = conversation;
  const report = { name: model.name, prompts, attempts, stop: null, message: null };
  return { linted: { ...linted, notes: [...project.notes] }, advice, model: report, usage };
}

/** The remarks of one answer; one that cannot be read is asked for again. */
async function remarksOn(
  project: Project,
  { model, conversation, count }: {
    readonly model: Model;
    readonly conversation: Conversation;
    readonly count: number;
  },
  first: Exchange,
): Promise<readonly Remark[]> {
  let exchange = first;
  for (let attempt = 0;; attempt++) {
    if (conversation.isTooDear(exchange)) {
      note(project, "the rest was not reviewed: another call would pass max_cost_usd");
      return [];
    }
    const text = await conversation.ask(exchange);
    const read = readReview(text, count);
    if (!("error" in read)) return read;
    if (read.malformed) await model.unreadable();
    if (attempt >= project.config.maxRetries) {
      throw new ProviderError(`Cannot use the answer of ${model.name}: ${read.error}`, {
        code: "model-answer",
        hint: 'Take a larger model, or output_mode = "json_schema" where its server knows it',
      });
    }
    const refutation = { stage: "parse", error: read.error, proven: "nothing" } as const;
    conversation.refute(refutation);
    exchange = conversation.answered(first, text, refutation);
  }
}
