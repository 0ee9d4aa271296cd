/** The request "decide": answers to the questions of the planner, from the options that it offers. All that a model is told stands here. */

import { type Answer, ASSUME_EMPTY, type Choice, type ChoiceOption } from "../../core/choice.ts";
import type { ModelRequest } from "../model.ts";
import { type Brief, changesText, schemaText } from "./brief.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, objects, readJson, string } from "./read_json.ts";
import { systemText } from "./write.ts";

/** Name and version; raise the version when anything below changes. */
export const DECIDE_PROMPT = "decide-5";

/** Tokens that the answer to one question may take. */
const QUESTION_TOKENS = 200;

/** The most questions of one request; the rest is asked afterwards. */
export const MOST_QUESTIONS = 20;

const RULES =
  `A planner writes a migration for a database. You are given the schema BEFORE and AFTER the change, and the \
questions that the planner cannot answer from them. Answer each question with one of its options. \
The planner then writes the statements, and a scratch database proves them.

Rules:
- First "reason": at most 25 words: what the old one holds, what the new one holds, and whether that is the same thing. Then "option".
- Choose a rename when both names say the same thing: another spelling, an abbreviation, another language, another word for it. \
The data is kept then. That types and positions are equal says nothing.
- Choose "ask" when the names say different things, or when nothing speaks for any option: then the user is asked. You cannot decide \
that data is thrown away, nor that a table has no rows.
- Choose "write" when no option is right and you know which statements are, as where one column becomes two: you are asked for them next.
- Where an option takes an expression, "expression" is one SQL expression over the columns of the row as it is before the change, \
of the type that is needed, without subqueries where a plain value will do. Else "expression" is "".

Examples. Was column pets.keepr renamed to keeper?
{"reason":"keepr holds who keeps the pet, keeper holds who keeps the pet: the same thing, spelled otherwise","option":"pets.keeper"}
Was column pets.keeper renamed to birthday?
{"reason":"keeper holds a person, birthday holds a day: different things","option":"ask"}`;

const PLAIN = `Answer with two lines for each question and nothing else, in this form:
<question, such as q1> reason: <one short sentence>
<question> => <option> : <expression, where the option takes one>`;

