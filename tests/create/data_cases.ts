/** Data migrations as a model drafts them: good ones, and bad ones with what must be told about each. */

/** Statements and checks, in short. */
export interface Draft {
  readonly up: readonly string[];
  readonly down: readonly string[];
  /** Name to query before and query after; one text alone is the query after UP, which gives `expect`. */
  readonly checks?: Readonly<Record<string, readonly [before: string, after: string]>>;
}

/** One data migration. */
export interface DataCase {
  readonly title: string;
  readonly engine: "postgres" | "sqlite";
  readonly from: string;
  readonly to: string;
  readonly wanted: string;
  readonly bad: readonly (readonly [draft: Draft, told: RegExp])[];
  readonly good: Draft;
}

const none: readonly string[] = [];

export const DATA_CASES: readonly DataCase[] = [
  {
    title: "a name is split at its first blank",
    engine: "postgres",
    from: "CREATE TABLE users (id int PRIMARY KEY, full_name text NOT NULL);",
    to:
      "CREATE TABLE users (id int PRIMARY KEY, first_name text NOT NULL, last_name text NOT NULL);",
    wanted: "split full_name into first_name and last_name",
    bad: [
      [{
        up: ["UPDATE users SET first_name = split_part(full_name, ' ', 1)"],
        down: ["UPDATE users SET full_name = first_name"],
      }, /last_name.*null values/],
      [{
        up: [
          "UPDATE users SET first_name = split_part(full_name, ' ', 1), last_name = split_part(full_name, ' ', 2)",
        ],
        down: ["UPDATE users SET full_name = first_name || ' ' || last_name"],
      }, /full_name/],
      [{ up: ["DROP TABLE users"], down: [] }, /changes no rows/],
    ],
    good: {
      up: [
        "UPDATE users SET first_name = split_part(full_name, ' ', 1), last_name = substr(full_name, length(split_part(full_name, ' ', 1)) + 1)",
      ],
      down: ["UPDATE users SET full_name = first_name || last_name"],
      checks: {
        "names stay": [
          "SELECT id, full_name FROM users ORDER BY id",
          "SELECT id, first_name || last_name FROM users ORDER BY id",
        ],
      },
    },
  },
  {
    title: "a title is split at its first colon",
    engine: "sqlite",
    from: "CREATE TABLE pets (id INTEGER PRIMARY KEY, title TEXT NOT NULL) STRICT;",
    to: "CREATE TABLE pets (id INTEGER PRIMARY KEY, kind TEXT, name TEXT NOT NULL) STRICT;",
    wanted: "title is kind:name, the kind may be missing",
    bad: [
      [{
        up: [
          "UPDATE pets SET kind = substr(title, 1, instr(title, ':')), name = substr(title, instr(title, ':') + 1)",
        ],
        down: ["UPDATE pets SET title = kind || ':' || name"],
      }, /title/],
      [{
        up: ["UPDATE pets SET name = substr(title, 1, 3)"],
        down: ["UPDATE pets SET title = name"],
      }, /title/],
    ],
    good: {
      up: [
        "UPDATE pets SET kind = CASE WHEN instr(title, ':') > 0 THEN substr(title, 1, instr(title, ':') - 1) END, name = substr(title, instr(title, ':') + 1)",
      ],
      down: ["UPDATE pets SET title = coalesce(kind || ':', '') || name"],
    },
  },
  {
    title: "columns are merged into JSON",
    engine: "postgres",
    from: "CREATE TABLE places (id int PRIMARY KEY, street text, city text);",
    to: "CREATE TABLE places (id int PRIMARY KEY, address jsonb NOT NULL);",
    wanted: "street and city become one JSON object address",
    bad: [
      [{
        up: ["UPDATE places SET address = jsonb_build_object('street', city, 'city', street)"],
        down: ["UPDATE places SET street = address->>'street', city = address->>'city'"],
        checks: {
          streets: [
            "SELECT id, street FROM places ORDER BY id",
            "SELECT id, address->>'street' FROM places ORDER BY id",
          ],
        },
      }, /street|city/],
    ],
    good: {
      up: ["UPDATE places SET address = jsonb_build_object('street', street, 'city', city)"],
      down: ["UPDATE places SET street = address->>'street', city = address->>'city'"],
      checks: {
        streets: [
          "SELECT id, street FROM places ORDER BY id",
          "SELECT id, address->>'street' FROM places ORDER BY id",
        ],
      },
    },
  },
  {
    title: "columns are merged into JSON in SQLite",
    engine: "sqlite",
    from: "CREATE TABLE places (id INTEGER PRIMARY KEY, street TEXT, city TEXT) STRICT;",
    to: "CREATE TABLE places (id INTEGER PRIMARY KEY, address TEXT NOT NULL) STRICT;",
    wanted: "street and city become one JSON array address",
    bad: [[{
      up: ["UPDATE places SET address = street || ',' || city"],
      down: ["UPDATE places SET street = address, city = address"],
    }, /NOT NULL|address|street|city/]],
    good: {
      up: ["UPDATE places SET address = json_array(street, city)"],
      down: [
        "UPDATE places SET street = json_extract(address, '$[0]'), city = json_extract(address, '$[1]')",
      ],
    },
  },
  {
    title: "addresses move to a table of their own",
    engine: "sqlite",
    from: "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, street TEXT, city TEXT) STRICT;",
    to: "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT) STRICT;\n" +
      "CREATE TABLE addresses (user_id INTEGER PRIMARY KEY REFERENCES users (id), street TEXT, city TEXT) STRICT;",
    wanted: "move addresses to their own table",
    bad: [
      [{
        up: [
          "INSERT INTO addresses (user_id, street, city) SELECT id, street, city FROM users WHERE street IS NOT NULL LIMIT 1",
        ],
        down: [
          "UPDATE users SET street = (SELECT street FROM addresses WHERE user_id = users.id), city = (SELECT city FROM addresses WHERE user_id = users.id)",
        ],
      }, /street|city/],
      [{
        up: ["INSERT INTO addresses (user_id, street, city) SELECT id, city, street FROM users"],
        down: [
          "UPDATE users SET street = (SELECT street FROM addresses WHERE user_id = users.id), city = (SELECT city FROM addresses WHERE user_id = users.id)",
        ],
      }, /street|city/],
    ],
    good: {
      up: ["INSERT INTO addresses (user_id, street, city) SELECT id, street, city FROM users"],
      down: [
        "UPDATE users SET street = (SELECT street FROM addresses WHERE user_id = users.id), city = (SELECT city FROM addresses WHERE user_id = users.id)",
      ],
    },
  },
  {
    title: "addresses move, and users refer to them",
    engine: "postgres",
    from: "CREATE TABLE users (id int PRIMARY KEY, city text);",
    to: "CREATE TABLE addresses (id int PRIMARY KEY, city text);\n" +
      "CREATE TABLE users (id int PRIMARY KEY, address_id int NOT NULL REFERENCES addresses (id));",
    wanted: "cities move to addresses; each user has an address of the same id",
    bad: [[{
      up: ["INSERT INTO addresses (id, city) SELECT id, city FROM users"],
      down: ["UPDATE users SET city = a.city FROM addresses a WHERE a.id = users.address_id"],
    }, /address_id/]],
    good: {
      up: [
        "INSERT INTO addresses (id, city) SELECT id, city FROM users",
        "UPDATE users SET address_id = id",
      ],
      down: ["UPDATE users SET city = a.city FROM addresses a WHERE a.id = users.address_id"],
    },
  },
  {
    title: "columns become rows",
    engine: "sqlite",
    from: "CREATE TABLE people (id INTEGER PRIMARY KEY, home TEXT, work TEXT) STRICT;",
    to: "CREATE TABLE people (id INTEGER PRIMARY KEY) STRICT;\n" +
      "CREATE TABLE phones (person_id INTEGER NOT NULL, kind TEXT NOT NULL, number TEXT NOT NULL, PRIMARY KEY (person_id, kind)) STRICT;",
    wanted: "unpivot the phone numbers into phones",
    bad: [
      [{
        up: ["INSERT INTO phones SELECT id, 'home', home FROM people"],
        down: [
          "UPDATE people SET home = (SELECT number FROM phones WHERE person_id = id AND kind = 'home')",
        ],
      }, /NOT NULL|number|work/],
      [{
        up: ["INSERT INTO phones SELECT id, 'home', home FROM people WHERE home IS NOT NULL"],
        down: [
          "UPDATE people SET home = (SELECT number FROM phones WHERE person_id = id AND kind = 'home')",
        ],
      }, /work/],
    ],
    good: {
      up: [
        "INSERT INTO phones SELECT id, 'home', home FROM people WHERE home IS NOT NULL",
        "INSERT INTO phones SELECT id, 'work', work FROM people WHERE work IS NOT NULL",
      ],
      down: [
        "UPDATE people SET home = (SELECT number FROM phones WHERE person_id = id AND kind = 'home'), work = (SELECT number FROM phones WHERE person_id = id AND kind = 'work')",
      ],
    },
  },
  {
    title: "counts are denormalised",
    engine: "sqlite",
    from: "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT) STRICT;\n" +
      "CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER REFERENCES posts (id)) STRICT;",
    to:
      "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, comment_count INTEGER NOT NULL) STRICT;\n" +
      "CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER REFERENCES posts (id)) STRICT;",
    wanted: "denormalise the number of comments into posts",
    bad: [
      [{
        up: ["UPDATE posts SET comment_count = (SELECT count(*) FROM comments)"],
        down: none,
        checks: {
          counts: [
            "SELECT post_id, count(*) FROM comments WHERE post_id IS NOT NULL GROUP BY post_id ORDER BY post_id",
            "SELECT id, comment_count FROM posts WHERE comment_count > 0 ORDER BY id",
          ],
        },
      }, /counts/],
      [{
        up: [
          "UPDATE posts SET comment_count = (SELECT count(*) FROM comments WHERE post_id = posts.id), title = upper(title)",
        ],
        down: none,
      }, /title/],
    ],
    good: {
      up: [
        "UPDATE posts SET comment_count = (SELECT count(*) FROM comments WHERE post_id = posts.id)",
      ],
      down: none,
      checks: {
        counts: [
          "SELECT post_id, count(*) FROM comments WHERE post_id IS NOT NULL GROUP BY post_id ORDER BY post_id",
          "SELECT id, comment_count FROM posts WHERE comment_count > 0 ORDER BY id",
        ],
      },
    },
  },
  {
    title: "created_by is filled from the audit",
    engine: "postgres",
    from:
      "CREATE TABLE docs (id int PRIMARY KEY, body text);\nCREATE TABLE audit (id int PRIMARY KEY, doc_id int, who text);",
    to:
      "CREATE TABLE docs (id int PRIMARY KEY, body text, created_by text NOT NULL);\nCREATE TABLE audit (id int PRIMARY KEY, doc_id int, who text);",
    wanted: "backfill created_by from audit: the first one who touched it",
    bad: [
      [{
        up: [
          "UPDATE docs SET created_by = (SELECT who FROM audit WHERE doc_id = docs.id ORDER BY id LIMIT 1)",
        ],
        down: none,
      }, /created_by/],
      [{
        up: [
          "UPDATE docs SET created_by = coalesce((SELECT who FROM audit WHERE doc_id = docs.id ORDER BY id LIMIT 1), 'unknown')",
          "DELETE FROM audit",
        ],
        down: none,
      }, /audit/],
    ],
    good: {
      up: [
        "UPDATE docs SET created_by = coalesce((SELECT who FROM audit WHERE doc_id = docs.id AND who IS NOT NULL ORDER BY id LIMIT 1), 'unknown')",
      ],
      down: none,
    },
  },
  {
    title: "rows that are alike go before a key comes",
    engine: "sqlite",
    from: "CREATE TABLE subscribers (id INTEGER PRIMARY KEY, email TEXT NOT NULL) STRICT;",
    to: "CREATE TABLE subscribers (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE) STRICT;",
    wanted: "one row for each e-mail address, the oldest",
    bad: [
      [{
        up: ["DELETE FROM subscribers WHERE id NOT IN (SELECT min(id) FROM subscribers)"],
        down: none,
        checks: {
          addresses: [
            "SELECT DISTINCT email FROM subscribers ORDER BY 1",
            "SELECT email FROM subscribers ORDER BY 1",
          ],
        },
      }, /addresses|subscribers/],
    ],
    good: {
      up: [
        "DELETE FROM subscribers WHERE id NOT IN (SELECT min(id) FROM subscribers GROUP BY email)",
      ],
      down: none,
      checks: {
        addresses: [
          "SELECT DISTINCT email FROM subscribers ORDER BY 1",
          "SELECT email FROM subscribers ORDER BY 1",
        ],
      },
    },
  },
  {
    title: "money becomes cents",
    engine: "postgres",
    from: "CREATE TABLE items (id int PRIMARY KEY, price numeric(10, 2) NOT NULL);",
    to: "CREATE TABLE items (id int PRIMARY KEY, price_cents bigint NOT NULL);",
    wanted: "prices in whole cents",
    bad: [
      [{
        up: ["UPDATE items SET price_cents = price * 100"],
        down: ["UPDATE items SET price = price_cents / 100.0"],
        checks: { prices: ["SELECT amount FROM items", "SELECT price_cents FROM items"] },
      }, /Cannot run the check \\?"prices/],
      [{
        up: ["UPDATE items SET price_cents = price * 100"],
        down: ["UPDATE items SET price = price_cents / 100.0"],
        checks: {
          prices: ["SELECT pg_read_file('/etc/passwd')", "SELECT price_cents FROM items"],
        },
      }, /calls pg_read_file/],
      [{
        up: ["UPDATE items SET price_cents = price"],
        down: ["UPDATE items SET price = price_cents"],
      }, /price/],
      [{
        up: ["UPDATE items SET price_cents = price * 100"],
        down: ["UPDATE items SET price = price_cents / 100"],
      }, /price/],
    ],
    good: {
      up: ["UPDATE items SET price_cents = price * 100"],
      down: ["UPDATE items SET price = price_cents / 100.0"],
    },
  },
  {
    title: "a currency is taken from the text",
    engine: "sqlite",
    from: "CREATE TABLE bills (id INTEGER PRIMARY KEY, amount TEXT NOT NULL) STRICT;",
    to:
      "CREATE TABLE bills (id INTEGER PRIMARY KEY, currency TEXT NOT NULL, value TEXT NOT NULL) STRICT;",
    wanted: "amount begins with three letters of the currency",
    bad: [[{
      up: ["UPDATE bills SET currency = substr(amount, 1, 3), value = trim(substr(amount, 4))"],
      down: ["UPDATE bills SET amount = currency || ' ' || value"],
    }, /amount/]],
    good: {
      up: ["UPDATE bills SET currency = substr(amount, 1, 3), value = substr(amount, 4)"],
      down: ["UPDATE bills SET amount = currency || value"],
    },
  },
  {
    title: "local times become times with a zone",
    engine: "postgres",
    from: "CREATE TABLE events (id int PRIMARY KEY, at_local timestamp);",
    to: "CREATE TABLE events (id int PRIMARY KEY, happened_at timestamptz);",
    wanted: "at_local was in UTC",
    bad: [[{
      up: ["UPDATE events SET happened_at = at_local AT TIME ZONE 'Europe/Berlin'"],
      down: ["UPDATE events SET at_local = happened_at AT TIME ZONE 'UTC'"],
    }, /at_local|timestamp|range/]],
    good: {
      up: ["UPDATE events SET happened_at = at_local AT TIME ZONE 'UTC'"],
      down: ["UPDATE events SET at_local = happened_at AT TIME ZONE 'UTC'"],
    },
  },
  {
    title: "a tree gets its closure",
    engine: "sqlite",
    from: "CREATE TABLE nodes (id INTEGER PRIMARY KEY, parent_id INTEGER) STRICT;",
    to: "CREATE TABLE nodes (id INTEGER PRIMARY KEY) STRICT;\n" +
      "CREATE TABLE edges (child_id INTEGER PRIMARY KEY, parent_id INTEGER NOT NULL) STRICT;",
    wanted: "the parent of a node moves to edges",
    bad: [[{
      up: [
        "INSERT INTO edges (child_id, parent_id) SELECT parent_id, id FROM nodes WHERE parent_id IS NOT NULL",
      ],
      down: [
        "UPDATE nodes SET parent_id = (SELECT parent_id FROM edges WHERE child_id = nodes.id)",
      ],
    }, /parent_id|UNIQUE/]],
    good: {
      up: [
        "INSERT INTO edges (child_id, parent_id) SELECT id, parent_id FROM nodes WHERE parent_id IS NOT NULL",
      ],
      down: [
        "UPDATE nodes SET parent_id = (SELECT e.parent_id FROM edges e WHERE e.child_id = nodes.id)",
      ],
    },
  },
  {
    title: "a tree gets levels",
    engine: "postgres",
    from: "CREATE TABLE dirs (id int PRIMARY KEY, parent_id int REFERENCES dirs (id));",
    to:
      "CREATE TABLE dirs (id int PRIMARY KEY, parent_id int REFERENCES dirs (id), is_root boolean NOT NULL);",
    wanted: "is_root tells whether a directory has no parent",
    bad: [[{
      up: ["UPDATE dirs SET is_root = true WHERE parent_id IS NULL"],
      down: none,
    }, /is_root/], [{
      up: ["UPDATE dirs SET is_root = (parent_id IS NULL), parent_id = coalesce(parent_id, id)"],
      down: none,
    }, /parent_id/]],
    good: { up: ["UPDATE dirs SET is_root = (parent_id IS NULL)"], down: none },
  },
  {
    title: "a text becomes a row of a list",
    engine: "sqlite",
    from: "CREATE TABLE tickets (id INTEGER PRIMARY KEY, state TEXT NOT NULL) STRICT;",
    to: "CREATE TABLE states (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;\n" +
      "CREATE TABLE tickets (id INTEGER PRIMARY KEY, state_id INTEGER NOT NULL REFERENCES states (id)) STRICT;",
    wanted: "states get a table of their own",
    bad: [[{
      up: [
        "INSERT INTO states (name) SELECT state FROM tickets WHERE 1",
        "UPDATE tickets SET state_id = (SELECT min(id) FROM states)",
      ],
      down: ["UPDATE tickets SET state = (SELECT name FROM states WHERE states.id = state_id)"],
    }, /state|UNIQUE/]],
    good: {
      up: [
        "INSERT INTO states (name) SELECT DISTINCT state FROM tickets",
        "UPDATE tickets SET state_id = (SELECT states.id FROM states WHERE name = state)",
      ],
      down: ["UPDATE tickets SET state = (SELECT name FROM states WHERE states.id = state_id)"],
    },
  },
  {
    title: "flags become roles",
    engine: "sqlite",
    from:
      "CREATE TABLE members (id INTEGER PRIMARY KEY, is_admin INTEGER NOT NULL, is_editor INTEGER NOT NULL) STRICT;",
    to: "CREATE TABLE members (id INTEGER PRIMARY KEY) STRICT;\n" +
      "CREATE TABLE roles (member_id INTEGER NOT NULL, role TEXT NOT NULL, value INTEGER NOT NULL, PRIMARY KEY (member_id, role)) STRICT;",
    wanted: "the flags move to roles",
    bad: [[{
      up: ["INSERT INTO roles SELECT id, 'admin', is_admin FROM members"],
      down: [
        "UPDATE members SET is_admin = (SELECT value FROM roles WHERE member_id = id AND role = 'admin'), is_editor = 0",
      ],
    }, /is_editor/]],
    good: {
      up: [
        "INSERT INTO roles SELECT id, 'admin', is_admin FROM members",
        "INSERT INTO roles SELECT id, 'editor', is_editor FROM members",
      ],
      down: [
        "UPDATE members SET is_admin = (SELECT value FROM roles WHERE member_id = id AND role = 'admin'), is_editor = (SELECT value FROM roles WHERE member_id = id AND role = 'editor')",
      ],
    },
  },
  {
    title: "rows become JSON",
    engine: "postgres",
    from: "CREATE TABLE notes (id int PRIMARY KEY);\n" +
      "CREATE TABLE note_tags (note_id int REFERENCES notes (id), place int, tag text, PRIMARY KEY (note_id, place));",
    to: "CREATE TABLE notes (id int PRIMARY KEY, tags jsonb NOT NULL);",
    wanted: "tags become a JSON object of place and tag",
    bad: [[{
      up: [
        "UPDATE notes SET tags = coalesce((SELECT jsonb_agg(tag ORDER BY place) FROM note_tags WHERE note_id = id), '[]')",
      ],
      down: [
        "INSERT INTO note_tags SELECT id, place, tag FROM notes, jsonb_array_elements_text(tags) WITH ORDINALITY AS t (tag, place)",
      ],
    }, /note_tags/]],
    good: {
      up: [
        "UPDATE notes SET tags = coalesce((SELECT jsonb_object_agg(place, tag) FROM note_tags WHERE note_id = id), '{}')",
      ],
      down: [
        "INSERT INTO note_tags SELECT id, key::int, value FROM notes, jsonb_each_text(tags)",
      ],
    },
  },
  {
    title: "two tables become one",
    engine: "sqlite",
    from:
      "CREATE TABLE cats (id INTEGER PRIMARY KEY, name TEXT) STRICT;\nCREATE TABLE dogs (id INTEGER PRIMARY KEY, name TEXT) STRICT;",
    to:
      "CREATE TABLE animals (kind TEXT NOT NULL, id INTEGER NOT NULL, name TEXT, PRIMARY KEY (kind, id)) STRICT;",
    wanted: "cats and dogs become animals",
    bad: [[{
      up: ["INSERT INTO animals SELECT 'cat', id, name FROM cats"],
      down: ["INSERT INTO cats SELECT id, name FROM animals WHERE kind = 'cat'"],
    }, /dogs/]],
    good: {
      up: [
        "INSERT INTO animals SELECT 'cat', id, name FROM cats",
        "INSERT INTO animals SELECT 'dog', id, name FROM dogs",
      ],
      down: [
        "INSERT INTO cats SELECT id, name FROM animals WHERE kind = 'cat'",
        "INSERT INTO dogs SELECT id, name FROM animals WHERE kind = 'dog'",
      ],
    },
  },
  {
    title: "one table becomes two",
    engine: "sqlite",
    from: "CREATE TABLE log (id INTEGER PRIMARY KEY, is_error INTEGER NOT NULL, text TEXT) STRICT;",
    to:
      "CREATE TABLE errors (id INTEGER PRIMARY KEY, is_error INTEGER NOT NULL, text TEXT) STRICT;\n" +
      "CREATE TABLE infos (id INTEGER PRIMARY KEY, text TEXT) STRICT;",
    wanted: "split log by is_error",
    bad: [[{
      up: ["INSERT INTO infos SELECT id, text FROM log WHERE is_error = 0"],
      down: ["INSERT INTO log SELECT id, 0, text FROM infos"],
    }, /log/]],
    good: {
      up: [
        "INSERT INTO errors SELECT id, is_error, text FROM log WHERE is_error <> 0",
        "INSERT INTO infos SELECT id, text FROM log WHERE is_error = 0",
      ],
      down: [
        "INSERT INTO log SELECT id, is_error, text FROM errors",
        "INSERT INTO log SELECT id, 0, text FROM infos",
      ],
    },
  },
  {
    title: "a flag becomes a time",
    engine: "sqlite",
    from:
      "CREATE TABLE files (id INTEGER PRIMARY KEY, deleted INTEGER NOT NULL CHECK (deleted IN (0, 1))) STRICT;",
    to: "CREATE TABLE files (id INTEGER PRIMARY KEY, deleted_at TEXT) STRICT;",
    wanted: "deleted becomes deleted_at, 2000-01-01 for those that are deleted",
    bad: [[{
      up: ["UPDATE files SET deleted_at = '2000-01-01'"],
      down: ["UPDATE files SET deleted = deleted_at IS NOT NULL"],
    }, /deleted/]],
    good: {
      up: ["UPDATE files SET deleted_at = '2000-01-01' WHERE deleted = 1"],
      down: ["UPDATE files SET deleted = deleted_at IS NOT NULL"],
    },
  },
  {
    title: "a code becomes a reference",
    engine: "postgres",
    from: "CREATE TABLE products (id int PRIMARY KEY, code text NOT NULL UNIQUE);\n" +
      "CREATE TABLE lines (id int PRIMARY KEY, product_code text NOT NULL REFERENCES products (code));",
    to: "CREATE TABLE products (id int PRIMARY KEY, code text NOT NULL UNIQUE);\n" +
      "CREATE TABLE lines (id int PRIMARY KEY, product_id int NOT NULL REFERENCES products (id));",
    wanted: "lines refer to products by id",
    bad: [[{
      up: ["UPDATE lines SET product_id = (SELECT min(id) FROM products)"],
      down: [
        "UPDATE lines SET product_code = (SELECT code FROM products WHERE products.id = product_id)",
      ],
    }, /product_code/]],
    good: {
      up: [
        "UPDATE lines SET product_id = (SELECT products.id FROM products WHERE code = product_code)",
      ],
      down: [
        "UPDATE lines SET product_code = (SELECT code FROM products WHERE products.id = product_id)",
      ],
    },
  },
  {
    title: "the latest value is denormalised",
    engine: "sqlite",
    from:
      "CREATE TABLE sensors (id INTEGER PRIMARY KEY) STRICT;\nCREATE TABLE readings (id INTEGER PRIMARY KEY, sensor_id INTEGER REFERENCES sensors (id), value REAL) STRICT;",
    to:
      "CREATE TABLE sensors (id INTEGER PRIMARY KEY, last_value REAL) STRICT;\nCREATE TABLE readings (id INTEGER PRIMARY KEY, sensor_id INTEGER REFERENCES sensors (id), value REAL) STRICT;",
    wanted: "keep the last reading beside the sensor",
    bad: [[{
      up: [
        "UPDATE sensors SET last_value = (SELECT value FROM readings WHERE sensor_id = sensors.id ORDER BY id DESC LIMIT 1)",
        "UPDATE readings SET value = 0",
      ],
      down: none,
    }, /value|readings/]],
    good: {
      up: [
        "UPDATE sensors SET last_value = (SELECT value FROM readings WHERE sensor_id = sensors.id ORDER BY id DESC LIMIT 1)",
      ],
      down: none,
    },
  },
  {
    title: "JSON becomes columns",
    engine: "postgres",
    from: "CREATE TABLE settings (id int PRIMARY KEY, lang text, dark boolean);",
    to: "CREATE TABLE settings (id int PRIMARY KEY, options jsonb NOT NULL);",
    wanted: "lang and dark become options",
    bad: [[{
      up: ["UPDATE settings SET options = jsonb_build_object('lang', lang)"],
      down: ["UPDATE settings SET lang = options->>'lang'"],
    }, /dark/]],
    good: {
      up: ["UPDATE settings SET options = jsonb_build_object('lang', lang, 'dark', dark)"],
      down: ["UPDATE settings SET lang = options->>'lang', dark = (options->>'dark')::boolean"],
    },
  },
  {
    title: "rows of two tables are joined",
    engine: "sqlite",
    from:
      "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT) STRICT;\nCREATE TABLE profiles (account_id INTEGER PRIMARY KEY REFERENCES accounts (id), bio TEXT) STRICT;",
    to:
      "CREATE TABLE accounts (id INTEGER PRIMARY KEY, name TEXT, has_profile INTEGER NOT NULL, bio TEXT) STRICT;",
    wanted: "profiles become columns of accounts",
    bad: [[{
      up: [
        "UPDATE accounts SET has_profile = 1, bio = (SELECT bio FROM profiles WHERE account_id = accounts.id)",
      ],
      down: ["INSERT INTO profiles SELECT id, bio FROM accounts WHERE bio IS NOT NULL"],
    }, /profiles/]],
    good: {
      up: [
        "UPDATE accounts SET has_profile = EXISTS (SELECT 1 FROM profiles WHERE account_id = accounts.id), bio = (SELECT bio FROM profiles WHERE account_id = accounts.id)",
      ],
      down: ["INSERT INTO profiles SELECT id, bio FROM accounts WHERE has_profile = 1"],
    },
  },
];
