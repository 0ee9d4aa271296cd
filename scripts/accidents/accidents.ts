/** Migrations that went wrong in production at many places: a schema, rows, the migration, and the finding that it must end in. */

/** One accident. */
export interface Accident {
  /** What somebody did, as a heading. */
  readonly title: string;
  /** What came of it, in sentences. */
  readonly story: string;
  readonly engine: "postgres" | "sqlite" | "mariadb";
  /** The schema and its rows. */
  readonly setup: string;
  readonly sql: string;
  /** The statements run one at a time, outside of a transaction. */
  readonly outside?: true;
  /** The code of the finding. */
  readonly code: string;
}

const USERS = `CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  email text,
  name varchar(200),
  country text,
  credit double precision,
  visits bigint NOT NULL DEFAULT 0,
  created_at timestamp
);
INSERT INTO users (email, name, country, credit, created_at) VALUES
  ('ada@example.com', 'Ada Lovelace, Countess of Lovelace', 'GB', 0.1, '2024-03-31 01:30'),
  ('ada@example.com', 'Ada', NULL, 2.675, '2024-03-31 02:30'),
  (NULL, NULL, 'FR', 99.995, NULL);
`;

const ORDERS = `${USERS}CREATE TABLE orders (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint,
  status text NOT NULL DEFAULT 'new',
  total numeric(12, 4) NOT NULL
);
INSERT INTO orders (user_id, status, total) VALUES (1, 'new', 10.1255), (77, 'paid', 20), (NULL, 'old', 30);
`;

