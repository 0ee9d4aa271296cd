/** The request "write": SQL for a change that the planner cannot plan. All that a model is told stands here. */

import type { ModelRequest } from "../model.ts";
import { type Brief, changesText, schemaText } from "./brief.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, objects, readJson, string } from "./read_json.ts";

/** Name and version; raise the version when anything below changes. */
export const WRITE_PROMPT = "write-3";

const RULES =
  `You write migrations for a database. You are given a schema BEFORE and AFTER a change. \
Write UP, the statements that turn BEFORE into AFTER, and DOWN, the statements that turn AFTER back into BEFORE.

How your answer is judged: a scratch database that holds BEFORE, with rows, runs UP one statement after the other. \
Then its catalog must equal AFTER in every object and every property, and nothing else may exist. \
Then DOWN runs, and the catalog must equal BEFORE. Then UP runs once more. \
You get at most a few attempts; after a failed one you are told what failed.

Rules:
- First "moves": for each column or table that goes, where its values are afterwards, as {"from", "to"}; [] when nothing goes. \
Then "up" and "down", then the rest, "description" in at most 20 words.
- Each item of "up" and "down" is exactly one statement, without comments. "changes" lists the numbers of the changes that it serves.
- Make only the changes that are listed. Keep rows: prefer ALTER and RENAME to dropping and creating again, and move data where it would be lost.
- What looks like the same thing under another name is renamed, or its values are moved before it is dropped: nobody but the user \
decides that data is thrown away.
- DML only on tables that a change touches, and only where rows would be lost or would not fit.
- Names exactly as they stand in the schema, quoted where they must be.
- These are refused before anything runs: BEGIN, COMMIT and all transaction control; files, programs and other databases; \
extensions, roles, privileges, owners and settings that no change lists; dynamic SQL; more than one statement in an item.
- "warnings" names each statement of "up" (counted from 1) that destroys data, breaks running programs or takes long on a large table.
- If nobody can know what is wanted without asking, leave "up" and "down" empty and put the one question into "question"; else "question" is "".
- Example. BEFORE t(id, a); AFTER t(id, b, c), a being "b/c": {"moves":[{"from":"t.a","to":"t.b and t.c"}],"up":[\
{"sql":"ALTER TABLE t ADD COLUMN b text","changes":[1]},<c added>,{"sql":"UPDATE t SET b = <before the first />, c = <the rest>",\
"changes":[1,2]},<a dropped>],"down":[<a added, a = b || '/' || c, b and c dropped>],"warnings":[],...}
- «redacted:1» and the like stand for secrets; write them as they are where the text is needed.`;

const PLAIN =
  `Answer with SQL and nothing else, in this form, each statement ended by a semicolon at the end of its line:
-- aim:up
<statements of UP>
-- aim:down
<statements of DOWN>`;

const STATEMENTS = {
  type: "array",
  items: {
    type: "object",
    properties: {
      sql: { type: "string" },
      changes: { type: "array", items: { type: "integer" } },
    },
    required: ["sql", "changes"],
    additionalProperties: false,
  },
};

/** What a warning can be about. */
export const WARNINGS = ["destroys_data", "breaks_programs", "slow_on_large_tables"] as const;

const SCHEMA = {
  type: "object",
  properties: {
    moves: {
      type: "array",
      items: {
        type: "object",
        properties: { from: { type: "string" }, to: { type: "string" } },
        required: ["from", "to"],
        additionalProperties: false,
      },
    },
    up: STATEMENTS,
    down: STATEMENTS,
    warnings: {
      type: "array",
      items: {
        type: "object",
        properties: {
          statement: { type: "integer" },
          kind: { type: "string", enum: WARNINGS },
          text: { type: "string" },
        },
        required: ["statement", "kind", "text"],
        additionalProperties: false,
      },
    },
    question: { type: "string" },
    description: { type: "string", description: "What the migration does, in one sentence" },
  },
  required: ["moves", "up", "down", "warnings", "question", "description"],
  additionalProperties: false,
};

/** SQL as a model wrote it. */
export interface Written {
  readonly up: readonly WrittenStatement[];
  readonly down: readonly WrittenStatement[];
  readonly description: string;
  readonly warnings: readonly Warning[];
  /** What the model wants to know; empty when it knows enough. */
  readonly question: string;
}

