import assert from "node:assert/strict";
import { test } from "node:test";
import { sourcesOf } from "../../scripts/corpus/bench.ts";
import type { Change } from "../../src/core/change.ts";
import { UsageError } from "../../src/core/error.ts";
import { editSchema } from "../../src/pipeline/create/edit_schema.ts";
import { projectOf, serverOf } from "../engines/planned.ts";
import { DUMP, NOTES, SHOP } from "./schemas.ts";

/** A request and what becomes of it: changes of the catalog, a rename, a question (`?`), a refusal (`!`) or an error (`x`). */
type Row = readonly [request: string, becomes: readonly string[], lines?: readonly string[]];

const SCHEMAS: readonly {
  readonly title: string;
  readonly engine: "postgres" | "sqlite";
  readonly sql: string;
  readonly rows: readonly Row[];
}[] = [
  {
    title: "shop",
    engine: "postgres",
    sql: SHOP,
    rows: [
      [
        "add email_verified to users, false for the old ones",
        ["create column:public.users.email_verified", "fill users.email_verified = false"],
        ["+  source text NULL,", "+  email_verified boolean NOT NULL"],
      ],
      ["add newsletter boolean to users, off for the old ones", [
        "create column:public.users.newsletter",
        "fill users.newsletter = false",
      ]],
      ["create view named as select id, name from users where name <> ''", [
        "create view:public.named",
      ]],
      ["add view users as select 1", ["x has a table or view of that name"]],
      ["add check (total < 1000000) to orders", [
        "create constraint:public.orders.orders_total_check",
      ], ["+  CHECK (total < 1000000)"]],
      ["add a check that length(name) > 1 to the table users", [
        "create constraint:public.users.users_name_check",
      ]],
      ["add check (nothing > 0) to orders", ["x nothing"]],
      ["drop trigger users_touch", ["x no such trigger"]],
      ["add phone text to users", ["create column:public.users.phone"], ["+  phone text"]],
      [
        "Add a required column age integer to the users table, default 18.",
        ["create column:public.users.age", "create default:public.users.age"],
        ["+  age integer NOT NULL DEFAULT 18"],
      ],
      [
        "add code varchar(10) to orders unique not null default 'a, b'",
        [
          "create column:public.orders.code",
          "create constraint:public.orders.orders_code_key",
          "create default:public.orders.code",
        ],
        ["+  code varchar(10) NOT NULL DEFAULT 'a, b' UNIQUE,"],
      ],
      [
        "add buyer_id bigint to orders references users(id)",
        [
          "create column:public.orders.buyer_id",
          "create constraint:public.orders.orders_buyer_id_fkey",
        ],
        ["+  buyer_id bigint REFERENCES users(id),"],
      ],
      ["add created_at timestamp with time zone default now() to users", [
        "create column:public.users.created_at",
        "create default:public.users.created_at",
      ]],
      ["drop note from orders", ["drop column:public.orders.note"], [
        '-  note text, -- free words, "name" is none',
      ]],
      ["drop source from users", ["drop column:public.users.source"]],
      ["remove column nickname", [
        "drop column:public.users.nickname",
        "drop default:public.users.nickname",
      ]],
      ["drop name from users", ["x users_name uses it"]],
      ["drop index users_name", ["drop index:public.users_name"], [
        "-CREATE INDEX users_name ON users (name);",
      ]],
      ["drop view open_orders", ["drop view:public.open_orders"]],
      ["drop orders", ["x open_orders|does not exist"]],
      ["rename nickname to alias", ["rename users.nickname -> users.alias"]],
      ["rename users.name to full_name", ["rename users.name -> users.full_name"], [
        "+  full_name text NOT NULL, -- as they write it",
        "+CREATE INDEX users_name ON users (full_name);",
      ]],
      ["rename name to label", ["? users | stock.items"]],
      ["rename id to number in users", ["rename users.id -> users.number"], [
        "+  user_id bigint NOT NULL REFERENCES users (number) ON DELETE SET NULL,",
      ]],
      ["rename source to origin in users", ["rename users.source -> users.origin"], [
        "+COMMENT ON COLUMN users.origin IS 'shop, phone';",
      ]],
      ["rename table users to people", ["rename users -> people"], [
        "+CREATE INDEX users_name ON people (name);",
        "+COMMENT ON COLUMN people.source IS 'shop, phone';",
      ]],
      ["rename total to amount in orders", ["x total"]],
      ["index orders(user_id)", ["create index:public.orders_user_id_idx"], [
        "+CREATE INDEX orders_user_id_idx ON orders (user_id);",
      ]],
      ["add a unique index on users(name, nickname)", [
        "create index:public.users_name_nickname_idx",
      ]],
      ["index status and total on orders called orders_open", ["create index:public.orders_open"]],
      ["make nickname required in users", [
        "alter column:public.users.nickname not_null",
      ], ["+  nickname varchar(40) NOT NULL DEFAULT 'friend',"]],
      ["make source required, 'shop' for the old ones", [
        "alter column:public.users.source not_null",
        "fill users.source = 'shop'",
      ], ["+  source text NOT NULL"]],
      ["make users.name optional", ["alter column:public.users.name not_null"], [
        "+  name text, -- as they write it",
      ]],
      ["make nickname unique", ["create constraint:public.users.users_nickname_key"]],
      ["make email unique in users", ["x unique already"]],
      ["change total in orders to numeric(12, 2)", ["! view:public.open_orders"]],
      ["change the type of nickname to text", [
        "alter column:public.users.nickname type",
        "alter default:public.users.nickname expression",
      ]],
      ["set default of source to 'web'", ["create default:public.users.source"]],
      ["drop default of nickname", ["drop default:public.users.nickname"]],
      ["add weight int to stock.items", ["! view:public.everything"]],
      ["add weight to users", ["? text | integer | boolean"]],
      ["add state text to users default open", ["? in quotes"]],
      ["add table coupons (code text primary key, percent int not null)", [
        "create column:public.coupons.code",
        "create column:public.coupons.percent",
        "create constraint:public.coupons.coupons_pkey",
        "create table:public.coupons",
      ]],
      ["add email text to users", ["x already"]],
      ["add email text to customers", ["x no such table"]],
      ["split name into first and last", ["x Cannot read the request"]],
      ["add x text; drop table users to orders", ["x semicolon"]],
      ["add x int default (1 to users", ["x Cannot read the request"]],
    ],
  },
  {
    title: "notes",
    engine: "sqlite",
    sql: NOTES,
    rows: [
      ["add pinned to notes, false for the old ones", [
        "create column:notes.pinned",
        "fill notes.pinned = false",
      ]],
      ["add color text to tags", ["create column:tags.color"], [
        "+CREATE TABLE tags (id INTEGER PRIMARY KEY, title TEXT, color text);",
      ]],
      ["drop body from notes", ["drop column:notes.body"]],
      ['rename "order" to position', ["rename notes.order -> notes.position"]],
      ["rename title to name", ["? notes | tags"]],
      ["rename title to name in notes", ["rename notes.title -> notes.name"], [
        "+CREATE INDEX notes_title ON notes (name); -- for the list",
      ]],
      ["rename id to note in notes", ["rename notes.id -> notes.note"]],
      ["index note_tags by tag_id", ["create index:note_tags_tag_id_idx"]],
      ["make body required in notes, '' for the old ones", [
        "alter column:notes.body not_null",
        "fill notes.body = ''",
      ]],
      ["make title optional in notes", ["alter column:notes.title not_null"]],
      ["drop table note_tags", [
        "drop column:note_tags.note_id",
        "drop column:note_tags.tag_id",
        "drop constraint:note_tags.foreign key (note_id)",
        "drop constraint:note_tags.foreign key (tag_id)",
        "drop constraint:note_tags.primary key",
        "drop table:note_tags",
      ]],
      ["drop title", ["? notes | tags"]],
      ["rename table notes to pages", ["rename notes -> pages"]],
    ],
  },
  {
    title: "dump",
    engine: "postgres",
    sql: DUMP,
    rows: [
      ["add closed_at timestamp with time zone to accounts", [
        "create column:public.accounts.closed_at",
      ], ["+    closed_at timestamp with time zone"]],
      ["drop memo from transfers", ["drop column:public.transfers.memo"], [
        "-    amount numeric NOT NULL,",
        "+    amount numeric NOT NULL",
      ]],
      ["rename account_id to account in transfers", [
        "rename public.transfers.account_id -> public.transfers.account",
      ]],
      ["rename accounts to wallets", ["rename public.accounts -> public.wallets"]],
      ["make owner required in accounts, 'nobody' for the existing rows", [
        "alter column:public.accounts.owner not_null",
        "fill accounts.owner = 'nobody'",
      ], ["+    owner character varying(80) NOT NULL,"]],
      ["make memo unique", ["create constraint:public.transfers.transfers_memo_key"]],
      ["index transfers(memo)", ["create index:public.transfers_memo_idx"]],
      ["set default of memo to ''", ["create default:public.transfers.memo"]],
      ["drop id", ["? accounts | transfers"]],
      ["drop index transfers_account", ["drop index:public.transfers_account"]],
    ],
  },
];