/** What a model decided. */
export interface Decided {
  /** By id of the choice. */
  readonly answers: ReadonlyMap<string, Answer>;
  /** Why the other choices are left to the user, by their ids. */
  readonly open: ReadonlyMap<string, string>;
  /** Why no option fits, so that statements must be written, by ids of choices. */
  readonly unfit: ReadonlyMap<string, string>;
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
    system: systemText(RULES, { ...brief, guide: "" }, hide),
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nAnswer the questions.`,
    }],
    schema: { name: "decisions", schema: schemaFor(choices) },
    needed: choices.map((_, at) => keyOf(at)),
    plain: PLAIN,
    maxTokens,
    answerTokens: QUESTION_TOKENS * choices.length,
    effort,
  };
}

/** The name under which the model knows a question. */
function keyOf(at: number): string {
  return `q${at + 1}`;
}

/** What a model may choose: without the user a thing that may have been renamed is never dropped, and no table is taken for empty. */
function offered({ kind, options }: Choice): readonly ChoiceOption[] {
  return options.filter(({ id }) => id !== USERS[kind]);
}

const DROP = "drop";

/** The option that is the user's alone. */
const USERS: Readonly<Record<Choice["kind"], string | null>> = {
  rename: DROP,
  data: ASSUME_EMPTY,
  unsupported: null,
};

/** The word that leaves a question to the user. */
function askOf(choice: Choice): string {
  return freeWord("ask", "_user", choice);
}

/** The word for none of the options: statements are to be written. */
function writeOf(choice: Choice): string {
  return freeWord("write", "_sql", choice);
}

function freeWord(word: string, more: string, choice: Choice): string {
  const isTaken = offered(choice).some(({ id }) => id === word);
  return isTaken ? freeWord(word + more, more, choice) : word;
}

/** The words that are no option of the planner's. */
function ownWords(choice: Choice): readonly string[] {
  return [writeOf(choice), askOf(choice)];
}

/** One question with its evidence and options. */
function questionText(choice: Choice, at: number): string {
  return [
    `${keyOf(at)}: ${choice.question}`,
    `evidence: ${JSON.stringify(choice.evidence, withoutScore)}`,
    ...offered(choice).map((option) =>
      `option ${JSON.stringify(option.id)}: ${option.label}${
        option.takesExpression ? " (takes an expression)" : ""
      }`
    ),
    `option ${JSON.stringify(writeOf(choice))}: none of these, other statements are needed`,
    `option ${JSON.stringify(askOf(choice))}: the user decides`,
  ].join("\n");
}

/** The planner's score is made of types and contents; a model that sees a high one takes it for a verdict on the names. */
function withoutScore(key: string, value: unknown): unknown {
  return key === "similarity" ? undefined : value;
}

/** One property for each question, the reason first: what is written before the option is thought before it. */
function schemaFor(choices: readonly Choice[]): Record<string, unknown> {
  return closed(Object.fromEntries(choices.map((choice, at) => {
    const options = [...offered(choice).map(({ id }) => id), ...ownWords(choice)];
    const takesExpression = choice.options.some((option) => option.takesExpression);
    return [
      keyOf(at),
      closed({
        reason: { type: "string" },
        option: { type: "string", enum: options },
        ...(takesExpression ? { expression: { type: "string" } } : {}),
      }),
    ];
  })));
}

function closed(properties: Record<string, unknown>): Record<string, unknown> {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** What was answered to one question. */
interface Row {
  readonly option: string;
  readonly expression: string;
  readonly reason: string;
}

/** Reads an answer to the choices of the request. Each question has one answer: two are refused, also when they say the same. */
export function readDecided(text: string, choices: readonly Choice[]): Decided | Misread {
  const rows = rowsOf(text, choices);
  if ("error" in rows) return rows;
  const answers = new Map<string, Answer>();
  const open = new Map<string, string>();
  const unfit = new Map<string, string>();
  for (const [at, choice] of choices.entries()) {
    const key = keyOf(at);
    const row = rows.get(key);
    if (row === undefined) return incomplete(`question "${key}" is not answered`);
    const reason = row.reason.replaceAll(/\s+/g, " ").trim().slice(0, LONGEST_REASON);
    if (ownWords(choice).includes(row.option)) {
      (row.option === askOf(choice) ? open : unfit).set(choice.id, reason);
      continue;
    }
    const answer = answerOf(choice, key, row);
    if ("error" in answer) return answer;
    answers.set(choice.id, { ...answer, ...(reason === "" ? {} : { reason }) });
  }
  return { answers, open, unfit };
}

/** Of a reason, in characters. */
const LONGEST_REASON = 300;

function answerOf(choice: Choice, key: string, row: Row): Answer | Misread {
  const options = offered(choice);
  const option = options.find(({ id }) => id === row.option);
  if (option === undefined) {
    const ids = [...options.map(({ id }) => id), ...ownWords(choice)];
    const isUsers = choice.options.some(({ id }) => id === row.option);
    return incomplete(
      isUsers
        ? `"${row.option}" of "${key}" is for the user to choose; where ${
          row.option === DROP ? "it may be a different thing" : "only that fits"
        } answer "${askOf(choice)}"`
        : `"${row.option}" is no option of "${key}"; its options are ${
          ids.map((id) => `"${id}"`).join(", ")
        }`,
    );
  }
  const expression = row.expression.trim();
  if (option.takesExpression && expression === "") {
    return incomplete(`option "${option.id}" of "${key}" needs an expression`);
  }
  return {
    option: option.id,
    ...(option.takesExpression ? { expression } : {}),
    by: "model",
  };
}

function incomplete(error: string): Misread {
  return { error, malformed: false };
}

function rowsOf(text: string, choices: readonly Choice[]): ReadonlyMap<string, Row> | Misread {
  const keys = choices.map((_, at) => keyOf(at));
  const found = readJson(text, keys);
  if (found === null) return readPlain(text, choices);
  if ("error" in found) return found;
  const stranger = Object.keys(found.json).find((key) => /^q\d+$/.test(key) && !keys.includes(key));
  if (stranger !== undefined) return incomplete(`there is no question "${stranger}"`);
  const rows = new Map<string, Row>();
  for (const key of keys) {
    const value = found.json[key];
    if (value === undefined) continue;
    const row = rowOf(value);
    if (row === null) {
      return { error: `"${key}" is no object with "reason" and "option"`, malformed: true };
    }
    rows.set(key, row);
  }
  return rows;
}

function rowOf(value: unknown): Row | null {
  if (typeof value === "string") return { option: value, expression: "", reason: "" };
  const [row] = objects([value]);
  if (typeof row?.option !== "string") return null;
  return { option: row.option, expression: string(row.expression), reason: string(row.reason) };
}

/** Reads the form without JSON. */
function readPlain(text: string, choices: readonly Choice[]): ReadonlyMap<string, Row> | Misread {
  const reasons = new Map<string, string>();
  const rows = new Map<string, Row>();
  for (const line of text.split("\n")) {
    const match = /^[\s*`"-]*(q\d{1,6})[`"*]*\s*(reason:|=>)(.*)$/i.exec(line);
    if (match === null) continue;
    const [, key = "", sign = "", rest = ""] = match;
    const choice = choices.find((_, at) => keyOf(at) === key);
    if (choice === undefined) return incomplete(`there is no question "${key}"`);
    const into = sign === "=>" ? rows : reasons;
    if (into.has(key)) return incomplete(`question "${key}" is answered twice`);
    if (sign === "=>") rows.set(key, plainRow(choice, rest.trim()));
    else reasons.set(key, rest.trim());
  }
  if (rows.size === 0) {
    return { error: "the answer is neither JSON nor lines with =>", malformed: true };
  }
  return new Map(
    [...rows].map(([key, row]) => [key, { ...row, reason: reasons.get(key) ?? "" }]),
  );
}

/** `option : expression`; an option may hold colons itself. */
function plainRow(choice: Choice, text: string): Row {
  const bare = text.replace(/^[`"]/, "");
  const known = [...offered(choice).map(({ id }) => id), ...ownWords(choice)]
    .filter((id) => bare.startsWith(id) && /^[`"]?\s*(?::|$)/.test(bare.slice(id.length)))
    .sort((a, b) => b.length - a.length);
  const colon = bare.indexOf(":");
  const option = known[0] ??
    bare.slice(0, colon < 0 ? undefined : colon).trim().replace(/[`"]$/, "");
  const rest = bare.slice(option.length).replace(/^[`"]/, "").trim();
  return { option, expression: rest.startsWith(":") ? rest.slice(1).trim() : "", reason: "" };
}
