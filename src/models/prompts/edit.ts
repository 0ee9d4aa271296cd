/** The request "edit": a wish in words becomes whole statements of a schema. All that a model is told stands here. */

import type { ModelRequest } from "../model.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, objects, readJson, string } from "./read_json.ts";

/** Name and version; raise the version when anything below changes. */
const EDIT_PROMPT = "edit-2";

/** Tokens of an answer besides the statements that it writes anew. */
const ANSWER_TOKENS = 900;

/** What a change may do. */
const EDIT_OPS = ["add", "change", "drop", "rename"] as const;

/** What a change may be about. */
const EDIT_KINDS = [
  "table",
  "column",
  "index",
  "constraint",
  "view",
  "trigger",
  "function",
  "type",
  "sequence",
  "other",
] as const;

const RULES =
  `You edit the schema of a database, a file of SQL definitions. You are given its statements, each under its label in \
brackets, and one request. Give the changes that the request asks for and the statements that are different then.

Rules:
- First "plan": at most 25 words. Then "question", "changes", "moves", "fills", "edits", in this order.
- Do what the request asks for and nothing else: no tidying, no further columns, no other formatting.
- When the request can mean two things, or names what is not there, put one question into "question", short answers to it into \
"options", and leave the other lists empty. Else "question" is "" and "options" is [].
- "changes": every object that is different then, one item each, down to the column: {"op", "kind", "name", "to"}. \
"name" is "table.column" for a column. "to" is the new name of a rename, and "" for all else. What is called otherwise and \
stays the same thing is a rename, never a drop and an add.
- "moves": where the values of something that goes are to be found afterwards, or how a new column is computed from other rows, in \
one sentence; else "".
- "fills": for a column that becomes required, what rows get that are there already, as one SQL expression over columns of that row.
- "edits": {"statement", "sql"}: the label of a statement and the whole of it as it is to be, with its comments; "" as "sql" takes \
it out. A table is its CREATE TABLE, never ALTER. "new" as the label adds one. One statement an item, definitions alone: no INSERT, UPDATE, DELETE, DO, GRANT, SET.

Examples. Statement: [table notes] CREATE TABLE notes (id integer PRIMARY KEY, body text)
Request: remember who wrote a note
Answer: {"plan":"notes gets a column author, unknown for old notes","question":"","options":[],"changes":[{"op":"add","kind":"column",\
"name":"notes.author","to":""}],"moves":"","fills":[],"edits":[{"statement":"table notes","sql":"CREATE TABLE notes (id integer \
PRIMARY KEY, body text, author text)"}]}
Request: every note has a color, white for the old ones
Answer: {"plan":"notes gets a required column color","question":"","options":[],"changes":[{"op":"add","kind":"column",\
"name":"notes.color","to":""}],"moves":"","fills":[{"column":"notes.color","expression":"'white'"}],"edits":[{"statement":"table notes",\
"sql":"CREATE TABLE notes (id integer PRIMARY KEY, body text, color text NOT NULL)"}]}`;

const PLAIN = "Answer with that JSON object and nothing else.";

/** A statement that is shown. */
export interface ShownStatement {
  readonly label: string;
  readonly sql: string;
}

/** What a wish is about. */
export interface EditBrief {
  readonly request: string;
  /** What the user said besides. */
  readonly clarified: readonly string[];
  /** `postgres 18.6` */
  readonly server: string;
  readonly context: string | null;
  readonly shown: readonly ShownStatement[];
  /** Labels of the statements that are not shown. */
  readonly others: readonly string[];
  /** The label for what is not there yet. */
  readonly newLabel: string;
}

/** The request. `hide` takes secrets out of all that comes from the project. */
export function editRequest(
  brief: EditBrief,
  { hide, maxTokens }: { readonly hide: (text: string) => string; readonly maxTokens: number },
): ModelRequest {
  const { shown, others, request, clarified } = brief;
  const fenced = fence([
    {
      title: "schema",
      text: hide(shown.map(({ label, sql }) => `[${label}]\n${sql}`).join("\n\n")),
    },
    ...(others.length === 0 ? [] : [{ title: "not shown", text: hide(others.join(", ")) }]),
  ]);
  const about = brief.context?.trim() ?? "";
  const most = Math.max(0, ...shown.map(({ sql }) => sql.length));
  return {
    prompt: EDIT_PROMPT,
    system: [
      RULES,
      `The database is ${brief.server}.`,
      ...(about === "" ? [] : [`About this project:\n${hide(about)}`]),
    ].join("\n\n"),
    messages: [{
      role: "user",
      text: [
        `${fenceNote(fenced.mark)}\n\n${fenced.text}`,
        `Request: ${hide(oneLine(request))}`,
        ...clarified.map((text) => `The user adds: ${hide(oneLine(text))}`),
      ].join("\n\n"),
    }],
    schema: { name: "schema_edit", schema: schemaFor(brief) },
    needed: ["question", "changes", "edits"],
    plain: PLAIN,
    maxTokens,
    answerTokens: ANSWER_TOKENS + Math.ceil(most / 2),
    effort: "low",
  };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}