for (const { title, engine, sql, rows } of SCHEMAS) {
  test(`${title}: ${rows.length} requests change what they name and nothing else`, async () => {
    await using server = await serverOf(engine, sql);
    const wrong: string[] = [];
    for (const [request, becomes, lines = []] of rows) {
      const found = await outcomeOf(engine, server, sql, request);
      const fits = found.said.length === becomes.length &&
        found.said.every((text, at) => matches(text, becomes[at] ?? ""));
      const missing = lines.filter((line) => !found.diff.split("\n").includes(line));
      if (!fits || missing.length > 0) {
        wrong.push(
          `${request}\n  is   ${found.said.join("; ")}\n  not  ${becomes.join("; ")}\n` +
            (missing.length > 0 ? `  no line ${missing.join("; ")} in\n${found.diff}` : ""),
        );
      }
    }
    assert.deepEqual(wrong, [], wrong.join("\n"));
  });
}

/** A refusal and an error match by a part of them, a question by its options, all else as a whole. */
function matches(found: string, wanted: string): boolean {
  if (wanted.startsWith("x ")) {
    return found.startsWith("x ") && new RegExp(wanted.slice(2), "s").test(found);
  }
  if (wanted.startsWith("! ") || wanted.startsWith("? ")) {
    return found.startsWith(wanted.slice(0, 2)) &&
      wanted.slice(2).split(" | ").every((part) => found.includes(part));
  }
  return found === wanted;
}

