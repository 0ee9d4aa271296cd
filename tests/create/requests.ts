/** Sixty requests in words over three schemas, the changes of the catalog that are right, and what a model answers where the grammar knows none. */

import { DUMP, NOTES, SHOP } from "../requests/schemas.ts";
import type { Answer } from "./scripted_edits.ts";

/** A request. `becomes` are changes of the catalog; `?` before parts of a question, `!` before parts of a refusal. */
export interface Row {
  readonly request: string;
  readonly becomes: readonly string[];
  /** Of the model, in order; absent where the grammar answers alone. */
  readonly answers?: readonly Answer[];
  /** Lines that the diff must have. */
  readonly lines?: readonly string[];
}

/** A schema and what is asked of it. */
export interface Case {
  readonly title: string;
  readonly engine: "postgres" | "sqlite";
  readonly sql: string;
  readonly rows: readonly Row[];
}

const grammar = (request: string, ...becomes: readonly string[]): Row => ({ request, becomes });

/** What a careless model adds besides. */
const TOO_MUCH: Answer = {
  changes: ["add column users.phone"],
  edits: [{
    in: "table users",
    put: [["source text NULL", "source text NULL, phone text, fax text"]],
  }],
};

const shop: readonly Row[] = [
  grammar("add phone text to users", "create column:public.users.phone"),
  grammar(
    "add email_verified to users, false for the old ones",
    "create column:public.users.email_verified",
    "fill users.email_verified = false",
  ),
  grammar("drop note from orders", "drop column:public.orders.note"),
  grammar("drop view open_orders", "drop view:public.open_orders"),
  grammar("rename nickname to alias in users", "rename users.nickname -> users.alias"),
  grammar("rename table users to people", "rename users -> people"),
  grammar("index orders(user_id)", "create index:public.orders_user_id_idx"),
  grammar("make nickname unique", "create constraint:public.users.users_nickname_key"),
  grammar("set default of source to 'web'", "create default:public.users.source"),
  grammar("make users.name optional", "alter column:public.users.name not_null"),
  grammar("rename name to label", "? users | stock.items"),
  {
    request: "we want to call people back, so keep their phone number",
    becomes: ["create column:public.users.phone"],
    answers: [TOO_MUCH, {
      changes: ["add column users.phone"],
      edits: [{ in: "table users", put: [["source text NULL", "source text NULL, phone text"]] }],
    }],
    lines: ["+  phone text"],
  },
  {
    request: "every user needs a newsletter switch, off for those we have",
    becomes: ["create column:public.users.newsletter", "fill users.newsletter = false"],
    answers: [{
      changes: ["add column users.newsletter"],
      fills: { "users.newsletter": "false" },
      edits: [{
        in: "table users",
        put: [["source text NULL", "source text NULL, newsletter boolean NOT NULL"]],
      }],
    }],
  },
  {
    request: "totals of orders can be up to a billion",
    becomes: ["alter column:public.orders.total type", "alter view:public.open_orders columns"],
    answers: [{
      changes: ["change column orders.total"],
      edits: [{ in: "table orders", put: [["numeric(10, 2)", "numeric(12, 2)"]] }],
    }, {
      changes: ["change column orders.total", "change view open_orders"],
      edits: [{ in: "table orders", put: [["numeric(10, 2)", "numeric(12, 2)"]] }],
    }],
  },
  {
    request: "an order may be cancelled: keep when that was",
    becomes: ["create column:public.orders.cancelled_at"],
    answers: [{
      changes: ["add column orders.cancelled_at"],
      edits: [{
        in: "table orders",
        put: [["  note text,", "  note text, cancelled_at timestamptz,"]],
      }],
    }],
    lines: ['   note text, -- free words, "name" is none', "+  cancelled_at timestamptz,"],
  },
  {
    request: "payments: an order can have several, each with an amount and a time",
    becomes: [
      "create column:public.payments.amount",
      "create column:public.payments.id",
      "create column:public.payments.order_id",
      "create column:public.payments.paid_at",
      "create constraint:public.payments.payments_order_id_fkey",
      "create constraint:public.payments.payments_pkey",
      "create table:public.payments",
    ],
    answers: [{
      changes: ["add table payments"],
      edits: [{
        make:
          "CREATE TABLE payments (id bigint PRIMARY KEY, order_id bigint NOT NULL REFERENCES orders (id), " +
          "amount numeric(10, 2) NOT NULL, paid_at timestamptz NOT NULL)",
      }],
    }],
  },
  {
    request:
      "statuses of orders are new, paid and sent, nothing else: make that a type order_status",
    becomes: [
      "alter column:public.orders.status type",
      "alter default:public.orders.status expression",
      "alter view:public.open_orders definition",
      "create enum:public.order_status",
      "drop constraint:public.orders.orders_status_check",
    ],
    answers: [{
      changes: ["add type order_status", "change column orders.status", "change view open_orders"],
      edits: [
        { make: "CREATE TYPE order_status AS ENUM ('new', 'paid', 'sent')" },
        {
          in: "table orders",
          put: [[
            "status text NOT NULL DEFAULT 'new' CHECK (status <> '')",
            "status order_status NOT NULL DEFAULT 'new'",
          ]],
        },
      ],
    }],
  },
  {
    request: "the column source is really called origin",
    becomes: ["rename users.source -> origin"],
    answers: [{
      changes: ["drop column users.source", "add column users.origin"],
      edits: [{ in: "table users", put: [["source text NULL", "origin text NULL"]] }],
    }, {
      changes: ["rename column users.source -> origin"],
      edits: [
        { in: "table users", put: [["source text NULL", "origin text NULL"]] },
        { in: "statement 6", put: [["users.source", "users.origin"]] },
      ],
    }],
    lines: ["+COMMENT ON COLUMN users.origin IS 'shop, phone';"],
  },
  {
    request: "no two orders of a user may have the same note",
    becomes: ["create constraint:public.orders.orders_user_note"],
    answers: [{
      changes: ["add constraint orders_user_note"],
      edits: [{
        in: "table orders",
        put: [[
          "CHECK (total >= 0)",
          "CHECK (total >= 0), CONSTRAINT orders_user_note UNIQUE (user_id, note)",
        ]],
      }],
    }],
  },
  {
    request: "get rid of the nick names",
    becomes: ["? column public.users.nickname | dropping public.users.nickname"],
    answers: [{
      changes: ["drop column users.nickname"],
      edits: [{ in: "table users", put: [["  nickname varchar(40) DEFAULT 'friend',", ""]] }],
    }],
  },
  {
    request: "throw away the nickname of users, nobody reads it",
    becomes: ["drop column:public.users.nickname", "drop default:public.users.nickname"],
    answers: [{
      changes: ["drop column users.nickname"],
      edits: [{ in: "table users", put: [["  nickname varchar(40) DEFAULT 'friend',", ""]] }],
    }],
  },
  {
    request: "names should be longer",
    becomes: ["? Which names? | users.name | stock.items.name"],
    answers: [{ question: "Which names?", options: ["users.name", "stock.items.name"] }],
  },
  {
    request: "clean up the database",
    becomes: ["! none of 2 answers", "drop table:public.orders"],
    answers: [{
      changes: ["add column users.x"],
      edits: [{ takeOut: "table orders" }, { takeOut: "view open_orders" }, {
        takeOut: "statement 7",
      }],
    }],
  },
  {
    request: "let the shop read its own files",
    becomes: ["! no definition"],
    answers: [{ changes: ["add other x"], edits: [{ make: "COPY users FROM PROGRAM 'id'" }] }],
  },
];

