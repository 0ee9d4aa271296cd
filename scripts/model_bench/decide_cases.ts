/** Questions of the planner as they come up: two schemas, the rows that stand there, and what a person would say. */

/** A change that two schemas leave open. The SQL is that of every dialect. */
export interface DecideCase {
  readonly title: string;
  readonly from: string;
  readonly to: string;
  /** Rows of the schema before. */
  readonly rows: readonly string[];
  /** Values of these rows that must be somewhere afterwards, unless it is said that they go. */
  readonly keeps: readonly string[];
  /** What is right: the migration that keeps the values under the new name, a fill, or to leave it to the user. */
  readonly right: "rename" | "fill" | "ask";
  /** With `rename` and `fill`: a query of the schema after, and the one value that it gives when the answer is right. */
  readonly shows?: readonly [sql: string, value: string];
}

const table = (name: string, columns: string) => `CREATE TABLE ${name} (${columns});`;

/** A column that another one stands in the place of. */
function column(
  title: string,
  name: string,
  { from, to, right, value = "'kept-1'" }: {
    readonly from: string;
    readonly to: string;
    readonly right: DecideCase["right"];
    readonly value?: string;
  },
): DecideCase {
  const word = (text: string) => text.split(" ")[0] ?? "";
  const bare = value.replaceAll("'", "");
  return {
    title,
    from: table(name, `id integer PRIMARY KEY, ${from}`),
    to: table(name, `id integer PRIMARY KEY, ${to}`),
    rows: [`INSERT INTO ${name} (id, ${word(from)}) VALUES (1, ${value})`],
    keeps: [bare],
    right,
    ...(right === "ask" ? {} : { shows: [`SELECT ${word(to)} AS v FROM ${name}`, bare] }),
  };
}

/** A column that must have a value, in a table with a row. */
function filled(
  title: string,
  { from, to, row, shows }: {
    readonly from: string;
    readonly to: string;
    readonly row: string;
    readonly shows: readonly [string, string];
  },
): DecideCase {
  return { title, from, to, rows: [row], keeps: [], right: "fill", shows };
}