async function outcomeOf(
  engine: "postgres" | "sqlite",
  server: Awaited<ReturnType<typeof serverOf>>,
  sql: string,
  request: string,
): Promise<{ readonly said: readonly string[]; readonly diff: string }> {
  try {
    const edited = await editSchema(await projectOf(engine), server, sourcesOf("", sql), {
      requests: [request],
      editOnly: false,
    });
    if ("stopped" in edited) {
      return {
        said: [
          edited.stopped === "unclear"
            ? `? ${edited.question} ${edited.options.join(" ")}`
            : `! ${edited.reason} ${edited.extra.map(({ id }) => id).join(" ")}`,
        ],
        diff: "",
      };
    }
    return {
      said: [
        ...edited.changes.map(said).sort(),
        ...edited.renames.map(({ from, to }) => `rename ${from} -> ${to}`),
        ...[...edited.answers].map(([id, { expression }]) =>
          `fill ${id.replace(/^fill:(?:public\.)?/, "")} = ${expression}`
        ),
      ],
      diff: edited.diff,
    };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { said: [`x ${error.message} ${error.hint}`], diff: "" };
  }
}

function said(change: Change): string {
  const { op, id } = change;
  return change.op === "alter" ? `${op} ${id} ${change.facts.join(",")}` : `${op} ${id}`;
}