const notes: readonly Row[] = [
  grammar(
    "add pinned to notes, false for the old ones",
    "create column:notes.pinned",
    "fill notes.pinned = false",
  ),
  grammar("drop body from notes", "drop column:notes.body"),
  grammar('rename "order" to position', "rename notes.order -> notes.position"),
  grammar("index note_tags by tag_id", "create index:note_tags_tag_id_idx"),
  grammar("make title optional in notes", "alter column:notes.title not_null"),
  grammar("rename table notes to pages", "rename notes -> pages"),
  grammar("add color text to tags", "create column:tags.color"),
  {
    request: "I want to know when a note was written",
    becomes: ["create column:notes.created_at"],
    answers: [{
      changes: ["add column notes.created_at"],
      edits: [{
        in: "table notes",
        put: [['"order" INTEGER DEFAULT 0', '"order" INTEGER DEFAULT 0, created_at TEXT']],
      }],
    }],
    lines: ["   body TEXT, -- Markdown", "+  created_at TEXT"],
  },
  {
    request: "a note can have files",
    becomes: [
      "create column:files.id",
      "create column:files.name",
      "create column:files.note_id",
      "create constraint:files.foreign key (note_id)",
      "create constraint:files.primary key",
      "create table:files",
    ],
    answers: [{
      changes: ["add table files"],
      edits: [{
        make:
          "CREATE TABLE files (id INTEGER PRIMARY KEY, note_id INTEGER NOT NULL REFERENCES notes (id), name TEXT NOT NULL)",
      }],
    }],
  },
  {
    request: "tags need unique titles",
    becomes: ["create constraint:tags.unique (title)"],
    answers: [{
      changes: ["change column tags.title"],
      edits: [{ in: "table tags", put: [["title TEXT", "title TEXT UNIQUE"]] }],
    }],
  },
  {
    request: "stop trimming tags",
    becomes: ["drop trigger:notes_titled"],
    answers: [{
      changes: ["drop trigger notes_titled"],
      edits: [{ takeOut: "trigger notes_titled" }],
    }],
  },
  {
    request: "show me notes without a tag as a view",
    becomes: ["create view:untagged"],
    answers: [{
      changes: ["add view untagged"],
      edits: [{
        make:
          "CREATE VIEW untagged AS SELECT id, title FROM notes WHERE id NOT IN (SELECT note_id FROM note_tags)",
      }],
    }],
  },
  {
    request: "the body of a note is its text",
    becomes: ["? rename | another column"],
    answers: [{
      question: "Is body to be renamed to text?",
      options: ["rename body to text in notes", "another column text"],
    }],
  },
  {
    request: "the index on titles should ignore case",
    becomes: ["alter index:notes_title columns"],
    answers: [{
      changes: ["change index notes_title"],
      edits: [{ in: "index notes_title", put: [["(title)", "(title COLLATE NOCASE)"]] }],
    }],
    lines: ["+CREATE INDEX notes_title ON notes (title COLLATE NOCASE); -- for the list"],
  },
  {
    request: "the texts of notes are searched by their beginning",
    becomes: ["create index:notes_body"],
    answers: [{
      changes: ["add index notes_body"],
      edits: [{ make: "CREATE INDEX notes_body ON notes (body)" }],
    }],
  },
  {
    request: "attach my other database",
    becomes: ["! no definition"],
    answers: [{ changes: ["add other x"], edits: [{ make: "ATTACH '/tmp/x.db' AS x" }] }],
  },
  {
    request: "notes get a language, german for what is there",
    becomes: ["create column:notes.language", "fill notes.language = 'de'"],
    answers: [{
      changes: ["add column notes.language"],
      fills: { "notes.language": "'de'" },
      edits: [{
        in: "table notes",
        put: [['"order" INTEGER DEFAULT 0', '"order" INTEGER DEFAULT 0, language TEXT NOT NULL']],
      }],
    }],
  },
];