/** One statement and the numbers of the changes that it serves. */
export interface WrittenStatement {
  readonly sql: string;
  readonly changes: readonly number[];
}

/** What is dangerous about a statement of UP, counted from 1. */
export interface Warning {
  readonly statement: number;
  readonly kind: typeof WARNINGS[number];
  readonly text: string;
}

/** The request for a change. `hide` takes secrets out of all that comes from the database. */
export function writeRequest(
  brief: Brief,
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
  ]);
  return {
    prompt: WRITE_PROMPT,
    system: systemText(RULES, brief, hide),
    messages: [{
      role: "user",
      text: `${fenceNote(fenced.mark)}\n\n${fenced.text}\n\nWrite UP and DOWN for these changes.`,
    }],
    schema: { name: "migration", schema: SCHEMA },
    needed: ["up", "down"],
    plain: PLAIN,
    maxTokens,
    effort,
  };
}

/** The rules, then what is true of the dialect and the project. */
export function systemText(rules: string, brief: Brief, hide: (text: string) => string): string {
  return [
    rules,
    `The database is ${brief.server}.`,
    ...(brief.deployed === null ? [] : [deployedText(brief.deployed)]),
    ...(brief.guide.trim() === "" ? [] : [brief.guide.trim()]),
    ...(brief.context === null || brief.context.trim() === ""
      ? []
      : [`About this project:\n${hide(brief.context.trim())}`]),
  ].join("\n\n");
}

/** What the version that the migration must run on cannot do. */
function deployedText({ server, lacks }: NonNullable<Brief["deployed"]>): string {
  const list = lacks.map((what) => `- ${what}`).join("\n");
  return `The migration must run on ${server} as well, which is older. It does not have, and statements that use it are refused:\n${list}`;
}

/** Reads an answer. `split` cuts SQL into statements. */
export function readWritten(
  text: string,
  split: (sql: string) => readonly { readonly sql: string }[],
): Written | Misread {
  const found = readJson(text, ["up", "down", "question"]);
  if (found === null) return readPlain(text, split);
  if ("error" in found) return found;
  const { json } = found;
  if (!Array.isArray(json.up) || !Array.isArray(json.down)) {
    return { error: 'the answer has no lists "up" and "down"', malformed: true };
  }
  const written = {
    up: statements(json.up),
    down: statements(json.down),
    description: string(json.description),
    warnings: objects(json.warnings).flatMap(({ statement, kind, text }) => {
      const known = WARNINGS.find((name) => name === kind);
      return known === undefined || typeof statement !== "number"
        ? []
        : [{ statement, kind: known, text: string(text) }];
    }),
    question: string(json.question).trim(),
  };
  if (written.up.length === 0 && written.question === "") {
    return { error: 'the list "up" is empty', malformed: false };
  }
  return written;
}

function statements(items: readonly unknown[]): readonly WrittenStatement[] {
  return items.flatMap((item) => {
    const [only] = objects([item]);
    const sql = (typeof item === "string" ? item : string(only?.sql)).trim();
    const changes = Array.isArray(only?.changes)
      ? only.changes.filter((number) => typeof number === "number")
      : [];
    return sql === "" ? [] : [{ sql, changes }];
  });
}

/** Reads the form without JSON. */
function readPlain(
  text: string,
  split: (sql: string) => readonly { readonly sql: string }[],
): Written | Misread {
  const lines = text.split("\n");
  const up = lines.findIndex((line) => /--[ \t]*aim:up/.test(line));
  const down = lines.findIndex((line, at) => at > up && /--[ \t]*aim:down/.test(line));
  if (up < 0 || down < 0) {
    return {
      error: "the answer is neither JSON nor SQL between -- aim:up and -- aim:down",
      malformed: true,
    };
  }
  const part = (sql: string) =>
    split(sql.replaceAll(/^```\w*[ \t]*$/gm, "")).map(({ sql }) => ({ sql, changes: [] }));
  try {
    const written = {
      up: part(lines.slice(up + 1, down).join("\n")),
      down: part(lines.slice(down + 1).join("\n")),
    };
    if (written.up.length === 0) {
      return { error: "there are no statements after -- aim:up", malformed: false };
    }
    return { ...written, description: "", warnings: [], question: "" };
  } catch (error) {
    const reason = error instanceof Error ? error.message : error;
    return { error: `the SQL cannot be cut into statements: ${reason}`, malformed: false };
  }
}
