/** The schemas that requests are tried on. */

/** A shop, by hand. */
export const SHOP = `-- The shop.
CREATE SCHEMA stock;

-- People who buy.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL, -- as they write it
  email text NOT NULL UNIQUE,
  nickname varchar(40) DEFAULT 'friend',
  /* where it came from */
  source text NULL
);
CREATE INDEX users_name ON users (name);

CREATE TABLE orders (
  id bigint PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users (id) ON DELETE SET NULL,
  status text NOT NULL DEFAULT 'new' CHECK (status <> ''),
  total numeric(10, 2),
  note text, -- free words, "name" is none
  CONSTRAINT orders_total CHECK (total >= 0)
);

CREATE TABLE stock.items (id int PRIMARY KEY, name text, price int DEFAULT 0);

COMMENT ON COLUMN users.source IS 'shop, phone';
COMMENT ON TABLE orders IS 'What was bought';

CREATE VIEW open_orders AS
  SELECT id, total FROM orders WHERE status = 'new';

CREATE VIEW everything AS SELECT * FROM stock.items;
`;

/** Notes, with names of all sorts. */
export const NOTES = `CREATE TABLE notes (
  id INTEGER PRIMARY KEY,
  title TEXT NOT NULL,
  body TEXT, -- Markdown
  "order" INTEGER DEFAULT 0
);

CREATE TABLE tags (id INTEGER PRIMARY KEY, title TEXT);

CREATE TABLE note_tags (
  note_id INTEGER NOT NULL REFERENCES notes (id),
  tag_id INTEGER NOT NULL REFERENCES tags (id),
  PRIMARY KEY (note_id, tag_id)
) WITHOUT ROWID;

CREATE INDEX notes_title ON notes (title); -- for the list

CREATE TRIGGER notes_titled AFTER INSERT ON tags BEGIN
  UPDATE tags SET title = trim(title) WHERE id = NEW.id;
END;
`;

/** As a dump writes it: constraints and defaults stand apart. */
export const DUMP = `SET client_encoding = 'UTF8';

CREATE TABLE public.accounts (
    id integer NOT NULL,
    owner character varying(80),
    balance numeric DEFAULT 0 NOT NULL,
    opened_at timestamp with time zone DEFAULT now() NOT NULL
);

CREATE TABLE public.transfers (
    id integer NOT NULL,
    account_id integer NOT NULL,
    amount numeric NOT NULL,
    memo text
);

ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_pkey PRIMARY KEY (id);

CREATE INDEX transfers_account ON public.transfers USING btree (account_id, amount);

ALTER TABLE ONLY public.transfers
    ADD CONSTRAINT transfers_account_fk FOREIGN KEY (account_id) REFERENCES public.accounts(id);
`;