const POSTGRES: readonly Omit<Accident, "engine">[] = [
  {
    title: "An index is built on a busy table",
    story:
      "CREATE INDEX holds a SHARE lock until the index is complete; every write of the table waits for as long as that takes.",
    setup: USERS,
    sql: "CREATE INDEX users_email_idx ON users (email);",
    code: "pg-index-not-concurrent",
  },
  {
    title: "CREATE INDEX CONCURRENTLY stands in a transaction",
    story:
      "The server refuses it, the deployment stops, and on some runners the migration is marked as failed and must be mended by hand.",
    setup: USERS,
    sql: "BEGIN;\nCREATE INDEX CONCURRENTLY users_email_idx ON users (email);\nCOMMIT;",
    code: "pg-concurrently-in-transaction",
  },
  {
    title: "A column is renamed while the old code still runs",
    story:
      "From the commit on, every query of the instances that are not yet replaced names a column that is not there.",
    setup: USERS,
    sql: "ALTER TABLE users RENAME COLUMN name TO full_name;",
    code: "rename-column",
  },
  {
    title: "A rename is written as drop and add",
    story:
      "The diff of two schemas shows a column that went and one that came. The names of all users are gone, and the tests pass on an empty database.",
    setup: USERS,
    sql:
      "ALTER TABLE users DROP COLUMN name;\nALTER TABLE users ADD COLUMN full_name varchar(200);",
    code: "drop-add-looks-like-rename",
  },
  {
    title: "A table is renamed under its readers",
    story:
      "Reports, exports and the previous release of the program fail until all of them know the new name.",
    setup: USERS,
    sql: "ALTER TABLE users RENAME TO accounts;",
    code: "rename-table",
  },
  {
    title: "A required column without a default",
    story:
      "It works on the empty database of the tests; in production the server refuses it for the first row.",
    setup: USERS,
    sql: "ALTER TABLE users ADD COLUMN locale text NOT NULL;",
    code: "add-required-column",
  },
  {
    title: "SET NOT NULL over rows that hold NULL",
    story:
      "Three rows of an old import have no e-mail address. The migration fails in the middle of the night.",
    setup: USERS,
    sql: "ALTER TABLE users ALTER COLUMN email SET NOT NULL;",
    code: "not-null-may-fail",
  },
  {
    title: "SET NOT NULL reads a large table under its strongest lock",
    story: "The values are all there, yet reads and writes wait until the last row was looked at.",
    setup: USERS,
    sql:
      "ALTER TABLE users ALTER COLUMN visits DROP NOT NULL;\nALTER TABLE users ALTER COLUMN visits SET NOT NULL;",
    code: "set-not-null-scan",
  },
  {
    title: "A unique constraint over duplicates",
    story:
      "The same address was registered twice years ago. The constraint is refused, and with it all of the release.",
    setup: USERS,
    sql: "ALTER TABLE users ADD CONSTRAINT users_email_key UNIQUE (email);",
    code: "unique-may-fail",
  },
  {
    title: "A unique constraint builds its index under ACCESS EXCLUSIVE",
    story: "Unlike CREATE UNIQUE INDEX CONCURRENTLY, it lets nobody read meanwhile.",
    setup: USERS,
    sql: "ALTER TABLE users ADD CONSTRAINT users_id_email_key UNIQUE (id, email);",
    code: "pg-unique-without-using-index",
  },
  {
    title: "A foreign key over orphans",
    story: "Orders of a user who was deleted refer to nothing; the key cannot be added.",
    setup: ORDERS,
    sql:
      "ALTER TABLE orders ADD CONSTRAINT orders_user_fk FOREIGN KEY (user_id) REFERENCES users (id);",
    code: "fk-may-fail",
  },
  {
    title: "A foreign key stops the busy parent",
    story:
      "The small new table is not the problem: the key takes a lock on the table that it refers to, behind a report that runs for an hour, and every sign-in waits behind that.",
    setup: `${USERS}CREATE TABLE notes (id bigint PRIMARY KEY, user_id bigint);\n`,
    sql:
      "ALTER TABLE notes ADD CONSTRAINT notes_user_fk FOREIGN KEY (user_id) REFERENCES users (id);",
    code: "fk-validates-existing-rows",
  },
  {
    title: "VALIDATE in the transaction of NOT VALID",
    story:
      "The lock of the first statement is held while the second one reads the table, so nothing was won.",
    setup: ORDERS,
    sql:
      "ALTER TABLE orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT total_positive;",
    code: "pg-validate-same-tx",
  },
  {
    title: "A check that old rows do not pass",
    story:
      "The list of statuses was taken from the code; the table holds one that the code forgot two years ago.",
    setup: ORDERS,
    sql: "ALTER TABLE orders ADD CONSTRAINT known_status CHECK (status IN ('new', 'paid'));",
    code: "check-may-fail",
  },
  {
    title: "int becomes bigint",
    story:
      "The key is nearly used up. The server writes the whole table and its indexes anew, and nobody can use it for hours.",
    setup:
      "CREATE TABLE events (id integer PRIMARY KEY, at timestamptz);\nINSERT INTO events VALUES (1, now());",
    sql: "ALTER TABLE events ALTER COLUMN id TYPE bigint;",
    code: "table-rewrite",
  },
  {
    title: "Prices lose their decimals",
    story: "double precision becomes integer, the server rounds, and no error says so.",
    setup: USERS,
    sql: "ALTER TABLE users ALTER COLUMN credit TYPE integer;",
    code: "lossy-type-change",
  },
  {
    title: "numeric with fewer decimals",
    story:
      "Tax was kept to a hundredth of a cent. It is rounded to cents, in all orders at once, and sums differ from the invoices.",
    setup: ORDERS,
    sql: "ALTER TABLE orders ALTER COLUMN total TYPE numeric(12, 2);",
    code: "lossy-type-change",
  },
  {
    title: "varchar gets shorter",
    story: "One name of 34 characters refuses a limit of 20.",
    setup: USERS,
    sql: "ALTER TABLE users ALTER COLUMN name TYPE varchar(20);",
    code: "statement-fails",
  },
  {
    title: "timestamp becomes timestamptz in the zone of whoever runs it",
    story:
      "The values were UTC; the session of the deployment had another zone. Every time is wrong by two hours, and by one in winter.",
    setup: USERS,
    sql:
      "SET timezone = 'Europe/Berlin';\nALTER TABLE users ALTER COLUMN created_at TYPE timestamptz;",
    code: "column-type-change",
  },
  {
    title: "A new enum value is used at once",
    story:
      "ALTER TYPE ... ADD VALUE and an UPDATE that uses it stand in one transaction, which the server refuses.",
    setup:
      "CREATE TYPE mood AS ENUM ('sad', 'ok');\nCREATE TABLE people (id bigint PRIMARY KEY, mood mood);\nINSERT INTO people VALUES (1, 'ok');",
    sql: "ALTER TYPE mood ADD VALUE 'happy';\nUPDATE people SET mood = 'happy' WHERE id = 1;",
    code: "pg-enum-new-value-same-tx",
  },
  {
    title: "An enum loses a value that rows use",
    story:
      "The type is made anew without it, and the column's new type does not take what is there.",
    setup:
      "CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');\nCREATE TABLE people (id bigint PRIMARY KEY, mood mood);\nINSERT INTO people VALUES (1, 'happy');",
    sql:
      "ALTER TYPE mood RENAME TO mood_old;\nCREATE TYPE mood AS ENUM ('sad', 'ok');\nALTER TABLE people ALTER COLUMN mood TYPE mood USING mood::text::mood;",
    code: "statement-fails",
  },
  {
    title: "UPDATE without WHERE",
    story:
      "All users are asked to accept new terms, the two who wrote the test and a million others.",
    setup: USERS,
    sql: "UPDATE users SET country = 'DE';",
    code: "dml-without-where",
  },
  {
    title: "TRUNCATE takes more than one table",
    story: "CASCADE empties every table that refers to it.",
    setup: USERS,
    sql: "TRUNCATE users CASCADE;",
    code: "truncate",
  },
  {
    title: "A column is dropped and a view with it",
    story:
      "CASCADE was added because the server asked for it. The report of the finance department was a view.",
    setup: `${USERS}CREATE VIEW countries AS SELECT country FROM users;\n`,
    sql: "ALTER TABLE users DROP COLUMN country CASCADE;",
    code: "drop-column-drops-dependents",
  },
  {
    title: "A default that differs from row to row",
    story:
      "gen_random_uuid() or clock_timestamp() as the default of a new column writes all rows anew; a constant does not.",
    setup: USERS,
    sql: "ALTER TABLE users ADD COLUMN token uuid DEFAULT gen_random_uuid();",
    code: "pg-volatile-default",
  },
  {
    title: "ALTER TABLE waits for a report, and everybody for it",
    story:
      "The statement itself takes a millisecond. It stands in the queue behind a long query, and all queries that come after it stand behind it.",
    setup: USERS,
    sql: "ALTER TABLE users ADD COLUMN locale text;",
    code: "pg-missing-lock-timeout",
  },
  {
    title: "A backfill runs under the lock of ALTER TABLE",
    story:
      "The column is added and filled in one transaction, so nobody reads the table while a million rows are written.",
    setup: USERS,
    sql:
      "ALTER TABLE users ADD COLUMN locale text;\nUPDATE users SET locale = 'en' WHERE country = 'GB';",
    code: "pg-statement-while-holding-exclusive-lock",
  },
  {
    title: "A materialized view is refreshed at noon",
    story: "Without CONCURRENTLY its readers wait until the query behind it is done.",
    setup:
      `${USERS}CREATE MATERIALIZED VIEW per_country AS SELECT country, count(*) FROM users GROUP BY country;\n`,
    sql: "REFRESH MATERIALIZED VIEW per_country;",
    code: "pg-refresh-matview-blocking",
  },
  {
    title: "VACUUM FULL to win back space",
    story:
      "It writes the table anew under ACCESS EXCLUSIVE; the site is down for as long as that takes.",
    setup: USERS,
    sql: "VACUUM FULL users;",
    outside: true,
    code: "pg-vacuum-full",
  },
  {
    title: "A table becomes a partition",
    story: "ATTACH PARTITION reads all of it to see that it fits, unless a check says so already.",
    setup:
      "CREATE TABLE logs (at date NOT NULL, line text) PARTITION BY RANGE (at);\nCREATE TABLE logs_2024 (at date NOT NULL, line text);\nINSERT INTO logs_2024 VALUES ('2024-05-01', 'x');",
    sql:
      "ALTER TABLE logs ATTACH PARTITION logs_2024 FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    code: "pg-attach-partition-scan",
  },
];

