/** The request "convert": one object that no rule converts, in another dialect. All that a model is told stands here. */

import type { ModelRequest } from "../model.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, readJson, string } from "./read_json.ts";

/** Name and version; raise the version when anything below changes. */
const CONVERT_PROMPT = "convert-1";

const ANSWER_TOKENS = 1200;

const RULES =
  `A schema is moved from one dialect of SQL to another. A tool has converted what has an equal; one object is left, which you write \
in the other dialect. You are given its definition, what stands around it, and the schema as it is in the other dialect already.

Rules:
- First "plan": at most 25 words: what the object does, and what does the same there. Then "statements".
- "statements": definitions alone (CREATE VIEW, CREATE FUNCTION, CREATE PROCEDURE, CREATE TRIGGER, ALTER TABLE ... ADD CHECK, ALTER \
TABLE ... SET DEFAULT), one an item, at most 3; only the object that is asked for, and the function that a trigger needs. The same \
name, the same columns in the same order, the same result.
- When there is no equal, or you do not know one for certain, "statements" is [].

Example. From a dialect with printf() to one with lpad(): view shelf: CREATE VIEW shelf AS SELECT id, printf('%04d', place) AS code FROM books
Answer: {"plan":"four digits with zeros in front: lpad","statements":["CREATE VIEW shelf AS SELECT id, lpad(place::text, 4, '0') AS code \
FROM books"]}`;

const PLAIN = "Answer with that JSON object and nothing else.";

const SCHEMA = {
  type: "object",
  properties: {
    plan: { type: "string" },
    statements: { type: "array", items: { type: "string" } },
  },
  required: ["plan", "statements"],
  additionalProperties: false,
};

/** What is left, and what is around it. */
export interface ConvertBrief {
  /** `sqlite 3.54.1` */
  readonly from: string;
  /** `postgres 18.6` */
  readonly to: string;
  /** `view shelf`, `check books.place > 0` */
  readonly object: string;
  /** Why no rule converts it. */
  readonly why: string;
  /** Its definition there, with that of its table. */
  readonly definition: string;
  /** DDL of the other dialect that was loaded. */
  readonly schema: string;
}

/** The request. `hide` takes secrets out of all that comes from the schema. */
export function convertRequest(
  { from, to, object, why, definition, schema }: ConvertBrief,
  { hide, maxTokens }: { readonly hide: (text: string) => string; readonly maxTokens: number },
): ModelRequest {
  const fenced = fence([
    { title: "definition", text: hide(definition) },
    { title: "schema", text: hide(schema) },
  ]);
  return {
    prompt: CONVERT_PROMPT,
    system: `${RULES}\n\nFrom ${from} to ${to}.`,
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nWrite the ${
        hide(object)
      } for ${to}. No rule does, as ${hide(why)}.`,
    }],
    schema: { name: "conversion", schema: SCHEMA },
    needed: ["statements"],
    plain: PLAIN,
    maxTokens,
    answerTokens: ANSWER_TOKENS,
    effort: "low",
  };
}

const MOST_STATEMENTS = 3;

/** Reads an answer: statements without semicolons, none where the model knows no equal. */
export function readConversion(text: string): readonly string[] | Misread {
  const found = readJson(text, ["statements"]);
  if (found === null) return { error: "the answer holds no JSON object", malformed: true };
  if ("error" in found) return found;
  const { statements } = found.json;
  if (!Array.isArray(statements) || !statements.every((one) => typeof one === "string")) {
    return { error: 'the answer has no list "statements" of texts', malformed: true };
  }
  const written = statements.map((one) => string(one).trim().replace(/;\s*$/, "").trim())
    .filter((one) => one !== "");
  return written.length <= MOST_STATEMENTS
    ? written
    : { error: `the answer has more than ${MOST_STATEMENTS} statements`, malformed: false };
}
