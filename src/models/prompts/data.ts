/** The request "data": statements that move rows while a schema changes, and what must be true of them. All that a model is told stands here. */

import type { DataMigration } from "../../core/data_migration.ts";
import type { ModelRequest } from "../model.ts";
import { type Brief, changesText, schemaText } from "./brief.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, objects, readJson, string } from "./read_json.ts";
import { systemText } from "./write.ts";

/** Name and version; raise the version when anything below changes. */
const DATA_PROMPT = "data-1";

/** Tokens that an answer may take. */
const ANSWER_TOKENS = 2000;

const RULES =
  `Rows move while the schema of a database changes. You are given the schema BEFORE and AFTER, and what is wanted. A planner \
writes the definitions: first it adds the new tables and columns, which may still be NULL; then your statements run; then it drops \
the old tables and columns and adds NOT NULL, keys and checks. DOWN is the same the other way: the old tables and columns are added \
again, your statements of "down" run, the new ones are dropped.

Rules:
- First "plan": at most 25 words. Then "question", "up", "down", "checks", in this order.
- "up" and "down": INSERT, UPDATE and DELETE alone, one statement an item, no definitions, no transactions. In "up" the old names \
and the new ones exist, in "down" as well.
- "down" brings back every value as it was. Mind NULL, empty texts, texts without the separator and with two of them, blanks around, \
several rows that are alike.
- "checks": what must hold, at most 4. "before" is a query on the schema BEFORE, "after" one on the schema AFTER; both give the same \
rows, in the same order. Or "before" is "" and "expect" is the one value that "after" gives. Else "expect" is "same".
- When nobody can know what is wanted, put one question into "question" and leave the lists empty. Else "question" is "".

Example. BEFORE: pets(id, title). AFTER: pets(id, kind, name). Wanted: title is kind:name, "-" for a missing kind
Answer: {"plan":"cut title at its first colon","question":"","up":["UPDATE pets SET kind = substr(title, 1, instr(title, ':') - 1), \
name = substr(title, instr(title, ':') + 1)"],"down":["UPDATE pets SET title = kind || ':' || name"],"checks":[{"name":"titles stay",\
"before":"SELECT id, title FROM pets ORDER BY id","after":"SELECT id, kind || ':' || name FROM pets ORDER BY id","expect":"same"}]}`;

const PLAIN = "Answer with that JSON object and nothing else.";

const TEXTS = { type: "array", items: { type: "string" } };

const SCHEMA = closed({
  plan: { type: "string" },
  question: { type: "string" },
  up: TEXTS,
  down: TEXTS,
  checks: {
    type: "array",
    items: closed({
      name: { type: "string" },
      before: { type: "string" },
      after: { type: "string" },
      expect: { type: "string" },
    }),
  },
});

function closed(properties: Record<string, unknown>): Record<string, unknown> {
  const required = Object.keys(properties);
  return { type: "object", properties, required, additionalProperties: false };
}

/** The request. `hide` takes secrets out of all that comes from the database. */
export function dataRequest(
  brief: Brief,
  wanted: string,
  { hide, maxTokens }: { readonly hide: (text: string) => string; readonly maxTokens: number },
): ModelRequest {
  const fenced = fence([
    { title: "schema", text: hide(schemaText(brief)) },
    { title: "changes", text: hide(changesText(brief.changes)) },
  ]);
  return {
    prompt: DATA_PROMPT,
    system: systemText(RULES, { ...brief, guide: "" }, hide),
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nWanted: ${
        hide(wanted.replaceAll(/\s+/g, " ").trim())
      }`,
    }],
    schema: { name: "data_migration", schema: SCHEMA },
    needed: ["up", "down"],
    plain: PLAIN,
    maxTokens,
    answerTokens: ANSWER_TOKENS,
    effort: "low",
  };
}

/** The most statements and checks of an answer. */
const MOST = { statements: 50, checks: 8 };

/** Reads an answer: statements and checks, or a question. */
export function readDataAnswer(
  text: string,
): (DataMigration & { readonly question: string }) | Misread {
  const found = readJson(text, ["up", "down", "question"]);
  if (found === null) return { error: "the answer holds no JSON object", malformed: true };
  if ("error" in found) return found;
  const { json } = found;
  const question = string(json.question).replaceAll(/\s+/g, " ").trim().slice(0, 300);
  const up = statements(json.up);
  const down = statements(json.down);
  if (question === "" && (up === null || down === null)) {
    return { error: 'the answer has no lists "up" and "down" of texts', malformed: true };
  }
  if (question === "" && up?.length === 0) {
    return { error: 'the list "up" is empty', malformed: false };
  }
  if (Math.max(up?.length ?? 0, down?.length ?? 0) > MOST.statements) {
    return { error: `the answer has more than ${MOST.statements} statements`, malformed: false };
  }
  const checks = objects(json.checks).slice(0, MOST.checks).map((check, at) => {
    const [before, after] = [bare(string(check.before)), bare(string(check.after))];
    const name = string(check.name).replaceAll(/\s+/g, " ").trim().slice(0, 100);
    const expect = string(check.expect).trim();
    return {
      name: name || `check ${at + 1}`,
      sql: before,
      ...(after === "" ? {} : { after }),
      expect: before === "" ? expect : "same",
    };
  }).filter(({ sql, after }) => sql !== "" || after !== undefined);
  return { up: up ?? [], down: down ?? [], checks, by: "model", question };
}

function statements(value: unknown): readonly string[] | null {
  if (!Array.isArray(value) || !value.every((item) => typeof item === "string")) return null;
  return value.map((item) => bare(String(item))).filter((sql) => sql !== "");
}

function bare(sql: string): string {
  return sql.trim().replace(/;\s*$/, "").trim();
}
