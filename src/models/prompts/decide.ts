/** The request "decide": answers to the questions of the planner, from the options that it offers. All that a model is told stands here. */

import type { Answer, Choice } from "../../core/choice.ts";
import type { ModelRequest } from "../model.ts";
import { type Brief, changesText, schemaText } from "./brief.ts";
import { fence, fenceNote } from "./fence.ts";
import { objects, readJson, string } from "./read_json.ts";
import { systemText } from "./write.ts";

/** Name and version; raise the version when anything below changes. */
export const DECIDE_PROMPT = "decide-1";

const RULES =
  `A planner writes a migration for a database. You are given the schema BEFORE and AFTER the change, and the \
questions that the planner cannot answer from them. Answer each question with the id of one of its options. \
The planner then writes the statements, and a scratch database with rows proves them.

Rules:
- A rename keeps the data; dropping and adding loses it. Choose a rename when names, types, positions and uses make it likely \
that it is the same thing; choose "drop" when it is a different thing.
- Where an option takes an expression, "expression" is one SQL expression over the columns of the row as it is before the change, \
of the type that is needed, without subqueries where a plain value will do. Else "expression" is "".
- "reason" is one short sentence.
- Put the id of a question into "need_user" only when a wrong answer would lose data and nothing speaks for any of its options; \
then give no decision for it.`;

const PLAIN = `Answer with one line for each question and nothing else, in this form:
<id of the question> => <id of the option> : <expression, where the option takes one>`;

/** What a model decided. */
export interface Decided {
  /** By id of the choice. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Why, by id of the choice. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Ids of choices that only a person can make. */
  readonly needUser: readonly string[];
}

/** The request for choices. `hide` takes secrets out of all that comes from the database. */
export function decideRequest(
  brief: Brief,
  choices: readonly Choice[],
  options: {
    readonly hide: (text: string) => string;
    readonly maxTokens: number;
    readonly effort: ModelRequest["effort"];
  },
): ModelRequest {
  const { hide, maxTokens, effort } = options;
  const fenced = fence([
    { title: "schema", text: hide(schemaText(brief)) },
    { title: "changes", text: hide(changesText(brief.changes)) },
    { title: "questions", text: hide(choices.map(questionText).join("\n\n")) },
  ]);
  return {
    prompt: DECIDE_PROMPT,
    system: systemText(RULES, brief, hide),
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nAnswer the questions.`,
    }],
    schema: { name: "decisions", schema: schemaFor(choices) },
    plain: PLAIN,
    maxTokens,
    effort,
  };
}

/** One question with its evidence and options. */
function questionText({ id, question, evidence, options }: Choice): string {
  return [
    `id: ${id}`,
    `question: ${question}`,
    `evidence: ${JSON.stringify(evidence)}`,
    ...options.map((option) =>
      `option ${JSON.stringify(option.id)}: ${option.label}${
        option.takesExpression ? " (takes an expression)" : ""
      }`
    ),
  ].join("\n");
}

function schemaFor(choices: readonly Choice[]): Record<string, unknown> {
  const ids = choices.map(({ id }) => id);
  const options = [...new Set(choices.flatMap((choice) => choice.options.map(({ id }) => id)))];
  return {
    type: "object",
    properties: {
      decisions: {
        type: "array",
        items: {
          type: "object",
          properties: {
            id: { type: "string", enum: ids },
            option: { type: "string", enum: options },
            expression: { type: "string" },
            reason: { type: "string" },
          },
          required: ["id", "option", "expression", "reason"],
          additionalProperties: false,
        },
      },
      need_user: { type: "array", items: { type: "string", enum: ids } },
    },
    required: ["decisions", "need_user"],
    additionalProperties: false,
  };
}

/** Reads an answer; a string says why it is none. */
export function readDecided(text: string, choices: readonly Choice[]): Decided | string {
  const json = readJson(text);
  const rows = json === null ? readPlain(text) : objects(json.decisions);
  if (rows.length === 0 && (json === null || !Array.isArray(json.need_user))) {
    return 'the answer has no "decisions"';
  }
  const needUser = Array.isArray(json?.need_user) ? json.need_user.map(String) : [];
  const answers = new Map<string, Answer>();
  const reasons = new Map<string, string>();
  for (const row of rows) {
    const id = string(row.id);
    const choice = choices.find((known) => known.id === id);
    if (choice === undefined) return `there is no question "${id}"`;
    const option = choice.options.find((known) => known.id === row.option);
    if (option === undefined) {
      return `"${string(row.option)}" is no option of "${id}"; its options are ${
        choice.options.map((known) => `"${known.id}"`).join(", ")
      }`;
    }
    const expression = string(row.expression).trim();
    if (option.takesExpression && expression === "") {
      return `option "${option.id}" of "${id}" needs an expression`;
    }
    answers.set(id, {
      option: option.id,
      ...(option.takesExpression ? { expression } : {}),
      by: "model",
    });
    reasons.set(id, string(row.reason));
  }
  const missing = choices.find(({ id }) => !answers.has(id) && !needUser.includes(id));
  if (missing !== undefined) return `question "${missing.id}" is not answered`;
  return { answers, reasons, needUser: needUser.filter((id) => !answers.has(id)) };
}

/** Reads the form without JSON. */
function readPlain(text: string): readonly Record<string, unknown>[] {
  return text.split("\n").flatMap((line) => {
    const [arrow, bullet] = [line.indexOf("=>"), line.trim().replace(/^[-*]/, "")];
    if (arrow < 0) return [];
    const id = bullet.slice(0, bullet.indexOf("=>")).trim();
    const rest = line.slice(arrow + 2);
    const colon = rest.indexOf(":");
    const option = (colon < 0 ? rest : rest.slice(0, colon)).trim();
    const expression = colon < 0 ? "" : rest.slice(colon + 1).trim();
    if (id === "" || option === "") return [];
    const bare = (word: string) => word.replaceAll(/^[`"]|[`"]$/g, "");
    return [{ id: bare(id), option: bare(option), expression, reason: "" }];
  });
}
