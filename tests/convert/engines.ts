/** Schemas converted on real servers. */

import { ENGINES } from "../../src/engines/all.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { type Converted, convertSnapshot } from "../../src/pipeline/convert/convert_snapshot.ts";
import { inspect } from "../../src/pipeline/scratch/snapshot.ts";
import { findPrograms } from "../../src/runtimes/mysql_server/program.ts";
import type { ScratchDatabase, Server } from "../../src/runtimes/runtime.ts";
import { Bench, load, sourcesOf } from "../../scripts/corpus/bench.ts";

const programs = await findPrograms();

/** True where a dialect's server is not on this machine. */
export function isMissing(dialect: string): boolean {
  const isEmbedded = dialect === "postgres" || dialect === "sqlite";
  return !isEmbedded && !programs.some(({ family }) => family === dialect);
}

/** An engine by its name. */
export function engineOf(dialect: string): Engine {
  const engine = ENGINES.find((one) => one.dialect === dialect);
  if (engine === undefined) throw new Error(`There is no ${dialect}`);
  return engine;
}

/** Servers of two dialects, ended with the scope. */
export class Pair implements AsyncDisposable {
  readonly from: Bench;
  readonly to: Bench;

  constructor(from: string, to: string) {
    this.from = new Bench(engineOf(from));
    this.to = new Bench(engineOf(to));
  }

  /** What a schema becomes. */
  async convert(sql: string): Promise<Converted> {
    const project = await this.from.project();
    const server = await this.from.server(project, sourcesOf("", sql));
    await using database = await server.create();
    await load(project, database, sql);
    const snapshot = await inspect(project, database);
    const target = await this.to.project();
    const there = await this.#target();
    return await convertSnapshot(snapshot, this.from.engine, { project: target, server: there });
  }

  /** An empty database of each side; the first can hold what a script makes. */
  async databases(sql: string): Promise<
    { readonly source: ScratchDatabase; readonly target: ScratchDatabase }
  > {
    const server = await this.from.server(await this.from.project(), sourcesOf("", sql));
    return { source: await server.create(), target: await (await this.#target()).create() };
  }

  async #target(): Promise<Server> {
    return await this.to.server(await this.to.project(), sourcesOf("", ""));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.from.drop();
    await this.to.drop();
  }
}

/** A shop in each dialect: what every application has, as its dialect says it. */
export const SHOPS: Readonly<Record<string, string>> = {
  mysql: mysqlShop("KEY lower_email ((lower(email))),"),
  mariadb: mysqlShop(""),
  postgres: `
    CREATE TYPE role AS ENUM ('buyer', 'seller');
    CREATE TABLE users (
      id bigserial PRIMARY KEY,
      email varchar(190) NOT NULL UNIQUE,
      role role NOT NULL DEFAULT 'buyer',
      active boolean NOT NULL DEFAULT true,
      body text,
      price numeric(10,2) DEFAULT 0 CHECK (price >= 0),
      meta jsonb,
      created_at timestamptz NOT NULL DEFAULT now(),
      low text GENERATED ALWAYS AS (lower(email)) STORED
    );
    COMMENT ON COLUMN users.email IS 'mail';
    CREATE TABLE orders (
      id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
      user_id bigint NOT NULL REFERENCES users (id) ON DELETE CASCADE,
      parent_id int REFERENCES orders (id),
      placed date
    );
    CREATE INDEX active_users ON users (email) WHERE active;
    CREATE INDEX meta_words ON users USING gin (meta);
    CREATE VIEW sellers AS SELECT u.id, count(*) AS n FROM users u JOIN orders o ON o.user_id = u.id
      WHERE u.active AND u.email LIKE '%x' GROUP BY u.id;
    CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN NEW.created_at = now(); RETURN NEW; END $$;
    CREATE TRIGGER touched BEFORE UPDATE ON users FOR EACH ROW EXECUTE FUNCTION touch();
    CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1';`,
  sqlite: `
    CREATE TABLE users (
      id INTEGER PRIMARY KEY AUTOINCREMENT,
      email VARCHAR(190) NOT NULL COLLATE NOCASE UNIQUE,
      active BOOLEAN NOT NULL DEFAULT 1,
      body TEXT,
      price DECIMAL(10,2) DEFAULT 0 CHECK (price >= 0),
      created_at DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
      low TEXT GENERATED ALWAYS AS (lower(email)) VIRTUAL
    );
    CREATE TABLE orders (
      id INTEGER PRIMARY KEY,
      user_id INTEGER NOT NULL REFERENCES users ON DELETE CASCADE,
      parent_id INTEGER REFERENCES orders (id),
      placed DATE
    );
    CREATE INDEX active_users ON users (email) WHERE active;
    CREATE VIEW sellers AS SELECT u.id, count(*) n FROM users u JOIN orders o ON o.user_id = u.id
      WHERE u.active = 1 AND u.email LIKE '%x' GROUP BY u.id;
    CREATE TRIGGER touched AFTER UPDATE ON users BEGIN
      UPDATE users SET created_at = CURRENT_TIMESTAMP WHERE id = NEW.id;
    END;
    CREATE VIRTUAL TABLE words USING fts5(word);`,
};

function mysqlShop(index: string): string {
  return `
    CREATE TABLE users (
      id int unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
      email varchar(190) NOT NULL UNIQUE,
      role enum('buyer','seller') NOT NULL DEFAULT 'buyer',
      active tinyint(1) NOT NULL DEFAULT 1,
      body longtext,
      price decimal(10,2) DEFAULT 0.00,
      meta json,
      created_at timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
      low varchar(190) GENERATED ALWAYS AS (lower(email)) STORED,
      CHECK (price >= 0),
      KEY email_start (email(10)), ${index}
      FULLTEXT KEY words (body)
    ) COMMENT 'people';
    CREATE TABLE orders (
      id int NOT NULL AUTO_INCREMENT PRIMARY KEY,
      user_id int unsigned NOT NULL,
      parent_id int,
      placed date,
      FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
      FOREIGN KEY (parent_id) REFERENCES orders (id)
    );
    CREATE VIEW sellers AS SELECT u.id, count(*) n FROM users u JOIN orders o ON o.user_id = u.id
      WHERE u.active = 1 AND u.email LIKE '%x' GROUP BY u.id;
    CREATE TRIGGER lowered BEFORE INSERT ON users FOR EACH ROW SET NEW.email = lower(NEW.email);
    CREATE PROCEDURE nothing() SELECT 1;`;
}