export const DECIDE_CASES: readonly DecideCase[] = [
  column("a longer spelling of a name", "users", {
    from: "fullname text",
    to: "full_name text",
    right: "rename",
  }),
  column("an abbreviation written out", "products", {
    from: "descr text",
    to: "description text",
    right: "rename",
  }),
  column("mail is called email", "accounts", {
    from: "mail text",
    to: "email text",
    right: "rename",
  }),
  column("another language", "kunden", {
    from: "strasse text",
    to: "street text",
    right: "rename",
  }),
  column("a unit is put into the name", "parcels", {
    from: "weight integer",
    to: "weight_grams integer",
    right: "rename",
    value: "4711",
  }),
  column("a typing error mended", "orders", {
    from: "recieved_at text",
    to: "received_at text",
    right: "rename",
  }),
  column("the table's name goes from the column", "tickets", {
    from: "ticket_title text",
    to: "title text",
    right: "rename",
  }),
  column("a synonym", "articles", {
    from: "author_name text",
    to: "writer_name text",
    right: "rename",
  }),
  column("created gets its suffix", "notes", {
    from: "created text",
    to: "created_at text",
    right: "rename",
  }),
  column("phone number made short", "contacts", {
    from: "telephone_number text",
    to: "phone text",
    right: "rename",
  }),
  column("a fax is no website", "companies", {
    from: "fax text",
    to: "website text",
    right: "ask",
  }),
  column("a password is no nickname", "members", {
    from: "password_hash text",
    to: "nickname text",
    right: "ask",
  }),
  column("a count is no price", "items", {
    from: "stock integer",
    to: "price_cents integer",
    right: "ask",
    value: "4711",
  }),
  column("a colour is no size", "shirts", {
    from: "colour text",
    to: "size text",
    right: "ask",
  }),
  column("an IBAN is no tax number", "suppliers", {
    from: "iban text",
    to: "tax_number text",
    right: "ask",
  }),
  column("a birthday is no day of death", "authors", {
    from: "born_on text",
    to: "died_on text",
    right: "ask",
  }),
  {
    title: "a table gets another name",
    from: table("customers", "id integer PRIMARY KEY, name text, city text"),
    to: table("clients", "id integer PRIMARY KEY, name text, city text"),
    rows: ["INSERT INTO customers VALUES (1, 'kept-1', 'kept-2')"],
    keeps: ["kept-1", "kept-2"],
    right: "rename",
    shows: ["SELECT name AS v FROM clients", "kept-1"],
  },
  {
    title: "a table is split off: one of two columns goes with it",
    from: table("people", "id integer PRIMARY KEY, first_name text, nickname text"),
    to: table("people", "id integer PRIMARY KEY, given_name text"),
    rows: ["INSERT INTO people VALUES (1, 'kept-1', 'kept-2')"],
    keeps: ["kept-1"],
    right: "rename",
    shows: ["SELECT given_name AS v FROM people", "kept-1"],
  },
  filled("a flag that nobody has so far", {
    from: table("users", "id integer PRIMARY KEY, name text NOT NULL"),
    to: table("users", "id integer PRIMARY KEY, name text NOT NULL, is_blocked boolean NOT NULL"),
    row: "INSERT INTO users VALUES (1, 'a')",
    shows: [
      "SELECT count(*) AS v FROM users WHERE is_blocked = false",
      "1",
    ],
  }),
  filled("a number of attempts", {
    from: table("jobs", "id integer PRIMARY KEY, title text NOT NULL"),
    to: table("jobs", "id integer PRIMARY KEY, title text NOT NULL, attempts integer NOT NULL"),
    row: "INSERT INTO jobs VALUES (1, 'a')",
    shows: ["SELECT attempts AS v FROM jobs", "0"],
  }),
  filled("a label computed from a column", {
    from: table("tags", "id integer PRIMARY KEY, title text NOT NULL"),
    to: table("tags", "id integer PRIMARY KEY, title text NOT NULL, lower_title text NOT NULL"),
    row: "INSERT INTO tags VALUES (1, 'Red')",
    shows: ["SELECT lower_title AS v FROM tags", "red"],
  }),
  filled("a sum of two columns", {
    from: table("lines", "id integer PRIMARY KEY, net integer NOT NULL, tax integer NOT NULL"),
    to: table(
      "lines",
      "id integer PRIMARY KEY, net integer NOT NULL, tax integer NOT NULL, total integer NOT NULL",
    ),
    row: "INSERT INTO lines VALUES (1, 100, 19)",
    shows: ["SELECT total AS v FROM lines", "119"],
  }),
  filled("an optional text becomes required", {
    from: table("books", "id integer PRIMARY KEY, title text NOT NULL, subtitle text"),
    to: table("books", "id integer PRIMARY KEY, title text NOT NULL, subtitle text NOT NULL"),
    row: "INSERT INTO books VALUES (1, 'a', NULL)",
    shows: ["SELECT subtitle AS v FROM books", ""],
  }),
  filled("a currency, where prices are called euro", {
    from: table("offers", "id integer PRIMARY KEY, price_eur integer NOT NULL"),
    to: table(
      "offers",
      "id integer PRIMARY KEY, price_eur integer NOT NULL, currency text NOT NULL",
    ),
    row: "INSERT INTO offers VALUES (1, 5)",
    shows: ["SELECT currency AS v FROM offers", "EUR"],
  }),
  {
    title: "two names become one that neither is",
    from: table("staff", "id integer PRIMARY KEY, house_no text, street text"),
    to: table("staff", "id integer PRIMARY KEY, address text"),
    rows: ["INSERT INTO staff VALUES (1, 'kept-1', 'kept-2')"],
    keeps: ["kept-1", "kept-2"],
    right: "ask",
  },
];
