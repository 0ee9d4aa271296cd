/** What no rule converts, by a model: written, loaded on the target and compared; what is not as it should be stays named as left. */

import { type Change, changesBetween } from "../../core/change.ts";
import { DatabaseError } from "../../core/error.ts";
import { lastName, splitName } from "../../core/name.ts";
import type { ModelReport } from "../../core/outcome.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import { viewColumnsQuery } from "../../engines/convert/view_columns.ts";
import type { ConversionNote } from "../../engines/convert/neutral.ts";
import type { Model, Usage } from "../../models/model.ts";
import { policyFor } from "../../models/policy/mod.ts";
import { convertRequest, readConversion } from "../../models/prompts/convert.ts";
import { sqlRedactor } from "../../models/redact_sql.ts";
import type { ScratchDatabase, Server } from "../../runtimes/runtime.ts";
import { defines } from "../../sql/row_statement.ts";
import { Conversation, type Exchange, requirePrice } from "../model/conversation.ts";
import { note, type Project } from "../project.ts";
import { inspect } from "../scratch/snapshot.ts";
import { type Converted, convertingOf, runConverted } from "./convert_snapshot.ts";

/** What the conversion is made of, and where it is loaded. */
export interface ModelConversion {
  readonly source: Project;
  readonly target: Project;
  readonly snapshot: Snapshot;
  readonly converted: Converted;
  readonly here: Server;
  readonly there: Server;
  readonly model: Model;
  /** A database of the source with its schema. */
  loaded(): Promise<ScratchDatabase>;
}

/** The conversion with what the model could write. */
export interface Completed {
  readonly text: string;
  readonly notes: readonly ConversionNote[];
  readonly model: ModelReport & { readonly usage: Usage };
}

/** What may be left of a schema and be written by a statement of its own. */
interface Left {
  readonly kind: "view" | "trigger" | "function" | "procedure" | "default" | "check";
  /** Of a view or a routine; of a trigger, a default or a check, the table. */
  readonly name: string;
  /** Of a trigger its name, of a default its column. */
  readonly part: string;
}

/** Asks for one object after the other. Throws ProviderError when there is no answer to be had. */
export async function convertByModel(input: ModelConversion): Promise<Completed> {
  const { source, target, converted, model } = input;
  const { config, emit, signal } = target;
  requirePrice(model, config.maxCostUsd);
  const { hide, restore } = sqlRedactor(source.engine.lexicon);
  const conversation = new Conversation({ model, limits: config, hide, emit, signal });
  let text = converted.text;
  const notes: ConversionNote[] = [];
  for (const one of converted.notes) {
    const left = one.outcome === "dropped" ? leftOf(one.object) : null;
    const written = left === null
      ? null
      : await statementsFor(input, { conversation, hide, restore, text, left, note: one });
    if (written === null) {
      notes.push(one);
      continue;
    }
    const { terminated } = await convertingOf(target.engine);
    text += `${written.map((sql) => `\n${terminated(sql)}\n`).join("")}`;
    const became = `what ${model.name} wrote: ${written[0]?.replaceAll(/\s+/g, " ").slice(0, 80)}`;
    const why = `${one.why}; it loads and is called the same, what it gives is to be read`;
    notes.push({ ...one, outcome: "changed", became, why });
  }
  const { prompts, attempts, usage } = conversation;
  const report = { name: model.name, prompts, attempts, stop: null, message: null, usage };
  return { text, notes, model: report };
}

