import assert from "node:assert/strict";
import test, { after } from "node:test";
import { sourcesOf } from "../../scripts/corpus/bench.ts";
import { openModel } from "../../src/models/mod.ts";
import { openProject } from "../../src/pipeline/mod.ts";
import { editSchema } from "../../src/pipeline/create/edit_schema.ts";
import { serverOf } from "../engines/planned.ts";
import { chunks, sse, wireServer } from "../models/wire_server.ts";
import { testConfig } from "../property/config.ts";
import { NOTES, SHOP } from "../requests/schemas.ts";
import { restatedText } from "./scripted_edits.ts";

const wire = await wireServer();
after(() => wire[Symbol.asyncDispose]());

/** A wish, the commands that a model makes of it, and what becomes: changes, `?` a question, `!` a refusal of the answer that follows. */
interface Row {
  readonly wish: string;
  readonly commands: readonly string[];
  readonly question?: string;
  readonly becomes: readonly string[];
}

/** What a model answers that is asked to write statements: a question, by which the test sees that it was asked. */
const WRITES = JSON.stringify({
  plan: "",
  question: "What is meant?",
  options: [],
  changes: [],
  moves: "",
  fills: [],
  edits: [],
});
const ASKED = ["? What is meant?"];

const SHOP_ROWS: readonly Row[] = [
  {
    wish: "we want to call people back",
    commands: ["add phone text to users"],
    becomes: ["create column:public.users.phone"],
  },
  {
    wish:
      "people have a newsletter switch, off for those we have, and we list them by where they came from",
    commands: [
      "add newsletter boolean to users, required, off for the old ones",
      "index users(source)",
    ],
    becomes: [
      "create column:public.users.newsletter",
      "create index:public.users_source_idx",
      "fill public.users.newsletter = false by model",
    ],
  },
  {
    wish: "source is really the origin, and always known",
    commands: [
      "rename source to origin in users",
      "make origin required in users, 'shop' for the old ones",
    ],
    becomes: [
      "alter column:public.users.origin",
      "rename users.source -> users.origin by model",
      "fill public.users.origin = 'shop' by model",
    ],
  },
  {
    wish: "names should be longer",
    question: "Which names?",
    commands: [
      "change name in users to varchar(200)",
      "change name in stock.items to varchar(200)",
    ],
    becomes: [
      "? Which names? change name in users to varchar(200) | change name in stock.items to varchar(200)",
    ],
  },
  { wish: "orders may not be below zero", commands: ["other"], becomes: ASKED },
  {
    wish: "orders below a million alone, and those without a total are listed",
    commands: [
      "add check (total < 1000000) to orders",
      "create view untold as SELECT id, note FROM orders WHERE total IS NULL",
    ],
    becomes: [
      "create constraint:public.orders.orders_total_check",
      "create view:public.untold",
    ],
  },
  {
    wish: "a view that reads a file",
    commands: ["create view passwords as SELECT pg_read_file('/etc/passwd') AS text"],
    becomes: ASKED,
  },
  { wish: "no command", commands: [], becomes: ASKED },
  {
    wish: "one that nobody knows",
    commands: ["index users(name)", "improve users"],
    becomes: ASKED,
  },
  { wish: "what is not there", commands: ["add phone text to persons"], becomes: ASKED },
  { wish: "what is there already", commands: ["add name text to users"], becomes: ASKED },
  {
    wish: "a view hangs on it",
    commands: ["change total in orders to numeric(12, 2)"],
    becomes: ASKED,
  },
  {
    wish: "the second of two fails, and the first is not kept",
    commands: ["add phone text to users", "add phone text to users"],
    becomes: ASKED,
  },
  {
    wish: "tidy up",
    commands: ["drop note from orders"],
    becomes: [
      "? This would drop column public.orders.note, which the request does not name. Is that wanted? tidy up, dropping public.orders.note",
    ],
  },
  {
    wish: "a file is read",
    commands: ["add secret text to users, required, default pg_read_file('/etc/passwd')"],
    becomes: ASKED,
  },
  {
    wish: "rows that are there get a file",
    commands: ["add secret text to users, required, pg_read_file('/etc/passwd') for the old ones"],
    becomes: ASKED,
  },
  {
    wish: "another statement hides in a type",
    commands: ['add phone "text); DROP TABLE orders; --" to users'],
    becomes: ASKED,
  },
  {
    wish: "another statement hides in a table",
    commands: ["create table x (id int); DROP TABLE orders"],
    becomes: ASKED,
  },
];