const SQLITE: readonly Omit<Accident, "engine">[] = [
  {
    title: "A table is rebuilt, and its children go with it",
    story:
      "The recipe of twelve steps begins by turning foreign keys off. Within a transaction that does nothing: DROP TABLE deletes the rows of every table that refers to it with ON DELETE CASCADE.",
    setup:
      "PRAGMA foreign_keys = ON;\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nCREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id) ON DELETE CASCADE);\nINSERT INTO users VALUES (1, 'Ada');\nINSERT INTO posts VALUES (1, 1), (2, 1);",
    sql:
      "PRAGMA foreign_keys = ON;\nCREATE TABLE users_new (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\nINSERT INTO users_new SELECT id, name FROM users;\nDROP TABLE users;\nALTER TABLE users_new RENAME TO users;",
    outside: true,
    code: "sqlite-rebuild-fk-cascade",
  },
  {
    title: "A table is rebuilt by renaming the old one",
    story:
      "Since SQLite 3.26 references follow a rename: the children refer to the table that is dropped afterwards.",
    setup:
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nCREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users (id));",
    sql:
      "ALTER TABLE users RENAME TO users_old;\nCREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);\nINSERT INTO users SELECT id, name FROM users_old;\nDROP TABLE users_old;",
    code: "sqlite-rebuild-wrong-order",
  },
  {
    title: "A required column without a default, on SQLite",
    story: "SQLite refuses it for any table, with or without rows.",
    setup:
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nINSERT INTO users VALUES (1, 'Ada');",
    sql: "ALTER TABLE users ADD COLUMN locale TEXT NOT NULL;",
    code: "add-required-column",
  },
  {
    title: "A column is dropped that an index uses",
    story: "SQLite refuses to drop it until the index is gone.",
    setup:
      "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);\nCREATE INDEX users_name ON users (name);",
    sql: "ALTER TABLE users DROP COLUMN name;",
    code: "sqlite-drop-column-restriction",
  },
  {
    title: "A unique index over duplicates, on SQLite",
    story:
      "Phones that were used for two years hold what the new version does not allow; the app does not start any more.",
    setup:
      "CREATE TABLE users (id INTEGER PRIMARY KEY, email TEXT);\nINSERT INTO users VALUES (1, 'ada@example.com'), (2, 'ada@example.com');",
    sql: "CREATE UNIQUE INDEX users_email ON users (email);",
    code: "unique-may-fail",
  },
];