/** The object that a note speaks of. */
function leftOf(object: string): Left | null {
  const [, kind = "", rest = ""] =
    /^(view|trigger|function|procedure|default of column|check) (.+)$/s.exec(object) ?? [];
  const [table = "", ...parts] = splitName(rest);
  switch (kind) {
    case "view":
      return { kind, name: lastName(rest), part: "" };
    case "function":
    case "procedure":
      return { kind, name: lastName(rest.replace(/\(.*$/s, "")), part: "" };
    case "trigger":
      return { kind, name: table, part: parts.at(-1) ?? "" };
    case "default of column":
      return { kind: "default", name: table, part: parts.at(-1) ?? "" };
    case "check":
      return { kind, name: rest.slice(0, Math.max(0, rest.indexOf("."))), part: "" };
    default:
      return null;
  }
}

interface Asking {
  readonly conversation: Conversation;
  readonly hide: (text: string) => string;
  readonly restore: (text: string) => string;
  /** The DDL of the target so far. */
  readonly text: string;
  readonly left: Left;
  readonly note: ConversionNote;
}

/** Statements that are loaded and right; null where there are none to be had. */
async function statementsFor(
  input: ModelConversion,
  { conversation, hide, restore, text, left, note: { object, why } }: Asking,
): Promise<readonly string[] | null> {
  const { source, target, here, there, model } = input;
  const first: Exchange = {
    request: convertRequest({
      from: `${source.engine.dialect} ${here.version}`,
      to: `${target.engine.dialect} ${there.version}`,
      object,
      why,
      definition: definitionOf(input, left),
      schema: text,
    }, { hide, maxTokens: conversation.maxTokens }),
  };
  let exchange = first;
  for (let attempt = 0; attempt <= target.config.maxRetries; attempt++) {
    if (conversation.isTooDear(exchange)) {
      note(target, `${object} was not asked about: another call would pass max_cost_usd`);
      return null;
    }
    const answer = await conversation.ask(exchange);
    const read = readConversion(answer);
    if (!("error" in read) && read.length === 0) return null;
    if ("error" in read && read.malformed) await model.unreadable();
    const statements = "error" in read ? [] : read.map(restore);
    const fault = "error" in read ? read.error : await faultOf(input, { statements, text, left });
    if (fault === null) return statements;
    const stage = "error" in read ? "parse" : "apply_up";
    const refutation = { stage, error: fault, proven: "nothing" } as const;
    conversation.refute(refutation);
    if (conversation.times(answer) >= 2) return null;
    exchange = conversation.answered(first, answer, refutation);
  }
  return null;
}

/** The object as its server has it: of its own, or within its table. */
function definitionOf({ source, snapshot }: ModelConversion, { kind, name }: Left): string {
  const described = source.engine.describe(snapshot);
  const wanted = kind === "trigger" || kind === "default" || kind === "check" ? "table" : kind;
  return [...described].filter(([id]) => {
    const object = snapshot.objects.get(id);
    const bare = lastName((object?.name ?? "").replace(/\(.*$/s, ""));
    return bare === name && (object?.kind === wanted || object?.kind === kind);
  }).map(([, ddl]) => ddl).join("\n");
}

/** What is wrong with statements; null where they make what is wanted and nothing else. */
async function faultOf(
  input: ModelConversion,
  { statements, text, left }: {
    readonly statements: readonly string[];
    readonly text: string;
    readonly left: Left;
  },
): Promise<string | null> {
  const { target: project, there: server } = input;
  const { engine } = project;
  for (const sql of statements) {
    if (!defines(sql) || engine.split(sql).length !== 1) {
      return `it is not one definition: ${sql.slice(0, 60)}`;
    }
  }
  await using database = await server.create();
  await runConverted(project, database, text);
  const before = await inspect(project, database);
  const policy = await policyFor(engine.dialect, engine.lexicon);
  const tables = [...before.objects.values()].filter(({ kind }) => kind === "table");
  // A trigger may bring its function, whatever that is called; what else is made is seen afterwards.
  const brought = left.kind !== "trigger" ? [] : statements.flatMap((sql) => {
    const made = engine.definitionAt(sql, 0);
    return made === null ? [] : [`function:${made.name}`];
  });
  const verdict = policy.statements(statements, {
    kinds: new Set([left.kind, "function", "trigger", "column", "constraint", "default"]),
    facts: new Set(),
    ids: new Set([...before.objects.keys(), `${left.kind}:${left.name}`, ...brought]),
    tables: new Set(tables.map(({ name }) => name)),
  });
  if (verdict !== null) return verdict.reason;
  try {
    for (const sql of statements) await database.exec(sql);
  } catch (error) {
    if (error instanceof DatabaseError) return error.message;
    throw error;
  }
  const after = await inspect(project, database);
  const other = misfit(left, changesBetween(before, after, { strictOrder: false }));
  if (other !== null || left.kind !== "view") return other;
  await using source = await input.loaded();
  const [was, is] = [await columnsOf(source, left.name), await columnsOf(database, left.name)];
  return was === null || is === null || was === is ? null : `its columns are ${is}, not ${was}`;
}

/** Why changes are not what was asked for. */
function misfit(
  { kind, name, part }: Left,
  changes: readonly Change[],
): string | null {
  const made = changes.map((change) => ({
    change,
    object: change.op === "drop" ? change.before : change.after,
  }));
  const bare = (full: string) => lastName(full.replace(/\(.*$/s, ""));
  const isIn = (full: string) => splitName(full).includes(kind === "trigger" ? part : name);
  const isRight = (object: { readonly kind: string; readonly name: string }) => {
    if (kind === "default") return splitName(object.name).slice(-2).join(".") === `${name}.${part}`;
    if (kind === "check") {
      return object.kind === "constraint" && splitName(object.name).includes(name);
    }
    return object.kind === kind && bare(object.name) === (kind === "trigger" ? part : name);
  };
  if (!made.some(({ object }) => isRight(object))) {
    return `it makes no ${kind} ${kind === "trigger" ? part : name}${
      kind === "default" ? `.${part}` : ""
    }`;
  }
  const other = made.find(({ change, object }) =>
    !isRight(object) && !(change.op === "create" && isIn(object.name)) &&
    !(kind === "trigger" && change.op === "create" && object.kind === "function")
  );
  return other === undefined
    ? null
    : `it changes ${other.object.kind} ${other.object.name} as well`;
}

/** Names of a view's columns, in order, from a row that has none of its own; null where it cannot be asked. */
async function columnsOf(database: ScratchDatabase, view: string): Promise<string | null> {
  const sql = viewColumnsQuery(view);
  if (sql === null) return null;
  try {
    const [row] = await database.query<Record<string, unknown>>(sql);
    return row === undefined ? null : Object.keys(row).join(", ").toLowerCase();
  } catch (error) {
    if (error instanceof DatabaseError) return null;
    throw error;
  }
}
