/** Answers of a model that edits a schema, written in short: what changes, and a piece of a statement's text put in place of another. */

import type { Engine } from "../../src/engines/engine.ts";
import { labelled, statementText } from "../../src/requests/label.ts";
import { readSchemaText } from "../../src/requests/schema_text.ts";

/** A statement: a new one, one that is taken out, or one in whose text a piece is put in place of another. */
export type Edit =
  | { readonly make: string }
  | { readonly takeOut: string }
  | { readonly in: string; readonly put: readonly (readonly [piece: string, by: string])[] };

/** One answer. Changes are `add column users.email`, `rename column users.a -> b`. */
export interface Answer {
  readonly changes?: readonly string[];
  readonly fills?: Readonly<Record<string, string>>;
  readonly edits?: readonly Edit[];
  readonly moves?: string;
  readonly question?: string;
  readonly options?: readonly string[];
}

/** The answer as a model writes it: whole statements, without the comments that models forget. */
export function answerText(answer: Answer, sql: string, engine: Engine): string {
  const schema = readSchemaText([{ path: "schema.sql", text: sql }], engine);
  const known = new Map(labelled(schema).map((one) => [one.label, one.statement]));
  const textOf = (label: string) => {
    const statement = known.get(label);
    if (statement === undefined) throw new Error(`no statement ${label}`);
    return statementText(schema, statement).replaceAll(/--[^\n]*|\/\*.*?\*\//gs, "");
  };
  return JSON.stringify({
    plan: "as asked",
    question: answer.question ?? "",
    options: answer.options ?? [],
    changes: (answer.changes ?? []).map((line) => {
      const [op, kind, ...rest] = line.split(" ");
      const [name, to = ""] = rest.join(" ").split(" -> ");
      return { op, kind, name, to };
    }),
    moves: answer.moves ?? "",
    fills: Object.entries(answer.fills ?? {}).map(([column, expression]) => ({
      column,
      expression,
    })),
    edits: (answer.edits ?? []).map((edit) => {
      if ("make" in edit) return { statement: "new", sql: edit.make };
      if ("takeOut" in edit) return { statement: edit.takeOut, sql: "" };
      const text = textOf(edit.in);
      const written = edit.put.reduce((all, [piece, by]) => {
        if (!all.includes(piece)) throw new Error(`${edit.in} holds no ${piece}: ${all}`);
        return all.replace(piece, by);
      }, text);
      return { statement: edit.in, sql: written };
    }),
  });
}

/** What a model says of a wish before it writes anything: the same in commands, or that no command fits. */
export function restatedText(commands: readonly string[] = ["other"], question = ""): string {
  return JSON.stringify({ reason: "as asked", question, commands });
}