const NOTES_ROWS: readonly Row[] = [
  {
    wish: "the titles of tags are unique",
    commands: ["make title unique in tags"],
    becomes: ["create constraint:tags.unique (title)"],
  },
  {
    wish: "a note can have files",
    commands: [
      "create table files (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL REFERENCES notes (id))",
    ],
    becomes: [
      "create column:files.id",
      "create column:files.note_id",
      "create constraint:files.foreign key (note_id)",
      "create constraint:files.primary key",
      "create table:files",
    ],
  },
  {
    wish: "stop trimming tags",
    commands: ["drop trigger notes_titled"],
    becomes: ["drop trigger:notes_titled"],
  },
  {
    wish: "a file is loaded",
    commands: ["create table files (id INTEGER, body TEXT DEFAULT (readfile('/etc/passwd')))"],
    becomes: ASKED,
  },
  {
    wish: "everything goes",
    commands: ["drop table notes", "drop table tags"],
    becomes: [
      "? This would drop table notes, table tags, which the request does not name. Is that wanted? everything goes, dropping notes and tags",
    ],
  },
];

const SCHEMAS = [
  { title: "shop", engine: "postgres", sql: SHOP, rows: SHOP_ROWS },
  { title: "notes", engine: "sqlite", sql: NOTES, rows: NOTES_ROWS },
] as const;

for (const { title, engine, sql, rows } of SCHEMAS) {
  test(`${title}: ${rows.length} wishes that a model puts into commands change what these say, or nothing`, async () => {
    await using server = await serverOf(engine, sql);
    const wrong: string[] = [];
    for (const [at, { wish, commands, question, becomes }] of rows.entries()) {
      const name = `${title}-${at}`;
      const answers = [restatedText(commands, question), WRITES];
      const url = wire.at(name, ...answers.map((text) => sse(chunks.answer(text))));
      const config = {
        ...testConfig(engine, "migrate"),
        model: "openai-compatible/m",
        baseUrl: `${url}/v1`,
        maxRetries: 0,
        maxTokens: 4096,
      };
      const signal = new AbortController().signal;
      const project = await openProject(config, { emit: () => {}, signal });
      const edited = await editSchema(project, server, sourcesOf("", sql), {
        requests: [wish],
        editOnly: false,
        openModel: () => openModel(config, { variables: {}, emit: () => {} }),
      });
      const said = saidOf(edited);
      if (JSON.stringify(said) !== JSON.stringify(becomes)) {
        wrong.push(`${wish}\n  is  ${said.join("; ")}\n  not ${becomes.join("; ")}`);
      }
      const calls = becomes === ASKED ? 2 : 1;
      assert.equal(wire.hits(name).length, calls, wish);
      assert.match(wire.hits(name)[0]?.text ?? "", /users\(id |notes\(id /, wish);
    }
    assert.deepEqual(wrong, [], wrong.join("\n\n"));
  });
}

function saidOf(edited: Awaited<ReturnType<typeof editSchema>>): readonly string[] {
  if ("stopped" in edited) {
    return edited.stopped === "unclear"
      ? [`? ${edited.question} ${edited.options.join(" | ")}`.trim()]
      : [`! ${edited.reason}`];
  }
  return [
    ...edited.changes.map(({ op, id }) => `${op} ${id}`).sort(),
    ...edited.renames.map(({ from, to, by }) => `rename ${from} -> ${to} by ${by}`),
    ...[...edited.answers].map(([id, { expression, by }]) =>
      `${id.replace(":", " ")} = ${expression} by ${by}`
    ),
  ];
}