const MARIADB: readonly Omit<Accident, "engine">[] = [
  {
    title: "Rows get 0 and the empty string",
    story: "A required column without a default is no error here: every order gets the customer 0.",
    setup: "CREATE TABLE orders (id int PRIMARY KEY);\nINSERT INTO orders VALUES (1), (2);",
    sql: "ALTER TABLE orders ADD COLUMN customer_id int NOT NULL;",
    code: "mysql-implicit-zero",
  },
  {
    title: "The table is copied row by row",
    story:
      "A change of a column's type takes ALGORITHM=COPY: writes wait for as long as that takes, and the replicas after it.",
    setup:
      "CREATE TABLE orders (id int PRIMARY KEY, note varchar(50));\nINSERT INTO orders VALUES (1, '1');",
    sql: "ALTER TABLE orders MODIFY note int;",
    code: "mysql-copy",
  },
  {
    title: "The second of two statements fails",
    story:
      "Definitions commit by themselves. The first is done, the second is not, and the migration can be run neither again nor back.",
    setup:
      "CREATE TABLE users (id int PRIMARY KEY, email varchar(100));\nINSERT INTO users VALUES (1, 'a'), (2, 'a');",
    sql:
      "ALTER TABLE users ADD COLUMN locale varchar(10);\nALTER TABLE users ADD UNIQUE KEY users_email (email);",
    code: "mysql-non-atomic-migration",
  },
  {
    title: "A value does not fit the new type, on MariaDB",
    story: "The limit was chosen after the rows of the test database.",
    setup:
      "CREATE TABLE users (id int PRIMARY KEY, name varchar(100));\nINSERT INTO users VALUES (1, 'Ada Lovelace, Countess of Lovelace');",
    sql: "ALTER TABLE users MODIFY name varchar(20);",
    code: "statement-fails",
  },
  {
    title: "A foreign key between two integer types",
    story: "int refers to bigint: refused with errno 150, and the message names neither column.",
    setup:
      "CREATE TABLE users (id bigint PRIMARY KEY);\nCREATE TABLE posts (id int PRIMARY KEY, user_id int);",
    sql: "ALTER TABLE posts ADD CONSTRAINT posts_user FOREIGN KEY (user_id) REFERENCES users (id);",
    code: "statement-fails",
  },
];

/** All of them, in the order of the page. */
export const ACCIDENTS: readonly Accident[] = [
  ...POSTGRES.map((one) => ({ ...one, engine: "postgres" as const })),
  ...SQLITE.map((one) => ({ ...one, engine: "sqlite" as const })),
  ...MARIADB.map((one) => ({ ...one, engine: "mariadb" as const })),
];
