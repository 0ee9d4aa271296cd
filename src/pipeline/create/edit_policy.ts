/** What the statements that a model writes, or has written, may do in a schema. */

import type { Change } from "../../core/change.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { Engine } from "../../engines/engine.ts";
import { policyFor } from "../../models/policy/mod.ts";
import { type Allowance, allowanceOf, type Policy } from "../../models/policy/policy.ts";
import type { EditAnswer } from "../../models/prompts/edit.ts";
import { defines } from "../../sql/row_statement.ts";

/** What commands of a model changed. */
export interface Changed {
  /** The statements of the schema that are new or different. */
  readonly statements: readonly string[];
  readonly changes: readonly Change[];
  /** Values for rows that are there, as SQL. */
  readonly fills: readonly string[];
  /** The schema before. */
  readonly snapshot: Snapshot;
}

/** The policy of a project's dialect, loaded when it is first asked. */
export class EditPolicy {
  readonly #engine: Engine;
  readonly #restore: (sql: string) => string;
  #policy: Policy | null = null;

  constructor(engine: Engine, restore: (sql: string) => string) {
    this.#engine = engine;
    this.#restore = restore;
  }

  /** Why a statement of an answer may not stand in a schema; null when all may. */
  async edits(
    answer: EditAnswer,
    sql: readonly string[],
    snapshot: Snapshot,
  ): Promise<string | null> {
    const written = sql.filter((one) => one !== "");
    if (written.length === 0 && answer.edits.length === 0) return 'the list "edits" is empty';
    const stated = answer.changes.map(({ kind, name }) => `${kind}:${name}`);
    const named = answer.changes.filter(({ kind }) => kind === "table");
    return await this.#refusal(written, {
      kinds: new Set(answer.changes.flatMap(({ kind }) => kind === "type" ? TYPES : [kind])),
      facts: new Set(["comment"]),
      ids: new Set([...stated, ...snapshot.objects.keys()]),
      tables: new Set([...tablesOf(snapshot), ...named.map(({ name, to }) => to || name)]),
    }) ?? await this.#fills(answer.fills.map(({ column, expression }) => [column, expression]));
  }

  /** Why what commands changed may not be; null when it may. */
  async changed({ statements, changes, fills, snapshot }: Changed): Promise<string | null> {
    const made = changes.flatMap((change) =>
      change.op === "create" && change.kind === "table" ? [change.after.name] : []
    );
    const allowed = allowanceOf(changes, [...tablesOf(snapshot), ...made]);
    const ids = new Set([...allowed.ids, ...snapshot.objects.keys()]);
    return await this.#refusal(statements, { ...allowed, ids }) ??
      await this.#fills(fills.map((one) => ["rows that are there", one]));
  }

  async #refusal(written: readonly string[], allowed: Allowance): Promise<string | null> {
    for (const one of written) {
      const fault = this.#faultOf(one);
      if (fault !== null) return `${short(one)}: ${fault}`;
    }
    const verdict = (await this.#loaded()).statements(written, allowed);
    return verdict === null
      ? null
      : `${short(written[verdict.statement - 1] ?? "")}: ${verdict.reason}`;
  }

  #faultOf(sql: string): string | null {
    let cut: readonly { readonly sql: string }[];
    try {
      cut = this.#engine.split(sql);
    } catch (error) {
      return `it cannot be read: ${error instanceof Error ? error.message : error}`;
    }
    if (cut.length !== 1) return `it is ${cut.length} statements, not one`;
    if (!defines(cut[0]?.sql ?? "")) return "it is no definition";
    return /--[ \t]*(?:@renamed|atlas:|aim:)/.test(sql)
      ? 'it holds an annotation; a rename stands in "changes"'
      : null;
  }

  async #fills(fills: readonly (readonly string[])[]): Promise<string | null> {
    const policy = await this.#loaded();
    for (const [column = "", expression = ""] of fills) {
      const reason = policy.expression(this.#restore(expression));
      if (reason !== null) return `the fill of ${column}: ${reason}`;
    }
    return null;
  }

  async #loaded(): Promise<Policy> {
    const { dialect, lexicon } = this.#engine;
    return this.#policy ??= await policyFor(dialect, lexicon);
  }
}

/** Kinds that are types to people. */
const TYPES = ["type", "enum", "domain", "composite type", "range type"];

function tablesOf({ objects }: Snapshot): readonly string[] {
  return [...objects.values()].filter(({ kind }) => kind === "table").map(({ name }) => name);
}

function short(sql: string): string {
  const line = sql.replaceAll(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 60)}…` : line;
}
