/** The request "restate": a wish in words becomes requests that the grammar reads. All that a model is told stands here. */

import type { ModelRequest } from "../model.ts";
import { fence, fenceNote } from "./fence.ts";
import { type Misread, readJson, string } from "./read_json.ts";

/** Name and version; raise the version when anything below changes. */
const RESTATE_PROMPT = "restate-1";

/** Tokens that an answer may take. */
const ANSWER_TOKENS = 300;

/** The most commands of an answer. */
const MOST_COMMANDS = 8;

/** What a model says where no command fits. */
const OTHER = "other";

const RULES =
  `You turn a wish about a database into commands. Each command has one of these forms, and no other:
add COLUMN TYPE to TABLE
add COLUMN TYPE to TABLE, required, VALUE for the old ones
add COLUMN TYPE to TABLE, required, default VALUE
create table TABLE (COLUMN TYPE, COLUMN TYPE)
drop COLUMN from TABLE
drop table TABLE
drop view VIEW
drop index INDEX
drop trigger TRIGGER
rename COLUMN to NEW in TABLE
rename table TABLE to NEW
create view VIEW as SELECT
add check (CONDITION) to TABLE
index TABLE(COLUMN, COLUMN)
add unique index on TABLE(COLUMN, COLUMN)
make COLUMN required in TABLE
make COLUMN required in TABLE, VALUE for the old ones
make COLUMN optional in TABLE
make COLUMN unique in TABLE
change COLUMN in TABLE to TYPE
set default of COLUMN in TABLE to VALUE

Rules:
- First "reason": at most 20 words: what the wish asks for. Then "question", then "commands".
- Only what the wish asks for. TABLE and COLUMN are names of the list; a new one gets a short name that is not in it.
- Texts stand in single quotes: 'new'. "required" only where the wish says that every row must have a value.
- A wish for anything else, such as a new trigger, a function, a type, another rule of a foreign key, rights, or rows that move: \
"commands" is ["other"].
- A wish that can mean two things: "question" asks which, and "commands" are the answers to choose from. Else "question" is "".

Examples. Tables: notes(id integer, body text, by_whom text), files(id integer, path text, bytes integer)
Wish: keep where a note came from
{"reason":"a new column of notes","question":"","commands":["add origin text to notes"]}
Wish: by_whom is really the author
{"reason":"another name for notes.by_whom","question":"","commands":["rename by_whom to author in notes"]}
Wish: files can be bigger than 2 GB
{"reason":"a larger type for files.bytes","question":"","commands":["change bytes in files to bigint"]}
Wish: paths start with a slash
{"reason":"a check of files.path","question":"","commands":["add check (path LIKE '/%') to files"]}
Wish: a deleted note takes its files along
{"reason":"another rule of a foreign key","question":"","commands":["other"]}
Wish: every file has an owner, 'root' for those there are
{"reason":"a new required column of files","question":"","commands":["add owner text to files, required, 'root' for the old ones"]}
Wish: find files by their path
{"reason":"an index of files","question":"","commands":["index files(path)"]}
Wish: the id is a bigint
{"reason":"both tables have an id","question":"The id of which table?","commands":["change id in notes to bigint","change id in files to bigint"]}`;

const PLAIN = "Answer with that JSON object and nothing else.";

const SCHEMA = {
  type: "object",
  properties: {
    reason: { type: "string" },
    question: { type: "string" },
    commands: { type: "array", items: { type: "string" } },
  },
  required: ["reason", "question", "commands"],
  additionalProperties: false,
};

/** What a wish is about. */
export interface RestateBrief {
  readonly request: string;
  /** What the user said besides. */
  readonly clarified: readonly string[];
  /** `postgres 18.6` */
  readonly server: string;
  readonly context: string | null;
  /** Lines such as `users(id bigint, name text)`. */
  readonly tables: readonly string[];
  /** Lines such as `view open_orders`. */
  readonly others: readonly string[];
}

/** The request. `hide` takes secrets out of all that comes from the project. */
export function restateRequest(
  { request, clarified, server, context, tables, others }: RestateBrief,
  { hide, maxTokens }: { readonly hide: (text: string) => string; readonly maxTokens: number },
): ModelRequest {
  const fenced = fence([{ title: "tables", text: hide([...tables, ...others].join("\n")) }]);
  const about = context?.trim() ?? "";
  return {
    prompt: RESTATE_PROMPT,
    system: [
      RULES,
      `The database is ${server}.`,
      ...(about === "" ? [] : [`About this project:\n${hide(about)}`]),
    ].join("\n\n"),
    messages: [{
      role: "user",
      text: [
        `${fenceNote(fenced.mark)}\n\n${fenced.text}`,
        `Wish: ${hide(oneLine(request))}`,
        ...clarified.map((text) => `The user adds: ${hide(oneLine(text))}`),
      ].join("\n\n"),
    }],
    schema: { name: "commands", schema: SCHEMA },
    needed: ["question", "commands"],
    plain: PLAIN,
    maxTokens,
    answerTokens: ANSWER_TOKENS,
    effort: "low",
  };
}

/** Commands to be carried out, or a question with commands to choose from; no commands where none fits. */
export interface Restated {
  readonly question: string;
  readonly commands: readonly string[];
}

/** Reads an answer. */
export function readRestated(text: string): Restated | Misread {
  const found = readJson(text, ["commands"]);
  if (found === null) return { error: "the answer holds no JSON object", malformed: true };
  if ("error" in found) return found;
  const { commands, question } = found.json;
  if (!Array.isArray(commands) || !commands.every((one) => typeof one === "string")) {
    return { error: 'the answer has no list "commands" of texts', malformed: true };
  }
  const lines = commands.map((one) => oneLine(String(one))).filter((one) => one !== "");
  const fits = lines.length <= MOST_COMMANDS && !lines.some((one) => one.toLowerCase() === OTHER);
  return { question: oneLine(string(question)).slice(0, 300), commands: fits ? lines : [] };
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ").trim();
}