function schemaFor({ shown, newLabel }: EditBrief): Record<string, unknown> {
  const text = { type: "string" };
  return closed({
    plan: text,
    question: text,
    options: { type: "array", items: text },
    changes: {
      type: "array",
      items: closed({
        op: { type: "string", enum: EDIT_OPS },
        kind: { type: "string", enum: EDIT_KINDS },
        name: text,
        to: text,
      }),
    },
    moves: text,
    fills: { type: "array", items: closed({ column: text, expression: text }) },
    edits: {
      type: "array",
      items: closed({
        statement: { type: "string", enum: [...shown.map(({ label }) => label), newLabel] },
        sql: text,
      }),
    },
  });
}

function closed(properties: Record<string, unknown>): Record<string, unknown> {
  return {
    type: "object",
    properties,
    required: Object.keys(properties),
    additionalProperties: false,
  };
}

/** An answer. */
export interface EditAnswer {
  readonly plan: string;
  /** Empty when the request is clear. */
  readonly question: string;
  readonly options: readonly string[];
  readonly changes: readonly {
    readonly op: typeof EDIT_OPS[number];
    readonly kind: string;
    readonly name: string;
    readonly to: string;
  }[];
  /** What values move where, in words; empty for none. */
  readonly moves: string;
  readonly fills: readonly { readonly column: string; readonly expression: string }[];
  readonly edits: readonly { readonly label: string; readonly sql: string }[];
}

/** The most that is taken of each list, and characters of a sentence. */
const MOST = 200;
const LONGEST = 300;

/** Reads an answer; what is whole in it is taken, and an item of another form refuses it. */
export function readEdit(text: string): EditAnswer | Misread {
  const found = readJson(text, ["changes", "edits", "question"]);
  if (found === null) return { error: "the answer holds no JSON object", malformed: true };
  if ("error" in found) return found;
  const { json } = found;
  const question = sentence(json.question);
  const lists = ["changes", "edits"].filter((key) => !Array.isArray(json[key]));
  if (question === "" && lists.length > 0) {
    return { error: `the answer has no list "${lists[0]}"`, malformed: true };
  }
  const changes = objects(json.changes).map(({ op, kind, name, to }) => ({
    op: EDIT_OPS.find((one) => one === op),
    kind: EDIT_KINDS.find((one) => one === kind) ?? "other",
    name: string(name).trim(),
    to: string(to).trim(),
  }));
  const odd = changes.find(({ op, name }) => op === undefined || name === "");
  if (odd !== undefined) {
    return { error: 'each of "changes" needs "op", "kind" and "name"', malformed: false };
  }
  const edits = objects(json.edits).map(({ statement, sql }) => ({
    label: string(statement).trim().replace(/^\[(.*)\]$/, "$1"),
    sql: string(sql).trim().replace(/;\s*$/, ""),
  }));
  if (Math.max(changes.length, edits.length) > MOST) {
    return { error: `the answer has more than ${MOST} items`, malformed: false };
  }
  return {
    plan: sentence(json.plan),
    question,
    options: Array.isArray(json.options)
      ? json.options.map(sentence).filter((one) => one !== "").slice(0, 8)
      : [],
    changes: changes.map(({ op, ...rest }) => ({ op: op ?? "change", ...rest })),
    moves: sentence(json.moves),
    fills: objects(json.fills).map(({ column, expression }) => ({
      column: string(column).trim(),
      expression: string(expression).trim(),
    })).filter(({ column, expression }) => column !== "" && expression !== ""),
    edits,
  };
}

function sentence(value: unknown): string {
  return oneLine(string(value)).slice(0, LONGEST);
}