const dump: readonly Row[] = [
  grammar(
    "add closed_at timestamp with time zone to accounts",
    "create column:public.accounts.closed_at",
  ),
  grammar("drop memo from transfers", "drop column:public.transfers.memo"),
  grammar("rename accounts to wallets", "rename public.accounts -> public.wallets"),
  grammar("index transfers(memo)", "create index:public.transfers_memo_idx"),
  grammar("drop index transfers_account", "drop index:public.transfers_account"),
  grammar("drop id", "? accounts | transfers"),
  {
    request: "balances may not be below zero",
    becomes: ["create constraint:public.accounts.accounts_balance_check"],
    answers: [{
      changes: ["add constraint accounts_balance_check"],
      edits: [{
        make:
          "ALTER TABLE ONLY public.accounts ADD CONSTRAINT accounts_balance_check CHECK (balance >= 0)",
      }],
    }],
  },
  {
    request: "transfers have a currency, euro so far",
    becomes: ["create column:public.transfers.currency", "fill transfers.currency = 'EUR'"],
    answers: [{
      changes: ["add column public.transfers.currency"],
      fills: { "transfers.currency": "'EUR'" },
      edits: [{
        in: "table public.transfers",
        put: [["memo text", "memo text,\n    currency character(3) NOT NULL"]],
      }],
    }],
    lines: ["+    currency character(3) NOT NULL"],
  },
  {
    request: "who the account belongs to must be known",
    becomes: ["alter column:public.accounts.owner not_null"],
    answers: [{
      changes: ["change column accounts.owner"],
      edits: [{
        in: "table public.accounts",
        put: [["owner character varying(80)", "owner character varying(80) NOT NULL"]],
      }],
    }],
  },
  {
    request: "deleting an account deletes its transfers",
    becomes: ["alter constraint:public.transfers.transfers_account_fk definition"],
    answers: [{
      changes: ["change constraint transfers_account_fk"],
      edits: [{
        in: "statement 7",
        put: [["public.accounts(id)", "public.accounts(id) ON DELETE CASCADE"]],
      }],
    }],
  },
  {
    request: "a customer can have several accounts",
    becomes: [
      "create column:public.accounts.customer_id",
      "create column:public.customers.id",
      "create column:public.customers.name",
      "create constraint:public.accounts.accounts_customer_id_fkey",
      "create constraint:public.customers.customers_pkey",
      "create table:public.customers",
    ],
    answers: [{
      changes: ["add table customers", "add column accounts.customer_id"],
      edits: [
        { make: "CREATE TABLE public.customers (id integer PRIMARY KEY, name text NOT NULL)" },
        {
          in: "table public.accounts",
          put: [[
            "owner character varying(80),",
            "owner character varying(80),\n    customer_id integer REFERENCES public.customers(id),",
          ]],
        },
      ],
    }],
  },
  {
    request: "amounts are in cents: whole numbers",
    becomes: ["alter column:public.transfers.amount type"],
    answers: [{
      changes: ["change column transfers.amount"],
      edits: [{ in: "table public.transfers", put: [["amount numeric", "amount bigint"]] }],
    }],
  },
  {
    request: "look transfers up by their memo",
    becomes: ["create index:public.transfers_memo"],
    answers: [{
      changes: ["add index transfers_memo"],
      edits: [
        {
          make:
            "CREATE INDEX transfers_memo ON public.transfers (memo); DROP TABLE public.accounts",
        },
      ],
    }, {
      changes: ["add index transfers_memo"],
      edits: [{ make: "CREATE INDEX transfers_memo ON public.transfers (memo)" }],
    }],
  },
  {
    request: "make admin a superuser",
    becomes: ["! no definition"],
    answers: [{ changes: ["add other admin"], edits: [{ make: "ALTER ROLE admin SUPERUSER" }] }],
  },
  {
    request: "count transfers per account in a view",
    becomes: ["create view:public.transfer_counts"],
    answers: [{
      changes: ["add view transfer_counts"],
      edits: [{
        make:
          "CREATE VIEW public.transfer_counts AS SELECT account_id, count(*) AS transfers FROM public.transfers GROUP BY account_id",
      }],
    }],
  },
  {
    request: "opened_at without the zone please",
    becomes: ["alter column:public.accounts.opened_at type"],
    answers: [{
      changes: ["change column accounts.opened_at"],
      edits: [{ in: "table public.accounts", put: [["timestamp with time zone", "timestamp"]] }],
    }],
  },
  {
    request: "owner and memo as varchar(200) both",
    becomes: ["alter column:public.accounts.owner type", "alter column:public.transfers.memo type"],
    answers: [{
      changes: ["change column accounts.owner", "change column transfers.memo"],
      edits: [
        { in: "table public.accounts", put: [["varying(80)", "varying(200)"]] },
        { in: "table public.transfers", put: [["memo text", "memo varchar(200)"]] },
      ],
    }],
  },
  {
    request: "rename the owner of an account to holder, and require it",
    becomes: ["alter column:public.accounts.holder not_null", "rename accounts.owner -> holder"],
    answers: [{
      changes: ["rename column accounts.owner -> holder", "change column accounts.holder"],
      edits: [{
        in: "table public.accounts",
        put: [["owner character varying(80)", "holder character varying(80) NOT NULL"]],
      }],
    }],
  },
  {
    request: "an account can be frozen, with a reason",
    becomes: [
      "create column:public.accounts.frozen",
      "create column:public.accounts.frozen_reason",
      "create default:public.accounts.frozen",
    ],
    answers: [{
      changes: ["add column accounts.frozen", "add column accounts.frozen_reason"],
      edits: [{
        in: "table public.accounts",
        put: [[
          "opened_at timestamp with time zone DEFAULT now() NOT NULL",
          "opened_at timestamp with time zone DEFAULT now() NOT NULL, frozen boolean NOT NULL DEFAULT false, frozen_reason text",
        ]],
      }],
    }],
  },
];

/** The schemas and their requests. */
export const CASES: readonly Case[] = [
  { title: "shop", engine: "postgres", sql: SHOP, rows: shop },
  { title: "notes", engine: "sqlite", sql: NOTES, rows: notes },
  { title: "dump", engine: "postgres", sql: DUMP, rows: dump },
];
